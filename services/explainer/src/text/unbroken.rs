//! Numbers of several parts that a browser would break after their hyphen: 021-12345678转8001, 2027-01-01.

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
    use super::mark;

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
