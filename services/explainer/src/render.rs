//! From a draft and its files to the rendered members. Pure: the same input gives the same bytes.

mod download;
mod face;
mod pictures;
mod refusal;
mod shown;

use std::{
    collections::BTreeMap,
    sync::LazyLock,
    sync::atomic::{AtomicUsize, Ordering},
};

use handlebars::Handlebars;
use lockstep_gate::{
    bundle::{self, Cell, Row, Table, read_table},
    codes::{self, At as _},
};
use lockstep_proto::{
    finding::Finding,
    ids::ChartId,
    manifest::{Agencies, Cells, ChartSpec, Manifest, Role},
};
use serde_json::json;

use crate::{
    chart::{
        self, Chart, Undrawable, Width,
        figure::{grouped, shares_of, without_unit},
    },
    long::HEIGHT_MAX,
    page::{Drawing, Page},
    text,
    theme::Theme,
};
use pictures::Picture;
use refusal::{illegible, too_high, undrawable, unpaintable};

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
const SVG: &str = "image/svg+xml";

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
    let steps = Steps::of(draft, watch);
    let Composed { mut outputs, pictures, long, warnings } = compose(draft, files, theme, &steps)?;
    for output in outputs.iter_mut().filter(|output| output.media_type == HTML) {
        let kind = if output.role == Role::PolicyFragment { "policy" } else { "interpretation" };
        let html = String::from_utf8_lossy(&output.bytes);
        let style = face::style(kind, &html, theme)
            .map_err(|error| vec![unpaintable(&output.path, &error)])?;
        output.bytes.extend_from_slice(style.as_bytes());
    }
    if let Some(page) = &long {
        let brochure = pictures::brochure(page, &draft.agencies.publishing);
        outputs.push(brochure.map_err(|finding| vec![finding])?);
        steps.advance();
    }
    let long = long.filter(|page| page.height <= HEIGHT_MAX);
    let long = long.map(|page| Picture {
        path: "rendered/long.png".to_owned(),
        role: Role::LongPicture,
        page,
    });
    let pictures: Vec<_> = pictures.into_iter().chain(long).collect();
    outputs.extend(pictures::paint(&pictures, &steps).map_err(|finding| vec![finding])?);
    Ok(Rendered { outputs, warnings })
}

