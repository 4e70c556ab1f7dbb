//! The project's own typeface and how wide its characters are: the same on every machine, whatever
//! is installed there. Breaking lines is `chart::text`'s and `set`'s; pages, pictures and print draw its glyphs.

pub(crate) mod web;

use std::fmt;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use ttf_parser::{Face, FaceParsingError, OutlineBuilder};

/// The upright face; `fonts/README.md` says where it comes from.
pub static REGULAR: &[u8] = include_bytes!("../fonts/NotoSansSC-Regular.ttf");
/// The bold face, holding the same characters.
pub static BOLD: &[u8] = include_bytes!("../fonts/NotoSansSC-Bold.ttf");
/// What both faces call themselves.
pub const FAMILY: &str = "Noto Sans SC";

static EMBEDDED: LazyLock<Result<Fonts, UnreadableFont>> = LazyLock::new(|| {
    Ok(Fonts {
        regular: Metrics::read(Weight::Regular, REGULAR)?,
        bold: Metrics::read(Weight::Bold, BOLD)?,
    })
});

/// An office's own faces, for the whole process: what is measured, drawn, printed and shown must be one.
static CHOSEN: OnceLock<Fonts> = OnceLock::new();

/// What was read from files: settings are read more than once, and a typeface is some ten MB.
static KEPT: Mutex<Vec<&'static [u8]>> = Mutex::new(vec![]);

/// The same bytes, for as long as the process lives.
fn kept(bytes: &[u8]) -> &'static [u8] {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|known| **known == bytes) {
        return known;
    }
    let fresh: &'static [u8] = Box::leak(bytes.into());
    kept.push(fresh);
    fresh
}

/// Which of the two faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// `font-weight` 400.
    Regular,
    /// `font-weight` 700.
    Bold,
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Regular => "regular",
            Self::Bold => "bold",
        })
    }
}

/// The bytes this program was built with are no font. `scripts/fonts` makes them anew.
#[derive(Debug, Clone, thiserror::Error)]
#[error("cannot read the {weight} font")]
pub struct UnreadableFont {
    weight: Weight,
    #[source]
    cause: FaceParsingError,
}

/// Both faces, measured.
#[derive(Debug)]
pub struct Fonts {
    regular: Metrics,
    bold: Metrics,
}

impl Fonts {
    /// The embedded faces, read once per process.
    pub fn embedded() -> Result<&'static Self, UnreadableFont> {
        EMBEDDED.as_ref().map_err(Clone::clone)
    }

    /// The office's own faces where this process was told of some, else the embedded ones.
    pub fn current() -> Result<&'static Self, UnreadableFont> {
        CHOSEN.get().map_or_else(Self::embedded, Ok)
    }

    /// Reads the faces of an office's choice. They stay in memory until the process ends.
    pub(crate) fn read([regular, bold]: [&[u8]; 2]) -> Result<Self, UnreadableFont> {
        Ok(Self {
            regular: Metrics::read(Weight::Regular, kept(regular))?,
            bold: Metrics::read(Weight::Bold, kept(bold))?,
        })
    }

    /// Whether this process was told of an office's own.
    pub(crate) fn is_chosen() -> bool {
        CHOSEN.get().is_some()
    }

    /// Takes these faces for all that this process renders. Whether they are taken: others may have been before.
    pub(crate) fn choose(self) -> bool {
        // Equal files are kept once, so that the same faces are the same bytes.
        let parts = [Weight::Regular, Weight::Bold].map(|weight| self.bytes(weight));
        let chosen = CHOSEN.get_or_init(|| self);
        parts == [Weight::Regular, Weight::Bold].map(|weight| chosen.bytes(weight))
    }

    /// The bytes of one face.
    pub(crate) fn bytes(&self, weight: Weight) -> &'static [u8] {
        self.metrics(weight).bytes
    }

    /// The widths of one face.
    pub fn metrics(&self, weight: Weight) -> &Metrics {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// The first character of `text` that one of the faces can't draw.
    pub fn find_missing(&self, text: &str) -> Option<char> {
        text.chars().find(|&c| !self.regular.has(c) || !self.bold.has(c))
    }
}

/// How far each character of one face moves the pen, and what the pen draws.
pub struct Metrics {
    bytes: &'static [u8],
    face: Face<'static>,
    /// Sorted by character. Not a table of the basic plane: 196 characters of 通用规范汉字表 lie
    /// outside it.
    advances: Vec<(char, u16)>,
    units_per_em: u16,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Metrics of {} characters", self.advances.len())
    }
}

impl Metrics {
    fn read(weight: Weight, bytes: &'static [u8]) -> Result<Self, UnreadableFont> {
        let face = Face::parse(bytes, 0).map_err(|cause| UnreadableFont { weight, cause })?;
        let mut advances = Vec::new();
        for table in face.tables().cmap.iter().flat_map(|cmap| cmap.subtables) {
            if !table.is_unicode() {
                continue;
            }
            table.codepoints(|code| {
                let advance = table.glyph_index(code).and_then(|id| face.glyph_hor_advance(id));
                if let (Some(c), Some(advance)) = (char::from_u32(code), advance)
                    && advance > 0
                    && !is_invisible(c)
                {
                    advances.push((c, advance));
                }
            });
        }
        advances.sort_unstable();
        advances.dedup_by_key(|&mut (c, _)| c);
        Ok(Self { advances, units_per_em: face.units_per_em().max(1), bytes, face })
    }

