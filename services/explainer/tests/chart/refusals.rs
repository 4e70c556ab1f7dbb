//! What each kind refuses to draw, with the reason in both languages.

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;

/// What is said of a table of figures or words; nothing where it is drawn.
fn refusal(kind: ChartKind, rows: &[(&str, &[&str])]) -> Option<Undrawable> {
    let cell = |text: &&str| Cell { text: (*text).to_owned(), value: text.parse().ok() };
    let row = |(label, cells): &(&str, &[&str])| Row {
        label: (*label).to_owned(),
        cells: cells.iter().map(cell).collect(),
    };
    let columns = rows.first().map_or(0, |(_, cells)| cells.len());
    let series = (1..=columns).map(|column| format!("列{column}")).collect();
    let table = Table { series, rows: rows.iter().map(row).collect() };
    let chart = Chart {
        id: "any",
        kind,
        headline: "标题",
        subtitle: "",
        unit: "",
        source: "",
        table: &table,
    };
    draw(&chart, Width::Phone360).err()
}

/// The two reasons why a chart would say something that its data do not.
fn unfit(kind: ChartKind, rows: &[(&str, &[&str])]) -> [&'static str; 2] {
    match refusal(kind, rows) {
        Some(Undrawable::Unfit(reasons)) => reasons,
        _ => [""; 2],
    }
}

#[test]
fn slope_has_two_points_in_time_and_few_lines() {
    let three: &[&str] = &["1", "2", "3"];
    assert!(unfit(ChartKind::Slope, &[("甲", three)])[0].contains("两列"));
    let two: &[&str] = &["1", "2"];
    assert!(refusal(ChartKind::Slope, &[("甲", two); 12]).is_none());
    assert!(unfit(ChartKind::Slope, &[("甲", two); 13])[1].contains("twelve"));
}

