//! How an office's pages, pictures and print look: its name, its colours, its emblem. What it hands in is checked
//! here, in words that say what to do; charts keep their colours, which everybody can tell apart.

mod damage;
mod emblem;
mod unfit;

use std::{collections::BTreeMap, sync::Arc};

use lockstep_kit::pages::Look;
use lockstep_proto::digest::Digest;
use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

use crate::{
    chart::theme::{STRONG, TINT, contrast, mix},
    font::Fonts,
};
pub use emblem::Emblem;
pub use unfit::Unfit;

/// What the emblem's file is called among those handed in.
pub const EMBLEM: &str = "emblem";
/// What the faces of a typeface are called among those handed in: both, or none.
pub const FACES: [&str; 2] = ["font/regular", "font/bold"];
/// Larger than any full Chinese face of TrueType outlines; the child that draws has both of them several times in
/// its memory (as handed in, as kept, in what is embedded).
pub const FACE_BYTES_MAX: usize = 32 << 20;
/// What the program itself writes, and what every text needs.
const NEEDED: &str = "0123456789政策解读资料来源文号见正式文本年月日（）《》〔〕：；，。、“”—…·％";
/// A longer name has no room beside an emblem.
pub const AGENCY_CHARS_MAX: usize = 30;

/// More are no 代字: every page carries them.
pub const NUMBER_WORDS_MAX: usize = 100;

/// WCAG 2.2, 1.4.3, for text of any size.
pub const CONTRAST_MIN: f64 = 4.5;
const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// How much of a colour is in the ground of boxes that it borders.
const PALE_SHARE: f64 = 0.08;

/// What an office hands in: words of the settings, and files by their name here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// What the settings say.
    pub words: Words,
    /// Bytes of the files.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// What the settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Whose pages they are, as people name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Behind the head of pictures and print, and above pages: `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Of links, labels and headings: `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// What numbers 文号 are made of besides 〔2026〕1号: the office's 代字.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_words: Option<String>,
}

/// A look that holds.
#[derive(Debug, Clone)]
pub struct Theme {
    given: Arc<Given>,
    digest: Digest,
    /// Whose pages they are.
    pub agency: Option<String>,
    /// White can be read on it.
    pub head: RGBColor,
    /// Can be read on white and on pale grounds.
    pub accent: RGBColor,
    /// Stands on white.
    pub emblem: Option<Arc<Emblem>>,
    /// Characters that numbers bring into texts.
    pub number_words: String,
}

impl Theme {
    /// Nobody's.
    pub fn plain() -> Self {
        Self {
            digest: digest(&Given::default()),
            given: Arc::default(),
            agency: None,
            head: STRONG,
            accent: STRONG,
            emblem: None,
            number_words: String::new(),
        }
    }

    /// Refuses what could not be read, or drawn everywhere alike.
    pub fn read(given: Given) -> Result<Self, Unfit> {
        let Words { agency, head, accent, number_words } = &given.words;
        let colour = |name: &'static str, text: Option<&String>, grounds: &[RGBColor]| {
            text.map_or(Ok(STRONG), |text| legible(name, text, grounds))
        };
        // An office that names one colour means it for its head too: what can be read on white can be written on.
        let one = head.as_ref().or(accent.as_ref());
        let accent = colour("accent", accent.as_ref(), &[WHITE, TINT])?;
        let head = colour("head", one, &[WHITE])?;
        let fonts = read_fonts(&given)?;
        let agency = agency.as_ref().map(|name| named(name, fonts.as_ref())).transpose()?;
        let emblem = given.files.get(EMBLEM).map(|bytes| Emblem::read(bytes)).transpose()?;
        let number_words = number_words.clone().unwrap_or_default();
        if number_words.chars().count() > NUMBER_WORDS_MAX {
            return Err(Unfit::NumberWords);
        }
        if let Some(character) = lacking(&number_words, fonts.as_ref())? {
            return Err(Unfit::NumberGlyph { character });
        }
        Ok(Self {
            number_words,
            agency,
            head,
            accent,
            emblem: emblem.map(Arc::new),
            digest: digest(&given),
            given: Arc::new(given),
        })
    }

    /// Takes its typeface, where it has one, for all that this process renders. Refused where another one was
    /// taken: what is measured by one and drawn by another would not fit.
    pub fn install(&self) -> Result<(), Unfit> {
        let is_taken = match read_fonts(&self.given)? {
            Some(fonts) => !fonts.choose(),
            None => Fonts::is_chosen(),
        };
        if is_taken { Err(Unfit::Taken) } else { Ok(()) }
    }

    /// What was handed in.
    pub fn given(&self) -> &Given {
        &self.given
    }

    /// Names the look: what is rendered under another one may look otherwise.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The same for the pages of channels.
    pub fn look(&self) -> Look {
        let accent_pale = mix(self.accent, WHITE, PALE_SHARE);
        let is_plain = self.head == STRONG && self.accent == STRONG;
        let style = format!(
            ":root{{--head:{};--accent:{};--accent-pale:{}}}",
            hex(self.head),
            hex(self.accent),
            hex(accent_pale)
        );
        Look {
            agency: self.agency.clone(),
            emblem: self.emblem.as_ref().map(|emblem| emblem.address()),
            style: if is_plain { String::new() } else { style },
            // A frame's, and no part of what is rendered.
            templates: BTreeMap::new(),
        }
    }
}

