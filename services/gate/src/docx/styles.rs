//! What paragraph and character styles say, along the chain of styles they are based on.

use std::collections::BTreeMap;

use super::xml::Element;

/// Styles based on styles at most; Word stops at eleven, and a circle would not end.
const CHAIN_MAX: usize = 20;

#[derive(Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
    default_paragraph: Option<String>,
}

struct Style {
    name: String,
    based_on: Option<String>,
    element: Element,
}

impl Styles {
    pub(super) fn read(part: Option<Element>) -> Self {
        let mut styles = Self::default();
        for node in part.into_iter().flat_map(|part| part.children) {
            let super::xml::Node::Element(element) = node else { continue };
            let Some(id) = element.attribute("styleId").map(str::to_owned) else { continue };
            let is_default = matches!(element.attribute("default"), Some("1" | "true"));
            if is_default && element.attribute("type") == Some("paragraph") {
                styles.default_paragraph = Some(id.clone());
            }
            let style = Style {
                name: element.value_of("w:name").unwrap_or_default().to_lowercase(),
                based_on: element.value_of("w:basedOn").map(str::to_owned),
                element,
            };
            styles.by_id.insert(id, style);
        }
        styles
    }

    /// The style a paragraph has, or the default one.
    pub(super) fn of_paragraph<'e>(&'e self, paragraph: &'e Element) -> Option<&'e str> {
        let own = paragraph.child("w:pPr").and_then(|p| p.value_of("w:pStyle"));
        own.or(self.default_paragraph.as_deref())
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

/// `w:outlineLvl` as a heading's level; 9 is body text.
pub(super) fn outline_level(value: &str) -> Option<u8> {
    value.parse::<u8>().ok().filter(|level| *level < 9).map(|level| level + 1)
}
