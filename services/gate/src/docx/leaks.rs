//! What a file holds and its page does not show: revisions nobody decided on, comments, hidden text.
//! Whoever opens the file finds them.

use std::collections::BTreeMap;

use lockstep_proto::finding::Finding;

use super::{
    Document, at,
    colours::{self, Ground},
    few,
    sight::{self, Under},
    styles::Styles,
    xml::Element,
};
use crate::codes::{self, At as _};

/// Where each of them was met.
#[derive(Default)]
pub(super) struct Leaks {
    places: BTreeMap<Leak, Vec<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Leak {
    Revision,
    /// Text that is struck out.
    Struck,
    Comment,
    Hidden,
    /// Type that nobody can see or read.
    Unseen,
}

/// Traces of a revision (ISO/IEC 29500-1, 17.13.5), by their names; further ones by how their names end.
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
    "w:delText",
];

fn is_revision(name: &str) -> bool {
    let is_custom = name.contains(":customXml") && name.ends_with("RangeStart");
    // Word's own, of a file that two persons changed at once ([MS-DOCX] 2.4).
    let is_conflict = matches!(name, "?:conflictIns" | "?:conflictDel");
    REVISIONS.contains(&name)
        || (name.starts_with("w:") && name.ends_with("Change"))
        || is_custom
        || is_conflict
}

impl Leaks {
    /// Looks through an element, both branches of alternate content and text boxes too.
    pub(super) fn scan(&mut self, element: &Element, place: &str, styles: &Styles) {
        self.scan_in(element, &Around::at(place, styles));
    }

    /// The same for a cell, for whose text the table's style holds as well.
    pub(super) fn scan_cell(&mut self, cell: &Element, of: &Element, place: &str, styles: &Styles) {
        self.scan_in(cell, &Around::at(place, styles).within(of));
    }

    /// Looks through a part of which much was looked through block by block: what stands between its
    /// blocks counts where nothing of its kind was met yet.
    pub(super) fn scan_rest(&mut self, part: &Element, place: &str, styles: &Styles) {
        let mut rest = Self::default();
        rest.scan(part, place, styles);
        for (leak, places) in rest.places {
            self.places.entry(leak).or_insert(places);
        }
    }

    fn scan_in(&mut self, element: &Element, around: &Around<'_>) {
        let name = element.name.as_str();
        if is_revision(name) {
            self.note(Leak::Revision, around.place);
        }
        if matches!(name, "w:commentReference" | "w:commentRangeStart") {
            self.note(Leak::Comment, around.place);
        }
        let is_hidden_row = name == "w:trPr" && element.flag("w:hidden") == Some(true);
        if is_hidden_row || sight::is_hidden_shape(element) {
            self.note(Leak::Hidden, around.place);
        }
        if (matches!(name, "w:p" | "w:tr") && sight::is_out_of_sight(element))
            || (name == "w:tbl" && sight::has_flat_column(element))
        {
            self.note(Leak::Unseen, around.place);
        }
        if matches!(name, "w:r" | "m:r") {
            self.scan_run(element, around);
        }
        let around = around.within(element);
        for child in element.elements() {
            self.scan_in(child, &around);
        }
    }

    fn scan_run(&mut self, run: &Element, around: &Around<'_>) {
        let own = run.child("w:rPr");
        let is_shape = |e: &Element| matches!(e.name.as_str(), "w:drawing" | "w:pict" | "w:object");
        let is_type = |e: &Element| match e.name.as_str() {
            "w:t" | "m:t" => !e.text().trim().is_empty(),
            name => name == "w:sym",
        };
        let has_type = run.elements().any(is_type);
        if (has_type || run.elements().any(is_shape)) && sight::is_hidden(own, &around.under) {
            self.note(Leak::Hidden, around.place);
        }
        if !has_type {
            return;
        }
        let is_struck = |name| own.and_then(|p| p.flag(name)).unwrap_or(false);
        if is_struck("w:strike") || is_struck("w:dstrike") {
            self.note(Leak::Struck, around.place);
        }
        if sight::is_unseen(own, &around.under, around.ground) {
            self.note(Leak::Unseen, around.place);
        }
    }

    fn note(&mut self, leak: Leak, place: &str) {
        let places = self.places.entry(leak).or_default();
        if places.last().is_none_or(|last| last != place) {
            places.push(place.to_owned());
        }
    }

    /// Comments that nothing in the text refers to.
    pub(super) fn comments_beside(&mut self, part: Option<&Element>) {
        if part.is_some_and(|part| part.child("w:comment").is_some()) {
            let beside = || vec!["批注 comments".to_owned()];
            self.places.entry(Leak::Comment).or_insert_with(beside);
        }
    }

    pub(super) fn findings(self, document: &Document) -> Vec<Finding> {
        let finding = |(leak, places): (Leak, Vec<String>)| {
            let few = few(&document.shown(&places));
            let found = match leak {
                Leak::Revision => codes::REVISIONS.about(few),
                Leak::Struck => codes::REVISIONS.about(format_args!("{few}（删除线 struck out）")),
                Leak::Comment => codes::COMMENTS.about(few),
                Leak::Hidden => codes::HIDDEN_TEXT.about(few),
                Leak::Unseen => codes::HIDDEN_TEXT.about(format_args!(
                    "{few}（白色、与底色相近、极小或移出页面的字 white, of its ground's colour, tiny or off the page）"
                )),
            };
            let found = at(found, document, &places);
            let warns = matches!(leak, Leak::Unseen);
            if warns { found.into_warning() } else { found }
        };
        self.places.into_iter().map(finding).collect()
    }
}

/// What holds for an element by what it stands in.
#[derive(Clone, Copy)]
struct Around<'a> {
    place: &'a str,
    under: Under<'a>,
    ground: Ground,
}

impl<'a> Around<'a> {
    fn at(place: &'a str, styles: &'a Styles) -> Self {
        let under = Under { styles, paragraph: None, table: None };
        Self { place, under, ground: Ground::PAPER }
    }

    /// The same within an element.
    fn within(self, element: &'a Element) -> Self {
        let Self { mut under, mut ground, .. } = self;
        let styles = under.styles;
        match element.name.as_str() {
            "w:p" => under.paragraph = styles.of_paragraph(element),
            "w:tbl" => {
                under.table = styles.of_table(element);
                if styles.shades(under.table) {
                    ground = Ground::Unknown;
                }
            }
            // Nobody knows what fills a shape.
            "w:txbxContent" => ground = Ground::Unknown,
            _ => {}
        }
        let by_style = || {
            let style = under.paragraph.filter(|_| element.name == "w:p");
            styles.find(style, |style| colours::ground_of(style.child("w:pPr")?))
        };
        let own = ["w:pPr", "w:tcPr", "w:tblPr"].iter().find_map(|name| element.child(name));
        ground = own.and_then(colours::ground_of).or_else(by_style).unwrap_or(ground);
        Self { under, ground, ..self }
    }
}
