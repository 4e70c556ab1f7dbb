//! Whether a figure is the least or the most that holds: 不少于30日, 30日以内. 超过30日 is a case, and neither.

use crate::document::{is_letter, last_chars};

/// On which side of a figure lies what holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// 不少于, 以上
    Least,
    /// 不超过, 以内
    Most,
}

use Bound::{Least, Most};

/// What stands between a figure and the bound behind it: 吨/日, （不含）, 名员工.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    pub len: usize,
    /// Whether a bracket says that the figure itself is within: （含）, （不含）.
    pub is_within: Option<bool>,
}

/// Letters of a noun, and of what follows a slash, between a figure and its bound.
const NOUN: usize = 4;
const COMPOUND: usize = 8;
/// Letters of a bracket.
const BRACKET: usize = 14;
/// Bounds that are known behind a gap; 内 is none.
const BEHIND_GAP: [&str; 6] = ["以上", "以下", "以内", "之内", "及以上", "及以下"];

impl Gap {
    /// The gap that a text behind a figure begins with, if a bound stands behind it.
    pub(crate) fn of(behind: &str) -> Option<Self> {
        let is_compound = behind.starts_with(['/', '／']);
        let most = if is_compound { COMPOUND } else { NOUN };
        let mut letters = 0;
        for (at, c) in behind.char_indices() {
            let rest = behind.get(at..)?;
            // Most letters begin none.
            if matches!(c, '以' | '及' | '之')
                && BEHIND_GAP.iter().any(|word| rest.starts_with(word))
            {
                let is_gap = is_compound || is_noun(behind.get(..at)?, rest);
                return is_gap.then_some(Self { len: at, is_within: None });
            }
            match c {
                '（' | '(' => {
                    let is_gap = is_compound || letters == 0 || is_noun(behind.get(..at)?, "");
                    return Self::of_bracket(at, rest).filter(|_| is_gap);
                }
                '/' | '／' | '·' | '・' | '•' if is_compound => {}
                _ if is_letter(c) && letters < most => letters += 1,
                _ => return None,
            }
        }
        None
    }

    /// （含500万元）以下, behind so many bytes.
    fn of_bracket(before: usize, text: &str) -> Option<Self> {
        let inner = text.strip_prefix(['（', '('])?;
        let is_within = match inner {
            _ if inner.starts_with('含')
                || inner.starts_with("包含")
                || inner.starts_with("包括") =>
            {
                true
            }
            _ if inner.starts_with("不含") || inner.starts_with("不包") => false,
            _ => return None,
        };
        let (end, close) =
            inner.char_indices().take(BRACKET).find(|(_, c)| matches!(c, '）' | ')'))?;
        let behind = inner.get(end + close.len_utf8()..)?;
        let is_bound =
            behind.starts_with('内') || BEHIND_GAP.iter().any(|word| behind.starts_with(word));
        let len = before + (text.len() - behind.len());
        is_bound.then_some(Self { len, is_within: Some(is_within) })
    }
}

/// Whether nothing or a noun stands between a figure and what looks like a bound: 30名员工以下; not 3名本科以上, which is a
/// level, 500元可以上浮 or 2项奖励以下列方式.
fn is_noun(gap: &str, rest: &str) -> bool {
    const OTHER: &str = "一二三四五六七八九十百千万亿两至到或和与及但并不的为是可予加足所难用内前后起级档等星师士科专";
    const NEXT: &str = "列述年级海市报门调浮涨载几简称一";
    let letters = gap.chars().count();
    let next = rest.strip_prefix('及').unwrap_or(rest).chars().nth(2);
    (letters == 0 || letters > 1)
        && !gap.contains(|c| OTHER.contains(c))
        && !next.is_some_and(|c| NEXT.contains(c))
}

/// Words right before a figure.
const BEFORE: [(&str, Bound); 35] = [
    ("≥", Least),
    ("⩾", Least),
    ("≤", Most),
    ("⩽", Most),
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

/// Whether one of [`BEFORE`] ends with this character: asked of every figure.
fn may_end_bound(c: char) -> bool {
    matches!(
        c,
        '于' | '少'
            | '低'
            | '短'
            | '满'
            | '过'
            | '出'
            | '高'
            | '多'
            | '大'
            | '长'
            | '迟'
            | '晚'
            | '≥'
            | '⩾'
            | '≤'
            | '⩽'
    )
}

/// Words right behind a figure.
const BEHIND: [(&str, Bound); 10] = [
    ("封顶", Most),
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

/// The bound that stands behind a figure, also behind the rest of its unit, a noun or a bracket.
fn bound_behind(behind: &str) -> Option<&'static (&'static str, Bound)> {
    let at = |rest: &str| BEHIND.iter().find(|(word, _)| rest.starts_with(word));
    at(behind).or_else(|| at(behind.get(Gap::of(behind)?.len..)?))
}

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
        let is_held = |(word, _): &&(&str, Bound)| bare.ends_with(word) || between.ends_with(word);
        let may_be_held = bare.ends_with(may_end_bound) || between.ends_with(may_end_bound);
        let held = if may_be_held { BEFORE.iter().find(is_held) } else { None };
        let held = held.or_else(|| bound_behind(behind));
        held.map(|(_, bound)| *bound).or_else(|| Self::of_share(bare))
    }

    /// By what stands behind a figure alone.
    pub(crate) fn behind(text: &str) -> Option<Self> {
        bound_behind(text).map(|(_, bound)| *bound)
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
    fn every_bound_may_be_one() {
        for (word, _) in BEFORE {
            assert!(word.ends_with(may_end_bound), "{word}");
        }
    }

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
            ("处理", "/日以下", Some(Most)),
            ("物业费", "/月·平方米以上", Some(Least)),
            ("聘用", "员工以下", Some(Most)),
            ("注册资本", "人民币及以上", Some(Least)),
            ("年收入", "（不含）以下", Some(Most)),
            ("年收入", "（含500万元）以上", Some(Least)),
            ("缴存", "（含本数）以上", Some(Least)),
            ("每人", "，以上费用", None),
            ("聘用", "本科以上学历", None),
            ("创建", "省级以上平台", None),
            ("每人", "可以上浮", None),
            ("给予", "奖励以下列方式", None),
            ("每人", "（含税）。", None),
            ("每人", "至一万元以下", None),
        ] {
            assert_eq!(Bound::of(before, behind), expected, "{before}…{behind}");
        }
    }
}
