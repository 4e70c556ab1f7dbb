//! A chart on a sheet: fills and strokes of one colour, as our charts have; their words are drawn as shapes,
//! and said by the figure's text. And an emblem, which may be of anything, as pixels.

use std::ops::Range;

use krilla::{
    color::rgb,
    geom::{Path, PathBuilder, Size, Transform},
    image::Image,
    num::NormalizedF32,
    paint::{self, Fill, FillRule, LineCap, LineJoin, Stroke, StrokeDash},
    surface::Surface,
};
use resvg::{
    tiny_skia::{PathSegment, Rect},
    usvg::{self, Node},
};

use crate::{page::Drawing, picture::paint::length, theme::Emblem};

/// Dots of an emblem to a px of the page: 700 and more to an inch of A5.
const FINE: u32 = 4;

/// Draws it so high, its upper left corner at the origin.
pub(super) fn emblem(surface: &mut Surface<'_>, emblem: &Emblem, height: u32) {
    let Some(map) = emblem.draw(height * FINE) else { return };
    let size = Size::from_wh(length(map.width()) / length(FINE), length(height));
    let pixels = map.pixels().iter().flat_map(|pixel| {
        let pixel = pixel.demultiply();
        [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
    });
    let image = Image::from_rgba8(pixels.collect(), map.width(), map.height());
    if let Some(size) = size {
        surface.draw_image(image, size);
    }
}

/// Draws what of it lies in these rows of its own, with its upper left corner at the origin: a high chart is cut into
/// many sheets, and a file that had all of it on each would grow with their square.
pub(super) fn draw(surface: &mut Surface<'_>, drawing: &Drawing, rows: &Range<f32>) {
    group(surface, drawing.tree.root(), rows);
}

fn group(surface: &mut Surface<'_>, group_node: &usvg::Group, rows: &Range<f32>) {
    let t = group_node.transform();
    surface.push_transform(&Transform::from_row(t.sx, t.ky, t.kx, t.sy, t.tx, t.ty));
    let opacity = group_node.opacity().get();
    let is_faint = opacity < 1.0;
    if is_faint {
        surface.push_opacity(share(opacity));
    }
    for node in group_node.children() {
        match node {
            Node::Group(inner) => group(surface, inner, rows),
            Node::Path(path) if !lies_in(rows, path.abs_stroke_bounding_box()) => {}
            Node::Path(path) => shape(surface, path),
            Node::Text(text) => group(surface, text.flattened(), rows),
            // Charts hold none.
            Node::Image(_) => {}
        }
    }
    if is_faint {
        surface.pop();
    }
    surface.pop();
}

/// Whether a shape is seen in these rows; one that touches their edge may be, by half a dot.
fn lies_in(rows: &Range<f32>, shape: Rect) -> bool {
    shape.bottom() + 1.0 >= rows.start && shape.top() - 1.0 <= rows.end
}

fn shape(surface: &mut Surface<'_>, path: &usvg::Path) {
    let Some(outline) = outline(path.data()).filter(|_| path.is_visible()) else { return };
    surface.set_fill(path.fill().map(|fill| Fill {
        paint: colour(fill.paint()),
        opacity: share(fill.opacity().get()),
        rule: match fill.rule() {
            usvg::FillRule::NonZero => FillRule::NonZero,
            usvg::FillRule::EvenOdd => FillRule::EvenOdd,
        },
    }));
    surface.set_stroke(path.stroke().map(|stroke| {
        Stroke {
            paint: colour(stroke.paint()),
            width: stroke.width().get(),
            miter_limit: stroke.miterlimit().get(),
            line_cap: match stroke.linecap() {
                usvg::LineCap::Butt => LineCap::Butt,
                usvg::LineCap::Round => LineCap::Round,
                usvg::LineCap::Square => LineCap::Square,
            },
            line_join: match stroke.linejoin() {
                usvg::LineJoin::Miter | usvg::LineJoin::MiterClip => LineJoin::Miter,
                usvg::LineJoin::Round => LineJoin::Round,
                usvg::LineJoin::Bevel => LineJoin::Bevel,
            },
            opacity: share(stroke.opacity().get()),
            dash: stroke
                .dasharray()
                .map(|array| StrokeDash { array: array.to_vec(), offset: stroke.dashoffset() }),
        }
    }));
    if path.fill().is_some() || path.stroke().is_some() {
        surface.draw_path(&outline);
    }
}

/// Charts are drawn in plain colours; anything else would be seen as grey.
fn colour(paint: &usvg::Paint) -> paint::Paint {
    let usvg::Color { red, green, blue } = match paint {
        usvg::Paint::Color(colour) => *colour,
        usvg::Paint::LinearGradient(_)
        | usvg::Paint::RadialGradient(_)
        | usvg::Paint::Pattern(_) => usvg::Color::new_rgb(0x80, 0x80, 0x80),
    };
    rgb::Color::new(red, green, blue).into()
}

fn share(of_one: f32) -> NormalizedF32 {
    NormalizedF32::new(of_one).unwrap_or(NormalizedF32::ONE)
}

/// The same outline for this writer.
pub(super) fn outline(data: &resvg::tiny_skia::Path) -> Option<Path> {
    let mut path = PathBuilder::new();
    for segment in data.segments() {
        match segment {
            PathSegment::MoveTo(p) => path.move_to(p.x, p.y),
            PathSegment::LineTo(p) => path.line_to(p.x, p.y),
            PathSegment::QuadTo(a, p) => path.quad_to(a.x, a.y, p.x, p.y),
            PathSegment::CubicTo(a, b, p) => path.cubic_to(a.x, a.y, b.x, b.y, p.x, p.y),
            PathSegment::Close => path.close(),
        }
    }
    path.finish()
}
