//! A rank of one that is not drawn, by a name that is a sign off from one that is: 西城街道最多 beside 西河街道.

use super::{Table, scene::clauses};

const RANKS: [&str; 11] =
    ["最多", "最高", "最大", "最长", "最少", "最低", "最小", "最短", "居首", "第一", "垫底"];
/// How members of a kind end.
const ENDS: [&str; 11] =
    ["街道", "社区", "小学", "中学", "医院", "区", "县", "市", "镇", "乡", "村"];
/// Parts of a place and kinds of them are no names: 东部街道, 城区街道, 主城区, 两街道.
const NO_NAMES: &str = "主部片区域线郊侧岸面方老新各个等类两三四五六七八九十几多该本全";

/// The first such claim, as it is written.
pub(super) fn find(headline: &str, table: &Table) -> Option<String> {
    let names: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let end = ENDS.iter().find(|end| names.iter().all(|name| name.ends_with(**end)))?;
    clauses(headline).into_iter().find(|clause| is_of_none(clause, &names, end)).map(str::to_owned)
}

fn is_of_none(clause: &str, names: &[&str], end: &str) -> bool {
    let clause = clause.strip_prefix("其中").unwrap_or(clause);
    let is_rank = RANKS.iter().any(|rank| clause.ends_with(rank));
    let Some((stem, _)) = clause.split_once(end) else { return false };
    let is_named = names.iter().any(|name| clause.contains(name.trim_end_matches(end)));
    let signs: Vec<char> = stem.chars().collect();
    let is_near = |name: &&str| {
        let own: Vec<char> = name.trim_end_matches(end).chars().collect();
        let others = own.iter().zip(&signs).filter(|(a, b)| a != b).count();
        own.len() == signs.len() && own.len() > 1 && others == 1
    };
    // 中城区 is one of them, 中山区 is a name.
    let is_name = !stem.contains(|c| NO_NAMES.contains(c)) && stem != "中城";
    is_rank && is_name && !is_named && names.iter().any(is_near)
}
