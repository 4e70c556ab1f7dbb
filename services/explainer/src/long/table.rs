//! A table over the whole measure, its cells broken into lines.

use super::{
    Fill, INK, Look, MARGIN, MEASURE, Sheet, WHITE, bolder,
    sheet::{px, tenths},
};
use crate::{
    blocks::{Side, Table},
    chart::theme::{GRID, TINT},
    set::Run,
};

const HEAD: Look = Look { size: 290, leading: 42, colour: WHITE, fill: Fill::Even };
const CELL: Look = Look { colour: INK, fill: Fill::Ragged, ..HEAD };
/// Between the edges of a cell and its words, across and down.
const PADDING: (u32, u32) = (16, 14);

pub(super) fn place(sheet: &mut Sheet<'_>, table: &Table) {
    let widths = widths(sheet, table);
    for (index, cells) in table.rows.iter().enumerate() {
        let is_head = index == 0;
        row(sheet, (index, cells), &widths, &table.sides);
        if !is_head {
            sheet.ground(MARGIN, MEASURE, (sheet.y - 1, sheet.y), GRID);
        }
    }
}

fn row(
    sheet: &mut Sheet<'_>,
    (index, cells): (usize, &[Vec<Run>]),
    widths: &[u32],
    sides: &[Side],
) {
    let is_head = index == 0;
    let look = if is_head { HEAD } else { CELL };
    let top = sheet.y;
    let colour = if is_head { sheet.accent } else { TINT };
    let ground = sheet.begin_ground(MARGIN, MEASURE, colour);
    let columns: Vec<_> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            let runs = if is_head { bolder(cell) } else { cell.clone() };
            sheet.lines(&runs, look, width.saturating_sub(2 * PADDING.0))
        })
        .collect();
    let lines = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let lines = u32::try_from(lines).unwrap_or(u32::MAX);
    let leading = u32::from(look.leading);
    let mut left = MARGIN;
    for (number, ((column, width), side)) in columns.iter().zip(widths).zip(sides).enumerate() {
        sheet.cell((index, number), is_head);
        // Words of few lines stand in the middle of their row.
        let own = u32::try_from(column.len()).unwrap_or(lines);
        sheet.y = top + PADDING.1 + (lines - own) * leading / 2;
        for line in column {
            let room = tenths(width.saturating_sub(2 * PADDING.0)) - line.width;
            let moved = match side {
                Side::Left => 0,
                Side::Middle => room / 2,
                Side::Right => room,
            };
            sheet.line(line, look, tenths(left + PADDING.0) + moved);
            sheet.y += leading;
        }
        left += width;
    }
    sheet.y = top.saturating_add(lines.saturating_mul(leading)).saturating_add(2 * PADDING.1);
    sheet.end_ground(ground);
}

/// Columns that need less than their share get what they need, or more where all have room; the others share
/// what is left.
fn widths(sheet: &Sheet<'_>, table: &Table) -> Vec<u32> {
    let count = table.sides.len();
    let natural: Vec<u32> = (0..count)
        .map(|column| {
            let cells = table.rows.iter().filter_map(|row| row.get(column));
            let width = cells.map(|cell| natural(sheet, cell)).max().unwrap_or(0);
            width + 2 * PADDING.0
        })
        .collect();
    let all: u32 = natural.iter().sum();
    let mut widths = vec![0; count];
    if all <= MEASURE {
        for (width, natural) in widths.iter_mut().zip(&natural) {
            *width = natural * MEASURE / all.max(1);
        }
    } else {
        let mut order: Vec<_> = (0..count).collect();
        order.sort_by_key(|column| natural.get(*column));
        let (mut room, mut left) = (MEASURE, u32::try_from(count).unwrap_or(1));
        for column in order {
            let own = natural.get(column).copied().unwrap_or(0).min(room / left.max(1));
            if let Some(width) = widths.get_mut(column) {
                *width = own;
            }
            room -= own;
            left = left.saturating_sub(1);
        }
    }
    widths
}

/// The width of a cell's words on one line.
fn natural(sheet: &Sheet<'_>, cell: &[Run]) -> u32 {
    let lines = sheet.lines(&bolder(cell), CELL, 20 * MEASURE);
    lines.iter().map(|line| px(line.width)).max().unwrap_or(0)
}
