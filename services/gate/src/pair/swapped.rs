//! Members of one enumeration that have another's value, or one that none has: 轻度400元、中度200元 where the policy says
//! 轻度失能每人每月200元，中度失能每人每月400元. What each is called is what tells it from the others, so it is known by that alone.

use foldhash::{HashMap, HashSet};

use super::{
    contradictions::{is_difference, is_now, is_same, kind},
    figures::{
        Figure, Part,
        times::{CLOCK, WEEKDAY},
    },
    texts::{Said, Texts},
};
use crate::document::{Level, Unit, first_chars, is_numeral, last_chars};

/// Bytes between two members of an enumeration at most.
const GAP_MAX: usize = 150;
/// Characters before a figure in which its member is named.
const NAMED_MAX: usize = 40;
/// Characters behind a figure in which its sentence ends.
const SENTENCE_MAX: usize = 200;
/// Letters of a name at least.
const NAME_MIN: usize = 2;
/// Members of an enumeration that are compared.
const MEMBERS_MAX: usize = 12;
/// Members that begin alike, or have one value, and are compared.
const ALIKE_MAX: usize = 40;
/// Members that have their own values beside one that has not, where that leaves no doubt.
const RIGHT_MIN: usize = 2;
/// What parts the clauses of a gap.
const STOPS: [char; 15] =
    ['，', ',', '；', ';', '：', ':', '。', '、', '（', '）', '(', ')', '\n', '|', '？'];
/// A figure of the interpretation with the policy's of the same member.
pub(super) struct Swapped {
    pub ours: usize,
    pub theirs: usize,
    /// Whether another member has its value in turn, or others beside it have their own.
    pub is_plain: bool,
}

/// Figures that stand for the same quantity of several things, each with what tells it from the others.
struct Enumeration {
    figures: Vec<usize>,
    names: Vec<String>,
}

/// A figure of the interpretation that is said of a member.
struct Told {
    ours: usize,
    enumeration: usize,
    member: usize,
    /// The sentence, or the table and what else it says of the member.
    place: (usize, String),
    is_right: bool,
}

/// The interpretation's figures whose member has another value in the policy.
pub(super) fn find(texts: &Texts<'_>) -> Vec<Swapped> {
    let (policy, interpretation) = (&texts.policy, &texts.interpretation);
    let enumerations: Vec<Enumeration> =
        runs(policy).iter().filter_map(|run| enumeration(policy, run)).collect();
    if enumerations.is_empty() {
        return vec![];
    }
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
        if right.is_some_and(|right| right.contains(&told.member))
            || swapped.last().is_some_and(|last| last.ours == told.ours)
            || enumeration.is_said_elsewhere(policy, &everywhere, told.member, form)
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
        if other.is_some() || right > 0 || is_beside {
            let is_plain = is_mutual || right >= RIGHT_MIN;
            swapped.push(Swapped { ours: told.ours, theirs, is_plain });
        }
    }
    swapped
}

