//! Which office does what: 城中村改造由市城管局牵头 where the policy has it led by 市自然资源局, and who issued it. A clause is known by
//! what it is about and its verb; words are chosen freely, so it warns.

use std::cell::LazyCell;

use foldhash::HashMap;

use super::{
    Pair,
    bodies::Other,
    former::{speaks_in_doubt, speaks_of_other},
    near::{Letters, letters},
    offices::{self, Office},
    texts::{Said, Texts},
    told::names_other,
};
use crate::{
    document::{Document, Level, first_chars, last_chars},
    titles,
};

/// What offices do.
const VERBS: [&str; 26] = [
    "牵头", "主管", "负责", "受理", "申请", "初审", "复审", "审核", "审批", "批准", "许可", "核准",
    "核查", "核验", "备案", "拨付", "发放", "登记", "认定", "检定", "验收", "评审", "查处", "吊销",
    "处罚", JOINING,
];
/// What an office does with another, which does it too.
const JOINING: &str = "会同";
/// What makes another word of one: 许可证, 负责人, 初审意见.
const OF_WORDS: [char; 12] =
    ['证', '人', '局', '书', '表', '单', '材', '条', '意', '结', '通', '名'];
/// What another level says: 市级规定：….
const LEVELS: [&str; 3] = ["级规定", "级要求", "级标准"];
/// What ends a clause, and a sentence.
const STOPS: [char; 7] = ['，', ',', '：', '（', '）', '(', ')'];
const ENDS: [char; 7] = ['。', '；', ';', '\n', '？', '?', '！'];
/// Pairs of letters that say nothing of what a clause is about.
const COMMON: [&str; 25] = [
    "工作", "作日", "日内", "个工", "应当", "要求", "按照", "依法", "有关", "相关", "部门", "行政",
    "主管", "违反", "反规", "反本", "规定", "材料", "具体", "进行", "实施", "本市", "全市", "须经",
    "并由",
];

/// Clauses of a text that are compared, and those of one verb. Keeps the work linear.
const CLAUSES_MAX: usize = 300;
const ALIKE_MAX: usize = 40;
/// Pairs of letters that two clauses about one thing share at least.
const SHARED_MIN: usize = 2;

/// The offices that do something.
struct Act<'t> {
    verb: &'static str,
    offices: Vec<Office>,
    /// What it is about, and all the words around.
    topic: Vec<Letters>,
    /// All that is said besides.
    rest: Vec<Letters>,
    around: Vec<Letters>,
    sentence: &'t str,
    /// What of it stands before the first office.
    lead: &'t str,
}

impl Act<'_> {
    /// Whether all that do the one are among those that do the other.
    fn is_within(&self, other: &Self) -> bool {
        self.offices.iter().all(|office| other.has(office))
    }

    fn has(&self, office: &Office) -> bool {
        self.offices.iter().any(|held| held.is(office))
    }
}

/// The offices of the interpretation, each with that of the policy which does what it is said to do.
pub(super) fn find(pair: &Pair<'_>, texts: &Texts<'_>) -> Vec<Other> {
    let title = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
    let is_plain = |ours: &&Act<'_>| {
        !speaks_of_other(ours.sentence)
            && !speaks_in_doubt(ours.sentence)
            && !names_other(ours.lead, title)
            && !LEVELS.iter().any(|level| ours.lead.contains(level))
    };
    let ours = acts(pair.interpretation, &VERBS);
    let ours: Vec<&Act<'_>> = ours.iter().filter(is_plain).collect();
    // Of the policy, which is longer, only what these do.
    let verbs: Vec<&str> =
        VERBS.into_iter().filter(|verb| ours.iter().any(|act| act.verb == *verb)).collect();
    let theirs = if verbs.is_empty() { vec![] } else { acts(pair.policy, &verbs) };
    let mut by_verb: HashMap<&str, Vec<&Act<'_>>> = HashMap::default();
    for act in &theirs {
        by_verb.entry(act.verb).or_default().push(act);
    }
    by_verb.retain(|_, alike| alike.len() <= ALIKE_MAX);
    let mut found = vec![];
    for ours in ours {
        let alike = by_verb.get(ours.verb).into_iter().flatten().copied();
        let theirs = alike_of(ours, alike.clone()).or_else(|| sole(ours, alike));
        found.extend(theirs.and_then(|theirs| against(ours, theirs)));
    }
    found.extend(issued(pair));
    found.extend(in_rows(texts));
    found
}

