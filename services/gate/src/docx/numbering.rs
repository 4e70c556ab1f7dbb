//! Automatic numbering, written out: `numbering.xml` and the count of every list
//! (ISO/IEC 29500-1, 17.9).

use std::collections::{BTreeMap, BTreeSet};

use super::{numerals, styles::Styles, xml::Element};

const LEVELS: usize = 9;

#[derive(Default)]
pub(super) struct Numbering {
    abstracts: BTreeMap<String, Abstract>,
    lists: BTreeMap<String, List>,
    counters: BTreeMap<String, [Option<u32>; LEVELS]>,
    /// Lists whose own beginning was taken, by list and level.
    begun: BTreeSet<(String, usize)>,
}

#[derive(Default)]
struct Abstract {
    levels: BTreeMap<usize, Level>,
    /// The numbering is another's: that of the list style named here.
    linked_to: Option<String>,
    link: Option<String>,
}

#[derive(Clone)]
struct Level {
    start: u32,
    format: String,
    text: String,
    restart: Option<usize>,
    is_legal: bool,
    style: Option<String>,
    /// Bullets of symbol typefaces are letters or private characters there.
    is_symbol: bool,
    has_space: bool,
}

#[derive(Default)]
struct List {
    of: String,
    starts: BTreeMap<usize, u32>,
    levels: BTreeMap<usize, Level>,
}

/// A number as it stands before a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) text: String,
    /// Whether anything stands between it and the paragraph's text.
    pub(super) has_space: bool,
}

impl Numbering {
    pub(super) fn read(part: Option<&Element>) -> Self {
        let mut numbering = Self::default();
        for element in part.into_iter().flat_map(Element::elements) {
            if let Some(id) = element.attribute("abstractNumId") {
                numbering.abstracts.insert(id.to_owned(), Abstract::read(element));
            } else if let Some(id) = element.attribute("numId") {
                numbering.lists.insert(id.to_owned(), List::read(element));
            }
        }
        // A list style's numbering stands with the one that bears its name.
        let styled = numbering.abstracts.iter();
        let by_link: BTreeMap<String, String> =
            styled.filter_map(|(id, a)| Some((a.link.clone()?, id.clone()))).collect();
        for list in numbering.lists.values_mut() {
            let linked = numbering.abstracts.get(&list.of).and_then(|a| a.linked_to.as_ref());
            if let Some(target) = linked.and_then(|link| by_link.get(link)) {
                list.of.clone_from(target);
            }
        }
        numbering
    }

    /// The next number of the list a paragraph belongs to; counts it.
    pub(super) fn next(&mut self, paragraph: &Element, styles: &Styles) -> Option<Mark> {
        let (list_id, at) = self.place(paragraph, styles)?;
        let list = self.lists.get(&list_id)?;
        let level = self.level(list, at)?.clone();
        let of = list.of.clone();
        let counters = self.counters.entry(of.clone()).or_default();
        let own_start = list.starts.get(&at).copied();
        let count = match (own_start, counters.get(at).copied().flatten()) {
            (Some(start), _) if self.begun.insert((list_id.clone(), at)) => start,
            (_, Some(before)) => before.saturating_add(1),
            (own, None) => own.unwrap_or(level.start),
        };
        if let Some(counter) = counters.get_mut(at) {
            *counter = Some(count);
        }
        let counters = *counters;
        let list = self.lists.get(&list_id)?;
        // A level begins anew after any higher one, or only after those its `w:lvlRestart` names.
        let restarts = |deeper: &usize| {
            let restart = self.level(list, *deeper).and_then(|level| level.restart);
            restart.is_none_or(|after| at < after)
        };
        let restarted: Vec<usize> = (at + 1..LEVELS).filter(restarts).collect();
        let kept = self.counters.get_mut(&of)?;
        for deeper in restarted {
            kept.iter_mut().skip(deeper).take(1).for_each(|counter| *counter = None);
        }
        let text = self.write(self.lists.get(&list_id)?, &level, &counters);
        (!text.is_empty()).then_some(Mark { text, has_space: level.has_space })
    }

