//! What Markdown may place and where it may lead. The explainer renders by this, and intake reads by
//! it: what a page will not have is said before anybody signs.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// Scheme of an image's address that places a chart: `![…](chart:spending)`.
pub const CHART: &str = "chart:";

/// What Markdown can say here besides its core.
pub const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);

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
    std::iter::from_fn(move || {
        let (event, place) = events.next()?;
        let has_text =
            matches!(events.peek(), Some((Event::Text(text), _)) if !text.trim().is_empty());
        Some((event, place, has_text))
    })
    .filter_map(move |(event, place, has_text)| {
        let reference = match event {
            Event::Start(Tag::Image { dest_url, .. }) => match dest_url.strip_prefix(CHART) {
                Some(id) => Reference::Chart { id: id.to_owned(), has_text },
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
                (3, Reference::Chart { id: "a".to_owned(), has_text: true }),
                (4, dead("attachments/x.txt")),
                (5, dead("http://example.org/x.png")),
            ]
        );
    }
}
