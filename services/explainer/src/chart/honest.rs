//! What a kind of chart would say that its figures do not bear: a course of things side by side, a total as
//! one of its own parts, per cents that are no parts of a whole, a series of which nothing is known.

mod hidden;
mod one;
mod parts;
mod units;
mod years;

use std::collections::HashSet;

use lockstep_gate::bundle::are_rates;
use lockstep_proto::manifest::{Cells, ChartKind};

use super::content::{Content, Figure, Item};
use super::{Undrawable, moments};
use hidden::check_hidden;
use one::check_one;
use parts::{check_parts, check_per_cents, check_rates, check_rows, check_series, check_shades};
use units::{check_measures, check_row_units, check_units};
pub(super) use units::{check_subtitle, own_unit, unit_of};
use years::are_uneven;
pub(super) use years::{check_years, is_year};

pub(super) fn check(kind: ChartKind, content: &Content) -> Result<(), Undrawable> {
    use ChartKind::{
        Area, Bar, Cards, Column, Compare, Donut, Flow, FullBar, FullColumn, Gantt, GroupedBar,
        GroupedColumn, Heat, Line, Range, Slope, SmallMultiples, StackedBar, StackedColumn,
    };
    // A heat table is a table: a month without figures may stand in it.
    if kind.cells() != Cells::Words && kind != Heat {
        check_gaps(content)?;
    }
    match kind {
        Line | Area => moments::check_course(content)?,
        Column | GroupedColumn | StackedColumn | FullColumn | SmallMultiples => {
            check_years(content)?;
            moments::check_columns(content)?;
        }
        Slope | Compare => check_slope(content, kind == Slope)?,
        // The rate of a part of a year may well stand beside that of a whole one.
        Bar | GroupedBar | StackedBar | FullBar | Donut | Range | Heat => {
            if !are_rates(&content.unit, &content.series) {
                check_years(content)?;
            }
        }
        Cards | Gantt | Flow => {}
    }
    if kind.cells() != Cells::Words {
        check_names(content)?;
    }
    if kind != Cards {
        check_units(content)?;
    }
    if kind.cells() != Cells::Words {
        check_row_units(kind == Cards, content)?;
        if kind != Cards {
            check_measures(content)?;
        }
    }
    if kind == Range {
        check_ends(content)?;
    }
    if kind == Heat {
        check_signs(content)?;
        check_shades(content)?;
    }
    if matches!(kind, Donut | StackedBar | StackedColumn | FullBar | FullColumn) {
        check_parts(kind == Donut, content)?;
    }
    if matches!(kind, Donut | StackedBar | StackedColumn) {
        check_rows(content)?;
    }
    if matches!(kind, StackedBar | StackedColumn | FullBar | FullColumn) {
        check_series(content)?;
    }
    if matches!(kind, Donut | FullBar | FullColumn) {
        check_rates(kind == Donut, content)?;
    }
    if matches!(kind, Donut | StackedBar | StackedColumn | FullBar | FullColumn) {
        check_one(kind, content)?;
    }
    if are_per_cents(content) {
        let is_full = matches!(kind, FullBar | FullColumn);
        let is_stacked = matches!(kind, StackedBar | StackedColumn);
        if is_full || is_stacked {
            check_per_cents(content, is_full)?;
        }
    }
    check_hidden(kind, content)
}

/// Whether the figures are shares already.
pub(super) fn are_per_cents(content: &Content) -> bool {
    let is_sign = |text: &str| text.contains(['%', '％']);
    is_sign(&content.unit) || content.series.iter().all(|name| is_sign(name))
}

/// Whether per cents are all parts of one whole.
pub(super) fn add_up<'f>(parts: impl Iterator<Item = &'f Figure>) -> bool {
    let (sum, rounding) = sum(parts);
    (sum - 100.0).abs() <= rounding
}

/// The sum of parts, and how far off it may be as each of them is rounded: half of what its last digit counts.
fn sum<'f>(parts: impl Iterator<Item = &'f Figure>) -> (f64, f64) {
    parts.fold((0.0, 1e-9), |(sum, rounding), part| {
        let decimals = part.text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let half = 0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX));
        part.value.map_or((sum, rounding), |value| (sum + value, rounding + half))
    })
}

