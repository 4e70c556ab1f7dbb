//! Every kind of chart, as the gallery shows it and as nobody would draw it.

use std::cell::Cell;
use std::error::Error;
use std::path::Path;

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_explainer::gallery;
use lockstep_gate::bundle::{self, Row, Rules, Submission, Table, read_table};
use lockstep_proto::manifest::{Cells, ChartKind, ChartSpec};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::WIDTHS;
use super::svg::texts;

/// Every kind there is.
const KINDS: [ChartKind; 19] = [
    ChartKind::Bar,
    ChartKind::Column,
    ChartKind::GroupedColumn,
    ChartKind::StackedColumn,
    ChartKind::FullColumn,
    ChartKind::GroupedBar,
    ChartKind::StackedBar,
    ChartKind::FullBar,
    ChartKind::Line,
    ChartKind::Area,
    ChartKind::SmallMultiples,
    ChartKind::Donut,
    ChartKind::Slope,
    ChartKind::Range,
    ChartKind::Heat,
    ChartKind::Cards,
    ChartKind::Gantt,
    ChartKind::Compare,
    ChartKind::Flow,
];

pub(super) fn charts() -> Result<Vec<(ChartSpec, Table)>, Box<dyn Error>> {
    let files = gallery::files();
    let content = match bundle::read_under(Rules::default(), &files) {
        Ok(content) => content,
        Err(unfit) => *unfit.content.ok_or_else(|| format!("{:?}", unfit.findings))?,
    };
    let draft = content.draft(Submission {
        bundle: "gallery".parse()?,
        revision: 1,
        submission: "gallery".parse()?,
        revises: None,
        after_dark: None,
        submitters: vec![],
    });
    let read = |spec: ChartSpec| {
        let bytes = files.get(&spec.data).ok_or("no data")?;
        let table = read_table(&spec, bytes).map_err(|found| format!("{found:?}"))?;
        Ok((spec, table))
    };
    draft.charts.into_iter().map(read).collect()
}

fn draw_one(spec: &ChartSpec, table: &Table, width: Width) -> Result<String, Undrawable> {
    let chart = Chart {
        id: spec.id.as_str(),
        kind: spec.kind,
        headline: &spec.headline,
        subtitle: &spec.subtitle,
        unit: &spec.unit,
        source: &spec.source,
        table,
    };
    draw(&chart, width)
}

#[test]
fn the_gallery_has_every_kind_and_is_a_bundle_whose_charts_pass() -> Result<(), Box<dyn Error>> {
    let charts = charts()?;
    let reference = include_str!("../../../../docs/bundle.md");
    for kind in KINDS {
        let name = serde_json::to_value(kind)?;
        let name = name.as_str().ok_or("no name")?;
        assert!(reference.contains(&format!(" {name} | ")), "{name} is not in docs/bundle.md");
        assert!(charts.iter().any(|(spec, _)| spec.kind == kind), "{kind:?}");
    }
    let findings = match bundle::read(&gallery::files()) {
        Ok(content) => content.warnings,
        Err(findings) => findings,
    };
    let of_charts = ["TS007", "TS008", "TS123", "TS124"];
    let found: Vec<_> = findings.iter().filter(|f| of_charts.contains(&f.code.as_str())).collect();
    assert!(found.is_empty(), "{found:?}");
    Ok(())
}

#[test]
fn the_gallery_is_drawn_as_accepted() -> Result<(), Box<dyn Error>> {
    let bless = std::env::var_os("LOCKSTEP_BLESS").is_some_and(|value| value == "1");
    for (spec, table) in charts()? {
        for (name, width) in WIDTHS {
            let drawn = draw_one(&spec, &table, width)?;
            let file = format!("tests/golden/gallery-{}-{name}.svg", spec.id);
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
            if bless {
                std::fs::write(&path, &drawn)?;
            }
            let accepted = std::fs::read_to_string(&path)?;
            assert!(drawn == accepted, "{file} differs; look at it, then LOCKSTEP_BLESS=1");
        }
    }
    Ok(())
}

/// Fills and strokes of a drawing, but for its words.
fn colours(svg: &str) -> Vec<&str> {
    let marks = svg.lines().filter(|line| line.starts_with('<') && !line.starts_with("<text"));
    marks
        .flat_map(|line| {
            [" fill=\"", " stroke=\""]
                .into_iter()
                .filter_map(|key| line.split_once(key)?.1.split('"').next())
        })
        .filter(|colour| colour.starts_with('#'))
        .collect()
}

/// WCAG 2.2, relative luminance.
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let part = colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let part = f64::from(part.unwrap_or(255)) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

