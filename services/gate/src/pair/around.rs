//! What stands around a figure: its own words and the headings above it. By them a value that the policy gives to
//! another item or step is found, and one whose bound is turned round. Words are chosen freely, so it warns.

use std::cmp::Reverse;

use foldhash::{HashMap, HashSet};

use super::{
    contradictions::{is_difference, is_now, kind},
    figures::{
        Figure, Part,
        times::{CLOCK, WEEKDAY},
    },
    increments::is_by_how_much,
    near::{Letters, push_pairs},
    rare::Rare,
    repeated::reverses,
    sentences::Sentence,
    texts::{Said, Texts},
};
use crate::document::{Document, Unit, first_chars, is_alphabetic, sentence_before};

/// Letters behind a figure, and of a heading, that are looked at.
const BEHIND_MAX: usize = 10;
const HEADING_MAX: usize = 20;
/// Headings above a figure that say whose it is.
const HEADINGS: usize = 2;

/// The pairs of letters around a figure.
struct Around {
    own: Vec<Letters>,
    headed: Vec<Letters>,
}

impl Around {
    /// Each once, in order.
    fn all(&self) -> Vec<Letters> {
        let mut all: Vec<Letters> = self.own.iter().chain(&self.headed).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn has(&self, letters: Letters) -> bool {
        self.own.contains(&letters) || self.headed.contains(&letters)
    }
}

/// Figures of the interpretation, each with the policy's that its words call for.
#[derive(Default)]
pub(super) struct Found {
    /// The policy gives their value to other words.
    pub moved: Vec<(usize, usize)>,
    /// The policy gives their value as the opposite bound.
    pub reversed: Vec<(usize, usize)>,
}

pub(super) fn find(texts: &Texts<'_>) -> Found {
    let (policy, interpretation) = (&texts.policy, &texts.interpretation);
    let (theirs, ours) = (around(policy), around(interpretation));
    let index = Index::of(policy, &theirs);
    // What the interpretation gives to which words.
    let mut given: HashSet<(&str, Letters)> = HashSet::default();
    for (value, around) in interpretation.forms.iter().zip(&ours) {
        given.extend(around.own.iter().map(|letters| (day(value), *letters)));
    }
    let mut found = Found::default();
    let mut named = HashSet::default();
    for (at, (figure, around)) in interpretation.figures.iter().zip(&ours).enumerate() {
        let value = interpretation.forms.get(at).map(|form| day(form));
        let Some(value) = value.filter(|value| index.held.contains(value)) else { continue };
        if !is_compared(figure) {
            continue;
        }
        let votes = index.votes((figure, value), around);
        let moved = votes.moved(around, &theirs).and_then(|(rival, words)| {
            let other = day(policy.forms.get(rival)?);
            let is_given = words.iter().any(|letters| given.contains(&(other, *letters)));
            (!is_given).then_some((rival, other))
        });
        let is_said =
            || is_now(figure, "") && !is_difference(figure) && !asks(interpretation, figure);
        if let Some((rival, other)) = moved {
            // Of two that changed places, one is named.
            let unit = interpretation.document.unit_at(figure.range.start);
            let theirs = policy.figures.get(rival);
            let is_change = || theirs.is_some_and(|theirs| is_by_how_much(figure, theirs));
            if is_said() && !is_change() && named.insert((unit, value.min(other), value.max(other)))
            {
                found.moved.push((at, rival));
            }
        } else if let Some(rival) = votes.reversed(policy, interpretation, figure)
            && is_said()
        {
            found.reversed.push((at, rival));
        }
    }
    found
}

/// A day as it is said where its year is said before: 2026年5月16日 is 5月16日.
fn day(form: &str) -> &str {
    match form.split_once('年') {
        Some((_, day)) if day.contains('月') && day.ends_with('日') => day,
        _ => form,
    }
}

/// Days of the week and times are said in lists of any order; days in one form only where they have their month.
fn is_compared(figure: &Figure) -> bool {
    !figure.is_weak
        && !figure.is_about
        && figure.part != Part::Former
        && ![CLOCK, WEEKDAY].contains(&figure.unit)
        && (!figure.unit.is_empty() || figure.value.ends_with('日'))
}

/// The policy's figures by the letters around them.
struct Index<'t> {
    forms: &'t [String],
    by_letters: Rare<(&'static str, Letters)>,
    /// The values that are compared.
    held: HashSet<&'t str>,
}

/// What the words around a figure say of the policy's figures.
#[derive(Default)]
struct Votes {
    /// Those of its value, each with how many letters are around both.
    here: HashMap<usize, usize>,
    /// The letters that are around one of its value.
    supported: Vec<Letters>,
    /// Those of another value, each with the letters that are around none of its value.
    there: HashMap<usize, Vec<Letters>>,
    /// Letters right around it that are around any of the policy's: 的老 of 轻度失能的老人 calls nothing.
    known: usize,
}

impl<'t> Index<'t> {
    fn of(policy: &'t Said<'_>, around: &[Around]) -> Self {
        let mut by_letters = Rare::default();
        let mut held = HashSet::default();
        let all = policy.figures.iter().zip(&policy.forms).zip(around).enumerate();
        for (index, ((figure, form), around)) in all.filter(|(_, ((f, _), _))| is_compared(f)) {
            held.insert(day(form));
            for letters in around.all() {
                by_letters.add((kind(figure), letters), index);
            }
        }
        Self { forms: &policy.forms, by_letters, held }
    }