fn check_gaps(content: &Content) -> Result<(), Undrawable> {
    let is_empty = |series: usize| content.rows.iter().all(|row| value(row, series).is_none());
    match (0..content.series.len()).find(|series| is_empty(*series)) {
        Some(series) => Err(of_series(
            content,
            series,
            [
                "没有一个数字，全是空缺；请从 value 中去掉该列",
                "has no figure, only gaps; leave it out of value",
            ],
        )),
        None => Ok(()),
    }
}

/// Two rows of one name: nobody knows which is which.
fn check_names(content: &Content) -> Result<(), Undrawable> {
    let mut known = HashSet::new();
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| !known.insert(row.label.trim())) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "与上面的一行同名，读者分不清；请合并或写明区别",
                "has the name of a row above, and nobody can tell them apart; join them or say how they differ",
            ],
        }),
        None => Ok(()),
    }
}

/// What is called the least is not more than what is called the most.
fn check_ends(content: &Content) -> Result<(), Undrawable> {
    const LEAST: [&str; 5] = ["最低", "最小", "最少", "最短", "下限"];
    const MOST: [&str; 5] = ["最高", "最大", "最多", "最长", "上限"];
    let says = |name: &str, words: &[&str]| words.iter().any(|word| name.contains(word));
    let [first, second] = content.series.as_slice() else { return Ok(()) };
    let is_rising = says(first, &LEAST) && says(second, &MOST);
    let is_falling = says(first, &MOST) && says(second, &LEAST);
    let is_wrong = |row: &Item| match (value(row, 0), value(row, 1)) {
        (Some(first), Some(second)) => {
            (is_rising && first > second) || (is_falling && first < second)
        }
        _ => false,
    };
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| is_wrong(row)) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "最低的数大于最高的数；请核对，是否写反了",
                "has a least figure that is more than its greatest; check whether they are exchanged",
            ],
        }),
        None => Ok(()),
    }
}

/// Shades go from little to much: below zero they would say the contrary of what is.
fn check_signs(content: &Content) -> Result<(), Undrawable> {
    let is_negative = |row: &Item| values(row).any(|value| value < 0.0);
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| is_negative(row)) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "有负数，热力表的深浅只分多少，看不出增减；请改用 grouped_bar，或写成表格",
                "has a negative figure: shades tell little from much and not rise from fall; use grouped_bar, or a table",
            ],
        }),
        None => Ok(()),
    }
}

/// Of two columns, one of what was and one of what is; in a slope, of two points in time.
fn check_slope(content: &Content, is_course: bool) -> Result<(), Undrawable> {
    match content.series.as_slice() {
        [first, second] if moments::are_reversed(first, second) => Err(Undrawable::Unfit([
            "前后两列写反了：value 中先写较早的一列",
            "the two columns are the wrong way round: name the earlier one first under value",
        ])),
        [first, second] if is_course && are_uneven(first, second) => Err(Undrawable::Unfit([
            "两列不一样长（一年与一个季度、半年等），斜线会显出并没有的涨跌；请用同样长的时段",
            "the two columns are not as long as each other (a year and a part of one), and the slope would show a rise \
                 or fall that was none; use periods of one length",
        ])),
        [first, second] if is_course && !moments::tell_times(first, second) => {
            Err(Undrawable::Unfit([
                "两列不是先后两个时点（如 2025年、2026年，改革前、改革后），斜线会把并列的类别说成变化；请改用 grouped_bar",
                "the two columns are no two points in time, and a slope would make a change of them; use grouped_bar",
            ]))
        }
        _ => Ok(()),
    }
}

fn value(row: &Item, series: usize) -> Option<f64> {
    row.cells.get(series).and_then(|cell| cell.value)
}

fn values(row: &Item) -> impl Iterator<Item = f64> {
    row.cells.iter().filter_map(|cell| cell.value)
}

fn of_series(content: &Content, series: usize, why: [&'static str; 2]) -> Undrawable {
    let name = content.series.get(series).cloned().unwrap_or_default();
    Undrawable::Series { name, why }
}
