//! 柱形图: vertical bars from zero; one series, several beside each other, or upon each other.

mod many;

use super::Undrawable;
use super::apart::apart;
use super::axis::{Axis, are_whole};
use super::calendar;
use super::content::Content;
use super::expected;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::text::breaks_number;
use super::theme::{INK, MUTED, PALETTE, STRONG, Theme, on};
use super::tracks::{Segment, Track, range};
use crate::font::Fonts;
pub(super) use many::draw as draw_many;

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
    let axis = Axis::over(low, high, if is_full { "%" } else { "" }, are_whole(content));
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
    let slots = Slots { left, slot, plot: (top, bottom), is_small: false };
    let is_broken = labels.iter().any(|lines| breaks_number(lines));
    let last = count - 1;
    // How far a sum reaches beyond its bar, towards what stands beside the one before.
    let sums = tracks.iter().filter_map(|tracks| {
        let [track] = tracks.as_slice() else { return None };
        let (_, text) = track.end.as_ref()?;
        Some(sheet.width_of(text, slots.figure_style(theme, 1, track)) - slots.bar(theme, 1))
    });
    let beyond = sums.max().unwrap_or(0).max(0) / 2;
    let hold_parts = (0..).zip(tracks).all(|(index, tracks)| {
        let room = slots.beside(theme, tracks.len(), index == last) - beyond;
        tracks.iter().all(|track| slots.parts(&sheet, &axis, (track, tracks.len()), room).is_some())
    });
    if is_broken
        || lines > LABEL_LINES_MAX
        || !slots.hold_figures(&sheet, &axis, tracks)
        || !hold_parts
    {
        return Err(Undrawable::NoRoom);
    }
    axis.draw(&mut sheet, left, (top, bottom));
    if calendar::are_uneven(content) {
        slots.leave_out(&mut sheet, content, bottom);
    }
    for (index, tracks) in (0..).zip(tracks) {
        slots.draw(&mut sheet, content, &axis, (index, tracks));
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
    /// Whether figures are as small as those beside each other.
    is_small: bool,
}

impl Slots {
    /// Two slanted strokes across the line below, where more time lies between two columns than between others.
    fn leave_out(&self, sheet: &mut Sheet<'_>, content: &Content, bottom: i32) {
        let theme = sheet.theme;
        let (high, slant) = (theme.gap * 2 / 3, theme.gap / 3);
        for (index, _) in (1..).zip(calendar::gaps(content)).filter(|(_, gap)| *gap) {
            let x = self.left + index * self.slot;
            for x in [x - slant / 2, x + slant / 2] {
                let stroke =
                    vec![(x - slant / 2, bottom + high / 2), (x + slant / 2, bottom - high / 2)];
                sheet.marks.push(Mark::Stroke(stroke, MUTED, theme.rule));
            }
        }
    }

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
    fn hold_figures(&self, sheet: &Sheet<'_>, axis: &Axis, tracks: &[Vec<Track>]) -> bool {
        let theme = sheet.theme;
        tracks.iter().all(|tracks| {
            let place = match tracks.len() {
                1 => self.slot,
                bars => self.bar(theme, bars),
            };
            let has_room = |track: &Track| {
                let style = self.figure_style(theme, tracks.len(), track);
                track.end.as_ref().is_none_or(|(_, text)| sheet.width_of(text, style) <= place)
            };
            let are_apart = tracks.windows(2).all(|pair| match pair {
                [one, other] => self.are_apart(sheet, axis, (one, other), tracks.len()),
                _ => true,
            });
            place > theme.rule * 4 && tracks.iter().all(has_room) && are_apart
        })
    }

    /// Whether the figures of two bars that touch are not read as one number: beside each other they have a gap.
    fn are_apart(
        &self,
        sheet: &Sheet<'_>,
        axis: &Axis,
        (one, other): (&Track, &Track),
        bars: usize,
    ) -> bool {
        let theme = sheet.theme;
        let (Some((end, text)), Some((next, beside))) = (&one.end, &other.end) else { return true };
        let away = (axis.place(*end, self.plot) - axis.place(*next, self.plot)).abs();
        let width = |text: &str| sheet.width_of(text, Style::regular(theme.tick, INK));
        let gap = self.bar(theme, bars) - i32::midpoint(width(text), width(beside));
        away >= theme.tick || gap >= theme.tick / 4
    }

    /// Width right of the bars of a category: as far as the next one's, or as the drawing goes.
    fn beside(&self, theme: &Theme, bars: usize, is_last: bool) -> i32 {
        let count = i32::try_from(bars).unwrap_or(i32::MAX);
        let free = self.slot - self.bar(theme, bars) * count;
        if is_last { free / 2 + theme.padding / 2 } else { free }
    }

