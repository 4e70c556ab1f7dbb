//! Claims that need no reckoning: of a year that is not in the data, of a rise where a signed change or the course of
//! the one that is named says a fall.

use super::{
    FALLS, RISES, Table,
    amount::is_negated,
    course::named,
    times::{are_times, year},
};

/// The first claim that the figures contradict, as it is written.
pub(super) fn find(headline: &str, table: &Table) -> Option<String> {
    let mut clauses = headline.split(['，', ',', '；', '。', '：', ':']);
    clauses.find_map(|clause| {
        let found = other_year(clause, table)
            .or_else(|| other_sign(clause, table))
            .or_else(|| other_course(clause, table));
        found.map(str::to_owned)
    })
}

/// 2026年最多, where the years are 2021 to 2025.
fn other_year<'c>(clause: &'c str, table: &Table) -> Option<&'c str> {
    const RANKS: [&str; 10] =
        ["最多", "最高", "最低", "最少", "最大", "最小", "最长", "最短", "居首", "第一"];
    // 2026年最多可领500元 is a rule.
    if !RANKS.iter().any(|rank| clause.ends_with(rank)) {
        return None;
    }
    let Table { series, rows } = table;
    let names = || rows.iter().map(|row| &row.label).chain(series);
    let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
    let heads: Vec<&str> = series.iter().map(String::as_str).collect();
    if !are_times(&labels) && !are_times(&heads) {
        return None;
    }
    clause.match_indices('年').find_map(|(at, sign)| {
        let from = at.checked_sub(4)?;
        let said = clause.get(from..at + sign.len())?;
        let digits = said.strip_suffix('年')?;
        let before = clause.get(..from)?;
        let is_other = year(digits).is_some() && !names().any(|name| name.contains(digits));
        let is_bound =
            before.ends_with(|c: char| c.is_ascii_digit() || "—-–至到比较从由自".contains(c));
        let goes_on =
            clause.get(at + sign.len()..)?.starts_with(['以', '至', '到', '—', '-', '起']);
        (is_other && !is_bound && !goes_on).then_some(said)
    })
}

/// 西河街道增加60人, where its 增减 is −60.
fn other_sign<'c>(clause: &'c str, table: &Table) -> Option<&'c str> {
    const CHANGES: [&str; 5] = ["增减", "变化", "变动", "净增", "净变"];
    let [name] = table.series.as_slice() else { return None };
    if !CHANGES.iter().any(|word| name.contains(word)) {
        return None;
    }
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let [at]: [usize; 1] = named(clause, &labels).try_into().ok()?;
    let value = table.rows.get(at)?.cells.first()?.value?;
    let (rises, falls) = said(clause)?;
    let is_wrong = (rises && value < 0.0) || (falls && value > 0.0);
    is_wrong.then_some(clause)
}

/// 西河街道学位增加, where its figures fall from the first to the last: of a series over time, or of a row of two times.
fn other_course<'c>(clause: &'c str, table: &Table) -> Option<&'c str> {
    // A figure, a time or another one is read elsewhere.
    const OTHERS: [&str; 13] =
        ["比", "后", "前", "先", "再", "年", "月", "季", "期", "均", "速", "幅", "占"];
    let is_more =
        clause.contains(|c: char| c.is_ascii_digit() || "一二两三四五六七八九十半".contains(c));
    // 增加公办学位 is what is to be done.
    let is_told = RISES.iter().chain(&FALLS).any(|word| clause.ends_with(word));
    if !is_told || is_more || OTHERS.iter().any(|word| clause.contains(word)) {
        return None;
    }
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let heads: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let values: Vec<f64> = if are_times(&labels) && heads.len() > 1 {
        let [at]: [usize; 1] = named(clause, &heads).try_into().ok()?;
        table.rows.iter().filter_map(|row| row.cells.get(at)?.value).collect()
    } else if are_times(&heads) && heads.len() == 2 {
        let [at]: [usize; 1] = named(clause, &labels).try_into().ok()?;
        table.rows.get(at)?.cells.iter().filter_map(|cell| cell.value).collect()
    } else {
        return None;
    };
    let (rises, falls) = said(clause)?;
    let goes = |pair: &[f64]| match pair {
        [from, to] => (rises && to >= from) || (falls && to <= from),
        _ => false,
    };
    // Any step that goes as is said may be meant.
    (values.len() > 1 && !values.windows(2).any(goes)).then_some(clause)
}

/// Whether a clause says a rise, or a fall; none where it says both, neither, or denies it.
fn said(clause: &str) -> Option<(bool, bool)> {
    let has = |words: &[&str]| {
        words.iter().any(|word| clause.find(word).is_some_and(|at| !is_negated(clause, at)))
    };
    let denies = RISES
        .iter()
        .chain(&FALLS)
        .any(|word| clause.find(word).is_some_and(|at| is_negated(clause, at)));
    let (rises, falls) = (has(&RISES), has(&FALLS));
    (rises != falls && !denies).then_some((rises, falls))
}
