//! Numbers of several parts that a browser would break after their hyphen: 021-12345678转8001, 2027-01-01. And dates.

use crate::chart::text::NEVER_STARTS;

/// A longer one is broken rather than widen the page.
const CHARACTERS_MAX: usize = 24;

/// HTML text whose numbers are not broken.
pub(super) fn mark(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let (number, after) = from.split_at(end(from));
        if number.contains('-') && number.chars().count() <= CHARACTERS_MAX {
            out.push_str("<span class=\"unbroken\">");
            out.push_str(number);
            out.push_str("</span>");
        } else {
            out.push_str(number);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The same, and a mark that may not begin a line held with the number before it: browsers would let it.
pub(super) fn closed(text: &str) -> String {
    const END: &str = "</span>";
    let marked = mark(text);
    let mut out = String::with_capacity(marked.len());
    let mut rest = marked.as_str();
    while let Some((before, after)) = rest.split_once(END) {
        out.push_str(before);
        let closing = after.chars().next().filter(|next| NEVER_STARTS.contains(*next));
        out.extend(closing);
        out.push_str(END);
        rest = closing.and_then(|closing| after.strip_prefix(closing)).unwrap_or(after);
    }
    out.push_str(rest);
    out
}

/// The same, and dates held together: cells are narrow.
pub(super) fn with_dates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let digits = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let Some((date, after)) =
            from.split_at_checked(date_end(from)).filter(|(date, _)| !date.is_empty())
        else {
            // A number with what follows its hyphens is for `closed`.
            let end = end(from).max(digits);
            let (number, after) = from.split_at(end);
            let next = after.chars().next().filter(|next| NEVER_STARTS.contains(*next));
            let length = next.map_or(0, char::len_utf8);
            out.push_str(before);
            out.push_str(&closed(from.get(..end + length).unwrap_or(number)));
            rest = after.get(length..).unwrap_or(after);
            continue;
        };
        out.push_str(before);
        out.push_str("<span class=\"unbroken\">");
        out.push_str(date);
        out.push_str("</span>");
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where a date of two parts or three ends that the text begins with: 4月25日, 2026年4月; 0 where none begins there.
fn date_end(text: &str) -> usize {
    let (mut end, mut rest, mut parts) = (0, text, 0);
    for unit in ['年', '月', '日'] {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let after = rest.get(digits..).and_then(|after| after.strip_prefix(unit));
        if let Some(after) = after.filter(|_| (1..=4).contains(&digits)) {
            end = text.len() - after.len();
            rest = after;
            parts += 1;
        } else if parts > 0 {
            break;
        }
    }
    if parts > 1 { end } else { 0 }
}

/// Where a number ends that the text begins with: its parts are joined by one sign each.
fn end(text: &str) -> usize {
    let mut end = 0;
    let mut joined = None;
    for (at, character) in text.char_indices() {
        if character.is_ascii_digit() {
            end = at + 1;
            joined = None;
        } else if matches!(character, '-' | '转') && joined.replace(character).is_none() {
        } else {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{closed, mark, with_dates};

    #[test]
    fn dates_and_what_closes_a_number_stay_with_it() {
        let held =
            |html: String| html.replace("<span class=\"unbroken\">", "[").replace("</span>", "]");
        assert_eq!(held(closed("拨打021-1、12345。")), "拨打[021-1、]12345。");
        for (text, expected) in [
            ("2020年9月1日至2021年8月", "[2020年9月1日]至[2021年8月]"),
            ("5月14日、5月15日", "[5月14日]、[5月15日]"),
            ("2026年起，3个月", "2026年起，3个月"),
            ("021-1、802，第3日", "[021-1、]802，第3日"),
            ("12", "12"),
        ] {
            assert_eq!(held(with_dates(text)), expected);
        }
    }

    #[test]
    fn a_number_with_a_hyphen_is_one() {
        let span = |number: &str| format!("<span class=\"unbroken\">{number}</span>");
        assert_eq!(
            mark("拨打021-00000001转8001或12345"),
            format!("拨打{}或12345", span("021-00000001转8001"))
        );
        assert_eq!(
            mark("021-00000000、021-1"),
            format!("{}、{}", span("021-00000000"), span("021-1"))
        );
        assert_eq!(mark("2027-01-01起"), format!("{}起", span("2027-01-01")));
        for whole in ["12转", "1-", "1--2", "第3条", "", "a-b"] {
            assert_eq!(mark(whole), whole);
        }
        let long = "1-".repeat(20) + "1";
        assert_eq!(mark(&long), long);
    }
}
