//! Enumerations of a text, one by one (轻度200元，中度400元), in lists (轻度、中度分别为200元、400元) and in tables.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};

use super::{
    super::{
        contradictions::kind,
        figures::{
            Figure, Part,
            times::{CLOCK, WEEKDAY},
        },
        texts::Said,
    },
    ALIKE_MAX,
};
use crate::document::{Level, Unit, first_chars, is_alphabetic, is_numeral, last_chars};

/// Bytes between two members of an enumeration at most.
const GAP_MAX: usize = 150;
/// Characters before a figure in which its member is named.
const NAMED_MAX: usize = 40;
/// Characters of a bracket behind a figure that names its member.
const BRACKET_MAX: usize = 12;
/// Letters of a name at least.
const NAME_MIN: usize = 2;
/// Members of an enumeration that are compared.
const MEMBERS_MAX: usize = 12;
/// What parts the clauses of a gap.
const STOPS: [char; 15] =
    ['，', ',', '；', ';', '：', ':', '。', '、', '（', '）', '(', ')', '\n', '|', '？'];

/// Figures that stand for the same quantity of several things, each with what tells it from the others.
pub(super) struct Enumeration {
    pub figures: Vec<usize>,
    pub names: Vec<String>,
    /// What it is for, where there are others of the same names: 机构.
    pub of: Option<String>,
    /// What those are for: 居家.
    pub siblings: Vec<String>,
    /// And their figures.
    pub beside: Vec<usize>,
}

impl Enumeration {
    /// The member that these words name, and what they say before and behind it; none where they name several.
    pub(super) fn member<'w>(&self, words: &'w str) -> Option<(usize, &'w str, &'w str)> {
        let held = self.names.iter().enumerate().filter(|(_, name)| words.contains(name.as_str()));
        // 未成年人 has the name of 成年人 in it.
        let (longest, name) = held.max_by_key(|(_, name)| name.len())?;
        let (before, behind) = words.split_once(name.as_str())?;
        let names_more = |rest: &str| self.names.iter().any(|other| rest.contains(other.as_str()));
        (!names_more(before) && !names_more(behind)).then_some((longest, before, behind))
    }

    /// Whether the policy gives this value to that member in another sentence, or gives it too often to tell.
    pub(super) fn is_said_elsewhere(
        &self,
        (policy, listed): (&Said<'_>, &HashMap<usize, String>),
        everywhere: &HashMap<&str, Vec<usize>>,
        member: usize,
        value: &str,
    ) -> bool {
        let Some(name) = self.names.get(member) else { return true };
        let held = everywhere.get(value).map(Vec::as_slice).unwrap_or_default();
        let mut others = held.iter().filter(|index| !self.figures.contains(index));
        let is_of_name = |index: &usize| match listed.get(index) {
            Some(listed) => listed.contains(name.as_str()),
            None => named(policy, *index).contains(name.as_str()),
        };
        held.len() == ALIKE_MAX || others.any(is_of_name)
    }
}

/// The names of the figures of lists: 轻度、中度分别为200元、400元.
pub(super) fn listed(said: &Said<'_>, runs: &[Vec<usize>]) -> HashMap<usize, String> {
    let mut names: HashMap<usize, String> = HashMap::default();
    for run in runs {
        names.extend(respectively(said, run).into_iter().flat_map(|names| {
            let figures = run.iter().copied();
            figures.zip(names)
        }));
    }
    names
}

/// Tells each list what others over the same names are for: 机构护理分别为40元、50元，居家护理分别为20元、25元.
pub(super) fn tell_apart(policy: &Said<'_>, enumerations: &mut [Enumeration]) {
    let mut alike: HashMap<Vec<String>, Vec<usize>> = HashMap::default();
    for (index, one) in enumerations.iter().enumerate() {
        let held = alike.entry(one.names.clone()).or_default();
        if held.len() < ALIKE_MAX {
            held.push(index);
        }
    }
    for group in alike.into_values().filter(|group| group.len() > 1) {
        let lead = |index: &usize| {
            let first = policy.figures.get(*enumerations.get(*index)?.figures.first()?)?;
            let (before, _) = first.lead.rsplit_once("分别")?;
            before.rsplit(['，', ',', '：', ':']).next().map(letters)
        };
        let leads: Option<Vec<String>> = group.iter().map(lead).collect();
        let Some(names) = leads.and_then(|leads| told_apart(&leads)) else { continue };
        let figures =
            group.iter().filter_map(|index| Some(enumerations.get(*index)?.figures.clone()));
        let figures: Vec<usize> = figures.flatten().collect();
        for (index, of) in group.iter().zip(&names) {
            let Some(one) = enumerations.get_mut(*index) else { continue };
            let is_beside = |figure: &&usize| !one.figures.contains(figure);
            one.beside = figures.iter().filter(is_beside).copied().collect();
            one.siblings = names.iter().filter(|name| *name != of).cloned().collect();
            one.of = Some(of.clone());
        }
    }
}

