//! Clauses of the policy that the interpretation cites, and that are not there: 第四十五条 of one of twenty articles,
//! 第五条第三款 of one paragraph, 附件3 of two.

use foldhash::HashMap;
use lockstep_proto::finding::Finding;

use super::{Pair, cap, former::speaks_of_former};
use crate::{
    codes::{self, At as _},
    document::{
        Document, Level, Reference, SELF_NAMES, Target, last_chars, parse_numeral, sentence_before,
    },
    titles,
};

/// A policy of fewer articles is cited by other things.
const ARTICLES_MIN: usize = 3;
/// Ends of other documents' names before a clause.
const OTHERS: [&str; 7] = ["法第", "条例第", "规定第", "办法第", "决定第", "解释第", "细则第"];

/// Characters before a reference that are looked at.
const BEFORE_MAX: usize = 400;

/// TS144
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let clauses = Clauses::of(pair.policy);
    let own = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
    let cited = pair.interpretation.references().iter();
    let missing = cited.filter_map(|reference| {
        // A range's ends, of which the last is the greater.
        let last = reference.paths.iter().rev().find_map(|path| clauses.lacks(path))?;
        is_of_policy(pair, reference, own).then_some((reference, last))
    });
    cap(missing.map(|(reference, last)| {
        move || {
            let (line, column) = pair.interpretation.place(reference.start);
            let detail = format!("{}（{last}）", reference.raw);
            let finding = codes::NO_SUCH_CLAUSE.about(detail);
            finding.in_member(pair.interpretation_path).at_place(line, column)
        }
    }))
}

/// The clauses of a policy that can be told to end somewhere.
struct Clauses {
    /// How many, of a policy that counts them from one on, without documents inside it.
    articles: Option<u32>,
    chapters: Option<u32>,
    attachments: u32,
    /// By its number, what an article holds.
    within: HashMap<u32, Within>,
}

/// What an article holds.
#[derive(Default)]
struct Within {
    paragraphs: u32,
    items: u32,
    stops: usize,
    has_marks: bool,
}

impl Clauses {
    fn of(policy: &Document<'_>) -> Self {
        let attached = policy.units().iter().filter(|unit| unit.level == Level::Attachment).count();
        let attachments = attached.max(policy.metadata().attachments.len());
        let articles = last(policy, Level::Article, '条')
            .filter(|last| usize::try_from(*last).is_ok_and(|last| last >= ARTICLES_MIN));
        // 一、二、三 of a notice that issues a 办法 are none of the 办法's.
        let issues =
            policy.metadata().title.as_ref().is_some_and(|title| title.ends_with("》的通知"));
        let articles = articles.or_else(|| clauses(policy).filter(|_| !issues));
        Self {
            articles,
            chapters: last(policy, Level::Chapter, '章').filter(|last| *last > 1),
            attachments: u32::try_from(attachments).unwrap_or(u32::MAX),
            within: articles.map(|_| within(policy)).unwrap_or_default(),
        }
    }

    /// How far the policy goes, where it does not go as far as this path.
    fn lacks(&self, path: &str) -> Option<String> {
        let goes = |count: u32, what: &str| format!("政策文件共{count}{what} it has {count}");
        if let Some(number) = path.strip_prefix("附件").and_then(parse_numeral) {
            let count = self.attachments;
            return (0 < count && count < number).then(|| goes(count, "个附件"));
        }
        let number = |unit| path.split('/').find_map(|part| number(part, unit));
        let Some(article) = number('条') else {
            let chapters = self.chapters?;
            return number('章').filter(|number| *number > chapters).map(|_| goes(chapters, "章"));
        };
        let articles = self.articles?;
        if article > articles {
            return Some(goes(articles, "条"));
        }
        let within = self.within.get(&article)?;
        if let Some(paragraph) = number('款') {
            let count = within.paragraphs.max(1);
            // Paragraphs may have run together.
            let can_be = count == 1 && usize::try_from(paragraph).is_ok_and(|n| n <= within.stops);
            if paragraph > count && !can_be {
                return Some(format!("该条共{count}款 it has {count}"));
            }
        }
        path.split('/').find_map(item).filter(|item| *item > within.items)?;
        (within.items > 0 || !within.has_marks)
            .then(|| format!("该条共{}项 it has {}", within.items, within.items))
    }
}

