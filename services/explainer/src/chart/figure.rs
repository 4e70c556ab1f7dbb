//! Figures as people read them.

use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;

/// Thousands apart, a true minus, decimals as the data has them.
pub(crate) fn grouped(text: &str) -> String {
    let plain = text.replace(',', "");
    // A card of per cents carries its sign.
    let digits = plain.trim_end_matches(|c: char| !c.is_ascii_digit());
    let (plain, behind) = plain.split_at_checked(digits.len()).unwrap_or((&plain, ""));
    let (sign, digits) = match plain.strip_prefix(['-', '−']) {
        Some(digits) => ("−", digits),
        None => ("", plain.trim_start_matches('+')),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (digits, String::new()),
    };
    // Nothing is not less than nothing.
    let sign = if digits.contains(|c: char| matches!(c, '1'..='9')) { sign } else { "" };
    let length = whole.chars().count();
    let whole: String = whole
        .chars()
        .enumerate()
        .flat_map(|(index, digit)| {
            let is_apart = index > 0 && (length - index).is_multiple_of(3);
            is_apart.then_some(',').into_iter().chain([digit])
        })
        .collect();
    format!("{sign}{whole}{fraction}{behind}")
}

/// A name without the chart's own unit in brackets behind it, which the chart says already: 人数（万人）.
pub(crate) fn without_unit<'n>(name: &'n str, unit: &str) -> &'n str {
    let closed = |marks: [char; 2]| {
        let [open, close] = marks;
        let inner = name.trim_end().strip_suffix(close)?.strip_suffix(unit)?;
        let inner = inner.strip_suffix("单位：").unwrap_or(inner);
        inner.strip_suffix(open).map(str::trim_end).filter(|name| !name.is_empty())
    };
    let bare = [['（', '）'], ['(', ')']].into_iter().find_map(closed);
    bare.filter(|_| !unit.is_empty()).unwrap_or(name)
}

/// The sum of figures, with as many decimals as the one that has most.
pub(super) fn sum<'t>(
    values: impl Iterator<Item = f64>,
    texts: impl Iterator<Item = &'t str>,
) -> String {
    let decimals = texts.map(decimals).max().unwrap_or(0);
    grouped(&format!("{:.decimals$}", values.sum::<f64>()))
}

fn decimals(text: &str) -> usize {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    fraction.chars().take_while(char::is_ascii_digit).count()
}

/// Shares of a whole in tenths of a per cent that add up to 100 % (largest remainder): each is rounded
/// down, and what is lacking goes to those that lost most, the earlier of two alike. None where there is
/// no whole to have a share of.
pub(super) fn shares(values: &[f64]) -> Option<Vec<u32>> {
    const WHOLE: u32 = 1000;
    let sum: f64 = values.iter().sum();
    if !sum.is_finite() || sum <= 0.0 || values.iter().any(|value| *value < 0.0) {
        return None;
    }
    let exact: Vec<f64> = values.iter().map(|value| value / sum * f64::from(WHOLE)).collect();
    let mut shares: Vec<u32> = exact.iter().map(|share| floor(*share)).collect();
    let mut by_loss: Vec<usize> = (0..values.len()).collect();
    by_loss.sort_by(|a, b| {
        let loss = |i: &usize| exact.get(*i).map_or(0.0, |share| share.fract());
        loss(b).total_cmp(&loss(a)).then(a.cmp(b))
    });
    let lacking = WHOLE.saturating_sub(shares.iter().sum());
    for index in by_loss.into_iter().take(usize::try_from(lacking).unwrap_or(0)) {
        if let Some(share) = shares.get_mut(index) {
            *share += 1;
        }
    }
    Some(shares)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a thousand; the cast saturates"
)]
fn floor(share: f64) -> u32 {
    share.floor() as u32
}

/// Tenths of a per cent: `36.0%`.
fn per_cent(tenths: u32) -> String {
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// The same for a value that the share is of: what is there is not said to be nothing, nor what is not all
/// to be all.
pub(super) fn share_of(tenths: u32, value: f64, sum: f64) -> String {
    match tenths {
        0 if value > 0.0 => "<0.1%".to_owned(),
        0 => "0%".to_owned(),
        1000.. if value < sum => ">99.9%".to_owned(),
        1000.. => "100%".to_owned(),
        _ => per_cent(tenths),
    }
}

/// The shares that a kind prints, for each cell of a table; none where it prints none, or where the figures are
/// shares themselves.
pub(crate) fn shares_of(kind: ChartKind, unit: &str, table: &Table) -> Vec<Vec<Option<String>>> {
    let value = |cell: &Cell| cell.value.unwrap_or(0.0);
    let said = |values: Vec<f64>| -> Vec<Option<String>> {
        let sum = values.iter().sum();
        let Some(shares) = shares(&values) else { return vec![None; values.len()] };
        shares.into_iter().zip(values).map(|(tenths, of)| Some(share_of(tenths, of, sum))).collect()
    };
    let is_share = are_shares(unit, table);
    if matches!(kind, ChartKind::FullBar | ChartKind::FullColumn) && !is_share {
        table.rows.iter().map(|row| said(row.cells.iter().map(value).collect())).collect()
    } else if kind == ChartKind::Donut && !is_share {
        let first = table.rows.iter().map(|row| row.cells.first().map_or(0.0, value));
        said(first.collect()).into_iter().map(|share| vec![share]).collect()
    } else {
        table.rows.iter().map(|row| vec![None; row.cells.len()]).collect()
    }
}

/// The sums that a picture writes beside its parts, which no table has: of each row where these are stacked, of all in
/// the middle of a ring.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sums {
    pub(crate) rows: Vec<String>,
    pub(crate) whole: Option<String>,
}

