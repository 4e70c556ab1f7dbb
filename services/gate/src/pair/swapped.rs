//! Members of one enumeration that have another's value, or one that none has: 轻度400元、中度200元 where the policy says
//! 轻度失能每人每月200元，中度失能每人每月400元. What each is called is what tells it from the others, so it is known by that alone.

mod enumerations;

use std::cell::LazyCell;

use foldhash::{HashMap, HashSet};

use super::{
    contradictions::{is_difference, is_now, is_same, kind},
    figures::Figure,
    increments::is_by_how_much,
    texts::{Said, Texts},
};
use crate::document::first_chars;
use enumerations::{
    Enumeration, are_listed, enumerations, in_bracket, is_compared, is_named_behind, listed, named,
    runs, tell_apart,
};

/// Characters behind a figure in which its sentence ends.
const SENTENCE_MAX: usize = 200;
/// Members that begin alike, or have one value, and are compared.
const ALIKE_MAX: usize = 40;
/// Letters before a name that say nothing more of it: 在, 其中.
const LEAD_MAX: usize = 2;
/// Members that have their own values beside one that has not, where that leaves no doubt.
const RIGHT_MIN: usize = 2;
/// A figure of the interpretation with the policy's of the same member.
pub(super) struct Swapped {
    pub ours: usize,
    pub theirs: usize,
    /// Whether another member has its value in turn, or others beside it have their own.
    pub is_plain: bool,
}

/// A figure of the interpretation that is said of a member.
struct Told {
    ours: usize,
    enumeration: usize,
    member: usize,
    /// The sentence, or the table and what else it says of the member.
    place: (usize, String),
    is_right: bool,
    /// Whether next to nothing stands before the name.
    is_bare: bool,
    /// Whether the words say which of several lists over the same names is meant.
    is_apart: bool,
}

/// The interpretation's figures whose member has another value in the policy.
pub(super) fn find(texts: &Texts<'_>) -> Vec<Swapped> {
    let (policy, interpretation) = (&texts.policy, &texts.interpretation);
    let their_runs = runs(policy);
    let mut enumerations: Vec<Enumeration> =
        their_runs.iter().flat_map(|run| enumerations(policy, run)).collect();
    if enumerations.is_empty() {
        return vec![];
    }
    tell_apart(policy, &mut enumerations);
    let listed = listed(policy, &their_runs);
    let told = told(policy, interpretation, &enumerations);
    let mut right: HashMap<_, HashSet<usize>> = HashMap::default();
    let mut wrong: HashMap<_, HashSet<&str>> = HashMap::default();
    for told in &told {
        let form = interpretation.forms.get(told.ours).map(String::as_str).unwrap_or_default();
        if told.is_right {
            right.entry((told.enumeration, &told.place)).or_default().insert(told.member);
        } else {
            wrong.entry((told.enumeration, &told.place, told.member)).or_default().insert(form);
        }
    }
    let known = told.iter().filter(|told| told.is_right).filter_map(|told| {
        let names = &enumerations.get(told.enumeration)?.names;
        Some((&told.place, names.get(told.member)?.as_str()))
    });
    let known: HashSet<(&(usize, String), &str)> = known.collect();
    let everywhere = policy.forms.iter().enumerate();
    let everywhere = grouped(everywhere.map(|(index, form)| (form.as_str(), index)));
    let mut swapped: Vec<Swapped> = vec![];
    for told in told.iter().filter(|told| !told.is_right) {
        let Some(enumeration) = enumerations.get(told.enumeration) else { continue };
        let own = |member: usize| -> Option<&str> {
            Some(policy.forms.get(*enumeration.figures.get(member)?)?.as_str())
        };
        let form = interpretation.forms.get(told.ours).map(String::as_str).unwrap_or_default();
        let right = right.get(&(told.enumeration, &told.place));
        // 三级居家护理60元, which is 三级机构护理.
        let is_of_sibling = told.is_apart
            && enumeration
                .beside
                .iter()
                .any(|beside| policy.forms.get(*beside).is_some_and(|held| held == form));
        if right.is_some_and(|right| right.contains(&told.member))
            || !is_of_sibling
                && enumeration.is_said_elsewhere((policy, &listed), &everywhere, told.member, form)
        {
            continue;
        }
        let right = right.map_or(0, HashSet::len);
        let other = (0..enumeration.figures.len()).find(|other| own(*other) == Some(form));
        let is_mutual = other.is_some_and(|other| {
            let in_turn = wrong.get(&(told.enumeration, &told.place, other));
            in_turn.zip(own(told.member)).is_some_and(|(values, own)| values.contains(own))
        });
        let Some(theirs) = enumeration.figures.get(told.member).copied() else { continue };
        // 三级医院起付标准900元、支付比例70%, of which the first is right.
        let is_beside = enumeration
            .names
            .get(told.member)
            .is_some_and(|name| known.contains(&(&told.place, name.as_str())));
        if other.is_some() || right > 0 || is_beside || is_of_sibling {
            let is_plain = is_mutual || (right >= RIGHT_MIN && told.is_bare);
            match swapped.last_mut().filter(|last| last.ours == told.ours) {
                Some(last) if is_plain => (last.theirs, last.is_plain) = (theirs, true),
                Some(_) => {}
                None => swapped.push(Swapped { ours: told.ours, theirs, is_plain }),
            }
        }
    }
    swapped
}

