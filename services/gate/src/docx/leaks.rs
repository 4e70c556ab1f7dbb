//! What a file holds and its page does not show: revisions nobody decided on, comments, hidden text.
//! Whoever opens the file finds them.

use lockstep_proto::finding::Finding;

use super::{Document, at, few, styles::Styles, xml::Element};
use crate::codes::{self, At as _};

/// Where each of them was met.
#[derive(Default)]
pub(super) struct Leaks {
    revisions: Vec<String>,
    struck: Vec<String>,
    comments: Vec<String>,
    hidden: Vec<String>,
    unseen: Vec<String>,
}

const REVISIONS: [&str; 10] = [
    "w:ins",
    "w:del",
    "w:moveFrom",
    "w:moveTo",
    "w:cellIns",
    "w:cellDel",
    "w:cellMerge",
    "w:moveFromRangeStart",
    "w:moveToRangeStart",
    "w:numberingChange",
];

impl Leaks {
    /// Looks through an element, both branches of alternate content and text boxes too.
    pub(super) fn scan(&mut self, element: &Element, place: &str, styles: &Styles) {
        self.scan_in(element, &Around { place, styles, style: None, is_shaded: false });
    }

    fn scan_in(&mut self, element: &Element, around: &Around<'_>) {
        let name = element.name.as_str();
        let is_revision = REVISIONS.contains(&name)
            || (name.starts_with("w:") && name.ends_with("PrChange"))
            || name == "w:tblGridChange";
        if is_revision {
            note(&mut self.revisions, around.place);
        }
        if matches!(name, "w:commentReference" | "w:commentRangeStart") {
            note(&mut self.comments, around.place);
        }
        if name == "w:trPr" && element.flag("w:hidden") == Some(true) {
            note(&mut self.hidden, around.place);
        }
        if name == "w:r" {
            self.scan_run(element, around);
        }
        let style = if name == "w:p" { around.styles.of_paragraph(element) } else { around.style };
        let own = ["w:pPr", "w:tcPr", "w:tblPr"].iter().find_map(|name| element.child(name));
        let is_shaded = around.is_shaded
            || own.is_some_and(|p| p.child("w:shd").is_some() || p.child("w:tblStyle").is_some())
            || name == "w:txbxContent";
        let around = Around { style, is_shaded, ..*around };
        for child in element.elements() {
            self.scan_in(child, &around);
        }
    }

    fn scan_run(&mut self, run: &Element, around: &Around<'_>) {
        let texts = run.elements().filter(|e| matches!(e.name.as_str(), "w:t" | "w:sym"));
        if texts.into_iter().all(|e| e.name == "w:t" && e.text().trim().is_empty()) {
            return;
        }
        let own = run.child("w:rPr");
        if is_hidden(own, around.style, around.styles) {
            note(&mut self.hidden, around.place);
        }
        let is_struck = |name| own.and_then(|p| p.flag(name)).unwrap_or(false);
        if is_struck("w:strike") || is_struck("w:dstrike") {
            note(&mut self.struck, around.place);
        }
        let look = |name: &str| {
            let own = own.and_then(|p| p.value_of(name));
            let by_style = |s| around.styles.find(s, |style| style.child("w:rPr")?.value_of(name));
            own.or_else(|| by_style(own_style(run)))
                .or_else(|| by_style(around.style))
                .map(str::to_owned)
        };
        let is_shaded = around.is_shaded
            || own.is_some_and(|p| p.child("w:shd").is_some() || p.child("w:highlight").is_some());
        let is_white = look("w:color").is_some_and(|c| c.eq_ignore_ascii_case("FFFFFF"));
        let half_points = look("w:sz").and_then(|size| size.parse::<u32>().ok());
        if (is_white && !is_shaded) || half_points.is_some_and(|size| size <= UNREADABLE) {
            note(&mut self.unseen, around.place);
        }
    }

    /// Comments that nothing in the text refers to.
    pub(super) fn comments_beside(&mut self, part: Option<&Element>) {
        let has = part.is_some_and(|part| part.child("w:comment").is_some());
        if has && self.comments.is_empty() {
            self.comments.push("批注 comments".to_owned());
        }
    }

    pub(super) fn findings(self, document: &Document) -> Vec<Finding> {
        let all = [
            (&codes::REVISIONS, self.revisions, true),
            (&codes::REVISIONS, self.struck, false),
            (&codes::COMMENTS, self.comments, true),
            (&codes::HIDDEN_TEXT, self.hidden, true),
            (&codes::HIDDEN_TEXT, self.unseen, false),
        ];
        let mut findings = vec![];
        for (code, mut places, blocks) in all {
            places.dedup();
            if places.is_empty() {
                continue;
            }
            let about = match (blocks, code.id == codes::REVISIONS.id) {
                (true, _) => few(&places),
                (false, true) => format!("{}（删除线 struck out）", few(&places)),
                (false, false) => format!("{}（白色或极小的字 white or tiny）", few(&places)),
            };
            let finding = at(code.about(about), document, &places);
            findings.push(if blocks { finding } else { finding.into_warning() });
        }
        findings
    }
}

/// Half points of type that nobody can read: two points.
const UNREADABLE: u32 = 4;

#[derive(Clone, Copy)]
struct Around<'a> {
    place: &'a str,
    styles: &'a Styles,
    style: Option<&'a str>,
    is_shaded: bool,
}

fn note(places: &mut Vec<String>, place: &str) {
    if places.last().is_none_or(|last| last != place) {
        places.push(place.to_owned());
    }
}

fn own_style(run: &Element) -> Option<&str> {
    run.child("w:rPr")?.value_of("w:rStyle")
}

/// Whether a run is hidden by itself, by its style or by its paragraph's.
pub(super) fn is_hidden(
    properties: Option<&Element>,
    paragraph_style: Option<&str>,
    styles: &Styles,
) -> bool {
    let by_style = |style| styles.find(style, |style| style.child("w:rPr")?.flag("w:vanish"));
    let own = properties.and_then(|p| p.flag("w:vanish"));
    own.or_else(|| by_style(properties.and_then(|p| p.value_of("w:rStyle"))))
        .or_else(|| by_style(paragraph_style))
        .unwrap_or(false)
}
