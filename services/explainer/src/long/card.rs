//! The answer card: five lines that most readers come for.

use super::{BODY, GRID, Look, MARGIN, MEASURE, Part, Sheet, bolder, sheet::px};
use crate::{chart::theme::TINT, set::Run};

/// Around the card's words, and between label and words.
const PADDING: u32 = 26;

pub(super) fn place(sheet: &mut Sheet<'_>, lines: &[[Vec<Run>; 2]]) {
    let label = Look { colour: sheet.accent, ..BODY };
    sheet.y += 28;
    let ground = sheet.begin_ground(MARGIN, MEASURE, TINT);
    let bar = sheet.begin_ground(MARGIN, MEASURE, sheet.accent);
    sheet.y += 6;
    sheet.end_ground(bar);
    sheet.y += 12;
    let width = |words: &Vec<Run>| {
        let lines = sheet.lines(&bolder(words), label, MEASURE / 3);
        lines.iter().map(|line| px(line.width)).max().unwrap_or(0)
    };
    let labels = lines.iter().map(|[words, _]| width(words)).max().unwrap_or(0);
    let left = MARGIN + PADDING;
    let beside = left + labels + PADDING;
    for (index, [words, said]) in lines.iter().enumerate() {
        if index > 0 {
            sheet.y += 8;
            sheet.rule(left, MEASURE - 2 * PADDING, GRID);
            sheet.y += 8;
        }
        sheet.begin(Part::Item);
        let top = sheet.y;
        sheet.text(&bolder(words), label, left, labels);
        let label_ends = std::mem::replace(&mut sheet.y, top);
        sheet.text(said, BODY, beside, (MARGIN + MEASURE - PADDING).saturating_sub(beside));
        sheet.y = sheet.y.max(label_ends);
    }
    sheet.y += 20;
    sheet.end_ground(ground);
    sheet.y += 8;
}
