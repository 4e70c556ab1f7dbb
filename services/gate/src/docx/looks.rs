//! How the cells of a workbook look, as far as it takes to tell that nobody sees what they hold: number
//! formats that show nothing, type of its ground's colour (ISO/IEC 29500-1, 18.8).

use std::collections::BTreeMap;

use super::{
    colours::{self, Colour, Ground},
    xml::Element,
};

/// Points of type that nobody can read.
const UNREADABLE: f64 = 2.0;

/// The looks of a workbook, in the order of their numbers.
#[derive(Default)]
pub(super) struct Looks {
    list: Vec<Look>,
}

#[derive(Default)]
struct Look {
    format: Format,
    is_unseen: bool,
}

/// What a number format shows nothing of.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Format {
    hides_positive: bool,
    hides_negative: bool,
    hides_text: bool,
}

impl Looks {
    /// With the part that holds the styles.
    pub(super) fn of(styles: Option<&Element>) -> Self {
        let Some(styles) = styles else { return Self::default() };
        let list = |name: &str| styles.child(name).into_iter().flat_map(Element::elements);
        let formats: BTreeMap<&str, Format> = list("s:numFmts")
            .filter_map(|f| {
                Some((f.attribute("numFmtId")?, Format::read(f.attribute("formatCode")?)))
            })
            .collect();
        let fonts: Vec<(Option<Colour>, bool)> = list("s:fonts").map(font).collect();
        let fills: Vec<Ground> = list("s:fills").map(fill).collect();
        let nth = |of: &Element, name| of.attribute(name)?.parse::<usize>().ok();
        let look = |xf: &Element| {
            let format = xf.attribute("numFmtId").and_then(|id| formats.get(id)).copied();
            let (colour, is_tiny) =
                nth(xf, "fontId").and_then(|at| fonts.get(at)).copied().unwrap_or_default();
            let ground = nth(xf, "fillId").and_then(|at| fills.get(at)).copied();
            let ground = ground.unwrap_or(Ground::PAPER);
            let is_unseen = is_tiny || colour.is_some_and(|colour| ground.swallows(colour));
            Look { format: format.unwrap_or_default(), is_unseen }
        };
        Self { list: list("s:cellXfs").map(look).collect() }
    }

    fn of_cell(&self, cell: &Element) -> Option<&Look> {
        self.list.get(cell.attribute("s")?.parse::<usize>().ok()?)
    }

    /// Whether a cell's format shows nothing of its value. That noughts are not shown is common.
    pub(super) fn hides(&self, cell: &Element) -> bool {
        let Some(Look { format, .. }) = self.of_cell(cell) else { return false };
        match cell.attribute("t").unwrap_or("n") {
            "s" | "str" | "inlineStr" => format.hides_text,
            "n" | "d" => {
                let value = cell.child("s:v").map(Element::text).unwrap_or_default();
                let number = value.trim().parse::<f64>().unwrap_or(1.0);
                (number > 0.0 && format.hides_positive) || (number < 0.0 && format.hides_negative)
            }
            _ => false,
        }
    }

    /// Whether nobody can see or read a cell's type.
    pub(super) fn is_unseen(&self, cell: &Element) -> bool {
        self.of_cell(cell).is_some_and(|look| look.is_unseen)
    }
}

impl Format {
    /// Up to four sections: positive, negative, nought, text (ISO/IEC 29500-1, 18.8.31).
    fn read(code: &str) -> Self {
        let sections = sections(code);
        let hides = |at: usize| sections.get(at).is_some_and(|section| !section.shows);
        if sections.iter().any(|section| section.has_condition) {
            // Which of them a value has depends on the value.
            let all = sections.iter().all(|section| !section.shows);
            return Self { hides_positive: all, hides_negative: all, hides_text: hides(3) };
        }
        let negative = usize::from(sections.len() > 1);
        Self { hides_positive: hides(0), hides_negative: hides(negative), hides_text: hides(3) }
    }
}

