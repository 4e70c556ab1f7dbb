//! What stands where in a drawing.

use std::error::Error;

use lockstep_explainer::font::{Fonts, Weight};

/// A rectangle in px.
#[derive(Debug)]
pub(crate) struct Area {
    pub(crate) what: String,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Area {
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn number(tag: &str, name: &str) -> Result<f64, Box<dyn Error>> {
    let value = attribute(tag, name).ok_or_else(|| format!("no {name} in {tag}"))?;
    Ok(value.parse()?)
}

/// Escaped text as a viewer shows it.
fn shown(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&amp;", "&")
}

/// The em boxes of all texts, by the widths of the embedded font.
pub(crate) fn texts(svg: &str) -> Result<Vec<Area>, Box<dyn Error>> {
    let mut areas = Vec::new();
    for line in svg.lines().filter(|line| line.starts_with("<text")) {
        let (tag, rest) = line.split_once('>').ok_or("a tag without an end")?;
        let what = shown(rest.trim_end_matches("</text>"));
        let weight = match attribute(tag, "font-weight") {
            Some(_) => Weight::Bold,
            None => Weight::Regular,
        };
        let (x, y, size) = (number(tag, "x")?, number(tag, "y")?, number(tag, "font-size")?);
        let width =
            f64::from(Fonts::embedded()?.metrics(weight).width(&what, 1000)) * size / 1000.0;
        let left = match attribute(tag, "text-anchor") {
            Some("end") => x - width,
            Some("middle") => x - width / 2.0,
            _ => x,
        };
        let (top, bottom) = (y - 0.88 * size, y + 0.12 * size);
        areas.push(Area { what, left, top, right: left + width, bottom });
    }
    Ok(areas)
}

/// The bars; the first rectangle is the ground they stand on.
pub(crate) fn bars(svg: &str) -> Result<(Area, Vec<Area>), Box<dyn Error>> {
    let mut areas = Vec::new();
    for tag in svg.lines().filter(|line| line.starts_with("<rect")) {
        let (left, top) = (number(tag, "x")?, number(tag, "y")?);
        let (right, bottom) = (left + number(tag, "width")?, top + number(tag, "height")?);
        areas.push(Area { what: tag.to_owned(), left, top, right, bottom });
    }
    if areas.is_empty() {
        return Err("no ground".into());
    }
    Ok((areas.remove(0), areas))
}
