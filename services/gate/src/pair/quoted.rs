//! The policy's own words in quotation marks, with a word of them changed. What is compared nowhere else (不超过
//! beside 不少于) is certain here: all the rest is the policy's, to the letter.

use std::ops::Range;

use foldhash::HashMap;
use lockstep_proto::finding::Finding;

use super::{
    Pair, cap, contradictions, figures,
    former::speaks_of_other,
    own::{calls_own, last_clause},
};
use crate::{
    codes::{self, At as _},
    document::{first_chars, is_letter, is_numeral, last_chars, sentence_before},
    titles,
};

/// Letters and digits of a quotation that is looked at: shorter ones are names and catchwords.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=200;
/// Those of one that binds at least, where it is said to be a document's: 《办法》规定“应当明码标价”.
const BINDING_MIN: usize = 6;
/// Words that bind, and by which a quotation is said to be a document's.
const DUTIES: [&str; 6] = ["应当", "可以", "不得", "必须", "禁止", "严禁"];
const SAYING: [&str; 6] = ["规定", "明确", "要求", "提出", "指出", "载明"];
/// Characters by which a quotation's place in the policy is found.
const SEED: usize = 4;
/// Places in the policy that one quotation is held against at most.
const PLACES_MAX: usize = 16;
/// Characters that are changed at most, on either side.
const CHANGE_MAX: usize = 4;

/// Characters before such a change that begin a quotation at most, where they are too few to find its place by.
const HEAD_MAX: usize = 8;

/// Characters that are left out at most, and those left behind them at least.
const LEFT_OUT_MAX: usize = 60;
const TAIL_MIN: usize = 6;
/// What must not be left out unsaid: negations, conditions, exceptions.
const BINDING: [char; 12] =
    ['不', '未', '非', '除', '但', '须', '应', '仅', '只', '超', '经', '满'];

/// What turns a rule into another when it stands for one another, or for nothing.
const OPPOSED: [[&str; 2]; 30] = [
    ["超过", "少于"],
    ["超过", "低于"],
    ["高于", "低于"],
    ["高于", "少于"],
    ["多于", "少于"],
    ["大于", "小于"],
    ["高", "低"],
    ["多", "少"],
    ["大", "小"],
    ["上", "下"],
    ["内", "外"],
    ["前", "后"],
    ["应当", "可以"],
    ["应当", "不得"],
    ["不得", "可以"],
    ["必须", "可以"],
    ["必须", "不得"],
    ["禁止", "可以"],
    ["严禁", "可以"],
    ["鼓励", "应当"],
    ["应", "可"],
    ["应", "可以"],
    ["应当", "可"],
    ["可", "不得"],
    ["应", "不"],
    ["不", ""],
    ["不得", ""],
    ["未", ""],
    ["非", ""],
    ["有", "无"],
];

/// Quotations that are looked for in the whole policy, where they begin as too many of its places do.
const SEARCHES_MAX: usize = 20;

/// Words of a sentence that tells of a change, besides those of another time.
const CHANGES: [&str; 23] = [
    "修改", "修订", "改为", "变为", "变成", "调整", "提高", "降低", "上调", "下调", "降至", "放宽",
    "收紧", "扩大", "压缩", "缩短", "延长", "增加", "减少", "取消", "删", "草案", "误",
];

/// Words before a quotation that report what others say, or say that it holds no longer.
const REPORTED: [&str; 15] = [
    "网传",
    "传言",
    "传闻",
    "谣言",
    "谣传",
    "流传",
    "听说",
    "据说",
    "有人",
    "以为",
    "不再执行",
    "不再适用",
    "不再实行",
    "不再按",
    "停止执行",
];
/// Words right before one, or behind it, that deny it.
const NOT: [&str; 4] = ["不是", "并非", "而非", "绝非"];
const DENIED: [&str; 14] = [
    "的说法",
    "的传言",
    "的传闻",
    "不属实",
    "不实",
    "不准确",
    "不正确",
    "不对",
    "不成立",
    "不再执行",
    "不再适用",
    "停止执行",
    "是谣言",
    "辟谣",
];
/// What a document or an office of a higher level is called by, and other occasions.
const ABOVE: [&str; 7] = ["省", "国务院", "国家", "中央", "上级", "自治区", "部委"];
const MEETINGS: [&str; 3] = ["会议", "讲话", "批示"];
/// Words of the line above that say so of what stands below.
const DENIED_ABOVE: [&str; 7] = ["误区", "误解", "谣言", "传言", "不实", "错误", "网传"];

