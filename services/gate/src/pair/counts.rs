//! Counts of the same things or acts: 三份材料 beside 五份材料, 每年抽查三次 beside 两次, 公示一年 beside 半年. Texts
//! count much that is no figure, so only what the policy counts too is compared, and it warns.

use foldhash::HashMap;

use super::figures::{Figure, Part, period};
use crate::document::first_chars;

/// Characters of a thing or an act that are compared.
const KEY: usize = 2;
/// Counts of one thing that are compared.
const ALIKE_MAX: usize = 40;

/// What texts count of themselves, and not as they like to group it: 三项措施, 两个方面.
const RHETORIC: [&str; 24] = [
    "方面", "部分", "措施", "举措", "内容", "要求", "任务", "原则", "问题", "特点", "亮点", "工作",
    "意见", "建议", "情况", "变化", "层面", "环节", "步骤", "重点", "机制", "制度", "目标", "关键",
];

/// The interpretation's counts of which the policy has another number, with the policy's.
pub(super) fn find(
    (policy, theirs): (&str, &[Figure]),
    (interpretation, ours): (&str, &[Figure]),
) -> Vec<(usize, usize)> {
    let mut held: HashMap<Key, Vec<usize>> = HashMap::default();
    for (index, figure) in theirs.iter().enumerate().filter(|(_, figure)| is_compared(figure)) {
        for key in keys(policy, figure) {
            let alike = held.entry(key).or_default();
            if alike.len() < ALIKE_MAX {
                alike.push(index);
            }
        }
    }
    // 三年 is compared as a figure, 一年 is often none.
    let is_said = |figure: &Figure| is_compared(figure) && (figure.is_weak || figure.is_count());
    let counted = ours.iter().enumerate().filter(|(_, figure)| is_said(figure));
    let other = counted.filter_map(|(index, figure)| {
        let alike = keys(interpretation, figure).into_iter().find_map(|key| held.get(&key))?;
        let agrees = |index: &usize| {
            theirs.get(*index).is_some_and(|theirs| of_form(theirs) == of_form(figure))
        };
        let rival = alike.last().filter(|_| !alike.iter().any(agrees))?;
        Some((index, *rival))
    });
    other.collect()
}

fn is_compared(figure: &Figure) -> bool {
    let is_period = || !figure.unit.is_empty() && period(&figure.value).is_some();
    (figure.is_count() || is_period())
        && !figure.is_about
        && figure.part == Part::Alone
        && figure.row == 0
}

/// 半年 is 6个月.
fn of_form(figure: &Figure) -> String {
    period(&figure.value).unwrap_or_else(|| figure.value.clone())
}

/// Unit, thing and act.
type Key = (&'static str, String, String);

/// What a count is compared by: the thing behind it, or the act before it where no thing is. One of a thing
/// is said of any, and is compared by both.
fn keys(text: &str, figure: &Figure) -> Vec<Key> {
    if !figure.is_count() {
        let rate = figure.rate.told();
        let is_name = figure.label.chars().chain(rate.chars()).nth(KEY - 1).is_some();
        let key = || ("期", rate, figure.label.clone());
        return is_name.then(key).into_iter().collect();
    }
    let behind = text.get(figure.range.end..).unwrap_or_default();
    let behind = first_chars(behind, KEY).trim_start_matches('的');
    let thing: String = behind.chars().take_while(|c| c.is_alphanumeric()).collect();
    let before: Vec<char> = figure.label.chars().rev().take(KEY).collect();
    let act: String = before.into_iter().rev().collect();
    let is_any = RHETORIC.contains(&thing.as_str())
        || ["这", "那", "某", "任", "另", "其中", "每", "上述"]
            .iter()
            .any(|word| act.ends_with(word));
    if is_any {
        return vec![];
    }
    let is_one = figure.value.strip_suffix(figure.unit) == Some("1");
    let with_act = (figure.unit, thing.clone(), act.clone());
    match (thing.chars().count(), act.chars().count()) {
        (KEY.., KEY) if is_one => vec![with_act],
        (KEY.., KEY) => vec![(figure.unit, thing, String::new()), with_act],
        (KEY.., _) if !is_one => vec![(figure.unit, thing, String::new())],
        (0, KEY) => vec![with_act],
        _ => vec![],
    }
}
