//! From a draft and its files to the rendered members. Pure: the same input gives the same bytes.

mod chart;
mod data;
mod download;
mod face;
mod fragment;
mod pictures;
mod refusal;
mod shown;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
    sync::atomic::{AtomicUsize, Ordering},
};

use handlebars::Handlebars;
use lockstep_gate::{bundle, codes};
use lockstep_proto::{
    finding::Finding,
    manifest::{ChartSpec, Manifest, Role},
};

use crate::{long::HEIGHT_MAX, theme::Theme};
use chart::{draw, members};
use fragment::{fragment, text_of};
use pictures::{Pages, Picture};
use refusal::{illegible, too_high, unpaintable};

/// What a draft was rendered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// What was made.
    pub outputs: Vec<Output>,
    /// What was left out, and why: these block nothing.
    pub warnings: Vec<Finding>,
}

/// One rendered member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its path within the bundle.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// IANA media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

const HTML: &str = "text/html; charset=utf-8";

/// The templates; they are part of this program, so a mistake in them shows in every test.
static TEMPLATES: LazyLock<Result<Handlebars<'static>, String>> = LazyLock::new(|| {
    let mut templates = Handlebars::new();
    for (name, text) in [
        ("text", include_str!("../templates/text.hbs")),
        ("chart", include_str!("../templates/chart.hbs")),
    ] {
        templates.register_template_string(name, text).map_err(|error| error.to_string())?;
    }
    Ok(templates)
});

/// Everything that is rendered from a draft under a theme, or what keeps it from being rendered. The typeface is
/// the one that this process took by [`Theme::install`], or else the embedded one: it is the process's, so install a
/// theme before anything is rendered under it.
pub fn render(
    draft: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    theme: &Theme,
) -> Result<Rendered, Vec<Finding>> {
    render_watched(draft, files, theme, &|_, _| {})
}

/// The same; tells after each step how many are done, and of how many at most.
pub fn render_watched(
    draft: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    theme: &Theme,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Rendered, Vec<Finding>> {
    let repeated = repeated_ids(&draft.charts);
    if !repeated.is_empty() {
        return Err(repeated);
    }
    let steps = Steps::of(draft, watch);
    let Composed { mut outputs, pictures, long, warnings } = compose(draft, files, theme, &steps)?;
    for output in outputs.iter_mut().filter(|output| output.media_type == HTML) {
        let kind = if output.role == Role::PolicyFragment { "policy" } else { "interpretation" };
        let html = String::from_utf8_lossy(&output.bytes);
        let style = face::style(kind, &html, theme)
            .map_err(|error| vec![unpaintable(&output.path, &error)])?;
        output.bytes.extend_from_slice(style.as_bytes());
    }
    if let Some(pages) = &long {
        let brochure = pictures::brochure(pages.brochure(), &draft.agencies.publishing);
        outputs.push(brochure.map_err(|finding| vec![finding])?);
        steps.advance();
    }
    let long = long.map(|pages| pages.long).filter(|page| page.height <= HEIGHT_MAX);
    let long = long.map(|page| Picture {
        path: "rendered/long.png".to_owned(),
        role: Role::LongPicture,
        page,
    });
    let pictures: Vec<_> = pictures.into_iter().chain(long).collect();
    outputs.extend(pictures::paint(&pictures, &steps).map_err(|finding| vec![finding])?);
    Ok(Rendered { outputs, warnings })
}

/// A style for a page that shows a fragment, by its class, to those who draft it: then no word of the page's own is a row
/// of boxes where the machine has no Chinese typeface. It goes behind the fragment, in the same page.
pub fn frame_style(kind: &str, page: &str, fragment: &str) -> Result<String, Finding> {
    face::frame(kind, page, fragment).map_err(|error| unpaintable("preview", &error))
}

/// One chart of a draft alone, as SVG and PNG, or what keeps it from being drawn; none where there is no such chart.
pub fn render_chart(
    draft: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    id: &str,
) -> Option<Result<Vec<Output>, Vec<Finding>>> {
    let spec = draft.charts.iter().find(|spec| spec.id.as_str() == id)?;
    if draft.charts.iter().filter(|spec| spec.id.as_str() == id).count() > 1 {
        return Some(Err(repeated_ids(&draft.charts)));
    }
    let draw = || {
        let drawn = draw(spec, files).map_err(|finding| vec![finding])?;
        let (output, picture) = members(spec, &drawn);
        let painted = pictures::paint(&[picture], &Steps::of(draft, &|_, _| {}));
        let painted = painted.map_err(|finding| vec![finding])?;
        Ok(std::iter::once(output).chain(painted).collect())
    };
    Some(draw())
}

/// TS113 for charts of one id, of which one file would be written over the other. Who examines a draft has it from the
/// gate's own rule.
fn repeated_ids(charts: &[ChartSpec]) -> Vec<Finding> {
    let mut known = BTreeSet::new();
    let repeated = charts.iter().filter(|spec| !known.insert(spec.id.as_str()));
    // As the gate says it, so that its place in bundle.toml is found.
    let told = |spec: &ChartSpec| {
        codes::MANIFEST
            .about(format_args!("图表 chart {}：编号重复 the id repeats", spec.id.as_str()))
    };
    repeated.map(told).collect()
}

/// What would keep a draft from being rendered, or what it would lack. Nothing is painted: that takes
/// the most time, and what can be composed can be painted.
pub fn examine(draft: &Manifest, files: &BTreeMap<String, Vec<u8>>, theme: &Theme) -> Vec<Finding> {
    let composed = compose(draft, files, theme, &Steps::of(draft, &|_, _| {}));
    composed.map_or_else(|findings| findings, |composed| composed.warnings)
}

/// What is done of a rendering, for who waits.
struct Steps<'w> {
    done: AtomicUsize,
    of: usize,
    watch: &'w (dyn Fn(usize, usize) + Sync),
}