/// What the interpretation says of members, in the order of its figures.
fn told(policy: &Said<'_>, interpretation: &Said<'_>, enumerations: &[Enumeration]) -> Vec<Told> {
    let names = enumerations.iter().enumerate().flat_map(|(index, enumeration)| {
        enumeration
            .names
            .iter()
            .chain(&enumeration.of)
            .filter_map(move |name| Some((begin(name)?, index)))
    });
    let mut by_begin: HashMap<[char; 2], Vec<usize>> = HashMap::default();
    for (begin, index) in names {
        let alike = by_begin.entry(begin).or_default();
        if alike.len() < ALIKE_MAX && alike.last() != Some(&index) {
            alike.push(index);
        }
    }
    let runs = runs(interpretation);
    let respective = listed(interpretation, &runs);
    let mut found = vec![];
    // The words before the last figure, and where it ends.
    let mut last = (String::new(), 0);
    for (ours, figure) in interpretation.figures.iter().enumerate() {
        let is_led = |before: usize| {
            let before = ours.checked_sub(before).and_then(|at| interpretation.figures.get(at));
            before.is_none_or(|before| !is_named_behind(interpretation, before))
        };
        let bracket = in_bracket(interpretation, figure);
        let is_led = bracket.is_some() || (is_led(0) && is_led(1));
        if !is_compared(figure) || is_difference(figure) || !is_led {
            continue;
        }
        let in_list = respective.get(&ours).cloned();
        // Of 一、二、三级医院分别为200元、500元和900元 the first is none of 三级.
        let is_first_of_list =
            in_list.is_none() && bracket.is_none() && is_of_several(&figure.lead);
        if is_first_of_list && is_listed_on(interpretation, ours) {
            continue;
        }
        let words = in_list.or(bracket);
        let words = words.unwrap_or_else(|| named(interpretation, ours));
        let gap = interpretation.document.text().get(last.1..figure.range.start);
        let goes_on = gap.is_some_and(|gap| !gap.contains(['；', ';', '。', '\n']));
        let before = std::mem::replace(&mut last, (words.clone(), figure.range.end)).0;
        let before = if goes_on { before } else { String::new() };
        let chars: Vec<char> = words.chars().collect();
        let begins = chars.windows(2).filter_map(|pair| <[char; 2]>::try_from(pair).ok());
        let mut held: Vec<usize> =
            begins.filter_map(|begin| by_begin.get(&begin)).flatten().copied().collect();
        held.sort_unstable();
        held.dedup();
        // What many enumerations ask of one figure.
        let is_plainly_now = LazyCell::new(|| is_now(figure, ""));
        let end = LazyCell::new(|| end_of_sentence(interpretation, figure));
        let with_last = LazyCell::new(|| format!("{before}{words}"));
        let mut asked: Option<(&[String], _)> = None;
        for index in held {
            let Some(enumeration) = enumerations.get(index) else { continue };
            if enumeration.siblings.iter().any(|other| words.contains(other.as_str())) {
                continue;
            }
            let is_apart = enumeration.of.as_ref().is_some_and(|of| words.contains(of.as_str()));
            // Many have members of one name.
            let known = asked.filter(|(names, _)| *names == enumeration.names);
            let named = known.map_or_else(|| enumeration.member(&words), |(_, named)| named);
            asked = Some((&enumeration.names, named));
            // 一级机构护理40元、居家护理20元
            let by_last = || is_apart.then(|| enumeration.member(&with_last)).flatten();
            let Some((member, before, behind)) = named.or_else(by_last) else { continue };
            let rival = enumeration.figures.get(member).and_then(|one| policy.figures.get(*one));
            let Some(rival) = rival.filter(|rival| {
                kind(rival) == kind(figure)
                    && rival.rate.agrees(&figure.rate)
                    // 轻度下调50元 says nothing against 轻度200元.
                    && !is_by_how_much(figure, rival)
                    && (*is_plainly_now || is_now(figure, &rival.lead))
            }) else {
                continue;
            };
            let place = if figure.row > 0 {
                let unit = interpretation.document.unit_at(figure.range.start);
                (unit, format!("{before}#{behind}"))
            } else {
                (*end, String::new())
            };
            let is_right = is_same(&rival.value, &figure.value);
            // 低保家庭的重度失能老人 is a case of 重度失能.
            let is_bare = figure.row > 0 || (named.is_some() && before.chars().count() <= LEAD_MAX);
            found.push(Told {
                ours,
                enumeration: index,
                member,
                place,
                is_right,
                is_bare,
                is_apart,
            });
        }
    }
    found
}