/// A text's letters and digits, and where each begins.
struct Letters {
    chars: Vec<char>,
    at: Vec<usize>,
}

impl Letters {
    fn of(text: &str, base: usize) -> Self {
        let count = text.len() / '字'.len_utf8();
        let mut letters = Self { chars: Vec::with_capacity(count), at: Vec::with_capacity(count) };
        for (at, c) in text.char_indices().filter(|(_, c)| is_letter(*c)) {
            letters.chars.push(c);
            letters.at.push(base + at);
        }
        letters
    }

    /// Whether a year is changed in this range: 2025年, of the name of a thing of that year.
    fn has_year_at(&self, range: &Range<usize>) -> bool {
        let is_digit = |at: &usize| self.chars.get(*at).is_some_and(char::is_ascii_digit);
        let start = (0..range.start).rev().take_while(is_digit).last().unwrap_or(range.start);
        let end = (range.end..self.chars.len()).find(|at| !is_digit(at));
        let end = end.unwrap_or(self.chars.len());
        let digits = self.chars.get(start..end).unwrap_or_default();
        digits.len() == 4
            && matches!(digits, ['1', '9', ..] | ['2', '0', ..])
            && self.chars.get(end) == Some(&'年')
    }

    /// Whether digits in this range touch others: the 0 of 30.
    fn has_digit_beside(&self, range: &Range<usize>) -> bool {
        let is_digit = |at: usize| self.chars.get(at).is_some_and(char::is_ascii_digit);
        let touch = |at: usize| {
            let next = self.at.get(at).zip(self.at.get(at + 1));
            next.is_some_and(|(one, next)| one + 1 == *next) && is_digit(at) && is_digit(at + 1)
        };
        !range.is_empty() && (range.start.checked_sub(1).is_some_and(touch) || touch(range.end - 1))
    }
}

/// What stands between quotation marks.
struct Quotation {
    letters: Letters,
    /// Whether it says that it leaves something out: ……
    is_shortened: bool,
    /// The words around say that it is another's, or no longer or not yet so.
    is_of_other_time: bool,
}

/// TS145: it blocks where the change turns the rule, or a number of it, into another.
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let title = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
    let quotations = quotations(pair.interpretation.text(), title);
    if quotations.is_empty() {
        return vec![];
    }
    let policy = Letters::of(pair.policy.text(), 0);
    let places = Places::of(&policy, &quotations);
    let mut searches_left = SEARCHES_MAX;
    let changed = quotations.iter().filter_map(|quotation| {
        let (change, is_cut) = places.find_change(quotation, &mut searches_left)?;
        let is_sure =
            !is_cut && !quotation.is_of_other_time && change.is_sure(&quotation.letters, &policy);
        Some((&quotation.letters, change, is_sure))
    });
    cap(changed.map(|(quotation, change, is_sure)| {
        let (ours, theirs) = (shown(quotation, &change.ours), shown(&policy, &change.theirs));
        let at = quotation.at.get(change.ours.start).copied().unwrap_or_default();
        let there = policy.at.get(change.theirs.start).copied().unwrap_or_default();
        move || {
            let (line, _) = pair.policy.place(there);
            let detail = format!("{ours} ≠ {theirs}（{}:{line}）", pair.policy_path);
            let (line, column) = pair.interpretation.place(at);
            let finding = codes::MISQUOTED.about(detail).in_member(pair.interpretation_path);
            let finding = finding.at_place(line, column);
            if is_sure { finding } else { finding.into_warning() }
        }
    }))
}

/// What stands between quotation marks, where no other document is named beside it.
fn quotations(text: &str, own: &str) -> Vec<Quotation> {
    const MARKS: [[char; 2]; 2] = [['“', '”'], ['「', '」']];
    let mut found = vec![];
    let (mut base, mut above) = (0, "");
    for line in text.split_inclusive('\n') {
        let is_denied = DENIED_ABOVE.iter().any(|word| above.contains(word));
        let is_own_line = names(line).all(|named| titles::is_own(own, named));
        for [open, close] in MARKS {
            let mut at = 0;
            while let Some(start) = line.get(at..).and_then(|rest| rest.find(open)) {
                let start = at + start + open.len_utf8();
                let rest = line.get(start..).unwrap_or_default();
                let Some(length) = rest.find(close) else { break };
                let inner = rest.get(..length).unwrap_or_default();
                let end = start + length;
                let letters = Letters::of(inner, base + start);
                let count = letters.chars.len();
                let is_own = is_own_line || is_of_own(line, start..end, own);
                let is_of_other_time = is_denied
                    || is_of_other_time(line, start, end)
                    || is_of_other_kind(line, start, own);
                let is_binding = (BINDING_MIN..*LENGTH.start()).contains(&count)
                    && !is_of_other_time
                    && binds(line, start, inner);
                if is_own && (LENGTH.contains(&count) || is_binding) {
                    let is_shortened = inner.contains(['…', '⋯']) || inner.contains("...");
                    found.push(Quotation { letters, is_shortened, is_of_other_time });
                }
                at = end;
            }
        }
        base += line.len();
        if !line.trim().is_empty() {
            above = last_chars(line, ABOVE_MAX);
        }
    }
    found
}

