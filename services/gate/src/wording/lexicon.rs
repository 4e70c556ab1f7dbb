//! Lexicons 词库: what is known to be wrong and what is right instead, as TOML files that anybody may
//! write and import. The format is described in `lexicons/README.md`.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;
use toml::Spanned;

use super::{Hit, quotes::quoted_titles};
use crate::codes::{self, Code};

/// A lexicon that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadLexicon {
    /// Something in the file.
    #[error("第 {line} 行 / line {line}: {why}")]
    Line {
        /// From 1.
        line: usize,
        /// The key and what is wrong with it.
        why: String,
    },
    /// All lexicons together have too many entries to look for at once.
    #[error("词库合起来太大 / the lexicons together are too large")]
    TooLarge,
}

/// A lexicon as its file says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// The format.
    #[expect(dead_code, reason = "reading it is checking it")]
    schema: Schema,
    /// What it is called.
    pub name: String,
    /// Which edition of it.
    pub version: String,
    /// Who made it, from what.
    pub source: String,
    /// Under which licence it may be used.
    pub licence: String,
    /// What it knows.
    #[serde(rename = "entry")]
    pub entries: Vec<Entry>,
    /// The file.
    #[serde(skip)]
    text: String,
}

#[derive(Debug, Clone, Deserialize)]
enum Schema {
    #[serde(rename = "lockstep.lexicon/1")]
    One,
}

/// One thing that is known to be wrong.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    wrong: Spanned<String>,
    /// What is right instead.
    pub right: String,
    /// What kind of mistake it is.
    pub kind: Kind,
    /// Longer expressions in which it is right.
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    since: Option<Spanned<String>>,
    /// Why, and by which source.
    pub note: String,
}

/// Kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A wrong word (TS501).
    Error,
    /// A body's name (TS502).
    Name,
    /// An office's title (TS502).
    Title,
    /// A fixed expression (TS506).
    Expression,
}

impl Entry {
    /// What is wrong, wherever it stands; none where longer expressions make it right.
    pub(crate) fn find_always_wrong(&self) -> Option<&str> {
        self.unless.is_empty().then(|| self.wrong.get_ref().as_str())
    }
}

impl Kind {
    fn code(self) -> &'static Code {
        match self {
            Self::Error => &codes::ERROR_PAIR,
            Self::Name | Self::Title => &codes::WRONG_NAME,
            Self::Expression => &codes::FIXED_EXPRESSION,
        }
    }
}

/// Longer is no expression.
const CHARS_MAX: usize = 64;

impl Lexicon {
    /// Reads a lexicon's text (TOML).
    pub fn read(text: &str) -> Result<Self, BadLexicon> {
        let lexicon: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            BadLexicon::Line { line: line_at(text, start), why: error.message().to_owned() }
        })?;
        let mut known = std::collections::BTreeSet::new();
        for entry in &lexicon.entries {
            let bad = |span: Range<usize>, why: String| {
                Err(BadLexicon::Line { line: line_at(text, span.start), why })
            };
            let (span, wrong) = (entry.wrong.span(), entry.wrong.get_ref());
            if wrong.trim() != wrong || !(2..=CHARS_MAX).contains(&wrong.chars().count()) {
                return bad(
                    span,
                    format!(
                        "wrong = {wrong:?} 须为 2 至 {CHARS_MAX} 个字，前后无空白 / must have 2 to {CHARS_MAX} characters"
                    ),
                );
            }
            if *wrong == entry.right {
                return bad(span, format!("wrong = {wrong:?} 与 right 相同 / is what is right"));
            }
            if !known.insert(wrong) {
                return bad(span, format!("wrong = {wrong:?} 出现两次 / stands twice"));
            }
            for unless in &entry.unless {
                let longer = unless.get_ref();
                if longer == wrong
                    || !longer.contains(wrong.as_str())
                    || longer.chars().count() > CHARS_MAX
                {
                    let why = format!(
                        "unless = {longer:?} 须是含有 {wrong:?} 的更长的词 / must be a longer expression with {wrong:?}"
                    );
                    return bad(unless.span(), why);
                }
            }
            if let Some(since) = entry.since.as_ref().filter(|since| !is_date(since.get_ref())) {
                let why = format!(
                    "since = {:?} 须写作 2023-05-18 / must be a date as 2023-05-18",
                    since.get_ref()
                );
                return bad(since.span(), why);
            }
        }
        Ok(Self { text: text.to_owned(), ..lexicon })
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// Lexicons that are looked for together, in one pass whatever their size.
#[derive(Debug)]
pub struct Lexicons {
    automaton: AhoCorasick,
    /// By pattern; those from here on are the `unless`.
    entries: Vec<Entry>,
    texts: Vec<String>,
}

