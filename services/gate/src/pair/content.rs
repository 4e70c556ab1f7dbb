//! Whether an interpretation says what the policy holds, where no heading says so: by questions and
//! answers, by what 《…》 asks, or in prose.

use super::elements::Heading;
use crate::document::{Document, Level, SELF_NAMES};

/// Words by which a sentence reports what the policy holds.
const REPORTS: [&str; 9] = ["指出", "提出", "要求", "明确", "规定", "强调", "明確", "規定", "強調"];
/// Characters between the policy's name and such a word: 《规定》首次明确.
const BETWEEN_MAX: usize = 4;
/// Questions whose answers say what the policy holds.
const QUESTIONS_MIN: usize = 3;
/// Paragraphs of so many characters are prose.
const PROSE_MIN: usize = 80;

/// Where it begins to say so.
pub(super) fn find(interpretation: &Document<'_>, headings: &[Heading<'_>]) -> Option<usize> {
    if headings.len() >= QUESTIONS_MIN {
        return headings.first().map(|heading| heading.unit.start);
    }
    find_report(interpretation.text()).or_else(|| find_prose(interpretation))
}

/// 《意见》提出, 细则明确
fn find_report(text: &str) -> Option<usize> {
    let reports = REPORTS.iter().filter_map(|word| {
        text.match_indices(word).map(|(at, _)| at).find(|at| is_of_document(text, *at))
    });
    reports.min()
}

/// Whether a document is named right before byte `at`.
fn is_of_document(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let ends = before.char_indices().rev().map(|(at, _)| at).take(BETWEEN_MAX);
    let mut befores = std::iter::once(before.len()).chain(ends).map_while(|end| before.get(..end));
    befores.any(|before| {
        before.ends_with('》') || SELF_NAMES.iter().any(|name| before.ends_with(name))
    })
}

/// The first of two paragraphs at least that are prose.
fn find_prose(interpretation: &Document<'_>) -> Option<usize> {
    let mut prose = interpretation.units().iter().filter(|unit| {
        let is_body = !matches!(unit.level, Level::Title | Level::Noise | Level::Contents);
        is_body && interpretation.text_of(unit).chars().nth(PROSE_MIN).is_some()
    });
    let first = prose.next()?;
    prose.next().map(|_| first.start)
}
