//! Values that a sentence gives one behind another to things named before them: 一、二、三级医院分别为200元、500元和800元 where the
//! policy's list has 900元 in that place, or the same values in another order.

use foldhash::HashMap;

use super::super::{
    contradictions::{is_same, kind},
    figures::Figure,
    texts::{Said, Texts},
};
use crate::document::sentence_before;

/// Values of a list at most; and lists that are compared, so that the work stays linear.
const VALUES_MAX: usize = 8;
const LISTS_MAX: usize = 60;
/// So many are a list that may have one of another value.
const CHANGED_MIN: usize = 3;
/// Bytes between two values of the policy's at most.
const GAP_MAX: usize = 60;
/// Characters before a list in which its things are named.
const NAMED_MAX: usize = 80;
const NAMED_BY: &str = "分别";
/// What parts the things of a list.
const BETWEEN: [char; 4] = ['、', '和', '与', '及'];

/// The interpretation's figures in such lists that the policy's list has otherwise, each with the policy's.
pub(super) fn find(texts: &Texts<'_>) -> HashMap<usize, usize> {
    let (policy, ours) = (&texts.policy, &texts.interpretation);
    let mut found = HashMap::default();
    let mut at = 0;
    let mut lists = 0;
    while at < ours.figures.len() && lists < LISTS_MAX {
        let list = list(ours, at);
        if list.len() > 1 {
            lists += 1;
            found.extend(differs(policy, ours, &list));
        }
        at = list.last().copied().unwrap_or(at) + 1;
    }
    found
}

/// The list that begins with this figure: it alone, if it is none.
fn list(ours: &Said<'_>, first: usize) -> Vec<usize> {
    let figure = |at: usize| ours.figures.get(at);
    let is_led = figure(first).is_some_and(|figure| {
        let clause = figure.lead.rsplit(['，', ',']).next().unwrap_or_default();
        figure.row == 0 && !figure.is_about && clause.contains(NAMED_BY)
    });
    let mut list = vec![first];
    let text = ours.document.text();
    while is_led && list.len() < VALUES_MAX {
        let last = list.last().copied().unwrap_or(first);
        let Some((one, next)) = figure(last).zip(figure(last + 1)) else { break };
        let gap = text.get(one.range.end..next.range.start).unwrap_or_default();
        if kind(one) != kind(next) || !is_between(gap) {
            break;
        }
        list.push(last + 1);
    }
    list
}

fn is_between(gap: &str) -> bool {
    matches!(gap.trim(), "、" | "，" | "和" | "与" | "及" | "以及")
}

/// Where the policy's list of the same length has other values in some places; none if one of its lists is this one.
fn differs(policy: &Said<'_>, ours: &Said<'_>, list: &[usize]) -> Option<(usize, usize)> {
    let said: Vec<&Figure> = list.iter().filter_map(|at| ours.figures.get(*at)).collect();
    let first = said.first()?;
    let mut rivals = vec![];
    // Years may stand between: 2027年改造110个，2028年改造120个.
    let alike = policy.figures.iter().enumerate().filter(|(_, one)| kind(one) == kind(first));
    let alike: Vec<(usize, &Figure)> = alike.collect();
    for theirs in alike.windows(list.len()).filter(|theirs| are_of_one_list(policy, theirs)) {
        let (places, theirs): (Vec<usize>, Vec<&Figure>) = theirs.iter().copied().unzip();
        let are_same = |(one, other): (&&Figure, &&Figure)| is_same(&one.value, &other.value);
        let others: Vec<usize> = said
            .iter()
            .zip(&theirs)
            .enumerate()
            .filter(|(_, pair)| !are_same(*pair))
            .map(|(index, _)| index)
            .collect();
        // One of the policy's own is this list: nothing is wrong.
        let place = others.first().copied()?;
        let is_changed = others.len() == 1 && list.len() >= CHANGED_MIN;
        if is_changed || is_exchanged((policy, &theirs), (ours, &said)) {
            rivals.push((*list.get(place)?, *places.get(place)?));
        }
    }
    rivals.first().copied()
}

