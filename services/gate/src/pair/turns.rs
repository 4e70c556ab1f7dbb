//! Words that turn a sentence into another when their opposite is put in their place: 以上 and 以下, 年满 and 未满, 7月10日前 and
//! 后, 次月 and 当月, 每人每月 and 每户每年.

use super::figures::{Gap, bound_words};

/// On which line, and on which of its sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    axis: usize,
    side: usize,
    /// Of a bound, whether a bracket says that the figure itself is within: （含）, （不含）.
    is_within: Option<bool>,
}

/// A bound is the same whether or not it says if the figure itself is within.
impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        (self.axis, self.side) == (other.axis, other.side)
    }
}

impl Turn {
    /// 以上, 不超过, 30日内
    pub(super) fn is_bound(self) -> bool {
        [BOUND, BEHIND].contains(&self.axis)
    }

    /// 每月, 每户
    pub(super) fn is_rate(self) -> bool {
        RATES.contains(&self.axis)
    }

    /// 次月, 当月
    pub(super) fn is_order(self) -> bool {
        self.axis == ORDER
    }

    /// 提高, 减少
    pub(super) fn is_change(self) -> bool {
        self.axis == CHANGE
    }

    /// Whether both are of one line.
    pub(super) fn is_beside(self, other: Self) -> bool {
        self.axis == other.axis
    }

    /// Whether the one stands where the other does, and says something else.
    fn is_against(self, other: Self) -> bool {
        let are_apart = self.is_within.zip(other.is_within).is_some_and(|(one, two)| one != two);
        self.axis == other.axis && (self.side != other.side || are_apart)
    }
}

const ORDER: usize = 1;
const CHANGE: usize = 2;
/// The lines of what something is counted by, in time and by whom.
const RATES: [usize; 2] = [3, 4];

/// Lines, each with its sides, each with the words for it.
const AXES: [&[&[&str]]; 8] = [
    &[
        &[
            "不少于",
            "不低于",
            "不小于",
            "不短于",
            "不得少于",
            "不得低于",
            "不应少于",
            "不应低于",
            "不能少于",
            "不能低于",
            "至少",
            "最低",
            "最少",
            "最短",
            "年满",
            "已满",
            "满",
            "高于",
            "超过",
            "大于",
            "多于",
            "达到",
        ],
        &[
            "不超过",
            "不超出",
            "不高于",
            "不多于",
            "不大于",
            "不长于",
            "不得超过",
            "不得高于",
            "不得多于",
            "不应超过",
            "不应高于",
            "不能超过",
            "不能高于",
            "至多",
            "最高",
            "最多",
            "最长",
            "最大",
            "未超过",
            "没超过",
            "没有超过",
            "未满",
            "不满",
            "不足",
            "低于",
            "少于",
            "小于",
            "未达到",
            "没达到",
            "没有达到",
        ],
    ],
    &[
        &["次月", "下月"],
        &["当月", "本月"],
        &["上月"],
        &["次年", "翌年", "下年度", "下一年度", "次年度"],
        &["当年", "本年度", "当年度"],
        &["上年", "上年度", "上一年度", "前一年度", "去年"],
        &["次日"],
        &["当日", "当天"],
    ],
    &[
        &["提高", "提升", "上升", "增长", "增加", "上浮", "上调", "递增"],
        &["降低", "下降", "减少", "下浮", "下调", "递减"],
    ],
    &[
        &["每日", "每天"],
        &["每周"],
        &["每月", "每个月"],
        &["每季度", "每季"],
        &["每学期", "每个学期"],
        &["每年", "每年度", "每学年"],
        &["每次"],
        &["一次性"],
    ],
    &[
        &["每人", "每名", "每位"],
        &["每户", "每家"],
        &["每亩"],
        &["每公顷"],
        &["每平方米"],
        &["每平方公里"],
        &["每公斤"],
        &["每吨"],
        &["每班", "每个班"],
    ],
    &[&["月收入"], &["年收入"]],
    &[&["全额"], &["半额", "一半", "减半"]],
    &[&["含本数"], &["不含本数"]],
];

/// The first line.
const BOUND: usize = 0;
/// What stands right behind a figure and says on which side of it.
const BEHIND: usize = AXES.len();
const BEHIND_IT: [&[&str]; 3] =
    [&["以内", "之内", "内"], &["以前", "之前", "前"], &["以后", "之后", "后"]];
/// What is a bound only behind a figure or a level: 60周岁以上, 二级以上; in 以上条件 it is none.
const BOUNDS: [&[&str]; 2] = [&["以上", "及以上", "（含）以上"], &["以下", "及以下", "（含）以下"]];

fn sided() -> impl Iterator<Item = (&'static str, Turn)> {
    AXES.iter().enumerate().flat_map(|(axis, sides)| {
        let sides = sides.iter().enumerate();
        sides.flat_map(move |(side, words)| {
            words.iter().map(move |word| (*word, Turn { axis, side, is_within: None }))
        })
    })
}

/// All these words, and after them those of bounds that have no opposite here.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    sided().map(|(word, _)| word).chain(bound_words())
}

/// Whether a text has a word with an opposite.
pub(crate) fn has_turn(text: &str) -> bool {
    sided().any(|(word, _)| text.contains(word))
}

/// The word of this place among [`words`], if it has an opposite.
pub(super) fn get(index: usize) -> Option<(&'static str, Turn)> {
    sided().nth(index)
}

/// 内, 前, 后, 以上 or 以下 at the beginning of what stands behind a figure.
pub(super) fn behind_figure(rest: &str) -> Option<(&'static str, Turn)> {
    begins(rest, BEHIND, &BEHIND_IT).or_else(|| behind_level(rest))
}

/// The bound that stands behind such a gap, with its length and what a bracket in the gap says.
pub(super) fn behind_gap(rest: &str, gap: Gap) -> Option<(usize, &'static str, Turn)> {
    const MARKED: [[&str; 2]; 2] = [["（不含）以上", "（含）以上"], ["（不含）以下", "（含）以下"]];
    let (word, turn) = behind_figure(rest)?;
    let marked = gap.is_within.filter(|_| turn.axis == BOUND);
    let marked = marked.and_then(|is| MARKED.get(turn.side)?.get(usize::from(is)));
    let turn = Turn { is_within: gap.is_within, ..turn };
    Some((word.len(), marked.copied().unwrap_or(word), turn))
}

/// 以上 or 以下 at the beginning of what stands behind a level.
pub(super) fn behind_level(rest: &str) -> Option<(&'static str, Turn)> {
    begins(rest, BOUND, &BOUNDS)
}

fn begins(rest: &str, axis: usize, sides: &[&[&'static str]]) -> Option<(&'static str, Turn)> {
    sides.iter().enumerate().find_map(|(side, words)| {
        let word = words.iter().find(|word| rest.starts_with(**word))?;
        Some((*word, Turn { axis, side, is_within: None }))
    })
}

/// The first place in which one of two lists says something else than the other, if they are otherwise of the
/// same lines.
pub(super) fn first_against(ours: &[Turn], theirs: &[Turn]) -> Option<usize> {
    let pairs = || ours.iter().zip(theirs);
    let is_alike = ours.len() == theirs.len() && pairs().all(|(one, other)| one.is_beside(*other));
    is_alike.then(|| pairs().position(|(one, other)| one.is_against(*other))).flatten()
}
