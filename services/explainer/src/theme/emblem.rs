//! An office's emblem: an SVG or a PNG that stands on every page, and looks the same wherever it does.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use resvg::{
    tiny_skia::{FilterQuality, Pixmap, PixmapPaint, PremultipliedColorU8, Transform},
    usvg::{self, roxmltree},
};

use super::Unfit;

/// Every page carries it.
pub(super) const BYTES_MAX: usize = 64 << 10;
/// A coarser one is blurred in print.
pub(super) const PNG_HEIGHT_MIN: u32 = 192;
/// A larger one is not even decoded.
const PNG_SIDE_MAX: u32 = 4096;
/// Width to height.
const RATIOS: (f32, f32) = (0.5, 4.0);

/// An emblem that was looked through.
pub struct Emblem {
    media_type: &'static str,
    bytes: Vec<u8>,
    drawn: Drawn,
}

enum Drawn {
    Shapes(Box<usvg::Tree>),
    Pixels(Pixmap),
}

impl std::fmt::Debug for Emblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Emblem of {} bytes, {}", self.bytes.len(), self.media_type)
    }
}

impl Emblem {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unfit> {
        if bytes.len() > BYTES_MAX {
            return Err(Unfit::Large { bytes: bytes.len() });
        }
        let is_png = bytes.starts_with(b"\x89PNG");
        let drawn =
            if is_png { Drawn::Pixels(pixels(bytes)?) } else { Drawn::Shapes(shapes(bytes)?) };
        let media_type = if is_png { "image/png" } else { "image/svg+xml" };
        let emblem = Self { media_type, bytes: bytes.to_vec(), drawn };
        let (width, height) = emblem.size();
        let is_coarse =
            matches!(&emblem.drawn, Drawn::Pixels(map) if map.height() < PNG_HEIGHT_MIN);
        if is_coarse || !(RATIOS.0..=RATIOS.1).contains(&(width / height)) {
            return Err(Unfit::Shape { width, height });
        }
        if emblem.is_blank() {
            return Err(Unfit::Blank);
        }
        Ok(emblem)
    }

    /// Whether nothing of it is seen on white.
    fn is_blank(&self) -> bool {
        // Premultiplied: white, and whatever lets white through, has each colour as strong as it is opaque.
        let is_white = |pixel: &PremultipliedColorU8| {
            [pixel.red(), pixel.green(), pixel.blue()] == [pixel.alpha(); 3]
        };
        self.draw(PNG_HEIGHT_MIN).is_none_or(|drawn| drawn.pixels().iter().all(is_white))
    }

    fn size(&self) -> (f32, f32) {
        match &self.drawn {
            Drawn::Shapes(tree) => (tree.size().width(), tree.size().height()),
            Drawn::Pixels(map) => (side(map.width()), side(map.height())),
        }
    }

    /// Its width where it is so high, rounded up.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most four times a height in px"
    )]
    pub fn width(&self, height: u32) -> u32 {
        let (own_width, own_height) = self.size();
        (side(height) * own_width / own_height).ceil() as u32
    }

    /// As an address that holds it.
    pub fn address(&self) -> String {
        format!("data:{};base64,{}", self.media_type, STANDARD.encode(&self.bytes))
    }

    /// Drawn so high.
    pub(crate) fn draw(&self, height: u32) -> Option<Pixmap> {
        let mut canvas = Pixmap::new(self.width(height), height)?;
        let scale = side(height) / self.size().1;
        let scale = Transform::from_scale(scale, scale);
        match &self.drawn {
            Drawn::Shapes(tree) => resvg::render(tree, scale, &mut canvas.as_mut()),
            Drawn::Pixels(map) => {
                let paint =
                    PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
                canvas.draw_pixmap(0, 0, map.as_ref(), &paint, scale, None);
            }
        }
        Some(canvas)
    }
}

/// A length in px; none is longer than some thousand.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "some thousand at most")]
fn side(px: u32) -> f32 {
    px as f32
}