    fn find_advance(&self, c: char) -> Option<u16> {
        let found = self.advances.binary_search_by_key(&c, |&(known, _)| known).ok()?;
        self.advances.get(found).map(|&(_, advance)| advance)
    }

    /// Draws one character, in `units_per_em`, its baseline at 0 and up above it.
    pub fn outline(&self, c: char, pen: &mut dyn OutlineBuilder) {
        if let Some(glyph) = self.face.glyph_index(c) {
            // A space has no outline.
            let _: Option<ttf_parser::Rect> = self.face.outline_glyph(glyph, pen);
        }
    }

    /// How many units make the size of the type.
    pub fn units_per_em(&self) -> u16 {
        self.units_per_em
    }

    /// How far `c` moves the pen at `size`, in the unit of `size`, to the nearest whole one.
    pub fn advance(&self, c: char, size: i32) -> i32 {
        let (em, advance) = (i32::from(self.units_per_em), self.find_advance(c));
        (i32::from(advance.unwrap_or(self.units_per_em)) * size + em / 2) / em
    }

    /// The number of its glyph; 0 is that of a character that the face lacks.
    pub fn glyph(&self, c: char) -> u16 {
        self.face.glyph_index(c).map_or(0, |id| id.0)
    }

    /// Whether the face has a glyph for `c`.
    pub fn has(&self, c: char) -> bool {
        self.find_advance(c).is_some()
    }

    /// How wide `text` is at `size`, in the unit of `size`, rounded up. A character without a
    /// glyph counts as one em, the width of the box a viewer draws instead. Kerning is left out:
    /// it only ever draws Latin pairs a little closer.
    pub fn width(&self, text: &str, size: i32) -> i32 {
        let advance = |c| i64::from(self.find_advance(c).unwrap_or(self.units_per_em));
        let em = i64::from(self.units_per_em);
        let width = text.chars().map(advance).sum::<i64>() * i64::from(size);
        i32::try_from((width + em - 1) / em).unwrap_or(i32::MAX)
    }
}

/// Zero-width characters, soft hyphens, and marks that turn the direction of writing: a full typeface has glyphs for
/// them, and a reader sees nothing.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hanzi_is_one_em_wide() -> Result<(), UnreadableFont> {
        let fonts = Fonts::embedded()?;
        assert_eq!(fonts.metrics(Weight::Regular).width("高中，", 280), 840);
        assert_eq!(fonts.metrics(Weight::Bold).width("高中，", 280), 840);
        Ok(())
    }

    /// Lines of any text end: each character takes some of the measure.
    #[test]
    fn every_character_has_a_width() -> Result<(), UnreadableFont> {
        for weight in [Weight::Regular, Weight::Bold] {
            let metrics = Fonts::embedded()?.metrics(weight);
            let none: Vec<_> =
                metrics.advances.iter().filter(|(_, advance)| *advance < 100).collect();
            assert!(none.is_empty(), "{none:?}");
        }
        Ok(())
    }

    /// Word's CO₂, its forms' boxes and its bullets come as these characters: no text is refused for them.
    #[test]
    fn what_texts_out_of_word_have_is_drawn() -> Result<(), UnreadableFont> {
        let text = "CO₂、NOₓ、PM₂.₅、m³、10⁻⁶、xⁿ、□☑☒✓✗✔✘✖•■◆★➢➤➜→°±≥≤×μ①⑩❶㉑㊿☎℡™⚠";
        assert_eq!(Fonts::embedded()?.find_missing(text), None);
        Ok(())
    }

    #[test]
    fn digits_are_as_wide_as_each_other() -> Result<(), UnreadableFont> {
        for weight in [Weight::Regular, Weight::Bold] {
            let metrics = Fonts::embedded()?.metrics(weight);
            let mut widths: Vec<i32> =
                ('0'..='9').map(|digit| metrics.width(&digit.to_string(), 1000)).collect();
            widths.dedup();
            assert_eq!(widths.len(), 1);
        }
        Ok(())
    }

    #[test]
    fn faces_hold_the_general_table_and_the_symbols() -> Result<(), UnreadableFont> {
        let fonts = Fonts::embedded()?;
        let table = include_str!("../fonts/tongyong-guifan.txt");
        let table: String = table.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(table.chars().count(), 8105);
        assert_eq!(fonts.find_missing(&table), None);
        let symbols = "￥①⑳ⅠⅫ〔〕﹝﹞「」『』—…·•★☆■□▲△●○→←↑↓％‰℃−〇㎡²";
        assert_eq!(fonts.find_missing(symbols), None);
        Ok(())
    }

    #[test]
    fn invisible_and_direction_changing_characters_have_no_glyph() -> Result<(), UnreadableFont> {
        let fonts = Fonts::embedded()?;
        for c in ['\u{ad}', '\u{200b}', '\u{202e}', '\u{2028}', '\u{2066}', '\u{feff}', '\0'] {
            assert_eq!(fonts.find_missing(&c.to_string()), Some(c));
        }
        Ok(())
    }
}
