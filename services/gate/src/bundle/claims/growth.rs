//! Series that are rates of growth themselves (增速, GDP增长率, 同比涨幅, in per cent): 增长5% is one of their figures
//! and no change between two of them.

use super::{
    Change, Course, Drawn, FALLS, RISES, Table,
    course::named,
    scene::clauses,
    times::{are_times, is_said},
};

/// How such series are called.
const NAMES: [&str; 9] = ["增长", "增速", "增幅", "涨幅", "升幅", "降幅", "跌幅", "同比", "环比"];
/// Their figures say how much it fell, with a sign or without.
const OF_FALLS: [&str; 2] = ["降幅", "跌幅"];

/// Whether a clause speaks of what is reckoned from the figures, and not drawn: 增速首次下降, 占比逐年提高.
pub(super) fn speaks_of_changes(clause: &str, table: &Table) -> bool {
    const GROWTHS: [&str; 4] = ["增速", "增幅", "涨幅", "降幅"];
    const OTHERS: [&str; 4] = ["占比", "比重", "差距", "增量"];
    let names = || table.rows.iter().map(|row| &row.label).chain(&table.series);
    let is_drawn = |words: &[&str]| names().any(|name| words.iter().any(|w| name.contains(w)));
    let mut others = OTHERS.iter().filter(|word| clause.contains(**word));
    (GROWTHS.iter().any(|word| clause.contains(word)) && !is_drawn(&NAMES))
        || others.any(|word| !is_drawn(&[word]))
}

/// A figure that is a rate of growth, and where it stands.
struct Rate {
    row: usize,
    series: usize,
    value: f64,
    /// 降幅3%: the figure may be written either way.
    is_fall: bool,
}

/// Whether a chart draws nothing but rates of growth.
pub(super) fn is_all(drawn: &Drawn<'_>) -> bool {
    let figures = drawn.table.rows.iter().flat_map(|row| &row.cells);
    let count = figures.filter(|cell| cell.value.is_some()).count();
    count > 0 && rates(drawn).len() == count
}

fn rates(drawn: &Drawn<'_>) -> Vec<Rate> {
    let table = drawn.table;
    let has_sign = |text: &str| text.contains(['%', '％']);
    let is_rate = |name: &str| {
        (has_sign(name) || has_sign(drawn.unit)) && NAMES.iter().any(|word| name.contains(word))
    };
    let falls = |name: &str| OF_FALLS.iter().any(|word| name.contains(word));
    let mut rates = vec![];
    for (at, row) in table.rows.iter().enumerate() {
        for (series, (cell, name)) in row.cells.iter().zip(&table.series).enumerate() {
            let Some(value) = cell.value.filter(|_| is_rate(&row.label) || is_rate(name)) else {
                continue;
            };
            let is_fall = falls(&row.label) || falls(name);
            rates.push(Rate { row: at, series, value, is_fall });
        }
    }
    rates
}

/// Whether a change that a clause says is one of these figures: nothing, where there are none, or others too.
pub(super) fn bear_out(change: &Change, clause: &str, drawn: &Drawn<'_>) -> Option<bool> {
    /// Over several points in time, reckoned who knows how.
    const TOGETHER: [&str; 4] = ["累计", "以来", "共", "总"];
    let is_rise = match change.course {
        Course::Rises => true,
        Course::Falls => false,
        // 同比提高3.6个百分点 may be a figure itself.
        Course::Points(falls) => {
            let (rows, series) = meant(clause, drawn.table);
            let sign = if falls { -1.0 } else { 1.0 };
            let is = |rate: &Rate| {
                rows.contains(&rate.row)
                    && series.contains(&rate.series)
                    && change.bound.holds(sign * rate.value, change.share, change.within)
            };
            return rates(drawn).iter().any(is).then_some(true);
        }
        Course::Either => return None,
    };
    let rates = rates(drawn);
    if rates.is_empty() {
        return None;
    }
    let (rows, series) = meant(clause, drawn.table);
    let is_meant = |rate: &&Rate| rows.contains(&rate.row) && series.contains(&rate.series);
    let holds = |value: f64| {
        let signed = if is_rise { value } else { -value };
        change.bound.holds(signed / 100.0, change.share, change.within)
    };
    let is_one = if clause.contains('均') {
        means(&rates).into_iter().any(holds)
    } else {
        let mut meant = rates.iter().filter(is_meant);
        TOGETHER.iter().any(|word| clause.contains(word))
            || meant.any(|rate| holds(rate.value) || (rate.is_fall && holds(-rate.value)))
    };
    // 收入 beside 增速 has a growth of its own.
    (is_one || is_all(drawn)).then_some(is_one)
}

