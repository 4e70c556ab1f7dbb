//! The answer card on the page.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::answer;

/// Makes the tables that are answer cards lists of terms and what they mean.
pub(super) fn mark(events: &mut [Event<'_>]) {
    let mut from = 0;
    while let Some(start) =
        position(events, from, |event| matches!(event, Event::Start(Tag::Table(_))))
    {
        let end = position(events, start, |event| matches!(event, Event::End(TagEnd::Table)));
        let end = end.unwrap_or(events.len().saturating_sub(1));
        if let Some(table) = events.get_mut(start..=end)
            && is_card(table)
        {
            rewrite(table);
        }
        from = end + 1;
    }
}

fn position(
    events: &[Event<'_>],
    from: usize,
    is_it: impl Fn(&Event<'_>) -> bool,
) -> Option<usize> {
    events.iter().skip(from).position(is_it).map(|index| from + index)
}

/// Whether its left column says so; every row has as many cells as the head.
fn is_card(table: &[Event<'_>]) -> bool {
    let Some(Event::Start(Tag::Table(columns))) = table.first() else { return false };
    let mut left: Vec<String> = vec![];
    let mut column = 0;
    for event in table {
        if matches!(event, Event::Start(Tag::TableHead | Tag::TableRow)) {
            column = 0;
            left.push(String::new());
        } else if matches!(event, Event::End(TagEnd::TableCell)) {
            column += 1;
        } else if let (Event::Text(text), 0, Some(label)) = (event, column, left.last_mut()) {
            label.push_str(text);
        }
    }
    columns.len() == 2 && answer::is_card(left.iter().map(String::as_str))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what stands in the cells stays")]
fn rewrite(table: &mut [Event<'_>]) {
    let mut is_label = true;
    for event in table {
        let html = match event {
            Event::Start(Tag::Table(_)) => "<dl class=\"answer\">\n",
            Event::End(TagEnd::Table) => "</dl>\n",
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                is_label = true;
                "<div>"
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => "</div>\n",
            Event::Start(Tag::TableCell) if is_label => "<dt>",
            Event::Start(Tag::TableCell) => "<dd>",
            Event::End(TagEnd::TableCell) => {
                if std::mem::take(&mut is_label) {
                    "</dt>"
                } else {
                    "</dd>"
                }
            }
            _ => continue,
        };
        *event = Event::Html(CowStr::from(html));
    }
}
