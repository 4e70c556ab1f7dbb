//! A page as a composer leaves it and a writer finds it: things in their places, from top to bottom.
//! The composer has measured and broken every line; a writer only draws, as one picture or cut into
//! sheets.

use std::sync::Arc;

use plotters::style::RGBColor;
use resvg::usvg;

use crate::{font::Weight, theme::Emblem};

/// As wide as it is, and as high as it got.
#[derive(Debug)]
pub struct Page {
    /// In px.
    pub width: u32,
    /// In px.
    pub height: u32,
    /// Where its foot begins, which says what the page is taken from; its height where it has none.
    pub foot: u32,
    /// In the order in which they are drawn. Each lies within the page.
    pub things: Vec<Thing>,
}

/// Something in its place. What is drawn lies between `top` and `top + height`, so that a page may be
/// cut wherever no thing is.
#[derive(Debug)]
pub struct Thing {
    /// Its first row of px.
    pub top: u32,
    /// How many rows it may fill.
    pub height: u32,
    /// What it is a part of.
    pub part: Part,
    /// Which block of the text that is, from 0: what is of one block and part is read as one.
    pub block: u32,
    /// What it is.
    pub what: What,
}

/// What a thing is part of, for who does not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Of nothing that is read: a ground, a frame, a rule.
    Ornament,
    /// A heading of this level, from 1.
    Heading(u8),
    /// A paragraph.
    Text,
    /// An item of a list.
    Item,
    /// A cell of a table.
    Cell {
        /// Of the table, from 0.
        row: u16,
        /// Of the table, from 0.
        column: u16,
        /// Whether it heads a column.
        is_head: bool,
    },
    /// A chart.
    Figure,
    /// What heads the figures of the chart before.
    Caption,
}

/// The kinds of things.
#[derive(Debug)]
pub enum What {
    /// A rectangle. It alone may be cut anywhere.
    Ground {
        /// Its first column of px.
        left: u32,
        /// How many columns.
        width: u32,
        /// All of it.
        colour: RGBColor,
    },
    /// A rectangle with round corners: filled, or its border drawn inside.
    Panel {
        /// Its first column of px.
        left: u32,
        /// How many columns.
        width: u32,
        /// Of the corners.
        radius: u16,
        /// Thickness of the border; none: filled.
        border: Option<u16>,
        /// Of what is drawn.
        colour: RGBColor,
    },
    /// A line of text.
    Line {
        /// From the thing's top down to the baseline, in px.
        baseline: u16,
        /// Font size in tenths of a px.
        size: u16,
        /// Of the text.
        colour: RGBColor,
        /// In the order of the text.
        glyphs: Vec<Glyph>,
        /// What of it leads somewhere.
        links: Vec<Link>,
    },
    /// A chart. Its width is the page's.
    Drawing(Drawing),
    /// An office's emblem, as high as the thing.
    Emblem {
        /// Its first column of px.
        left: u32,
        /// What is drawn.
        emblem: Arc<Emblem>,
    },
}

/// A part of a line that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// From the left of the page, in tenths of a px.
    pub from: i32,
    /// Likewise.
    pub to: i32,
    /// Where it leads.
    pub address: Arc<str>,
}

/// A character where the pen stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    /// The character; both faces have it.
    pub character: char,
    /// The face.
    pub weight: Weight,
    /// From the left of the page, in tenths of a px.
    pub x: i32,
}

/// An SVG, read. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Drawing {
    pub(crate) tree: Arc<usvg::Tree>,
    /// Where what heads its rows begins, then where each row does, in px from its top: there it may be cut. Empty
    /// where it has no such rows.
    pub(crate) rows: Vec<u32>,
    /// What it is called.
    pub(crate) title: String,
    /// What it shows, in a sentence.
    pub(crate) said: String,
}