/// The titles that a text names.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('《').skip(1).map(|rest| rest.split('》').next().unwrap_or_default())
}

/// Whether a quotation of a few letters binds, and is said to be a document's.
fn binds(line: &str, start: usize, inner: &str) -> bool {
    const BEFORE: usize = 40;
    let lead = sentence_before(line, start, BEFORE);
    DUTIES.iter().any(|duty| inner.contains(duty)) && SAYING.iter().any(|word| lead.contains(word))
}

/// Whether a quotation is said to be that of a document of a kind that the policy is not: 条例规定“…” beside a 办法.
fn is_of_other_kind(line: &str, start: usize, own: &str) -> bool {
    const BEFORE: usize = 40;
    const KINDS: [&str; 6] = ["条例", "办法", "细则", "规定", "意见", "法律"];
    let lead = sentence_before(line, start, BEFORE).trim_end_matches(['“', '「', '：', ':', '，']);
    let clause = last_clause(lead);
    let said = SAYING.iter().find_map(|word| Some(clause.split_once(word)?.0));
    said.is_some_and(|name| {
        // 政策, 制度 and 标准 may be any document, and the policy.
        let kind = KINDS.iter().find(|kind| name.ends_with(**kind));
        kind.is_some_and(|kind| !own.contains(kind) && !name.contains(['本', '该', '》']))
    })
}

/// Whether a quotation in a line that names another document too is the policy's: what is named last before it is, and
/// nothing else behind it in its sentence.
fn is_of_own(line: &str, range: Range<usize>, own: &str) -> bool {
    const AROUND: usize = 80;
    let before = sentence_before(line, range.start, AROUND);
    let behind = first_chars(line.get(range.end..).unwrap_or_default(), AROUND);
    let behind = behind.split('。').next().unwrap_or_default();
    let Some(last) = names(before).last() else { return false };
    let between = before.rsplit('》').next().unwrap_or_default();
    (titles::is_own(own, last) || calls_own(between, own))
        && names(behind).all(|named| titles::is_own(own, named))
}

/// Characters of the line above that are looked at.
const ABOVE_MAX: usize = 80;

/// Whether the words around a quotation say that it is another's, or no longer or not yet so.
fn is_of_other_time(line: &str, start: usize, end: usize) -> bool {
    const BEFORE: usize = 60;
    const BEHIND: usize = 12;
    const DENIED_BEHIND: usize = 30;
    let before = sentence_before(line, start, BEFORE);
    let behind = first_chars(line.get(end..).unwrap_or_default(), BEHIND);
    let is_said =
        |text: &str| speaks_of_other(text) || CHANGES.iter().any(|word| text.contains(word));
    // 由“30日”到“20日”
    let mut froms = before.match_indices(['由', '从']);
    let is_from = froms.any(|(at, _)| {
        before.get(at..).is_some_and(|rest| rest.contains(['到', '至']))
            || behind.contains(['到', '至'])
    });
    let denied = first_chars(line.get(end..).unwrap_or_default(), DENIED_BEHIND);
    let denied = denied.split(['。', '；', ';']).next().unwrap_or_default();
    let lead = before.trim_end_matches(['“', '「', '：', ':', ' ']);
    let is_denied = REPORTED.iter().any(|word| before.contains(word))
        || NOT.iter().any(|word| lead.ends_with(word))
        || DENIED.iter().any(|word| denied.contains(word));
    // 省实施意见提出“…”; 省政府《办法》 is named.
    let clause = last_clause(lead);
    let is_anothers = !clause.contains('《')
        && (ABOVE.iter().any(|word| clause.starts_with(word))
            || MEETINGS.iter().any(|word| clause.contains(word)));
    is_from || is_anothers || is_said(before) || is_said(behind) || is_denied
}

/// Where the few characters that quotations begin and end with stand in the policy.
struct Places<'p> {
    policy: &'p Letters,
    by_seed: HashMap<&'p [char], Vec<usize>>,
}

