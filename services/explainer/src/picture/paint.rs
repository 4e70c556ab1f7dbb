//! Paints the rows of one band.

use std::ops::Range;

use plotters::style::RGBColor;
use resvg::tiny_skia::{
    Color, FillRule, Paint, Path, PathBuilder, PixmapMut, PixmapPaint, Rect, Stroke, Transform,
};
use ttf_parser::OutlineBuilder;

use super::Error;
use crate::{
    font::Fonts,
    page::{Glyph, Page, Thing, What},
};

/// Bytes of a pixel while painting: red, green, blue and opacity.
const RGBA: usize = 4;
/// A quarter of a circle as a cubic: how far the handles reach, in radii.
const HANDLE: f32 = 0.552_285;

/// The pixels of these rows, red, green and blue.
pub(super) fn paint(page: &Page, rows: Range<u32>) -> Result<Vec<u8>, Error> {
    let size = || Error::Size { width: page.width, height: page.height };
    let row = usize::try_from(page.width).ok().and_then(|width| width.checked_mul(RGBA));
    let row = row.ok_or_else(size)?;
    let mut canvas = vec![0xff; row.checked_mul(rows.len()).ok_or_else(size)?];
    let fonts = Fonts::current()?;
    for thing in &page.things {
        let top = thing.top.max(rows.start);
        let bottom = thing.top.saturating_add(thing.height).min(rows.end);
        if top >= bottom {
            continue;
        }
        // A canvas of the thing's own rows: it is painted from its own top wherever the band begins.
        let at = |y: u32| usize::try_from(y - rows.start).map_or(0, |y| y.saturating_mul(row));
        let own = canvas.get_mut(at(top)..at(bottom));
        let own = own.and_then(|own| PixmapMut::from_bytes(own, page.width, bottom - top));
        draw(thing, &mut own.ok_or_else(size)?, fonts);
    }
    Ok(opaque(&canvas))
}

/// Red, green and blue of pixels that lie on white.
fn opaque(canvas: &[u8]) -> Vec<u8> {
    let mut pixels = vec![0; canvas.len() / RGBA * (RGBA - 1)];
    for (to, from) in pixels.chunks_exact_mut(RGBA - 1).zip(canvas.chunks_exact(RGBA)) {
        if let Some(from) = from.get(..RGBA - 1) {
            to.copy_from_slice(from);
        }
    }
    pixels
}

fn draw(thing: &Thing, canvas: &mut PixmapMut<'_>, fonts: &Fonts) {
    let identity = Transform::identity();
    match &thing.what {
        What::Ground { left, width, colour } => {
            let rect = Rect::from_xywh(length(*left), 0.0, length(*width), length(canvas.height()));
            if let Some(rect) = rect {
                canvas.fill_rect(rect, &ink(*colour, false), identity, None);
            }
        }
        What::Panel { left, width, radius, border, colour } => {
            let inset = border.unwrap_or(0);
            let path = panel((*left, *width), (0, thing.height), *radius, inset);
            let Some(path) = path else { return };
            let paint = ink(*colour, true);
            match border {
                None => canvas.fill_path(&path, &paint, FillRule::Winding, identity, None),
                Some(border) => {
                    let stroke = Stroke { width: f32::from(*border), ..Stroke::default() };
                    canvas.stroke_path(&path, &paint, &stroke, identity, None);
                }
            }
        }
        What::Line { baseline, size, colour, glyphs, .. } => {
            if let Some(path) = outline(glyphs, f32::from(*baseline), *size, fonts) {
                canvas.fill_path(&path, &ink(*colour, true), FillRule::Winding, identity, None);
            }
        }
        What::Drawing(drawing) => resvg::render(&drawing.tree, identity, canvas),
        What::Emblem { left, emblem } => {
            if let (Some(map), Ok(left)) = (emblem.draw(thing.height), i32::try_from(*left)) {
                let paint = PixmapPaint::default();
                canvas.draw_pixmap(left, 0, map.as_ref(), &paint, identity, None);
            }
        }
    }
}

/// A line's glyphs as one path.
fn outline(glyphs: &[Glyph], baseline: f32, size: u16, fonts: &Fonts) -> Option<Path> {
    let mut path = PathBuilder::new();
    for glyph in glyphs {
        let metrics = fonts.metrics(glyph.weight);
        let scale = f32::from(size) / 10.0 / f32::from(metrics.units_per_em());
        let left = tenths(glyph.x);
        metrics.outline(glyph.character, &mut Pen { path: &mut path, left, baseline, scale });
    }
    path.finish()
}

/// Draws a glyph in its place.
struct Pen<'a> {
    path: &'a mut PathBuilder,
    left: f32,
    baseline: f32,
    scale: f32,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.left + x * self.scale, self.baseline - y * self.scale)
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

/// A rectangle with round corners, by its left edge and width, and its top and height. Of a border its middle, which
/// lies inside, half its thickness from the edge.
pub(crate) fn panel(
    (left, width): (u32, u32),
    (top, height): (u32, u32),
    radius: u16,
    border: u16,
) -> Option<Path> {
    let inset = f32::from(border) / 2.0;
    let (right, bottom) = (length(left + width) - inset, length(top + height) - inset);
    let (left, top) = (length(left) + inset, length(top) + inset);
    let r = f32::from(radius) - inset;
    let far = r * (1.0 - HANDLE);
    let mut path = PathBuilder::new();
    path.move_to(left + r, top);
    path.line_to(right - r, top);
    path.cubic_to(right - far, top, right, top + far, right, top + r);
    path.line_to(right, bottom - r);
    path.cubic_to(right, bottom - far, right - far, bottom, right - r, bottom);
    path.line_to(left + r, bottom);
    path.cubic_to(left + far, bottom, left, bottom - far, left, bottom - r);
    path.line_to(left, top + r);
    path.cubic_to(left, top + far, left + far, top, left + r, top);
    path.close();
    path.finish()
}

fn ink(RGBColor(red, green, blue): RGBColor, anti_alias: bool) -> Paint<'static> {
    let mut paint = Paint { anti_alias, ..Paint::default() };
    paint.set_color(Color::from_rgba8(red, green, blue, 0xff));
    paint
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "whole px, and tenths, of a page are far below 2^24"
)]
pub(crate) fn length(px: u32) -> f32 {
    px as f32
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "whole px, and tenths, of a page are far below 2^24"
)]
pub(crate) fn tenths(x: i32) -> f32 {
    x as f32 / 10.0
}