/// WCAG 2.2, 1.4.11: what tells a series has 3 to 1 and more on its ground. Paler are only grounds, lines of scales, and
/// what has a darker edge.
#[test]
fn marks_of_series_are_seen_on_their_ground() -> Result<(), Box<dyn Error>> {
    const GROUNDS: [&str; 4] = ["#ffffff", "#e3e7ec", "#9aa5b1", "#f3f6f9"];
    for (spec, table) in charts()? {
        use ChartKind::{Area, Compare, Flow, Heat};
        // The area's edge is its line; the others tell no series by colour.
        if matches!(spec.kind, Area | Compare | Flow | Heat) {
            continue;
        }
        for (name, width) in WIDTHS {
            let svg = draw_one(&spec, &table, width)?;
            for colour in colours(&svg).into_iter().filter(|colour| !GROUNDS.contains(colour)) {
                let contrast = (luminance("#f3f6f9") + 0.05) / (luminance(colour) + 0.05);
                assert!(contrast >= 3.0, "{} at {name}: {colour} {contrast}", spec.id);
            }
        }
    }
    Ok(())
}

#[test]
fn no_text_of_the_gallery_overlaps_another_or_leaves_the_canvas() -> Result<(), Box<dyn Error>> {
    for (spec, table) in charts()? {
        for (name, width) in WIDTHS {
            let svg = draw_one(&spec, &table, width)?;
            check_texts(&svg).map_err(|why| format!("{} at {name}: {why}", spec.id))?;
        }
    }
    Ok(())
}

/// That no two texts overlap and none leaves the canvas.
pub(super) fn check_texts(svg: &str) -> Result<(), Box<dyn Error>> {
    let (_, rest) = svg.split_once("viewBox=\"0 0 ").ok_or("no viewBox")?;
    let (size, _) = rest.split_once('"').ok_or("no viewBox")?;
    let (width, height) = size.split_once(' ').ok_or("no height")?;
    let (width, height): (f64, f64) = (width.parse()?, height.parse()?);
    let texts = texts(svg)?;
    for (index, text) in texts.iter().enumerate() {
        let is_inside =
            text.left >= 0.0 && text.top >= 0.0 && text.right <= width && text.bottom <= height;
        if !is_inside {
            return Err(format!("{text:?} leaves {width} by {height}").into());
        }
        for other in texts.iter().skip(index + 1) {
            if text.overlaps(other) {
                return Err(format!("{text:?} and {other:?}").into());
            }
        }
    }
    Ok(())
}

fn a_table() -> impl Strategy<Value = (ChartKind, Table)> {
    let usual = || (-10_000..1_000_000_i32).prop_map(|n| Some(f64::from(n) / 100.0));
    let value = prop_oneof![
        3 => usual().boxed(),
        3 => (0..1_000_i32).prop_map(|n| Some(f64::from(n))).boxed(),
        1 => prop_oneof![
            6 => usual(),
            1 => Just(Some(0.0)),
            1 => any::<f64>().prop_filter("finite", |v| v.is_finite()).prop_map(Some),
            2 => Just(None),
        ]
        .boxed(),
    ];
    let label = "[教育经费支出区县高新街道登记窗口线上（）·a-zA-Z0-9]{1,14}";
    let sizes = (
        prop_oneof![4 => 1..7_usize, 1 => 7..13_usize],
        prop_oneof![3 => 1..9_usize, 1 => 9..52_usize],
    );
    (sizes, prop::sample::select(&KINDS[..])).prop_flat_map(move |((series, rows), kind)| {
        let row = (label, prop::collection::vec(value.clone(), series));
        let series = prop::collection::vec(label, series);
        (Just(kind), prop::collection::vec(row, rows), series)
            .prop_map(|(kind, rows, series)| (kind, make(kind, &rows, series)))
    })
}

fn make(kind: ChartKind, rows: &[(String, Vec<Option<f64>>)], series: Vec<String>) -> Table {
    let cell = |value: &Option<f64>| {
        let value = value.or((kind.cells() == Cells::Figures).then_some(1.0));
        let text = value.map_or("—".to_owned(), |value| format!("{value:.1}"));
        bundle::Cell { text: text.chars().take(24).collect(), value }
    };
    let words = |(column, value): (usize, &Option<f64>)| bundle::Cell {
        text: word(kind, column, &format!("{value:?}"), rows),
        value: None,
    };
    let row = |(label, cells): &(String, Vec<Option<f64>>)| Row {
        label: label.clone(),
        cells: match kind.cells() {
            Cells::Words => cells.iter().enumerate().map(words).collect(),
            Cells::Figures | Cells::FiguresOrGaps => cells.iter().map(cell).collect(),
        },
    };
    // Two columns with any other names are no slope.
    let series = match (kind, series.len()) {
        (ChartKind::Slope, 2) => ["2025年", "2026年"].map(str::to_owned).into(),
        _ => series,
    };
    Table { series, rows: rows.iter().map(row).collect() }
}

