//! Charts over months: many columns, months that are summed up, panels that end before the others, and what of a ring or of
//! full bars is the whole.

use std::error::Error;

use lockstep_explainer::chart::{Undrawable, Width};
use lockstep_proto::manifest::ChartKind;

use super::WIDTHS;
use super::gallery::check_texts;
use super::lines::draw_rows;
use super::refusals::refusal_named;

/// Two years of months and more.
fn months(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("{}年{}月", 2024 + at / 12, at % 12 + 1)).collect()
}

#[test]
fn columns_of_many_months_stand_and_name_some_of_them() -> Result<(), Box<dyn Error>> {
    let figures: Vec<String> = (0..48).map(|at| (100 + at * 7 % 40).to_string()).collect();
    let cells: Vec<[&str; 1]> = figures.iter().map(|figure| [figure.as_str()]).collect();
    for count in [18, 24, 36, 48] {
        let rows: Vec<(String, &[&str])> =
            months(count).into_iter().zip(&cells).map(|(month, cell)| (month, &cell[..])).collect();
        for (name, width) in WIDTHS {
            let svg = draw_rows(ChartKind::Column, &["件数"], &rows, width)?;
            check_texts(&svg).map_err(|why| format!("{count} at {name}: {why}"))?;
            // They stand: all of them end at one height, and none begins where another does.
            let bars = svg.lines().filter(|line| line.starts_with("<rect")).filter_map(|line| {
                let of = |key: &str| -> Option<f64> {
                    line.split_once(key)?.1.split('"').next()?.parse().ok()
                };
                Some((of(" x=\"")?, of(" y=\"")? + of(" height=\"")?, of(" width=\"")?))
            });
            let mut bars: Vec<_> = bars.filter(|(x, ..)| *x > 0.0).collect();
            bars.dedup_by(|a, b| (a.0 - b.0).abs() < 1e-9);
            let Some((_, foot, wide)) = bars.first().copied() else { return Err("no bars".into()) };
            assert_eq!(bars.len(), count, "{count} at {name}");
            assert!(bars.iter().all(|(_, y, w)| (y - foot).abs() < 0.2 && (w - wide).abs() < 0.2));
            let ends = [months(count).first().cloned(), months(count).last().cloned()];
            assert!(ends.iter().flatten().all(|end| svg.contains(end.as_str())), "{svg}");
            assert!(svg.contains(">139</text>"), "the greatest is said: {count} at {name}");
        }
    }
    Ok(())
}

#[test]
fn columns_of_many_months_say_what_has_room() -> Result<(), Box<dyn Error>> {
    let said = |figures: &[u32], width: Width| -> Result<usize, Box<dyn Error>> {
        let figures: Vec<String> = figures.iter().map(u32::to_string).collect();
        let cells: Vec<[&str; 1]> = figures.iter().map(|figure| [figure.as_str()]).collect();
        let rows: Vec<(String, &[&str])> =
            months(24).into_iter().zip(&cells).map(|(month, cell)| (month, &cell[..])).collect();
        let svg = draw_rows(ChartKind::Column, &["件数"], &rows, width)?;
        check_texts(&svg)?;
        let svg = svg.replace(',', "");
        Ok(figures.iter().filter(|figure| svg.contains(&format!(">{figure}</text>"))).count())
    };
    // Two digits have room beside each other, three where they stand at different heights.
    let level: Vec<u32> = (0..24).map(|at| 70 + at).collect();
    assert_eq!(said(&level, Width::Long1080)?, 24);
    let steep: Vec<u32> = (0..24).map(|at| 140 + at % 2 * 400 + at).collect();
    assert_eq!(said(&steep, Width::Long1080)?, 24);
    // Of even ones that are longer not all have.
    let long: Vec<u32> = (0..24).map(|at| 123_400 + at * 7 % 24).collect();
    let count = said(&long, Width::Long1080)?;
    assert!((1..24).contains(&count), "{count}");
    for (name, width) in WIDTHS {
        assert!(said(&steep, width)? > 4, "{name}");
    }
    Ok(())
}

