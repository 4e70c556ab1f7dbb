//! Cases on one side or the other of a bound: 200千伏安以下的用户 beside 315千伏安及以上的用户.

use super::figures::{Bound, Figure, Gap, find_in};
use crate::document::is_letter;

/// Whether a figure is of a case that the `rival`'s bound lets be; each with what stands behind it.
pub(super) fn is_case<'t>(
    (figure, behind): (&Figure, &str),
    (rival, rival_behind): (&Figure, &str),
    line: impl Fn() -> &'t str,
) -> bool {
    let Some(theirs) = Bound::behind(rival_behind) else { return false };
    let Some((value, limit)) = number(figure).zip(number(rival)) else { return false };
    if figure.unit != rival.unit {
        return false;
    }
    match Bound::behind(behind) {
        Some(ours) if ours != theirs => {
            let are_apart = match ours {
                Bound::Most => value < limit,
                Bound::Least => value > limit,
            };
            are_apart && names(past_bound(behind)) && names(past_bound(rival_behind))
        }
        Some(ours) => {
            let is_within = match ours {
                Bound::Most => value < limit,
                Bound::Least => value > limit,
            };
            is_within && counts(past_bound(behind))
        }
        // 不良率7%的部分 beside 不良率5%以内…；5%（不含）至8%…: a step of a scale.
        None => names(behind) && is_on_scale(rival, line()),
    }
}

fn number(figure: &Figure) -> Option<f64> {
    figure.value.strip_suffix(figure.unit)?.parse().ok()
}

/// What stands behind the bound behind a figure.
fn past_bound(behind: &str) -> &str {
    const WORDS: [&str; 4] = ["以上", "以下", "以内", "之内"];
    let rest = Gap::of(behind).and_then(|gap| behind.get(gap.len..)).unwrap_or(behind);
    let rest = rest.strip_prefix('及').unwrap_or(rest);
    WORDS.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest)
}

/// 的工业用户: whose the figure is, and not 的，….
fn names(rest: &str) -> bool {
    rest.strip_prefix('的').is_some_and(|thing| thing.starts_with(is_letter))
}

/// 的用能单位有86家: how many they are.
fn counts(rest: &str) -> bool {
    let clause = rest.split(['，', ',', '；', '。']).next().unwrap_or_default();
    let before = clause.find(|c: char| c.is_ascii_digit()).and_then(|at| clause.get(..at));
    names(rest) && before.is_some_and(|before| before.ends_with(['有', '共']))
}

/// Whether the line goes on from the value: 5%以内…；5%（不含）至8%….
fn is_on_scale(rival: &Figure, line: &str) -> bool {
    find_in(line, 0, &[]).iter().filter(|other| other.value == rival.value).count() > 1
}
