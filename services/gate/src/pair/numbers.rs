//! Document numbers that the interpretation quotes behind a title, in whatever form: （示规〔2021〕3号）, （国务院令第711号）,
//! （公告2024年第5号）. What the policy quotes of the same document, or bears itself, is another or the same.

mod own;

use std::ops::Range;

use foldhash::HashMap;
use lockstep_proto::finding::{Finding, Severity};

use super::{
    Pair, cap,
    former::speaks_of_former,
    near::{Letters, letters},
    own::Own,
};
use crate::{
    codes::{self, At as _},
    document::{
        Document, NumberAt, Target, find_numbers, first_chars, is_numeral, last_chars,
        parse_numeral, sentence_before,
    },
    titles,
};

/// Characters behind a title in which its number stands.
const BEHIND_MAX: usize = 40;
/// Letters of a title that names one document: 《通知》 does not.
const TITLE_MIN: usize = 5;

/// Numbers of one title that are compared.
const ALIKE_MAX: usize = 20;
/// Characters before a number in which it is said that it is another's.
const ANOTHER_MAX: usize = 20;

/// A number: its year, where it has one, and its serial.
type Key = (Option<u32>, u32);

/// A number as the policy gives it, and where; its own is declared, and stands nowhere.
type Theirs<'t> = (&'t str, Option<usize>);

/// A number behind a title.
pub(super) struct Quoted<'t> {
    title: String,
    key: Key,
    pub raw: &'t str,
    pub start: usize,
}

/// A number of the interpretation that is another of the policy's, and where each stands.
struct Wrong<'d> {
    raw: &'d str,
    start: usize,
    theirs: String,
    at: Option<usize>,
    severity: Severity,
}

impl<'d> Wrong<'d> {
    fn doubtful((raw, start, (theirs, at)): (&'d str, usize, Theirs<'_>)) -> Self {
        Self { raw, start, theirs: theirs.to_owned(), at, severity: Severity::Warning }
    }
}

/// TS505 for numbers that the policy gives otherwise.
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let metadata = pair.policy.metadata();
    let own = metadata.title.as_ref().unwrap_or(&pair.metadata.title);
    let number = metadata.number.as_ref().or(pair.metadata.number.as_ref());
    let of_own = number.and_then(|number| find_numbers(number).into_iter().next());
    // One with its year in brackets is compared wherever it stands, as wording.
    let number = number.filter(|number| find_numbers(number).is_empty());
    let number = number.and_then(|number| Some((key(number)?, (number.as_str(), None))));
    let mut theirs: HashMap<String, Vec<(Key, Theirs<'_>)>> = HashMap::default();
    for quoted in quoted(pair.policy) {
        let alike = theirs.entry(quoted.title).or_default();
        if alike.len() < ALIKE_MAX {
            alike.push((quoted.key, (quoted.raw, Some(quoted.start))));
        }
    }
    let wrong = quoted(pair.interpretation).filter_map(|ours| {
        let held = theirs.get(&ours.title).into_iter().flatten();
        let is_own = titles::is_own(own, &ours.title) || titles::is_same(own, &ours.title);
        let held: Vec<_> = held.chain(number.as_ref().filter(|_| is_own)).collect();
        // An order and a number in brackets may both be one document's.
        let alike = || held.iter().filter(|((year, _), _)| year.is_some() == ours.key.0.is_some());
        let (_, shown) = alike().next()?;
        // The upper notice may be called as this one is: 省教育厅关于做好课后服务工作的通知.
        let of_ours = find_numbers(ours.raw).into_iter().next();
        let is_own_number =
            of_own.as_ref().zip(of_ours).is_some_and(|(own, ours)| ours.number == own.number);
        if is_own && is_own_number {
            return None;
        }
        (!alike().any(|(key, _)| *key == ours.key)).then_some((ours.raw, ours.start, *shown))
    });
    let order =
        number.as_ref().filter(|((year, _), (raw, _))| year.is_none() && raw.contains('令'));
    let order = order.and_then(|(key, theirs)| Some((of_order(pair, own, *key)?, *theirs)));
    let order = order.map(|((raw, start), theirs)| (raw, start, theirs));
    let names = Own::of(pair);
    let wrong = wrong.chain(nearly(pair)).chain(order).map(Wrong::doubtful);
    let own = own::find(pair, &names).into_iter().chain(own::find_order(pair, &names));
    cap(once(own.chain(wrong).collect()).into_iter().map(|wrong| {
        move || {
            // A place is counted from the beginning of its line: only for what is shown.
            let place = wrong.at.map(|at| pair.policy.place(at).0);
            let place = place.map(|line| format!("（{}:{line}）", pair.policy_path));
            let detail = format!("{} ≠ {}{}", wrong.raw, wrong.theirs, place.unwrap_or_default());
            let finding = codes::QUOTED_NUMBER.about(detail);
            let finding = Finding { severity: wrong.severity, ..finding };
            let (line, column) = pair.interpretation.place(wrong.start);
            finding.in_member(pair.interpretation_path).at_place(line, column)
        }
    }))
}

