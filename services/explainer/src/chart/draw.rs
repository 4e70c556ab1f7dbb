//! Draws a sheet: plotters asks for its marks, our backend writes the SVG.

use std::fmt;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, TextStyle, WHITE};

use super::Undrawable;
use super::backend::{Escaped, SvgBackend, Tenths};
use super::content::Head;
use super::sheet::{Anchor, Line, Mark, ROWS, Sheet};
use super::theme::UNITS_PER_PX;
use crate::font::{FAMILY, Weight};

type Area<'a> = DrawingArea<SvgBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<fmt::Error>>;

pub(super) fn svg(head: &Head, sheet: &Sheet<'_>) -> Result<String, Undrawable> {
    let mut body = String::new();
    paint(&mut body, sheet).map_err(Undrawable::Drawing)?;
    let (id, title, description) = (&head.id, Escaped(&head.headline), Escaped(&head.description));
    let (width, height) = (Tenths(sheet.theme.width), Tenths(sheet.y));
    let rows = match sheet.rows.as_slice() {
        // Only the large drawing is printed.
        [_, _, ..] if sheet.theme.is_printed => {
            let rows = sheet.rows.iter().map(|row| (row / UNITS_PER_PX).to_string());
            format!(" {ROWS}=\"{}\"", rows.collect::<Vec<_>>().join(" "))
        }
        _ => String::new(),
    };
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\"{rows} \
         lang=\"zh-Hans\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" \
         font-family=\"'{FAMILY}', 'PingFang SC', 'Microsoft YaHei', sans-serif\">\n\
         <title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{description}</desc>\n\
         {body}</svg>\n"
    ))
}

fn paint(body: &mut String, sheet: &Sheet<'_>) -> Drawn {
    let size = (sheet.theme.width.unsigned_abs(), sheet.y.unsigned_abs());
    let root = SvgBackend::new(body, size, sheet.fonts).into_drawing_area();
    // Ink is dark: a page in dark mode must not show through.
    root.fill(&WHITE)?;
    for mark in &sheet.marks {
        match mark {
            Mark::Box(from, to, colour) => {
                root.draw(&Rectangle::new([*from, *to], colour.filled()))?;
            }
            Mark::Shape(corners, colour) => {
                root.draw(&Polygon::new(corners.clone(), colour.filled()))?;
            }
            Mark::Stroke(points, colour, thickness) => {
                let style = colour.stroke_width(thickness.unsigned_abs());
                root.draw(&PathElement::new(points.clone(), style))?;
            }
            Mark::Dot(middle, radius, colour) => {
                root.draw(&Circle::new(*middle, *radius, colour.filled()))?;
            }
            Mark::Text(line) => write(&root, line)?,
        }
    }
    Ok(())
}

fn write(root: &Area<'_>, line: &Line) -> Drawn {
    let slant = match line.style.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    let side = match line.anchor {
        Anchor::Left => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::Right => HPos::Right,
    };
    let font = FontDesc::new(FontFamily::Name(FAMILY), f64::from(line.style.size), slant);
    let style = TextStyle::from(font).color(&line.style.colour).pos(Pos::new(side, VPos::Center));
    root.draw(&Text::new(line.text.as_str(), (line.x, line.y), style))
}
