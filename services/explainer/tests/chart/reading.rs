//! What a reader takes from a chart at a glance: scales, per cents as given, whole and parts, and what is said of it.

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_proto::manifest::ChartKind;

use crate::{refusals::refusal_named, svg::texts, table};

/// Rows of a label and its figures.
type Rows<'a> = [(&'a str, &'a [&'a str])];

fn drawn(
    kind: ChartKind,
    unit: &str,
    series: &[&str],
    rows: &Rows<'_>,
) -> Result<String, Undrawable> {
    let table = table(series, rows);
    let (id, headline, subtitle) = ("any", "标题", "副题");
    let chart = Chart { id, kind, headline, subtitle, unit, source: "", table: &table };
    draw(&chart, Width::Desk720)
}

fn said(svg: &str) -> Vec<String> {
    let texts = texts(svg).unwrap_or_default();
    texts.into_iter().map(|text| text.what).collect()
}

fn description(svg: &str) -> &str {
    let from = svg.find("<desc").and_then(|at| svg.get(at..)).unwrap_or_default();
    from.split(['>', '<']).nth(2).unwrap_or_default()
}

#[test]
fn per_cents_that_are_given_are_printed_as_they_are() {
    let third: &[&str] = &["33.3", "33.3", "33.3"];
    for kind in [ChartKind::FullBar, ChartKind::FullColumn] {
        let svg =
            drawn(kind, "%", &["甲", "乙", "丙"], &[("2024年", third), ("2025年", third)]).unwrap();
        let said = said(&svg);
        assert_eq!(said.iter().filter(|text| *text == "33.3%").count(), 6, "{said:?}");
        // Of counts shares are reckoned here, and come to 100.
        let one: &[&str] = &["1", "1", "1"];
        let svg = drawn(kind, "亩", &["甲", "乙", "丙"], &[("东", one), ("西", one)]).unwrap();
        let said = self::said(&svg);
        assert!(said.contains(&"33.4%".to_owned()), "{said:?}");
        assert!(said.contains(&"副题（单位：%）".to_owned()), "{said:?}");
        assert!(description(&svg).contains("甲1亩（33.4%）"), "{}", description(&svg));
    }
}

#[test]
fn scales_have_round_steps_and_no_halves_of_what_is_counted() {
    let per_cents: &Rows<'_> = &[
        ("2022年", &["88.1", "91.5"]),
        ("2023年", &["90.2", "93.0"]),
        ("2024年", &["93", "97.3"]),
    ];
    let svg = drawn(ChartKind::SmallMultiples, "%", &["东山区", "西河区"], per_cents).unwrap();
    let ticks: Vec<f64> = said(&svg).iter().filter_map(|text| text.parse().ok()).collect();
    assert!(ticks.iter().all(|tick| *tick <= 100.0), "{ticks:?}");
    assert!(ticks.contains(&90.0) && ticks.contains(&100.0), "{ticks:?}");
    let counts: &Rows<'_> =
        &[("2021年", &["1"]), ("2022年", &["2"]), ("2023年", &["1"]), ("2024年", &["2"])];
    for kind in [ChartKind::Line, ChartKind::Column] {
        let said = said(&drawn(kind, "件", &["件数"], counts).unwrap());
        assert!(said.contains(&"0".to_owned()), "{kind:?} {said:?}");
        assert!(!said.iter().any(|text| text.ends_with(".5")), "{kind:?} {said:?}");
    }
}

#[test]
fn columns_of_uneven_years_say_so() {
    let years = |last: &'static str| -> String {
        let rows: &Rows<'_> =
            &[("2010年", &["10"]), ("2011年", &["12"]), ("2012年", &["14"]), (last, &["20"])];
        drawn(ChartKind::Column, "所", &["学校"], rows).unwrap()
    };
    assert!(said(&years("2025年")).iter().any(|text| text.contains("各时点间隔不等")));
    assert!(!said(&years("2013年")).iter().any(|text| text.contains("各时点间隔不等")));
    let strokes = |svg: &str| svg.matches("<path").count() + svg.matches("<polyline").count();
    assert!(strokes(&years("2025年")) > strokes(&years("2013年")));
}

#[test]
fn columns_and_rows_of_unlike_measures_have_no_scale_in_common() {
    let names = ["人口（万人）", "面积（平方公里）"];
    let two: &[&str] = &["30", "800"];
    let rows: &Rows<'_> = &[("2022年", two), ("2023年", two), ("2024年", two)];
    for kind in [
        ChartKind::Line,
        ChartKind::GroupedBar,
        ChartKind::GroupedColumn,
        ChartKind::SmallMultiples,
        ChartKind::Range,
        ChartKind::Heat,
    ] {
        let refused = refusal_named(kind, &names, "", rows);
        assert!(matches!(refused, Some(Undrawable::Series { .. })), "{kind:?}: {refused:?}");
    }
    let rows: &Rows<'_> = &[("人口（万人）", &["30"]), ("产量（万吨标准煤）", &["80"])];
    let refused = refusal_named(ChartKind::Bar, &["值"], "", rows);
    assert!(matches!(refused, Some(Undrawable::Row { row: 2, .. })), "{refused:?}");
    let notes = ["2024年（上半年）", "2025年（试点）"];
    let refused = refusal_named(ChartKind::GroupedBar, &notes, "", &[("甲", two), ("乙", two)]);
    assert!(refused.is_none(), "{refused:?}");
}