/// Each number once: 示例市人民政府令第26号 holds 令第26号. What blocks is told before what warns.
fn once(mut found: Vec<Wrong<'_>>) -> Vec<Wrong<'_>> {
    found.sort_by_key(|wrong| wrong.start);
    let mut once: Vec<Wrong<'_>> = vec![];
    for wrong in found {
        match once.last_mut() {
            Some(last) if wrong.start < last.start + last.raw.len() => {
                if wrong.severity == Severity::Block && last.severity != Severity::Block {
                    *last = wrong;
                }
            }
            _ => once.push(wrong),
        }
    }
    once
}

/// Another order by which the policy is said to be issued: 《办法》已以示例市人民政府令第68号公布, 《办法》（市政府令第68号）,
/// 《办法》已于3月1日由市人民政府第68号令公布.
fn of_order<'d>(pair: &Pair<'d>, own: &str, key: Key) -> Option<(&'d str, usize)> {
    const BETWEEN_MAX: usize = 40;
    const BY: [char; 3] = ['以', '由', '经'];
    let text = pair.interpretation.text();
    orders(text).find_map(|order| {
        let sentence = sentence_before(text, order.range.start, BETWEEN_MAX * 2);
        let (before, between) = sentence.rsplit_once('》')?;
        let (_, named) = before.rsplit_once('《')?;
        // （以下简称《办法》）已于…
        let between = between.strip_prefix(['）', ')']).unwrap_or(between);
        let rest = text.get(order.range.end..)?;
        let behind_sentence = first_chars(rest, BETWEEN_MAX).split('。').next()?;
        let is_bracket = between.starts_with(['（', '(']) && rest.starts_with(['）', ')']);
        let says_issued = |said: &str| ISSUED.iter().any(|word| said.starts_with(word));
        // 由市政府公布（…令第18号）
        let is_issued = says_issued(rest) || ISSUED.iter().any(|word| between.contains(word));
        let words = between.trim_matches(['（', '(']).replace(['（', '('], "");
        let is_plain = words.chars().all(char::is_alphanumeric)
            && words.chars().count() <= BETWEEN_MAX
            && (is_bracket && is_of_issuer(pair, &words) || is_issued && words.contains(BY))
            && !["以来", "修订", "修正"].iter().any(|word| behind_sentence.contains(word))
            && !["最早", "最初", "曾"].iter().any(|word| words.contains(word))
            && !is_of_another_time(pair, &words)
            && !speaks_of_former(sentence);
        let is_other = titles::is_own(own, named) && (None, order.serial) != key;
        (is_plain && is_other).then_some((text.get(order.range.clone())?, order.range.start))
    })
}

const ISSUED: [&str; 3] = ["公布", "发布", "颁布"];

/// An order's number, as 令第16号 or 第16号令 has it.
struct Order {
    serial: u32,
    range: Range<usize>,
}

/// Every order's number of a text.
fn orders(text: &str) -> impl Iterator<Item = Order> {
    const NUMERAL_MAX: usize = 6;
    const BODIES: [&str; 3] = ["", "人民政府", "政府"];
    text.match_indices('号').filter_map(|(at, sign)| {
        let (before, behind) = text.split_at_checked(at)?;
        let numeral = last_chars(before, NUMERAL_MAX);
        let (_, serial) = numeral.rsplit_once('第')?;
        let start = at - serial.len() - '第'.len_utf8();
        let serial = parse_numeral(serial.trim())?;
        let behind = behind.strip_prefix(sign)?;
        if text.get(..start)?.ends_with('令') {
            let start = start - '令'.len_utf8();
            return Some(Order { serial, range: start..at + sign.len() });
        }
        let kind = behind.trim_start_matches(['省', '市', '区', '县']);
        let rest = BODIES.iter().find_map(|body| kind.strip_prefix(body)?.strip_prefix('令'))?;
        Some(Order { serial, range: start..text.len() - rest.len() })
    })
}

/// Whether an order's issuer is the policy's: 市人民政府, or its whole name. 国务院 issues others.
fn is_of_issuer(pair: &Pair<'_>, words: &str) -> bool {
    let number = pair.policy.metadata().number.as_ref().or(pair.metadata.number.as_ref());
    let own = number.and_then(|number| number.split('令').next()).unwrap_or_default();
    let short = |name: &str| name.replace("人民政府", "政府");
    let issuer = short(words);
    !issuer.is_empty() && short(own).ends_with(&issuer)
}

