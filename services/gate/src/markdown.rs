//! What Markdown may place and where it may lead. The explainer renders by this, and intake reads by
//! it: what a page will not have is said before anybody signs.

use std::{collections::BTreeSet, ops::Range};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// Scheme of an image's address that places a chart: `![…](chart:spending)`.
pub const CHART: &str = "chart:";

/// What Markdown can say here besides its core.
pub const OPTIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_FOOTNOTES);

/// Whether readers are led to this address.
pub fn is_followed(kind: LinkType, address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    kind == LinkType::Email
        || ["https://", "http://", "mailto:", "tel:", "#"]
            .iter()
            .any(|scheme| lower.starts_with(scheme))
}

/// What a text refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// A chart, by its id as the text writes it.
    Chart {
        /// The id.
        id: String,
        /// Whether words stand in its place for those who cannot see it.
        has_text: bool,
        /// Whether it stands between paragraphs: in a list, a table or a heading there is no place for it.
        has_place: bool,
    },
    /// A picture or link that the page will not have.
    Dead(String),
}

/// The charts that a text places and the references that lead nowhere, each with its line, from 1.
#[expect(clippy::wildcard_enum_match_arm, reason = "links and images are two of many events")]
pub fn references(source: &str) -> Vec<(usize, Reference)> {
    // References come in order: lines are counted from one to the next.
    let (mut line, mut counted_to) = (1, 0);
    let mut events = Parser::new_ext(source, OPTIONS).into_offset_iter().peekable();
    // What is open that no chart can stand in.
    let mut narrow = 0_usize;
    std::iter::from_fn(move || {
        let (event, place) = events.next()?;
        let has_text =
            matches!(events.peek(), Some((Event::Text(text), _)) if !text.trim().is_empty());
        Some((event, place, has_text))
    })
    .filter_map(move |(event, place, has_text)| {
        match &event {
            Event::Start(tag) if is_narrow(tag.to_end()) => narrow += 1,
            Event::End(tag) if is_narrow(*tag) => narrow = narrow.saturating_sub(1),
            _ => {}
        }
        let reference = match event {
            Event::Start(Tag::Image { dest_url, .. }) => match dest_url.strip_prefix(CHART) {
                Some(id) => {
                    Reference::Chart { id: id.to_owned(), has_text, has_place: narrow == 0 }
                }
                // Nothing is loaded from anywhere: its description stands in for it.
                None => Reference::Dead(dest_url.into_string()),
            },
            Event::Start(Tag::Link { link_type, dest_url, .. })
                if !is_followed(link_type, &dest_url) =>
            {
                Reference::Dead(dest_url.into_string())
            }
            _ => return None,
        };
        line += source.get(counted_to..place.start).unwrap_or_default().matches('\n').count();
        counted_to = counted_to.max(place.start);
        Some((line, reference))
    })
    .collect()
}

/// Whether a chart's figure cannot stand within it.
fn is_narrow(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Item
            | TagEnd::TableCell
            | TagEnd::Heading(_)
            | TagEnd::Link
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
    )
}

/// What is wrong with a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteFault {
    /// Referred to, and written nowhere: the page shows the mark as it is typed.
    Missing(String),
    /// Written twice: two notes with one number.
    Twice(String),
    /// Written without a word.
    Empty(String),
}

/// Longer words behind `[^` are no name of a note.
const NOTE_NAME_CHARS_MAX: usize = 40;

/// Notes that readers cannot tell or find, each with its line, from 1.
pub fn note_faults(source: &str) -> Vec<(usize, NoteFault)> {
    let mut found: Vec<(usize, NoteFault)> = vec![];
    let mut written = BTreeSet::new();
    let mut events = Parser::new_ext(source, OPTIONS).into_offset_iter().peekable();
    while let Some((event, place)) = events.next() {
        let Event::Start(Tag::FootnoteDefinition(name)) = event else { continue };
        let name = name.into_string();
        let is_empty = matches!(events.peek(), Some((Event::End(TagEnd::FootnoteDefinition), _)));
        if !written.insert(name.clone()) {
            found.push((place.start, NoteFault::Twice(name)));
        } else if is_empty {
            found.push((place.start, NoteFault::Empty(name)));
        }
    }
    for Shown { place, text, .. } in shown(source) {
        let marks = text.match_indices("[^").filter_map(|(at, sign)| {
            let (name, _) = text.get(at + sign.len()..)?.split_once(']')?;
            let is_name = !name.is_empty()
                && !name.contains(char::is_whitespace)
                && name.chars().count() <= NOTE_NAME_CHARS_MAX;
            is_name.then(|| name.to_owned())
        });
        let mut from = place.start;
        for name in marks {
            // Where it stands in the source; one that is written in some other way stands somewhere in the block.
            let rest = source.get(from..place.end).unwrap_or_default();
            let at = rest.find(&format!("[^{name}]")).map(|at| from + at);
            found.push((at.unwrap_or(place.start), NoteFault::Missing(name)));
            from = at.map_or(place.end, |at| at + 1);
        }
    }
    found.sort_by_key(|(at, _)| *at);
    let (mut line, mut counted_to) = (1, 0);
    let mut line_of = |at: usize| {
        line += source.get(counted_to..at).unwrap_or_default().matches('\n').count();
        counted_to = at;
        line
    };
    found.into_iter().map(|(at, fault)| (line_of(at), fault)).collect()
}