/// What the interpretation says of members, in the order of its figures.
fn told(policy: &Said<'_>, interpretation: &Said<'_>, enumerations: &[Enumeration]) -> Vec<Told> {
    let names = enumerations.iter().enumerate().flat_map(|(index, enumeration)| {
        enumeration.names.iter().filter_map(move |name| Some((begin(name)?, index)))
    });
    let mut by_begin: HashMap<[char; 2], Vec<usize>> = HashMap::default();
    for (begin, index) in names {
        let alike = by_begin.entry(begin).or_default();
        if alike.len() < ALIKE_MAX && alike.last() != Some(&index) {
            alike.push(index);
        }
    }
    let runs = runs(interpretation);
    let mut respective: HashMap<usize, String> = HashMap::default();
    for run in &runs {
        if let Some(names) = respectively(interpretation, run) {
            respective.extend(run.iter().copied().zip(names));
        }
    }
    let mut found = vec![];
    for (ours, figure) in interpretation.figures.iter().enumerate() {
        if !is_compared(figure) || is_difference(figure) {
            continue;
        }
        let words = respective.get(&ours).cloned();
        let words = words.unwrap_or_else(|| named(interpretation, ours));
        let chars: Vec<char> = words.chars().collect();
        let begins = chars.windows(2).filter_map(|pair| <[char; 2]>::try_from(pair).ok());
        let mut held: Vec<usize> =
            begins.filter_map(|begin| by_begin.get(&begin)).flatten().copied().collect();
        held.sort_unstable();
        held.dedup();
        for index in held {
            let Some(enumeration) = enumerations.get(index) else { continue };
            let Some((member, rest)) = enumeration.called(&words) else { continue };
            let rival = enumeration.figures.get(member).and_then(|one| policy.figures.get(*one));
            let Some(rival) = rival.filter(|rival| {
                kind(rival) == kind(figure)
                    && rival.rate.agrees(&figure.rate)
                    && is_now(figure, &rival.lead)
            }) else {
                continue;
            };
            let place = if figure.row > 0 {
                (interpretation.document.unit_at(figure.range.start), rest)
            } else {
                (end_of_sentence(interpretation, figure), String::new())
            };
            let is_right = is_same(&rival.value, &figure.value);
            found.push(Told { ours, enumeration: index, member, place, is_right });
        }
    }
    found
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

impl Enumeration {
    /// The member that these words name, and what else they say; none where they name several.
    fn called(&self, words: &str) -> Option<(usize, String)> {
        let held = self.names.iter().enumerate().filter(|(_, name)| words.contains(name.as_str()));
        // 未成年人 has the name of 成年人 in it.
        let (longest, name) = held.max_by_key(|(_, name)| name.len())?;
        let rest = words.replacen(name.as_str(), "#", 1);
        let is_alone = !self.names.iter().any(|other| rest.contains(other.as_str()));
        is_alone.then_some((longest, rest))
    }

    /// Whether the policy gives this value to that member in another sentence, or gives it too often to tell.
    fn is_said_elsewhere(
        &self,
        policy: &Said<'_>,
        everywhere: &HashMap<&str, Vec<usize>>,
        member: usize,
        value: &str,
    ) -> bool {
        let Some(name) = self.names.get(member) else { return true };
        let held = everywhere.get(value).map(Vec::as_slice).unwrap_or_default();
        let mut others = held.iter().filter(|index| !self.figures.contains(index));
        held.len() == ALIKE_MAX || others.any(|index| named(policy, *index).contains(name.as_str()))
    }
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

/// Figures of one kind, rate and bound that follow one another in a text, or stand in one row or column of a table.
fn runs(said: &Said<'_>) -> Vec<Vec<usize>> {
    let mut found = vec![];
    let mut open: HashMap<&str, Vec<usize>> = HashMap::default();
    let mut lines: HashMap<(usize, &str, bool, &str), Vec<usize>> = HashMap::default();
    for (index, figure) in said.figures.iter().enumerate().filter(|(_, f)| is_compared(f)) {
        if figure.row > 0 {
            let unit = said.document.unit_at(figure.range.start);
            let (row, column) = figure.label.split_at(figure.row);
            for (is_row, name) in [(true, row), (false, column)] {
                lines.entry((unit, kind(figure), is_row, name)).or_default().push(index);
            }
            continue;
        }
        let run = open.entry(kind(figure)).or_default();
        let at = |back: usize| {
            run.len().checked_sub(back).and_then(|at| said.figures.get(*run.get(at)?))
        };
        let follows = at(1).is_some_and(|last| follows(said, last, figure));
        let is_list = at(1).is_some_and(|last| are_listed(said, last, figure));
        // 分别为400元和600元；两种都有的，900元
        let is_of_run =
            at(2).zip(at(1)).is_none_or(|(one, last)| are_listed(said, one, last) == is_list);
        if !(follows && is_of_run) {
            let last = run.last().copied().filter(|_| follows && is_list);
            found.push(std::mem::replace(run, last.into_iter().collect()));
        }
        run.push(index);
    }
    found.extend(open.into_values().chain(lines.into_values()));
    found.retain(|run| (2..=MEMBERS_MAX).contains(&run.len()));
    found.sort();
    found
}

/// Whether nothing but a comma or 和 stands between two figures.
fn are_listed(said: &Said<'_>, one: &Figure, next: &Figure) -> bool {
    let gap = said.document.text().get(one.range.end..next.range.start).unwrap_or_default();
    matches!(gap.trim(), "、" | "，" | "," | "和" | "与" | "及" | "以及")
}

fn follows(policy: &Said<'_>, last: &Figure, figure: &Figure) -> bool {
    let is_other_bound = last.bound.zip(figure.bound).is_some_and(|(one, other)| one != other);
    if !last.rate.agrees(&figure.rate) || is_other_bound {
        return false;
    }
    let document = policy.document;
    let [before, here] = [last, figure].map(|of| document.unit_at(of.range.start));
    let gap = document.text().get(last.range.end..figure.range.start);
    let is_one_sentence = || gap.is_some_and(|gap| !gap.contains(['。', '\n']));
    // （一）轻度：200元。（二）中度：400元。
    let are_items = || {
        let [before, here] = [before, here].map(|index| document.units().get(index));
        before.zip(here).is_some_and(|(before, here)| {
            let above = |unit: &Unit| unit.path.rsplit_once('/').map(|(above, _)| above.to_owned());
            before.level == here.level
                && (Level::Second..=Level::Fifth).contains(&here.level)
                && above(before) == above(here)
        })
    };
    gap.is_some_and(|gap| gap.len() <= GAP_MAX)
        && if before == here { is_one_sentence() } else { are_items() }
}

fn enumeration(policy: &Said<'_>, run: &[usize]) -> Option<Enumeration> {
    let one_by_one = || {
        let clauses: Vec<Vec<String>> =
            run.iter().enumerate().map(|(at, _)| called(policy, run, at)).collect();
        let count = clauses.iter().map(Vec::len).min().filter(|count| *count > 0)?;
        // 起付标准200元，支付比例85%: the name stands some clauses before.
        (1..=count).find_map(|count| {
            let names =
                clauses.iter().map(|said| said.get(said.len() - count..).map(<[_]>::concat));
            let names = names.collect::<Option<Vec<_>>>()?;
            let heads: Vec<String> = names.iter().map(|name| head(name).to_owned()).collect();
            told_apart(&heads).or_else(|| told_apart(&names))
        })
    };
    let names = respectively(policy, run).or_else(one_by_one)?;
    let values: HashSet<&String> = run.iter().filter_map(|one| policy.forms.get(*one)).collect();
    (values.len() > 1).then(|| Enumeration { figures: run.to_vec(), names })
}

/// The names that stand before their values: 轻度、中度、重度失能的，每月分别为200元、400元和600元.
fn respectively(said: &Said<'_>, run: &[usize]) -> Option<Vec<String>> {
    let figures: Vec<&Figure> = run.iter().filter_map(|one| said.figures.get(*one)).collect();
    let text = said.document.text();
    let is_list =
        figures.windows(2).all(|pair| matches!(pair, [one, next] if are_listed(said, one, next)));
    let first = figures.first().filter(|first| is_list && first.row == 0)?;
    let before = last_chars(text.get(..first.range.start)?, NAMED_MAX * 2);
    let sentence = before.rsplit(['。', '\n', '；', '？']).next()?;
    let (before, _) = sentence.rsplit_once("分别")?;
    let listed = before.split(['，', ',', '：', ':', '（', '）']).rev().find_map(|clause| {
        let names: Vec<String> = clause.split(['、', '和', '与', '及']).map(letters).collect();
        // 一、轻度、中度
        let names = names.get(names.len().checked_sub(figures.len())?..)?.to_vec();
        names.iter().all(|name| name.chars().nth(NAME_MIN - 1).is_some()).then_some(names)
    })?;
    // 高血压、糖尿病门诊用药: what is said of all stands behind the last.
    let (last, others) = listed.split_last()?;
    let plain = others.get(1..).filter(|others| !others.is_empty()).unwrap_or(others);
    let longest = plain.iter().map(|name| name.chars().count()).max()?;
    let last: String = last.chars().take(longest).collect();
    told_apart(&others.iter().cloned().chain([last]).collect::<Vec<_>>())
}

fn letters(words: &str) -> String {
    words.chars().filter(|c| c.is_alphabetic()).collect()
}

/// The clauses in which a member is named.
fn called(policy: &Said<'_>, run: &[usize], at: usize) -> Vec<String> {
    let Some(figure) = run.get(at).and_then(|one| policy.figures.get(*one)) else { return vec![] };
    if figure.row > 0 {
        let (row, column) = figure.label.split_at(figure.row);
        let is_row = |one: &usize| {
            policy.figures.get(*one).is_some_and(|one| one.label.get(..one.row) == Some(row))
        };
        return clauses(if run.iter().all(is_row) { column } else { row });
    }
    let before = at.checked_sub(1).and_then(|before| policy.figures.get(*run.get(before)?));
    let text = policy.document.text();
    if let Some(before) = before {
        return clauses(text.get(before.range.end..figure.range.start).unwrap_or_default());
    }
    let unit = policy.document.units().get(policy.document.unit_at(figure.range.start));
    let begin = unit.map_or(0, |unit| unit.start + unit.mark.len());
    let before = text.get(begin..figure.range.start);
    clauses(last_chars(before.unwrap_or_default(), NAMED_MAX))
}

/// What stands before that which is said of a member: 大型企业 of 大型企业按照….
fn head(name: &str) -> &str {
    const VERBS: [&str; 12] = [
        "按照",
        "按",
        "给予",
        "享受",
        "应当",
        "可以",
        "不超过",
        "不低于",
        "承担",
        "支付",
        "每",
        "的",
    ];
    let ends = VERBS.iter().filter_map(|verb| name.find(verb));
    let end = ends.min().and_then(|end| name.get(..end));
    end.filter(|head| head.chars().nth(NAME_MIN - 1).is_some()).unwrap_or(name)
}

fn clauses(gap: &str) -> Vec<String> {
    let clauses = gap.split(STOPS).filter(|clause| !clause.chars().all(is_numeral));
    clauses.map(letters).filter(|clause| !clause.is_empty()).collect()
}

/// What of each name the others have not, as far as it is a name: 轻度 of 收住轻度失能老年人, 低保 and 低收入 of 低保家庭, 低收入家庭.
fn told_apart(names: &[String]) -> Option<Vec<String>> {
    let mut names: Vec<Vec<char>> = names.iter().map(|name| name.chars().collect()).collect();
    // What all are named for stands before the first: 绿色建筑三星…，二星….
    if let Some((first, others)) = names.split_first_mut()
        && let Some(next) = others.first()
        && others.iter().all(|other| other.len() == next.len() && other.last() == first.last())
    {
        first.drain(..first.len().saturating_sub(next.len()));
    }
    let shortest = names.iter().map(Vec::len).min()?;
    let are_alike = |at: &dyn Fn(&[char]) -> Option<char>| {
        names.iter().map(|name| at(name)).collect::<HashSet<_>>().len() == 1
    };
    let before = (0..shortest).take_while(|at| are_alike(&|name| name.get(*at).copied())).count();
    let behind = (1..=shortest - before)
        .take_while(|back| are_alike(&|name| name.get(name.len() - back).copied()))
        .count();
    let least = names.iter().map(|name| name.len() - before - behind).min()?;
    let most = names.iter().map(|name| name.len() - before - behind).max()?;
    let lacking = NAME_MIN.saturating_sub(least);
    let (left, right) = if least == most && behind >= lacking {
        (0, lacking)
    } else if before >= lacking {
        (lacking, 0)
    } else {
        (0, lacking.min(behind))
    };
    let own = names.iter().map(|name| {
        let own = name.get(before - left..name.len() - behind + right).unwrap_or_default();
        own.iter().collect::<String>()
    });
    let names: Vec<String> = own.collect();
    let are_apart = names.iter().collect::<HashSet<_>>().len() == names.len();
    let are_names = names.iter().all(|name| name.chars().nth(NAME_MIN - 1).is_some());
    (are_apart && are_names).then_some(names)
}

/// The words before a figure in which its member is named: from the last figure of its kind on, in its sentence.
fn named(said: &Said<'_>, index: usize) -> String {
    let Some(figure) = said.figures.get(index) else { return String::new() };
    if figure.row > 0 {
        return letters(&figure.label);
    }
    let last = said.figures.get(..index).unwrap_or_default().iter().rev().take(MEMBERS_MAX);
    let mut last = last.filter(|last| kind(last) == kind(figure) && !last.is_weak);
    let text = said.document.text();
    let begin = last.next().map_or(0, |last| last.range.end);
    let gap = text.get(begin..figure.range.start).unwrap_or_default();
    let gap = last_chars(gap, NAMED_MAX).rsplit(['。', '\n', '？']).next().unwrap_or_default();
    letters(gap)
}

fn is_compared(figure: &Figure) -> bool {
    !figure.is_weak
        && !figure.is_about
        && figure.part == Part::Alone
        && ![CLOCK, WEEKDAY].contains(&figure.unit)
}