/// Whether words name a year that the policy does not: that of another edition.
fn is_of_another_time(pair: &Pair<'_>, words: &str) -> bool {
    words.match_indices('年').any(|(at, _)| {
        let year = last_chars(words.get(..at).unwrap_or_default(), 4);
        year.bytes().all(|b| b.is_ascii_digit()) && !pair.policy.text().contains(year)
    })
}

/// Numbers without a title that the policy has with another year, with another serial of one document, or with the
/// letters of its office in another order: 原办法（示规〔2020〕3号） for 示规〔2021〕3号, 4号 for 40号, 农办财计 for 农办计财.
fn nearly<'d>(pair: &Pair<'d>) -> Vec<(&'d str, usize, Theirs<'d>)> {
    let (policy, text) = (pair.policy.text(), pair.interpretation.text());
    let own = pair.policy.metadata().number.as_ref().or(pair.metadata.number.as_ref());
    let theirs: Vec<NumberAt> =
        find_numbers(policy).into_iter().filter(|found| Some(&found.number) != own).collect();
    let found = find_numbers(text);
    let mut given: HashMap<(&str, &str), Vec<&str>> = HashMap::default();
    for (code, year, serial) in found.iter().filter_map(|found| parts(&found.number)) {
        let codes = given.entry((year, serial)).or_default();
        if codes.len() < ALIKE_MAX {
            codes.push(code);
        }
    }
    // By serial, and by year.
    let mut alike: HashMap<&str, Vec<&NumberAt>> = HashMap::default();
    for number in &theirs {
        let Some((_, year, serial)) = parts(&number.number) else { continue };
        for key in [serial, year] {
            let alike = alike.entry(key).or_default();
            if alike.len() < ALIKE_MAX {
                alike.push(number);
            }
        }
    }
    let is_other = |ours: &&NumberAt| own.is_none_or(|own| !ours.number.ends_with(own));
    let found = found.iter().filter(is_other).filter_map(|ours| {
        let before = text.get(..ours.start)?.trim_end_matches(['（', '(']);
        let (code, year, serial) = parts(&ours.number)?;
        let is_titled = before.ends_with('》');
        // 另有配套文件某民发〔2026〕57号
        let is_another = last_chars(before, ANOTHER_MAX).contains(['另', '还', '也']);
        // 另见示规 is 示规 with what stands before it.
        let is_same = |other: &str| code.ends_with(other) || other.ends_with(code);
        let near = [serial, year].into_iter().flat_map(|key| alike.get(key).into_iter().flatten());
        let near: Vec<_> =
            near.filter_map(|theirs| Some((parts(&theirs.number)?, *theirs))).collect();
        let is_held =
            near.iter().any(|((other, of, at), _)| is_same(other) && (*of, *at) == (year, serial));
        let (_, rival) =
            near.iter().find(|((other, of, at), rival)| match (*of == year, *at == serial) {
                (false, true) => !is_titled && is_same(other),
                (true, false) if is_titled || !is_same(other) => false,
                (true, false) if lacks_a_digit(at, serial) => true,
                // Of an office's numbers of one year the policy gives this one alone, and the interpretation does not.
                (true, false) => {
                    let of_year =
                        near.iter().filter(|((code, year, _), _)| *year == *of && is_same(code));
                    let is_sole = of_year.clone().all(|((_, _, serial), _)| serial == at);
                    let codes = given.get(&(*of, *at)).into_iter().flatten();
                    let is_given =
                        codes.clone().any(|code| code.ends_with(*other) || other.ends_with(code));
                    is_sole
                        && !is_given
                        && !is_another
                        && (is_slip(at, serial) || are_of_one([(policy, rival), (text, ours)]))
                }
                (true, true) => is_turned(other, code),
                (false, false) => false,
            })?;
        let theirs = (policy.get(rival.start..rival.end)?, Some(rival.start));
        (!is_held).then_some((text.get(ours.start..ours.end)?, ours.start, theirs))
    });
    found.collect()
}

/// Whether one serial is the other without a digit: 4号, 40号.
fn lacks_a_digit(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let without = |at: usize| long.bytes().take(at).chain(long.bytes().skip(at + 1));
    short.len() + 1 == long.len() && (0..long.len()).any(|at| without(at).eq(short.bytes()))
}

