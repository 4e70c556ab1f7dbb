//! Draws a layout: plotters scales the bars and says where they end, our backend writes the SVG.

use std::fmt;

use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, TextStyle, WHITE};

use super::Undrawable;
use super::backend::{Escaped, SvgBackend, Tenths};
use super::content::{Content, Item};
use super::layout::{Anchor, Axis, Layout, Line, Plot, Style, figure_weight};
use super::theme::{AXIS, INK, PALE, STRONG};
use crate::font::{FAMILY, Fonts, Weight};

type Area<'a> = DrawingArea<SvgBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<fmt::Error>>;

pub(super) fn svg(
    content: &Content<'_>,
    layout: &Layout,
    fonts: &'static Fonts,
) -> Result<String, Undrawable> {
    let mut body = String::new();
    paint(&mut body, content, layout, fonts).map_err(Undrawable::Drawing)?;
    let (id, title, description) =
        (content.id, Escaped(&content.headline), Escaped(&content.description));
    let (width, height) = (Tenths(layout.width), Tenths(layout.height));
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         lang=\"zh-Hans\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" \
         font-family=\"'{FAMILY}', 'PingFang SC', 'Microsoft YaHei', sans-serif\">\n\
         <title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{description}</desc>\n\
         {body}</svg>\n"
    ))
}

fn paint(
    body: &mut String,
    content: &Content<'_>,
    layout: &Layout,
    fonts: &'static Fonts,
) -> Drawn {
    let size = (layout.width.unsigned_abs(), layout.height.unsigned_abs());
    let root = SvgBackend::new(body, size, fonts).into_drawing_area();
    // Ink is dark: a page in dark mode must not show through.
    root.fill(&WHITE)?;
    for line in &layout.lines {
        write(&root, line)?;
    }
    bars(&root, content, &layout.plot)
}

/// Bars, the zero line over their ends, and the figures.
fn bars(root: &Area<'_>, content: &Content<'_>, plot: &Plot) -> Drawn {
    // Plotters scales to the last unit inside the area, hence one more each way.
    let area = root.clone().shrink((plot.left, plot.top), (plot.width + 1, plot.height + 1));
    // The second axis counts units downwards, so that the layout's edges can be used as they are.
    let mut chart = ChartBuilder::on(&area)
        .build_cartesian_2d(plot.low..plot.high, f64::from(plot.height)..0.0)?;
    chart.draw_series(
        content.items.iter().zip(&plot.bars).filter(|(item, _)| item.share != 0.0).map(
            |(item, &(top, bottom))| {
                let corners = [(0.0, f64::from(top)), (item.share, f64::from(bottom))];
                Rectangle::new(corners, colour(content, item).filled())
            },
        ),
    )?;
    let edge = |share: f64| chart.backend_coord(&(share, 0.0)).0;
    match plot.axis {
        Axis::Whole => rule(root, plot, edge(0.0), (0, plot.height))?,
        Axis::PerBar => {
            // It sticks out a little, or it would not be seen beside a bar.
            for &(top, bottom) in &plot.bars {
                rule(root, plot, edge(0.0), (top - 2 * plot.rule, bottom + 2 * plot.rule))?;
            }
        }
    }
    for (item, (top, bottom)) in content.items.iter().zip(&plot.bars) {
        let (x, anchor) = if item.share < 0.0 {
            (edge(item.share) - plot.gap, Anchor::Right)
        } else {
            (edge(item.share) + plot.gap, Anchor::Left)
        };
        let colour = if item.emphasised { STRONG } else { INK };
        let style = Style { size: plot.figure, weight: figure_weight(item), colour };
        let y = plot.top + (top + bottom) / 2;
        write(root, &Line { text: item.figure.clone(), style, x, y, anchor })?;
    }
    Ok(())
}

fn colour(content: &Content<'_>, item: &Item) -> RGBColor {
    if content.emphatic && !item.emphasised { PALE } else { STRONG }
}

/// A piece of the zero line.
fn rule(root: &Area<'_>, plot: &Plot, x: i32, (top, bottom): (i32, i32)) -> Drawn {
    let ends = vec![(x, plot.top + top), (x, plot.top + bottom)];
    root.draw(&PathElement::new(ends, AXIS.stroke_width(plot.rule.unsigned_abs())))
}

fn write(root: &Area<'_>, line: &Line) -> Drawn {
    let slant = match line.style.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    let side = match line.anchor {
        Anchor::Left => HPos::Left,
        Anchor::Right => HPos::Right,
    };
    let font = FontDesc::new(FontFamily::Name(FAMILY), f64::from(line.style.size), slant);
    let style = TextStyle::from(font).color(&line.style.colour).pos(Pos::new(side, VPos::Center));
    root.draw(&Text::new(line.text.as_str(), (line.x, line.y), style))
}
