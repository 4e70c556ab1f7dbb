//! Numbers of lists as their authors wrote them. Markdown counts on from the first: of 1, 3, 7 it makes 1, 2, 3, and the
//! words that refer to 第7项 then mean another. Who writes 1. before every item leaves the counting to Markdown.

use std::collections::HashMap;

use lockstep_gate::markdown::OPTIONS;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The number of each item of a numbered list, by the byte of the source that the item begins at.
pub(crate) fn numbers(source: &str) -> HashMap<usize, u64> {
    let mut numbers = HashMap::new();
    // The items of each open list; none: bullets.
    let mut open: Vec<Option<Vec<(usize, u64)>>> = vec![];
    for (event, place) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        if let Event::Start(Tag::List(first)) = event {
            open.push(first.map(|_| vec![]));
        } else if matches!(event, Event::Start(Tag::Item)) {
            let items = open.last_mut().and_then(Option::as_mut);
            let written = written(source.get(place.start..).unwrap_or_default());
            if let Some((items, number)) = items.zip(written) {
                items.push((place.start, number));
            }
        } else if matches!(event, Event::End(TagEnd::List(_))) {
            numbers.extend(shown(open.pop().flatten().unwrap_or_default()));
        }
    }
    numbers
}

/// The number that an item begins with.
fn written(item: &str) -> Option<u64> {
    let item = item.trim_start();
    let digits = item.find(|c: char| !c.is_ascii_digit()).unwrap_or(item.len());
    item.get(..digits)?.parse().ok()
}

/// The items of one list, counted on from the first where all are numbered alike.
fn shown(items: Vec<(usize, u64)>) -> impl Iterator<Item = (usize, u64)> {
    let first = items.first().map(|(_, number)| *number);
    let is_counted = items.iter().all(|(_, number)| Some(*number) == first);
    let numbered = items.into_iter().zip(0..);
    numbered
        .map(move |((at, number), index)| (at, if is_counted { number + index } else { number }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_the_numbers_that_they_were_given() {
        let of = |source: &str| {
            let mut numbers: Vec<_> = numbers(source).into_iter().collect();
            numbers.sort_unstable();
            numbers.into_iter().map(|(_, number)| number).collect::<Vec<_>>()
        };
        assert_eq!(of("1. 甲\n3. 乙\n7. 丙\n"), [1, 3, 7]);
        assert_eq!(of("3. 甲\n2. 乙\n"), [3, 2]);
        assert_eq!(of("> 4) 甲\n> 6) 乙\n"), [4, 6]);
        assert_eq!(of("2. 甲\n\n   5. 子\n   8. 子\n\n9. 乙\n"), [2, 5, 8, 9]);
        // Left to Markdown.
        assert_eq!(of("1. 甲\n1. 乙\n1. 丙\n"), [1, 2, 3]);
        assert_eq!(of("- 甲\n- 乙\n"), [0_u64; 0]);
    }
}
