//! What several times have together, where a headline says which: 2022—2024年累计投入48亿元, 前三季度办件2890件, and 二季度 of
//! months.

use super::{
    Table, clause_of,
    figures::Figure,
    quarters,
    scene::are_in_order,
    times::{are_times, count, is_said, short, stretch},
};

/// What is reckoned otherwise, or of other times.
const OTHERWISE: [&str; 30] = [
    "均", "比", "较", "增", "减", "升", "降", "涨", "跌", "多", "少", "高", "低", "占", "超", "幅",
    "速", "差", "率", "除", "外", "同期", "上年", "去年", "以来", "起", "连续", "其中", "每", "最",
];
const TOGETHER: [&str; 5] = ["累计", "合计", "共", "总", "总计"];

/// Every figure that may be said of them; nothing, where the clause says none, or more than that.
pub(super) fn values(words: &str, figure: &Figure, table: &Table) -> Option<Vec<f64>> {
    let clause = clause_of(words, figure.range.start);
    let before = words.get(..figure.range.start)?;
    let before = before.rsplit(['，', ',', '；', '。', '：', ':']).next()?;
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let mut plain = clause.to_owned();
    for name in names.iter().filter(|name| name.chars().count() > 1) {
        plain = plain.replace(name, "");
    }
    if figure.unit.is_none_or(|unit| unit.is_share)
        || !are_times(&labels)
        || are_in_order(&names)
        || OTHERWISE.iter().any(|word| plain.contains(word))
    {
        return None;
    }
    let columns = |from: usize, to: usize| -> Option<Vec<Vec<f64>>> {
        let rows = table.rows.get(from..=to)?;
        let column = |at: usize| rows.iter().map(|row| row.cells.get(at)?.value).collect();
        (0..names.len()).map(column).collect()
    };
    let sums = |columns: &[Vec<f64>]| -> Vec<f64> {
        let sums: Vec<f64> = columns.iter().map(|column| column.iter().sum()).collect();
        let all = sums.iter().sum();
        sums.into_iter().chain([all]).collect()
    };
    if let Some((from, to)) = stretch(before, &labels) {
        let is_together = TOGETHER.iter().any(|word| plain.contains(word));
        return is_together.then(|| columns(from, to)).flatten().map(|columns| sums(&columns));
    }
    let said: Vec<usize> = (0..labels.len())
        .filter(|at| labels.get(*at).is_some_and(|l| is_said(before, l)))
        .collect();
    if let [one] = said.as_slice() {
        return is_bare(before, labels.get(*one)?, &names)
            .then(|| columns(*one, *one))
            .flatten()
            .map(|c| sums(&c));
    }
    if !said.is_empty() {
        return None;
    }
    if let Some(to) = first_of_year(before, &labels) {
        let columns = columns(0, to)?;
        // Of what is left at the end of a time the last one counts.
        let last = columns.iter().filter_map(|column| column.last().copied()).collect::<Vec<_>>();
        let whole = last.iter().sum();
        return Some(sums(&columns).into_iter().chain(last).chain([whole]).collect());
    }
    quarters::values(before, table)
}

/// Whether nothing but one time and what is measured leads to a figure: 二季度办件970件.
fn is_bare(before: &str, label: &str, names: &[&str]) -> bool {
    const LEADS: [&str; 8] = ["", "为", "达", "达到", "共", "完成", "办理", "全年"];
    let name = short(label);
    let names_of_time = [label, name, name.trim_start_matches('第')];
    let mut rest = before.trim_start_matches(['，', ',']).to_owned();
    for name in names_of_time.iter().filter(|name| !name.is_empty()) {
        rest = rest.replacen(name, "", 1);
    }
    let mut rest = rest.trim_start_matches('年').to_owned();
    for name in names {
        rest = rest.replacen(name, "", 1).replacen(name.trim_end_matches(['量', '数']), "", 1);
    }
    LEADS.contains(&rest.as_str())
}

/// The last of the times that 前三季度 or 上半年 has, where those that are drawn begin with a year.
fn first_of_year(before: &str, labels: &[&str]) -> Option<usize> {
    let first = labels.first()?;
    let (each, first_name) = if first.ends_with("季度") {
        (4, ["第一季度", "一季度"])
    } else {
        (12, ["1月", "01月"])
    };
    let begins = first_name.iter().any(|name| {
        first
            .strip_suffix(name)
            .is_some_and(|year| !year.ends_with(|c: char| c.is_ascii_digit() || c == '十'))
    });
    // Of two years nobody knows which.
    if !begins || labels.len() > each {
        return None;
    }
    let length = if before.contains("上半年") {
        each / 2
    } else {
        let (_, behind) = before.split_once('前')?;
        let end = if each == 4 { "季度" } else { "个月" };
        let numeral = behind.get(..behind.find(end)?)?.trim_end_matches('个');
        count(numeral).filter(|_| !numeral.is_empty())?
    };
    let last = length.checked_sub(1)?;
    (last > 0 && last < labels.len()).then_some(last)
}
