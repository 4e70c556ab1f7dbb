//! Document numbers that the interpretation quotes behind a title, in whatever form: （示规〔2021〕3号）, （国务院令第711号）,
//! （公告2024年第5号）. What the policy quotes of the same document, or bears itself, is another or the same.

use foldhash::HashMap;
use lockstep_proto::finding::Finding;

use super::{Pair, cap, former::speaks_of_former};
use crate::{
    codes::{self, At as _},
    document::{
        Document, NumberAt, Target, find_numbers, first_chars, is_numeral, parse_numeral,
        sentence_before,
    },
    titles,
};

/// Characters behind a title in which its number stands.
const BEHIND_MAX: usize = 40;
/// Letters of a title that names one document: 《通知》 does not.
const TITLE_MIN: usize = 5;

/// Numbers of one title that are compared.
const ALIKE_MAX: usize = 20;

/// A number: its year, where it has one, and its serial.
type Key = (Option<u32>, u32);

/// A number as the policy gives it, and where; its own is declared, and stands nowhere.
type Theirs<'t> = (&'t str, Option<usize>);

/// A number behind a title.
struct Quoted<'t> {
    title: String,
    key: Key,
    raw: &'t str,
    start: usize,
}

/// TS505 for numbers that the policy gives otherwise.
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let metadata = pair.policy.metadata();
    let own = metadata.title.as_ref().unwrap_or(&pair.metadata.title);
    let number = metadata.number.as_ref().or(pair.metadata.number.as_ref());
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
        (!alike().any(|(key, _)| *key == ours.key)).then_some((ours.raw, ours.start, *shown))
    });
    let order =
        number.as_ref().filter(|((year, _), (raw, _))| year.is_none() && raw.contains('令'));
    let order = order.and_then(|(key, theirs)| Some((of_order(pair, own, *key)?, *theirs)));
    let order = order.map(|((raw, start), theirs)| (raw, start, theirs));
    let wrong = wrong.chain(of_another_year(pair)).chain(order);
    cap(wrong.map(|(raw, start, (theirs, at))| {
        move || {
            // A place is counted from the beginning of its line: only for what is shown.
            let place =
                at.map(|at| format!("（{}:{}）", pair.policy_path, pair.policy.place(at).0));
            let detail = format!("{raw} ≠ {theirs}{}", place.unwrap_or_default());
            let finding = codes::QUOTED_NUMBER.about(detail);
            let (line, column) = pair.interpretation.place(start);
            finding.in_member(pair.interpretation_path).at_place(line, column)
        }
    }))
}

/// Another order by which the policy is said to be issued: 《办法》以示例市人民政府令第68号公布.
fn of_order<'d>(pair: &Pair<'d>, own: &str, key: Key) -> Option<(&'d str, usize)> {
    const ISSUED: [&str; 3] = ["公布", "发布", "颁布"];
    const ISSUER_MAX: usize = 20;
    let text = pair.interpretation.text();
    text.match_indices("令第").find_map(|(at, word)| {
        let sentence = sentence_before(text, at, ISSUER_MAX * 4);
        let (before, issuer) = sentence.rsplit_once("》以")?;
        let (_, named) = before.rsplit_once('《')?;
        let behind = text.get(at + word.len()..)?;
        let (serial, rest) = first_chars(behind, ISSUER_MAX).split_once('号')?;
        let serial = parse_numeral(serial)?;
        let behind_sentence = first_chars(rest, ISSUER_MAX * 2).split('。').next()?;
        let is_plain = issuer.chars().all(char::is_alphanumeric)
            && issuer.chars().count() <= ISSUER_MAX
            && ISSUED.iter().any(|word| rest.starts_with(word))
            && !["以来", "修订", "修正"].iter().any(|word| behind_sentence.contains(word))
            && !speaks_of_former(sentence);
        let is_other = titles::is_own(own, named) && (None, serial) != key;
        let len = behind.find('号')? + '号'.len_utf8();
        let raw = text.get(at..at + word.len() + len)?;
        (is_plain && is_other).then_some((raw, at))
    })
}

/// Numbers without a title that the policy has with another year: 原办法（示规〔2020〕3号） for 示规〔2021〕3号.
fn of_another_year<'d>(pair: &Pair<'d>) -> Vec<(&'d str, usize, Theirs<'d>)> {
    let (policy, text) = (pair.policy.text(), pair.interpretation.text());
    let mut theirs: HashMap<String, Vec<NumberAt>> = HashMap::default();
    let own = pair.policy.metadata().number.as_ref();
    for number in find_numbers(policy).into_iter().filter(|found| Some(&found.number) != own) {
        if let Some((_, _, serial)) = parts(&number.number) {
            let alike = theirs.entry(serial.to_owned()).or_default();
            if alike.len() < ALIKE_MAX {
                alike.push(number);
            }
        }
    }
    let ours = find_numbers(text).into_iter().filter_map(|ours| {
        let before = text.get(..ours.start)?.trim_end_matches(['（', '(']);
        let (code, year, serial) = parts(&ours.number).filter(|_| !before.ends_with('》'))?;
        // 另见示规 is 示规 with what stands before it.
        let is_same = |other: &str| code.ends_with(other) || other.ends_with(code);
        let alike = theirs.get(serial)?.iter();
        let alike = alike.filter_map(|theirs| Some((parts(&theirs.number)?, theirs)));
        let alike = alike.filter(|((other, ..), _)| is_same(other));
        let (others, same): (Vec<_>, Vec<_>) = alike.partition(|((_, of, _), _)| *of != year);
        let (_, rival) = others.first().filter(|_| same.is_empty())?;
        let theirs = (policy.get(rival.start..rival.end)?, Some(rival.start));
        Some((text.get(ours.start..ours.end)?, ours.start, theirs))
    });
    ours.collect()
}

/// 示规, 2021 and 3号 of 示规〔2021〕3号.
fn parts(number: &str) -> Option<(&str, &str, &str)> {
    let (code, rest) = number.split_once('〔')?;
    let (year, serial) = rest.split_once('〕')?;
    Some((code, year, serial))
}

/// The titles of a text with the numbers in brackets behind them.
fn quoted<'d>(document: &'d Document<'_>) -> impl Iterator<Item = Quoted<'d>> {
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