fn pixels(bytes: &[u8]) -> Result<Pixmap, Unfit> {
    let unfit = |error: png::DecodingError| Unfit::Kind(error.into());
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().map_err(unfit)?;
    // Pictures and print would show its first image alone.
    if reader.info().animation_control().is_some() {
        return Err(Unfit::Animated);
    }
    let (width, height) = reader.info().size();
    let shape = || Unfit::Shape { width: side(width), height: side(height) };
    if width.max(height) > PNG_SIDE_MAX {
        return Err(shape());
    }
    let mut map = Pixmap::new(width, height).ok_or_else(shape)?;
    let mut buffer = vec![0; reader.output_buffer_size().ok_or_else(shape)?];
    let frame = reader.next_frame(&mut buffer).map_err(unfit)?;
    let samples = frame.color_type.samples();
    for (to, from) in map.pixels_mut().iter_mut().zip(buffer.chunks_exact(samples)) {
        let (red, green, blue, alpha) = match *from {
            [grey, alpha] => (grey, grey, grey, alpha),
            [red, green, blue, alpha] => (red, green, blue, alpha),
            // `ALPHA` leaves no others.
            _ => (0, 0, 0, 0),
        };
        *to = resvg::tiny_skia::ColorU8::from_rgba(red, green, blue, alpha).premultiply();
    }
    Ok(map)
}

fn shapes(bytes: &[u8]) -> Result<Box<usvg::Tree>, Unfit> {
    let text = std::str::from_utf8(bytes).map_err(|error| Unfit::Kind(error.into()))?;
    let text = without_type(text)?;
    // An entity could grow without end: a document type is refused by the reader.
    let document = roxmltree::Document::parse(&text).map_err(|error| Unfit::Kind(error.into()))?;
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        if let Some((what, is_text)) = active(node) {
            let line = document.text_pos_at(node.range().start).row;
            return Err(Unfit::Active { line, what, is_text });
        }
    }
    let tree = usvg::Tree::from_xmltree(&document, &usvg::Options::default());
    tree.map(Box::new).map_err(|error| Unfit::Kind(error.into()))
}

/// Without the line by which editors name the standard: `<!DOCTYPE svg PUBLIC …>`. Its place is left blank, so that
/// lines keep their numbers. One that declares something is refused.
fn without_type(text: &str) -> Result<Cow<'_, str>, Unfit> {
    const BEGIN: &str = "<!DOCTYPE";
    let root = text.find("<svg").unwrap_or(text.len());
    let Some(from) = text.find(BEGIN).filter(|from| *from < root) else { return Ok(text.into()) };
    let (before, rest) = text.split_at(from);
    let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
    match rest.find(['>', '[']).map(|at| rest.split_at(at)) {
        Some((named, after)) if after.starts_with('>') => {
            let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
            let blank: String = named.chars().map(blank).collect();
            let after = after.trim_start_matches('>');
            Ok(format!("{before}{blank} {after}").into())
        }
        _ => Err(Unfit::Type { line }),
    }
}

/// Shapes, and what shapes are painted with. Anything else runs, is fetched, moves, or is drawn with the
/// fonts of whoever looks.
const ELEMENTS: [&str; 25] = [
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "metadata",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "use",
    "symbol",
    "clipPath",
    "mask",
    "linearGradient",
    "radialGradient",
    "stop",
    "pattern",
    "marker",
    "style",
    "switch",
    "view",
];

/// What of an element is no shape; and whether it is words.
fn active(node: roxmltree::Node<'_, '_>) -> Option<(String, bool)> {
    const SVG: &str = "http://www.w3.org/2000/svg";
    let tag = node.tag_name();
    // What editors note for themselves is drawn by nobody.
    if tag.namespace() == Some(SVG) && !ELEMENTS.contains(&tag.name()) {
        return Some((format!("<{}>", tag.name()), matches!(tag.name(), "text" | "tspan")));
    }
    if tag.namespace() != Some(SVG) && is_html(tag.namespace()) {
        return Some((format!("<{}>", tag.name()), false));
    }
    // Its text may come in pieces, parted by comments.
    let style = || node.descendants().filter_map(|child| child.is_text().then(|| child.text())?);
    if tag.name() == "style" && fetches(&style().collect::<String>()) {
        return Some(("<style> url(…)".to_owned(), false));
    }
    node.attributes().find_map(|attribute| {
        let (name, value) = (attribute.name(), attribute.value());
        let is_bad = name.to_ascii_lowercase().starts_with("on")
            || (name == "href" && !value.trim_start().starts_with('#'))
            || fetches(value);
        is_bad.then(|| (format!("{name}=…"), false))
    })
}

fn is_html(namespace: Option<&str>) -> bool {
    namespace.is_none_or(|namespace| namespace.contains("xhtml"))
}

/// Whether a style names something that is not in the file itself.
fn fetches(style: &str) -> bool {
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    // An escape could spell `url` in another way.
    let is_own = |after: &str| after.trim_start_matches(['"', '\'']).starts_with('#');
    style.contains("@import")
        || style.contains('\\')
        || style.split("url(").skip(1).any(|after| !is_own(after))
}
