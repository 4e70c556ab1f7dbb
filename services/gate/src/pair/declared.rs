//! What `[[external]]` declares to be another's: figures, and words as the interpretation has them. What would
//! block of these warns with its source, so that whoever signs reads both.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::HashMap;
use lockstep_proto::{finding::Finding, manifest::ExternalFigure};

use super::{Pair, figures::Figure, told};
use crate::codes::At as _;

/// Characters of an entry at most: it is of one figure, and of no paragraph.
const WORDS_MAX: usize = 40;

/// The declared figures of a bundle, and where their words stand in the interpretation.
pub(super) struct Declared<'p> {
    external: &'p [ExternalFigure],
    /// Where the words stand, in order, each with the place of its entry.
    places: Vec<(Range<usize>, usize)>,
    /// Values, with the same.
    values: HashMap<String, usize>,
}

impl<'p> Declared<'p> {
    pub(super) fn of(pair: &Pair<'p>) -> Self {
        let external = pair.stated.external.as_slice();
        let words = external.iter().map(|external| {
            let words = external.figure.trim();
            if words.chars().count() <= WORDS_MAX { words } else { "" }
        });
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words);
        let finder = finder.ok().filter(|_| !external.is_empty());
        let found = finder.iter().flat_map(|finder| finder.find_iter(pair.interpretation.text()));
        let places = found
            .filter(|found| !found.range().is_empty())
            .map(|found| (found.range(), found.pattern().as_usize()))
            .collect();
        let mut values = HashMap::default();
        for (index, external) in external.iter().enumerate() {
            for value in told::values([&external.figure].into_iter()) {
                values.entry(value).or_insert(index);
            }
        }
        Self { external, places, values }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.external.is_empty()
    }

    /// The source of a figure: its value is declared, wherever it stands, or the words that it stands in.
    pub(super) fn source(&self, figure: &Figure) -> Option<&'p str> {
        let index = self.values.get(&figure.value).copied();
        let index = index.or_else(|| self.entry_at(&figure.range))?;
        self.external.get(index).map(|external| external.source.as_str())
    }

    /// The entry whose words hold these bytes.
    fn entry_at(&self, range: &Range<usize>) -> Option<usize> {
        let behind = self.places.partition_point(|(place, _)| place.start <= range.start);
        let (place, index) = self.places.get(behind.checked_sub(1)?)?;
        (place.end >= range.end).then_some(*index)
    }

    /// What blocks of words at these bytes warns where they are declared, and says so.
    pub(super) fn excuse(&self, finding: Finding, range: &Range<usize>) -> Finding {
        let entry = self.entry_at(range).and_then(|index| self.external.get(index));
        // 未满 alone is declared of nothing.
        let has_figure = |entry: &&ExternalFigure| {
            entry.figure.trim().len() > range.len() || entry.figure.chars().any(char::is_numeric)
        };
        let Some(entry) = entry.filter(has_figure) else {
            return finding;
        };
        let finding = Finding {
            message: format!(
                "{}，已在 [[external]] 中声明，来源：{}",
                finding.message, entry.source
            ),
            message_en: format!(
                "{}, declared as external, source: {}",
                finding.message_en, entry.source
            ),
            ..finding
        };
        finding.into_warning()
    }
}
