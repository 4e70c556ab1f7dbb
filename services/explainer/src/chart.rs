//! Charts for interpretation pages, as standalone SVG texts: the same figures give the same bytes on
//! every machine. Where the figures come from, and whether the headline is true of them, is for others
//! to check; turning SVG into pixels too.
//!
//! `content` checks what is to be said, a module of each kind lays it out on a `sheet`, `draw` has plotters
//! draw the sheet's marks, and `backend` writes what plotters draws.

mod apart;
mod axis;
mod backend;
mod bar;
mod calendar;
mod cards;
mod columns;
mod compare;
mod conditions;
mod content;
mod donut;
mod draw;
mod expected;
pub(crate) mod figure;
mod flow;
mod gantt;
mod heat;
mod honest;
mod lanes;
mod lines;
mod listed;
mod moments;
mod multiples;
pub(crate) mod named;
mod network;
mod range;
mod rows;
pub(crate) mod sheet;
mod slope;
mod steps;
pub(crate) mod text;
pub(crate) mod theme;
mod tracks;

use std::fmt;

pub use lockstep_gate::bundle::TEXT_CHARS_MAX;
use lockstep_gate::bundle::{Parts, Table};
use lockstep_proto::manifest::ChartKind;
use plotters::drawing::DrawingAreaErrorKind;

use crate::font::{Fonts, UnreadableFont};
use content::{Content, Telling};
use theme::Theme;

/// More categories than this are a table: nobody compares the first with the last.
pub const ROWS_MAX: usize = 50;
/// More points than this are no line any more, but a band.
pub const POINTS_MAX: usize = 400;
/// More series than this have no colours of their own.
pub const SERIES_MAX: usize = 6;
/// More panels than this are too small to be compared, and so are more columns of a heat table.
pub const PANELS_MAX: usize = 12;

/// What a chart says. All texts are from people; they are escaped.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'a> {
    /// Begins the ids inside the SVG, so it must be unique in the page: letters, digits, `-`, `_`.
    pub id: &'a str,
    /// How it is drawn.
    pub kind: ChartKind,
    /// The finding, as a sentence. A category of a `bar` or `slope` that it names, and it alone, is drawn strong
    /// among paler ones.
    pub headline: &'a str,
    /// What was measured, where and when. May be empty.
    pub subtitle: &'a str,
    /// What one of the figures counts. May be empty.
    pub unit: &'a str,
    /// Who published the figures. May be empty; "资料来源：" is put before it where it lacks it.
    pub source: &'a str,
    /// Categories from top to bottom or left to right, with figures as they are to be printed.
    pub table: &'a Table,
}

/// For which page a chart is made, by the width in px it is shown at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// A long picture, 1080 px wide, that phones show at a third of that: large type.
    Long1080,
    /// A column of a desktop page.
    Desk720,
    /// A phone: labels stand above their bars.
    Phone360,
}

/// Draws a chart: one complete `<svg>` with a `viewBox` and no size of its own.
///
/// A row that sums up the others is left out by kinds that would compare it with them.
pub fn draw(chart: &Chart<'_>, width: Width) -> Result<String, Undrawable> {
    let Parts { table, rows, .. } = Parts::of(chart.kind, chart.unit, chart.table);
    let table = named::with_years(&table);
    draw_parts(&Chart { table: &table, ..*chart }, width).map_err(|mut error| {
        if let Some(row) = error.row_mut() {
            let whole = row.checked_sub(1).and_then(|at| rows.get(at));
            *row = whole.map_or(*row, |at| at + 1);
        }
        error
    })
}

/// What a chart says, every row of it in words: where no table stands beside it.
pub(crate) fn tell(chart: &Chart<'_>) -> Result<String, Undrawable> {
    let Parts { table, .. } = Parts::of(chart.kind, chart.unit, chart.table);
    let table = named::with_years(&table);
    let chart = Chart { table: &table, ..*chart };
    let content = Content::check_telling(Telling::All, &chart, Fonts::current()?)?;
    if chart.kind == ChartKind::Flow {
        return flow::describe(chart.subtitle, &content);
    }
    Ok(content.head.description)
}

