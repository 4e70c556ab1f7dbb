//! Wording 文字: known wrong words, names and fixed expressions (lexicons that can be imported),
//! days that there are not, unpaired brackets, titles and numbers quoted not quite as they are. All of it warns: a text is its
//! author's; but another number behind the policy's very title is wrong, and blocks.

mod dates;
mod lexicon;
mod number;
mod pairs;
mod quotes;

use std::ops::Range;

use lockstep_proto::finding::{Finding, Severity};

use crate::codes::Code;
pub use lexicon::{BadLexicon, Entry, Kind, Lexicon, Lexicons};
pub use number::Number;
pub use quotes::{Own, check_quotes};
pub(crate) use quotes::{is_another_edition, is_former};

/// One thing about a text's wording.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it is.
    pub code: &'static Code,
    /// As the code says.
    pub severity: Severity,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What stands there and what is proposed.
    pub detail: String,
}

impl Hit {
    fn new(code: &'static Code, range: Range<usize>, detail: String) -> Self {
        Self { code, severity: code.severity, range, detail }
    }

    /// What is said about it, without a place.
    pub fn finding(&self) -> Finding {
        Finding { severity: self.severity, ..self.code.about(&self.detail) }
    }
}

/// How a text is cut into paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paragraphs {
    /// Each line is one: plain text.
    Lines,
    /// Empty lines part them: Markdown.
    Blocks,
}

/// TS501, TS502, TS503, TS506 and wrongly bracketed numbers (TS505), in order. `written_on` is the
/// document's date, `2027-01-05`, where it is known: a name was right before it changed.
pub fn check(
    text: &str,
    lexicons: &Lexicons,
    paragraphs: Paragraphs,
    written_on: Option<&str>,
) -> Vec<Hit> {
    let mut hits = lexicons.find(text, written_on);
    hits.extend(dates::find(text));
    hits.extend(pairs::find(text, paragraphs));
    hits.extend(number::find_wrong_brackets(text));
    hits.sort_by_key(|hit| hit.range.start);
    hits
}

#[cfg(test)]
mod tests;