    fn votes(&self, (figure, value): (&Figure, &str), around: &Around) -> Votes {
        let mut votes = Votes::default();
        for letters in around.all() {
            let held = self.by_letters.get(&(kind(figure), letters));
            votes.known += usize::from(held.is_some() && around.own.contains(&letters));
            let held = held.filter(|held| !held.are_common()).into_iter().flatten();
            let (here, there): (Vec<usize>, Vec<usize>) = held
                .partition(|index| self.forms.get(*index).is_some_and(|form| day(form) == value));
            if here.is_empty() {
                for index in there {
                    votes.there.entry(index).or_default().push(letters);
                }
            } else {
                votes.supported.push(letters);
                for index in here {
                    *votes.here.entry(index).or_default() += 1;
                }
            }
        }
        votes
    }
}

impl Votes {
    /// The policy's figure whose words these are, if the value is given there to others only.
    fn moved(&self, around: &Around, theirs: &[Around]) -> Option<(usize, &[Letters])> {
        let is_theirs = |rival: &usize| {
            let around = theirs.get(*rival);
            let is_around = |letters: &Letters| around.is_some_and(|theirs| theirs.has(*letters));
            self.supported.iter().all(is_around)
        };
        let is_known = |words: &Vec<Letters>| {
            words.iter().any(|letters| around.own.contains(letters))
                && (words.len() * 3 >= around.own.len()
                    || (!self.supported.is_empty() && words.len() * 3 >= self.known))
        };
        let called = self.there.iter().filter(|(rival, words)| is_known(words) && is_theirs(rival));
        let called = called.max_by_key(|(rival, words)| (words.len(), Reverse(**rival)));
        called.map(|(rival, words)| (*rival, words.as_slice()))
    }