/// One chart of a draft alone, as SVG and PNG, or what keeps it from being drawn; none where there is no such chart.
pub fn render_chart(
    draft: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    id: &str,
) -> Option<Result<Vec<Output>, Vec<Finding>>> {
    let spec = draft.charts.iter().find(|spec| spec.id.as_str() == id)?;
    let draw = || {
        let drawn = draw(spec, files).map_err(|finding| vec![finding])?;
        let (output, picture) = members(spec, &drawn);
        let painted = pictures::paint(&[picture], &Steps::of(draft, &|_, _| {}));
        let painted = painted.map_err(|finding| vec![finding])?;
        Ok(std::iter::once(output).chain(painted).collect())
    };
    Some(draw())
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
    long: Option<Page>,
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
    let (mut figures, mut drawings) = (BTreeMap::new(), vec![]);
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
        match pictures::long(draft, (member, files), &drawings, theme) {
            Err(unset) => warnings.extend(unset),
            Ok(page) => {
                warnings.extend((page.height > HEIGHT_MAX).then(|| too_high(&member.path)));
                warnings.extend(illegible(&page, &member.path, &drawings));
                long = Some(page);
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

/// A chart's members: one of its own, and one that is still to be painted.
fn members(spec: &ChartSpec, drawn: &Drawn) -> (Output, Picture) {
    let output = Output {
        path: format!("rendered/charts/{}.svg", spec.id),
        role: Role::Chart,
        media_type: SVG,
        bytes: drawn.svg.clone().into_bytes(),
    };
    let picture = Picture {
        path: format!("rendered/charts/{}.png", spec.id),
        role: Role::ChartPicture,
        page: drawn.large.clone().into_page(),
    };
    (output, picture)
}

/// A text without the mark that some programs put first.
fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned()
}

fn is_markdown(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "md")
}

/// What is made of one chart.
struct Drawn {
    /// As a file of its own.
    svg: String,
    /// As it stands in the page.
    figure: String,
    /// As pictures have it.
    large: Drawing,
}

fn draw(spec: &ChartSpec, files: &BTreeMap<String, Vec<u8>>) -> Result<Drawn, Finding> {
    let bytes = files
        .get(&spec.data)
        .ok_or_else(|| codes::NO_FILE.about(&spec.data).in_member(&spec.data))?;
    let read = read_table(spec, bytes)?;
    let table = printed(&read, spec.kind.cells());
    let draw = |name: &str, width: Width| {
        draw_one(spec, &table, name, width).map_err(|error| undrawable(spec, error, bytes))
    };
    // A phone gets a drawing of its own: the wide one's words would be too small there.
    let svg = draw("wide", Width::Desk720)?;
    let narrow = draw("narrow", Width::Phone360)?;
    let large = Drawing::read(&draw("large", Width::Long1080)?)
        .map_err(|error| unpaintable(spec.id.as_str(), &error))?;
    let shares = shares_of(spec.kind, &spec.unit, &table);
    let shown = |(cell, share): (&Cell, &Option<String>)| match share {
        Some(share) => format!("{}（{share}）", cell.text),
        None => cell.text.clone(),
    };
    let rows: Vec<_> = table
        .rows
        .iter()
        .zip(&shares)
        .map(|(row, shares)| {
            let cells: Vec<_> = row.cells.iter().zip(shares).map(shown).collect();
            json!({ "label": row.label, "cells": cells })
        })
        .collect();
    // 2026年 is not broken; a longer name may be.
    let named = |name: &String| {
        let unit = download::with_unit(name, &spec.unit);
        json!({ "name": name, "short": name.chars().count() <= 6, "unit": unit })
    };
    let series: Vec<_> = table.series.iter().map(named).collect();
    let figure = fill(
        "chart",
        &json!({
            "id": spec.id,
            "wide": svg,
            "narrow": narrow,
            "subtitle": without_unit(&spec.subtitle, &spec.unit),
            "unit": spec.unit,
            "category": spec.category,
            "series": series,
            "figures": spec.kind.cells() != Cells::Words,
            "rows": rows,
            "csv": download::link(&spec.category, &spec.unit, &read),
        }),
    )?;
    Ok(Drawn { svg, figure, large })
}

/// The same with its figures as people read them.
fn printed(table: &Table, cells: Cells) -> Table {
    let text = |cell: &Cell| match cell.value {
        Some(_) => grouped(&cell.text),
        None if cells == Cells::Words && !cell.text.is_empty() => cell.text.clone(),
        None => "—".to_owned(),
    };
    let cell = |cell: &Cell| Cell { text: text(cell), value: cell.value };
    let row =
        |row: &Row| Row { label: row.label.clone(), cells: row.cells.iter().map(cell).collect() };
    Table { series: table.series.clone(), rows: table.rows.iter().map(row).collect() }
}

fn draw_one(
    spec: &ChartSpec,
    table: &Table,
    name: &str,
    width: Width,
) -> Result<String, Undrawable> {
    let id = format!("chart-{}-{name}", spec.id);
    let chart = Chart {
        id: &id,
        kind: spec.kind,
        headline: &spec.headline,
        subtitle: &spec.subtitle,
        unit: &spec.unit,
        source: &spec.source,
        table,
    };
    chart::draw(&chart, width)
}

fn fragment(
    (kind, path): (&str, &str),
    source: &[u8],
    figures: &BTreeMap<ChartId, String>,
    agencies: &Agencies,
) -> Result<String, Finding> {
    let source = &text_of(source);
    let body = if is_markdown(path) {
        text::from_markdown(source, figures)
            .map_err(|unknown| codes::NO_CHART.about(format!("chart:{unknown}")).in_member(path))?
    } else {
        text::Body { html: text::from_plain(source), placed: vec![] }
    };
    let body = body.placed_as_document(agencies);
    if !has_words(&body.html) {
        return Err(codes::EMPTY_TEXT.about("无可见文字 no visible words").in_member(path));
    }
    // A chart that no text places stands at the end.
    let left: Vec<_> =
        figures.iter().filter(|(id, _)| !body.placed.contains(id)).map(|(_, html)| html).collect();
    fill("text", &json!({ "kind": kind, "body": body.html, "charts": left }))
}

/// Letters that stand for nothing and are drawn as nothing: Unicode's `Default_Ignorable` ones.
const BLANK_LETTERS: [char; 6] =
    ['\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{3164}', '\u{ffa0}'];

/// Whether a reader would see any letter or digit: link definitions, pictures from elsewhere,
/// signs that HTML escapes and invisible characters leave a text empty.
fn has_words(html: &str) -> bool {
    // What ends the tag or the escape that we are in.
    let mut end = None;
    html.chars().any(|c| {
        let was_in = end.is_some();
        end = match (end, c) {
            (None, '<') => Some('>'),
            (None, '&') => Some(';'),
            (end, c) => end.filter(|end| *end != c),
        };
        !was_in && c.is_alphanumeric() && !BLANK_LETTERS.contains(&c)
    })
}

fn fill(template: &str, context: &serde_json::Value) -> Result<String, Finding> {
    let broken = |error: &str| codes::BAD_DATA.about(format!("页面无法制作 no page: {error}"));
    let templates = TEMPLATES.as_ref().map_err(|error| broken(error))?;
    templates.render(template, context).map_err(|error| broken(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use lockstep_proto::manifest::ChartKind;

    use super::*;

    fn agencies() -> Agencies {
        Agencies {
            drafting: vec!["示例局办公室".to_owned()],
            issuing: vec!["示例局".to_owned()],
            lead: None,
            joint: vec![],
            publishing: "示例局".to_owned(),
        }
    }

    #[test]
    fn a_policy_looks_like_a_document() {
        let source = "# 关于甲的通知\n\n{{文号}}\n\n各科室：\n\n## 一、乙\n\n丙。\n\n\
            示例局\n\n{{成文日期}}\n\n（此件公开发布）\n";
        let plain = source.replace(['#', ' '], "");
        let make = |path: &str, source: &str| {
            fragment(("policy", path), source.as_bytes(), &BTreeMap::new(), &agencies()).unwrap()
        };
        let expected = "<section class=\"text policy\">\n<h2>关于甲的通知</h2>\n\
            <p class=\"number\">{{文号}}</p>\n<p>各科室：</p>\n<h3>一、乙</h3>\n<p>丙。</p>\n\
            <p class=\"signed\">示例局</p>\n<p class=\"signed\">{{成文日期}}</p>\n\
            <p>（此件公开发布）</p>\n</section>\n";
        assert_eq!(make("policy.md", source), expected);
        assert_eq!(make("policy.txt", &plain), expected.replace("h3>", "p>"));
    }

    #[test]
    fn a_text_that_renders_to_nothing_is_refused() {
        const EMPTY: [&str; 12] = [
            "[解读]: https://example.org",
            "![](http://example.org/x)",
            "[&#8203;](https://example.org)",
            "---\n\n&shy;",
            "&",
            "\"<",
            "\u{200b}\u{fe0f}\u{200d}",
            "\u{2800}",
            "\u{3164}",
            "\u{115f}\u{1160}\u{ffa0}",
            "\u{17b4}\u{17b5}",
            "\u{e0041}\u{1d173}",
        ];
        let make = |path: &str, source: &str| {
            let of = ("interpretation", path);
            fragment(of, source.as_bytes(), &BTreeMap::new(), &agencies())
        };
        for source in EMPTY {
            assert_eq!(make("i.md", source).unwrap_err().code, "TS006", "{source:?}");
        }
        for source in ["&", "\u{3164}"] {
            assert_eq!(make("i.txt", source).unwrap_err().code, "TS006", "{source:?}");
        }
        for source in ["&#20013;", "解", "1"] {
            make("i.md", source).unwrap();
        }
    }

    #[test]
    fn a_share_that_is_drawn_is_told_to_those_who_read_the_table() {
        let spec: ChartSpec = serde_json::from_value(json!({
            "id": "a", "kind": "donut", "headline": "甲", "subtitle": "", "unit": "所", "source": "",
            "data": "a.csv", "category": "项", "value": ["数"],
        }))
        .unwrap();
        let data = "项,数,民办\n甲,42,84\n乙,112,70\n".as_bytes().to_vec();
        let files = |spec: &ChartSpec| BTreeMap::from([(spec.data.clone(), data.clone())]);
        let Drawn { svg, figure, .. } = draw(&spec, &files(&spec)).unwrap();
        assert!(svg.contains("甲为42所（27.3%）；乙为112所（72.7%）"), "{svg}");
        assert!(figure.contains("<td>42（27.3%）</td>"), "{figure}");
        let values = vec!["数".to_owned(), "民办".to_owned()];
        let full = ChartSpec { kind: ChartKind::FullBar, values, ..spec };
        let Drawn { svg, figure, .. } = draw(&full, &files(&full)).unwrap();
        assert!(svg.contains("甲：数42所（33.3%），民办84所（66.7%）"), "{svg}");
        assert!(figure.contains("<td>84（66.7%）</td>"), "{figure}");
        // The file is the data.
        let file = figure.split_once("base64,").and_then(|(_, rest)| rest.split('"').next());
        let file = base64::engine::general_purpose::STANDARD.decode(file.unwrap()).unwrap();
        assert!(String::from_utf8(file).unwrap().contains("甲,42,84"));
    }

    /// One chart of these data, its values all columns but the first.
    fn drawn(kind: &str, unit: &str, data: &str) -> Drawn {
        let head: Vec<&str> = data.lines().next().unwrap().split(',').collect();
        let spec: ChartSpec = serde_json::from_value(json!({
            "id": "a", "kind": kind, "headline": "甲", "subtitle": "", "unit": unit, "source": "",
            "data": "a.csv", "category": head[0], "value": &head[1..],
        }))
        .unwrap();
        draw(&spec, &BTreeMap::from([(spec.data.clone(), data.as_bytes().to_vec())])).unwrap()
    }

    #[test]
    fn a_unit_is_said_once() {
        let data = "年度,参保人数（万人）,缴费人数\n2024年,10,8\n2025年,12,9\n";
        let Drawn { svg, figure, .. } = drawn("grouped_bar", "万人", data);
        assert!(figure.contains(">参保人数（万人）</th>"), "{figure}");
        assert!(
            figure.contains(">缴费人数<span class=\"unbroken\">（万人）</span></th>"),
            "{figure}"
        );
        assert!(!svg.contains("参保人数（万人）") && svg.contains("参保人数10万人"), "{svg}");
    }

    #[test]
    fn rounded_shares_are_a_whole() {
        let data = "行业,占比\n甲,35.2\n乙,21.4\n丙,16.8\n丁,12.1\n戊,8.3\n己,6.3\n";
        let Drawn { svg, .. } = drawn("donut", "%", data);
        assert!(svg.contains(">100%<") && !svg.contains("100.1"), "{svg}");
    }

    #[test]
    fn dates_of_a_spreadsheet_are_written_as_people_do() {
        let data = "任务,开始,结束\n甲,2026-03-10,2026-05-20\n乙,2026/1,2026-12-31\n丙,2026-3-1,2026-3-1\n";
        let Drawn { svg, .. } = drawn("gantt", "", data);
        for said in ["2026年3月10日—5月20日", "2026年1月—12月31日", ">2026年3月1日<"]
        {
            assert!(svg.contains(said), "{said}: {svg}");
        }
        assert!(!svg.contains("fill=\"#5b6676\">2026-"), "{svg}");
    }

    #[test]
    fn a_chart_that_cannot_be_drawn_is_told_of_in_each_language_alone() {
        let spec = ChartSpec {
            id: "spending".parse().unwrap(),
            kind: ChartKind::Bar,
            headline: " ".to_owned(),
            subtitle: String::new(),
            unit: String::new(),
            source: String::new(),
            data: "data/spending.csv".to_owned(),
            category: "学段".to_owned(),
            values: vec!["元".to_owned()],
        };
        let cells = vec![Cell { text: "1".to_owned(), value: Some(1.0) }];
        let rows = vec![Row { label: "小学".to_owned(), cells }];
        let table = Table { series: spec.values.clone(), rows };
        let error = draw_one(&spec, &table, "wide", Width::Desk720).unwrap_err();
        let data = "学段,元\n\n小学,1\n".as_bytes();
        let finding = undrawable(&spec, error, data);
        assert_eq!(finding.message, "图表数据无法使用：spending：标题为空");
        assert_eq!(
            finding.message_en,
            "chart data cannot be used: spending: the headline is empty"
        );
        // A row is the line that a person sees in the file.
        let why = ["过小", "is too small"];
        let row =
            undrawable(&spec, Undrawable::Row { row: 1, label: "小学".to_owned(), why }, data);
        assert_eq!(row.line, Some(3));
        assert!(row.message.ends_with("第 3 行（小学）过小"), "{}", row.message);
        assert!(row.message_en.ends_with("row 3 (小学): is too small"), "{}", row.message_en);
    }
}
