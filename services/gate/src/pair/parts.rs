//! How many articles, chapters and parts the policy has, as the interpretation says it: 《办法》共五章三十条. Only what is
//! plainly the policy's own number is compared; measures, changes and grouped contents are counted freely.

use foldhash::HashSet;
use lockstep_proto::finding::Finding;

use super::{
    Pair, cap,
    former::{speaks_in_doubt, speaks_of_other},
    own::{Own, last_clause, strip_ends},
};
use crate::{
    codes::{self, At as _},
    document::{
        Document, Level, Unit, first_chars, is_numeral, last_chars, parse_numeral, sentence_before,
    },
};

/// A policy of fewer articles or parts may have been taken apart otherwise.
const ARTICLES_MIN: u32 = 3;
const PARTS_MIN: u32 = 2;
/// Characters around a count that are looked at.
const AROUND_MAX: usize = 120;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Article,
    Chapter,
    Part,
    Item,
}

const UNITS: [(&str, Kind); 5] = [
    ("条", Kind::Article),
    ("章", Kind::Chapter),
    ("个部分", Kind::Part),
    ("部分", Kind::Part),
    ("项", Kind::Item),
];
/// What leads to a count of the whole.
const WHOLE: [&str; 6] = ["共", "分为", "分成", "由", "分", "包含"];
/// What may stand beside it.
const BESIDE: [&str; 12] =
    ["一", "总", "计", "有", "设", "包括", "全文", "正文", "全篇", "主体", "合", "整体"];
/// What the last article of a policy speaks of.
const ENDS: [&str; 6] = ["施行", "实施", "执行", "生效", "废止", "解释"];
/// What may stand between two counts of one whole.
const BETWEEN: [&str; 8] = ["、", "，", "和", "组成", "构成", "计", "有", "设"];

/// One count of a whole.
struct Count<'t> {
    kind: Kind,
    number: u32,
    raw: &'t str,
    start: usize,
    end: usize,
    /// Whether it follows another of the same whole.
    is_next: bool,
}

/// TS121
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    const CHANGED: [&str; 4] = ["修改", "修正", "决定", "补充"];
    let title = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
    if CHANGED.iter().any(|word| title.contains(word)) {
        return vec![];
    }
    let text = pair.interpretation.text();
    let own = Own::of(pair);
    let counts = find(text, &own);
    if counts.is_empty() {
        return vec![];
    }
    let mut held = Held::of(pair.policy);
    // 一、二、三 of a notice that issues a 办法 are none of the 办法's.
    held.clauses = held.clauses.filter(|_| !own.issues());
    let mut wrong = vec![];
    for whole in counts.chunk_by(|_, next| next.is_next) {
        let beside = Beside::of(whole, &held);
        wrong.extend(whole.iter().filter_map(|count| {
            let (number, is_sure) = held.another(count, &beside)?;
            Some((count, number, is_sure))
        }));
    }
    cap(wrong.into_iter().map(|(count, number, is_sure)| {
        move || {
            let detail = format!("{} ≠ {number}（{}）", count.raw, pair.policy_path);
            let (line, column) = pair.interpretation.place(count.start);
            let finding = codes::CONTRADICTION.about(detail).in_member(pair.interpretation_path);
            let finding = finding.at_place(line, column).reword();
            if is_sure { finding } else { finding.into_warning() }
        }
    }))
}

/// The counts of the policy's own parts in an interpretation.
fn find<'t>(text: &'t str, own: &Own<'_>) -> Vec<Count<'t>> {
    let mut found: Vec<Count<'t>> = vec![];
    for (at, _) in text.match_indices(['条', '章', '部', '项']) {
        let Some(count) = count_at(text, at) else { continue };
        let last = found.last().map(|last| last.end);
        let between = last.and_then(|end| text.get(end..count.start)).unwrap_or("……");
        let is_next =
            between.len() < AROUND_MAX && strip_ends(between, &[&BETWEEN, &WHOLE]).is_empty();
        if is_next || is_of_policy(text, count.start, own) {
            found.push(Count { is_next, ..count });
        }
    }
    found
}

