//! Where in `bundle.toml` each of its statements stands: `waiver.0.reason`, `link.2.clauses.1`.

use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::said::places_at;

/// Line and column of every value, by its path; of nothing where the file cannot be read.
pub(super) fn find(text: &str) -> BTreeMap<String, (usize, usize)> {
    let text = text.trim_start_matches('\u{feff}');
    let Ok(table) = DeTable::parse(text) else { return BTreeMap::new() };
    let mut found = vec![];
    let mut open: Vec<(String, &Spanned<DeValue<'_>>)> = entries("", table.get_ref());
    while let Some((path, value)) = open.pop() {
        match value.get_ref() {
            DeValue::Table(table) => open.extend(entries(&path, table)),
            DeValue::Array(values) => {
                let values = values.iter().enumerate();
                open.extend(values.map(|(index, value)| (format!("{path}.{index}"), value)));
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
        found.push((value.span().start, path));
    }
    found.sort();
    let places = places_at(text, found.iter().map(|(offset, _)| *offset));
    found.into_iter().map(|(_, path)| path).zip(places).collect()
}

/// The entries of a table, each by its path.
pub(super) fn entries<'v, 't>(
    path: &str,
    table: &'v DeTable<'t>,
) -> Vec<(String, &'v Spanned<DeValue<'t>>)> {
    let dot = if path.is_empty() { "" } else { "." };
    table.iter().map(|(key, value)| (format!("{path}{dot}{}", key.get_ref()), value)).collect()
}
