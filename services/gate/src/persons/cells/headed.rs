//! Numbers below headings that say what else they are: amounts, and the numbers of permits and cases.

use std::ops::Range;

use super::{
    super::{Doubt, Hit, numbers, whom},
    BYTES_MAX, Form, LABEL_MAX, Rows, bare, cell, is_parted, with_tables,
};
use crate::codes;

/// Endings of what heads a column of amounts.
const AMOUNTS: [&str; 12] = [
    "额",
    "金额",
    "经费",
    "资金",
    "收入",
    "支出",
    "产值",
    "总数",
    "人数",
    "数量",
    "用电量",
    "电量",
];
/// What amounts are counted in, behind a heading or 单位：.
const UNITS: [&str; 12] =
    ["元", "万元", "亿元", "千瓦时", "度", "吨", "公斤", "立方米", "平方米", "公里", "人次", "户"];
/// Lines between 单位：元 and its table at most.
const LINES_MAX: usize = 3;

/// A mobile number in a column of amounts, and an identity number in one of permits' numbers, may be such ones.
pub(in super::super) fn weigh(text: &str, form: Form, hits: &mut [Hit]) {
    with_tables(text, form, hits, |rows, within| {
        let first = rows.iter().flatten().next().map_or(0, |range| range.start);
        if is_parted(text, form, rows) {
            let are_amounts = is_counted(text.get(..first).unwrap_or_default());
            weigh_table(text, rows, are_amounts, within);
        }
    });
}

fn weigh_table(text: &str, rows: &Rows, are_amounts: bool, hits: &mut [&mut Hit]) {
    // A title over the table has one cell.
    let is_filled = |range: &&Range<usize>| cell(text, range).contains(char::is_alphanumeric);
    let heads = rows.iter().find(|row| row.iter().filter(is_filled).count() > 1);
    let heads: Vec<String> = heads.into_iter().flatten().map(|range| label(text, range)).collect();
    let mut hits = hits.iter_mut().peekable();
    for row in rows {
        for (at, range) in row.iter().enumerate() {
            let head = heads.get(at).map_or("", String::as_str);
            while hits.next_if(|hit| hit.range.start < range.start).is_some() {}
            while let Some(hit) = hits.next_if(|hit| hit.range.end <= range.end) {
                let is_other = hit.doubt.is_none()
                    && if hit.code.id == codes::MOBILE.id {
                        heads_amounts(head, are_amounts)
                    } else {
                        hit.code.id == codes::ID_CARD.id && numbers::says_code(head)
                    };
                if is_other {
                    **hit = hit.clone().doubted(Some(Doubt::Likeness));
                }
            }
        }
    }
}

fn label(text: &str, range: &Range<usize>) -> String {
    let cell = cell(text, range);
    let label = if cell.len() <= BYTES_MAX { bare(cell) } else { String::new() };
    if label.chars().count() <= LABEL_MAX { label } else { String::new() }
}

/// 金额（元）, 用电量（千瓦时）, 补贴金额; where the table is said to be one of amounts, all that heads no
/// telephones and no persons.
fn heads_amounts(head: &str, are_amounts: bool) -> bool {
    let is_other = whom::names_line(head)
        || ["联系", "电话", "手机", "号", "微信", "备注", "人员", "负责"]
            .iter()
            .any(|word| head.contains(word));
    let (name, unit) = head
        .strip_suffix(['）', ')'])
        .and_then(|head| head.rsplit_once(['（', '(']))
        .unwrap_or((head, ""));
    let is_amount = (are_amounts && !whom::heads_persons(head))
        || UNITS.contains(&unit)
        || AMOUNTS.iter().any(|end| name.ends_with(end));
    !head.is_empty() && !is_other && is_amount
}

/// Whether 单位：元 stands right above a table.
fn is_counted(before: &str) -> bool {
    let mut lines =
        before.lines().rev().map(str::trim).filter(|line| !line.trim_matches('|').is_empty());
    let said = lines.by_ref().take(LINES_MAX).next().unwrap_or_default();
    let said: String = said.chars().rev().take(LABEL_MAX).filter(|c| !c.is_whitespace()).collect();
    let said: String = said.chars().rev().collect();
    let unit = said.rsplit_once(['：', ':']).filter(|(label, _)| label.ends_with("单位"));
    unit.is_some_and(|(_, unit)| UNITS.contains(&unit.trim_end_matches(['）', ')', '*', '。'])))
}