fn draw_parts(chart: &Chart<'_>, width: Width) -> Result<String, Undrawable> {
    let fonts = Fonts::current()?;
    let mut content = Content::check(chart, fonts)?;
    if chart.kind == ChartKind::Flow {
        content.head.description = flow::describe(chart.subtitle, &content)?;
    }
    honest::check(chart.kind, &content)?;
    let mut content = content.naming_unit_once();
    if matches!(
        chart.kind,
        ChartKind::Column
            | ChartKind::GroupedColumn
            | ChartKind::StackedColumn
            | ChartKind::FullColumn
    ) {
        let are_uneven = calendar::are_uneven(&content);
        content.head.noting_gaps(are_uneven);
    }
    if let Some(note) = content.expected.note(chart.kind) {
        content.head.noting(&note);
    }
    let theme = Theme::of(width);
    let sheet = match chart.kind {
        ChartKind::Bar => bar::draw(&content, &theme, fonts),
        ChartKind::Column
        | ChartKind::GroupedColumn
        | ChartKind::StackedColumn
        | ChartKind::FullColumn => {
            let tracks = tracks::of(chart.kind, &content)?;
            // Where labels have no room below, the same figures lie on their side.
            match columns::draw(&content, &tracks, &theme, fonts) {
                Err(Undrawable::NoRoom | Undrawable::TooWide { .. }) => {
                    let many = tracks::of(chart.kind, &content)?;
                    match columns::draw_many(&content, many, &theme, fonts) {
                        Ok(Some(sheet)) => Ok(sheet),
                        Ok(None) | Err(Undrawable::NoRoom | Undrawable::TooWide { .. }) => {
                            rows::draw(&content, &tracks, &theme, fonts)
                        }
                        Err(error) => Err(error),
                    }
                }
                drawn => drawn,
            }
        }
        ChartKind::GroupedBar | ChartKind::StackedBar | ChartKind::FullBar => {
            rows::draw(&content, &tracks::of(chart.kind, &content)?, &theme, fonts)
        }
        ChartKind::SmallMultiples => multiples::draw(&content, &theme, fonts),
        ChartKind::Line | ChartKind::Area => lines::draw(chart.kind, &content, &theme, fonts),
        ChartKind::Donut => donut::draw(&content, &theme, fonts),
        ChartKind::Slope => slope::draw(&content, &theme, fonts),
        ChartKind::Range => range::draw(&content, &theme, fonts),
        ChartKind::Heat => heat::draw(&content, &theme, fonts),
        ChartKind::Cards => cards::draw(&content, &theme, fonts),
        ChartKind::Gantt => gantt::draw(&content, &theme, fonts),
        ChartKind::Compare => compare::draw(&content, &theme, fonts),
        ChartKind::Flow => flow::draw(&content, &theme, fonts),
    }?;
    draw::svg(&content.head, &sheet)
}