/// Figures of one kind, rate and bound that follow one another in a text, or stand in one row or column of a table.
pub(super) fn runs(said: &Said<'_>) -> Vec<Vec<usize>> {
    let mut found = vec![];
    let mut open: HashMap<&str, Vec<usize>> = HashMap::default();
    let mut lines: HashMap<(usize, &str, bool, &str), Vec<usize>> = HashMap::default();
    for (index, figure) in said.figures.iter().enumerate().filter(|(_, f)| is_compared(f)) {
        if figure.row > 0 {
            let unit = said.document.unit_at(figure.range.start);
            let (row, column) = figure.label.split_at_checked(figure.row).unwrap_or_default();
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
pub(super) fn are_listed(said: &Said<'_>, one: &Figure, next: &Figure) -> bool {
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

/// What a run of figures enumerates; by its names with what stands in brackets behind them, and by those without: 初级
/// and 五级 of 取得初级（五级）证书的.
pub(super) fn enumerations(policy: &Said<'_>, run: &[usize]) -> impl Iterator<Item = Enumeration> {
    let whole = enumeration(policy, run, false);
    let bare = enumeration(policy, run, true);
    let is_other =
        whole.as_ref().map(|whole| &whole.names) != bare.as_ref().map(|bare| &bare.names);
    whole.into_iter().chain(bare.filter(|_| is_other))
}

fn enumeration(policy: &Said<'_>, run: &[usize], is_bare: bool) -> Option<Enumeration> {
    let one_by_one = || {
        let clauses: Vec<Vec<String>> =
            run.iter().enumerate().map(|(at, _)| called(policy, run, at, is_bare)).collect();
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
    // 10万元（博士）、5万元（硕士）
    if run
        .iter()
        .any(|one| policy.figures.get(*one).is_some_and(|one| is_named_behind(policy, one)))
    {
        return None;
    }
    let values: HashSet<&String> = run.iter().filter_map(|one| policy.forms.get(*one)).collect();
    (values.len() > 1).then(|| Enumeration {
        figures: run.to_vec(),
        names,
        of: None,
        siblings: vec![],
        beside: vec![],
    })
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
    words.chars().filter(|c| is_alphabetic(*c)).collect()
}

/// The clauses in which a member is named.
fn called(policy: &Said<'_>, run: &[usize], at: usize, is_bare: bool) -> Vec<String> {
    let Some(figure) = run.get(at).and_then(|one| policy.figures.get(*one)) else { return vec![] };
    if figure.row > 0 {
        let (row, column) = figure.label.split_at_checked(figure.row).unwrap_or_default();
        let is_row = |one: &usize| {
            policy.figures.get(*one).is_some_and(|one| one.label.get(..one.row) == Some(row))
        };
        return clauses(if run.iter().all(is_row) { column } else { row });
    }
    let before = at.checked_sub(1).and_then(|before| policy.figures.get(*run.get(before)?));
    let text = policy.document.text();
    if let Some(before) = before {
        let gap = text.get(before.range.end..figure.range.start).unwrap_or_default();
        return clauses(&without_brackets(gap, is_bare));
    }
    let unit = policy.document.units().get(policy.document.unit_at(figure.range.start));
    let begin = unit.map_or(0, |unit| unit.start + unit.mark.len());
    let before = text.get(begin..figure.range.start);
    clauses(&without_brackets(last_chars(before.unwrap_or_default(), NAMED_MAX), is_bare))
}

/// 取得初级证书的 of 取得初级（五级）证书的, where that is asked for.
fn without_brackets(gap: &str, is_bare: bool) -> Cow<'_, str> {
    if !is_bare || !gap.contains('（') {
        return gap.into();
    }
    let mut parts = gap.split('（');
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.split_once('）').map_or(part, |(_, behind)| behind));
    (first + &rest.collect::<String>()).into()
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

/// Whether what a figure is for stands behind it: 10万元（博士）, 200元给轻度.
pub(super) fn is_named_behind(said: &Said<'_>, figure: &Figure) -> bool {
    let behind = said.document.text().get(figure.range.end..).unwrap_or_default();
    let bracket = behind.strip_prefix(['（', '(']).and_then(|rest| rest.chars().next());
    figure.row == 0 && (behind.starts_with('给') || bracket.is_some_and(char::is_alphabetic))
}

/// What stands in a bracket behind a figure, and says what it is for: 40元（一类）.
pub(super) fn in_bracket(said: &Said<'_>, figure: &Figure) -> Option<String> {
    let behind = said.document.text().get(figure.range.end..).filter(|_| figure.row == 0)?;
    let bracket = first_chars(behind.strip_prefix(['（', '('])?, BRACKET_MAX);
    let (name, _) = bracket.split_once(['）', ')'])?;
    Some(letters(name)).filter(|name| name.chars().nth(NAME_MIN - 1).is_some())
}

/// The words before a figure in which its member is named: from the last figure of its kind on, in its sentence.
pub(super) fn named(said: &Said<'_>, index: usize) -> String {
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

pub(super) fn is_compared(figure: &Figure) -> bool {
    !figure.is_weak
        && !figure.is_about
        && figure.part == Part::Alone
        && ![CLOCK, WEEKDAY].contains(&figure.unit)
}
