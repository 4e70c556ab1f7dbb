//! A plotters backend that writes SVG text. Plotters' own measures text by its bytes and has whole
//! px only; this one measures with the embedded font, and 1 px is 10 of its units.

use std::fmt::{self, Write as _};

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle, FontTransform,
};

use super::theme::UNITS_PER_PX;
use crate::font::{Fonts, Weight};

type Drawn = Result<(), DrawingErrorKind<fmt::Error>>;

/// Writes the elements of an SVG, one a line; the document around them is the caller's.
pub(super) struct SvgBackend<'a> {
    out: &'a mut String,
    size: (u32, u32),
    fonts: &'static Fonts,
}

impl<'a> SvgBackend<'a> {
    /// `size` is in units of 0.1 px.
    pub(super) fn new(out: &'a mut String, size: (u32, u32), fonts: &'static Fonts) -> Self {
        Self { out, size, fonts }
    }

    /// Plotters paints some things with no colour at all, as the borders of areas.
    fn put_visible(&mut self, color: BackendColor, element: fmt::Arguments<'_>) -> Drawn {
        if color.alpha > 0.0 { self.put(element) } else { Ok(()) }
    }

    fn put(&mut self, element: fmt::Arguments<'_>) -> Drawn {
        self.out.write_fmt(element).map_err(DrawingErrorKind::DrawingError)
    }
}

impl DrawingBackend for SvgBackend<'_> {
    type ErrorType = fmt::Error;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S) -> Drawn {
        let (x1, y1, x2, y2) = (Tenths(a.0), Tenths(a.1), Tenths(b.0), Tenths(b.1));
        let stroke = Stroke::of(style);
        self.put_visible(
            style.color(),
            format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{stroke}/>\n"),
        )
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (x, y) = (Tenths(a.0.min(b.0)), Tenths(a.1.min(b.1)));
        let (width, height) = (Tenths((b.0 - a.0).abs()), Tenths((b.1 - a.1).abs()));
        let paint = Paint { style, fill };
        self.put_visible(
            style.color(),
            format_args!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{paint}/>\n"
            ),
        )
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let (points, stroke) = (Points::of(path), Stroke::of(style));
        self.put_visible(
            style.color(),
            format_args!(
                "<polyline points=\"{points}\" fill=\"none\"{stroke} stroke-linejoin=\"round\"/>\n"
            ),
        )
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let (points, paint) = (Points::of(corners), Paint { style, fill: true });
        self.put_visible(style.color(), format_args!("<polygon points=\"{points}\"{paint}/>\n"))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (x, y, r) = (Tenths(x), Tenths(y), Tenths(saturated(radius)));
        self.put_visible(
            style.color(),
            format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{}/>\n", Paint { style, fill }),
        )
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        (x, y): BackendCoord,
    ) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        // The baseline is reckoned from the em box of Chinese type, .88 em above it and .12 below.
        // `dominant-baseline` and `dy` in ex differ from viewer to viewer.
        let baseline = match style.anchor().v_pos {
            VPos::Top => 0.88,
            VPos::Center => 0.38,
            VPos::Bottom => -0.12,
        };
        let turn = match style.transform() {
            FontTransform::None => String::new(),
            FontTransform::Rotate90 => rotation(90, x, y),
            FontTransform::Rotate180 => rotation(180, x, y),
            FontTransform::Rotate270 => rotation(270, x, y),
        };
        let weight = match weight(style) {
            Weight::Regular => "",
            Weight::Bold => " font-weight=\"700\"",
        };
        let base = Tenths(y + rounded(baseline * style.size()));
        let (x, size, text) = (Tenths(x), Tenths(rounded(style.size())), Escaped(text));
        let fill = Ink { property: "fill", color: style.color() };
        self.put_visible(
            style.color(),
            format_args!(
                "<text x=\"{x}\" y=\"{base}\" font-size=\"{size}\"{weight}{anchor}{fill}{turn}>\
                 {text}</text>\n"
            ),
        )
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<fmt::Error>> {
        let size = rounded(style.size());
        let width = self.fonts.metrics(weight(style)).width(text, size);
        Ok((width.unsigned_abs(), size.unsigned_abs()))
    }
}

fn rotation(degrees: u32, x: i32, y: i32) -> String {
    format!(" transform=\"rotate({degrees} {} {})\"", Tenths(x), Tenths(y))
}

fn weight<T: BackendTextStyle>(style: &T) -> Weight {
    match style.style() {
        FontStyle::Bold => Weight::Bold,
        // The project has no slanted face; Chinese type has no italics.
        FontStyle::Normal | FontStyle::Oblique | FontStyle::Italic => Weight::Regular,
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "plotters keeps font sizes as floats; this cast saturates, and NaN becomes 0"
)]
fn rounded(units: f64) -> i32 {
    units.round() as i32
}

fn saturated(units: u32) -> i32 {
    i32::try_from(units).unwrap_or(i32::MAX)
}

