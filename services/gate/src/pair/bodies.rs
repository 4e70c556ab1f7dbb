//! Who does it: 区人社局20个工作日内拨付 where the policy says 区财政局在20个工作日内…拨付. A clause is known by its other words and its
//! figures; they are chosen freely, so it warns.

use std::{cell::LazyCell, ops::Range};

use foldhash::{HashMap, HashSet};

use super::{
    former::{speaks_in_doubt, speaks_of_other},
    near::{Letters, letters},
    rare::Rare,
    sentences::Sentence,
    texts::{Said, Texts},
};
use crate::document::{first_chars, is_alphabetic, last_chars};

/// How their names end, longer ones first.
const ENDS: [&str; 10] =
    ["委员会", "部门", "中心", "支队", "大队", "街道办", "局", "委", "厅", "办"];
/// Characters of a name between the level and the end.
const NAME_MAX: usize = 16;
/// Characters before a clause in which its case stands.
const CASE_MAX: usize = 40;
/// Pairs of letters that two clauses share at least; fewer where they share a figure.
const SHARED_MIN: usize = 5;
/// The same for one body of another level, and how many of its clause's pairs are one of those.
const SHARED_FEW: usize = 2;
const SHARED_FEW_OF: usize = 4;

/// A clause with its only body.
struct Clause<'t> {
    body: Body<'t>,
    sentence: &'t Sentence,
    pairs: Vec<Letters>,
    forms: Vec<&'t str>,
}

/// A body: 区财政局.
#[derive(Clone)]
struct Body<'t> {
    level: u8,
    kernel: &'t str,
    range: Range<usize>,
}

/// A body of the interpretation, with the policy's.
pub(super) struct Other {
    pub ours: Range<usize>,
    pub theirs: Range<usize>,
}

pub(super) fn find(texts: &Texts<'_>) -> Vec<Other> {
    let (policy, interpretation) = (&texts.policy, &texts.interpretation);
    let issuers = LazyCell::new(|| issuers(policy.document.text()));
    let mut ours = clauses(interpretation);
    ours.retain(|ours| {
        is_plain(interpretation, ours) && !is_issued(interpretation, ours, &issuers)
    });
    // Of the policy, which is longer, only what is asked for.
    let theirs = if ours.is_empty() { vec![] } else { clauses(policy) };
    let mut by_pair: Rare<Letters> = Rare::default();
    for (index, clause) in theirs.iter().enumerate() {
        for pair in &clause.pairs {
            by_pair.add(*pair, index);
        }
    }
    let named = LazyCell::new(|| -> HashSet<(u8, &str)> {
        let named = bodies(policy.document.text(), 0);
        named.iter().map(|body| (body.level, body.kernel)).collect()
    });
    let mut found = vec![];
    for ours in &ours {
        let mut shared: HashMap<usize, usize> = HashMap::default();
        let held = ours.pairs.iter().filter_map(|pair| by_pair.get(pair));
        for index in held.filter(|held| !held.are_common()).flatten() {
            *shared.entry(index).or_default() += 1;
        }
        let near = shared.iter().filter_map(|(index, count)| {
            let clause = theirs.get(*index)?;
            // 市级农业农村部门 where the policy only has one of a 县.
            let is_other_level = || {
                ours.body.kernel == clause.body.kernel
                    && *count >= SHARED_FEW
                    && count * SHARED_FEW_OF >= ours.pairs.len()
                    && !named.contains(&(ours.body.level, ours.body.kernel))
            };
            let is_near = is_near(ours, clause, *count) || is_other_level();
            is_near.then_some((*count, std::cmp::Reverse(*index), clause))
        });
        let near: Vec<_> = near.collect();
        // The policy says it of this body too.
        let is_same = near.iter().any(|(.., clause)| are_one(&ours.body, &clause.body));
        let nearest = near.iter().max_by_key(|(count, index, _)| (*count, *index));
        if let Some((.., clause)) = nearest.filter(|_| !is_same)
            && !names(policy, clause, &ours.body)
        {
            found.push(Other { ours: ours.body.range.clone(), theirs: clause.body.range.clone() });
        }
    }
    found
}

/// Characters of a policy at its end, where its issuer stands.
const END_MAX: usize = 120;

