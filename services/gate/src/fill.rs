//! `fill(member, registration)`: what readers get of a member. One pure function; staging and
//! read-back compare the digests of its output.

use std::collections::BTreeMap;

use lockstep_proto::{
    edition::{Slot, SlotValue},
    manifest::Role,
};

/// The member's bytes with its slots filled. Members that hold no slots, and bytes that are not
/// UTF-8, come back as they are.
pub fn fill(role: Role, bytes: Vec<u8>, slots: &BTreeMap<Slot, SlotValue>) -> Vec<u8> {
    if !role.has_slots() || slots.is_empty() {
        return bytes;
    }
    match String::from_utf8(bytes) {
        Err(error) => error.into_bytes(),
        Ok(text) => fill_text(&text, slots).into_bytes(),
    }
}

/// A text with its slots filled. Slots without a value stay as they stand.
pub fn fill_text(text: &str, slots: &BTreeMap<Slot, SlotValue>) -> String {
    slots.iter().fold(text.to_owned(), |text, (slot, value)| {
        // A value holds no braces, so that filling one slot cannot make another.
        text.replace(&slot.mark(), value.as_str())
    })
}

/// Braces, of Chinese width too.
const BRACES: [&str; 4] = ["{", "}", "｛", "｝"];

/// Every `{{…}}` in a text: the line it stands in, from 1, and what stands between the braces.
pub fn find_marks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().filter(|(_, line)| line.contains("{{"));
    lines.flat_map(|(index, line)| {
        line.split("{{")
            .skip(1)
            .filter_map(|rest| rest.split_once("}}"))
            .map(move |(name, _)| (index + 1, name))
    })
}

/// Every line, from 1, where braces stand that make no mark, such as `{{文号}` or `{文号}}`: they
/// would be published as they are. With the slot that was meant, where one is named.
pub fn find_broken_marks(text: &str) -> impl Iterator<Item = (usize, Option<Slot>)> {
    let has_brace = |line: &str| BRACES.iter().any(|brace| line.contains(*brace));
    let lines = text.lines().enumerate().filter(move |(_, line)| has_brace(line));
    lines.flat_map(|(index, line)| {
        let rest = without_marks(line);
        let meant: Vec<_> = Slot::ALL.into_iter().filter(|slot| is_braced(&rest, *slot)).collect();
        let is_torn = meant.is_empty() && (rest.contains("{{") || rest.contains("}}"));
        let found = meant.into_iter().map(Some).chain(is_torn.then_some(None));
        found.map(move |slot| (index + 1, slot))
    })
}

/// What is left of a line without what [`find_marks`] finds in it.
fn without_marks(line: &str) -> String {
    let mut parts = line.split("{{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |left, part| match part.split_once("}}") {
        Some((_, rest)) => format!("{left} {rest}"),
        None => format!("{left}{{{{{part}"),
    })
}

/// Whether a brace stands beside the slot's name.
fn is_braced(line: &str, slot: Slot) -> bool {
    let ends = |text: &str| BRACES.iter().any(|brace| text.ends_with(brace));
    let begins = |text: &str| BRACES.iter().any(|brace| text.starts_with(brace));
    line.match_indices(slot.name()).any(|(at, name)| {
        let (before, rest) = line.split_at(at);
        ends(before.trim_end()) || begins(rest.trim_start_matches(name).trim_start())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots() -> BTreeMap<Slot, SlotValue> {
        [(Slot::Number, SlotValue::try_from("示教〔2026〕3号".to_owned()).unwrap())].into()
    }

    #[test]
    fn only_texts_and_fragments_are_filled() {
        let bytes = "{{文号}} {{成文日期}}".as_bytes().to_vec();
        let filled = fill(Role::Policy, bytes.clone(), &slots());
        assert_eq!(filled, "示教〔2026〕3号 {{成文日期}}".as_bytes());
        assert_eq!(fill(Role::Chart, bytes.clone(), &slots()), bytes);
    }

    #[test]
    fn without_registration_bytes_are_as_they_were() {
        let bytes = vec![0xff, b'{', b'{'];
        assert_eq!(fill(Role::Policy, bytes.clone(), &BTreeMap::new()), bytes);
        assert_eq!(fill(Role::Policy, bytes.clone(), &slots()), bytes);
    }

    #[test]
    fn braces_that_make_no_mark_are_found() {
        for broken in
            ["{{文号}", "{文号}}", "{文号}", "{{ 文号", "文号 }}", "｛｛文号｝｝", "{{文号}}{文号}"]
        {
            let found: Vec<_> = find_broken_marks(broken).collect();
            assert_eq!(found, [(1, Some(Slot::Number))], "{broken:?}");
        }
        assert_eq!(find_broken_marks("{{\n文号\n}}").collect::<Vec<_>>(), [(1, None), (3, None)]);
        for right in
            ["{{文号}}", "{{文号}}{{成文日期}}", "文号（见附件）", "集合 {1, 2}", "{{编号}}"]
        {
            assert_eq!(find_broken_marks(right).count(), 0, "{right:?}");
        }
    }

    #[test]
    fn marks_are_named_with_their_line() {
        let found: Vec<_> = find_marks("a\n{{文号}}{{x}} {{open").collect();
        assert_eq!(found, [(2, "文号"), (2, "x")]);
    }
}