/// What a page shows of a paragraph, heading or cell, or the address it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Where it stands in the source.
    pub(crate) place: Range<usize>,
    pub(crate) text: String,
    pub(crate) is_cell: bool,
}

/// What a page shows, block by block, and the addresses of its links without percent signs. Tags of
/// HTML break no word.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all that is neither text nor inline ends a block"
)]
pub(crate) fn shown(source: &str) -> Vec<Shown> {
    let mut blocks: Vec<Shown> = vec![];
    let mut addresses = vec![];
    let (mut is_open, mut is_cell) = (false, false);
    for (event, place) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        let part = match event {
            Event::Text(text) | Event::Code(text) => text.into_string(),
            Event::SoftBreak | Event::HardBreak => "\n".to_owned(),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                addresses.push(Shown { place, text: decode_address(&dest_url), is_cell: false });
                continue;
            }
            Event::InlineHtml(_)
            | Event::Html(_)
            | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::HtmlBlock)
            | Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            ) => continue,
            other => {
                is_open = false;
                is_cell = matches!(other, Event::Start(Tag::TableCell));
                continue;
            }
        };
        match blocks.last_mut().filter(|_| is_open) {
            Some(block) => {
                block.text.push_str(&part);
                block.place.end = block.place.end.max(place.end);
            }
            None => blocks.push(Shown { place, text: part, is_cell }),
        }
        is_open = true;
    }
    blocks.extend(addresses);
    blocks
}

/// The words that readers see: no addresses, and nothing that stands in for a picture. Raw HTML is shown as text.
#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else is text, and it parts words")]
pub(crate) fn words(source: &str) -> String {
    let (mut words, mut images) = (String::new(), 0_usize);
    for event in Parser::new_ext(source, OPTIONS) {
        match event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images = images.saturating_sub(1),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text)
                if images == 0 =>
            {
                words.push_str(&text);
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            ) => {}
            _ => words.push('\n'),
        }
    }
    words
}

/// `%31` is 1.
fn decode_address(address: &str) -> String {
    let mut bytes = vec![];
    let mut rest = address.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = code.map_or(after, |_| after.get(2..).unwrap_or_default());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_and_dead_references_are_named_with_their_line() {
        let source = "# 题\n\n![图](chart:a)\n见[附件](attachments/x.txt)与\n![](http://example.org/x.png)\n\n\
                      [网](https://example.org) <a@example.org> [节](#一) `![](chart:b)`\n";
        let dead = |address: &str| Reference::Dead(address.to_owned());
        assert_eq!(
            references(source),
            [
                (3, Reference::Chart { id: "a".to_owned(), has_text: true, has_place: true }),
                (4, dead("attachments/x.txt")),
                (5, dead("http://example.org/x.png")),
            ]
        );
    }

    #[test]
    fn notes_that_nobody_can_find_or_tell_apart_are_named_with_their_line() {
        let source =
            "甲[^1]。\n\n乙[^2]，\n丙[^3]。\n\n[^1]: 一\n\n[^1]: 又一\n\n[^4]:\n\n码[x]、[^ 空]\n";
        let named =
            |line, fault: fn(String) -> NoteFault, name: &str| (line, fault(name.to_owned()));
        assert_eq!(
            note_faults(source),
            [
                named(3, NoteFault::Missing, "2"),
                named(4, NoteFault::Missing, "3"),
                named(8, NoteFault::Twice, "1"),
                named(10, NoteFault::Empty, "4"),
            ]
        );
        assert!(note_faults("甲[^1]。\n\n[^1]: 一。\n").is_empty());
    }

    #[test]
    fn a_chart_has_its_place_between_paragraphs() {
        let has_place = |source: &str| match references(source).as_slice() {
            [(_, Reference::Chart { has_place, .. })] => *has_place,
            other => panic!("{other:?}"),
        };
        for wide in ["![图](chart:a)\n", "见图：![图](chart:a)。\n", "- 甲\n\n> ![图](chart:a)\n"]
        {
            assert!(has_place(wide), "{wide}");
        }
        for narrow in [
            "- 甲 ![图](chart:a)\n",
            "1. 甲\n\n   ![图](chart:a)\n",
            "| 甲 | 乙 |\n|---|---|\n| ![图](chart:a) | 1 |\n",
            "# 题 ![图](chart:a)\n",
            "**![图](chart:a)**\n",
            "- 甲\n- [![图](chart:a)](https://example.org)\n\n段\n",
        ] {
            assert!(!has_place(narrow), "{narrow}");
        }
    }
}