/// A length in units, written in px.
pub(super) struct Tenths(pub(super) i32);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (px, rest) = (self.0 / UNITS_PER_PX, (self.0 % UNITS_PER_PX).abs());
        let sign = if self.0 < 0 && px == 0 { "-" } else { "" };
        write!(f, "{sign}{px}")?;
        if rest == 0 { Ok(()) } else { write!(f, ".{rest}") }
    }
}

/// The corners of a line or polygon.
struct Points(Vec<BackendCoord>);

impl Points {
    fn of(points: impl IntoIterator<Item = BackendCoord>) -> Self {
        Self(points.into_iter().collect())
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, &(x, y)) in self.0.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{},{}", Tenths(x), Tenths(y))?;
        }
        Ok(())
    }
}

/// Text that stands for itself in XML, between tags and in attributes.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// A colour as the attribute `property`, with its opacity where it has one.
struct Ink {
    property: &'static str,
    color: BackendColor,
}

impl fmt::Display for Ink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (property, (red, green, blue)) = (self.property, self.color.rgb);
        write!(f, " {property}=\"#{red:02x}{green:02x}{blue:02x}\"")?;
        if self.color.alpha < 1.0 {
            write!(f, " {property}-opacity=\"{:.2}\"", self.color.alpha)?;
        }
        Ok(())
    }
}

struct Stroke {
    ink: Ink,
    width: Tenths,
}

impl Stroke {
    fn of<S: BackendStyle>(style: &S) -> Self {
        Self {
            ink: Ink { property: "stroke", color: style.color() },
            width: Tenths(saturated(style.stroke_width())),
        }
    }
}

impl fmt::Display for Stroke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} stroke-width=\"{}\"", self.ink, self.width)
    }
}

/// How a closed shape is painted: filled, or its outline drawn.
struct Paint<'a, S> {
    style: &'a S,
    fill: bool,
}

impl<S: BackendStyle> fmt::Display for Paint<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.fill {
            write!(f, "{}", Ink { property: "fill", color: self.style.color() })
        } else {
            write!(f, " fill=\"none\"{}", Stroke::of(self.style))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::prelude::*;

    fn line(color: RGBColor, stroke_width: u32) -> ShapeStyle {
        ShapeStyle { color: color.to_rgba(), filled: false, stroke_width }
    }

    /// Everything plotters may ask for, drawn on 20 by 10 px.
    fn drawn() -> Result<String, Box<dyn std::error::Error>> {
        let mut out = String::new();
        {
            let fonts = Fonts::embedded()?;
            let root = SvgBackend::new(&mut out, (200, 100), fonts).into_drawing_area();
            let mut chart = ChartBuilder::on(&root).build_cartesian_2d(0.0..2.0, 0.0..1.0)?;
            let points = [(0.0, 0.0), (1.0, 1.0), (2.0, 0.5)];
            chart.draw_series(LineSeries::new(points, line(RED, 15)))?;
            chart.draw_series(AreaSeries::new(points, 0.0, BLUE.mix(0.5)))?;
            chart.draw_series(PointSeries::of_element(
                points,
                5,
                GREEN.filled(),
                &|at, r, s| Circle::new(at, r, s),
            ))?;
            root.draw(&Rectangle::new([(-5, 0), (10, 10)], line(BLACK, 1)))?;
            let font = ("Noto Sans SC", 100.0).into_font().transform(FontTransform::Rotate90);
            root.draw(&Text::new("a < b & \"c\"", (50, 50), font))?;
        }
        Ok(out)
    }

    #[test]
    fn every_shape_becomes_one_element() -> Result<(), Box<dyn std::error::Error>> {
        let drawn = drawn()?;
        let count = |tag: &str| drawn.lines().filter(|line| line.starts_with(tag)).count();
        assert_eq!(
            ["<polyline", "<polygon", "<circle", "<rect", "<text"].map(count),
            [1, 1, 3, 1, 1]
        );
        assert!(drawn.contains("fill=\"#0000ff\" fill-opacity=\"0.50\""), "{drawn}");
        assert!(drawn.contains("stroke=\"#ff0000\" stroke-width=\"1.5\""), "{drawn}");
        Ok(())
    }

    #[test]
    fn text_is_escaped_and_turned_about_its_anchor() -> Result<(), Box<dyn std::error::Error>> {
        let drawn = drawn()?;
        assert!(drawn.contains(">a &lt; b &amp; &quot;c&quot;</text>"), "{drawn}");
        assert!(drawn.contains("transform=\"rotate(90 5 5)\""), "{drawn}");
        Ok(())
    }

    #[test]
    fn text_is_measured_by_the_embedded_font() -> Result<(), Box<dyn std::error::Error>> {
        let mut out = String::new();
        let backend = SvgBackend::new(&mut out, (200, 100), Fonts::embedded()?);
        let style = TextStyle::from(("Noto Sans SC", 100.0).into_font());
        assert_eq!(backend.estimate_text_size("高中", &style)?, (200, 100));
        Ok(())
    }

    #[test]
    fn lengths_are_written_to_a_tenth() {
        let written = [0, 5, 10, -5, -15, 1234].map(|units| Tenths(units).to_string());
        assert_eq!(written, ["0", "0.5", "1", "-0.5", "-1.5", "123.4"]);
    }
}