fn digest(given: &Given) -> Digest {
    let words = serde_json::to_string(&given.words).unwrap_or_default();
    let files = given.files.iter().map(|(name, bytes)| format!("{name} {}", Digest::of(bytes)));
    Digest::of(format!("{words}\n{}", files.collect::<Vec<_>>().join("\n")).as_bytes())
}

/// The typeface that was handed in, if any.
fn read_fonts(given: &Given) -> Result<Option<Fonts>, Unfit> {
    let [Some(regular), Some(bold)] = FACES.map(|name| given.files.get(name)) else {
        return Ok(None);
    };
    for (name, face) in [("regular", regular), ("bold", bold)] {
        if face.len() > FACE_BYTES_MAX {
            return Err(Unfit::LargeFace { bytes: face.len() });
        }
        let is_outlined = ttf_parser::RawFace::parse(face, 0)
            .is_ok_and(|face| face.table(ttf_parser::Tag::from_bytes(b"glyf")).is_some());
        if ttf_parser::fonts_in_collection(face).is_some() || !is_outlined {
            return Err(Unfit::Outlines);
        }
        if let Some(table) = damage::find(face) {
            return Err(Unfit::Damaged { face: name, table });
        }
    }
    let fonts = Fonts::read([regular, bold]).map_err(|error| Unfit::Font(error.into()))?;
    match fonts.find_missing(NEEDED) {
        Some(character) => Err(Unfit::Lacking { character }),
        None => Ok(Some(fonts)),
    }
}

fn named(name: &str, fonts: Option<&Fonts>) -> Result<String, Unfit> {
    let name = name.trim();
    let chars = name.chars().count();
    if chars == 0 || chars > AGENCY_CHARS_MAX || name.contains(char::is_control) {
        return Err(Unfit::Agency { chars });
    }
    match lacking(name, fonts)? {
        Some(character) => Err(Unfit::Glyph { character }),
        None => Ok(name.to_owned()),
    }
}

/// The first character that the office's typeface, or else the embedded one, does not have.
fn lacking(text: &str, own: Option<&Fonts>) -> Result<Option<char>, Unfit> {
    let fonts = match own {
        Some(own) => own,
        None => Fonts::embedded().map_err(|error| Unfit::Font(error.into()))?,
    };
    Ok(fonts.find_missing(text))
}

/// A colour that can be told from each of the grounds that it stands on, or that stand on it.
fn legible(name: &'static str, text: &str, grounds: &[RGBColor]) -> Result<RGBColor, Unfit> {
    let colour = parse(text).ok_or_else(|| Unfit::Colour { name, text: text.to_owned() })?;
    let pale = mix(colour, WHITE, PALE_SHARE);
    let pale = (grounds.len() > 1).then_some(&pale);
    let worst = grounds.iter().chain(pale).map(|ground| contrast(colour, *ground));
    let ratio = worst.fold(f64::INFINITY, f64::min);
    if ratio < CONTRAST_MIN {
        return Err(Unfit::Contrast {
            name,
            text: text.to_owned(),
            ratio,
            instead: darker(colour, grounds),
        });
    }
    Ok(colour)
}

/// The same hue, as dark as it has to be.
fn darker(colour: RGBColor, grounds: &[RGBColor]) -> String {
    let fits = |colour: RGBColor| {
        let pale = mix(colour, WHITE, PALE_SHARE);
        let pale = (grounds.len() > 1).then_some(&pale);
        grounds.iter().chain(pale).all(|ground| contrast(colour, *ground) >= CONTRAST_MIN)
    };
    let black = RGBColor(0, 0, 0);
    let shades = (0..=100u8).rev().map(|share| mix(colour, black, f64::from(share) / 100.0));
    hex(shades.into_iter().find(|shade| fits(*shade)).unwrap_or(black))
}

fn parse(text: &str) -> Option<RGBColor> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |from: usize| u8::from_str_radix(digits.get(from..from + 2)?, 16).ok();
    Some(RGBColor(part(0)?, part(2)?, part(4)?))
}

fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests;
