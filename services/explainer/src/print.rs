//! The brochure 宣传手册: the page of the long picture as a PDF of A5 sheets, to be printed, two on a sheet of A4, and
//! folded. Type is real text in embedded subsets of our faces; structure is tagged as PDF/UA-1 asks (ISO 14289-1), so
//! that it can be read aloud.

mod drawing;
mod sheets;
mod structure;
#[cfg(test)]
mod tests;

use std::ops::Range;

use krilla::{
    Document, SerializeSettings,
    action::LinkAction,
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    configure::{Accessibility, ConfigurationBuilder},
    error::KrillaError,
    geom::{Path, PathBuilder, Point, Rect, Transform},
    metadata::Metadata,
    outline::Outline,
    page::PageSettings,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag},
    text::{Font, GlyphId, KrillaGlyph},
};
use plotters::style::RGBColor;

use crate::{
    chart::theme::MUTED,
    font::{Fonts, Metrics, UnreadableFont, Weight},
    page::{self, Glyph, Page, Thing, What},
    picture::paint::{length, panel, tenths},
};
use sheets::{HEIGHT, Sheet};
use structure::Structure;

/// Points of a sheet of A5, 148 by 210 mm (ISO 216).
const A5: (f32, f32) = (419.53, 595.28);
/// Of the page number, in px.
const NUMBER_SIZE: u16 = 24;
/// From its baseline to the sheet's foot, in px.
const NUMBER_ABOVE: f32 = 44.0;
/// Where the name of a chart stands that goes on, from the sheet's head to its baseline, in px; and how much of the
/// width it may take.
const CONTINUED_AT: f32 = 46.0;
const CONTINUED_PERCENT: i32 = 88;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The embedded font is broken, or an office's own.
    #[error("cannot set text")]
    Font(#[from] UnreadableFont),
    /// A size that is none.
    #[error("a sheet has no size")]
    Size,
    /// The library that writes it refused.
    #[error("cannot write the PDF: {0}")]
    Pdf(String),
}

impl From<KrillaError> for Error {
    fn from(error: KrillaError) -> Self {
        Self::Pdf(format!("{error:?}"))
    }
}

/// The charts that a sheet would show too small to be read; none: something else.
pub(crate) fn list_illegible(page: &Page) -> Vec<Option<&page::Drawing>> {
    sheets::list_illegible(page)
}

/// The page as PDF, named after its first heading, by this agency.
pub fn pdf(page: &Page, agency: &str) -> Result<Vec<u8>, Error> {
    let accessible = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    let mut document = Document::new_with(SerializeSettings {
        configuration: accessible.finish().map_err(|error| Error::Pdf(format!("{error:?}")))?,
        ..SerializeSettings::default()
    });
    let pen = Pen::new()?;
    let sheets = sheets::cut(page);
    let mut structure = Structure::new(page);
    for (index, sheet) in sheets.iter().enumerate() {
        let settings = PageSettings::from_wh(A5.0, A5.1).ok_or(Error::Size)?;
        let mut target = document.start_page_with(settings);
        let mut surface = target.surface();
        pen.sheet(&mut surface, page, sheet, (index, &mut structure));
        pen.continued(&mut surface, page, sheet);
        pen.number(&mut surface, index + 1, sheets.len());
        surface.finish();
        for Followed { number, area, address } in followed(page, sheet) {
            let action = LinkAction::new(ascii(address)).into();
            let link = LinkAnnotation::new(area, Target::Action(action));
            let link = Annotation::new_link(link, Some(address.to_owned()));
            structure.link(number, target.add_tagged_annotation(link));
        }
        target.finish();
    }
    let mut outline = Outline::new();
    structure.list_headings().into_iter().for_each(|node| outline.push_child(node));
    document.set_outline(outline);
    document.set_metadata(
        Metadata::new()
            .title(structure.title().to_owned())
            .authors(vec![agency.to_owned()])
            .language("zh-CN".to_owned()),
    );
    document.set_tag_tree(structure.into_tree());
    Ok(document.finish()?)
}

/// A part of a line on a sheet that leads somewhere.
struct Followed<'p> {
    /// Of the page's thing.
    number: usize,
    /// In points of the sheet.
    area: Rect,
    address: &'p str,
}

/// An address as files write it.
fn ascii(address: &str) -> String {
    let mut written = String::new();
    for byte in address.bytes() {
        if byte.is_ascii_graphic() {
            written.push(char::from(byte));
        } else {
            written.extend(format!("%{byte:02X}").chars());
        }
    }
    written
}

