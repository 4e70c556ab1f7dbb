//! Colours of type and of what it stands on, as far as it takes to tell that nobody can see it.

use super::xml::Element;

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

pub(super) const BLACK: Colour = [0; 3];
pub(super) const WHITE: Colour = [255; 3];

/// Colours closer than this cannot be told apart (the ratio of WCAG 2, 1.4.3: black on white has 21).
const RATIO_MIN: f64 = 1.2;

/// What type stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    Plain(Colour),
    /// A pattern, a shape's filling, a table style that shades some of its parts.
    Unknown,
}

impl Ground {
    pub(super) const PAPER: Self = Self::Plain(WHITE);

    /// Whether type of this colour cannot be seen on it.
    pub(super) fn swallows(self, colour: Colour) -> bool {
        match self {
            Self::Unknown => false,
            Self::Plain(ground) => {
                let (one, other) = (luminance(ground) + 0.05, luminance(colour) + 0.05);
                one.max(other) / one.min(other) < RATIO_MIN
            }
        }
    }
}

/// Relative luminance, 0 to 1 (WCAG 2).
fn luminance([red, green, blue]: Colour) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// `RRGGBB`, or `AARRGGBB` as Excel has it.
pub(super) fn parse(hex: &str) -> Option<Colour> {
    let hex = if hex.len() == 8 { hex.get(2..)? } else { hex };
    let number = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6)?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// The colour of type that a `w:color` gives; none where it is `auto`, which is always seen.
pub(super) fn of_text(color: &Element) -> Option<Colour> {
    named(color, "val", "themeColor")
}

/// What paragraph, cell, table or run properties put behind their type; `None` where it shows through.
pub(super) fn ground_of(properties: &Element) -> Option<Ground> {
    let marked = properties.value_of("w:highlight").filter(|colour| *colour != "none");
    marked.map(highlight).or_else(|| shading(properties.child("w:shd")?))
}

fn shading(shading: &Element) -> Option<Ground> {
    match shading.attribute("val").unwrap_or("clear") {
        "clear" | "nil" => named(shading, "fill", "themeFill").map(Ground::Plain),
        "solid" => Some(Ground::Plain(named(shading, "color", "themeColor").unwrap_or(BLACK))),
        _ => Some(Ground::Unknown),
    }
}

/// A colour as an element gives it: by a theme's name, which comes first, or in figures.
fn named(element: &Element, plain: &str, theme: &str) -> Option<Colour> {
    let is_changed = ["Shade", "Tint"].iter().any(|change| {
        [format!("theme{change}"), format!("{theme}{change}")]
            .iter()
            .any(|name| element.attribute(name).is_some())
    });
    let by_theme = match element.attribute(theme).filter(|_| !is_changed) {
        Some("background1" | "light1") => Some(WHITE),
        Some("text1" | "dark1") => Some(BLACK),
        _ => None,
    };
    by_theme.or_else(|| parse(element.attribute(plain)?))
}

/// `w:highlight` (ISO/IEC 29500-1, 17.18.40).
fn highlight(name: &str) -> Ground {
    match name {
        "white" => Ground::PAPER,
        "black" => Ground::Plain(BLACK),
        "yellow" => Ground::Plain([255, 255, 0]),
        _ => Ground::Unknown,
    }
}
