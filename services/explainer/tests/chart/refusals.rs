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