fn followed<'p>(page: &'p Page, sheet: &Sheet) -> Vec<Followed<'p>> {
    let (width, to_points) = (length(page.width), A5.0 / length(page.width));
    let mut found = vec![];
    for band in sheet.bands() {
        for (number, thing) in page.things.iter().enumerate() {
            let What::Line { links, .. } = &thing.what else { continue };
            for link in links.iter().filter(|_| band.rows.contains(&thing.top)) {
                let at = band.place((tenths(link.from), tenths(link.to)), thing, width);
                let [left, top, right, bottom] = at.map(|px| px * to_points);
                let area = Rect::from_ltrb(left, top, right, bottom);
                found.extend(area.map(|area| Followed { number, area, address: &link.address }));
            }
        }
    }
    found
}

/// What draws with our faces.
struct Pen {
    fonts: &'static Fonts,
    regular: Font,
    bold: Font,
}

impl Pen {
    fn new() -> Result<Self, Error> {
        let read = |face: &'static [u8]| {
            Font::new(face.into(), 0).ok_or_else(|| Error::Pdf("font".to_owned()))
        };
        let fonts = Fonts::current()?;
        let [regular, bold] = [Weight::Regular, Weight::Bold].map(|weight| fonts.bytes(weight));
        Ok(Self { fonts, regular: read(regular)?, bold: read(bold)? })
    }

    /// Everything that stands on one sheet.
    fn sheet(
        &self,
        surface: &mut Surface<'_>,
        page: &Page,
        sheet: &Sheet,
        (index, structure): (usize, &mut Structure<'_>),
    ) {
        let to_points = A5.0 / length(page.width);
        surface.push_transform(&Transform::from_scale(to_points, to_points));
        surface.push_transform(&sheet.head_transform(length(page.width)));
        self.rows(surface, page, &sheet.head, |surface, _| {
            // It was read where it stands first.
            let again = Artifact::new(ArtifactType::Header, None);
            surface.start_tagged(ContentTag::Artifact(again));
        });
        surface.pop();
        for band in sheet.bands() {
            surface.push_transform(&band.transform(length(page.width)));
            self.rows(surface, page, &band.rows, |surface, number| {
                let top = page.things.get(number).map_or(0, |thing| thing.top);
                structure.begin(surface, number, (index, sheet.point(top, to_points)));
            });
            surface.pop();
        }
        surface.pop();
    }

    /// What of the page stands in these rows, each thing tagged by its number.
    fn rows<'s>(
        &self,
        surface: &mut Surface<'s>,
        page: &Page,
        rows: &Range<u32>,
        mut begin: impl FnMut(&mut Surface<'s>, usize),
    ) {
        let edges = (length(rows.start), length(rows.end));
        let clip = Rect::from_ltrb(0.0, edges.0, length(page.width), edges.1).map(path_of);
        let Some(clip) = clip.filter(|_| !rows.is_empty()) else { return };
        surface.push_clip_path(&clip, &FillRule::NonZero);
        for (number, thing) in page.things.iter().enumerate() {
            let bottom = thing.top.saturating_add(thing.height);
            if thing.top < rows.end && bottom > rows.start {
                begin(surface, number);
                self.thing(surface, thing, rows);
                surface.end_tagged();
            }
        }
        surface.pop();
    }

    /// What of it stands in these rows of the page.
    fn thing(&self, surface: &mut Surface<'_>, thing: &Thing, rows: &Range<u32>) {
        let (top, height) = (length(thing.top), length(thing.height));
        let edges = (length(rows.start), length(rows.end));
        match &thing.what {
            What::Ground { left, width, colour } => {
                let Some(rect) = Rect::from_xywh(length(*left), top, length(*width), height) else {
                    return;
                };
                fill(surface, *colour);
                surface.draw_path(&path_of(rect));
            }
            What::Panel { left, width, radius, border, colour } => {
                let inset = border.unwrap_or(0);
                let path = panel((*left, *width), (thing.top, thing.height), *radius, inset);
                let Some(path) = path.and_then(|path| drawing::outline(&path)) else { return };
                match border {
                    None => fill(surface, *colour),
                    Some(border) => {
                        surface.set_fill(None);
                        surface.set_stroke(Some(Stroke {
                            paint: ink(*colour).into(),
                            width: f32::from(*border),
                            ..Stroke::default()
                        }));
                    }
                }
                surface.draw_path(&path);
                surface.set_stroke(None);
            }
            What::Line { baseline, size, colour, glyphs, .. } => {
                fill(surface, *colour);
                self.line(surface, glyphs, top + f32::from(*baseline), f32::from(*size) / 10.0);
            }
            What::Drawing(drawing) => {
                surface.push_transform(&Transform::from_translate(0.0, top));
                drawing::draw(surface, drawing, &(edges.0 - top..edges.1 - top));
                surface.pop();
            }
            What::Emblem { left, emblem } => {
                surface.push_transform(&Transform::from_translate(length(*left), top));
                drawing::emblem(surface, emblem, thing.height);
                surface.pop();
            }
        }
    }

    /// Glyphs of one face after the other, each where the composer put it.
    fn line(&self, surface: &mut Surface<'_>, glyphs: &[Glyph], baseline: f32, size: f32) {
        for run in glyphs.chunk_by(|a, b| a.weight == b.weight) {
            let Some(first) = run.first() else { continue };
            let (font, metrics) = self.face(first.weight);
            let text: String = run.iter().map(|glyph| glyph.character).collect();
            let mut start = 0;
            let set: Vec<KrillaGlyph> = run
                .iter()
                .enumerate()
                .map(|(index, glyph)| {
                    let advance =
                        run.get(index + 1).map_or(1.0, |next| tenths(next.x - glyph.x) / size);
                    let end = start + glyph.character.len_utf8();
                    let range = start..end;
                    start = end;
                    let id = GlyphId::new(u32::from(metrics.glyph(glyph.character)));
                    KrillaGlyph::new(id, advance, 0.0, 0.0, 0.0, range, None)
                })
                .collect();
            let from = Point::from_xy(tenths(first.x), baseline);
            surface.draw_glyphs(from, &set, font.clone(), &text, size, false);
        }
    }

    fn face(&self, weight: Weight) -> (&Font, &Metrics) {
        let font = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        (font, self.fonts.metrics(weight))
    }

    /// What a chart is called that goes on on this sheet, in the middle above: its own headline is sheets away.
    fn continued(&self, surface: &mut Surface<'_>, page: &Page, sheet: &Sheet) {
        let Some(drawing) = sheet.continued(page) else { return };
        let width = |text: &str| self.width(text);
        let most = i32::from(sheets::WIDTH) * 10 * CONTINUED_PERCENT / 100;
        let mut name = drawing.title.clone();
        let mut end = "（续）";
        while width(&name) + width(end) > most && name.pop().is_some() {
            end = "…（续）";
        }
        self.small(surface, &(name + end), CONTINUED_AT, ArtifactType::Header);
    }

    /// Which sheet of how many, in the middle of the foot.
    fn number(&self, surface: &mut Surface<'_>, number: usize, of: usize) {
        let text = format!("{number} / {of}");
        self.small(surface, &text, HEIGHT - NUMBER_ABOVE, ArtifactType::PageNumber);
    }

    /// Of small type, in tenths of a px.
    fn width(&self, text: &str) -> i32 {
        self.fonts.metrics(Weight::Regular).width(text, i32::from(NUMBER_SIZE) * 10)
    }

    /// A line that is not part of the text, in the middle of the sheet.
    fn small(&self, surface: &mut Surface<'_>, text: &str, baseline: f32, kind: ArtifactType) {
        let mut x = (i32::from(sheets::WIDTH) * 10 - self.width(text)) / 2;
        let mut glyphs = vec![];
        for character in text.chars() {
            glyphs.push(Glyph { character, weight: Weight::Regular, x });
            x += self.width(character.encode_utf8(&mut [0; 4]));
        }
        let to_points = A5.0 / f32::from(sheets::WIDTH);
        surface.start_tagged(ContentTag::Artifact(Artifact::new(kind, None)));
        surface.push_transform(&Transform::from_scale(to_points, to_points));
        fill(surface, MUTED);
        self.line(surface, &glyphs, baseline, f32::from(NUMBER_SIZE));
        surface.pop();
        surface.end_tagged();
    }
}

fn fill(surface: &mut Surface<'_>, colour: RGBColor) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: ink(colour).into(), ..Fill::default() }));
}

fn ink(RGBColor(red, green, blue): RGBColor) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn path_of(rect: Rect) -> Path {
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    // A rectangle is always a path.
    path.finish().unwrap_or_else(|| unreachable!())
}