/// Why there is no chart.
#[derive(Debug, thiserror::Error)]
pub enum Undrawable {
    /// There is nothing to draw.
    #[error("the chart has no rows")]
    NoRows,
    /// The figures would read better as a table.
    #[error("the chart has {rows} rows, more than {most}; make it a table")]
    TooManyRows {
        /// How many it has.
        rows: usize,
        /// How many this kind may have.
        most: usize,
    },
    /// No colour is left to tell them apart.
    #[error("the chart has {series} series, more than {most}; leave some out or make it a table")]
    TooManySeries {
        /// How many it has.
        series: usize,
        /// How many this kind may have.
        most: usize,
    },
    /// This kind shows one.
    #[error("this kind shows one series, not {series}")]
    OneSeries {
        /// How many it has.
        series: usize,
    },
    /// This kind would say something that the figures do not: Chinese and English.
    #[error("{}", .0[1])]
    Unfit([&'static str; 2]),
    /// A row says what cannot be: Chinese and English.
    #[error("row {row} ({label}): {}", .why[1])]
    Row {
        /// Counted from one.
        row: usize,
        /// What the row is called.
        label: String,
        /// Why.
        why: [&'static str; 2],
    },
    /// A series says what cannot be: Chinese and English.
    #[error("column {name}: {}", .why[1])]
    Series {
        /// What the column is called.
        name: String,
        /// Why.
        why: [&'static str; 2],
    },
    /// A schedule needs dates.
    #[error("row {row} ({label}): “{text}” {}", why[1])]
    NoDate {
        /// Counted from one.
        row: usize,
        /// What the row is called.
        label: String,
        /// What stands there.
        text: String,
        /// Why, and what to write.
        why: [&'static str; 2],
    },
    /// A bar can't be that long.
    #[error("row {row} ({label}) has the value {value}, which is no finite number")]
    NotFinite {
        /// Counted from one.
        row: usize,
        /// What the row is called.
        label: String,
        /// The value.
        value: f64,
    },
    /// There would be no bar to see.
    #[error("all {rows} rows are zero, so nothing would be seen; say it in a sentence")]
    AllZero {
        /// How many there are.
        rows: usize,
    },
    /// A text that a chart can't do without is empty.
    #[error("{part} is empty")]
    Empty {
        /// Which one.
        part: Part,
    },
    /// A text is too long to stand beside a chart.
    #[error("{part} has {chars} characters, more than {TEXT_CHARS_MAX}")]
    TooLong {
        /// Which one.
        part: Part,
        /// How many it has.
        chars: usize,
    },
    /// The typeface would show an empty box.
    #[error("the font has no glyph for {} in {part}", names(characters))]
    NoGlyph {
        /// Which characters, each once, in the order of the text.
        characters: Vec<char>,
        /// Where it stands.
        part: Part,
    },
    /// A line is too wide, and may not be broken or moved anywhere.
    #[error("“{text}” is too wide for the chart and cannot be broken")]
    TooWide {
        /// The line.
        text: String,
    },
    /// Labels and figures take up the width that the bars need.
    #[error("labels and figures leave no room for the drawing; shorten them or leave some out")]
    NoRoom,
    /// The id would not be one in HTML and CSS alike.
    #[error("“{id}” is no chart id: it takes ASCII letters, digits, - and _, a letter first")]
    BadId {
        /// What was given.
        id: String,
    },
    /// The embedded font is broken, or an office's own.
    #[error("cannot measure text")]
    Font(#[from] UnreadableFont),
    /// Plotters refused.
    #[error("cannot draw the chart")]
    Drawing(#[source] DrawingAreaErrorKind<fmt::Error>),
}

impl Undrawable {
    /// The row that it is about.
    pub(crate) fn row_mut(&mut self) -> Option<&mut usize> {
        if let Self::Row { row, .. }
        | Self::NoDate { row, .. }
        | Self::NotFinite { row, .. }
        | Self::Empty { part: Part::Label { row } | Part::Figure { row } }
        | Self::TooLong { part: Part::Label { row } | Part::Figure { row }, .. }
        | Self::NoGlyph { part: Part::Label { row } | Part::Figure { row }, .. } = self
        {
            Some(row)
        } else {
            None
        }
    }
}

/// One of the texts around or beside the bars. Rows are counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are named for the fields of Chart and its table")]
pub enum Part {
    Headline,
    Subtitle,
    Unit,
    Source,
    Series { column: usize },
    Label { row: usize },
    Figure { row: usize },
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Headline => f.write_str("the headline"),
            Self::Subtitle => f.write_str("the subtitle"),
            Self::Unit => f.write_str("the unit"),
            Self::Source => f.write_str("the source"),
            Self::Series { column } => write!(f, "the name of series {column}"),
            Self::Label { row } => write!(f, "the label of row {row}"),
            Self::Figure { row } => write!(f, "the figure of row {row}"),
        }
    }
}

/// A character as a person can look it up, even if their font lacks it too.
/// No more characters are named: a text in another script has hundreds.
pub(crate) const NAMED_MAX: usize = 12;

fn names(characters: &[char]) -> String {
    let named: Vec<String> = characters.iter().take(NAMED_MAX).map(|c| name(*c)).collect();
    let more = if characters.len() > NAMED_MAX { " and others" } else { "" };
    format!("{}{more}", named.join(", "))
}

fn name(character: char) -> String {
    if character.is_control() {
        format!("U+{:04X}", u32::from(character))
    } else {
        format!("‘{character}’ (U+{:04X})", u32::from(character))
    }
}
