//! Columns over many points in time: time runs to the right, so they are not laid on their side. There is no room for
//! every name and figure; the scale tells the others.

use super::super::{
    Undrawable, axis::Axis, axis::are_whole, calendar, content::Content, lines::times,
    sheet::Sheet, theme::Theme, tracks::Track, tracks::range,
};
use super::Slots;
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
    let slots =
        Slots { left, slot: (sheet.right() - left) / count, plot: (top, bottom), is_small: false };
    if slots.bar(theme, 1) < theme.rule * 2 {
        return Ok(None);
    }
    let small = Slots { is_small: true, ..slots };
    let [usual, more] = [&slots, &small].map(|slots| said(&sheet, slots, &axis, &tracks));
    let (slots, said) = if more.len() > usual.len() { (small, more) } else { (slots, usual) };
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

/// Which figures are written: the greatest, the least, the last and the first, then the others from left to right, as far
/// as they stand clear of each other and of the columns beside their own.
fn said(sheet: &Sheet<'_>, slots: &Slots, axis: &Axis, tracks: &[Vec<Track>]) -> Vec<usize> {
    let theme = sheet.theme;
    let mut known: Vec<End> = vec![];
    for (at, track) in tracks.iter().enumerate().filter_map(|(at, of)| Some((at, of.first()?))) {
        let Some((value, text)) = &track.end else { continue };
        let style = slots.figure_style(theme, 1, track);
        let middle = slots.middle(i32::try_from(at).unwrap_or(0));
        let (half, y) = (sheet.width_of(text, style) / 2, axis.place(*value, slots.plot));
        known.push(End { at, value: *value, middle, half, y, size: style.size });
    }
    let greatest = known.iter().reduce(|a, b| if b.value > a.value { b } else { a });
    let least = known.iter().reduce(|a, b| if b.value < a.value { b } else { a });
    let first: Vec<&End> =
        [greatest, least, known.last(), known.first()].into_iter().flatten().collect();
    let bar = slots.bar(theme, 1) / 2;
    let mut said: Vec<&End> = vec![];
    for end in first.into_iter().chain(&known) {
        let (from, to) = (end.middle - end.half, end.middle + end.half);
        let is_covered = |other: &End| {
            let reaches =
                if end.value < 0.0 { other.value < end.value } else { other.value > end.value };
            other.at != end.at && reaches && other.middle - bar < to && other.middle + bar > from
        };
        // The scale's own figures end a gap before.
        let is_inside =
            from >= slots.left - theme.gap / 2 && to <= sheet.right() + theme.padding / 2;
        // No two are read as one.
        let is_apart = |other: &&End| {
            (other.middle - end.middle).abs() >= other.half + end.half + theme.gap / 2
                || (other.y - end.y).abs() >= end.size * 6 / 5
                    && (other.value < 0.0) == (end.value < 0.0)
        };
        if is_inside && said.iter().all(is_apart) && !known.iter().any(is_covered) {
            said.push(end);
        }
    }
    said.into_iter().map(|end| end.at).collect()
}

/// Where a column ends, and its figure beyond.
struct End {
    at: usize,
    value: f64,
    middle: i32,
    /// Of the figure's width.
    half: i32,
    y: i32,
    /// Of its type.
    size: i32,
}
