//! Lines: where they end, and how many points they have.

use std::error::Error;

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;

use super::WIDTHS;
use super::gallery::check_texts;
use super::svg::texts;

/// A row of each year from 2023 on.
fn draw_years(kind: ChartKind, rows: &[[&str; 2]], width: Width) -> Result<String, Undrawable> {
    let rows: Vec<(String, &[&str])> =
        (2023..).zip(rows).map(|(year, cells)| (format!("{year}年"), &cells[..])).collect();
    draw_rows(kind, &["公办", "民办"], &rows, width)
}

pub(crate) fn draw_rows(
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
        for colour in ["#1f5aa0", "#e06a10", "#2a9d8f", "#8489c4", "#9c4530", "#4e4c5a"] {
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

/// How far the points of the one line are from its first, as parts of its width in hundreds: those of the whole stroke,
/// and the dots behind its dashes.
fn apart(svg: &str) -> Vec<i32> {
    let mut lines = svg.lines().filter(|line| line.contains("stroke=\"#1f5aa0\""));
    let line = lines.find_map(|line| line.split_once("<polyline points=\"")?.1.split('"').next());
    let points = line.unwrap_or_default();
    let x = |point: &str| point.split(',').next()?.parse::<f64>().ok();
    let dots = numbers(svg, "<circle cx=\"", "\" cy");
    let dots = dots.iter().filter_map(|dot| dot.parse().ok());
    let mut all: Vec<f64> = points.split(' ').filter_map(x).chain(dots).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return vec![] };
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "up to 100")]
    let part = |x: &f64| ((x - first) / (last - first) * 100.0).round() as i32;
    all.iter().map(part).collect()
}

#[test]
fn a_year_that_says_how_it_is_known_stands_at_its_time() -> Result<(), Box<dyn Error>> {
    let draw = |kind: ChartKind, labels: [&str; 4]| {
        let cells: [&[&str]; 4] = [&["50"], &["52"], &["53"], &["80"]];
        let rows: Vec<(String, &[&str])> =
            labels.map(str::to_owned).into_iter().zip(cells).collect();
        draw_rows(kind, &["亿元"], &rows, Width::Desk720)
    };
    for labels in [
        ["2024年", "2025年", "2026年", "2030年"],
        ["2024年", "2025年", "2026年", "2030年（目标）"],
        ["2024年", "2025年", "2026年（预计）", "2030年目标"],
        ["2024年底", "2025年底", "2026年末", "2030年底"],
    ] {
        let svg = draw(ChartKind::Line, labels)?;
        assert_eq!(apart(&svg), [0, 17, 33, 100], "{labels:?}");
        assert!(draw(ChartKind::Area, labels).is_ok(), "{labels:?}");
    }
    Ok(())
}

#[test]
fn a_slope_begins_near_its_least_figure_and_says_so() -> Result<(), Box<dyn Error>> {
    let draw = |low: &str| {
        let cells: [Vec<&str>; 2] = [vec![low, "64"], vec!["79", "91"]];
        let rows: Vec<(String, &[&str])> = ["安全", "环境"]
            .map(str::to_owned)
            .into_iter()
            .zip(cells.iter().map(Vec::as_slice))
            .collect();
        draw_rows(ChartKind::Slope, &["2025年", "2026年"], &rows, Width::Desk720)
    };
    assert!(draw("38")?.contains("纵轴不从零开始"));
    assert!(!draw("3")?.contains("纵轴"));
    Ok(())
}

#[test]
fn a_slope_makes_more_of_no_line_than_its_headline_does() -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = (1..=8).map(|at| format!("{at}号街道")).collect();
    let cells: Vec<[String; 2]> =
        (1..=8).map(|at| [(at * 10).to_string(), (at * 11).to_string()]).collect();
    let cells: Vec<[&str; 2]> =
        cells.iter().map(|pair| pair.each_ref().map(String::as_str)).collect();
    let rows: Vec<(String, &[&str])> =
        names.into_iter().zip(cells.iter().map(|pair| &pair[..])).collect();
    let svg = draw_rows(ChartKind::Slope, &["2025年", "2026年"], &rows, Width::Desk720)?;
    let lines = svg.lines().filter(|line| line.starts_with("<polyline"));
    let strong = lines.filter(|line| line.contains("stroke=\"#1f5aa0\"")).count();
    assert_eq!(strong, 8, "{svg}");
    Ok(())
}

