//! Whether a figure is the least or the most that holds: 不少于30日, 30日以内. 超过30日 is a case, and neither.

use crate::document::last_chars;

/// On which side of a figure lies what holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// 不少于, 以上
    Least,
    /// 不超过, 以内
    Most,
}

use Bound::{Least, Most};

/// Words right before a figure.
const BEFORE: [(&str, Bound); 31] = [
    ("不少于", Least),
    ("不低于", Least),
    ("不小于", Least),
    ("不短于", Least),
    ("不得少于", Least),
    ("不得低于", Least),
    ("不应少于", Least),
    ("不应低于", Least),
    ("至少", Least),
    ("最低", Least),
    ("最少", Least),
    ("最短", Least),
    ("年满", Least),
    ("不超过", Most),
    ("不超出", Most),
    ("不高于", Most),
    ("不多于", Most),
    ("不大于", Most),
    ("不长于", Most),
    ("不得超过", Most),
    ("不得高于", Most),
    ("不得多于", Most),
    ("不应超过", Most),
    ("不应高于", Most),
    ("至多", Most),
    ("最高", Most),
    ("最多", Most),
    ("最长", Most),
    ("最大", Most),
    ("最迟", Most),
    ("最晚", Most),
];

/// Words right behind a figure.
const BEHIND: [(&str, Bound); 9] = [
    ("以上", Least),
    ("及以上", Least),
    ("（含）以上", Least),
    ("以下", Most),
    ("及以下", Most),
    ("（含）以下", Most),
    ("以内", Most),
    ("之内", Most),
    ("内", Most),
];

/// What may stand between such a word and its figure: 最高可达500元, 至少为30日.
const BETWEEN: [&str; 10] =
    ["人民币", "可以给予", "给予", "补贴", "奖励", "可达", "为", "达", "可", "是"];

/// Words right before a figure.
pub(super) fn before() -> impl Iterator<Item = &'static str> + Clone {
    BEFORE.iter().map(|(word, _)| *word)
}

/// All these words; 内 is one only right behind a figure.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    BEFORE.iter().chain(&BEHIND).map(|(word, _)| *word).filter(|word| *word != "内")
}

impl Bound {
    /// By what stands around a figure.
    pub(super) fn of(before: &str, behind: &str) -> Option<Self> {
        let bare = before.trim_end();
        let between = BETWEEN.iter().find_map(|word| bare.strip_suffix(word)).unwrap_or(bare);
        let held = BEFORE.iter().find(|(word, _)| bare.ends_with(word) || between.ends_with(word));
        let held = held.or_else(|| BEHIND.iter().find(|(word, _)| behind.starts_with(word)));
        held.map(|(_, bound)| *bound).or_else(|| Self::of_share(bare))
    }

    /// 不低于总数的百分之二十
    fn of_share(before: &str) -> Option<Self> {
        const WHOLE: usize = 12;
        let whole = before.strip_suffix('的')?;
        let clause = last_chars(whole, WHOLE).rsplit(['，', ',', '、', '；', '。']).next()?;
        let said = BEFORE.iter().filter_map(|(word, bound)| Some((clause.rfind(word)?, *bound)));
        said.max_by_key(|(at, _)| *at).map(|(_, bound)| bound)
    }

    /// In words, for a finding.
    pub(crate) fn told(self) -> &'static str {
        match self {
            Least => "至少",
            Most => "至多",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_told_from_a_case() {
        for (before, behind, expected) in [
            ("公示不少于", "", Some(Least)),
            ("公示时间不得少于", "", Some(Least)),
            ("奖励最高可达", "。", Some(Most)),
            ("应当在", "内办结", Some(Most)),
            ("年收入", "以上的", Some(Least)),
            ("超过", "的，不予受理", None),
            ("未满", "的", None),
            ("补贴", "。", None),
            ("抽查比例不低于总数的", "。", Some(Least)),
            ("抽查比例不高于总数的", "。", Some(Most)),
            ("不超过一年，按标准的", "。", None),
        ] {
            assert_eq!(Bound::of(before, behind), expected, "{before}…{behind}");
        }
    }
}