#[test]
fn lines_are_in_order_of_time_and_as_far_apart_as_their_points() {
    let one: &[&str] = &["1"];
    let years = |years: [&'static str; 4]| years.map(|year| (year, one));
    let reasons = unfit(ChartKind::Line, &years(["2024年", "2022年", "2023年", "2025年"]));
    assert!(reasons[0].contains("先后"), "{reasons:?}");
    assert!(unfit(ChartKind::Line, &years(["2024", "2024", "2025", "2026"]))[1].contains("once"));
    assert!(refusal(ChartKind::Line, &years(["2010年", "2020年", "2021年", "2022年"])).is_none());
    // What tells no time stands in the order given.
    assert!(refusal(ChartKind::Line, &years(["第一批", "第二批", "第三批", "第四批"])).is_none());
}

#[test]
fn a_whole_has_parts_and_nothing_negative_is_stacked() {
    let one: &[&str] = &["1"];
    assert!(unfit(ChartKind::Donut, &[("甲", one)])[0].contains("一句话"));
    assert!(unfit(ChartKind::FullColumn, &[("甲", one), ("乙", one)])[0].contains("柱形图"));
    let mixed: &[&str] = &["1000", "-1"];
    assert!(unfit(ChartKind::StackedColumn, &[("甲", mixed)])[0].contains("负数"));
    let gaps: &[&str] = &["—"];
    assert!(unfit(ChartKind::Column, &[("甲", gaps)])[1].contains("only gaps"));
}

#[test]
fn range_has_two_ends() {
    let one: &[&str] = &["1"];
    assert!(unfit(ChartKind::Range, &[("甲", one)])[1].contains("two columns"));
    let same: &[&str] = &["3", "3"];
    assert!(refusal(ChartKind::Range, &[("甲", same)]).is_none());
}

#[test]
fn heat_table_has_columns_that_its_width_can_carry() {
    let one: &[&str] = &["1"];
    assert!(unfit(ChartKind::Heat, &[("甲", one)])[0].contains("条形图"));
    let gap: &[&str] = &["1", "—", "2", "3", "4", "5"];
    assert!(refusal(ChartKind::Heat, &[("甲", gap)]).is_none());
    let wide: &[&str] = &["1000000.25"; 6];
    assert!(matches!(refusal(ChartKind::Heat, &[("甲", wide)]), Some(Undrawable::NoRoom)));
}

#[test]
fn cards_are_two_to_six() {
    let one: &[&str] = &["1"];
    for rows in [1, 7] {
        assert!(unfit(ChartKind::Cards, &vec![("甲", one); rows])[0].contains("两个至六个"));
    }
    for rows in 2..=6 {
        assert!(refusal(ChartKind::Cards, &vec![("甲", one); rows]).is_none());
    }
    let two: &[&str] = &["1", "2"];
    let refused = refusal(ChartKind::Cards, &[("甲", two), ("乙", two)]);
    assert!(matches!(refused, Some(Undrawable::OneSeries { series: 2 })));
}

#[test]
fn schedule_has_dates_in_their_order() {
    let said = |cells: &[&str]| {
        let refused = refusal(ChartKind::Gantt, &[("甲", &["2026-01", "2026-02"]), ("乙", cells)]);
        refused.map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(said(&["2026年3月", "2026年3月"]), "");
    assert_eq!(said(&["2026年3月6日", "2026年3月"]), "");
    let early = "row 2 (乙): its end lies before its start";
    assert_eq!(said(&["2026年3月6日", "2026-03-05"]), early);
    assert_eq!(said(&["2026年4月", "2026年3月"]), early);
    assert!(said(&["2026年3月", "年底前"]).starts_with("row 2 (乙): “年底前” is no date"));
    assert!(said(&["", "2026年3月"]).starts_with("row 2 (乙): “—” is no date"));
}

#[test]
fn schedule_has_two_or_three_columns_and_six_phases() {
    let four: &[&str] = &["2026-01", "2026-02", "启动", "备注"];
    assert!(unfit(ChartKind::Gantt, &[("甲", four)])[0].contains("开始、结束"));
    let names = ["一", "二", "三", "四", "五", "六", "七"];
    let cells = names.map(|name| ["2026-01", "2026-02", name]);
    let rows: Vec<(&str, &[&str])> = cells.iter().map(|cells| ("甲", &cells[..])).collect();
    assert!(unfit(ChartKind::Gantt, &rows)[1].contains("six phases"));
    assert!(refusal(ChartKind::Gantt, &rows[..6]).is_none());
}

#[test]
fn comparison_has_something_to_compare() {
    let one: &[&str] = &["十日"];
    assert!(unfit(ChartKind::Compare, &[("时限", one)])[0].contains("两列"));
    let same: &[&str] = &["十日", "十日"];
    assert!(unfit(ChartKind::Compare, &[("时限", same)])[0].contains("完全相同"));
    let (new, neither): (&[&str], &[&str]) = (&["", "五日"], &["", "—"]);
    assert!(refusal(ChartKind::Compare, &[("时限", same), ("地点", new)]).is_none());
    let said = refusal(ChartKind::Compare, &[("时限", new), ("地点", neither)]);
    assert!(matches!(said, Some(Undrawable::Row { row: 2, .. })));
}

#[test]
fn flow_leads_from_step_to_step() {
    let said = |next: &str, when: &str| {
        let (end, next): (&[&str], &[&str]) = (&["", ""], &[next, when]);
        let refused = refusal(ChartKind::Flow, &[("甲", next), ("乙", end), ("丙", end)]);
        refused.map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(said("乙、丙", "齐全、不齐全"), "");
    assert_eq!(said("乙、丙", ""), "");
    assert_eq!(said("丁", ""), "row 1 (甲): its next step is none of the steps");
    assert_eq!(said("乙、丙", "齐全"), "row 1 (甲): it has not as many conditions as next steps");
    for twice in ["甲", "乙、乙"] {
        assert_eq!(said(twice, ""), "row 1 (甲): its next step is itself, or is named twice");
    }
    assert_eq!(said("", ""), "no step leads to another, so it is no flow");
    let one: &[&str] = &["甲"];
    let same = refusal(ChartKind::Flow, &[("甲", one), ("甲", one)]);
    assert!(matches!(same, Some(Undrawable::Row { row: 1, .. })));
    let many: Vec<(&str, &[&str])> = vec![("甲", one); 21];
    assert!(unfit(ChartKind::Flow, &many)[1].contains("twenty"));
}

#[test]
fn small_multiples_have_two_panels_to_twelve() {
    let panels = |count: usize| unfit_or_many(&vec!["1"; count]);
    assert!(panels(1).contains("two series"), "{}", panels(1));
    assert_eq!([panels(2), panels(12)], ["", ""]);
    assert!(panels(13).contains("more than 12"), "{}", panels(13));
    let one: &[&str] = &["1"; 7];
    let why = refusal(ChartKind::GroupedBar, &[("甲", one)]).map(|why| why.to_string());
    assert!(why.unwrap_or_default().contains("more than 6"));
}

fn unfit_or_many(cells: &[&str]) -> String {
    let why = refusal(ChartKind::SmallMultiples, &[("甲", cells), ("乙", cells)]);
    why.map_or(String::new(), |why| why.to_string())
}

#[test]
fn bars_that_lie_are_refused_like_columns_that_stand() {
    let rows: [(&str, &[&str]); 1] = [("甲", &["1", "-2"])];
    for kind in [ChartKind::StackedBar, ChartKind::FullBar] {
        assert!(unfit(kind, &rows)[0].contains("负数"), "{kind:?}");
    }
    assert!(refusal(ChartKind::GroupedBar, &rows).is_none());
    assert!(unfit(ChartKind::FullBar, &[("甲", &["1"])])[0].contains("总是100%"));
}
