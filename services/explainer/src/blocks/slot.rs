//! Words for slots. A picture is signed as it is, before there is a number or a date: what registration will fill into
//! the page cannot be drawn. So it says where the number stands, in words that fit wherever people
//! write the slot: alone on a line, in brackets, behind its name, or in a sentence.

use lockstep_proto::edition::Slot;

use crate::set::Run;

/// What stands before a slot is looked at this far back, in characters: a name, a bracket.
const BEFORE: usize = 12;

/// Puts words for every slot of a block.
pub(super) fn word(runs: &mut [Run]) {
    let mut before = String::new();
    for index in 0..runs.len() {
        let after = runs.get(index + 1).map(|run| run.text.trim_start().chars().next());
        let after = after.flatten().map(String::from).unwrap_or_default();
        let Some(run) = runs.get_mut(index) else { continue };
        run.text = worded(&before, &run.text, &after);
        before.push_str(tail(&run.text));
        before = tail(&before).to_owned();
    }
}

/// The end of a text, as far as it is looked at.
fn tail(text: &str) -> &str {
    let from = text.char_indices().nth_back(BEFORE).map_or(0, |(at, _)| at);
    text.get(from..).unwrap_or_default()
}

fn worded(before: &str, text: &str, after: &str) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((at, slot)) = first(rest) {
        let (left, right) = rest.split_at(at);
        rest = right.get(slot.mark().len()..).unwrap_or_default();
        done.push_str(left);
        let said = format!("{before}{}", tail(&done));
        let next = rest.trim_start().chars().next().map_or_else(|| after.to_owned(), String::from);
        done.push_str(&words(slot, said.trim_end(), &next));
    }
    done + rest
}

/// The first slot of a text. Braces are sought, not each name: a text with many slots of one kind is passed
/// through once.
fn first(text: &str) -> Option<(usize, Slot)> {
    text.match_indices("{{").find_map(|(at, _)| {
        let rest = text.get(at..)?;
        Some((at, Slot::ALL.into_iter().find(|slot| rest.starts_with(&slot.mark()))?))
    })
}

fn words(slot: Slot, before: &str, after: &str) -> String {
    let name = slot.name();
    let is_bracketed = before.ends_with(['（', '(']) && after.starts_with(['）', ')']);
    let is_named = before.trim_end_matches(['：', ':', '为', ' ']).ends_with(name);
    match slot {
        _ if is_named => "见正式文本".to_owned(),
        _ if is_bracketed => format!("{name}见正式文本"),
        // 自成文之日起施行, 于印发之日公布.
        Slot::WrittenOn if !before.is_empty() || !after.is_empty() => "成文之日".to_owned(),
        Slot::PrintedOn if !before.is_empty() || !after.is_empty() => "印发之日".to_owned(),
        Slot::Number | Slot::WrittenOn | Slot::PrintedOn | Slot::IndexNumber => {
            format!("（{name}见正式文本）")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_worded_as_its_place_asks() {
        for (text, expected) in [
            ("{{文号}}", "（文号见正式文本）"),
            ("《通知》（{{文号}}）", "《通知》（文号见正式文本）"),
            ("文号：{{文号}}", "文号：见正式文本"),
            ("《通知》{{文号}}规定", "《通知》（文号见正式文本）规定"),
            ("{{成文日期}}", "（成文日期见正式文本）"),
            ("自{{成文日期}}起施行", "自成文之日起施行"),
            ("{{印发日期}}印发", "印发之日印发"),
            (
                "索引号: {{索引号}}；印发日期：{{印发日期}}",
                "索引号: 见正式文本；印发日期：见正式文本",
            ),
            ("{{文号}}{{成文日期}}", "（文号见正式文本）成文之日"),
            ("{{别的}}", "{{别的}}"),
        ] {
            assert_eq!(worded("", text, ""), expected, "{text}");
        }
        assert_eq!(worded("（", "{{文号}}", "）"), "文号见正式文本");
    }
}