/// Whether 分别 before a figure stands behind several names.
fn is_of_several(lead: &str) -> bool {
    lead.rsplit_once("分别").is_some_and(|(before, _)| {
        let clause = before.rsplit(['，', ',', '。', '；', ';']).next().unwrap_or_default();
        clause.contains(['、', '和', '与', '及'])
    })
}

/// Whether another value of a list stands right behind a figure.
fn is_listed_on(said: &Said<'_>, at: usize) -> bool {
    said.figures
        .get(at)
        .zip(said.figures.get(at + 1))
        .is_some_and(|(one, next)| are_listed(said, one, next))
}

/// Where the sentence of a figure ends, its parts behind semicolons with it.
fn end_of_sentence(said: &Said<'_>, figure: &Figure) -> usize {
    let behind = said.document.text().get(figure.range.end..).unwrap_or_default();
    let behind = first_chars(behind, SENTENCE_MAX);
    let ends = ["。", "？", "\n\n"].iter().filter_map(|end| behind.find(end));
    figure.range.end + ends.min().unwrap_or(behind.len())
}

fn begin(name: &str) -> Option<[char; 2]> {
    let mut chars = name.chars();
    Some([chars.next()?, chars.next()?])
}

/// Lists by value; no more than [`ALIKE_MAX`] of one.
fn grouped<'t, T>(held: impl Iterator<Item = (&'t str, T)>) -> HashMap<&'t str, Vec<T>> {
    let mut by_value: HashMap<&str, Vec<T>> = HashMap::default();
    for (value, item) in held {
        let alike = by_value.entry(value).or_default();
        if alike.len() < ALIKE_MAX {
            alike.push(item);
        }
    }
    by_value
}
