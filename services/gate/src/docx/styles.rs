//! What paragraph and character styles say, along the chain of styles they are based on.

use std::collections::BTreeMap;

use super::{sight, xml::Element};

/// Styles based on styles at most; Word stops at eleven, and a circle would not end.
const CHAIN_MAX: usize = 20;

#[derive(Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
    /// The style that is meant where none is named, by its type.
    defaults: BTreeMap<String, String>,
    /// What holds for every run of which no style says otherwise (`w:docDefaults`).
    run_defaults: Option<Element>,
}

struct Style {
    name: String,
    based_on: Option<String>,
    element: Element,
    /// Whether it shades anything.
    shades: bool,
    /// Whether, as a table's, it hides a part of it: the first row, every second column.
    hides_a_part: bool,
}

impl Styles {
    pub(super) fn read(part: Option<Element>) -> Self {
        let mut styles = Self::default();
        for node in part.into_iter().flat_map(|part| part.children) {
            let super::xml::Node::Element(mut element) = node else { continue };
            if element.name == "w:docDefaults" {
                styles.run_defaults =
                    element.take("w:rPrDefault").and_then(|mut d| d.take("w:rPr"));
                continue;
            }
            let Some(id) = element.attribute("styleId").map(str::to_owned) else { continue };
            let is_default = matches!(element.attribute("default"), Some("1" | "true"));
            if let Some(kind) = element.attribute("type").filter(|_| is_default) {
                styles.defaults.insert(kind.to_owned(), id.clone());
            }
            let style = Style {
                name: element.value_of("w:name").unwrap_or_default().to_lowercase(),
                based_on: element.value_of("w:basedOn").map(str::to_owned),
                shades: element.has(&["w:shd"]),
                hides_a_part: hides_a_part(&element),
                element,
            };
            styles.by_id.insert(id, style);
        }
        styles
    }

    /// The style a paragraph has, or the default one.
    pub(super) fn of_paragraph<'e>(&'e self, paragraph: &'e Element) -> Option<&'e str> {
        let own = paragraph.child("w:pPr").and_then(|p| p.value_of("w:pStyle"));
        own.or(self.default_of("paragraph"))
    }

    /// The style a table has, or the default one.
    pub(super) fn of_table<'e>(&'e self, table: &'e Element) -> Option<&'e str> {
        let own = table.child("w:tblPr").and_then(|p| p.value_of("w:tblStyle"));
        own.or(self.default_of("table"))
    }

    /// The character style that run properties name, or the default one.
    pub(super) fn of_run<'e>(&'e self, properties: Option<&'e Element>) -> Option<&'e str> {
        let own = properties.and_then(|p| p.value_of("w:rStyle"));
        own.or(self.default_of("character"))
    }

    fn default_of(&self, kind: &str) -> Option<&str> {
        self.defaults.get(kind).map(String::as_str)
    }

    /// What holds for every run of which no style says otherwise.
    pub(super) fn run_defaults(&self) -> Option<&Element> {
        self.run_defaults.as_ref()
    }

    /// The ids of a style and of those it is based on, the nearest first.
    pub(super) fn chain<'e>(&'e self, id: Option<&'e str>) -> impl Iterator<Item = &'e str> {
        let next = |id: &&'e str| self.by_id.get(*id)?.based_on.as_deref();
        std::iter::successors(id, next).take(CHAIN_MAX)
    }

    /// The first answer along the chain, from the styles' elements.
    pub(super) fn find<'e, T>(
        &'e self,
        id: Option<&'e str>,
        ask: impl Fn(&'e Element) -> Option<T>,
    ) -> Option<T> {
        self.chain(id).find_map(|id| ask(&self.by_id.get(id)?.element))
    }

    /// Whether a style shades anything.
    pub(super) fn shades(&self, id: Option<&str>) -> bool {
        self.chain(id).any(|id| self.by_id.get(id).is_some_and(|style| style.shades))
    }

    /// Whether a table's style hides a part of the table.
    pub(super) fn hides_a_part(&self, id: Option<&str>) -> bool {
        self.chain(id).any(|id| self.by_id.get(id).is_some_and(|style| style.hides_a_part))
    }

    /// Which heading a style makes: 0 the title, 1 the first level.
    pub(super) fn heading(&self, id: Option<&str>) -> Option<u8> {
        let by_name = self.chain(id).find_map(|id| {
            let name = self.by_id.get(id)?.name.as_str();
            if matches!(name, "title" | "标题") {
                return Some(0);
            }
            let level = name.strip_prefix("heading ").or_else(|| name.strip_prefix("标题"))?;
            level.trim().parse().ok().filter(|level| (1..=9).contains(level))
        });
        let outline = || self.find(id, |style| style.child("w:pPr")?.value_of("w:outlineLvl"));
        by_name.or_else(|| outline_level(outline()?))
    }
}

fn hides_a_part(style: &Element) -> bool {
    let mut parts = style.elements().filter(|e| e.name == "w:tblStylePr");
    parts.any(|part| part.child("w:rPr").and_then(sight::says_hidden) == Some(true))
}

/// `w:outlineLvl` as a heading's level; 9 is body text.
pub(super) fn outline_level(value: &str) -> Option<u8> {
    value.parse::<u8>().ok().filter(|level| *level < 9).map(|level| level + 1)
}