    /// The figures of parts that have no room for them, and the heights at which they stand right of the bar; none where
    /// they have no room there, or would stand beside another part.
    fn parts<'t>(
        &self,
        sheet: &Sheet<'_>,
        axis: &Axis,
        (track, bars): (&'t Track, usize),
        room: i32,
    ) -> Option<Vec<(i32, &'t str)>> {
        let (theme, width) = (sheet.theme, self.bar(sheet.theme, bars));
        let part = |segment: &'t Segment| {
            let text = segment.inside.as_deref().filter(|_| segment.from < segment.to)?;
            let [from, to] = [segment.from, segment.to].map(|value| axis.place(value, self.plot));
            let is_outside = !fits(sheet, text, (from - to).abs(), width);
            is_outside.then(|| (i32::midpoint(from, to), text))
        };
        // One that is alone is said at its end. From above.
        let is_alone = track.segments.len() < 2;
        let parts: Vec<_> =
            track.segments.iter().rev().filter(|_| !is_alone).filter_map(part).collect();
        let style = Style::regular(theme.tick, MUTED);
        let high = theme.tick * 13 / 10;
        // Below the sum, which may be wider than its bar.
        let sum = track.end.as_ref().map(|(end, _)| axis.place(*end, self.plot) - theme.label / 4);
        let within = (sum.unwrap_or(self.plot.0), self.plot.1);
        let tops = apart(parts.iter().map(|(middle, _)| (*middle, high)), within);
        let placed: Vec<_> =
            parts.iter().zip(tops).map(|((_, text), top)| (top + high / 2, *text)).collect();
        let is_near = |((wanted, text), (y, _)): (&(i32, &str), &(i32, &str))| {
            (wanted - y).abs() <= high
                && y + high / 2 <= self.plot.1
                && sheet.width_of(text, style) + theme.gap <= room
        };
        parts.iter().zip(&placed).all(is_near).then_some(placed)
    }

    /// A figure at the end of a bar: small where bars stand beside each other or are many, bold where it is a sum.
    fn figure_style(&self, theme: &Theme, bars: usize, track: &Track) -> Style {
        match (bars, track.segments.len()) {
            (2.., _) => Style::regular(theme.tick, INK),
            (_, 2..) => Style::bold(theme.label, INK),
            _ if self.is_small => Style::regular(theme.tick, INK),
            _ => Style::regular(theme.label, INK),
        }
    }

    fn draw(
        &self,
        sheet: &mut Sheet<'_>,
        content: &Content,
        axis: &Axis,
        (index, tracks): (i32, &[Track]),
    ) {
        let row = usize::try_from(index).unwrap_or(0);
        let (theme, width) = (sheet.theme, self.bar(sheet.theme, tracks.len()));
        let bars = i32::try_from(tracks.len()).unwrap_or(i32::MAX);
        let mut x = self.middle(index) - width * bars / 2;
        for track in tracks {
            for segment in &track.segments {
                let ends = [segment.from, segment.to].map(|value| axis.place(value, self.plot));
                let [from, to] = ends;
                let fill = PALETTE.get(segment.series).copied().unwrap_or(STRONG);
                let is_expected = content.expected.is(row, segment.series);
                if from != to {
                    expected::bar(sheet, ((x, from), (x + width, to)), is_expected, fill);
                }
                let fill = if is_expected { expected::fill(fill) } else { fill };
                let style = Style::regular(theme.tick, on(fill));
                let inside = segment
                    .inside
                    .as_deref()
                    .filter(|text| fits(sheet, text, (from - to).abs(), width));
                if let Some(text) = inside {
                    let middle = (x + width / 2, i32::midpoint(from, to));
                    sheet.write(text, style, middle, Anchor::Middle);
                }
            }
            // There was room, or it would lie on its side.
            let parts = self.parts(sheet, axis, (track, tracks.len()), self.slot);
            for (y, text) in parts.unwrap_or_default() {
                let style = Style::regular(theme.tick, MUTED);
                sheet.write(text, style, (x + width + theme.gap / 2, y), Anchor::Left);
            }
            if let Some((end, text)) = &track.end {
                let y = axis.place(*end, self.plot);
                let away = theme.label * 4 / 5;
                // A figure too small to be seen is no bar that hangs down.
                let hangs = y > axis.place(0.0, self.plot);
                let y = if hangs { y + away } else { y - away };
                let style = self.figure_style(theme, tracks.len(), track);
                sheet.write(text, style, (x + width / 2, y), Anchor::Middle);
            }
            x += width;
        }
    }
}

/// Whether a figure has room in a part of a bar.
fn fits(sheet: &Sheet<'_>, text: &str, height: i32, width: i32) -> bool {
    let style = Style::regular(sheet.theme.tick, INK);
    height >= sheet.theme.tick * 13 / 10 && sheet.width_of(text, style) <= width
}
