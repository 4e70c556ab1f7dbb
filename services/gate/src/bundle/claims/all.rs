//! What a headline says of all: 各区均有增加, 四项指标全部上升, 四项合计.

use super::{
    Table,
    course::{Grid, named},
    scene::are_in_order,
    times::{are_times, count},
    trends::{direction, is_measured},
};
use crate::document::is_numeral;

/// 各区均有增加, where one falls.
pub(super) fn find_all(clause: &str, table: &Table) -> Option<String> {
    const ALL: [&str; 4] = ["所有", "各", "每个", "全部"];
    /// Not of all, or 平均.
    const NOT_ALL: [&str; 13] = [
        "除", "外", "大多", "多数", "其余", "其他", "其它", "部分", "半数", "平均", "人均", "年均",
        "均衡",
    ];
    let (at, word) =
        ["均", "都", "全部"].iter().find_map(|word| Some((clause.find(word)?, word)))?;
    let behind = clause.get(at + word.len()..)?;
    let behind =
        ["实现", "有所", "有", "在"].iter().find_map(|w| behind.strip_prefix(w)).unwrap_or(behind);
    let (what, falls) = direction(behind)?;
    let is_all =
        ALL.iter().any(|word| clause.get(..at).is_some_and(|before| before.contains(word)));
    let counted = clause.get(..at).and_then(counted);
    if !(is_all || counted.is_some()) || NOT_ALL.iter().any(|word| clause.contains(word)) {
        return None;
    }
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let series: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let grid = Grid::of(table);
    let (members, names) = match (are_times(&labels), are_in_order(&series)) {
        (true, false) => (grid.turned(), series),
        (false, true) => (grid, labels),
        _ => return None,
    };
    // 四项指标全部上升 of three would be others.
    if counted.is_some_and(|count| count != members.len()) {
        return None;
    }
    if members.len() < 2
        || !named(clause, &names).is_empty()
        || (counted.is_none() && !is_measured(clause, what, &[]))
    {
        return None;
    }
    let goes = |from: f64, to: f64| if falls { to < from } else { to > from };
    let is_so = |member: usize| {
        let known: Vec<f64> =
            members.line(member).unwrap_or_default().iter().flatten().copied().collect();
        match known.as_slice() {
            // Since the first, or since the last time.
            [first, .., before, last] => goes(*first, *last) || goes(*before, *last),
            [first, last] => goes(*first, *last),
            _ => true,
        }
    };
    (!(0..members.len()).all(is_so)).then(|| clause.to_owned())
}

/// How many a text begins with: 四项指标, 三类家庭.
fn counted(text: &str) -> Option<usize> {
    const MEASURES: [char; 10] = ['项', '类', '种', '个', '区', '县', '市', '镇', '家', '所'];
    let (at, _) = text.char_indices().find(|(_, c)| MEASURES.contains(c))?;
    let numeral = text.get(..at)?;
    numeral.chars().all(|c| is_numeral(c) || c == '两').then(|| count(numeral)).flatten()
}

/// 四项用途合计 over three rows.
pub(super) fn find_total(clause: &str, table: &Table) -> Option<String> {
    const TOTAL: [&str; 3] = ["合计", "共计", "总计"];
    let (at, word) = TOTAL.iter().find_map(|word| Some((clause.find(word)?, word)))?;
    let before = clause.get(..at)?;
    let mut signs = before.char_indices().rev().take(6);
    let (thing, _) = signs.find(|(_, c)| ['项', '类', '种'].contains(c))?;
    let count = count(before.get(..thing)?)?;
    let most = table.rows.len().max(table.series.len());
    (count > most).then(|| clause.get(..at + word.len()).unwrap_or(clause).to_owned())
}