/// The number of the last unit of a level that is counted from one on.
fn last(policy: &Document<'_>, level: Level, sign: char) -> Option<u32> {
    let units = policy.units().iter().filter(|unit| unit.level == level);
    let numbers: Vec<u32> =
        units.filter_map(|unit| unit.path.split('/').find_map(|part| number(part, sign))).collect();
    let is_whole = (1..).zip(&numbers).all(|(expected, number)| expected == *number);
    numbers.last().copied().filter(|_| is_whole)
}

/// How many clauses 一、二、三 there are, of a policy that has no articles and no lists within them.
fn clauses(policy: &Document<'_>) -> Option<u32> {
    let of = |level: Level| policy.units().iter().filter(move |unit| unit.level == level);
    if of(Level::Article).chain(of(Level::Second)).next().is_some() {
        return None;
    }
    let numbers = of(Level::First).map(|unit| parse_numeral(unit.path.rsplit('/').next()?));
    let numbers: Vec<u32> = numbers.collect::<Option<_>>()?;
    let is_whole = (1..).zip(&numbers).all(|(expected, number)| expected == *number);
    numbers.last().copied().filter(|_| is_whole && numbers.len() >= ARTICLES_MIN)
}

/// What each article holds.
fn within(policy: &Document<'_>) -> HashMap<u32, Within> {
    let mut found: HashMap<u32, Within> = HashMap::default();
    for unit in policy.units() {
        let mut parts = unit.path.split('/');
        let Some(article) = parts.find_map(|part| number(part, '条')) else { continue };
        let held = found.entry(article).or_default();
        let text = policy.text_of(unit);
        held.stops += text.matches('。').count();
        held.has_marks |= text.contains("（二）") || text.contains("(二)");
        for part in parts {
            held.paragraphs = held.paragraphs.max(number(part, '款').unwrap_or_default());
            held.items = held.items.max(item(part).unwrap_or_default());
        }
    }
    found
}

/// 45 of 第四十五条
fn number(part: &str, unit: char) -> Option<u32> {
    parse_numeral(part.strip_prefix('第')?.strip_suffix(unit)?)
}

/// 3 of （三）
fn item(part: &str) -> Option<u32> {
    parse_numeral(part.strip_prefix('（')?.strip_suffix('）')?)
}

/// Whether a reference is clearly to the policy: by its title, by 本办法, or where the paragraph names nothing else.
pub(super) fn is_of_policy(pair: &Pair<'_>, reference: &Reference, own: &str) -> bool {
    let is_own = |title: &str| titles::is_own(own, title);
    let interpretation = pair.interpretation;
    let before = interpretation.text().get(..reference.start).unwrap_or_default();
    let paragraph = last_chars(before, BEFORE_MAX).rsplit("\n\n").next().unwrap_or_default();
    let sentence = sentence_before(interpretation.text(), reference.start, BEFORE_MAX);
    let says_other = speaks_of_former(sentence)
        || reference.raw.starts_with(['原', '旧'])
        || OTHERS.iter().any(|word| sentence.contains(word) || reference.raw.contains(word));
    match &reference.document {
        Target::Other(title) => is_own(title) && !says_other,
        Target::Previous => false,
        Target::Own if reference.raw.starts_with('本') => true,
        Target::Own => {
            let mut named = paragraph.split('《').skip(1);
            let mut named = named.by_ref().map(|rest| rest.split('》').next().unwrap_or_default());
            let bare = sentence.trim_end();
            let follows_name = SELF_NAMES.iter().any(|name| bare.ends_with(name));
            named.all(is_own) && !says_other && !follows_name
        }
    }
}
