//! How long the policy holds, summed up: what the interpretation says of it in years or by a day is held against
//! the day from which the policy holds and its own 有效期 (DOMAIN I6).

use std::cell::LazyCell;

use jiff::{Span, ToSpan as _, civil::Date};
use lockstep_proto::finding::Finding;

use super::{
    Pair, cap,
    context::Context,
    effective::surest,
    figures::Figure,
    former::speaks_of_other,
    others,
    own::{Own, first_clause, last_clause},
};
use crate::{
    codes::{self, At as _},
    document::{
        DateRole, Document, Metadata, SELF_NAMES, Validity, ValidityStated, find_numbers,
        first_chars, is_about_itself, is_numeral, last_chars, parse_numeral, sentence_before,
    },
    titles,
};

/// TS121 where the interpretation says another validity; TS143 where the policy itself says two.
pub(super) fn check(pair: &Pair<'_>, policy: &Metadata) -> Vec<Finding> {
    let theirs =
        pair.policy.validities(|sentence| is_about_itself(sentence) && !is_of_thing(sentence));
    let begins = begins(policy);
    let Some(first) = theirs.first() else { return vec![] };
    let other = theirs.iter().find(|other| !agree(&first.validity, &other.validity, begins));
    if let Some(other) = other {
        let (line, column) = pair.policy.place(other.start);
        let detail = format!("{} ≠ {}", other.raw, first.raw);
        let finding = codes::TWO_VALIDITIES.about(detail).in_member(pair.policy_path);
        return vec![finding.at_place(line, column)];
    }
    if let Some(endless) = find_endless(pair, policy, first) {
        return vec![endless];
    }
    let own = Own::of(pair);
    let context = LazyCell::new(|| Context::of(pair));
    let context = &context;
    let text = pair.interpretation.text();
    let is_meant = |sentence: &str| {
        is_blank(sentence)
            || own.is_name(last_clause(sentence).trim_end_matches('的'))
            || (is_about(sentence, policy) && !is_of_thing(sentence))
    };
    let ours = pair.interpretation.validities(is_meant).into_iter();
    let wrong = ours.filter(|ours| {
        !agree(&first.validity, &ours.validity, begins)
            && !is_of_other(sentence_before(text, ours.start, 160), policy, &own)
            && (!is_alone(text, ours) || is_led_to(text, ours, policy, &own))
    });
    cap(wrong.map(|ours| {
        move || {
            let (line, _) = pair.policy.place(first.start);
            // Years and a day are compared by the days to which they hold.
            let until = |one: &Validity, other: &Validity| {
                let ends = ends(one, begins).filter(|_| is_until(other) && !is_until(one));
                ends.map(|ends| format!("，至 until {ends}")).unwrap_or_default()
            };
            let theirs = until(&first.validity, &ours.validity);
            let years = until(&ours.validity, &first.validity);
            let years = years.strip_prefix('，').map(|until| format!("（{until}）"));
            let detail = format!(
                "有效期：{}{} ≠ {}（{}:{line}{theirs}）",
                ours.raw,
                years.unwrap_or_default(),
                first.raw,
                pair.policy_path
            );
            let (line, column) = pair.interpretation.place(ours.start);
            let finding = codes::CONTRADICTION.about(detail).in_member(pair.interpretation_path);
            let finding = finding.at_place(line, column).reword();
            let is_sure = is_sure(text, &ours) && !context.takes_away_at(ours.start);
            if is_sure { finding } else { finding.into_warning() }
        }
    }))
}

/// 示政规〔2022〕3号文件自…施行，有效期…, 2022年文件…: of another document than the policy, which the sentence does not
/// call.
fn is_of_other(sentence: &str, policy: &Metadata, own: &Own<'_>) -> bool {
    if own.is_called_in(sentence) || sentence.contains("新办法") {
        return false;
    }
    // A draft has no number yet; its own will be of its year.
    let number = policy.number.as_deref();
    let newest = policy.dates.iter().filter_map(|dated| dated.date).max();
    let year = newest.map(|date| date.year().to_string()).unwrap_or_default();
    let is_own = |other: &str| match number {
        Some(number) => other == number,
        None => other.contains(&year),
    };
    let is_other_year = |(at, _): (usize, &str)| {
        let named = last_chars(sentence.get(..at).unwrap_or_default(), 4);
        named.parse::<u16>().is_ok()
            && named != year
            && number.is_none_or(|number| !number.contains(named))
    };
    find_numbers(sentence).iter().any(|found| !is_own(&found.number))
        || sentence.match_indices("年文件").any(is_other_year)
}

