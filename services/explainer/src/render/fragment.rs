//! A text as a fragment of a page, and its charts where it places them.

use std::collections::BTreeMap;

use lockstep_gate::codes::{self, At as _};
use lockstep_proto::{finding::Finding, ids::ChartId, manifest::Agencies};
use serde_json::json;

use super::fill;
use crate::text;

/// A text without the mark that some programs put first.
pub(super) fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned()
}

pub(super) fn is_markdown(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "md")
}

/// A text of one kind at a path as HTML, or why it cannot be.
pub(super) fn fragment(
    (kind, path): (&str, &str),
    source: &[u8],
    figures: &BTreeMap<ChartId, String>,
    agencies: &Agencies,
) -> Result<String, Finding> {
    let source = &text_of(source);
    let body = if is_markdown(path) {
        text::from_markdown(source, figures)
            .map_err(|unknown| codes::NO_CHART.about(format!("chart:{unknown}")).in_member(path))?
    } else {
        text::Body { html: text::from_plain(source), placed: vec![] }
    };
    let body = body.placed_as_document(agencies);
    if !has_words(&body.html) {
        return Err(codes::EMPTY_TEXT.about("无可见文字 no visible words").in_member(path));
    }
    // A chart that no text places stands at the end.
    let left: Vec<_> =
        figures.iter().filter(|(id, _)| !body.placed.contains(id)).map(|(_, html)| html).collect();
    fill("text", &json!({ "kind": kind, "body": body.html, "charts": left }))
}

/// Letters that stand for nothing and are drawn as nothing: Unicode's `Default_Ignorable` ones.
const BLANK_LETTERS: [char; 6] =
    ['\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{3164}', '\u{ffa0}'];

/// Whether a reader would see any letter or digit: link definitions, pictures from elsewhere,
/// signs that HTML escapes and invisible characters leave a text empty.
fn has_words(html: &str) -> bool {
    // What ends the tag or the escape that we are in.
    let mut end = None;
    html.chars().any(|c| {
        let was_in = end.is_some();
        end = match (end, c) {
            (None, '<') => Some('>'),
            (None, '&') => Some(';'),
            (end, c) => end.filter(|end| *end != c),
        };
        !was_in && c.is_alphanumeric() && !BLANK_LETTERS.contains(&c)
    })
}