#[test]
fn a_whole_is_not_drawn_beside_its_parts() {
    let donut = |unit: &str, rows: &[(&str, &str)]| {
        let cells: Vec<_> = rows.iter().map(|(label, cell)| (*label, [*cell])).collect();
        let rows: Vec<(&str, &[&str])> =
            cells.iter().map(|(label, cell)| (*label, &cell[..])).collect();
        refusal_named(ChartKind::Donut, &["人数"], unit, &rows)
    };
    for whole in [
        &[("全区人口", "50"), ("老年人口", "12")][..],
        &[("学生", "30"), ("小学生", "20"), ("中学生", "10")],
        &[("2024年", "30"), ("2025年", "40")],
    ] {
        assert!(matches!(donut("万人", whole), Some(Undrawable::Unfit(_))), "{whole:?}");
    }
    for parts in [
        &[("小学生", "20"), ("中学生", "10")][..],
        &[("满意", "60"), ("非常满意", "30"), ("不满意", "10")],
        &[("参保", "60"), ("未参保", "30")],
        &[("小学", "10"), ("中小学", "20")],
    ] {
        assert!(donut("人", parts).is_none(), "{parts:?}");
    }
    let two: &[&str] = &["20", "50"];
    let halves: &Rows<'_> = &[("甲", two), ("乙", two)];
    assert!(refusal_named(ChartKind::StackedColumn, &["上半年", "全年"], "", halves).is_some());
    let three: &[&str] = &["20", "50", "70"];
    let heat =
        |series: &[&str], rows: &Rows<'_>| refusal_named(ChartKind::Heat, series, "件", rows);
    let summed = heat(&["1月", "2月", "合计"], &[("甲", three), ("乙", three)]);
    assert!(matches!(summed, Some(Undrawable::Series { name, .. }) if name == "合计"));
    let rows: &Rows<'_> = &[("甲", &["20", "50"]), ("乙", &["1", "5"]), ("合计", &["21", "55"])];
    assert!(matches!(heat(&["1月", "2月"], rows), Some(Undrawable::Row { row: 3, .. })));
    assert!(heat(&["1月", "2月"], rows.get(..2).unwrap_or_default()).is_none());
}

#[test]
fn what_is_said_of_a_chart_keeps_names_apart_and_is_short() {
    let two: &[&str] = &["5600", "4800"];
    let svg = drawn(
        ChartKind::GroupedBar,
        "户",
        &["第一批", "第二批"],
        &[("城中区", two), ("东山区", two)],
    )
    .unwrap();
    assert!(description(&svg).contains("城中区：第一批"), "{}", description(&svg));
    let words: &[&str] = &["每次300元", "每次500元"];
    let svg =
        drawn(ChartKind::Compare, "", &["原规定", "新规定"], &[("门诊单次限额", words)]).unwrap();
    assert!(description(&svg).contains("门诊单次限额，原规定：每次300元"), "{}", description(&svg));
    let figures: Vec<String> = (0..50).map(|n| (n * 7 % 53 + 1).to_string()).collect();
    let labels: Vec<String> = (1..=50).map(|n| format!("第{n}街道")).collect();
    let cells: Vec<[&str; 1]> = figures.iter().map(|figure| [figure.as_str()]).collect();
    let rows: Vec<(&str, &[&str])> =
        labels.iter().zip(&cells).map(|(label, cell)| (label.as_str(), &cell[..])).collect();
    let svg = drawn(ChartKind::Bar, "件", &["件数"], &rows).unwrap();
    let told = description(&svg);
    assert!(told.contains("共50行，其余见数据表") && told.contains("第50街道为"), "{told}");
    assert!(told.matches("街道").count() <= 4, "{told}");
}

#[test]
fn figures_of_bars_beside_each_other_do_not_touch() {
    let rows: &Rows<'_> = &[
        ("2023年", &["3200", "4100", "860"]),
        ("2024年", &["4650", "4420", "1320"]),
        ("2025年", &["6210", "4510", "1985"]),
        ("2026年", &["8105", "4390", "2640"]),
    ];
    let names = ["定时投放点", "误时投放点", "可回收物服务点"];
    let svg = drawn(ChartKind::GroupedColumn, "个", &names, rows).unwrap();
    let areas = texts(&svg).unwrap();
    let figures: Vec<_> = areas.iter().filter(|area| area.what.parse::<f64>().is_ok()).collect();
    assert!(figures.len() >= 12, "{}", figures.len());
    for (at, one) in figures.iter().enumerate() {
        for other in figures.iter().skip(at + 1) {
            let beside = one.top < other.bottom && other.top < one.bottom;
            let gap = (other.left - one.right).max(one.left - other.right);
            assert!(!beside || gap >= 4.0, "{} {}: {gap}", one.what, other.what);
        }
    }
}