/// The nearest clause of the policy, if it is about what ours is, and none of one of our offices is as near.
fn alike_of<'p>(ours: &Act<'_>, alike: impl Iterator<Item = &'p Act<'p>>) -> Option<&'p Act<'p>> {
    let shared = |theirs: &Act<'_>| {
        ours.topic.iter().filter(|pair| theirs.around.binary_search(pair).is_ok()).count()
    };
    let near = alike.map(|theirs| (shared(theirs), theirs));
    let near: Vec<_> = near.filter(|(shared, _)| *shared >= SHARED_MIN).collect();
    let (most, nearest) = near.iter().rev().max_by_key(|(shared, _)| *shared)?;
    let is_same = |(shared, theirs): &(usize, &Act<'_>)| {
        shared * 2 >= *most && (theirs.is_within(ours) || ours.is_within(theirs))
    };
    (most * 2 >= ours.topic.len() && !near.iter().any(is_same)).then_some(*nearest)
}

/// The policy's only clause of a verb, where ours says nothing of what it is about: 由市财政局牵头.
fn sole<'p>(
    ours: &Act<'_>,
    mut alike: impl Iterator<Item = &'p Act<'p>> + Clone,
) -> Option<&'p Act<'p>> {
    const VERBS: [&str; 5] = ["牵头", "受理", "审核", "审批", "处罚"];
    const HELPS: [&str; 4] = ["配合", "协助", "参与", "指导"];
    let is_bare = |of: &Act<'_>| of.offices.len() == 1;
    let helps = HELPS.iter().any(|word| ours.sentence.contains(word));
    let first = alike.clone().next()?;
    let is_about = VERBS.contains(&ours.verb)
        && !helps
        && ours.topic.len() < SHARED_MIN
        && ours.rest.iter().all(|pair| first.around.binary_search(pair).is_ok());
    // 市、区民政局 are of more than one level.
    let are_kin = ours.offices.iter().zip(&first.offices).any(|(one, other)| one.is_kin(other));
    let is_one = alike.all(|theirs| is_bare(theirs) && theirs.is_within(first));
    (is_about && is_bare(ours) && is_one && !are_kin).then_some(first)
}

/// The first of our offices that is none of theirs, beside the first of theirs that is none of ours.
fn against(ours: &Act<'_>, theirs: &Act<'_>) -> Option<Other> {
    let our = ours.offices.iter().find(|office| !theirs.has(office))?;
    let their = theirs.offices.iter().find(|office| !ours.has(office))?;
    Some(Other { ours: our.range.clone(), theirs: their.range.clone() })
}

/// What offices do in a text, of these verbs.
fn acts<'d>(document: &'d Document<'_>, verbs: &[&str]) -> Vec<Act<'d>> {
    const HEAD_MAX: usize = 24;
    let said = document
        .units()
        .iter()
        .filter(|unit| unit.level == Level::Paragraph || unit.level.is_structural());
    let acts = said.flat_map(|unit| {
        let text = document.text_of(unit);
        let mut found = vec![];
        // Most paragraphs name none.
        if offices::find(text, 0).next().is_none() {
            return found;
        }
        let head = first_chars(text, HEAD_MAX).split(ENDS).next().unwrap_or_default();
        let mut at = 0;
        for sentence in text.split_inclusive(ENDS) {
            read(sentence, unit.start + at, (head, verbs), &mut found);
            at += sentence.len();
        }
        found
    });
    acts.take(CLAUSES_MAX).collect()
}

