//! Personal data that a source breaks up and its reader sees whole: entities and emphasis within a number
//! in Markdown, addresses of links in percent signs, `\u0031` in the settings.

use std::collections::BTreeSet;

use lockstep_proto::finding::Finding;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{SETTINGS, open::has_extension};
use crate::{
    markdown,
    persons::{self, Hit},
};

/// What is found only in what the source means, with the offset of its block; `hits` are what was
/// found in the source itself.
pub(super) fn find(path: &str, source: &str, hits: &[Hit]) -> Vec<(usize, Finding)> {
    let texts = if path == SETTINGS {
        strings(source)
    } else if has_extension(path, &["md"]) {
        markdown::shown(source).into_iter().map(|shown| (shown.place.start, shown.text)).collect()
    } else {
        return vec![];
    };
    let signs =
        |text: &str, hit: &Hit| persons::signs_of(text.get(hit.range.clone()).unwrap_or_default());
    let mut known: BTreeSet<String> = hits.iter().map(|hit| signs(source, hit)).collect();
    let mut found = vec![];
    for (offset, text) in texts {
        let text = text.replace('`', "");
        for hit in persons::find(&text) {
            if known.insert(signs(&text, &hit)) {
                found.push((
                    offset,
                    hit.finding_by_hand("源文中被标记或转义隔开 broken up in the source"),
                ));
            }
        }
    }
    found
}

/// The strings that the settings write with escapes, as they are read.
fn strings(source: &str) -> Vec<(usize, String)> {
    let mut strings = vec![];
    // What cannot be read is refused by who reads it.
    let Ok(table) = DeTable::parse(source) else { return strings };
    let mut open: Vec<&Spanned<DeValue<'_>>> = table.get_ref().values().collect();
    while let Some(value) = open.pop() {
        match value.get_ref() {
            DeValue::String(text) => {
                let is_escaped = source.get(value.span()).is_some_and(|raw| raw.contains('\\'));
                strings.extend(is_escaped.then(|| (value.span().start, text.to_string())));
            }
            DeValue::Array(values) => open.extend(values.iter()),
            DeValue::Table(table) => open.extend(table.values()),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }
    strings
}
