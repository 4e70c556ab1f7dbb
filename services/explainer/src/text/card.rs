//! The answer card on the page.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::{answer, notes};

/// How a line begins, and where it ends.
pub(super) const LINE: &str = "<div><dt>";
pub(super) const END: &str = "</dd></div>\n";

/// Makes the tables that are answer cards lists of terms and what they mean. Lines that say nothing, as the
/// template has them, are left out.
pub(super) fn mark<'e>(events: &[Event<'e>]) -> Vec<Event<'e>> {
    let mut marked = vec![];
    let mut rest = events;
    while let Some(start) =
        rest.iter().position(|event| matches!(event, Event::Start(Tag::Table(_))))
    {
        let end = rest.iter().position(|event| matches!(event, Event::End(TagEnd::Table)));
        let (before, table) = rest.split_at(start);
        let (table, after) =
            table.split_at((end.unwrap_or(rest.len()) + 1).saturating_sub(start).min(table.len()));
        marked.extend_from_slice(before);
        if let Some(head) = card_head(table) {
            marked.extend(list(table, head));
        } else {
            marked.extend_from_slice(table);
        }
        rest = after;
    }
    marked.extend_from_slice(rest);
    marked
}

/// How many rows head it, where its left column makes it a card; every row has as many cells as the head.
fn card_head(table: &[Event<'_>]) -> Option<usize> {
    let Some(Event::Start(Tag::Table(columns))) = table.first() else { return None };
    let mut rows: Vec<[String; 2]> = vec![];
    let mut column = 0;
    for event in table {
        if matches!(event, Event::Start(Tag::TableHead | Tag::TableRow)) {
            column = 0;
            rows.push(<[String; 2]>::default());
        } else if matches!(event, Event::End(TagEnd::TableCell)) {
            column += 1;
        } else if let Some(cell) = rows.last_mut().and_then(|row| row.get_mut(column)) {
            cell.push_str(words(event));
        }
    }
    let rows = rows.iter().map(|row| row.each_ref().map(String::as_str)).collect::<Vec<_>>();
    answer::head(&rows).filter(|_| columns.len() == 2)
}

/// What an event says: the mark of a note too.
#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else has text")]
fn words<'t>(event: &'t Event<'_>) -> &'t str {
    match event {
        Event::Text(text) | Event::Code(text) => text,
        Event::InlineHtml(html) => notes::marked(html).unwrap_or_default(),
        _ => "",
    }
}

/// The lines of a card that say something.
fn list<'e>(table: &[Event<'e>], head: usize) -> Vec<Event<'e>> {
    let html = |text: &'static str| Event::Html(CowStr::from(text));
    let mut lines = vec![];
    let is_end =
        |event: &Event<'_>| matches!(event, Event::End(TagEnd::TableHead | TagEnd::TableRow));
    for row in table.split(is_end).skip(head) {
        let mut cells = row.split(|event| matches!(event, Event::Start(Tag::TableCell))).skip(1);
        let mut cell = || {
            let cell = cells.next().unwrap_or_default();
            let is_inside = |event: &&Event<'_>| !matches!(event, Event::End(TagEnd::TableCell));
            cell.iter().take_while(is_inside).cloned().collect::<Vec<_>>()
        };
        let (label, said) = (cell(), cell());
        if said.iter().all(|event| words(event).trim().is_empty()) {
            continue;
        }
        lines.push(html(LINE));
        lines.extend(label);
        lines.push(html("</dt><dd>"));
        lines.extend(said);
        lines.push(html(END));
    }
    if !lines.is_empty() {
        lines.insert(0, html("<dl class=\"answer\">\n"));
        lines.push(html("</dl>\n"));
    }
    lines
}
