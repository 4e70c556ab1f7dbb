//! Bars of several series that lie on their side: for labels that have no room below a column, and for
//! phones.

use plotters::coord::ranged1d::Ranged as _;
use plotters::coord::types::RangedCoordf64;
use plotters::style::WHITE;

use super::Undrawable;
use super::content::Content;
use super::expected;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::text::overhang;
use super::theme::{AXIS, INK, MUTED, PALETTE, STRONG, Theme, on};
use super::tracks::{Segment, Track, range};
use crate::font::Fonts;

pub(super) fn draw<'a>(
    content: &Content,
    tracks: &[Vec<Track>],
    theme: &'a Theme,
    fonts: &'static Fonts,
) -> Result<Sheet<'a>, Undrawable> {
    let mut sheet = Sheet::begin(&content.head, theme, fonts)?;
    sheet.legend_of(content)?;
    sheet.y += theme.above;
    let scale = Scale::of(&sheet, tracks)?;
    let label = Style::regular(theme.label, INK);
    // More than between a label and its own bars, or it would name those above.
    let apart = theme.row_padding.max(theme.label);
    let (begun, top) = (sheet.marks.len(), sheet.y);
    let zero = scale.zero();
    // Where bars go both ways, the line between runs through all rows.
    let is_whole = range(tracks).0 < 0.0;
    for (at, (row, tracks)) in content.rows.iter().zip(tracks).enumerate() {
        let is_expected = |series| content.expected.is(at, series);
        sheet.begin_row();
        for text in sheet.broken(&row.label, label, sheet.inner())? {
            let x = theme.padding - overhang(&text, theme.label);
            let middle = sheet.y + theme.label_line() / 2;
            let end = x + sheet.width_of(&text, label);
            if is_whole && x < zero && zero < end {
                let (above, below) = (middle - theme.label / 2, middle + theme.label / 2);
                sheet.marks.push(Mark::Box((x, above), (end, below), WHITE));
            }
            sheet.write(&text, label, (x, middle), Anchor::Left);
            sheet.y += theme.label_line();
        }
        sheet.y += theme.label / 5;
        let top = sheet.y;
        let mut lacking = vec![];
        for track in tracks {
            if scale.draw(&mut sheet, track, is_expected) > 0 {
                lacking.push(track);
            }
        }
        let ends = vec![(zero, top - 2 * theme.rule), (zero, sheet.y)];
        sheet.marks.push(Mark::Stroke(ends, AXIS, theme.rule));
        for track in lacking {
            parts(&mut sheet, content, track)?;
        }
        sheet.y += apart;
    }
    sheet.y -= apart;
    if is_whole {
        let line = Mark::Stroke(vec![(zero, top), (zero, sheet.y)], AXIS, theme.rule);
        sheet.marks.insert(begun, line);
    }
    sheet.end(&content.head)?;
    Ok(sheet)
}

/// What the parts of a bar are, where one of them has no room for its own figure.
fn parts(sheet: &mut Sheet<'_>, content: &Content, track: &Track) -> Result<(), Undrawable> {
    let said = |segment: &Segment| {
        let name = content.series.get(segment.series)?;
        Some(format!("{name} {}", segment.inside.as_deref()?))
    };
    let is_there = |segment: &&Segment| segment.from < segment.to;
    let said: Vec<_> = track.segments.iter().filter(is_there).filter_map(said).collect();
    let (theme, style) = (sheet.theme, Style::regular(sheet.theme.tick, MUTED));
    sheet.y += theme.label / 5;
    sheet.paragraph(&said.join("，"), style, theme.tick * 13 / 10)
}

struct Scale {
    range: RangedCoordf64,
    /// Left and right edge of the bars.
    plot: (i32, i32),
}

impl Scale {
    /// With room for the figures behind either end: the longest bar might have the widest.
    fn of(sheet: &Sheet<'_>, tracks: &[Vec<Track>]) -> Result<Self, Undrawable> {
        let theme = sheet.theme;
        let (low, high) = range(tracks);
        let room = |negative: bool| {
            let ends = tracks.iter().flatten().filter_map(|track| track.end.as_ref());
            let texts = ends.filter(|(end, _)| (*end < 0.0) == negative).map(|(_, text)| text);
            let style = Style::bold(theme.label, INK);
            texts.map(|text| theme.gap + sheet.width_of(text, style)).max().unwrap_or(0)
        };
        let plot = (theme.padding + room(true), sheet.right() - room(false));
        if plot.1 - plot.0 < theme.width / 6 {
            return Err(Undrawable::NoRoom);
        }
        Ok(Self { range: (low..high).into(), plot })
    }

    fn place(&self, value: f64) -> i32 {
        self.range.map(&value, self.plot)
    }

    fn zero(&self) -> i32 {
        self.place(0.0)
    }

    /// How many figures had no room in their parts of the bar.
    fn draw(
        &self,
        sheet: &mut Sheet<'_>,
        track: &Track,
        is_expected: impl Fn(usize) -> bool,
    ) -> usize {
        let theme = sheet.theme;
        let mut left_out = 0;
        let (top, bottom) = (sheet.y, sheet.y + theme.bar.max(theme.label * 5 / 4));
        let middle = i32::midpoint(top, bottom);
        for segment in &track.segments {
            let [from, to] = [segment.from, segment.to].map(|value| self.place(value));
            let fill = PALETTE.get(segment.series).copied().unwrap_or(STRONG);
            let is_expected = is_expected(segment.series);
            if from != to {
                expected::bar(sheet, ((from, top), (to, bottom)), is_expected, fill);
            }
            let fill = if is_expected { expected::fill(fill) } else { fill };
            let style = Style::regular(theme.tick, on(fill));
            let fits =
                |text: &&str| sheet.width_of(text, style) + theme.gap / 2 <= (from - to).abs();
            match segment.inside.as_deref() {
                Some(text) if fits(&text) => {
                    sheet.write(text, style, (i32::midpoint(from, to), middle), Anchor::Middle);
                }
                // Nothing is no part.
                Some(_) if segment.from < segment.to && track.segments.len() > 1 => left_out += 1,
                Some(_) | None => {}
            }
        }
        if let Some((end, text)) = &track.end {
            let style = match track.segments.len() {
                1 => Style::regular(theme.label, INK),
                _ => Style::bold(theme.label, INK),
            };
            let (x, anchor) = if *end < 0.0 {
                (self.place(*end) - theme.gap, Anchor::Right)
            } else {
                (self.place(*end) + theme.gap, Anchor::Left)
            };
            sheet.write(text, style, (x, middle), anchor);
        }
        sheet.y = bottom + theme.rule;
        left_out
    }
}