#[test]
fn what_is_no_time_lies_on_its_side_with_every_figure() -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = (1..=20).map(|n| format!("第{n}街道")).collect();
    let figures: Vec<String> = (1..=20).map(|n| (n * 37).to_string()).collect();
    let cells: Vec<[&str; 1]> = figures.iter().map(|figure| [figure.as_str()]).collect();
    let rows: Vec<(String, &[&str])> =
        names.into_iter().zip(&cells).map(|(name, cell)| (name, &cell[..])).collect();
    let svg = draw_rows(ChartKind::Column, &["件数"], &rows, Width::Phone360)?;
    assert!(figures.iter().all(|figure| svg.contains(&format!(">{figure}</text>"))), "{svg}");
    Ok(())
}

#[test]
fn months_that_are_summed_up_are_told_what_to_do() {
    let why = |labels: [&str; 3]| {
        let rows = labels.map(|label| (label, &["5"][..]));
        match refusal_named(ChartKind::Line, &["件数"], "件", &rows) {
            Some(Undrawable::Row { row, why, .. }) => Some((row, why)),
            _ => None,
        }
    };
    for (labels, at) in [
        (["1月", "1—2月", "1—3月"], 2),
        (["1—3月累计", "1—6月累计", "1—9月累计"], 1),
        (["2025年1月", "2025年1-2月", "2025年1-3月"], 2),
    ] {
        let (row, [chinese, english]) = why(labels).unwrap_or_default();
        assert_eq!(row, at, "{labels:?}");
        assert!(chinese.contains("column 或 bar") && chinese.contains("当月数"), "{chinese}");
        assert!(english.contains("use column or bar"), "{english}");
    }
    // Each from January on is a course of its own.
    assert!(why(["1—3月", "1—6月", "1—9月"]).is_none());
    let plain = why(["东区", "西区", "南区"]).map(|(_, [chinese, _])| chinese.contains("累计"));
    assert_eq!(plain, Some(false));
}

#[test]
fn a_gap_at_the_end_of_one_panel_leaves_the_others_side_by_side() -> Result<(), Box<dyn Error>> {
    let series = ["线上办理", "窗口办理", "代办", "邮寄办理", "自助办理", "热线"];
    let draw = |last: &str| -> Result<String, Undrawable> {
        let all = ["120", "131", "125", "140", "138", "129"];
        let mut end = all;
        end[1] = last;
        let rows: Vec<(String, &[&str])> = months(12)
            .into_iter()
            .enumerate()
            .map(|(at, month)| (month, if at == 11 { &end[..] } else { &all[..] }))
            .collect();
        draw_rows(ChartKind::SmallMultiples, &series, &rows, Width::Desk720)
    };
    let height = |svg: &str| -> Option<f64> {
        svg.split_once("viewBox=\"0 0 720 ")?.1.split('"').next()?.parse().ok()
    };
    let (whole, gap) = (draw("130")?, draw("")?);
    assert!(gap.contains(">11月：131</text>"), "{gap}");
    let (Some(whole), Some(gap)) = (height(&whole), height(&gap)) else {
        return Err("no height".into());
    };
    assert!(gap < whole * 1.3, "{gap} beside {whole}");
    Ok(())
}

#[test]
fn a_ring_says_its_whole_however_long_that_is() -> Result<(), Box<dyn Error>> {
    let rows: Vec<(String, &[&str])> = vec![
        ("线上".to_owned(), &["3000000.55"]),
        ("窗口".to_owned(), &["1200000.25"]),
        ("代办".to_owned(), &["800000"]),
    ];
    for (name, width) in WIDTHS {
        let svg = draw_rows(ChartKind::Donut, &["面积"], &rows, width)?;
        assert!(svg.contains(">5,000,000.80</text>"), "{name}: {svg}");
        check_texts(&svg).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

#[test]
fn a_row_of_the_whole_is_no_full_bar() -> Result<(), Box<dyn Error>> {
    let rows: Vec<(String, &[&str])> = vec![
        ("东区".to_owned(), &["30", "20"]),
        ("西区".to_owned(), &["40", "10"]),
        ("合计".to_owned(), &["70", "30"]),
    ];
    for kind in [ChartKind::FullBar, ChartKind::FullColumn] {
        let svg = draw_rows(kind, &["线上", "窗口"], &rows, Width::Desk720)?;
        assert!(svg.contains("东区") && !svg.contains("合计"), "{kind:?}: {svg}");
    }
    Ok(())
}
