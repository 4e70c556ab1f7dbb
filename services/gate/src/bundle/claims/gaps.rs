//! What a headline says of how far members lie apart over time: 差距逐年扩大, 城乡差距缩小. A claim that any two of them
//! bear out, in figures or as a multiple, is let pass.

use super::{
    PLANNED,
    amount::is_negated,
    course::named,
    scene::{Axis, Scene, clauses},
};

const WIDENS: [&str; 3] = ["扩大", "拉大", "变大"];
const NARROWS: [&str; 5] = ["缩小", "收窄", "缩窄", "变小", "减小"];
/// What says so of each step.
const STEADILY: [&str; 7] = ["逐年", "逐月", "逐季", "持续", "不断", "连年", "年年"];
/// What stands between the gap and where it goes, besides.
const BESIDE: [&str; 11] =
    ["正在", "已经", "进一步", "明显", "有所", "继续", "逐步", "显著", "大幅", "略有", "呈"];
/// What is asked for, or is no longer so.
const OTHER: [&str; 8] = ["推动", "促进", "确保", "防止", "避免", "控制", "曾", "一度"];

/// The first such claim that the data tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    clauses(headline).into_iter().find(|clause| goes_otherwise(clause, scene)).map(str::to_owned)
}

fn goes_otherwise(clause: &str, scene: &Scene<'_>) -> bool {
    let Some((is_steady, widens)) = said(clause) else { return false };
    let Some((members, times, courses)) = scene.courses() else { return false };
    let is_whole = courses.iter().all(|course| course.len() == times.len());
    if !is_whole || times.len() < 2 || !times.said(clause).is_empty() {
        return false;
    }
    let Some(pairs) = compared(clause, members) else { return false };
    let is_so = |(one, other): &(usize, usize)| {
        let Some((one, other)) = courses.get(*one).zip(courses.get(*other)) else { return true };
        let gaps: Vec<f64> = one.iter().zip(other).map(|(a, b)| (a - b).abs()).collect();
        let ratio = |(a, b): (&f64, &f64)| (a.min(*b) > 0.0).then(|| a.max(*b) / a.min(*b));
        let ratios: Vec<f64> = one.iter().zip(other).filter_map(ratio).collect();
        goes(&gaps, is_steady, widens)
            || (ratios.len() == times.len() && goes(&ratios, is_steady, widens))
    };
    !pairs.is_empty() && !pairs.iter().any(is_so)
}

/// Whether a clause says that a gap goes on throughout, and that it widens: 差距逐年扩大.
fn said(clause: &str) -> Option<(bool, bool)> {
    let (at, word) = clause.match_indices("差距").next()?;
    let mut behind = clause.get(at + word.len()..)?;
    if OTHER.iter().chain(&PLANNED).any(|word| clause.contains(word)) {
        return None;
    }
    let mut is_steady = false;
    loop {
        if let Some(rest) = STEADILY.iter().find_map(|word| behind.strip_prefix(word)) {
            (is_steady, behind) = (true, rest);
        } else if let Some(rest) = BESIDE.iter().find_map(|word| behind.strip_prefix(word)) {
            behind = rest;
        } else {
            break;
        }
    }
    let is_one = |words: &[&str]| words.contains(&behind);
    let goes = if is_one(&WIDENS) { Some(true) } else { is_one(&NARROWS).then_some(false) };
    goes.filter(|_| !is_negated(clause, clause.len() - behind.len())).map(|goes| (is_steady, goes))
}

/// The two that a clause names, or any two where it names none.
fn compared(clause: &str, members: &Axis<'_>) -> Option<Vec<(usize, usize)>> {
    match named(clause, &members.names).as_slice() {
        [one, other] => Some(vec![(*one, *other)]),
        [] => {
            let all = members.all();
            let of = |one: usize| (one + 1..all.len()).map(move |other| (one, other));
            Some(all.iter().flat_map(|one| of(*one)).collect())
        }
        [_] if members.len() == 2 => Some(vec![(0, 1)]),
        _ => None,
    }
}

/// From the first to the last or in the last step; steadily, without a step the other way.
fn goes(gaps: &[f64], is_steady: bool, widens: bool) -> bool {
    let goes = |from: f64, to: f64| if widens { to > from } else { to < from };
    let is_against = |pair: &[f64]| matches!(pair, [from, to] if goes(*to, *from));
    match gaps {
        [first, .., last] if is_steady => goes(*first, *last) && !gaps.windows(2).any(is_against),
        [first, .., before, last] => goes(*first, *last) || goes(*before, *last),
        [first, last] => goes(*first, *last),
        _ => true,
    }
}
