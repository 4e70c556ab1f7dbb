//! Which columns of a table have only a few characters: they take no more room than that, so that the others have it
//! on a phone. The style sheet finds them by their `col`.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::chart::text::is_chinese;

/// A column is short where no cell takes more than six 汉字, counted in halves.
const HALVES_MAX: usize = 12;

/// The same with a `colgroup` in each table that has short columns.
pub(super) fn mark(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut marked = Vec::with_capacity(events.len());
    let mut groups = groups(&events).into_iter();
    for event in events {
        let is_table = matches!(event, Event::Start(Tag::Table(_)));
        marked.push(event);
        if is_table {
            marked.extend(groups.next().flatten().map(|group| Event::Html(CowStr::from(group))));
        }
    }
    marked
}

/// Of each table in turn, where it has one.
fn groups(events: &[Event<'_>]) -> Vec<Option<String>> {
    let mut groups = vec![];
    let (mut longest, mut column, mut halves): (Vec<usize>, usize, usize) = (vec![], 0, 0);
    for event in events {
        if let Event::Start(Tag::Table(columns)) = event {
            longest = vec![0; columns.len()];
        } else if matches!(event, Event::Start(Tag::TableHead | Tag::TableRow)) {
            column = 0;
        } else if matches!(event, Event::Start(Tag::TableCell)) {
            halves = 0;
        } else if let Event::Text(text) | Event::Code(text) = event {
            halves += text.chars().map(|c| if is_chinese(c) { 2 } else { 1 }).sum::<usize>();
        } else if matches!(event, Event::End(TagEnd::TableCell)) {
            if let Some(longest) = longest.get_mut(column) {
                *longest = halves.max(*longest);
            }
            column += 1;
        } else if matches!(event, Event::End(TagEnd::Table)) {
            groups.push(group(&longest));
        }
    }
    groups
}

fn group(longest: &[usize]) -> Option<String> {
    let is_short = |halves: &usize| *halves <= HALVES_MAX;
    let col = |halves| if is_short(halves) { "<col class=\"short\">" } else { "<col>" };
    let cols: String = longest.iter().map(col).collect();
    longest.iter().any(is_short).then(|| format!("<colgroup>{cols}</colgroup>"))
}