/// The acts of a sentence of these verbs; `base` is where it begins, and `head` what its paragraph begins with.
fn read<'d>(
    sentence: &'d str,
    base: usize,
    (head, wanted): (&str, &[&str]),
    found: &mut Vec<Act<'d>>,
) {
    const SENTENCE_MAX: usize = 200;
    const BEFORE_MAX: usize = 40;
    if sentence.ends_with(['？', '?']) || sentence.chars().nth(SENTENCE_MAX).is_some() {
        return;
    }
    let offices: Vec<Office> = offices::find(sentence, 0).collect();
    let mut at = 0;
    for clause in sentence.split_inclusive(STOPS) {
        let (start, end) = (at, at + clause.len());
        at = end;
        if !offices.iter().any(|office| (start..end).contains(&office.range.start)) {
            continue;
        }
        let mut from = start;
        let mut verbs: Vec<(usize, &'static str)> = VERBS
            .iter()
            .filter_map(|verb| Some((start + clause.find(verb)?, *verb)))
            .filter(|(at, verb)| {
                let behind = sentence.get(at + verb.len()..).unwrap_or_default();
                !behind.starts_with(OF_WORDS) && !offices.iter().any(|held| held.range.contains(at))
            })
            .collect();
        verbs.sort_unstable();
        for (verb_at, verb) in verbs {
            let doing =
                offices.iter().filter(|office| (from..verb_at).contains(&office.range.start));
            let joined = offices
                .iter()
                .filter(|office| verb == JOINING && (verb_at..end).contains(&office.range.start));
            let joined: Vec<Office> = joined.cloned().collect();
            let doing: Vec<Office> = doing.cloned().collect();
            let (Some(one), Some(last)) = (doing.first(), doing.last()) else { continue };
            // What they do together stands behind it.
            let behind = sentence.get(verb_at + verb.len()..).unwrap_or_default();
            // 负责审核 is both.
            let leads_on = verb == "负责" && VERBS.iter().any(|next| behind.starts_with(next));
            let next = if verb == JOINING || leads_on { from } else { verb_at + verb.len() };
            if !wanted.contains(&verb) {
                from = next;
                continue;
            }
            let text = |range: std::ops::Range<usize>| sentence.get(range).unwrap_or_default();
            let mut topic = about([text(from..one.range.start)]);
            if topic.len() < SHARED_MIN {
                let before = last_chars(text(0..start), BEFORE_MAX);
                let behind = text(verb_at + verb.len()..end);
                topic = about([before, text(last.range.end..verb_at), behind]);
            }
            // 公安机关主管，管登记、管违法养犬
            if topic.len() < SHARED_MIN {
                topic = about([text(end..sentence.len())]);
            }
            from = next;
            let behind = text(verb_at + verb.len()..sentence.len());
            let rest = about([text(0..one.range.start), text(last.range.end..verb_at), behind]);
            let around = about([head, sentence]);
            let lead = text(0..one.range.start);
            let offices =
                doing.into_iter().chain(joined).map(|office| office.moved(base)).collect();
            found.push(Act { verb, offices, topic, rest, around, sentence, lead });
        }
    }
}

/// The pairs of letters of words, without those that say nothing.
fn about<const COUNT: usize>(words: [&str; COUNT]) -> Vec<Letters> {
    let is_own = |pair: &Letters| {
        let word: String = [pair.0, pair.1].into_iter().collect();
        !COMMON.contains(&word.as_str()) && !"由向经报须应在对".contains(pair.1)
    };
    letters(words.into_iter()).into_iter().filter(is_own).collect()
}

/// An office that is said to have issued the policy, and did not.
fn issued(pair: &Pair<'_>) -> Option<Other> {
    const ISSUES: [&str; 4] = ["印发", "发布", "出台", "下发"];
    const NOT: [&str; 9] = ["同意", "批准", "根据", "按照", "指导", "起草", "转发", "经", "等"];
    const END_MAX: usize = 120;
    const LOOKED_AT: usize = 1200;
    let policy = pair.policy.text();
    let own = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
    let end = last_chars(policy, END_MAX);
    let head = policy.trim_start().lines().next().unwrap_or_default();
    // Six of them may be called 市医保局等6部门.
    let several = |text: &str| text.contains("部门关于") || text.contains("单位关于");
    if several(head) || several(own) {
        return None;
    }
    let issuers = LazyCell::new(|| {
        let base = policy.len() - policy.trim_start().len();
        let mut issuers: Vec<Office> = offices::find(head, base).collect();
        let mut at = policy.len() - end.len();
        for line in end.split_inclusive('\n') {
            if !line.contains(['。', '：', '；']) {
                issuers.extend(offices::find(line, at));
            }
            at += line.len();
        }
        issuers.extend(pair.policy.metadata().signers.iter().flat_map(|signer| {
            policy.rfind(signer.as_str()).into_iter().flat_map(|at| offices::find(signer, at))
        }));
        issuers
    });
    let text = pair.interpretation.text();
    let mut at = 0;
    first_chars(text, LOOKED_AT).split_inclusive(ENDS).find_map(|sentence| {
        let start = at;
        at += sentence.len();
        let issues = ISSUES.iter().filter_map(|word| sentence.find(word)).min()?;
        let (before, behind) = sentence.split_at_checked(issues)?;
        let named = behind.split_once('《')?.1.split('》').next()?;
        let is_own = titles::is_own(own, named);
        let from = before.rfind(['，', ',']).map_or(0, |at| at + 1);
        let clause = before.get(from..).unwrap_or(before);
        let said: Vec<Office> =
            offices::find(clause, start + before.len() - clause.len()).collect();
        let is_plain = !NOT.iter().any(|word| clause.contains(word)) && !before.contains('《');
        let lacks = |of: &[Office], office: &&Office| !of.iter().any(|held| held.is(office));
        let ours = said.iter().find(|office| is_plain && is_own && lacks(&issuers, office))?;
        let theirs = issuers.iter().find(|office| lacks(&said, office))?;
        Some(Other { ours: ours.range.clone(), theirs: theirs.range.clone() })
    })
}

/// The office of a row whose figures the policy gives in one sentence, of another office:
/// | 不清理犬粪 | 公安机关 | 50元至200元 |.
fn in_rows(texts: &Texts<'_>) -> Vec<Other> {
    let (policy, said) = (&texts.policy, &texts.interpretation);
    let text = said.document.text();
    let mut by_form: HashMap<&str, Vec<usize>> = HashMap::default();
    let mut found = vec![];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if !line.starts_with('|') {
            continue;
        }
        let named: Vec<Office> = offices::find(line, start).collect();
        let [office] = named.as_slice() else { continue };
        let forms = forms_in(said, start..at);
        if forms.len() < 2 {
            continue;
        }
        if by_form.is_empty() {
            for (index, form) in policy.forms.iter().enumerate() {
                by_form.entry(form.as_str()).or_default().push(index);
            }
        }
        let rarest =
            forms.iter().filter_map(|form| by_form.get(form)).min_by_key(|held| held.len());
        let Some(rarest) = rarest.filter(|held| held.len() <= ALIKE_MAX) else { continue };
        let sentences = rarest.iter().filter_map(|index| {
            let sentence = policy.sentence_of(policy.figures.get(*index)?)?;
            let held = forms_in(policy, sentence.range.clone());
            forms.iter().all(|form| held.contains(form)).then_some(sentence)
        });
        let theirs: Vec<Office> = sentences
            .flat_map(|sentence| {
                let held = policy.document.text().get(sentence.range.clone()).unwrap_or_default();
                offices::find(held, sentence.range.start)
            })
            .collect();
        if let Some(other) = theirs.first().filter(|_| !theirs.iter().any(|held| held.is(office))) {
            found.push(Other { ours: office.range.clone(), theirs: other.range.clone() });
        }
    }
    found
}

/// The forms of the figures in a range of a text.
fn forms_in<'t>(said: &'t Said<'_>, range: std::ops::Range<usize>) -> Vec<&'t str> {
    let from = said.figures.partition_point(|figure| figure.range.start < range.start);
    let held = said.figures.iter().zip(&said.forms).skip(from);
    let held = held.take_while(|(figure, _)| figure.range.start < range.end);
    held.map(|(_, form)| form.as_str()).collect()
}
