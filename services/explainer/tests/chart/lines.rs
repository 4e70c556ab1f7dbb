//! Lines: where they end, and how many points they have.

use std::error::Error;

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;

use super::WIDTHS;
use super::gallery::check_texts;

/// A row of each year from 2023 on.
fn draw_years(kind: ChartKind, rows: &[[&str; 2]], width: Width) -> Result<String, Undrawable> {
    let rows: Vec<(String, &[&str])> =
        (2023..).zip(rows).map(|(year, cells)| (format!("{year}年"), &cells[..])).collect();
    draw_rows(kind, &["公办", "民办"], &rows, width)
}

fn draw_rows(
    kind: ChartKind,
    series: &[&str],
    rows: &[(String, &[&str])],
    width: Width,
) -> Result<String, Undrawable> {
    let cell = |text: &&str| Cell { text: (*text).to_owned(), value: text.parse().ok() };
    let row = |(label, cells): &(String, &[&str])| Row {
        label: label.clone(),
        cells: cells.iter().map(cell).collect(),
    };
    let series = series.iter().map(|name| (*name).to_owned()).collect();
    let table = Table { series, rows: rows.iter().map(row).collect() };
    let (id, headline) = ("line", "标题");
    draw(&Chart { id, kind, headline, subtitle: "", unit: "", source: "", table: &table }, width)
}

/// The numbers of an attribute of the lines that begin so.
fn numbers(svg: &str, begin: &str, end: &str) -> Vec<String> {
    let tags = svg.lines().filter_map(|line| line.split_once(begin));
    tags.filter_map(|(_, rest)| Some(rest.split_once(end)?.0.to_owned())).collect()
}

#[test]
fn a_line_ends_at_its_last_figure_and_says_when_that_was() -> Result<(), Box<dyn Error>> {
    let rows = [["10", "4"], ["12", "5"], ["13", "6"], ["15", ""]];
    for (name, width) in WIDTHS {
        let svg = draw_years(ChartKind::Line, &rows, width)?;
        assert!(svg.contains(">2025年：6</text>") && svg.contains(">15</text>"), "{name}: {svg}");
        let mut ends = numbers(&svg, "<polyline points=\"", "\" fill");
        ends.retain(|line| line.split(' ').count() > 2); // no line to a name
        let ends: Vec<&str> = ends.iter().filter_map(|line| line.rsplit(' ').next()).collect();
        let dots: Vec<String> = numbers(&svg, "<circle cx=\"", "\" r=")
            .iter()
            .map(|dot| dot.replace("\" cy=\"", ","))
            .collect();
        assert_eq!(dots.len(), 2, "{name}");
        assert!(dots.iter().all(|dot| ends.contains(&dot.as_str())), "{name}: {dots:?} {ends:?}");
    }
    Ok(())
}

#[test]
fn a_small_line_says_when_its_first_and_last_figures_were() -> Result<(), Box<dyn Error>> {
    let rows = [["10", ""], ["12", "5"], ["13", "6"], ["15", "9"], ["", "8"]];
    let svg = draw_years(ChartKind::SmallMultiples, &rows, Width::Desk720)?;
    for said in [">10<", ">2026年：15<", ">2024年：5<", ">8<"] {
        assert!(svg.contains(said), "{said}: {svg}");
    }
    assert!(!svg.contains(">5<") && !svg.contains(">15<"), "{svg}");
    Ok(())
}

#[test]
fn two_figures_make_no_line() -> Result<(), Box<dyn Error>> {
    let rows = [["10", "4"], ["12", "5"], ["13", ""], ["15", ""]];
    let refused = draw_years(ChartKind::Line, &rows, Width::Desk720);
    assert!(matches!(refused, Err(Undrawable::Series { name, .. }) if name == "民办"));
    // Side by side they are columns, as two rows are.
    let svg = draw_years(ChartKind::SmallMultiples, &rows, Width::Desk720)?;
    assert!(!svg.contains("<circle"), "{svg}");
    Ok(())
}

#[test]
fn a_name_is_told_to_its_line_by_the_colour_beside_it() -> Result<(), Box<dyn Error>> {
    let near: &[&str] = &["10", "10.1", "10.2", "10.1", "10", "10.2"];
    let series = ["甲", "乙", "丙", "丁", "戊", "己"];
    let rows: Vec<(String, &[&str])> =
        (2023..2027).map(|year| (format!("{year}年"), near)).collect();
    for (name, width) in WIDTHS {
        let svg = draw_rows(ChartKind::Line, &series, &rows, width)?;
        let strokes = svg.lines().filter(|line| line.starts_with("<polyline"));
        let colours: Vec<&str> =
            strokes.filter_map(|line| line.split_once("stroke=\"")?.1.split('"').next()).collect();
        for colour in ["#1f5aa0", "#e08a1e", "#2a9d8f", "#8fbce6", "#b84a3a", "#4a5560"] {
            let count = colours.iter().filter(|other| **other == colour).count();
            assert_eq!(count, 2, "{name}: a line and what leads to its name");
        }
    }
    Ok(())
}

#[test]
fn a_line_may_have_a_point_for_each_day_of_a_year() -> Result<(), Box<dyn Error>> {
    let one: &[&str] = &["7"];
    let days = |count: usize| -> Vec<(String, &[&str])> {
        (0..count)
            .map(|day| {
                (format!("{}年{}月{}日", 2025 + day / 336, day % 336 / 28 + 1, day % 28 + 1), one)
            })
            .collect()
    };
    for (name, width) in WIDTHS {
        let svg = draw_rows(ChartKind::Line, &["数"], &days(366), width)?;
        check_texts(&svg).map_err(|why| format!("{name}: {why}"))?;
        let shown = svg.matches("日</text>").count();
        assert!((2..20).contains(&shown), "{name}: {shown} days are named");
    }
    let many = draw_rows(ChartKind::Line, &["数"], &days(401), Width::Desk720);
    assert!(matches!(many, Err(Undrawable::TooManyRows { rows: 401, most: 400 })));
    Ok(())
}
