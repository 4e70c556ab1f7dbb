//! How much a headline says: 65%, 1.5倍, 三成, 三分之一, 一半, with what stands around it: 超过, 近, 以上.

use crate::{
    document::{is_numeral, parse_numeral},
    pair::figures::NO_TENTHS,
};

/// A part or a multiple.
#[derive(Clone, Copy)]
pub(super) struct Amount {
    pub(super) share: f64,
    /// Half of what the last digit written stands for.
    pub(super) within: f64,
    pub(super) bound: Bound,
    /// 个百分点: a difference of shares, in per cent.
    pub(super) is_points: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Exact,
    Above,
    Near,
    /// 近, 将近: not more than is said.
    Nearly,
    Below,
    /// 不超过, 以内
    AtMost,
}

impl Bound {
    /// Whether what is may be said to be `said`.
    pub(super) fn holds(self, is: f64, said: f64, within: f64) -> bool {
        let differs = is - said;
        match self {
            // What binary figures lose is no difference.
            Self::Exact => differs.abs() <= within * 1.000_001,
            Self::Above => differs > -1e-9 * said.max(1.0) && differs < said,
            Self::Near => differs.abs() <= said / 10.0 + 1e-9,
            // 3.05 may be said to be 近3; 3.2 may not.
            Self::Nearly => differs <= said / 50.0 + 1e-9 && -differs <= said / 10.0 + 1e-9,
            Self::Below => differs < 0.0 && -differs < said / 2.0,
            Self::AtMost => differs <= 1e-9 * said.max(1.0) && -differs < said,
        }
    }
}

const BEFORE: [(&str, Bound); 10] = [
    ("超过", Bound::Above),
    ("超", Bound::Above),
    ("逾", Bound::Above),
    ("过", Bound::Above),
    ("约", Bound::Near),
    ("将近", Bound::Nearly),
    ("接近", Bound::Nearly),
    ("近", Bound::Nearly),
    ("不足", Bound::Below),
    ("不到", Bound::Below),
];
const AFTER: [(&str, Bound); 3] =
    [("以上", Bound::Above), ("多", Bound::Above), ("左右", Bound::Near)];

/// What a half is of, and not of the whole: 半小时, 半天.
const HALVES: [&str; 7] = ["年", "天", "日", "月", "个", "小时", "学期"];

/// By how much of it a multiple may be rounded at most.
const MULTIPLE_WITHIN: f64 = 0.05;
/// How far a share may be from the tenths that are said of it.
const TENTH_WITHIN: f64 = 0.035;

/// At the beginning of a text, and how many bytes of it.
pub(super) fn read(text: &str) -> Option<(Amount, usize)> {
    let before = BEFORE.iter().find_map(|(word, bound)| Some((text.strip_prefix(word)?, *bound)));
    let (behind, bound) = before.unwrap_or((text, Bound::Exact));
    let (amount, behind) = part(behind)?;
    let after = AFTER.iter().find_map(|(word, bound)| Some((behind.strip_prefix(word)?, *bound)));
    let (behind, bound) = match after {
        Some((behind, after)) if bound == Bound::Exact => (behind, after),
        _ => (behind, bound),
    };
    Some((Amount { bound, ..amount }, text.len() - behind.len()))
}

/// The same where it is a multiple: 3倍, 近两倍.
pub(super) fn multiple(text: &str) -> Option<(Amount, usize)> {
    let (amount, len) = read(text)?;
    text.get(..len)?.contains('倍').then_some((amount, len))
}

/// Whether what begins there is said not to be so: 并未增长, 没有超过, 不再减少.
pub(super) fn is_negated(headline: &str, at: usize) -> bool {
    const NOT: [&str; 8] = ["未", "没有", "没", "不", "不再", "并非", "不会", "无"];
    headline.get(..at).is_some_and(|before| NOT.iter().any(|word| before.ends_with(word)))
}

fn part(text: &str) -> Option<(Amount, &str)> {
    let exact = |share, within| Amount { share, within, bound: Bound::Exact, is_points: false };
    for half in ["一半", "半数"] {
        if let Some(behind) = text.strip_prefix(half) {
            return Some((exact(0.5, 0.05), behind));
        }
    }
    // 过半, 近半
    if let Some(behind) =
        text.strip_prefix('半').filter(|rest| !HALVES.iter().any(|unit| rest.starts_with(unit)))
    {
        return Some((exact(0.5, 0.05), behind));
    }
    if let Some((whole, parts, behind)) = fraction(text) {
        let share = (whole > 0.0).then(|| parts.value / whole)?;
        // 62.5% are no 三分之二.
        let within = (share / 10.0).min(TENTH_WITHIN);
        let within = if whole < 100.0 { within } else { parts.step / 200.0 };
        return Some((exact(share, within), behind));
    }
    let (number, unit) = number(text)?;
    let exact = |scale: f64| exact(number.value * scale, number.step * scale / 2.0);
    for sign in ["%", "％"] {
        if let Some(behind) = unit.strip_prefix(sign) {
            return Some((exact(0.01), behind));
        }
    }
    for points in ["个百分点", "百分点"] {
        if let Some(behind) = unit.strip_prefix(points) {
            return Some((Amount { is_points: true, ..exact(1.0) }, behind));
        }
    }
    if let Some(behind) = unit.strip_prefix('倍') {
        // 两倍 of one and a half is no rounding.
        let within = (number.step / 2.0).min(number.value * MULTIPLE_WITHIN);
        return Some((Amount { within, ..exact(1.0) }, behind));
    }
    let behind = unit.strip_prefix('成').filter(|rest| !rest.starts_with(NO_TENTHS))?;
    // 三成半
    if let Some(behind) = behind.strip_prefix('半').filter(|_| number.value <= 9.0) {
        return Some((Amount { share: number.value / 10.0 + 0.05, ..exact(0.05) }, behind));
    }
    // 三成五
    match self::number(behind) {
        Some((half, behind)) if number.value <= 9.0 && half.value < 10.0 => {
            let share = number.value / 10.0 + half.value / 100.0;
            Some((Amount { share, ..exact(0.01) }, behind))
        }
        // 35% are no 四成.
        _ if number.value <= 10.0 => Some((Amount { within: TENTH_WITHIN, ..exact(0.1) }, behind)),
        _ => None,
    }
}

/// 三分之一, 百分之六十五: the whole, its parts, and what follows.
fn fraction(text: &str) -> Option<(f64, Number, &str)> {
    let (whole, rest) = match text.strip_prefix('百') {
        Some(rest) => (100.0, rest),
        None => number(text).map(|(whole, rest)| (whole.value, rest))?,
    };
    let (parts, behind) = number(rest.strip_prefix("分之")?)?;
    Some((whole, parts, behind))
}

#[derive(Clone, Copy)]
struct Number {
    value: f64,
    /// What its last digit counts.
    step: f64,
}

/// 65, 3.2, 两, 十, 七十
fn number(text: &str) -> Option<(Number, &str)> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (figure, rest) = text.split_at_checked(length)?;
    if figure.is_empty() {
        if let Some(rest) = text.strip_prefix('两') {
            return Some((Number { value: 2.0, step: 1.0 }, rest));
        }
        let length = text.find(|c| !is_numeral(c)).unwrap_or(text.len());
        let (figure, rest) = text.split_at_checked(length)?;
        return Some((Number { value: parse_numeral(figure)?.into(), step: 1.0 }, rest));
    }
    let decimals = figure.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let step = 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
    Some((Number { value: figure.parse().ok()?, step }, rest))
}
