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
    changes: Vec<Change>,
}

struct Look {
    format: Format,
    colour: Option<Colour>,
    is_tiny: bool,
    ground: Ground,
}

/// What a conditional format changes of a cell's look.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// A bar or a sign stands in the value's place.
    Sign,
    Look {
        format: Option<Format>,
        colour: Option<Colour>,
        ground: Option<Ground>,
    },
}

impl Change {
    /// By a `dxf` (ISO/IEC 29500-1, 18.8.14).
    pub(super) fn of(dxf: &Element) -> Self {
        let format = dxf.child("s:numFmt").and_then(|f| f.attribute("formatCode"));
        let colour = dxf.child("s:font").and_then(|f| f.child("s:color")).and_then(colour);
        let pattern = dxf.child("s:fill").map(|f| f.child("s:patternFill"));
        // Here the second colour is that of a plain ground.
        let ground = pattern.map(|pattern| {
            let plain = pattern
                .filter(|p| matches!(p.attribute("patternType").unwrap_or("solid"), "solid"));
            let named = plain.and_then(|p| p.child("s:bgColor").or_else(|| p.child("s:fgColor")));
            named.and_then(self::colour).map_or(Ground::Unknown, Ground::Plain)
        });
        Self::Look { format: format.map(Format::read), colour, ground }
    }

    /// Whether it shows nothing of what a cell holds.
    pub(super) fn hides(&self, cell: &Element) -> bool {
        match self {
            Self::Sign => true,
            Self::Look { format, .. } => format.as_ref().is_some_and(|format| format.hides(cell)),
        }
    }

    /// Whether the ground is another than the cell's own.
    pub(super) fn fills(&self) -> bool {
        matches!(self, Self::Look { ground: Some(_), .. })
    }
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
            let format = xf.attribute("numFmtId").and_then(|id| formats.get(id)).cloned();
            let (colour, is_tiny) =
                nth(xf, "fontId").and_then(|at| fonts.get(at)).copied().unwrap_or_default();
            let ground = nth(xf, "fillId").and_then(|at| fills.get(at)).copied();
            Look {
                format: format.unwrap_or_default(),
                colour,
                is_tiny,
                ground: ground.unwrap_or(Ground::PAPER),
            }
        };
        Self {
            list: list("s:cellXfs").map(look).collect(),
            changes: list("s:dxfs").map(Change::of).collect(),
        }
    }

    fn of_cell(&self, cell: &Element) -> Option<&Look> {
        let style = cell.attribute("s").unwrap_or("0");
        self.list.get(style.parse::<usize>().ok()?)
    }

    /// What a conditional format changes, by the number of its look.
    pub(super) fn change(&self, number: &str) -> Option<Change> {
        self.changes.get(number.parse::<usize>().ok()?).cloned()
    }

    /// Whether a cell's format shows nothing of its value.
    pub(super) fn hides(&self, cell: &Element) -> bool {
        self.of_cell(cell).is_some_and(|look| look.format.hides(cell))
    }

    /// Whether nobody can see or read a cell's type.
    pub(super) fn is_unseen(&self, cell: &Element) -> bool {
        self.of_cell(cell).is_some_and(|look| {
            look.is_tiny || look.colour.is_some_and(|colour| look.ground.swallows(colour))
        })
    }

    /// The same with a conditional format that changes its colours.
    pub(super) fn is_unseen_by(&self, cell: &Element, change: &Change) -> bool {
        let Change::Look { colour, ground, .. } = change else { return false };
        if colour.is_none() && ground.is_none() {
            return false;
        }
        let own = self.of_cell(cell);
        let colour = colour.or_else(|| own.map_or(Some(colours::BLACK), |look| look.colour));
        let ground = ground.or_else(|| own.map(|look| look.ground)).unwrap_or(Ground::PAPER);
        colour.is_some_and(|colour| ground.swallows(colour))
    }
}

/// What a number format shows, section by section (ISO/IEC 29500-1, 18.8.31).
#[derive(Debug, Default, Clone)]
pub(super) struct Format {
    sections: Vec<Section>,
}

impl Format {
    fn read(code: &str) -> Self {
        Self { sections: sections(code) }
    }

    /// Whether it shows nothing of what a cell holds. That noughts are not shown is common.
    fn hides(&self, cell: &Element) -> bool {
        match cell.attribute("t").unwrap_or("n") {
            "s" | "str" | "inlineStr" => self.hides_text(),
            "n" | "d" => {
                let value = cell.child("s:v").map(Element::text).unwrap_or_default();
                self.hides_number(value.trim().parse::<f64>().unwrap_or(1.0))
            }
            _ => false,
        }
    }

    /// Up to four sections: positive, negative, nought, text.
    fn hides_text(&self) -> bool {
        self.sections.get(3).is_some_and(|section| !section.shows)
    }

    fn hides_number(&self, value: f64) -> bool {
        let is_nought = value.total_cmp(&0.0).is_eq() || value.total_cmp(&-0.0).is_eq();
        self.section_of(value).is_some_and(|section| !section.shows) && !is_nought
    }

    /// The first whose condition holds; one without a condition is for the negative, or for all others.
    fn section_of(&self, value: f64) -> Option<&Section> {
        let numbers = self.sections.get(..self.sections.len().min(3))?;
        let has_condition = numbers.iter().any(|section| section.condition.is_some());
        if !has_condition {
            return numbers.get(usize::from(value < 0.0 && numbers.len() > 1));
        }
        let last = numbers.len().saturating_sub(1);
        let fits = |(at, section): &(usize, &Section)| match section.condition {
            Some(condition) => condition.holds(value),
            None => *at == last || (*at == 0 && value > 0.0) || (*at == 1 && value < 0.0),
        };
        numbers.iter().enumerate().find(fits).map(|(_, section)| section)
    }
}

#[derive(Debug, Default, Clone)]
struct Section {
    /// Whether it shows the value, or a word in its place.
    shows: bool,
    condition: Option<Condition>,
}

/// `[>100]`
#[derive(Debug, Clone, Copy)]
struct Condition {
    takes_less: bool,
    takes_equal: bool,
    takes_more: bool,
    than: f64,
}

impl Condition {
    fn read(within: &str) -> Option<Self> {
        let number = within.trim_start_matches(['<', '>', '=']);
        let signs = within.get(..within.len() - number.len()).filter(|signs| !signs.is_empty())?;
        Some(Self {
            takes_less: signs.contains('<'),
            takes_equal: signs.contains('='),
            takes_more: signs.contains('>'),
            than: number.trim().parse().ok()?,
        })
    }

    fn holds(self, value: f64) -> bool {
        (self.takes_less && value < self.than)
            || (self.takes_more && value > self.than)
            || (self.takes_equal && value.total_cmp(&self.than).is_eq())
    }
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
                section.condition = section.condition.or_else(|| Condition::read(&within));
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
        [format.hides_number(5.0), format.hides_number(-5.0), format.hides_text()]
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
            ("[>100]0;;", [true, true, false]),
            ("[<10]\"*\";0", [true, true, false]),
            ("[>=5]0;\"\"", [false, true, false]),
            ("[=1]\"男\";[=2]\"女\";", [true, true, false]),
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
            "[=1]\"男\";[=2]\"女\";0",
            "[=0]\"\";General",
            "[>9999]0!.0,\"万\";[<-9999]-0!.0,\"万\";0",
            "\"已核\";\"未核\"",
        ] {
            assert_eq!(hides(code), [false; 3], "{code}");
        }
    }
}