/// What words and tables call them.
const TOTAL: &str = "合计";

impl Sums {
    pub(crate) fn of(kind: ChartKind, unit: &str, table: &Table) -> Self {
        let of = |cells: &mut dyn Iterator<Item = &Cell>| {
            let cells: Vec<&Cell> = cells.collect();
            sum(cells.iter().filter_map(|cell| cell.value), cells.iter().map(|c| c.text.as_str()))
        };
        let is_stacked = matches!(kind, ChartKind::StackedBar | ChartKind::StackedColumn);
        // Rounded per cents of a ring come to 100.1 at times.
        let is_ring = kind == ChartKind::Donut && !are_shares(unit, table);
        let rows = table.rows.iter().filter(|_| is_stacked && table.series.len() > 1);
        Self {
            rows: rows.map(|row| of(&mut row.cells.iter())).collect(),
            whole: is_ring.then(|| of(&mut table.rows.iter().flat_map(|row| &row.cells))),
        }
    }

    /// The same table with a column, or a row, for them.
    pub(crate) fn beside(self, table: &Table) -> Table {
        let mut table = table.clone();
        let cell = |text| Cell { text, value: None };
        if !self.rows.is_empty() {
            table.series.push(TOTAL.to_owned());
        }
        for (row, sum) in table.rows.iter_mut().zip(self.rows) {
            row.cells.push(cell(sum));
        }
        let whole = self.whole.map(|sum| Row { label: TOTAL.to_owned(), cells: vec![cell(sum)] });
        table.rows.extend(whole);
        table
    }
}

/// Whether figures are per cents themselves.
fn are_shares(unit: &str, table: &Table) -> bool {
    let is_sign = |text: &str| text.contains(['%', '％']);
    is_sign(unit) || !table.series.is_empty() && table.series.iter().all(|name| is_sign(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_as_people_read_them() {
        for (given, expected) in [
            ("63897.16", "63,897.16"),
            ("-1234567", "−1,234,567"),
            ("12", "12"),
            ("1,000", "1,000"),
            ("-0", "0"),
            ("−0.00", "0.00"),
            ("-0.05", "−0.05"),
            ("-1200%", "−1,200%"),
        ] {
            assert_eq!(grouped(given), expected);
        }
    }

    #[test]
    fn shares_add_up_and_nearly_none_is_moved() {
        let sum = |values: &[f64]| shares(values).map(|shares| shares.iter().sum::<u32>());
        for values in [&[46.1, 34.6, 19.2, 14.1, 9.0, 5.0][..], &[1.0; 3], &[1.0; 7], &[0.0, 5.0]] {
            assert_eq!(sum(values), Some(1000), "{values:?}");
        }
        assert_eq!(shares(&[1.0; 3]), Some(vec![334, 333, 333]));
        assert_eq!(shares(&[0.0, 0.0]), None);
        assert_eq!(shares(&[-1.0, 2.0]), None);
        assert_eq!(shares(&[f64::MAX, f64::MAX]), None);
        assert_eq!(per_cent(334), "33.4%");
        let small = [1.0, 99_999.0, 0.0];
        let said: Vec<String> = shares(&small)
            .unwrap_or_default()
            .into_iter()
            .zip(small)
            .map(|(tenths, value)| share_of(tenths, value, small.iter().sum()))
            .collect();
        assert_eq!(said, ["<0.1%", ">99.9%", "0%"]);
        assert_eq!(share_of(1000, 5.0, 5.0), "100%");
    }

    #[test]
    fn a_sum_has_the_decimals_of_its_parts() {
        assert_eq!(sum([1.5, 2.25].into_iter(), ["1.5", "2.25"].into_iter()), "3.75");
        assert_eq!(sum([1000.0, 200.0].into_iter(), ["1,000", "200"].into_iter()), "1,200");
    }
}
