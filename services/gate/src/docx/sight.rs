//! What of a Word file no eye sees on its page: text hidden by itself or by any of the styles that hold for
//! it, shapes that are not shown, type of its ground's colour, tiny, squeezed or off the page.

use super::{colours, styles::Styles, xml::Element};

/// Half points of type that nobody can read: two points.
const UNREADABLE: u32 = 4;
/// Per cent of a character's width that nobody can read.
const NARROW: u32 = 5;
/// Twips (twentieths of a point) by which characters are drawn together until they lie on one another.
const SQUEEZED: i32 = -100;
/// Half points above or below its line that take a character off it: two inches.
const RAISED: u32 = 288;
/// Twips beyond the edge of any sheet: A3 is 23,811 long.
const OFF_PAGE: i32 = 24_000;
/// Twips to the left of or above the margin that are off any sheet: no margin is eight inches wide.
const BEFORE_PAGE: i32 = -12_000;
/// Twips of a line, row or column that nobody can read: two points.
const FLAT: u32 = 40;

/// The styles that hold for a run beside its own.
#[derive(Clone, Copy)]
pub(super) struct Under<'a> {
    pub(super) styles: &'a Styles,
    pub(super) paragraph: Option<&'a str>,
    pub(super) table: Option<&'a str>,
}

