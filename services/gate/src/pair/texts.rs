//! What both texts say, read once for all that compare it.

use super::{
    Pair,
    figures::{self, Figure},
    held::form,
    relative, sentences,
    sentences::Sentence,
    sources,
};
use crate::both::both;
use crate::document::{Document, first_chars, sentence_before};

/// Bytes of a sentence that are looked at.
const SENTENCE_MAX: usize = 900;

/// A text with its figures and sentences.
pub(super) struct Said<'d> {
    pub document: &'d Document<'d>,
    pub figures: Vec<Figure>,
    /// Their values as those of another text are compared with them.
    pub forms: Vec<String>,
    pub sentences: Vec<Sentence>,
    /// Those from stop to stop, and what stands of them behind a colon.
    wholes: Vec<usize>,
}

impl<'d> Said<'d> {
    fn of(document: &'d Document<'d>, figures: Vec<Figure>) -> Self {
        let sentences = sentences::find(document, &figures);
        let all = sentences.iter().enumerate();
        let wholes =
            all.filter(|(_, sentence)| sentence.is_whole).map(|(index, _)| index).collect();
        let forms = figures.iter().map(form).collect();
        Self { document, figures, forms, sentences, wholes }
    }

    /// The whole sentence that a figure stands in, or what stands of it behind a colon.
    pub(super) fn sentence_of(&self, figure: &Figure) -> Option<&Sentence> {
        self.sentence_at(figure.range.start)
    }

    /// A sentence's text; of a long one what stands around byte `at`, so that it costs no more than others.
    pub(super) fn around(&self, sentence: &Sentence, at: usize) -> &'d str {
        let text = self.document.text();
        let whole = text.get(sentence.range.clone()).unwrap_or_default();
        if whole.len() <= SENTENCE_MAX {
            return whole;
        }
        let before = sentence_before(text, at, SENTENCE_MAX / 6);
        let start = (at - before.len()).max(sentence.range.start);
        let rest = text.get(start..sentence.range.end).unwrap_or_default();
        first_chars(rest, SENTENCE_MAX / 3)
    }

    /// The same for a byte.
    pub(super) fn sentence_at(&self, offset: usize) -> Option<&Sentence> {
        let is_before = |index: &usize| {
            self.sentences.get(*index).is_some_and(|sentence| sentence.range.end <= offset)
        };
        let mut rest = self.wholes.get(self.wholes.partition_point(is_before)..)?.iter();
        // What stands behind a colon ends where its sentence does, and comes first.
        rest.find_map(|index| {
            let sentence = self.sentences.get(*index)?;
            (!sentence.is_tail || sentence.range.start <= offset).then_some(sentence)
        })
    }
}

/// Both texts of a pair.
pub(super) struct Texts<'d> {
    pub policy: Said<'d>,
    pub interpretation: Said<'d>,
}

impl<'d> Texts<'d> {
    pub(super) fn of(pair: &Pair<'d>) -> Self {
        let written_on = pair.metadata.written_on.as_deref();
        let written = sources::written(pair.policy.metadata(), written_on);
        let said = |document: &'d Document<'d>| {
            Said::of(document, relative::resolve(figures::find(document), written))
        };
        let (policy, interpretation) = both(|| said(pair.policy), || said(pair.interpretation));
        Self { policy, interpretation }
    }
}