    /// The policy's figure of this value whose words these are most, if its bound is the opposite and no other of
    /// the value has this one.
    fn reversed(&self, policy: &Said<'_>, ours: &Said<'_>, figure: &Figure) -> Option<usize> {
        let (rival, _) =
            self.here.iter().max_by_key(|(index, count)| (**count, Reverse(**index)))?;
        let theirs = policy.figures.get(*rival)?;
        let agrees = |index: &usize| {
            policy.figures.get(*index).is_some_and(|other| other.bound == figure.bound)
        };
        // 60周岁以下的不能申请 says the same as 60周岁以上的可以申请.
        let is_denied = denies(ours, figure) != denies(policy, theirs);
        (reverses(figure, theirs) && !self.here.keys().any(agrees) && !is_denied).then_some(*rival)
    }
}

/// Whether the sentence around a figure denies something, the figure's own bound aside.
fn denies(said: &Said<'_>, figure: &Figure) -> bool {
    said.sentence_of(figure).is_some_and(Sentence::is_negative)
}

fn asks(said: &Said<'_>, figure: &Figure) -> bool {
    said.sentence_of(figure).is_some_and(|sentence| sentence.is_question)
}

/// What stands around each figure of a text.
fn around(said: &Said<'_>) -> Vec<Around> {
    let document = said.document;
    let units = document.units();
    let by_path: HashMap<&str, &Unit> =
        units.iter().map(|unit| (unit.path.as_str(), unit)).collect();
    let mut headed: HashMap<usize, (Vec<Letters>, Vec<Letters>)> = HashMap::default();
    let mut found: Vec<Around> = vec![];
    let mut last: Option<(usize, Vec<Letters>)> = None;
    for (index, figure) in said.figures.iter().enumerate() {
        let unit = document.unit_at(figure.range.start);
        let (title, above) = headed.entry(unit).or_insert_with(|| {
            units.get(unit).map(|unit| headings(document, unit, &by_path)).unwrap_or_default()
        });
        let next = said.figures.get(index + 1).map(|next| next.range.start);
        let mut own = own(document.text(), figure, next);
        if own.is_empty() {
            // 每小时13元、每月2420元: called as the one before; 小学。每人800元: as its title.
            let sentence = figure.range.start.saturating_sub(figure.lead.len());
            let before = last.take().filter(|(at, _)| *at >= sentence);
            own = before.map_or_else(|| title.clone(), |(_, own)| own);
        }
        last = Some((figure.range.start, own.clone()));
        found.push(Around { own, headed: title.iter().chain(above.iter()).copied().collect() });
    }
    found
}

/// What a figure is called, and what stands right behind it.
fn own(text: &str, figure: &Figure, next: Option<usize>) -> Vec<Letters> {
    const ENDS: [char; 14] =
        ['，', ',', '。', '；', ';', '：', ':', '、', '（', '(', '）', ')', '\n', '？'];
    let name = if figure.label.chars().nth(1).is_some() {
        figure.label.as_str()
    } else {
        // 困难家庭，每人800元
        let sentence = sentence_before(text, figure.range.start, 40);
        let mut before = sentence.rsplit(ENDS).skip(1);
        before.next().filter(|words| !words.contains(|c: char| c.is_numeric())).unwrap_or_default()
    };
    let mut found = letters(name);
    if figure.row == 0 {
        let behind = text.get(figure.range.end..).unwrap_or_default();
        let end = next.and_then(|next| next.checked_sub(figure.range.end)).unwrap_or(behind.len());
        let behind = first_chars(behind.get(..end.min(behind.len())).unwrap_or(behind), BEHIND_MAX);
        let behind = behind.split(ENDS).next().unwrap_or_default();
        let bare =
            ["以上", "以下", "以内", "之内", "内"].iter().find_map(|w| behind.strip_prefix(w));
        found.extend(letters(bare.unwrap_or(behind)));
    }
    found
}

/// What a unit stands under: its own run-in title, and the headings above it.
fn headings(
    document: &Document<'_>,
    unit: &Unit,
    by_path: &HashMap<&str, &Unit>,
) -> (Vec<Letters>, Vec<Letters>) {
    let above = std::iter::successors(Some(unit.path.as_str()), |path| {
        path.rsplit_once('/').map(|(above, _)| above)
    });
    let above = above.skip(1).filter_map(|path| by_path.get(path)).take(HEADINGS);
    let own = heading(document.text_of(unit));
    let above = above.filter_map(|unit| heading(document.text_of(unit)));
    (own.map(letters).unwrap_or_default(), above.flat_map(letters).collect())
}

/// A title that runs into its text, or is all of it.
fn heading(text: &str) -> Option<&str> {
    let begin = first_chars(text.trim(), HEADING_MAX);
    let title = begin.split(['。', '：', '\n', '？', '?']).next()?;
    let is_whole = title.len() < begin.len() || begin.len() == text.trim().len();
    (is_whole && !title.contains(|c: char| c.is_ascii_digit())).then_some(title)
}

/// The pairs of letters of some words; figures are none.
fn letters(words: &str) -> Vec<Letters> {
    let mut found = vec![];
    push_pairs(words, is_alphabetic, &mut found);
    found
}
