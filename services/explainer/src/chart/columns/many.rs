//! Columns over many points in time: time runs to the right, so they are not laid on their side. There is no room for
//! every name and figure; the scale tells the others.

use super::super::{
    Undrawable, axis::Axis, axis::are_whole, calendar, content::Content, lines::times,
    sheet::Sheet, theme::Theme, tracks::Track, tracks::range,
};
use super::{Slots, figure_style};
use crate::font::Fonts;

/// Fewer have room on their side, each with its figure.
const MANY: usize = 13;

/// Draws them; none where they are few, tell no times, or are not of one series.
pub(in crate::chart) fn draw<'a>(
    content: &Content,
    mut tracks: Vec<Vec<Track>>,
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Option<Sheet<'a>>, Undrawable> {
    let are_times = content.rows.iter().all(|row| calendar::moment(&row.label).is_some());
    if content.series.len() != 1 || content.rows.len() < MANY || !are_times {
        return Ok(None);
    }
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.y += theme.above;
    let (low, high) = range(&tracks);
    let axis = Axis::over(low, high, "", are_whole(content));
    let left = theme.padding + axis.room(&sheet);
    let top = sheet.y + theme.label * 3 / 2;
    let bottom = top + theme.plot;
    let count = i32::try_from(content.rows.len()).unwrap_or(i32::MAX);
    let slots = Slots { left, slot: (sheet.right() - left) / count, plot: (top, bottom) };
    if slots.bar(theme, 1) < theme.rule * 2 {
        return Ok(None);
    }
    let said = said(&sheet, &slots, &tracks);
    for (index, track) in tracks.iter_mut().flatten().enumerate() {
        track.end = track.end.take().filter(|_| said.contains(&index));
    }
    axis.draw(&mut sheet, left, (top, bottom));
    if calendar::are_uneven(content) {
        slots.leave_out(&mut sheet, content, bottom);
    }
    for (index, tracks) in (0..).zip(&tracks) {
        slots.draw(&mut sheet, content, &axis, (index, tracks));
    }
    let lowest = axis.place(low, (top, bottom));
    let below = if low < 0.0 { (lowest + theme.label * 8 / 5 - bottom).max(0) } else { 0 };
    let places: Vec<i32> = (0..count).map(|index| slots.middle(index)).collect();
    times(&mut sheet, content, &places, bottom + below)?;
    sheet.end(&content.head)?;
    Ok(Some(sheet))
}

/// Which figures are written: the greatest, the least, the last and the first, as far as they stand clear of each other
/// and of the columns beside their own.
fn said(sheet: &Sheet<'_>, slots: &Slots, tracks: &[Vec<Track>]) -> Vec<usize> {
    let theme = sheet.theme;
    let ends: Vec<Option<(f64, i32)>> = tracks
        .iter()
        .map(|tracks| {
            let track = tracks.first()?;
            let (value, text) = track.end.as_ref()?;
            Some((*value, sheet.width_of(text, figure_style(theme, 1, track))))
        })
        .collect();
    let known = || ends.iter().enumerate().filter_map(|(at, end)| Some((at, (*end)?.0)));
    let greatest = known().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let least = known().reduce(|a, b| if b.1 < a.1 { b } else { a });
    let mut said: Vec<(usize, (i32, i32))> = vec![];
    for (at, value) in [greatest, least, known().next_back(), known().next()].into_iter().flatten()
    {
        let Some(Some((_, width))) = ends.get(at) else { continue };
        let middle = slots.middle(i32::try_from(at).unwrap_or(0));
        let (from, to) = (middle - width / 2, middle + width / 2);
        let half = slots.bar(theme, 1) / 2;
        let is_covered = |(other, beside): (usize, f64)| {
            let x = slots.middle(i32::try_from(other).unwrap_or(0));
            let reaches = if value < 0.0 { beside < value } else { beside > value };
            other != at && reaches && x - half < to && x + half > from
        };
        let is_inside = from >= slots.left && to <= sheet.right() + theme.padding / 2;
        let is_apart = said
            .iter()
            .all(|(_, (left, right))| to + theme.gap <= *left || right + theme.gap <= from);
        if is_inside && is_apart && !known().any(is_covered) {
            said.push((at, (from, to)));
        }
    }
    said.into_iter().map(|(at, _)| at).collect()
}