/// Whether one serial is the other with one of its digits changed, or two of them exchanged: 58号, 85号.
fn is_slip(one: &str, other: &str) -> bool {
    let digits = |serial: &str| serial.bytes().filter(u8::is_ascii_digit).count();
    let pairs = one.bytes().zip(other.bytes());
    let changed: Vec<(u8, u8)> = pairs.filter(|(one, other)| one != other).collect();
    let is_one_of = match changed.as_slice() {
        [_] => true,
        [(one, other), (next, last)] => (one, other) == (last, next),
        _ => false,
    };
    one.len() == other.len() && digits(one) > 1 && is_one_of
}

/// Whether the words around two numbers speak of one thing: 上一轮限行措施（某府通〔2026〕3号） and 《关于实施…限行…措施的通告》（…）.
fn are_of_one(numbers: [(&str, &NumberAt); 2]) -> bool {
    const AROUND: usize = 40;
    /// Pairs of letters that stand around any number.
    const COMMON: [&str; 24] = [
        "关于", "印发", "通知", "通告", "公告", "意见", "办法", "规定", "方案", "文件", "根据",
        "按照", "依据", "精神", "要求", "人民", "民政", "政府", "办公", "工作", "实施", "进一",
        "一步", "做好",
    ];
    const SHARED_MIN: usize = 2;
    let [theirs, ours] = numbers.map(|(text, number)| {
        let before = sentence_before(text, number.start, AROUND);
        let behind = first_chars(text.get(number.end..).unwrap_or_default(), AROUND / 2);
        let behind = behind.split(['。', '\n', '《']).next().unwrap_or_default();
        letters([before, behind].into_iter())
    });
    let is_own = |pair: &&Letters| {
        let word: String = [pair.0, pair.1].into_iter().collect();
        theirs.binary_search(pair).is_ok() && !COMMON.contains(&word.as_str())
    };
    ours.iter().filter(is_own).count() >= SHARED_MIN
}

/// Whether the letters of an office stand in another order at the end of the other's: 农办财计, 农办计财.
fn is_turned(theirs: &str, ours: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let ours = last_chars(ours, theirs.chars().count());
    theirs.chars().count() > 2 && ours != theirs && sorted(ours) == sorted(theirs)
}

/// 示规, 2021 and 3号 of 示规〔2021〕3号.
fn parts(number: &str) -> Option<(&str, &str, &str)> {
    let (code, rest) = number.split_once('〔')?;
    let (year, serial) = rest.split_once('〕')?;
    Some((code, year, serial))
}

/// The titles of a text with the numbers in brackets behind them.
pub(super) fn quoted<'d>(document: &'d Document<'_>) -> impl Iterator<Item = Quoted<'d>> {
    let text = document.text();
    document.references().iter().filter_map(move |reference| {
        let Target::Other(title) = &reference.document else { return None };
        let title = titles::bare(titles::from_about(title));
        let from = text.get(reference.start..)?;
        // A title within a title ends before it.
        let name = from.strip_prefix('《')?.split('》').next()?;
        let at = reference.start + '《'.len_utf8() + name.len() + '》'.len_utf8();
        let behind = first_chars(text.get(at..)?, BEHIND_MAX);
        let (number, _) = behind.strip_prefix(['（', '('])?.split_once(['）', ')'])?;
        let start = at + behind.find(number)?;
        let key = key(number)?;
        (title.chars().nth(TITLE_MIN - 1).is_some()).then_some(Quoted {
            title,
            key,
            raw: number,
            start,
        })
    })
}

/// 2021 and 3 of 示规〔2021〕3号, 54 of 令第54号, 2024 and 5 of 公告2024年第5号.
fn key(number: &str) -> Option<Key> {
    if let Some(found) = find_numbers(number).first() {
        let (_, rest) = found.number.split_once('〔')?;
        let (year, serial) = rest.split_once('〕')?;
        return Some((year.parse().ok(), serial.strip_suffix('号')?.parse().ok()?));
    }
    let (before, behind) = number.split_once('第')?;
    let end = behind.find(|c: char| !is_numeral(c))?;
    let serial = behind.get(..end).and_then(parse_numeral)?;
    let is_number = behind.get(end..)?.starts_with(['号', '號']);
    let year = before.strip_suffix('年').and_then(|before| {
        let begin = before.len().checked_sub(4)?;
        before.get(begin..)?.parse().ok()
    });
    is_number.then_some((year, serial))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_every_form() {
        for (number, expected) in [
            ("示规〔2021〕3号", Some((Some(2021), 3))),
            ("国务院令第711号", Some((None, 711))),
            ("公告2024年第5号", Some((Some(2024), 5))),
            ("以下简称《办法》", None),
            ("第五条", None),
        ] {
            assert_eq!(key(number), expected, "{number}");
        }
    }
}
