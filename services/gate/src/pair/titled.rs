//! Titles of other documents that the interpretation quotes otherwise than the policy: 《示例市人才发展条例》 for
//! 《示例市人才发展促进条例》, or another title for the same number.

use foldhash::HashMap;
use lockstep_proto::finding::Finding;
use strsim::levenshtein;

use super::{Pair, cap, numbers};
use crate::{
    codes::{self, At as _},
    document::{Document, Target, find_numbers, first_chars},
    titles,
    wording::is_another_edition,
};

/// Titles of each text that are compared.
const COMPARED_MAX: usize = 200;
/// Letters of a title that is compared: shorter ones are near too much.
const LETTERS: std::ops::RangeInclusive<usize> = 8..=60;
/// Letters at a title's beginning that both have.
const BEGIN: usize = 2;

/// A title as it is quoted, and where.
#[derive(Debug)]
struct Quoted {
    bare: String,
    title: String,
    start: usize,
}

/// TS504 for titles that the policy has otherwise.
pub(super) fn check(pair: &Pair<'_>) -> Vec<Finding> {
    let own = pair.policy.metadata().title.as_ref().unwrap_or(&pair.metadata.title);
    let (theirs, ours) = (quoted(pair.policy), quoted(pair.interpretation));
    let (held, given) = (bare(&theirs), bare(&ours));
    let is_own = |title: &str| titles::is_own(own, title) || titles::is_named(own, title);
    let repealed: Vec<String> =
        pair.policy.metadata().repeals.iter().map(|r| bare_of(&r.title)).collect();
    let own_letters = bare_of(own);
    let mut open: Vec<&Quoted> = theirs
        .iter()
        .filter(|theirs| !given.contains_key(theirs.bare.as_str()) && !is_own(&theirs.title))
        .collect();
    open.dedup_by(|one, other| one.bare == other.bare);
    let near = ours.iter().filter(|ours| !held.contains_key(ours.bare.as_str()));
    let near = near.filter(|ours| !is_own(&ours.title)).filter_map(|ours| {
        let ends = ends(pair.interpretation.text(), ours.start);
        let is_ended = |theirs: &Quoted| ends && repealed.contains(&theirs.bare);
        let rival = open.iter().find(|theirs| {
            is_near(&theirs.bare, &ours.bare)
                && (is_ended(theirs) || lacks_letters(&theirs.bare, &ours.bare))
        })?;
        let to_own = levenshtein(&own_letters, &ours.bare);
        (levenshtein(&rival.bare, &ours.bare) < to_own).then_some((ours, *rival))
    });
    let mut found: Vec<(&Quoted, &Quoted)> = near.collect();
    found.extend(of_one_number(pair, &ours, &theirs));
    found.sort_by_key(|(ours, _)| ours.start);
    found.dedup_by_key(|(ours, _)| ours.start);
    cap(found.into_iter().map(|(ours, theirs)| {
        move || {
            let (line, _) = pair.policy.place(theirs.start);
            let place = format!("{}:{line}", pair.policy_path);
            let detail = format!("《{}》 ≠ 《{}》（{place}）", ours.title, theirs.title);
            let (line, column) = pair.interpretation.place(ours.start);
            let finding = codes::QUOTED_TITLE.about(detail).in_member(pair.interpretation_path);
            finding.at_place(line, column).advising(
                "确指该文件的，照政策所引的标题改正".to_owned(),
                "if that document is meant, quote its title as the policy does".to_owned(),
            )
        }
    }))
}

/// Titles with a number behind them that the policy has behind another.
fn of_one_number<'q>(
    pair: &Pair<'_>,
    ours: &'q [Quoted],
    theirs: &'q [Quoted],
) -> Vec<(&'q Quoted, &'q Quoted)> {
    let numbers = |document| {
        let quoted = numbers::quoted(document).take(COMPARED_MAX);
        quoted.filter_map(|quoted| {
            let number = find_numbers(quoted.raw).into_iter().next()?.number;
            Some((number, quoted.start))
        })
    };
    // The title that ends before a number.
    let before = |of: &'q [Quoted], at: usize| {
        let count = of.partition_point(|quoted| quoted.start < at);
        count.checked_sub(1).and_then(|index| of.get(index))
    };
    let held: HashMap<String, usize> = numbers(pair.policy).collect();
    let found = numbers(pair.interpretation).filter_map(|(number, at)| {
        let theirs = before(theirs, *held.get(&number)?)?;
        let ours = before(ours, at)?;
        let is_other = !ours.bare.contains(&theirs.bare)
            && !theirs.bare.contains(&ours.bare)
            && !is_another_edition(&ours.bare, &theirs.bare);
        is_other.then_some((ours, theirs))
    });
    found.collect()
}

fn bare(quoted: &[Quoted]) -> HashMap<&str, usize> {
    quoted.iter().map(|quoted| (quoted.bare.as_str(), quoted.start)).collect()
}

/// The titles in 《》 of a text, in order.
fn quoted(document: &Document<'_>) -> Vec<Quoted> {
    let found = document.references().iter().filter_map(|reference| {
        let Target::Other(title) = &reference.document else { return None };
        let is_quoted = document.text().get(reference.start..)?.starts_with('《');
        is_quoted.then(|| Quoted {
            bare: bare_of(title),
            title: title.clone(),
            start: reference.start,
        })
    });
    found.take(COMPARED_MAX).collect()
}

/// A title's letters, without what those of many laws begin with.
fn bare_of(title: &str) -> String {
    let bare = titles::bare(titles::from_about(title));
    bare.strip_prefix("中华人民共和国").map(str::to_owned).unwrap_or(bare)
}

/// Whether a sentence says that a title in it is ended: …同时废止.
fn ends(text: &str, at: usize) -> bool {
    const SENTENCE_MAX: usize = 120;
    let behind = first_chars(text.get(at..).unwrap_or_default(), SENTENCE_MAX);
    let behind = behind.split(['。', '\n']).next().unwrap_or_default();
    ["废止", "失效", "停止执行"].iter().any(|word| behind.contains(word))
}

/// Whether one title is the other without some letters: what has other letters in their place, 学前 for 义务, may
/// well be another document.
fn lacks_letters(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let mut letters = long.chars();
    short.chars().all(|letter| letters.any(|other| other == letter))
}

/// Whether one title is the other with a slip: what only lacks its beginning or end is a short form.
fn is_near(theirs: &str, ours: &str) -> bool {
    let counts = [theirs, ours].map(|title| title.chars().count());
    let near = (counts.into_iter().max().unwrap_or_default() / 5).clamp(1, 4);
    let begins_alike = theirs.chars().take(BEGIN).eq(ours.chars().take(BEGIN));
    let ends_alike = theirs.chars().next_back() == ours.chars().next_back();
    counts.iter().all(|count| LETTERS.contains(count))
        && begins_alike
        && ends_alike
        && !theirs.contains(ours)
        && !ours.contains(theirs)
        && levenshtein(theirs, ours) <= near
        && !is_another_edition(theirs, ours)
}