impl<'p> Places<'p> {
    fn of(policy: &'p Letters, quotations: &'p [Quotation]) -> Self {
        let seeds = quotations.iter().map(|quotation| quotation.letters.chars.as_slice());
        let seeds = seeds.flat_map(|chars| [chars.first_chunk::<SEED>(), chars.last_chunk()]);
        let mut by_seed: HashMap<&[char], Vec<usize>> =
            seeds.flatten().map(|seed| (seed.as_slice(), vec![])).collect();
        for (at, seed) in policy.chars.windows(SEED).enumerate() {
            // One more tells that there are more.
            if let Some(known) = by_seed.get_mut(seed).filter(|known| known.len() <= PLACES_MAX) {
                known.push(at);
            }
        }
        by_seed.retain(|_, places| !places.is_empty());
        Self { policy, by_seed }
    }

    /// The least change by which a quotation is what the policy says, and whether it may stand to the letter at a
    /// place that was not looked at.
    fn find_change(
        &self,
        Quotation { letters: quotation, is_shortened, is_of_other_time }: &Quotation,
        searches_left: &mut usize,
    ) -> Option<(Change, bool)> {
        // What was is told in other words.
        let head_max = if *is_of_other_time { 0 } else { HEAD_MAX };
        let Some(found) = self.by_seed.get(quotation.chars.get(..SEED)?) else {
            return self.find_change_at_begin(quotation, head_max);
        };
        let mut least: Option<Change> = None;
        for at in found {
            match Likeness::of(quotation, self.policy, *at, !is_shortened) {
                Likeness::Same => return None,
                Likeness::Other => {}
                Likeness::Changed(change) => {
                    if least.as_ref().is_none_or(|least| change.len() < least.len()) {
                        least = Some(change);
                    }
                }
            }
        }
        let Some(least) = least else { return self.find_change_at_begin(quotation, head_max) };
        let is_cut = found.len() > PLACES_MAX;
        if is_cut && *searches_left > 0 {
            *searches_left -= 1;
            let policy: String = self.policy.chars.iter().collect();
            if policy.contains(&quotation.chars.iter().collect::<String>()) {
                return None;
            }
        }
        Some((least, is_cut))
    }

    /// The same where its first words are changed, if that turns it into another: 可以转让… for 不得转让….
    fn find_change_at_begin(&self, quotation: &Letters, head_max: usize) -> Option<(Change, bool)> {
        let ours = &quotation.chars;
        let ends = self.by_seed.get(ours.get(ours.len().checked_sub(SEED)?..)?)?;
        let policy = &self.policy.chars;
        let mut changed = None;
        for at in ends {
            let theirs = policy.get(..at + SEED)?;
            let pairs = ours.iter().rev().zip(theirs.iter().rev());
            let same = pairs.take_while(|(one, other)| one == other).count();
            if same == ours.len() {
                return None;
            }
            let (begin, end) = (ours.len() - same, theirs.len() - same);
            let spans = (0..=CHANGE_MAX.min(begin))
                .flat_map(|one| (0..=CHANGE_MAX.min(end)).map(move |other| (one, other)));
            // 街道可以…: the few words before the change are the policy's too.
            let is_led = |(one, other): &(usize, usize)| {
                let head = ours.get(..begin - one).unwrap_or_default();
                head.len() <= head_max
                    && theirs.get(..end - other).is_some_and(|before| before.ends_with(head))
            };
            let heads = spans
                .filter(is_led)
                .map(|(one, other)| Change { ours: begin - one..begin, theirs: end - other..end });
            let mut heads = heads.filter(|change| change.is_sure(quotation, self.policy));
            changed = changed.or_else(|| heads.next_back());
        }
        // 不参加 may be what the sentence around speaks of.
        changed.map(|change| {
            let is_added = change.theirs.is_empty();
            (change, is_added || ends.len() > PLACES_MAX)
        })
    }
}

/// What a quotation has in place of what the policy has, by their letters.
struct Change {
    ours: Range<usize>,
    theirs: Range<usize>,
}

/// Characters of a number that are looked at, and of a unit before what is changed: 3个月 for 3个工作日.
const NUMBER_MAX: usize = 10;
const UNIT_MAX: usize = 3;

/// How a quotation is like what the policy says from a place on.
enum Likeness {
    Same,
    Changed(Change),
    Other,
}

