//! A table over the whole measure, its cells broken into lines. No figure is broken, nor parted from its unit: a table
//! whose figures need more room is set smaller, down to what a phone can show.

mod share;

use std::ops::Range;

use super::{
    COLUMNS_MAX, Fill, INK, Look, MARGIN, MEASURE, Sheet, WHITE, bold, bolder,
    sheet::{px, tenths},
};
use crate::{
    blocks::{Side, Table},
    chart::{
        text::{Kind, stops},
        theme::{GRID, TINT},
    },
    set::Run,
};

const HEAD: Look = Look { size: 290, leading: 42, colour: WHITE, fill: Fill::Even };
const CELL: Look = Look { colour: INK, fill: Fill::Ragged, ..HEAD };
/// Between the edges of a cell and its words.
const PADDING_DOWN: u32 = 14;
/// How a table is set, from the best to what is still read on a phone: size, leading, and what stands beside the words
/// of a cell.
const SIZES: [(u16, u16, u32); 4] = [(290, 42, 16), (270, 39, 12), (250, 36, 8), (240, 35, 6)];
/// The figures of a chart beside it: as small as its own words.
const SMALL_SIZES: [(u16, u16, u32); 2] = [(240, 35, 12), (240, 35, 6)];
const SMALL_PADDING_DOWN: u32 = 5;
/// A longer piece without a place to break at is no figure but an address, and is broken where it must be.
const FIGURE_CHARS_MAX: usize = 20;

/// How one table is set.
pub(super) struct Setting {
    /// Of each column.
    widths: Vec<u32>,
    /// Beside the words of a cell.
    padding: u32,
    /// Right of each column, beyond the padding.
    gaps: Vec<u32>,
    /// Above and below them.
    padding_down: u32,
    head: Look,
    cell: Look,
}

/// Whether its figures can stand whole.
pub(super) fn fits(sheet: &Sheet<'_>, table: &Table) -> bool {
    share::fits(sheet, table)
}

pub(super) fn place(sheet: &mut Sheet<'_>, table: &Table) {
    // The page is refused before, where there is none.
    if let Some(setting) = share::best(sheet, table, &SIZES) {
        rows(sheet, table, &setting);
    }
}

/// The figures of a chart, and how they are set, if they have room.
pub(super) fn small(sheet: &Sheet<'_>, table: &Table) -> Option<(Table, Setting)> {
    let setting = share::best(sheet, table, &SMALL_SIZES)?;
    Some((table.clone(), Setting { padding_down: SMALL_PADDING_DOWN, ..setting }))
}

/// The same in as few tables as have room, each with the first column and some of the others.
pub(super) fn in_parts(sheet: &Sheet<'_>, table: &Table) -> Option<Vec<(Table, Setting)>> {
    let others = table.sides.len().saturating_sub(1).max(1);
    (1..=others).find_map(|count| {
        // 11 in two are 6 and 5.
        let width = others.div_ceil(count);
        if width >= COLUMNS_MAX {
            return None;
        }
        let starts = (1..=others).step_by(width);
        starts.map(|start| small(sheet, &with_columns(table, start..start + width))).collect()
    })
}

/// Its first column and these.
fn with_columns(table: &Table, columns: Range<usize>) -> Table {
    fn of<T: Clone>(cells: &[T], columns: &Range<usize>) -> Vec<T> {
        let is_kept = |at: usize| at == 0 || columns.contains(&at);
        let cells = cells.iter().enumerate().filter(|(at, _)| is_kept(*at));
        cells.map(|(_, cell)| cell.clone()).collect()
    }
    Table {
        sides: of(&table.sides, &columns),
        rows: table.rows.iter().map(|row| of(row, &columns)).collect(),
    }
}

/// Head and rows from here down.
pub(super) fn rows(sheet: &mut Sheet<'_>, table: &Table, setting: &Setting) {
    for (index, cells) in table.rows.iter().enumerate() {
        let is_head = index == 0;
        row(sheet, (index, cells), setting, &table.sides);
        if !is_head {
            sheet.ground(MARGIN, MEASURE, (sheet.y - 1, sheet.y), GRID);
        }
    }
}

fn row(
    sheet: &mut Sheet<'_>,
    (index, cells): (usize, &[Vec<Run>]),
    setting: &Setting,
    sides: &[Side],
) {
    let is_head = index == 0;
    let look = if is_head { setting.head } else { setting.cell };
    let inner = |width: u32, gap: u32| width.saturating_sub(2 * setting.padding + gap);
    let top = sheet.y;
    let colour = if is_head { sheet.accent } else { TINT };
    let ground = sheet.begin_ground(MARGIN, MEASURE, colour);
    let columns: Vec<_> = cells
        .iter()
        .zip(setting.widths.iter().zip(&setting.gaps))
        .map(|(cell, (width, gap))| {
            let runs = if is_head { bolder(cell) } else { cell.clone() };
            sheet.lines(&runs, look, inner(*width, *gap))
        })
        .collect();
    let lines = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let lines = u32::try_from(lines).unwrap_or(u32::MAX);
    let leading = u32::from(look.leading);
    let mut left = MARGIN;
    let widths = setting.widths.iter().zip(&setting.gaps);
    let placed = columns.iter().zip(widths).zip(sides);
    for (number, ((column, (width, gap)), side)) in placed.enumerate() {
        sheet.cell((index, number), is_head);
        // Words of few lines stand in the middle of their row.
        let own = u32::try_from(column.len()).unwrap_or(lines);
        sheet.y = top + setting.padding_down + (lines - own) * leading / 2;
        for line in column {
            let room = tenths(inner(*width, *gap)) - line.width;
            let moved = match side {
                Side::Left => 0,
                Side::Middle => room / 2,
                Side::Right => room,
            };
            sheet.line(line, look, tenths(left + setting.padding) + moved);
            sheet.y += leading;
        }
        left += width;
    }
    sheet.y =
        top.saturating_add(lines.saturating_mul(leading)).saturating_add(2 * setting.padding_down);
    sheet.end_ground(ground);
}

/// The width of the widest figure of a cell, with its unit, or of a date if they are to be whole.
fn figures(sheet: &Sheet<'_>, cell: &[Run], look: Look, (is_bold, has_dates): (bool, bool)) -> u32 {
    let run = if is_bold { bold } else { Run::regular };
    let text: String = cell.iter().map(|run| run.text.as_str()).collect();
    let widths = text.split('\n').flat_map(|line| {
        let stops = stops(line);
        // What may not be parted, and whether it is a number before its unit.
        let (mut pieces, mut from, mut is_counted) = (vec![], 0, false);
        for stop in stops.iter().skip(1) {
            is_counted |= stop.kind == Kind::Unit;
            let is_held = has_dates && stop.kind == Kind::Date;
            if !is_held && !matches!(stop.kind, Kind::Unit | Kind::Forced) {
                let piece = line.get(from..stop.at).unwrap_or_default().trim();
                let is_figure = is_counted || piece.contains(|c: char| c.is_ascii_digit());
                if is_figure && piece.chars().count() <= FIGURE_CHARS_MAX {
                    pieces.push(wide(sheet, &[run(piece)], look));
                }
                (from, is_counted) = (stop.at, false);
            }
        }
        pieces
    });
    widths.max().unwrap_or(0)
}

/// The width of words on one line.
fn wide(sheet: &Sheet<'_>, runs: &[Run], look: Look) -> u32 {
    let lines = sheet.lines(runs, look, 20 * MEASURE);
    lines.iter().map(|line| px(line.width)).max().unwrap_or(0)
}