/// The count whose unit stands at byte `at` or right behind 个 before it, if it ends there: 十六条 and not 十六条措施.
fn count_at(text: &str, at: usize) -> Option<Count<'_>> {
    let before = text.get(..at)?;
    let bare = before.strip_suffix('个').unwrap_or(before);
    let rest = text.get(bare.len()..)?;
    let (unit, kind) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
    let length = last_chars(bare, 6)
        .chars()
        .rev()
        .take_while(|c| is_numeral(*c) || *c == '两')
        .map(char::len_utf8);
    let start = bare.len() - length.sum::<usize>();
    let numeral = text.get(start..bare.len())?;
    let number = if numeral == "两" { 2 } else { parse_numeral(numeral)? };
    let end = bare.len() + unit.len();
    let behind = text.get(end..)?;
    let is_whole = behind.chars().next().is_none_or(|c| !c.is_alphanumeric() || is_numeral(c))
        || ["组成", "构成"].iter().chain(&WHOLE).any(|word| behind.starts_with(word));
    let raw = text.get(start..end)?;
    is_whole.then_some(Count { kind: *kind, number, raw, start, end, is_next: false })
}

/// Whether what leads to byte `at` says that the policy is counted as a whole: 《办法》共, 全文共.
fn is_of_policy(text: &str, at: usize, own: &Own<'_>) -> bool {
    let sentence = sentence_before(text, at, AROUND_MAX);
    let begin = strip_ends(sentence, &[&WHOLE, &BESIDE]);
    let led = sentence.get(begin.len()..).unwrap_or_default();
    let is_led = WHOLE.iter().any(|word| led.contains(word));
    if !is_led
        || own.has_others_in(sentence)
        || speaks_of_other(sentence)
        || speaks_in_doubt(sentence)
    {
        return false;
    }
    let name = last_clause(begin);
    // 印发《办法》的通知 has other parts than the 办法 itself.
    if own.is_name(name) {
        return !name.trim_end_matches('》').ends_with("通知") || !own.issues();
    }
    // Nothing but what was said before says what is counted.
    let end = at.saturating_sub(sentence.len());
    let before = last_chars(text.get(..end).unwrap_or_default(), AROUND_MAX);
    begin.trim_matches(['-', '*', ' ', '>']).is_empty()
        && !own.has_others_in(before)
        && !speaks_of_other(before)
}

/// How many the policy has, where that is sure.
struct Held {
    articles: Option<u32>,
    begun: HashSet<u32>,
    chapters: Option<u32>,
    parts: Option<u32>,
    items: u32,
    /// Of a policy of 一、二、三 alone: how many, and whether the last is one that policies end with.
    clauses: Option<(u32, bool)>,
    has_first: bool,
    has_chapters: bool,
    /// Whether its last article is one that policies end with: one that breaks off has more.
    is_closed: bool,
}

impl Held {
    fn of(policy: &Document<'_>) -> Self {
        let articles = counted(policy, Level::Article, '第', '条');
        let articles = articles.filter(|count| *count >= ARTICLES_MIN);
        let has = |level: Level| policy.units().iter().any(|unit| unit.level == level);
        let parts = counted(policy, Level::First, ' ', ' ').filter(|count| *count >= PARTS_MIN);
        let items =
            own_units(policy, Level::Second).filter(|unit| within(unit).count() == 2).count();
        let is_plain = ![Level::Article, Level::Second, Level::Third].into_iter().any(has);
        let clauses = parts.filter(|count| is_plain && *count >= ARTICLES_MIN).map(|count| {
            let last = own_units(policy, Level::First).last();
            let last = last.map(|last| policy.text_of(last)).unwrap_or_default();
            (count, ENDS.iter().any(|end| last.contains(end)))
        });
        Self {
            articles,
            clauses,
            begun: articles.map(|count| begun(policy, count)).unwrap_or_default(),
            chapters: counted(policy, Level::Chapter, '第', '章').filter(|count| *count > 1),
            parts: parts.filter(|_| !has(Level::Article)),
            items: u32::try_from(items).unwrap_or(u32::MAX),
            has_first: has(Level::First),
            has_chapters: has(Level::Chapter),
            is_closed: own_units(policy, Level::Article).last().is_some_and(|last| {
                let end = policy.text().get(last.start..).unwrap_or_default();
                ENDS.iter().any(|word| end.contains(word))
            }),
        }
    }