impl<'w> Steps<'w> {
    /// Each chart drawn and painted, the long picture composed and painted, the brochure.
    fn of(draft: &Manifest, watch: &'w (dyn Fn(usize, usize) + Sync)) -> Self {
        Self { done: AtomicUsize::new(0), of: draft.charts.len() * 2 + 3, watch }
    }

    fn advance(&self) {
        (self.watch)(self.done.fetch_add(1, Ordering::Relaxed) + 1, self.of);
    }
}

/// What there is before pictures are painted.
struct Composed {
    outputs: Vec<Output>,
    pictures: Vec<Picture>,
    /// The page of the brochure, and of the long picture where it is not too high for one.
    long: Option<Pages>,
    /// Why there is no long picture, without which the texts are released, or what is too small in print.
    warnings: Vec<Finding>,
}

/// No more is said of one kind than helps.
fn compose(
    draft: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    theme: &Theme,
    steps: &Steps<'_>,
) -> Result<Composed, Vec<Finding>> {
    let mut composed = compose_all(draft, files, theme, steps).map_err(bundle::count_alike)?;
    composed.warnings = bundle::count_alike(composed.warnings);
    Ok(composed)
}

fn compose_all(
    draft: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    theme: &Theme,
    steps: &Steps<'_>,
) -> Result<Composed, Vec<Finding>> {
    let (mut outputs, mut pictures, mut warnings) = (vec![], vec![], vec![]);
    let mut long = None;
    let (mut figures, mut drawings, mut data) = (BTreeMap::new(), vec![], vec![]);
    let mut findings = bundle::check_fixed(&draft.metadata, &draft.agencies, &draft.charts);
    if !findings.is_empty() {
        return Err(findings);
    }
    for spec in &draft.charts {
        match draw(spec, files) {
            Err(finding) => findings.push(finding),
            Ok(drawn) => {
                let (output, picture) = members(spec, &drawn);
                outputs.push(output);
                pictures.push(picture);
                drawings.push((spec.id.clone(), drawn.large));
                data.extend(drawn.data.map(|data| (spec.id.clone(), data)));
                figures.insert(spec.id.clone(), drawn.figure);
            }
        }
        steps.advance();
    }
    // A text that places a chart which cannot be drawn would be told that there is none.
    if !findings.is_empty() {
        return Err(findings);
    }
    for (role, rendered, kind) in [
        (Role::Policy, Role::PolicyFragment, "policy"),
        (Role::Interpretation, Role::InterpretationFragment, "interpretation"),
    ] {
        let Some(member) = draft.members_of(role).next() else { continue };
        let source = files.get(&member.path).map(Vec::as_slice).unwrap_or_default();
        // Charts belong to the interpretation; the policy's text is the policy's text.
        let figures = if role == Role::Interpretation { &figures } else { &BTreeMap::new() };
        match fragment((kind, &member.path), source, figures, &draft.agencies) {
            Err(finding) => findings.push(finding),
            Ok(html) => {
                let of = (role, member.path.as_str());
                findings.extend(shown::check(of, &text_of(source), &html));
                outputs.push(Output {
                    path: format!("rendered/{kind}.html"),
                    role: rendered,
                    media_type: HTML,
                    bytes: html.into_bytes(),
                });
            }
        }
    }
    if let Some(member) = draft.members_of(Role::Interpretation).next() {
        match pictures::long(draft, (member, files), (&drawings, &data), theme) {
            Err(unset) => warnings.extend(unset),
            Ok(pages) => {
                warnings.extend((pages.long.height > HEIGHT_MAX).then(|| too_high(&member.path)));
                warnings.extend(illegible(pages.brochure(), &member.path, &drawings));
                long = Some(pages);
            }
        }
        steps.advance();
    }
    if findings.is_empty() {
        Ok(Composed { outputs, pictures, long, warnings })
    } else {
        Err(findings)
    }
}

fn fill(template: &str, context: &serde_json::Value) -> Result<String, Finding> {
    let broken = |error: &str| codes::BAD_DATA.about(format!("页面无法制作 no page: {error}"));
    let templates = TEMPLATES.as_ref().map_err(|error| broken(error))?;
    templates.render(template, context).map_err(|error| broken(&error.to_string()))
}

#[cfg(test)]
mod tests;