#[derive(Default)]
struct Section {
    /// Whether it shows the value, or a word in its place.
    shows: bool,
    has_condition: bool,
}

fn sections(code: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        let Some(section) = sections.last_mut() else { break };
        match c {
            ';' => sections.push(Section::default()),
            // A blank as wide as the character, the character over and over.
            '_' | '*' => drop(rest.next()),
            '[' => {
                let within = until(&mut rest, ']').to_ascii_lowercase();
                section.has_condition |= within.starts_with(['<', '>', '=']);
                // `[h]` are hours; a colour, a language and a condition show nothing.
                let is_time = |unit: char| within.chars().all(|c| c == unit);
                section.shows |= !within.is_empty() && ['h', 'm', 's'].into_iter().any(is_time);
            }
            '"' => section.shows |= until(&mut rest, '"').chars().any(char::is_alphanumeric),
            '\\' => section.shows |= rest.next().is_some_and(char::is_alphanumeric),
            c => section.shows |= c.is_alphanumeric() || matches!(c, '#' | '?' | '@'),
        }
    }
    sections
}

fn until(rest: &mut std::str::Chars<'_>, end: char) -> String {
    rest.by_ref().take_while(|c| *c != end).collect()
}

/// The colour of a font's type, and whether nobody can read it.
fn font(font: &Element) -> (Option<Colour>, bool) {
    let size = font.value_of("s:sz").and_then(|size| size.parse::<f64>().ok());
    (font.child("s:color").and_then(colour), size.is_some_and(|size| size <= UNREADABLE))
}

fn fill(fill: &Element) -> Ground {
    let Some(pattern) = fill.child("s:patternFill") else { return Ground::Unknown };
    match pattern.attribute("patternType").unwrap_or("none") {
        "none" => Ground::PAPER,
        "solid" => {
            pattern.child("s:fgColor").and_then(colour).map_or(Ground::Unknown, Ground::Plain)
        }
        _ => Ground::Unknown,
    }
}

/// Colours in figures, and the two of every theme and palette that are white and black.
fn colour(element: &Element) -> Option<Colour> {
    let is_tinted = element.attribute("tint").is_some_and(|tint| tint.parse() != Ok(0.0));
    if is_tinted {
        return None;
    }
    let named = element.attribute("theme").or_else(|| match element.attribute("indexed")? {
        "1" | "9" | "65" => Some("0"),
        "0" | "8" | "64" => Some("1"),
        _ => None,
    });
    match named {
        Some("0") => Some(colours::WHITE),
        Some("1") => Some(colours::BLACK),
        _ => colours::parse(element.attribute("rgb")?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(code: &str) -> [bool; 3] {
        let format = Format::read(code);
        [format.hides_positive, format.hides_negative, format.hides_text]
    }

    #[test]
    fn a_format_hides_what_its_section_shows_nothing_of() {
        for code in
            [";;;", "\"\";\"\";\"\";\"\"", "[White] ; _ ;*-;\\ ", "**;**;**;**", "\"***\";\"--\";;"]
        {
            assert_eq!(hides(code), [true; 3], "{code}");
        }
        for (code, expected) in [
            (";;", [true, true, false]),
            ("\"\"", [true, true, false]),
            (";-0;;@", [true, false, false]),
            ("0;;;", [false, true, true]),
            ("0;-0;0;", [false, false, true]),
            ("[>100];;;", [true, true, true]),
        ] {
            assert_eq!(hides(code), expected, "{code}");
        }
        for code in [
            "0;-0;;@",
            "#,##0.00_);[Red](#,##0.00)",
            "_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"??_ ;_ @_ ",
            "General",
            "yyyy\"年\"m\"月\";@",
            "[$-804]aaaa;@",
            "[h]",
            "[=1]\"男\";[=2]\"女\";",
            "\"已核\";\"未核\"",
            "[>100]0;;",
        ] {
            assert_eq!(hides(code), [false; 3], "{code}");
        }
    }
}
