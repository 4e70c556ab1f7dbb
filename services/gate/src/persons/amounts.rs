//! Eleven digits that count something: questionnaires, visits, yuan. They may well begin like a mobile number.

use super::numbers::{Candidate, is_labelled};

/// Whether a number is an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    No,
    /// A unit follows that may as well begin a name or another word: 张三, 部门.
    Likely,
    /// A unit that few other words begin with, and more words: 元补贴, 户籍.
    Unit,
    Sure,
}

/// Units that make it an amount whatever follows.
const UNITS: &str = "元万亿千百人户件吨个名只台套米度平立公亩%‰";
/// Units that other words begin with, and 张 that is a surname.
const COMMON_UNITS: &str = "张次份条项篇册本笔辆株头棵盒箱瓶袋枚颗粒桶页幅部例宗处所家座间栋艘架位批组对双课斤克升天字词步层级股票户床亩";
/// The same where two characters make it sure.
const PAIRS: [&str; 10] =
    ["人次", "件次", "辆次", "张次", "例次", "台次", "架次", "班次", "场次", "课时"];
/// Words right before a number that is counted.
const COUNTING: [&str; 16] = [
    "共", "共计", "计", "达", "达到", "约", "超", "超过", "逾", "近", "收到", "发放", "发出",
    "回收", "增加", "减少",
];
/// Endings of what is measured: 点击量, 金额, 总数.
const MEASURES: [&str; 9] = ["量", "额", "金额", "总数", "人数", "次数", "件数", "收入", "产值"];

impl Amount {
    /// By the unit or the currency beside it, and the words before.
    pub(super) fn of(candidate: &Candidate, words: &str) -> Self {
        let mut after = candidate.after().peekable();
        let mut is_below = false;
        while let Some(c) = after.next_if(|c| c.is_whitespace() || *c == '(') {
            is_below |= c == '\n';
        }
        let (unit, next) = (after.next(), after.next());
        // 收到问卷…张纸
        let is_told =
            COUNTING.iter().any(|word| word.len() > '共'.len_utf8() && words.contains(word));
        let is_counted = is_labelled(words, &COUNTING) || is_labelled(words, &MEASURES);
        let is_pair = unit
            .zip(next)
            .is_some_and(|(unit, next)| PAIRS.iter().any(|pair| pair.chars().eq([unit, next])));
        let has = |units: &str| unit.is_some_and(|c| units.contains(c));
        let is_large = has("万亿千百") && next.is_some_and(|c| UNITS.contains(c));
        let stands_alone = next.is_none_or(|c| !c.is_alphanumeric());
        let is_name = unit == Some('张') && !stands_alone && !is_told && !is_counted && !is_pair;
        let is_sure = stands_alone || is_counted || is_large;
        if candidate.before().next().is_some_and(|c| "¥￥$".contains(c)) {
            Self::Sure
        } else if (is_below && !is_told && !is_counted) || is_name {
            // What the next line begins with is another word, and 张三 a name.
            Self::No
        } else if is_below && (has(UNITS) || has(COMMON_UNITS)) {
            Self::Likely
        } else if is_pair || (is_sure && (has(UNITS) || has(COMMON_UNITS))) {
            Self::Sure
        } else if has(UNITS) {
            Self::Unit
        } else if has(COMMON_UNITS) || is_labelled(words, &MEASURES) {
            Self::Likely
        } else {
            Self::No
        }
    }
}