    /// The policy's number where it is another, and whether that is sure.
    fn another(&self, count: &Count<'_>, beside: &Beside) -> Option<(String, bool)> {
        let said = |number: u32, unit: &str, is_sure: bool| {
            (number != count.number).then(|| (format!("{number}{unit}"), is_sure))
        };
        let is_sure = |held: u32| self.is_closed || count.number < held;
        match count.kind {
            Kind::Article if self.articles.is_some() => {
                let articles = self.articles.filter(|_| !self.begun.contains(&count.number))?;
                said(articles, "条", is_sure(articles))
            }
            Kind::Chapter if !self.has_chapters && !self.has_first => {
                self.articles.map(|_| ("没有章 no chapters".to_owned(), false))
            }
            Kind::Chapter => {
                let chapters = self.chapters?;
                said(chapters, "章", is_sure(chapters))
            }
            // Who counts the items right counts by the headings.
            Kind::Part => said(self.parts?, "个部分", beside.has_items),
            Kind::Article
                if let Some((clauses, is_closed)) = self.clauses
                    && !beside.has_parts =>
            {
                said(clauses, "条", is_closed)
            }
            // （一） to （十七） are called either.
            Kind::Article | Kind::Item => {
                let is_compared = self.items > 1 && beside.has_parts;
                if is_compared { said(self.items, "项", false) } else { None }
            }
        }
    }
}

/// What else is counted of one whole, and rightly.
struct Beside {
    has_items: bool,
    has_parts: bool,
}

impl Beside {
    fn of(whole: &[Count<'_>], held: &Held) -> Self {
        let is_item = |count: &Count<'_>| {
            matches!(count.kind, Kind::Article | Kind::Item) && count.number == held.items
        };
        let is_part =
            |count: &Count<'_>| count.kind == Kind::Part && Some(count.number) == held.parts;
        Self { has_items: whole.iter().any(is_item), has_parts: whole.iter().any(is_part) }
    }
}

/// The numbers behind `count` with which lines begin all the same: 第十六条 that was taken for no article.
fn begun(policy: &Document<'_>, count: u32) -> HashSet<u32> {
    let number = |line: &str| {
        let line = line.trim_start_matches(['#', '*', ' ', '　']);
        let (mark, _) = first_chars(line.strip_prefix('第')?, 8).split_once('条')?;
        parse_numeral(mark).filter(|number| *number > count)
    };
    policy.text().lines().filter_map(number).collect()
}

/// The units of a level that are the policy's own, or of the one document that it issues.
fn own_units<'d>(policy: &'d Document<'_>, level: Level) -> impl Iterator<Item = &'d Unit> {
    let units = policy.units().iter().filter(move |unit| unit.level == level);
    units.filter(|unit| !["附件", "附表", "附录"].iter().any(|part| unit.path.starts_with(part)))
}

/// A unit's path without the document that it stands in.
fn within(unit: &Unit) -> impl Iterator<Item = &str> {
    unit.path.split('/').filter(|part| !part.starts_with("附文"))
}

/// How many units of a level there are, if they are numbered from one on without a gap, in one document.
fn counted(policy: &Document<'_>, level: Level, before: char, behind: char) -> Option<u32> {
    let mut last = 0;
    for unit in own_units(policy, level) {
        let name = within(unit).last()?;
        let number = name.strip_prefix(before).unwrap_or(name);
        let number = parse_numeral(number.strip_suffix(behind).unwrap_or(number))?;
        last += 1;
        if number != last {
            return None;
        }
    }
    (last > 0).then_some(last)
}