/// TS121: 本通知长期有效 of a policy that ends.
fn find_endless(pair: &Pair<'_>, policy: &Metadata, first: &ValidityStated) -> Option<Finding> {
    const ENDLESS: [&str; 5] = ["长期有效", "永久有效", "一直有效", "不设有效期", "没有有效期"];
    let text = pair.interpretation.text();
    let said = ENDLESS.iter().flat_map(|word| text.match_indices(word));
    let said = said.filter(|(at, _)| {
        let sentence = sentence_before(text, *at, 300);
        is_about(sentence, policy) && !speaks_of_other(sentence)
    });
    // 证件长期有效 may stand in one sentence with 本通知.
    let said = said.map(|found| (found, names_own(sentence_before(text, found.0, 300))));
    let ((at, word), is_plain) = surest(said)?;
    let (line, _) = pair.policy.place(first.start);
    let detail = format!("有效期：{word} ≠ {}（{}:{line}）", first.raw, pair.policy_path);
    let (line, column) = pair.interpretation.place(at);
    let finding = codes::CONTRADICTION.about(detail).in_member(pair.interpretation_path);
    let finding = finding.at_place(line, column).reword();
    Some(if is_plain { finding } else { finding.into_warning() })
}

/// Whether a text ends with 本通知, 本办法.
fn names_own(text: &str) -> bool {
    let names = SELF_NAMES.iter().filter_map(|name| text.strip_suffix(name));
    names.into_iter().any(|before| before.ends_with('本'))
}

/// What follows from the policy's own words about its validity, although it is not written there.
#[derive(Debug, Default)]
pub(super) struct Computed {
    /// The last day, and the one after, which many take for it; as figures are written.
    days: Vec<String>,
    years: Option<String>,
}

impl Computed {
    pub(super) fn of(policy: &Document<'_>) -> Self {
        let stated = policy.validities(is_about_itself);
        let Some(first) = stated.first() else { return Self::default() };
        let begins = begins(policy.metadata());
        let days = ends(&first.validity, begins).into_iter();
        let days = days.flat_map(|day| [Some(day), day.tomorrow().ok()]).flatten();
        let days = days.map(|day| format!("{}年{}月{}日", day.year(), day.month(), day.day()));
        let fits = |years: &u32| agree(&Validity::Years(*years), &first.validity, begins);
        let years = begins.and_then(|_| (1..=YEARS_MAX).find(fits));
        Self { days: days.collect(), years: years.map(|years| format!("{years}年")) }
    }

    /// Whether a figure is one of them.
    pub(super) fn has(&self, figure: &Figure) -> bool {
        self.days.contains(&figure.value)
            || (self.years.as_ref() == Some(&figure.value) && figure.lead.contains("有效期"))
    }
}

/// No document holds longer.
const YEARS_MAX: u32 = 50;

/// The day from which a policy holds.
#[derive(Clone, Copy)]
struct Begin {
    day: Date,
    /// Whether the text names it; 自公布之日起 is some day after it was written.
    is_named: bool,
}

fn begins(policy: &Metadata) -> Option<Begin> {
    let mut days = policy.dates.iter().filter(|dated| dated.role == DateRole::Effective);
    let first = days.next()?;
    // Parts of it that begin on other days leave the sum open.
    let is_one = days.all(|other| other.date == first.date);
    let written = || policy.dates.iter().find(|dated| dated.role == DateRole::Written)?.date;
    let named = first.date.map(|day| Begin { day, is_named: true });
    let issued = || {
        let day = written()?.checked_add(delay(&first.raw)).ok()?;
        Some(Begin { day, is_named: false })
    };
    is_one.then(|| named.or_else(issued))?
}

/// How long after its issue a document begins to hold: 自印发之日起满30日后, 公布之日起一个月后.
fn delay(raw: &str) -> Span {
    let behind = raw.rsplit_once("之日起").map_or("", |(_, behind)| behind.trim());
    let behind = behind.strip_prefix('满').unwrap_or(behind);
    let end = behind.find(|c| !is_numeral(c)).unwrap_or(behind.len());
    let (count, unit) = behind.split_at(end);
    let count = parse_numeral(count).map(i64::from).filter(|count| *count <= DELAY_MAX);
    let Some(count) = count else { return Span::new() };
    if unit.starts_with("个月") { count.months() } else { count.days() }
}

/// Days or months after which no document begins to hold.
const DELAY_MAX: i64 = 366;
/// Days between writing and issue at the most, within which nobody can say the last day for certain.
const ISSUED_MAX: i32 = 31;

fn ends(validity: &Validity, begins: Option<Begin>) -> Option<Date> {
    match validity {
        Validity::Until(date) => Some(*date),
        Validity::Years(years) => {
            begins?.day.checked_add(i64::from(*years).years()).ok()?.yesterday().ok()
        }
    }
}

fn is_until(validity: &Validity) -> bool {
    matches!(validity, Validity::Until(_))
}

