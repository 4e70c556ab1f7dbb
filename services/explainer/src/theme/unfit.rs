//! Why a look is refused: in both languages, with what to do.

use super::{AGENCY_CHARS_MAX, CONTRAST_MIN, emblem};

/// Why a look is refused.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// Not a name, or one that has no room.
    #[error(
        "theme.agency 有 {chars} 字，须为 1 至 {AGENCY_CHARS_MAX} 字、一行 / the agency's name is to have 1 to \
         {AGENCY_CHARS_MAX} characters, on one line"
    )]
    Agency {
        /// How many it has.
        chars: usize,
    },
    /// The typeface would show a crossed box.
    #[error(
        "theme.agency 中的“{character}”（U+{:04X}）没有字形 / the font has no glyph for this character of the \
         agency's name", u32::from(*character)
    )]
    Glyph {
        /// Which one.
        character: char,
    },
    /// Not a typeface.
    #[error("字体无法使用 / the font cannot be used")]
    Font(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A typeface of which something was overwritten or lost.
    #[error(
        "theme.font 的 {face} 字体文件已损坏（{table} 表的校验和不符），请重新复制或另选字体 / this face is damaged, its \
         table does not match its checksum: copy it again, or take another"
    )]
    Damaged {
        /// Which of the two.
        face: &'static str,
        /// Which part of it.
        table: String,
    },
    /// Too many characters.
    #[error(
        "theme.number_words 至多 {max} 字：只写发文机关代字，如 \"示府发示府办规\" / has at most {max} characters: \
         the words of numbers alone",
        max = super::NUMBER_WORDS_MAX
    )]
    NumberWords,
    /// The typeface would show a crossed box in numbers.
    #[error(
        "theme.number_words 中的“{character}”（U+{:04X}）没有字形，请删去，或在 [theme.font] 给出完整字体 / the font has \
         no glyph for this character: take it out, or give a full typeface by [theme.font]", u32::from(*character)
    )]
    NumberGlyph {
        /// Which one.
        character: char,
    },
    /// More than the memory of whoever draws has room for.
    #[error(
        "theme.font 的字体文件有 {} MB，至多 {} MB：请换较小的字体文件 / this face is too large: take a smaller one",
        bytes.div_ceil(1 << 20), super::FACE_BYTES_MAX >> 20
    )]
    LargeFace {
        /// How many bytes.
        bytes: usize,
    },
    /// Another typeface draws here already.
    #[error(
        "theme.font：本进程已使用另一种字体 / this process renders with another typeface already"
    )]
    Taken,
    /// A kind of typeface that is not drawn everywhere alike.
    #[error(
        "theme.font 须为单一字体的 .ttf（TrueType 轮廓）：不接受 .ttc 字体集与 CFF 轮廓的 .otf / is to be a .ttf of one \
         face: no collection, and no .otf with CFF outlines"
    )]
    Outlines,
    /// A typeface without what every page has.
    #[error(
        "theme.font 没有“{character}”（U+{:04X}），请换一种完整的中文字体 / lacks this character: take a full Chinese \
         typeface", u32::from(*character)
    )]
    Lacking {
        /// Which one.
        character: char,
    },
    /// Not a colour.
    #[error(
        "theme.{name}“{text}”不是颜色，请写作 \"#1f5aa0\" / is no colour: write six hexadecimal digits, such as \
         \"#1f5aa0\""
    )]
    Colour {
        /// Of the setting.
        name: &'static str,
        /// What it says.
        text: String,
    },
    /// A colour that not everybody can read.
    #[error(
        "theme.{name}“{text}”与底色的对比度只有 {ratio:.2}:1，须达 {CONTRAST_MIN}:1（WCAG 2.2，1.4.3），请用更深的\
         颜色，如 \"{instead}\" / its contrast is {ratio:.2}:1, and has to be {CONTRAST_MIN}:1: take a darker \
         colour, such as \"{instead}\""
    )]
    Contrast {
        /// Of the setting.
        name: &'static str,
        /// What it says.
        text: String,
        /// The least of all grounds.
        ratio: f64,
        /// The nearest that would do.
        instead: String,
    },
    /// More than every page can carry.
    #[error(
        "theme.emblem 有 {} KB，至多 {} KB：每个页面都带着它，请简化或缩小 / every page carries it: make it \
         simpler or smaller", bytes.div_ceil(1024), emblem::BYTES_MAX / 1024
    )]
    Large {
        /// How many bytes.
        bytes: usize,
    },
    /// Neither of the two kinds.
    #[error(
        "theme.emblem 既不是 SVG 也不是 PNG，请另存为其一 / is neither SVG nor PNG: save it as one of them"
    )]
    Kind(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An SVG that declares entities.
    #[error(
        "theme.emblem 第 {line} 行的 <!DOCTYPE …> 带有方括号中的声明，请删去整个 <!DOCTYPE …> / its <!DOCTYPE …> declares \
         something in brackets: delete it"
    )]
    Type {
        /// Counted from one.
        line: u32,
    },
    /// A PNG of more than one image.
    #[error("theme.emblem 是动画 PNG，请另存为单幅 PNG / is an animated PNG: save it as one image")]
    Animated,
    /// Nothing would be seen on white.
    #[error(
        "theme.emblem 在白底上什么也看不见：请检查图形是否为空、透明或白色 / nothing of it is seen on white: look whether it \
         is empty, transparent or white"
    )]
    Blank,
    /// Something in the SVG that runs, is fetched, or looks otherwise elsewhere.
    #[error(
        "theme.emblem 第 {line} 行有 {what}：徽标只能是图形，请删去{} / the emblem may hold shapes alone: take it \
         out{}", if *is_text { "，文字请转为轮廓" } else { "" },
        if *is_text { ", and turn text into outlines" } else { "" }
    )]
    Active {
        /// Counted from one.
        line: u32,
        /// What it is.
        what: String,
        /// Whether it is words.
        is_text: bool,
    },
    /// Too flat, too tall or too coarse.
    #[error(
        "theme.emblem 为 {width} × {height}：宽须为高的 1/2 至 4 倍，PNG 的高至少 {} 像素 / its width has to be \
         half to four times its height, and a PNG at least that high",
        emblem::PNG_HEIGHT_MIN
    )]
    Shape {
        /// Its own unit.
        width: f32,
        /// Its own unit.
        height: f32,
    },
}