impl<'a> Under<'a> {
    /// The first answer of a run's own properties, of its styles and of what holds for all.
    pub(super) fn find<T>(
        &self,
        own: Option<&'a Element>,
        ask: impl Fn(&'a Element) -> Option<T>,
    ) -> Option<T> {
        let by_style =
            |style| self.styles.find(style, |style: &'a Element| ask(style.child("w:rPr")?));
        own.and_then(&ask)
            .or_else(|| by_style(self.styles.of_run(own)))
            .or_else(|| by_style(self.paragraph))
            .or_else(|| by_style(self.table))
            .or_else(|| ask(self.styles.run_defaults()?))
    }
}

/// Whether a run is hidden by itself or, where it says nothing, by any of its styles. Two that hide
/// would show it again (ISO/IEC 29500-1, 17.7.3), in some programs.
pub(super) fn is_hidden(own: Option<&Element>, under: &Under<'_>) -> bool {
    let styles = under.styles;
    let by_style =
        |style| styles.find(style, |style| says_hidden(style.child("w:rPr")?)).unwrap_or(false);
    own.and_then(says_hidden).unwrap_or_else(|| {
        by_style(styles.of_run(own))
            || by_style(under.paragraph)
            || by_style(under.table)
            || styles.hides_a_part(under.table)
            || styles.run_defaults().and_then(says_hidden).unwrap_or(false)
    })
}

/// `w:specVanish` is meant for a paragraph's end alone; in a run it hides as well.
pub(super) fn says_hidden(properties: &Element) -> Option<bool> {
    let said = ["w:vanish", "w:specVanish"].into_iter().filter_map(|name| properties.flag(name));
    said.reduce(|one, other| one || other)
}

/// Whether a shape with text or a picture in it is not shown: VML (ISO/IEC 29500-4, 19.1.2.19), or
/// `DrawingML`, where what is not shown is said beside the shape's content (ISO/IEC 29500-1, 20.1.2.2.8).
pub(super) fn is_hidden_shape(element: &Element) -> bool {
    const CONTENT: [&str; 6] = ["w:t", "w:sym", "m:t", "pic:pic", "v:imagedata", "v:textpath"];
    let is_off = |e: &Element| {
        matches!(e.local_name(), "docPr" | "cNvPr")
            && matches!(e.attribute("hidden"), Some("1" | "true" | "on"))
    };
    let by_properties = || {
        let names = |e: &Element| e.local_name().starts_with("nv") && e.elements().any(is_off);
        element.elements().any(|e| is_off(e) || names(e))
    };
    let by_style = || {
        let style = element.attribute("style").unwrap_or_default().to_ascii_lowercase();
        let style: String = style.split_whitespace().collect();
        style.split(';').any(|rule| matches!(rule, "visibility:hidden" | "display:none"))
    };
    let is_off = if element.name.starts_with("v:") { by_style() } else { by_properties() };
    is_off && (CONTENT.contains(&element.name.as_str()) || element.has(&CONTENT))
}

/// Whether nobody can see or read a run's type although it is not hidden.
pub(super) fn is_unseen(own: Option<&Element>, under: &Under<'_>, ground: colours::Ground) -> bool {
    let number = |name| under.find(own, |p| p.value_of(name)?.parse::<i32>().ok());
    let most = |name, most: u32| {
        number(name).and_then(|n| u32::try_from(n).ok()).is_some_and(|n| n <= most)
    };
    let ground = under.find(own, colours::ground_of).unwrap_or(ground);
    let colour = under.find(own, |p| p.child("w:color")).and_then(colours::of_text);
    colour.is_some_and(|colour| ground.swallows(colour))
        || under.find(own, fills_nothing) == Some(true)
        || most("w:sz", UNREADABLE)
        || most("w:w", NARROW)
        || number("w:spacing").is_some_and(|twips| twips <= SQUEEZED)
        || number("w:position").is_some_and(|points| points.unsigned_abs() >= RAISED)
}

/// Whether letters are filled with nothing and have no outline ([MS-DOCX] 2.6.1.27, `w14:textFill`).
fn fills_nothing(properties: &Element) -> Option<bool> {
    let is_bare = |e: &Element| e.child("?:noFill").is_some();
    let fill = properties.child("?:textFill")?;
    Some(is_bare(fill) && properties.child("?:textOutline").is_none_or(is_bare))
}

/// Whether a table whose columns keep their widths has one with text and next to no width.
pub(super) fn has_flat_column(table: &Element) -> bool {
    let layout = table.child("w:tblPr").and_then(|p| p.child("w:tblLayout"));
    let is_flat = |cell: &Element| {
        let width = cell.child("w:tcPr").and_then(|p| p.child("w:tcW"));
        let width = width.filter(|width| width.attribute("type") == Some("dxa"));
        let twips = width.and_then(|width| width.attribute("w")?.parse::<u32>().ok());
        twips.is_some_and(|twips| (1..=FLAT).contains(&twips)) && cell.has(&["w:t", "w:sym"])
    };
    layout.is_some_and(|layout| layout.attribute("type") == Some("fixed"))
        && table.elements().flat_map(Element::elements).any(is_flat)
}

/// Whether a paragraph or a row that says something is set where or so that nobody sees it.
pub(super) fn is_out_of_sight(element: &Element) -> bool {
    let properties = element.child("w:pPr").or_else(|| element.child("w:trPr"));
    properties.is_some_and(is_set_out_of_sight) && element.has(&["w:t", "w:sym"])
}

fn is_set_out_of_sight(properties: &Element) -> bool {
    let number = |child: &str, name: &str| -> Option<i32> {
        properties.child(child)?.attribute(name)?.parse().ok()
    };
    let is_exact = |child: &str, rule: &str| {
        properties.child(child).and_then(|e| e.attribute(rule)) == Some("exact")
    };
    let flat = |child, name| {
        number(child, name).and_then(|n| u32::try_from(n).ok()).is_some_and(|n| n <= FLAT)
    };
    let off = [
        ("w:ind", "left"),
        ("w:ind", "start"),
        ("w:ind", "firstLine"),
        ("w:framePr", "x"),
        ("w:framePr", "y"),
    ];
    let is_off = |n: i32| n >= OFF_PAGE || n <= BEFORE_PAGE;
    off.into_iter().filter_map(|(child, name)| number(child, name)).any(is_off)
        || (is_exact("w:spacing", "lineRule") && flat("w:spacing", "line"))
        || (is_exact("w:trHeight", "hRule") && flat("w:trHeight", "val"))
}