fn are_of_one_list(policy: &Said<'_>, figures: &[(usize, &Figure)]) -> bool {
    let text = policy.document.text();
    figures.windows(2).all(|pair| {
        let [(_, one), (_, next)] = pair else { return false };
        let gap = text.get(one.range.end..next.range.start);
        gap.is_some_and(|gap| gap.len() <= GAP_MAX && !gap.contains(['。', '\n']))
    })
}

/// Whether the same values stand in another order, and the things they are given to do not.
fn is_exchanged(
    (policy, theirs): (&Said<'_>, &[&Figure]),
    (ours, said): (&Said<'_>, &[&Figure]),
) -> bool {
    let mut one: Vec<&str> = said.iter().map(|one| one.value.as_str()).collect();
    let mut other: Vec<&str> = theirs.iter().map(|one| one.value.as_str()).collect();
    one.sort_unstable();
    other.sort_unstable();
    if one != other {
        return false;
    }
    let names = |of: &Said<'_>, figures: &[&Figure]| {
        let first = figures.first()?;
        named(sentence_before(of.document.text(), first.range.start, NAMED_MAX), figures.len())
    };
    let Some(ours_named) = names(ours, said) else {
        // 三级、二级、一级 may be told from the highest down.
        let is_turned = said.iter().rev().zip(theirs).all(|(one, other)| one.value == other.value);
        return !is_turned;
    };
    let Some(theirs_named) = names(policy, theirs) else { return false };
    let of = |name: &char| theirs_named.iter().position(|other| other == name);
    let given = ours_named
        .iter()
        .zip(said)
        .map(|(name, figure)| Some(theirs.get(of(name)?)?.value == figure.value));
    given.collect::<Option<Vec<bool>>>().is_some_and(|given| given.contains(&false))
}

/// The letters by which things named before their values are told apart: 一, 二 and 三 of 一、二、三级医院分别.
fn named(sentence: &str, count: usize) -> Option<Vec<char>> {
    let (before, _) = sentence.rsplit_once(NAMED_BY)?;
    // 初级（五级）、中级（四级）
    let mut parts = before.split('（');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    plain.extend(parts.map(|part| part.split_once('）').map_or(part, |(_, behind)| behind)));
    plain.split(['，', ',', '：', ':']).rev().find_map(|clause| {
        let names: Vec<&str> = clause.split(BETWEEN).collect();
        let names = names.get(names.len().checked_sub(count)?..)?;
        let (first, others) = names.split_first()?;
        // What stands before the first name is as long as it is longer than the next: 取得初级、中级.
        let length = others.iter().rev().skip(1).chain(others.last()).next()?.chars().count();
        let skipped = if count > 2 { first.chars().count().saturating_sub(length) } else { 0 };
        let letters = first.chars().nth(skipped).into_iter();
        let letters: Vec<char> =
            letters.chain(others.iter().filter_map(|name| name.chars().next())).collect();
        let is_apart = letters
            .iter()
            .enumerate()
            .all(|(at, one)| letters.iter().skip(at + 1).all(|other| other != one));
        (letters.len() == count && is_apart).then_some(letters)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_told_apart_by_their_first_letters() {
        for (sentence, count, expected) in [
            ("一、二、三级医院分别为", 3, Some("一二三")),
            (
                "取得初级（五级）、中级（四级）、高级（三级）证书的，补贴标准分别为",
                3,
                Some("初中高"),
            ),
            ("高血压、糖尿病患者年度限额分别为", 2, Some("高糖")),
            ("老旧小区改造四年分别为", 4, None),
            ("标准为", 2, None),
        ] {
            let letters = named(sentence, count).map(|letters| letters.iter().collect::<String>());
            assert_eq!(letters.as_deref(), expected, "{sentence}");
        }
    }
}