/// The bodies in a policy's title and below it.
fn issuers(policy: &str) -> Vec<Body<'_>> {
    let head = policy.trim_start().lines().next().unwrap_or_default();
    bodies(first_chars(head, END_MAX), 0)
        .into_iter()
        .chain(last_chars(policy, END_MAX).lines().flat_map(|line| bodies(line, 0)))
        .collect()
}

/// 区教育局印发《通知》: that the policy's own issuer issues something is no matter of the policy's clauses.
fn is_issued(said: &Said<'_>, clause: &Clause<'_>, issuers: &[Body<'_>]) -> bool {
    const ISSUES: [&str; 6] = ["印发", "发布", "公布", "出台", "制定", "下发"];
    let text = said.document.text();
    let behind = text.get(clause.body.range.end..clause.sentence.range.end).unwrap_or_default();
    issuers.iter().any(|issuer| are_one(issuer, &clause.body))
        && ISSUES.iter().any(|word| behind.contains(word))
}

/// Whether a clause says what the other does: half of its words and a figure, or four fifths of its words.
fn is_near(ours: &Clause<'_>, theirs: &Clause<'_>, shared: usize) -> bool {
    let has_figure = ours.forms.iter().any(|form| theirs.forms.contains(form));
    (has_figure && shared * 2 >= ours.pairs.len())
        || (shared >= SHARED_MIN && shared * 5 >= ours.pairs.len() * 4)
}

/// Whether the sentence of a clause names this body too, or several levels at once.
fn names(said: &Said<'_>, clause: &Clause<'_>, body: &Body<'_>) -> bool {
    const SEVERAL: [&str; 6] = ["两级", "各级", "市、区", "省、市", "市、县", "会同"];
    let start = clause.body.range.start;
    let sentence = said.sentence_at(start).unwrap_or(clause.sentence);
    let whole = said.around(sentence, start);
    let own = clause.sentence.range.clone();
    let own = said.document.text().get(own).unwrap_or_default();
    // 区财政局在20个工作日内拨付，区人社局在13个工作日内核验: each does its own.
    let parts = whole.split(['，', ',', '；']);
    let mut parts = parts.filter(|part| {
        own.contains(part) || !(part.contains(char::is_numeric) || begins_with_body(part))
    });
    SEVERAL.iter().any(|word| whole.contains(word))
        || parts.any(|part| bodies(part, 0).iter().any(|other| are_one(other, body)))
}

/// 区人社局负责审核申请材料: a clause of its own, of what another body does.
fn begins_with_body(part: &str) -> bool {
    const OWN_MIN: usize = 4;
    let bare = part.trim_start().trim_start_matches('由');
    bodies(bare, 0).first().is_some_and(|body| {
        let behind = bare.get(body.range.end..).unwrap_or_default();
        body.range.start == 0
            && behind.chars().count() >= OWN_MIN
            && !behind.starts_with(['、', '和', '与', '及', '会', '等'])
            && !["配合", "协助", "协同"].iter().any(|word| behind.contains(word))
    })
}

/// 区人社局 is 区人力资源社会保障局, and 县级农业农村部门 区农业农村局.
fn are_one(one: &Body<'_>, other: &Body<'_>) -> bool {
    let is_within = |short: &str, long: &str| {
        let mut long = long.chars();
        short.chars().all(|sought| long.any(|held| held == sought))
    };
    one.level == other.level
        && (is_within(one.kernel, other.kernel) || is_within(other.kernel, one.kernel))
}

fn is_plain(said: &Said<'_>, clause: &Clause<'_>) -> bool {
    const OTHERS: [&str; 4] = ["会同", "联合", "或者", "两级"];
    let start = clause.body.range.start;
    let sentence = said.sentence_at(start).unwrap_or(clause.sentence);
    let whole = said.around(sentence, start);
    !clause.sentence.is_question
        && !OTHERS.iter().any(|word| whole.contains(word))
        && !speaks_of_other(whole)
        && !speaks_in_doubt(whole)
}

/// The clauses of a text that have one body.
fn clauses<'t>(said: &'t Said<'_>) -> Vec<Clause<'t>> {
    let text = said.document.text();
    let mut found: Vec<Clause<'t>> = vec![];
    for sentence in &said.sentences {
        let clause = text.get(sentence.range.clone()).unwrap_or_default();
        if clause.contains(['，', ',', '：', '；']) {
            continue;
        }
        let bodies = bodies(clause, sentence.range.start);
        let [body] = bodies.as_slice() else { continue };
        if found.last().is_some_and(|last| last.body.range == body.range) {
            continue;
        }
        let parts = [sentence.range.start..body.range.start, body.range.end..sentence.range.end];
        let case = case_before(text, sentence.range.start);
        let parts = parts.into_iter().filter_map(|part| text.get(part)).chain([case]);
        let forms = said.forms.get(sentence.figures.clone()).unwrap_or_default();
        let forms = forms.iter().map(String::as_str).collect();
        found.push(Clause { body: body.clone(), sentence, pairs: letters(parts), forms });
    }
    found
}

/// 确需超出的， before a clause.
fn case_before(text: &str, start: usize) -> &str {
    let before = last_chars(text.get(..start).unwrap_or_default(), CASE_MAX);
    let Some(before) = before.strip_suffix(['，', ',']) else { return "" };
    let case = before.rsplit(['，', ',', '。', '；', '：', '\n']).next().unwrap_or_default();
    if case.ends_with('的') { case } else { "" }
}

/// Whether a level's sign is part of another word: 社区, 市场.
fn is_of_word(before: &str, level: char, behind: &str) -> bool {
    const BEFORE: [char; 14] =
        ['社', '园', '景', '片', '城', '郊', '学', '校', '小', '地', '山', '超', '门', '街'];
    const BEHIND: [char; 8] = ['场', '民', '域', '间', '内', '外', '值', '面'];
    before.ends_with(BEFORE)
        || behind.starts_with(BEHIND)
        || (level == '街' && !behind.starts_with('道'))
}

/// Whether what ends a body's name goes on in another word: 办 of 办法, 委 of 委托.
fn goes_on(end: &str, rest: &str) -> bool {
    match end {
        "办" => rest.starts_with(['法', '理', '公', '学', '事', '结', '好', '件']),
        "委" => rest.starts_with(['托', '派', '员']),
        "局" => rest.starts_with(['面', '限', '部']),
        _ => false,
    }
}

/// Where a body stands that is called so: 县级 and 区 may be one. Asked of every character there is.
fn level_of(c: char) -> Option<u8> {
    Some(match c {
        '省' => 3,
        '市' => 2,
        '县' | '区' => 1,
        '镇' | '街' => 0,
        _ => return None,
    })
}

/// The bodies that a clause names; `base` is where it begins.
fn bodies(clause: &str, base: usize) -> Vec<Body<'_>> {
    let mut found: Vec<Body<'_>> = vec![];
    let mut from = 0;
    for (at, c) in clause.char_indices() {
        let Some(level) = level_of(c).filter(|_| at >= from) else { continue };
        let (before, behind) = clause.split_at(at);
        let behind = behind.strip_prefix(c).unwrap_or(behind);
        if is_of_word(before, c, behind) {
            continue;
        }
        let name = behind.strip_prefix('级').unwrap_or(behind);
        let start = clause.len() - name.len();
        let name = first_chars(name, NAME_MAX);
        let is_name = |kernel: &str| {
            (2..).contains(&kernel.chars().count())
                && kernel
                    .chars()
                    .all(|c| is_alphabetic(c) && !"的由向到将在对经报和与及等应可、".contains(c))
        };
        // Most names lack most ends, which is told much sooner than where one stands.
        let ended = ENDS.iter().filter(|end| name.contains(**end)).filter_map(|end| {
            let (kernel, rest) = name.split_once(end)?;
            (is_name(kernel) && !goes_on(end, rest)).then_some((kernel, end.len()))
        });
        let ended = ended.min_by_key(|(kernel, _)| kernel.len());
        let bare = || name.starts_with("财政").then_some(("财政", 0));
        if let Some((kernel, end)) = ended.or_else(bare) {
            from = start + kernel.len() + end;
            found.push(Body { level, kernel, range: base + at..base + from });
        }
    }
    found
}

/// Each body once; a sentence and its part name it twice.
pub(super) fn once(found: Vec<Other>) -> Vec<Other> {
    let mut said = HashSet::default();
    found.into_iter().filter(|other| said.insert(other.ours.start)).collect()
}
