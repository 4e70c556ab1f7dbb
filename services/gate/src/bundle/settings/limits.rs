//! How long what `bundle.toml` says may be. All of it travels in the manifest, which is in facts, on paper for whoever signs
//! and on pages: a slip of the pasting hand must not fill them, or be more than the bus carries.

use std::collections::BTreeMap;

use lockstep_proto::{edition::is_turning, finding::Finding};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::super::{SETTINGS, statements::entries};
use crate::codes::{self, At as _};

/// Characters at most of what a key says, by the end of its path. Ids, digests and times have forms of their own.
const CHARS: [(&str, usize); 16] = [
    // The longest real title we know has 130.
    ("title", 300),
    ("number", 100),
    ("written_on", 100),
    ("printed_on", 100),
    ("index_number", 100),
    ("agencies.lead", 100),
    ("agencies.publishing", 100),
    ("agencies.drafting.#", 100),
    ("agencies.issuing.#", 100),
    ("agencies.joint.#", 100),
    ("external.#.figure", 100),
    ("external.#.source", 500),
    ("companion.source", 500),
    ("waiver.#.reason", 500),
    ("element.#.not_applicable", 500),
    ("disclosure.ground", 500),
];
/// Of any other.
const OTHER_CHARS_MAX: usize = 2000;
/// Values at most of a list, by its path.
const COUNTS: [(&str, usize); 8] = [
    ("agencies.drafting", 100),
    ("agencies.issuing", 100),
    ("agencies.joint", 100),
    ("drafters", 100),
    ("order.required", 100),
    ("order.optional", 100),
    ("slots", 10),
    ("element", 100),
];
/// Of any other: a long policy has some hundreds of clauses.
const OTHER_COUNT_MAX: usize = 2000;

/// TS001 for every text and every list that is longer, naming key and limit; TS003 for signs that turn the direction of
/// writing, or are none.
pub(super) fn find(text: &str, places: &BTreeMap<String, (usize, usize)>) -> Vec<Finding> {
    let Ok(table) = DeTable::parse(text) else { return vec![] };
    let mut found = vec![];
    let mut open: Vec<(String, &Spanned<DeValue<'_>>)> = entries("", table.get_ref());
    while let Some((path, value)) = open.pop() {
        let key = generic(&path);
        let name = key.replace(".#", "");
        match value.get_ref() {
            DeValue::Table(table) => open.extend(entries(&path, table)),
            DeValue::Array(values) => {
                // Of charts there is a limit of their own (TS018).
                let most = of(&COUNTS, &key).unwrap_or(OTHER_COUNT_MAX);
                if values.len() > most && key != "chart" {
                    let why = format!(
                        "{name} 有 {0} 项，最多 {most} 项 has {0} entries, at most {most}",
                        values.len()
                    );
                    found.push((path.clone(), codes::BAD_SETTINGS.about(why)));
                }
                let values = values.iter().enumerate().take(most);
                open.extend(values.map(|(index, value)| (format!("{path}.{index}"), value)));
            }
            DeValue::String(text) => {
                let most = of(&CHARS, &key).unwrap_or(OTHER_CHARS_MAX);
                let count = text.chars().count();
                // The words of charts have a limit of their own.
                let is_drawn = key.starts_with("chart.#.") && key != "chart.#.data";
                if count > most && !is_drawn {
                    let why = format!(
                        "{name} 有 {count} 字，最多 {most} 字，请缩短 has {count} characters, at most {most}: shorten it"
                    );
                    found.push((path.clone(), codes::BAD_SETTINGS.about(why)));
                }
                let is_bad = |c: char| is_turning(c) || c.is_control() && !"\n\r\t".contains(c);
                if let Some(bad) = text.chars().find(|c| is_bad(*c)) {
                    let why = format!(
                        "{name} 中有 U+{:04X}，读者看到的会与所写的不同 holds a sign that misleads readers",
                        u32::from(bad)
                    );
                    found.push((
                        path,
                        codes::BAD_ENCODING.about(why).advising(
                            "删去该处看不见的字符：重新键入这几个字".to_owned(),
                            "take the invisible character away: type these words anew".to_owned(),
                        ),
                    ));
                }
            }
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }
    found.sort_by_key(|(path, _)| places.get(path).copied());
    let said = found.into_iter().map(|(path, finding)| {
        let finding = finding.in_member(SETTINGS);
        match places.get(&path) {
            Some((line, column)) => finding.at_place(*line, *column),
            None => finding,
        }
    });
    said.collect()
}

/// A path without the places in lists: `waiver.#.reason`.
fn generic(path: &str) -> String {
    let part = |part: &str| {
        let is_place = part.bytes().all(|b| b.is_ascii_digit());
        if is_place { "#".to_owned() } else { part.to_owned() }
    };
    path.split('.').map(part).collect::<Vec<_>>().join(".")
}

fn of(limits: &[(&str, usize)], key: &str) -> Option<usize> {
    limits.iter().find(|(limited, _)| *limited == key).map(|(_, most)| *most)
}