    /// List and level of a paragraph, by itself or by its style.
    fn place(&self, paragraph: &Element, styles: &Styles) -> Option<(String, usize)> {
        let own = paragraph.child("w:pPr").and_then(|p| p.child("w:numPr"));
        let own_level = own.and_then(|n| n.value_of("w:ilvl")).and_then(parse_level);
        if let Some(list) = own.and_then(|n| n.value_of("w:numId")) {
            return (list != "0").then(|| (list.to_owned(), own_level.unwrap_or(0)));
        }
        let style = styles.of_paragraph(paragraph);
        let numbered = |style: &Element| {
            let number = style.child("w:pPr")?.child("w:numPr")?;
            let level = number.value_of("w:ilvl").and_then(parse_level);
            Some((number.value_of("w:numId")?.to_owned(), level))
        };
        let (list, level) = styles.find(style, numbered)?;
        if list == "0" {
            return None;
        }
        let abstract_ = self.abstracts.get(&self.lists.get(&list)?.of)?;
        let by_style = styles.chain(style).find_map(|id| {
            let bound = |level: &Level| level.style.as_deref() == Some(id);
            abstract_.levels.iter().find(|(_, level)| bound(level)).map(|(at, _)| *at)
        });
        Some((list, own_level.or(by_style).or(level).unwrap_or(0)))
    }

    fn level<'n>(&'n self, list: &'n List, at: usize) -> Option<&'n Level> {
        list.levels.get(&at).or_else(|| self.abstracts.get(&list.of)?.levels.get(&at))
    }

    fn write(&self, list: &List, level: &Level, counters: &[Option<u32>; LEVELS]) -> String {
        if level.format == "bullet" {
            return if level.is_symbol { "•".to_owned() } else { level.text.clone() };
        }
        if level.format == "none" && !level.text.contains('%') {
            return level.text.clone();
        }
        let mut out = String::new();
        let mut rest = level.text.chars().peekable();
        while let Some(c) = rest.next() {
            let digit = rest.peek().and_then(|next| next.to_digit(10)).filter(|n| *n > 0);
            let Some(number) = digit.filter(|_| c == '%') else {
                out.push(c);
                continue;
            };
            rest.next();
            let at = usize::try_from(number - 1).unwrap_or(0);
            let Some(of) = self.level(list, at) else { continue };
            let count = counters.get(at).copied().flatten().unwrap_or(of.start);
            out.push_str(&numerals::write(
                if level.is_legal { "decimal" } else { &of.format },
                count,
            ));
        }
        out
    }
}

fn parse_level(value: &str) -> Option<usize> {
    value.parse().ok().filter(|level| *level < LEVELS)
}

impl Abstract {
    fn read(element: &Element) -> Self {
        Self {
            levels: read_levels(element.elements()),
            linked_to: element.value_of("w:numStyleLink").map(str::to_owned),
            link: element.value_of("w:styleLink").map(str::to_owned),
        }
    }
}

impl List {
    fn read(element: &Element) -> Self {
        let mut list = Self {
            of: element.value_of("w:abstractNumId").unwrap_or_default().to_owned(),
            ..Self::default()
        };
        for over in element.elements().filter(|e| e.name == "w:lvlOverride") {
            let Some(at) = over.attribute("ilvl").and_then(parse_level) else { continue };
            let start = over.value_of("w:startOverride").and_then(|start| start.parse().ok());
            list.starts.extend(start.map(|start| (at, start)));
            list.levels.extend(read_levels(over.elements()));
        }
        list
    }
}

fn read_levels<'e>(elements: impl Iterator<Item = &'e Element>) -> BTreeMap<usize, Level> {
    let levels = elements.filter(|e| e.name == "w:lvl");
    levels.filter_map(|e| Some((parse_level(e.attribute("ilvl")?)?, Level::read(e)))).collect()
}

impl Level {
    fn read(element: &Element) -> Self {
        // Formats that came after 2007 stand in a branch of their own.
        let chosen = element.child("mc:AlternateContent").and_then(super::branch);
        let format = element.value_of("w:numFmt").or(chosen.and_then(|e| e.value_of("w:numFmt")));
        let text = element.value_of("w:lvlText").unwrap_or_default();
        let fonts = element.child("w:rPr").and_then(|r| r.child("w:rFonts"));
        let font = fonts.and_then(|f| f.attribute("ascii")).unwrap_or_default();
        Self {
            start: element.value_of("w:start").and_then(|n| n.parse().ok()).unwrap_or(0),
            format: format.unwrap_or("decimal").to_owned(),
            text: text.to_owned(),
            restart: element.value_of("w:lvlRestart").and_then(|n| n.parse().ok()),
            is_legal: element.flag("w:isLgl").unwrap_or(false),
            style: element.value_of("w:pStyle").map(str::to_owned),
            is_symbol: font.starts_with("Wingdings")
                || font == "Symbol"
                || text.chars().any(|c| matches!(c, '\u{e000}'..='\u{f8ff}')),
            has_space: element.value_of("w:suff") != Some("nothing"),
        }
    }
}
