//! Above the head's words: whose picture it is.

use super::{Fill, Look, MARGIN, MEASURE, Part, Sheet, WHITE, bold};
use crate::{page::What, theme::Theme};

/// Of the emblem.
const HEIGHT: u32 = 88;
/// Around the emblem: it stands on white, as on pages, whatever the head's colour.
const PADDING: u32 = 12;
/// Between emblem and name, and below both.
const GAP: u32 = 28;

const NAME: Look = Look { size: 360, leading: 50, colour: WHITE, fill: Fill::Even };

/// The office's emblem and name; nothing for who has neither.
pub(super) fn place(sheet: &mut Sheet<'_>, theme: &Theme) {
    let (top, mut left, mut height) = (sheet.y, MARGIN, 0);
    if let Some(emblem) = &theme.emblem {
        let width = emblem.width(HEIGHT);
        let (wide, high) = (width + 2 * PADDING, HEIGHT + 2 * PADDING);
        sheet.put(high, What::Panel { left, width: wide, radius: 12, border: None, colour: WHITE });
        sheet.y += PADDING;
        sheet.put(HEIGHT, What::Emblem { left: left + PADDING, emblem: emblem.clone() });
        (left, height) = (left + wide + GAP, high);
    }
    if let Some(name) = &theme.agency {
        sheet.begin(Part::Text);
        let (name, width) = ([bold(name)], (MARGIN + MEASURE).saturating_sub(left));
        let lines = u32::try_from(sheet.lines(&name, NAME, width).len()).unwrap_or(1);
        let own = lines * u32::from(NAME.leading);
        sheet.y = top + height.saturating_sub(own) / 2;
        sheet.text(&name, NAME, left, width);
        height = height.max(own);
    }
    sheet.y = top + height;
    if height > 0 {
        sheet.y += GAP;
    }
}
