//! The answer card: five lines that most readers come for.

use super::{BODY, GRID, Look, MARGIN, MEASURE, Part, STRONG, Sheet, bolder, sheet::px};
use crate::{chart::theme::TINT, set::Run};

const LABEL: Look = Look { colour: STRONG, ..BODY };
/// Around the card's words, and between label and words.
const PADDING: u32 = 26;

pub(super) fn place(sheet: &mut Sheet<'_>, lines: &[[Vec<Run>; 2]]) {
    sheet.y += 28;
    let ground = sheet.begin_ground(MARGIN, MEASURE, TINT);
    let bar = sheet.begin_ground(MARGIN, MEASURE, STRONG);
    sheet.y += 6;
    sheet.end_ground(bar);
    sheet.y += 12;
    let width = |label: &Vec<Run>| {
        let lines = sheet.lines(&bolder(label), LABEL, MEASURE / 3);
        lines.iter().map(|line| px(line.width)).max().unwrap_or(0)
    };
    let labels = lines.iter().map(|[label, _]| width(label)).max().unwrap_or(0);
    let left = MARGIN + PADDING;
    let words = left + labels + PADDING;
    for (index, [label, said]) in lines.iter().enumerate() {
        if index > 0 {
            sheet.y += 8;
            sheet.rule(left, MEASURE - 2 * PADDING, GRID);
            sheet.y += 8;
        }
        sheet.begin(Part::Item);
        let top = sheet.y;
        sheet.text(&bolder(label), LABEL, left, labels);
        let label_ends = std::mem::replace(&mut sheet.y, top);
        sheet.text(said, BODY, words, (MARGIN + MEASURE - PADDING).saturating_sub(words));
        sheet.y = sheet.y.max(label_ends);
    }
    sheet.y += 20;
    sheet.end_ground(ground);
    sheet.y += 8;
}
