//! Months as quarters: 二季度翻番 of a chart that draws months is said of three of them together.

use super::{
    super::Cell,
    Change, Row, Table,
    spans::Spans,
    times::{is_said, year},
};
use crate::bundle::claims::words::numbers;

/// Whether a change that a clause says of quarters is borne out; none where it is of others, or no months are drawn.
pub(super) fn bear_out(
    change: &Change,
    (headline, clause): (&str, &str),
    table: &Table,
) -> Option<bool> {
    /// Of other years, or of who knows how many of them.
    const OTHERS: [&str; 10] =
        ["同比", "同期", "上年", "去年", "前", "近", "连续", "季均", "半年", "以来"];
    if !clause.contains("季度") || OTHERS.iter().any(|word| clause.contains(word)) {
        return None;
    }
    // What is counted is added up; of what is left at the end of a month the last one counts.
    let readings = [of(table, sum)?, of(table, last)?];
    Some(
        readings
            .iter()
            .any(|quarters| Spans::meant(quarters, headline, clause).bear_out(change, quarters)),
    )
}

/// What the one quarter that a text names has together, or at its end; where it says so, from the first month on: 二季度末
/// 累计.
pub(super) fn values(before: &str, table: &Table) -> Option<Vec<f64>> {
    const UNTIL: [&str; 6] = ["累计", "截至", "末", "底", "止", "前"];
    let readings = [of(table, sum)?, of(table, last)?];
    let labels = |quarters: &Table| -> Vec<String> {
        quarters.rows.iter().map(|row| row.label.clone()).collect()
    };
    let labels = labels(&readings[0]);
    let mut said = labels.iter().enumerate().filter(|(_, label)| is_said(before, label));
    let (Some((at, _)), None) = (said.next(), said.next()) else { return None };
    let is_until = UNTIL.iter().any(|word| before.contains(word));
    let from = if is_until { 0 } else { at };
    let mut values = vec![];
    for (quarters, from) in [(&readings[0], from), (&readings[1], at)] {
        let rows = quarters.rows.get(from..=at)?;
        let column =
            |one: usize| rows.iter().map(|row| row.cells.get(one)?.value).sum::<Option<f64>>();
        let columns: Vec<f64> = (0..table.series.len()).map(column).collect::<Option<_>>()?;
        values.push(columns.iter().sum());
        values.extend(columns);
    }
    Some(values)
}

/// How far two quarters that a clause names lie apart: 二季度比一季度多900件.
pub(super) fn differences(clause: &str, table: &Table) -> Vec<f64> {
    let of = |reckon| -> Option<Vec<f64>> {
        let quarters = of(table, reckon)?;
        let said: Vec<&Row> =
            quarters.rows.iter().filter(|row| is_said(clause, &row.label)).collect();
        let [from, to] = said.as_slice() else { return None };
        let by = |(from, to): (&Cell, &Cell)| Some(to.value? - from.value?);
        let each: Vec<f64> = from.cells.iter().zip(&to.cells).filter_map(by).collect();
        let all = each.iter().sum();
        Some(each.into_iter().chain([all]).collect())
    };
    [of(sum), of(last)].into_iter().flatten().flatten().collect()
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn last(values: &[f64]) -> f64 {
    values.last().copied().unwrap_or(0.0)
}

/// The whole quarters of a table whose rows are months, where there are two or more.
fn of(table: &Table, reckon: fn(&[f64]) -> f64) -> Option<Table> {
    const NAMES: [&str; 4] = ["第一季度", "第二季度", "第三季度", "第四季度"];
    let months: Vec<(u32, usize)> =
        table.rows.iter().map(|row| month(&row.label)).collect::<Option<_>>()?;
    let mut rows: Vec<Row> = vec![];
    for (chunk, own) in months.chunk_by(|a, b| quarter(*a) == quarter(*b)).scan(0, |at, chunk| {
        let from = *at;
        *at += chunk.len();
        Some((chunk, table.rows.get(from..*at)?))
    }) {
        let [(year, month), _, _] = chunk else { continue };
        let name = NAMES.get((month - 1) / 3)?;
        let label = if *year > 0 { format!("{year}年{name}") } else { (*name).to_owned() };
        let cell = |at: usize| {
            let values: Vec<f64> = own.iter().filter_map(|row| row.cells.get(at)?.value).collect();
            let value = (values.len() == own.len()).then(|| reckon(&values));
            Cell { text: value.map(|value| value.to_string()).unwrap_or_default(), value }
        };
        rows.push(Row { label, cells: (0..table.series.len()).map(cell).collect() });
    }
    (rows.len() > 1).then(|| Table { series: table.series.clone(), rows })
}

fn quarter((year, month): (u32, usize)) -> (u32, usize) {
    (year, (month - 1) / 3)
}

/// 2026 and 3 of 2026年3月, 0 and 3 of 3月.
fn month(label: &str) -> Option<(u32, usize)> {
    let rest = label.trim_end_matches('份').strip_suffix('月')?;
    let rest = match year(label) {
        Some(_) => rest.split_once('年')?.1,
        None => rest,
    };
    let [(0, end, number)] = <[_; 1]>::try_from(numbers(rest)).ok()? else { return None };
    let is_month = end == rest.len() && (1..=12).contains(&number);
    is_month.then(|| (year(label).unwrap_or(0), number))
}
