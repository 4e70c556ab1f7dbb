//! From SVG texts and set pages to PNG: the same pixels on every machine, whatever fonts it has. The bytes of a
//! PNG are another matter: they hang on the deflate that Cargo chose for the whole program (an
//! archive crate asks flate2 for zlib-rs). Compare pixels.
//!
//! A page is painted in bands and written as they come, so a page of any height takes the memory of a few
//! bands. It is cut only where no thing is, and each thing is painted from its own top: how high the bands
//! are changes no pixel.

pub(crate) mod paint;

use std::{
    io::{self, Write as _},
    num::NonZero,
    ops::Range,
    sync::{Arc, LazyLock, mpsc},
    thread,
};

use resvg::usvg::{self, fontdb};

use crate::{
    chart::sheet::ROWS,
    font::{Fonts, UnreadableFont, Weight},
    page::{Drawing, Page, Part, Thing, What},
};

/// Bands are at least this high: a dozen for a usual long picture, enough for every core to have some.
const BAND: u32 = 640;
/// Compressed bytes that are gathered for a chunk.
const CHUNK: usize = 1 << 16;

/// Our faces and nothing else, parsed once, whatever they call themselves: by weight alone. A character that they
/// lack is found before anything is drawn; here it would be a crossed box.
static OPTIONS: LazyLock<usvg::Options<'static>> = LazyLock::new(|| {
    let mut faces = fontdb::Database::new();
    let mut load = |weight| {
        let bytes = Fonts::current().ok()?.bytes(weight);
        faces.load_font_source(fontdb::Source::Binary(Arc::new(bytes))).first().copied()
    };
    let [regular, bold] = [load(Weight::Regular), load(Weight::Bold)];
    let is_bold = |font: &usvg::Font| font.weight() >= 600;
    let select_font = move |font: &usvg::Font, _: &mut Arc<fontdb::Database>| {
        if is_bold(font) { bold } else { regular }
    };
    usvg::Options {
        fontdb: Arc::new(faces),
        font_resolver: usvg::FontResolver {
            select_font: Box::new(select_font),
            select_fallback: Box::new(|_, _, _| None),
        },
        // The languages that a `switch` would be decided by; not those of this machine.
        languages: vec!["zh".to_owned()],
        ..usvg::Options::default()
    }
});

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was drawn is no SVG.
    #[error("cannot read the drawing")]
    Drawing(#[source] usvg::Error),
    /// The embedded font is broken, or an office's own.
    #[error("cannot draw text")]
    Font(#[from] UnreadableFont),
    /// A page without width or height, or one that memory does not hold.
    #[error("a page of {width} × {height} px cannot be painted")]
    Size {
        /// In px.
        width: u32,
        /// In px.
        height: u32,
    },
    /// The encoder refused.
    #[error("cannot write the picture")]
    Png(#[source] png::EncodingError),
    /// Bytes were not taken.
    #[error("cannot write the picture")]
    Write(#[source] io::Error),
}

impl Drawing {
    /// Reads an SVG that [`crate::chart::draw`] made.
    pub fn read(svg: &str) -> Result<Self, Error> {
        let document =
            usvg::roxmltree::Document::parse(svg).map_err(|error| Error::Drawing(error.into()))?;
        let said = |name| {
            let words = document.root_element().children().find(|node| node.has_tag_name(name));
            words.and_then(|node| node.text()).unwrap_or_default()
        };
        let title = said("title").to_owned();
        let said = [title.as_str(), said("desc")].join("。");
        let rows = document.root_element().attribute(ROWS).unwrap_or_default();
        let rows = rows.split(' ').filter_map(|row| row.parse().ok()).collect();
        let tree = usvg::Tree::from_xmltree(&document, &OPTIONS).map_err(Error::Drawing)?;
        Ok(Self { tree: Arc::new(tree), rows, title, said })
    }

    /// Its size in px, a broken one counted whole.
    pub fn size(&self) -> (u32, u32) {
        let size = self.tree.size().to_int_size();
        (size.width(), size.height())
    }

    /// A page that holds it alone.
    pub fn into_page(self) -> Page {
        let (width, height) = self.size();
        let what = What::Drawing(self);
        let things = vec![Thing { top: 0, height, part: Part::Figure, block: 0, what }];
        Page { width, height, foot: height, things }
    }
}

/// The page as PNG, 8 bits of red, green and blue.
pub fn png(page: &Page) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, page.width, page.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Measured on long pictures: faster levels make files three times as large, better ones take three times
    // as long for nothing, and no other filter does better on areas of one colour.
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header().map_err(Error::Png)?;
    let mut stream = writer.stream_writer_with_size(CHUNK).map_err(Error::Png)?;
    in_bands(page, BAND, |rows| stream.write_all(rows).map_err(Error::Write))?;
    stream.finish().map_err(Error::Png)?;
    writer.finish().map_err(Error::Png)?;
    Ok(out)
}

/// All pixels of the page, red, green and blue, painted in bands of at least `band` rows.
pub fn pixels(page: &Page, band: u32) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    in_bands(page, band, |rows| {
        out.extend_from_slice(rows);
        Ok(())
    })?;
    Ok(out)
}

/// Paints bands on all cores and has them taken in order. A worker is at most one band ahead of its turn.
fn in_bands(
    page: &Page,
    band: u32,
    mut take: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let bands = bands(page, band);
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(bands.len());
    if workers < 2 {
        return bands.into_iter().try_for_each(|rows| take(&paint::paint(page, rows)?));
    }
    thread::scope(|scope| {
        let mut turns = vec![];
        for first in 0..workers {
            let (give, turn) = mpsc::sync_channel(0);
            let rows = bands.iter().skip(first).step_by(workers).cloned();
            scope.spawn(move || {
                for rows in rows {
                    // Nobody takes any more: another band failed.
                    if give.send(paint::paint(page, rows)).is_err() {
                        return;
                    }
                }
            });
            turns.push(turn);
        }
        for turn in turns.iter().cycle().take(bands.len()) {
            let rows = turn.recv().map_err(|_| Error::Write(io::ErrorKind::BrokenPipe.into()))?;
            take(&rows?)?;
        }
        Ok(())
    })
}

/// The rows of the page in bands of at least `least`, cut where no thing is; a ground may be cut.
fn bands(page: &Page, least: u32) -> Vec<Range<u32>> {
    let mut whole: Vec<_> = page
        .things
        .iter()
        .filter(|thing| !matches!(thing.what, What::Ground { .. }))
        .map(|thing| (thing.top, thing.top.saturating_add(thing.height)))
        .collect();
    whole.sort_unstable();
    let mut bands = vec![];
    let (mut from, mut reached) = (0, 0);
    for (top, bottom) in whole {
        if top >= reached && top - from >= least.max(1) {
            bands.push(from..top);
            from = top;
        }
        reached = reached.max(bottom);
    }
    bands.push(from..page.height);
    bands
}