/// Whether two say the same; where the sum is not known, they may. The day after the last one is often said, and what is
/// counted from a day of issue that nobody names ends some days later than by the day of writing.
fn agree(one: &Validity, other: &Validity, begins: Option<Begin>) -> bool {
    let (years, until) = match (one, other) {
        (Validity::Years(one), Validity::Years(other)) => return one == other,
        (Validity::Until(_), Validity::Years(_)) => (other, one),
        _ => (one, other),
    };
    let is_counted = matches!(years, Validity::Years(_));
    let (Some(one), Some(other)) = (ends(years, begins), ends(until, begins)) else { return true };
    let is_named = begins.is_none_or(|begin| begin.is_named);
    let slack = if is_named || !is_counted { 1 } else { ISSUED_MAX };
    let follows = |one: Date, other: Date, days: i32| {
        one <= other && other <= one.saturating_add(days.days())
    };
    follows(one, other, slack) || follows(other, one, 1)
}

/// What has a validity of its own.
const THINGS: [&str; 19] = [
    "券", "码", "票", "证", "许可", "资格", "资质", "合同", "协议", "卡", "备案", "结果", "报告",
    "牌照", "批文", "名单", "名录", "称号", "认定",
];
/// Characters before a validity that say what it is of.
const BEFORE_MAX: usize = 120;

/// Whether the clause right before a validity names a thing: 依照本办法核发的许可证有效期3年.
fn is_of_thing(sentence: &str) -> bool {
    let clause = last_clause(sentence);
    THINGS.iter().any(|thing| clause.contains(thing))
}

fn is_blank(sentence: &str) -> bool {
    last_clause(sentence).is_empty() && !sentence.contains(char::is_alphanumeric)
}

/// Whether a sentence says nothing but the validity: 有效期至2031年12月31日。
fn is_alone(text: &str, ours: &ValidityStated) -> bool {
    let sentence = sentence_before(text, ours.start, 300);
    sentence
        .find("有效期")
        .or_else(|| sentence.find("试行期"))
        .or_else(|| sentence.find("执行期"))
        .is_some_and(|at| sentence.get(..at).is_some_and(is_blank))
}

/// Whether what stands before such a sentence says that it is of the policy, or nothing stands there and no thing is
/// what the passage is about.
fn is_led_to(text: &str, ours: &ValidityStated, policy: &Metadata, own: &Own<'_>) -> bool {
    let behind = text.get(ours.start + ours.raw.len()..).unwrap_or_default();
    // 有效期至2026年12月31日的旧证
    if !first_clause(behind.trim_start_matches('止')).is_empty() {
        return false;
    }
    let sentence = sentence_before(text, ours.start, 300);
    let end = ours.start.saturating_sub(sentence.len());
    let before = last_chars(text.get(..end).unwrap_or_default(), BEFORE_MAX);
    let (above, beside) = before.rsplit_once('\n').unwrap_or(("", before));
    if is_blank(beside) {
        let above = above.trim_end().rsplit("\n\n").next().unwrap_or_default();
        return !own.has_others_in(above)
            && !speaks_of_other(above)
            && !THINGS.iter().any(|thing| above.contains(thing));
    }
    let last = beside.trim_end_matches(['。', '；', ' ']).rsplit(['。', '；']).next();
    last.is_some_and(|last| {
        (own.is_name(last_clause(last)) || is_about(last, policy)) && !speaks_of_other(last)
    })
}

/// What is said of a time to come, or of a document that comes before, is not of this one.
const UNSURE: [&str; 4] = ["延长", "届满", "到期", "试行办法"];

fn is_sure(text: &str, ours: &ValidityStated) -> bool {
    let sentence = sentence_before(text, ours.start, 300);
    !speaks_of_other(sentence)
        && !UNSURE.iter().any(|word| sentence.contains(word))
        && sentence.matches('《').count() <= 1
}

/// Characters behind a title in which its number stands.
const NUMBER_MAX: usize = 40;

/// Whether a sentence is about the policy: names it last, or names no document but 本办法.
fn is_about(sentence: &str, policy: &Metadata) -> bool {
    let title = policy.title.as_deref().unwrap_or_default();
    let Some((before, named)) = sentence.rsplit_once('《') else {
        return is_about_itself(sentence) && !others::names_document(sentence, title);
    };
    let (named, behind) = named.split_once('》').unwrap_or((named, ""));
    // What was may have the same title: 原《办法》, 《办法》（示府规〔2021〕6号）.
    let behind = behind.strip_prefix(['（', '(']).map(|rest| first_chars(rest, NUMBER_MAX));
    let number = behind.map(find_numbers).unwrap_or_default();
    let is_other =
        number.first().is_some_and(|number| Some(&number.number) != policy.number.as_ref());
    !title.is_empty()
        && titles::is_own(title, named)
        && !before.ends_with(['原', '旧'])
        && !is_other
}