/// Words made of a number: dates that mostly come in order, phases, rules of any length.
fn word(
    kind: ChartKind,
    column: usize,
    number: &str,
    rows: &[(String, Vec<Option<f64>>)],
) -> String {
    let n = number.bytes().fold(7_usize, |n, byte| (n * 31 + usize::from(byte)) % 10_007);
    match (kind, column) {
        (ChartKind::Gantt, 0) => format!("{}年{}月", 2000 + n % 30, n % 12 + 1),
        (ChartKind::Gantt, 1) => format!("{}-{:02}-{:02}", 2029 + n % 20, n % 12 + 1, n % 28 + 1),
        (ChartKind::Gantt, _) => format!("第{}阶段", n % 4),
        (ChartKind::Flow, 0) => {
            let names = (0..n % 3).filter_map(|part| rows.get((n + part) % rows.len()));
            names.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("、")
        }
        (ChartKind::Flow, _) => String::new(),
        _ => "登记材料，".repeat(n % 12),
    }
}

/// Whatever the data, there is a whole chart or a reason why there is none.
#[test]
fn any_table_gives_a_chart_or_a_refusal() -> Result<(), Box<dyn Error>> {
    let whole = Cell::new(0_u32);
    let config =
        ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config).run(&a_table(), |(kind, table)| {
        for (name, width) in WIDTHS {
            let chart = Chart {
                id: "any",
                kind,
                headline: "任意数据",
                subtitle: "随机生成",
                unit: "个",
                source: "",
                table: &table,
            };
            let Ok(svg) = draw(&chart, width) else { continue };
            whole.set(whole.get() + 1);
            prop_assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}: {svg}");
            if let Err(why) = check_texts(&svg) {
                prop_assert!(false, "{kind:?} at {name}: {why}");
            }
        }
        Ok(())
    })?;
    assert!(whole.get() > 400, "only {} charts were drawn", whole.get());
    Ok(())
}

/// Lines that end where others do are told apart by the colour that leads to each name.
#[test]
fn names_that_had_to_leave_their_lines_are_led_to() -> Result<(), Box<dyn Error>> {
    let draw_lines = |ends: [f64; 4], width| {
        let row = |(year, ends): (&str, [f64; 4])| Row {
            label: year.to_owned(),
            cells: ends.map(|v| bundle::Cell { text: v.to_string(), value: Some(v) }).into(),
        };
        let rows = [("2024年", [90.0, 80.0, 70.0, 0.0]), ("2025年", [95.0; 4]), ("2026年", ends)];
        let series = ["东街街道", "西河街道", "北岭镇", "南山镇"].map(str::to_owned).into();
        let table = Table { series, rows: rows.map(row).into() };
        let kind = ChartKind::Line;
        let (headline, subtitle) = ("三个街道几乎一样", "办理量");
        draw(
            &Chart { id: "near", kind, headline, subtitle, unit: "件", source: "", table: &table },
            width,
        )
    };
    let strokes = |svg: &str| svg.matches("<polyline").count();
    for (name, width) in WIDTHS {
        let near = draw_lines([100.1, 100.2, 100.3, 10.0], width)?;
        check_texts(&near).map_err(|why| format!("{name}: {why}"))?;
        let apart = draw_lines([100.3, 70.0, 40.0, 10.0], width)?;
        assert_eq!(strokes(&near), strokes(&apart) + 4, "{name}");
    }
    Ok(())
}

/// Found by chance: where the scale ends with the lowest bar, its figure stood upon the category's name.
#[test]
fn the_figure_of_a_bar_that_hangs_to_the_bottom_stands_clear_of_the_labels()
-> Result<(), Box<dyn Error>> {
    let mut drawn = 0;
    let kinds = [ChartKind::Bar, ChartKind::Column, ChartKind::GroupedColumn];
    let values =
        [-1e-308, -1e-12].into_iter().flat_map(|tiny| [(tiny, 12.5), (tiny, 0.0), (-200.0, 100.0)]);
    for (kind, (tiny, other)) in kinds.iter().flat_map(|kind| values.clone().map(|v| (*kind, v))) {
        let values = [Some(tiny), Some(other)];
        let names = ["登记窗口", "代办窗口"].map(str::to_owned).into_iter();
        let rows: Vec<_> = names.zip(values.map(|value| vec![value])).collect();
        let table = make(kind, &rows, vec!["线上".to_owned()]);
        for (name, width) in WIDTHS {
            let chart = Chart {
                id: "tiny",
                kind,
                headline: "几乎为零",
                subtitle: "随机生成",
                unit: "个",
                source: "",
                table: &table,
            };
            let Ok(svg) = draw(&chart, width) else { continue };
            drawn += 1;
            check_texts(&svg).map_err(|why| format!("{kind:?} {name}: {why}"))?;
        }
    }
    assert!(drawn > 20, "only {drawn} charts were drawn");
    Ok(())
}
