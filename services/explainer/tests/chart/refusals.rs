//! What each kind refuses to draw, with the reason in both languages.

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;

use super::table;

/// Each row has a name of its own; some are long.
const NAMES: [&str; 13] = [
    "新港经济技术开发区一",
    "新港经济技术开发区二",
    "新港经济技术开发区三",
    "新港经济技术开发区四",
    "新港经济技术开发区五",
    "己",
    "庚",
    "辛",
    "壬",
    "癸",
    "子",
    "丑",
    "寅",
];

/// What is said of a table of figures or words; nothing where it is drawn.
pub(crate) fn refusal(kind: ChartKind, rows: &[(&str, &[&str])]) -> Option<Undrawable> {
    let columns = rows.first().map_or(0, |(_, cells)| cells.len());
    let series: Vec<String> = (1..=columns).map(|column| format!("列{column}")).collect();
    let names: Vec<&str> = series.iter().map(String::as_str).collect();
    refusal_named(kind, &names, "", rows)
}

/// The same with names of columns and a unit.
pub(crate) fn refusal_named(
    kind: ChartKind,
    series: &[&str],
    unit: &str,
    rows: &[(&str, &[&str])],
) -> Option<Undrawable> {
    let table = table(series, rows);
    let chart =
        Chart {
            id: "any", kind, headline: "标题", subtitle: "", unit, source: "", table: &table
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

/// The row that is refused, where the reason holds some words.
pub(crate) fn refused_row(kind: ChartKind, rows: &[(&str, &[&str])], words: &str) -> Option<usize> {
    match refusal(kind, rows) {
        Some(Undrawable::Row { row, why: [why, _], .. }) if why.contains(words) => Some(row),
        _ => None,
    }
}

#[test]
fn slope_has_two_points_in_time_and_few_lines() {
    let three: &[&str] = &["1", "2", "3"];
    assert!(unfit(ChartKind::Slope, &[("甲", three)])[0].contains("两列"));
    let two: &[&str] = &["1", "2"];
    let named = |names: [&str; 2], count| match refusal_named(
        ChartKind::Slope,
        &names,
        "",
        &NAMES.map(|name| (name, two))[..count],
    ) {
        Some(Undrawable::Unfit([_, why])) => why,
        _ => "",
    };
    assert_eq!(named(["改革前", "改革后"], 12), "");
    assert!(named(["改革前", "改革后"], 13).contains("twelve"));
    assert!(named(["公办", "民办"], 12).contains("points in time"));
}

#[test]
fn a_slope_whose_labels_would_leave_their_points_is_refused() {
    let named = |cells: &[[&'static str; 2]]| {
        let rows: Vec<(&str, &[&str])> =
            NAMES.iter().skip(5).zip(cells).map(|(name, cells)| (*name, &cells[..])).collect();
        refusal_named(ChartKind::Slope, &["2024年", "2025年"], "%", &rows)
    };
    let close = [
        ["50", "95"],
        ["80", "88"],
        ["80.1", "88.1"],
        ["80.2", "88.2"],
        ["79.9", "87.9"],
        ["80.3", "88.3"],
        ["81", "86"],
    ];
    assert!(named(&close[..3]).is_none());
    let close: Vec<_> = close.into_iter().chain([["79", "90"]]).collect();
    let Some(Undrawable::Unfit([why, _])) = named(&close) else { unreachable!() };
    assert!(why.contains("grouped_bar"), "{why}");
}

#[test]
fn lines_are_in_order_of_time_and_as_far_apart_as_their_points() {
    let one: &[&str] = &["1"];
    let years = |years: [&'static str; 4]| years.map(|year| (year, one));
    for (labels, row) in [
        (["2024年", "2022年", "2023年", "2025年"], 2),
        (["2024", "2024", "2025", "2026"], 2),
        (["2026年", "2025年", "2024年", "2023年"], 2),
    ] {
        for kind in [ChartKind::Line, ChartKind::Area, ChartKind::Column] {
            assert_eq!(refused_row(kind, &years(labels), "先后"), Some(row), "{labels:?}");
        }
    }
    // What stands side by side has no course.
    for labels in [["小学", "初中", "高中", "大学"], ["10月", "11月", "12月", "13月"]] {
        assert!(refused_row(ChartKind::Line, &years(labels), "bar").is_some(), "{labels:?}");
        assert!(refusal(ChartKind::Column, &years(labels)).is_none(), "{labels:?}");
    }
    assert!(refusal(ChartKind::Line, &years(["2010年", "2020年", "2021年", "2022年"])).is_none());
    // Steps of a scale are as good as points in time.
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
fn a_total_is_none_of_its_parts() {
    let one: &[&str] = &["1"];
    let sum: &[&str] = &["2"];
    let rows = [("甲", one), ("乙", one), ("合 计（万元）", sum)];
    assert_eq!(refused_row(ChartKind::Donut, &rows, "合计"), Some(3));
    assert!(refusal(ChartKind::Bar, &rows).is_none());
    // What may be the name of a part is a total where it is the sum.
    let named = |figure: &'static str| {
        let of = [figure];
        refused_row(ChartKind::Donut, &[("甲", one), ("乙", one), ("全市", &of)], "合计")
    };
    assert_eq!((named("2"), named("3")), (Some(3), None));
    // A count of all students and one of all teachers are no sums of each other.
    let two: &[&str] = &["1", "2"];
    let counts =
        |last: &'static [&'static str]| [("学生总数", two), ("教师", two), ("教师总数", last)];
    assert_eq!(refused_row(ChartKind::StackedBar, &counts(&["1", "1"]), "合计"), None);
    assert_eq!(refused_row(ChartKind::StackedBar, &counts(&["2", "4"]), "合计"), Some(3));
    // As near as sums of rounded figures are.
    assert_eq!(refused_row(ChartKind::StackedBar, &counts(&["2", "4.01"]), "合计"), Some(3));
    let rows = [("甲", two), ("总计", two)];
    assert_eq!(refused_row(ChartKind::StackedBar, &rows, "合计"), Some(2));
    assert!(refusal(ChartKind::FullBar, &rows).is_none());
    for kind in [ChartKind::StackedColumn, ChartKind::FullColumn] {
        let refused = refusal_named(kind, &["公办", "小计"], "", &[("甲", two), ("乙", two)]);
        assert!(matches!(refused, Some(Undrawable::Series { name, .. }) if name == "小计"));
    }
}

#[test]
fn per_cents_that_are_stacked_are_parts_of_one_whole() {
    let rows = |cells: &'static [&'static str]| [("甲", &["40", "60"][..]), ("乙", cells)];
    for (kind, cells, row) in [
        (ChartKind::FullColumn, &["40", "60.2"][..], None),
        (ChartKind::StackedBar, &["50", "52"], Some(2)),
        (ChartKind::StackedBar, &["50", "51"], None),
        (ChartKind::FullColumn, &["40", "50"], Some(2)),
        (ChartKind::StackedBar, &["40", "50"], None),
        (ChartKind::StackedBar, &["80", "50"], Some(2)),
    ] {
        let refused = refusal_named(kind, &["公办", "民办"], "%", &rows(cells));
        let of = refused.and_then(|error| {
            if let Undrawable::Row { row, .. } = error { Some(row) } else { None }
        });
        assert_eq!(of, row, "{cells:?}");
        assert!(refusal_named(kind, &["公办", "民办"], "所", &rows(cells)).is_none());
    }
    // Each part is rounded.
    for (cells, fits) in [
        (["29", "29", "43"], true),
        (["33", "33", "33"], true),
        (["33", "33", "32"], false),
        (["33.3", "33.3", "33.3"], true),
        (["33.0", "33.0", "33.0"], false),
    ] {
        let names = ["公办", "民办", "其他"];
        let full = refusal_named(ChartKind::FullBar, &names, "%", &[("甲", &cells)]);
        let parts = [0, 1, 2].map(|at| (names[at], &cells[at..=at]));
        let donut = refusal_named(ChartKind::Donut, &["占比"], "%", &parts);
        assert_eq!((full.is_none(), donut.is_none()), (fits, fits), "{cells:?}");
    }
}

#[test]
fn a_series_has_a_figure_and_points_in_time_are_in_their_order() {
    let gap: &[&str] = &["1", "—"];
    let refused = refusal(ChartKind::GroupedColumn, &[("甲", gap), ("乙", gap)]);
    assert!(matches!(refused, Some(Undrawable::Series { name, .. }) if name == "列2"));
    let two: &[&str] = &["1", "2"];
    let slope =
        |series: &[&str]| refusal_named(ChartKind::Slope, series, "", &[("甲", two), ("乙", two)]);
    assert!(slope(&["2025年", "2026年"]).is_none());
    assert!(
        matches!(slope(&["2026年", "2025年"]), Some(Undrawable::Unfit([why, _])) if why.contains("写反"))
    );
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
    // Where it has no room, rows and columns change places.
    let months: &[&str] = &["45678"; 12];
    assert!(refusal(ChartKind::Heat, &NAMES.map(|name| (name, months))[..5]).is_none());
    let wide: &[&str] = &["1000000.25"; 6];
    assert!(refusal(ChartKind::Heat, &[("甲", wide)]).is_none());
    assert!(unfit(ChartKind::Heat, &NAMES.map(|name| (name, wide))[..6])[0].contains("约容六列"));
}

#[test]
fn cards_are_two_to_six() {
    let one: &[&str] = &["1"];
    for rows in [1, 7] {
        assert!(
            unfit(ChartKind::Cards, &NAMES.map(|name| (name, one))[..rows])[0]
                .contains("两个至六个")
        );
    }
    for rows in 2..=6 {
        assert!(refusal(ChartKind::Cards, &NAMES.map(|name| (name, one))[..rows]).is_none());
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
    let early = "row 2 (乙): its end lies before its start; check both dates, and write one twice where it is a single day";
    assert_eq!(said(&["2026年3月6日", "2026-03-05"]), early);
    assert_eq!(said(&["2026年4月", "2026年3月"]), early);
    // As plans write them: in the year of its start, and without an end.
    for [start, end] in [
        ["2026年3月", "年底前"],
        ["2026年3月上旬", "6月底前"],
        ["2026年3月", "3月8日"],
        ["2026年3月", "长期"],
        ["2026年3月", "持续推进"],
        ["自2026年3月5日起", "长期"],
        ["2026年3月起", "至2026年6月底"],
        ["从2026年3月开始", "截至6月30日止"],
    ] {
        assert_eq!(said(&[start, end]), "", "{start} {end}");
    }
    assert_eq!(said(&["2026年3月6日", "1月底"]), early);
    for [start, end] in [
        ["2026年3月", "待定"],
        ["2026年3月", ""],
        ["2026年3月", "6月前"],
        ["3月", "2026年6月"],
        ["长期", "2026年6月"],
        ["2026年3月", "6月起"],
    ] {
        assert!(said(&[start, end]).contains("is no date"), "{start} {end}");
    }
    // A day that is not said is no date that was written wrongly.
    for start in ["即日起", "自印发之日起", "发布后", "年内"] {
        let said = said(&[start, "长期"]);
        let instead = "does not say which day, so that it has no place in the picture; write the date of issue";
        assert!(said.contains(&format!("“{start}” {instead}")), "{said}");
    }
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
    assert_eq!(
        said("丁", ""),
        "row 1 (甲): has a next step that is none of the steps; write it as in the first column, and several separated \
         by 、, as 受理、补正"
    );
    for few in ["齐全", "齐全；不齐；不符"] {
        let said = said("乙、丙", few);
        assert!(
            said.starts_with("row 1 (甲): it has not as many conditions as next steps:"),
            "{said}"
        );
    }
    // By whichever mark several are parted.
    for (next, when) in [
        ("乙；丙", "齐全；不齐全"),
        ("乙;丙", "齐全、不齐全"),
        ("乙，丙；", "齐全，不齐全"),
        ("乙/丙", "齐全、不全；不符"),
        ("乙", "材料齐全、符合形式"),
    ] {
        assert_eq!(said(next, when), "", "{next} {when}");
    }
    assert!(said("乙；丁", "").contains("none of the steps"));
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
fn a_step_may_have_a_mark_in_its_name() -> Result<(), Undrawable> {
    let cell = |text: &str| Cell { text: text.to_owned(), value: None };
    let row = |label: &str, next: &str| Row { label: label.to_owned(), cells: vec![cell(next)] };
    let rows = vec![
        row("申请", "受理、审核"),
        row("受理、审核", "办结；补正"),
        row("办结", ""),
        row("补正", "申请"),
    ];
    let table = Table { series: vec!["下一步".to_owned()], rows };
    let (kind, width) = (ChartKind::Flow, Width::Desk720);
    let chart = Chart {
        id: "any",
        kind,
        headline: "标题",
        subtitle: "",
        unit: "",
        source: "",
        table: &table,
    };
    let svg = draw(&chart, width)?;
    assert!(svg.contains("申请：到受理、审核。受理、审核：到办结；到补正。"), "{svg}");
    Ok(())
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

#[test]
fn every_step_has_a_role_where_one_has() {
    let flow = |headings: &[&str], roles: [&str; 2]| {
        let cell = |text: &str| Cell { text: text.to_owned(), value: None };
        let row = |label: &str, next: &str, role: &str| Row {
            label: label.to_owned(),
            cells: [next, role, ""].into_iter().take(headings.len()).map(cell).collect(),
        };
        let rows = vec![row("申请", "受理", roles[0]), row("受理", "", roles[1])];
        let series = headings.iter().map(|heading| (*heading).to_owned()).collect();
        let table = Table { series, rows };
        let chart = Chart {
            id: "any",
            kind: ChartKind::Flow,
            headline: "标题",
            subtitle: "",
            unit: "",
            source: "",
            table: &table,
        };
        draw(&chart, Width::Desk720).map_err(|why| why.to_string())
    };
    let lanes = flow(&["下一步", "主体"], ["家长", "学校"]).unwrap_or_default();
    assert!(lanes.contains(">家长<") && lanes.contains(">学校<"));
    let one = flow(&["下一步", "主体"], ["家长", "家长"]).unwrap_or_default();
    assert!(one.matches(">家长<").count() == 2, "one role makes no lanes, and stands in each box");
    let lacking = flow(&["下一步", "主体"], ["家长", ""]);
    assert!(lacking.is_err_and(|why| why.contains("fill in its role")));
    let twice = flow(&["下一步", "主体", "责任部门"], ["家长", "学校"]);
    assert!(twice.is_err_and(|why| why.contains("one each")));
}

#[test]
fn parts_are_counted_once_and_add_up() {
    let donut = |rows: &[(&str, &[&str])]| refused_row(ChartKind::Donut, rows, "");
    let one: &[&str] = &["1"];
    assert_eq!(donut(&[("甲类", one), ("其中：甲一", one), ("乙类", one)]), Some(2));
    assert_eq!(donut(&[("甲区", one), ("乙区", one), ("全市平均", one)]), Some(3));
    assert_eq!(donut(&[("甲区", one), ("乙区", one), ("丙区", one)]), None);
    let rows: &[(&str, &[&str])] = &[("甲区", &["1", "2"]), ("乙区", &["3", "4"])];
    let stacked =
        |series: &[&str], unit: &str| refusal_named(ChartKind::StackedColumn, series, unit, rows);
    assert!(matches!(stacked(&["公办", "其中寄宿"], "人"), Some(Undrawable::Series { .. })));
    assert!(matches!(stacked(&["公办", "民办"], "平方米/人"), Some(Undrawable::Unfit(_))));
    assert!(stacked(&["公办", "民办"], "人").is_none());
}

#[test]
fn columns_of_two_units_have_no_scale_in_common() {
    let rows: &[(&str, &[&str])] = &[("甲区", &["1", "2"]), ("乙区", &["3", "4"])];
    let of = |series: &[&str]| refusal_named(ChartKind::GroupedColumn, series, "", rows);
    assert!(matches!(of(&["人数（人）", "经费（万元）"]), Some(Undrawable::Series { .. })));
    assert!(of(&["公办（人）", "民办（人）"]).is_none());
    assert!(of(&["公办（含分校）", "民办（人）"]).is_none());
}

#[test]
fn rows_of_one_name_and_periods_of_two_lengths_are_refused() {
    let one: &[&str] = &["1"];
    assert_eq!(
        refused_row(ChartKind::Bar, &[("甲", one), ("乙", one), ("甲", one)], "同名"),
        Some(3)
    );
    let line = |labels: [&str; 4]| {
        let rows = labels.map(|label| (label, one));
        refused_row(ChartKind::Line, &rows, "一样长")
    };
    assert_eq!(line(["2024年", "2025年", "2026年1月", "2026年2月"]), Some(3));
    assert_eq!(line(["2024年底", "2025年底", "2026年3月底", "2026年6月底"]), None);
    assert_eq!(line(["2025年11月", "12月", "2026年1月", "2月"]), None);
}
