//! What is expected is told from what is known.

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_proto::manifest::ChartKind;

use super::gallery::check_texts;
use super::svg::bars;
use super::{WIDTHS, table};

type Rows<'r> = &'r [(&'r str, &'r [&'r str])];

pub(super) fn drawn(
    kind: ChartKind,
    series: &[&str],
    rows: Rows<'_>,
    width: Width,
) -> Result<String, Undrawable> {
    let table = table(series, rows);
    let (headline, subtitle, unit) = ("学位供给持续扩大", "全区学位", "万个");
    draw(&Chart { id: "any", kind, headline, subtitle, unit, source: "", table: &table }, width)
}

const YEARS: [(&str, &[&str]); 5] = [
    ("2023年", &["3.1", "2.2"]),
    ("2024年", &["3.5", "2.4"]),
    ("2025年", &["4.2", "2.3"]),
    ("2026年（预计）", &["4.8", "2.9"]),
    ("2027年（预计）", &["5.6", "3.0"]),
];

/// How many strokes of so many points there are of this colour.
fn strokes(svg: &str, colour: &str, are: impl Fn(usize) -> bool) -> usize {
    let lines = svg.lines().filter_map(|line| line.strip_prefix("<polyline points=\""));
    let own = lines.filter(|line| line.contains(&format!("stroke=\"{colour}\"")));
    own.filter(|line| are(line.split('"').next().unwrap_or_default().split(' ').count())).count()
}

const STRONG: &str = "#1f5aa0";

#[test]
fn a_line_to_what_is_expected_is_dashed() -> Result<(), Box<dyn std::error::Error>> {
    for (name, width) in WIDTHS {
        for kind in [ChartKind::Line, ChartKind::SmallMultiples] {
            let svg = drawn(kind, &["小学", "初中"], &YEARS, width)?;
            assert!(svg.contains("；虚线为预计"), "{name}: {svg}");
            assert!(strokes(&svg, STRONG, |points| points == 3) > 0, "{name}: {svg}");
            assert!(strokes(&svg, STRONG, |points| points == 2) > 4, "{name}: {svg}");
            check_texts(&svg).map_err(|why| format!("{name}: {why}"))?;
            let known = drawn(kind, &["小学", "初中"], &YEARS[..3], width)?;
            assert!(!known.contains("虚线"), "{name}: {known}");
            assert_eq!(strokes(&known, STRONG, |points| points == 2), 0, "{name}: {known}");
        }
        // A whole series may be.
        let svg = drawn(ChartKind::Line, &["实际", "预计"], &YEARS[..3], width)?;
        assert!(svg.contains("虚线为预计"), "{name}");
        assert_eq!(strokes(&svg, STRONG, |points| points == 3), 1, "{name}: {svg}");
        assert!(strokes(&svg, "#e06a10", |points| points == 2) > 4, "{name}: {svg}");
    }
    Ok(())
}

#[test]
fn a_bar_of_what_is_expected_is_pale_within_dashes() -> Result<(), Box<dyn std::error::Error>> {
    let one: Vec<(&str, &[&str])> =
        YEARS.iter().map(|(year, cells)| (*year, &cells[..1])).collect();
    for (name, width) in WIDTHS {
        for (kind, series) in [
            (ChartKind::Bar, 1),
            (ChartKind::Column, 1),
            (ChartKind::GroupedColumn, 2),
            (ChartKind::StackedColumn, 2),
            (ChartKind::GroupedBar, 2),
            (ChartKind::StackedBar, 2),
        ] {
            let (names, rows): (&[&str], Rows<'_>) =
                if series == 1 { (&["学位"], &one) } else { (&["小学", "初中"], &YEARS) };
            let svg = drawn(kind, names, rows, width)?;
            assert!(svg.contains("虚线框为预计"), "{kind:?} {name}: {svg}");
            let (_, bars) = bars(&svg)?;
            let of = |colour: &str| bars.iter().filter(|bar| bar.what.contains(colour)).count();
            let legend = usize::from(series > 1);
            assert_eq!((of(STRONG), of("#dde6f1")), (3 + legend, 2), "{kind:?} {name}: {svg}");
            check_texts(&svg).map_err(|why| format!("{kind:?} {name}: {why}"))?;
        }
    }
    Ok(())
}

#[test]
fn where_all_or_nothing_is_expected_nothing_is_dashed() -> Result<(), Undrawable> {
    let names: [(&str, &[&str]); 2] = [("计划生育", &["3"]), ("目标管理", &["4"])];
    let all: [(&str, &[&str]); 2] = [("2026年（预计）", &["3"]), ("2027年（预计）", &["4"])];
    for rows in [&names, &all] {
        let svg = drawn(ChartKind::Column, &["学位"], rows, Width::Desk720)?;
        assert!(!svg.contains("虚线") && !svg.contains("#dde6f1"), "{svg}");
    }
    // Words are told in the table and in the sentence, as ever.
    let svg = drawn(ChartKind::Column, &["学位"], &[names[0], all[0]], Width::Desk720)?;
    assert!(svg.contains("2026年（预计）为3万个"), "{svg}");
    Ok(())
}

#[test]
fn a_year_that_is_a_forecast_stands_in_a_line() -> Result<(), Undrawable> {
    for label in ["2026E", "2026年E", "2026年预测", "2026年（预测）", "2026年（E）"] {
        let rows: [(&str, &[&str]); 4] =
            [("2023年", &["3"]), ("2024年", &["4"]), ("2025年", &["5"]), (label, &["7"])];
        let svg = drawn(ChartKind::Line, &["学位"], &rows, Width::Desk720)?;
        assert!(svg.contains("虚线为预"), "{label}: {svg}");
    }
    Ok(())
}
