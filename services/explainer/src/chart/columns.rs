//! 柱形图: vertical bars from zero; one series, several beside each other, or upon each other.

use super::Undrawable;
use super::axis::Axis;
use super::content::Content;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::theme::{INK, PALETTE, STRONG, Theme, on};
use super::tracks::{Track, range};
use crate::font::Fonts;

/// Lines that a category's label may take below the plot.
const LABEL_LINES_MAX: usize = 3;

pub(super) fn draw<'a>(
    content: &Content,
    tracks: &[Vec<Track>],
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.legend_of(content)?;
    sheet.y += theme.above;
    let is_full = tracks.iter().flatten().all(|track| track.end.is_none());
    let (low, high) = range(tracks);
    let axis = Axis::over(low, high, if is_full { "%" } else { "" });
    let left = theme.padding + axis.room(&sheet);
    // Room for a figure above the highest bar.
    let top = sheet.y + theme.label * 3 / 2;
    let bottom = top + theme.plot;
    let count = i32::try_from(content.rows.len()).unwrap_or(i32::MAX).max(1);
    let slot = (sheet.right() - left) / count;
    let label = Style::regular(theme.label, INK);
    let labels = content
        .rows
        .iter()
        .map(|row| sheet.broken(&row.label, label, slot - theme.gap))
        .collect::<Result<Vec<_>, _>>()?;
    let lines = labels.iter().map(Vec::len).max().unwrap_or(0);
    let slots = Slots { left, slot, plot: (top, bottom) };
    if lines > LABEL_LINES_MAX || !slots.hold_figures(&sheet, tracks) {
        return Err(Undrawable::NoRoom);
    }
    axis.draw(&mut sheet, left, (top, bottom));
    for (index, tracks) in (0..).zip(tracks) {
        slots.draw(&mut sheet, &axis, index, tracks);
    }
    // The figure of a bar that hangs down to the bottom stands below it.
    let lowest = axis.place(low, (top, bottom));
    let below = if low < 0.0 { lowest + theme.label * 8 / 5 - bottom } else { 0 };
    let bottom = bottom + below.max(0);
    for (index, lines) in (0..).zip(labels) {
        let mut y = bottom + theme.gap + theme.label_line() / 2;
        for line in lines {
            sheet.write(&line, label, (slots.middle(index), y), Anchor::Middle);
            y += theme.label_line();
        }
    }
    let lines = i32::try_from(lines).unwrap_or(i32::MAX);
    sheet.y = bottom + theme.gap + lines * theme.label_line();
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// Where the bars of each category stand.
struct Slots {
    left: i32,
    /// Width of a category.
    slot: i32,
    /// Top and bottom.
    plot: (i32, i32),
}

impl Slots {
    fn middle(&self, index: i32) -> i32 {
        self.left + index * self.slot + self.slot / 2
    }

    /// Width of one of so many bars.
    fn bar(&self, theme: &Theme, bars: usize) -> i32 {
        let share = if bars > 1 { 85 } else { 60 };
        let bars = i32::try_from(bars).unwrap_or(i32::MAX).max(1);
        (self.slot * share / 100 / bars).min(theme.column)
    }

    /// Whether a figure is no wider than the place its bar has.
    fn hold_figures(&self, sheet: &Sheet<'_>, tracks: &[Vec<Track>]) -> bool {
        let theme = sheet.theme;
        tracks.iter().all(|tracks| {
            let place = match tracks.len() {
                1 => self.slot,
                bars => self.bar(theme, bars),
            };
            let has_room = |track: &Track| {
                let style = figure_style(theme, tracks.len(), track);
                track.end.as_ref().is_none_or(|(_, text)| sheet.width_of(text, style) <= place)
            };
            place > theme.rule * 4 && tracks.iter().all(has_room)
        })
    }

    fn draw(&self, sheet: &mut Sheet<'_>, axis: &Axis, index: i32, tracks: &[Track]) {
        let (theme, width) = (sheet.theme, self.bar(sheet.theme, tracks.len()));
        let bars = i32::try_from(tracks.len()).unwrap_or(i32::MAX);
        let mut x = self.middle(index) - width * bars / 2;
        for track in tracks {
            for segment in &track.segments {
                let ends = [segment.from, segment.to].map(|value| axis.place(value, self.plot));
                let [from, to] = ends;
                let fill = PALETTE.get(segment.series).copied().unwrap_or(STRONG);
                if from != to {
                    sheet.marks.push(Mark::Box((x, from), (x + width, to), fill));
                }
                let style = Style::regular(theme.tick, on(fill));
                let inside = segment.inside.as_deref().filter(|text| {
                    (from - to).abs() >= theme.tick * 13 / 10
                        && sheet.width_of(text, style) <= width
                });
                if let Some(text) = inside {
                    let middle = (x + width / 2, i32::midpoint(from, to));
                    sheet.write(text, style, middle, Anchor::Middle);
                }
            }
            if let Some((end, text)) = &track.end {
                let y = axis.place(*end, self.plot);
                let away = theme.label * 4 / 5;
                // A figure too small to be seen is no bar that hangs down.
                let hangs = y > axis.place(0.0, self.plot);
                let y = if hangs { y + away } else { y - away };
                let style = figure_style(theme, tracks.len(), track);
                sheet.write(text, style, (x + width / 2, y), Anchor::Middle);
            }
            x += width;
        }
    }
}

/// A figure at the end of a bar: small where bars stand beside each other, bold where it is a sum.
fn figure_style(theme: &Theme, bars: usize, track: &Track) -> Style {
    match (bars, track.segments.len()) {
        (2.., _) => Style::regular(theme.tick, INK),
        (_, 2..) => Style::bold(theme.label, INK),
        _ => Style::regular(theme.label, INK),
    }
}