impl Likeness {
    fn of(quotation: &Letters, policy: &Letters, at: usize, is_whole: bool) -> Self {
        let ours = &quotation.chars;
        let theirs = policy.chars.get(at..).unwrap_or_default();
        let same = ours.iter().zip(theirs).take_while(|(one, other)| one == other).count();
        if same == ours.len() {
            return Self::Same;
        }
        let spans =
            (0..=CHANGE_MAX).flat_map(|one| (0..=CHANGE_MAX).map(move |other| (one, other)));
        let mut spans: Vec<(usize, usize)> = spans.filter(|span| *span != (0, 0)).collect();
        spans.sort_by_key(|(one, other)| one + other);
        let fits = |(one, other): &(usize, usize)| {
            let tail = ours.get(same + one..).unwrap_or_default();
            !tail.is_empty()
                && theirs.get(same + other..).is_some_and(|rest| rest.starts_with(tail))
        };
        let Some((one, other)) = spans.into_iter().find(fits) else {
            let left_out = is_whole.then(|| left_out(ours, theirs, same)).flatten();
            return left_out.map_or(Self::Other, |len| {
                Self::Changed(Change { ours: same..same, theirs: at + same..at + same + len })
            });
        };
        // What is left must be enough to be the policy's own words.
        if (ours.len() - one) < *LENGTH.start() - 2 || one * 2 > ours.len() {
            return Self::Other;
        }
        Self::Changed(Change { ours: same..same + one, theirs: at + same..at + same + other })
    }
}

/// How many letters of the policy's a quotation leaves out behind the `same` first ones, if some of them bind.
fn left_out(ours: &[char], theirs: &[char], same: usize) -> Option<usize> {
    let tail = ours.get(same..).filter(|tail| tail.len() >= TAIL_MIN)?;
    let rest = theirs.get(same..)?;
    let mut lens = CHANGE_MAX + 1..=LEFT_OUT_MAX;
    let len = lens.find(|len| rest.get(*len..).is_some_and(|rest| rest.starts_with(tail)))?;
    rest.get(..len)?.iter().any(|letter| BINDING.contains(letter)).then_some(len)
}

/// The words around, so that it can be told what was changed.
fn shown(of: &Letters, range: &Range<usize>) -> String {
    const AROUND: usize = 4;
    let range = range.start.saturating_sub(AROUND)..(range.end + AROUND).min(of.chars.len());
    of.chars.get(range).unwrap_or_default().iter().collect()
}

impl Change {
    fn len(&self) -> usize {
        self.ours.len() + self.theirs.len()
    }

    /// Whether it turns the rule into another: by an opposite, a negation, a number in figures.
    fn is_sure(&self, quotation: &Letters, policy: &Letters) -> bool {
        let word = |of: &Letters, range: &Range<usize>| -> String {
            of.chars.get(range.clone()).unwrap_or_default().iter().collect()
        };
        let (one, other) = (word(quotation, &self.ours), word(policy, &self.theirs));
        let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
        let are_opposed = OPPOSED.iter().any(|pair| {
            *pair == [one.as_str(), other.as_str()] || *pair == [other.as_str(), one.as_str()]
        });
        // What is left out may be a list's number: 1. 身份证明原件.
        let is_whole = !one.is_empty() && !other.is_empty();
        let is_part =
            || quotation.has_digit_beside(&self.ours) || policy.has_digit_beside(&self.theirs);
        let are_years = || quotation.has_year_at(&self.ours) && policy.has_year_at(&self.theirs);
        let are_numbers = is_number(&one) && is_number(&other);
        are_opposed
            || (are_numbers && (is_whole || is_part()) && !are_years())
            || self.changes_unit(quotation, policy)
    }

    /// Whether a number counts something else: 30日 for 30个工作日, 50元 for 50万元. 12个月 is 1年.
    fn changes_unit(&self, quotation: &Letters, policy: &Letters) -> bool {
        let read = |of: &Letters, start: usize| {
            let before = of.chars.get(..start)?.iter().rev().take(NUMBER_MAX);
            let unit = before.clone().take(UNIT_MAX).position(|c| is_numeral(*c))?;
            let digits = before.skip(unit).take_while(|c| is_numeral(**c)).count();
            let letters = of.chars.get(start - unit - digits..)?.iter();
            let text: String = letters.take(NUMBER_MAX * 2).collect();
            let found = figures::find_in(&text, 0, &[]).into_iter().next()?;
            let is_changed = text.get(found.range.clone())?.chars().count() > unit + digits;
            // 10家 and 10个 count one thing.
            let is_plain = !found.unit.is_empty() && !found.is_count();
            (found.range.start == 0 && is_changed && is_plain).then_some(found.value)
        };
        let both = read(quotation, self.ours.start).zip(read(policy, self.theirs.start));
        both.is_some_and(|(one, other)| !contradictions::is_same(&one, &other))
    }
}
