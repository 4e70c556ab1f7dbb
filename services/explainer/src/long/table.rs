//! A table over the whole measure, its cells broken into lines. No figure is broken, nor parted from its unit: a table
//! whose figures need more room is set smaller, down to what a phone can show.

use super::{
    Fill, INK, Look, MARGIN, MEASURE, Sheet, WHITE, bold, bolder,
    sheet::{px, tenths},
};
use crate::{
    blocks::{Side, Table},
    chart::{
        text::{Kind, stops},
        theme::{GRID, TINT},
    },
    font::Weight,
    set::Run,
};

const HEAD: Look = Look { size: 290, leading: 42, colour: WHITE, fill: Fill::Even };
const CELL: Look = Look { colour: INK, fill: Fill::Ragged, ..HEAD };
/// Between the edges of a cell and its words.
const PADDING_DOWN: u32 = 14;
/// How a table is set, from the best to what is still read on a phone: size, leading, and what stands beside the words
/// of a cell.
const SIZES: [(u16, u16, u32); 4] = [(290, 42, 16), (270, 39, 12), (250, 36, 8), (240, 35, 6)];
/// A longer piece without a place to break at is no figure but an address, and is broken where it must be.
const FIGURE_CHARS_MAX: usize = 20;
/// So many are few.
const WORDS_FEW: u32 = 6;
/// Between columns as wide as each other and such as wide as what they say are so many steps.
const MIXES: u32 = 4;
/// So many 汉字 have room beside one another in every column.
const WORDS_LEAST: u16 = 3;

/// How one table is set.
struct Setting {
    /// Of each column.
    widths: Vec<u32>,
    /// Beside the words of a cell.
    padding: u32,
    head: Look,
    cell: Look,
}

/// Whether its figures can stand whole.
pub(super) fn fits(sheet: &Sheet<'_>, table: &Table) -> bool {
    best(sheet, table).is_some()
}

pub(super) fn place(sheet: &mut Sheet<'_>, table: &Table) {
    let found = best(sheet, table);
    // The page is refused before, where there is none.
    let Some(setting) = found else { return };
    for (index, cells) in table.rows.iter().enumerate() {
        let is_head = index == 0;
        row(sheet, (index, cells), &setting, &table.sides);
        if !is_head {
            sheet.ground(MARGIN, MEASURE, (sheet.y - 1, sheet.y), GRID);
        }
    }
}

/// As large as it can be set with whole dates, or else with broken ones.
fn best(sheet: &Sheet<'_>, table: &Table) -> Option<Setting> {
    let whole = [true, false].into_iter();
    let mut ways = whole.flat_map(|has_dates| SIZES.iter().map(move |size| (*size, has_dates)));
    ways.find_map(|(size, has_dates)| setting(sheet, table, size, has_dates))
}

