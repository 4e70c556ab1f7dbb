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

/// Every `{{…}}` in a text: the line it stands in, from 1, and what stands between the braces.
pub fn find_marks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().flat_map(|(index, line)| {
        line.split("{{")
            .skip(1)
            .filter_map(|rest| rest.split_once("}}"))
            .map(move |(name, _)| (index + 1, name))
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
    fn marks_are_named_with_their_line() {
        let found: Vec<_> = find_marks("a\n{{文号}}{{x}} {{open").collect();
        assert_eq!(found, [(2, "文号"), (2, "x")]);
    }
}