/// The rows and columns that a clause names, or all.
fn meant(clause: &str, table: &Table) -> (Vec<usize>, Vec<usize>) {
    let of = |names: &[&str]| {
        let said: Vec<usize> = if are_times(names) {
            (0..names.len())
                .filter(|at| names.get(*at).is_some_and(|n| is_said(clause, n)))
                .collect()
        } else {
            named(clause, names)
        };
        if said.is_empty() { (0..names.len()).collect() } else { said }
    };
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    (of(&labels), of(&names))
}

/// The means of any stretch of each series, added up and compounded.
fn means(rates: &[Rate]) -> Vec<f64> {
    let width = rates.iter().map(|rate| rate.series + 1).max().unwrap_or(0);
    let column = |series: usize| -> Vec<f64> {
        rates.iter().filter(|rate| rate.series == series).map(|rate| rate.value).collect()
    };
    let mut means = vec![];
    for column in (0..width).map(column) {
        for from in 0..column.len() {
            let (mut sum, mut product, mut count) = (0.0, 1.0_f64, 0.0);
            for value in column.iter().skip(from) {
                sum += value;
                product *= 1.0 + value / 100.0;
                count += 1.0;
                means.extend([sum / count, (product.powf(1.0 / count) - 1.0) * 100.0]);
            }
        }
    }
    means
}

/// 4月同比下降, where its rate is above zero.
fn is_contrary(clause: &str, drawn: &Drawn<'_>) -> bool {
    let labels: Vec<&str> = drawn.table.rows.iter().map(|row| row.label.as_str()).collect();
    let Some((before, word)) = clause.split_once("同比").or_else(|| clause.split_once("环比"))
    else {
        return false;
    };
    let falls = FALLS.contains(&word);
    if before.is_empty() || !(falls || RISES.contains(&word)) || !are_times(&labels) {
        return false;
    }
    let (rows, series) = meant(before, drawn.table);
    let rates = rates(drawn);
    let own = rates.iter().filter(|r| rows.contains(&r.row) && series.contains(&r.series));
    // Of several times, or of one that is not named, any may be meant.
    let mut own = own.filter(|_| rows.len() == 1).peekable();
    own.peek().is_some()
        && own.all(|rate| !rate.is_fall && if falls { rate.value > 0.0 } else { rate.value < 0.0 })
}

/// 增速为-3.1%, where no figure is so far below zero.
pub(super) fn find_sign(headline: &str, drawn: &Drawn<'_>) -> Option<String> {
    if !is_all(drawn) {
        return None;
    }
    let rates = rates(drawn);
    if let Some(claim) = clauses(headline).into_iter().find(|clause| is_contrary(clause, drawn)) {
        return Some(claim.to_owned());
    }
    headline.match_indices(['-', '−']).find_map(|(at, sign)| {
        let before = headline.get(..at)?;
        let rest = headline.get(at + sign.len()..)?;
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, behind) = rest.split_at_checked(length)?;
        // 2021-2025, 1月-3月
        let is_range = before.ends_with(|c: char| c.is_ascii_digit() || "年月日季度%".contains(c));
        let said: f64 = digits.parse().ok().filter(|_| !is_range && behind.starts_with('%'))?;
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let within = 0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
        let is = |rate: &Rate| (rate.value + said).abs() <= within + 1e-9;
        let end = at + sign.len() + length + '%'.len_utf8();
        let is_wrong = !rates.iter().any(|rate| is(rate) || rate.is_fall);
        is_wrong.then(|| headline.get(at..end).unwrap_or(headline).to_owned())
    })
}