fn row(
    sheet: &mut Sheet<'_>,
    (index, cells): (usize, &[Vec<Run>]),
    setting: &Setting,
    sides: &[Side],
) {
    let is_head = index == 0;
    let look = if is_head { setting.head } else { setting.cell };
    let inner = |width: &u32| width.saturating_sub(2 * setting.padding);
    let top = sheet.y;
    let colour = if is_head { sheet.accent } else { TINT };
    let ground = sheet.begin_ground(MARGIN, MEASURE, colour);
    let columns: Vec<_> = cells
        .iter()
        .zip(&setting.widths)
        .map(|(cell, width)| {
            let runs = if is_head { bolder(cell) } else { cell.clone() };
            sheet.lines(&runs, look, inner(width))
        })
        .collect();
    let lines = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let lines = u32::try_from(lines).unwrap_or(u32::MAX);
    let leading = u32::from(look.leading);
    let mut left = MARGIN;
    let placed = columns.iter().zip(&setting.widths).zip(sides);
    for (number, ((column, width), side)) in placed.enumerate() {
        sheet.cell((index, number), is_head);
        // Words of few lines stand in the middle of their row.
        let own = u32::try_from(column.len()).unwrap_or(lines);
        sheet.y = top + PADDING_DOWN + (lines - own) * leading / 2;
        for line in column {
            let room = tenths(inner(width)) - line.width;
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
    sheet.y = top.saturating_add(lines.saturating_mul(leading)).saturating_add(2 * PADDING_DOWN);
    sheet.end_ground(ground);
}

/// The table in type of this size, where every column has room for its figures, and for its dates in one piece if these
/// are to be whole. Columns that need less than the others
/// get what they need, or more where all have room; the others are equally wide, but for what their figures take.
fn setting(
    sheet: &Sheet<'_>,
    table: &Table,
    (size, leading, padding): (u16, u16, u32),
    has_dates: bool,
) -> Option<Setting> {
    let (head, cell) = (Look { size, leading, ..HEAD }, Look { size, leading, ..CELL });
    let needs: Vec<(u32, u32)> = (0..table.sides.len())
        .map(|column| {
            let cells = table.rows.iter().enumerate();
            let cells = cells.filter_map(|(index, row)| Some((index == 0, row.get(column)?)));
            let (mut least, mut all) = (0, 0);
            for (is_head, runs) in cells {
                let own = wide(sheet, &bolder(runs), cell);
                all = own.max(all);
                least = least.max(own.min(u32::from(size * WORDS_LEAST / 10)));
                let is_bold = is_head || runs.iter().any(|run| run.weight == Weight::Bold);
                least = least.max(figures(sheet, runs, cell, (is_bold, has_dates)));
            }
            (least + 2 * padding, all.max(least) + 2 * padding)
        })
        .collect();
    let all: u32 = needs.iter().map(|(_, all)| all).sum();
    let widths = if all <= MEASURE {
        needs.iter().map(|(_, own)| own * MEASURE / all.max(1)).collect()
    } else {
        let at = |level: u32| needs.iter().map(move |(least, all)| (*all).min(level).max(*least));
        // The widest level at which all columns fit.
        let (mut fits, mut over) = (0, MEASURE + 1);
        if at(fits).sum::<u32>() > MEASURE {
            return None;
        }
        while over - fits > 1 {
            let middle = u32::midpoint(fits, over);
            if at(middle).sum::<u32>() <= MEASURE { fits = middle } else { over = middle }
        }
        shortest(sheet, table, (&needs, at(fits).collect()), (head, cell, padding))
    };
    Some(Setting { widths, padding, head, cell })
}

/// Instead of columns as wide as each other, those with more to say may be wider: what takes the fewest lines.
fn shortest(
    sheet: &Sheet<'_>,
    table: &Table,
    (needs, even): (&[(u32, u32)], Vec<u32>),
    (head, cell, padding): (Look, Look, u32),
) -> Vec<u32> {
    // What says a few characters says them on one line.
    let few = u32::from(cell.size) * WORDS_FEW / 10 + 2 * padding;
    let kept = |(least, all): &(u32, u32)| (if *all <= few { *all } else { *least }, *all);
    let kept: Vec<(u32, u32)> = needs.iter().map(kept).collect();
    let has_room = kept.iter().map(|(least, _)| least).sum::<u32>() <= MEASURE;
    let needs = if has_room { kept.as_slice() } else { needs };
    let (spare, lacking) = needs.iter().fold((MEASURE, 0_u32), |(spare, lacking), (least, all)| {
        (spare.saturating_sub(*least), lacking.saturating_add(all.saturating_sub(*least)))
    });
    let share = |(least, all): &(u32, u32)| {
        let lacks = all.saturating_sub(*least);
        let share = u64::from(spare) * u64::from(lacks) / u64::from(lacking.max(1));
        least + u32::try_from(share).unwrap_or(lacks).min(lacks)
    };
    let uneven: Vec<u32> = needs.iter().map(share).collect();
    let mixed = |parts: u32| -> Vec<u32> {
        let pairs = even.iter().zip(&uneven);
        pairs.map(|(even, uneven)| (even * (MIXES - parts) + uneven * parts) / MIXES).collect()
    };
    let lines = |widths: &Vec<u32>| -> usize {
        let row = |(index, row): (usize, &Vec<Vec<Run>>)| {
            let count = |(runs, width): (&Vec<Run>, &u32)| {
                let inner = width.saturating_sub(2 * padding);
                let look = if index == 0 { head } else { cell };
                sheet.lines(runs, look, inner).len()
            };
            row.iter().zip(widths).map(count).max().unwrap_or(0)
        };
        table.rows.iter().enumerate().map(row).sum()
    };
    (0..=MIXES).map(mixed).min_by_key(lines).unwrap_or_default()
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
