//! Questions on the page: 问1：… alone in its paragraph is a heading, as it is in pictures and print.

use lockstep_gate::document::Level;
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::blocks::Headings;

/// How such headings rank on the page, whose first level is its own.
const LEVEL: HeadingLevel = HeadingLevel::H4;

/// Where the text that is being read has got to.
pub(super) struct Questions {
    headings: Headings,
    /// The open paragraph: where its words begin in the source, what they are, and the event that begins it.
    open: Option<Open>,
    items: usize,
    is_in_cell: bool,
}

struct Open {
    begins: Option<usize>,
    words: String,
    event: usize,
}

impl Questions {
    pub(super) fn of(source: &str) -> Self {
        Self { headings: Headings::of(source), open: None, items: 0, is_in_cell: false }
    }

    /// Whether what comes stands in a cell of a table.
    pub(super) fn is_in_cell(&self) -> bool {
        self.is_in_cell
    }

    /// The text's next event, and the page's before it. Gives what ends a heading that looked like a paragraph.
    #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else begins or ends these")]
    pub(super) fn hear(
        &mut self,
        event: &Event<'_>,
        at: usize,
        events: &mut [Event<'_>],
    ) -> Option<TagEnd> {
        match event {
            Event::Start(Tag::Item) => self.items += 1,
            Event::End(TagEnd::Item) => self.items = self.items.saturating_sub(1),
            Event::Start(Tag::TableCell) => self.is_in_cell = true,
            Event::End(TagEnd::TableCell) => self.is_in_cell = false,
            Event::Start(Tag::Paragraph) if self.items == 0 => {
                self.open = Some(Open { begins: None, words: String::new(), event: events.len() });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(open) = &mut self.open {
                    open.begins.get_or_insert(at);
                    open.words.push_str(text);
                }
            }
            Event::End(TagEnd::Paragraph) => {
                let open = self.open.take()?;
                let level = self.headings.level(open.begins?, &open.words)?;
                let start = events.get_mut(open.event).filter(|_| level == Level::Question)?;
                let (id, classes, attrs) = (None, vec![], vec![]);
                *start = Event::Start(Tag::Heading { level: LEVEL, id, classes, attrs });
                return Some(TagEnd::Heading(LEVEL));
            }
            _ => {}
        }
        None
    }
}