#[test]
fn no_figure_of_a_small_line_stands_on_the_line_of_zero() -> Result<(), Box<dyn Error>> {
    let rows = [["5", "88"], ["60", "100"], ["300", "120"], ["4", "35"]];
    for (name, width) in WIDTHS {
        let svg = draw_years(ChartKind::SmallMultiples, &rows, width)?;
        let zero: Vec<f64> = texts(&svg)?
            .iter()
            .filter(|area| area.what == "0")
            .map(|area| f64::midpoint(area.top, area.bottom))
            .collect();
        for text in texts(&svg)?.iter().filter(|area| area.what != "0") {
            let inset = (text.bottom - text.top) / 8.0;
            let is_struck = zero.iter().any(|y| text.top + inset < *y && *y < text.bottom - inset);
            assert!(!is_struck, "{name}: {text:?} {zero:?}");
        }
    }
    Ok(())
}

#[test]
fn a_milestone_of_the_first_or_the_last_day_lies_within_the_frame() -> Result<(), Box<dyn Error>> {
    let rows: Vec<(String, &[&str])> = vec![
        ("启动".to_owned(), &["2027-01-01", "2027-01-01"]),
        ("改造".to_owned(), &["2027-01-01", "2027-12-31"]),
        ("验收".to_owned(), &["2027-12-31", "2027-12-31"]),
    ];
    let number = |text: &str, name: &str| -> Option<f64> {
        text.split_once(&format!(" {name}=\""))?.1.split('"').next()?.parse().ok()
    };
    for (name, width) in WIDTHS {
        let svg = draw_rows(ChartKind::Gantt, &["开始", "结束"], &rows, width)?;
        let rects = svg.split("<rect").skip(1).filter_map(|rect| {
            let x = number(rect, "x").filter(|x| *x > 0.0)?;
            Some((x, x + number(rect, "width")?))
        });
        let edges = rects.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).ok_or("no bars")?;
        let diamonds: Vec<&str> = svg.split("<polygon points=\"").skip(1).collect();
        assert_eq!(diamonds.len(), 2, "{name}");
        for diamond in diamonds {
            let points = diamond.split('"').next().unwrap_or_default();
            for x in points.split(' ').filter_map(|point| point.split(',').next()) {
                let x: f64 = x.parse()?;
                assert!(x >= edges.0 && x <= edges.1, "{name}: {x} of {edges:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_schedule_says_its_dates_at_every_width() -> Result<(), Box<dyn Error>> {
    let rows: Vec<(String, &[&str])> = vec![
        ("准备".to_owned(), &["2027-01-01", "2027-03-31"]),
        ("改造".to_owned(), &["2028-01-01", "2029-06-30"]),
        ("验收".to_owned(), &["2029-10-01", "2029-12-31"]),
    ];
    for (name, width) in WIDTHS {
        let svg = draw_rows(ChartKind::Gantt, &["开始", "结束"], &rows, width)?;
        for date in ["2027年1月1日—3月31日", "2028年1月1日—2029年6月30日", "2029年10月1日—12月31日"]
        {
            assert!(svg.contains(&format!(">{date}<")), "{name}: {date}");
        }
        check_texts(&svg).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

/// As plans write them; what has no end goes on to the frame's edge, with a head.
#[test]
fn a_schedule_says_its_dates_as_they_are_written() -> Result<(), Box<dyn Error>> {
    let rows: Vec<(String, &[&str])> = vec![
        ("管网改造".to_owned(), &["2027年3月上旬", "6月底前"]),
        ("雨污分流".to_owned(), &["2027年5月", "2027年底"]),
        ("日常巡查".to_owned(), &["2027年6月", "长期"]),
    ];
    for (name, width) in WIDTHS {
        let svg = draw_rows(ChartKind::Gantt, &["开始", "结束"], &rows, width)?;
        for said in
            ["2027年3月上旬—6月底前", "2027年5月—年底", "2027年6月起，长期", "箭头表示此后继续"]
        {
            assert!(svg.contains(&format!(">{said}<")), "{name}: {said}");
        }
        assert_eq!(svg.matches("<polygon").count(), 1, "{name}");
        check_texts(&svg).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}