impl Lexicons {
    /// Takes lexicons together. Of two entries for the same words the later lexicon's counts.
    pub fn new(lexicons: Vec<Lexicon>) -> Result<Self, BadLexicon> {
        let texts = lexicons.iter().map(|lexicon| lexicon.text.clone()).collect();
        let entries = lexicons.into_iter().flat_map(|lexicon| lexicon.entries);
        let by_words: BTreeMap<String, Entry> =
            entries.map(|entry| (entry.wrong.get_ref().clone(), entry)).collect();
        let entries: Vec<Entry> = by_words.into_values().collect();
        let wrong = entries.iter().map(|entry| entry.wrong.get_ref());
        let unless = entries.iter().flat_map(|entry| entry.unless.iter().map(Spanned::get_ref));
        // The longest from the left: a right, longer expression hides the wrong one within.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(wrong.chain(unless))
            .map_err(|_| BadLexicon::TooLarge)?;
        Ok(Self { automaton, entries, texts })
    }

    /// The files that they were read from, as [`Lexicon::read`] takes them.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The starter lexicon alone.
    pub fn starter() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the file is part of the program; a test reads it")]
        static STARTER: LazyLock<Lexicons> = LazyLock::new(|| {
            let starter = Lexicon::starter().expect("the starter lexicon is right");
            Lexicons::new(vec![starter]).expect("the starter lexicon is small")
        });
        &STARTER
    }

    pub(super) fn find(&self, text: &str, written_on: Option<&str>) -> Vec<Hit> {
        let mut titles = quoted_titles(text).peekable();
        self.automaton
            .find_iter(text)
            .filter_map(|found| {
                let entry = self.entries.get(found.pattern().as_usize())?;
                while titles.next_if(|title| title.end <= found.start()).is_some() {}
                // A document's title is quoted as it is, names of its time and all.
                let is_quoted = titles.peek().is_some_and(|title| title.start <= found.start());
                let is_history = text.get(..found.start()).is_some_and(is_before_history);
                let since = entry.since.as_ref().map(|since| since.get_ref().as_str());
                let is_earlier = since.zip(written_on).is_some_and(|(since, on)| on < since);
                let is_right = is_earlier
                    || (entry.kind != Kind::Error && is_quoted)
                    || (matches!(entry.kind, Kind::Name | Kind::Title) && is_history);
                (!is_right).then(|| {
                    let Entry { wrong, right, note, .. } = entry;
                    let detail = format!("“{}”→“{right}”（{note}）", wrong.get_ref());
                    Hit::new(entry.kind.code(), found.range(), detail)
                })
            })
            .collect()
    }
}

/// Whether what comes is told of the past: 原…, 改革前由…
fn is_before_history(before: &str) -> bool {
    let near: Vec<char> = before.chars().rev().take(8).take_while(|c| *c != '。').collect();
    let near: String = near.into_iter().rev().collect();
    near.ends_with('原') || near.contains("改革前") || near.contains("时任")
}

impl Lexicon {
    /// The one that comes with the program.
    pub fn starter() -> Result<Self, BadLexicon> {
        Self::read(include_str!("../../lexicons/starter.toml"))
    }
}
