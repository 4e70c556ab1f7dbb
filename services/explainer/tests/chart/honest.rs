//! Charts that would say what their data do not are refused, beside honest ones like them that are drawn.

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_gate::bundle::{Cell, Row, Table};
use lockstep_proto::manifest::ChartKind;

use crate::refusals::{refusal_named, refused_row};

type Rows<'a> = &'a [(&'a str, &'a [&'a str])];

/// Why, in Chinese; nothing where it is drawn.
fn why(kind: ChartKind, series: &[&str], unit: &str, rows: Rows<'_>) -> Option<&'static str> {
    let refused = refusal_named(kind, series, unit, rows)?;
    let (Undrawable::Unfit([why, _])
    | Undrawable::Row { why: [why, _], .. }
    | Undrawable::Series { why: [why, _], .. }) = refused
    else {
        return Some("");
    };
    Some(why)
}

const ONE: Rows<'_> = &[("甲区", &["5"]), ("乙区", &["4.9"]), ("丙区", &["4.1"])];
const TWO: Rows<'_> =
    &[("2023年", &["80", "60"]), ("2024年", &["85", "60"]), ("2025年", &["90", "62"])];

#[test]
fn a_heading_does_not_contradict_the_unit() {
    for (series, unit, word) in [
        ("收入（万元）", "亿元", Some("unit")),
        ("收入（亿元）", "亿元", None),
        ("收入（含税）", "亿元", None),
        ("收入", "亿元", None),
        ("学校（所）", "个", None),
        ("收入（元）", "元/人", None),
    ] {
        let said = why(ChartKind::Bar, &[series], unit, ONE);
        assert_eq!(
            said.map(|why| word.is_some_and(|word| why.contains(word))),
            word.map(|_| true),
            "{series}"
        );
    }
}

#[test]
fn a_rate_stands_beside_no_amount() {
    for (series, unit, is_refused) in [
        (["收入", "增速（%）"], "亿元", true),
        (["收入", "同比增长率"], "亿元", true),
        (["办件量", "办结率"], "", true),
        (["收入", "支出"], "亿元", false),
        (["出生率", "死亡率"], "‰", false),
        (["满意率", "知晓度"], "%", false),
        (["收入（亿元）", "支出（亿元）"], "亿元", false),
    ] {
        for kind in [ChartKind::Line, ChartKind::GroupedColumn] {
            let said = why(kind, &series, unit, TWO);
            assert_eq!(said.is_some(), is_refused, "{series:?} {said:?}");
        }
    }
}

#[test]
fn what_does_not_add_up_is_no_part_of_a_whole() {
    for (series, unit, is_refused) in [
        ("满意度", "分", true),
        ("水价", "元/立方米", true),
        ("均价", "元", true),
        ("增速", "%", true),
        ("办结率", "", true),
        ("人均可支配收入", "元", true),
        ("人口密度", "人/平方公里", true),
        ("分值", "分", false),
        ("金额", "万元", false),
        ("养老金", "元/月", false),
        ("客流", "人次/日", false),
    ] {
        let said = why(ChartKind::Donut, &[series], unit, ONE);
        assert_eq!(said.is_some(), is_refused, "{series} {said:?}");
    }
    let price: Rows<'_> =
        &[("基本水价", &["2.2"]), ("污水处理费", &["0.95"]), ("水资源税", &["0.3"])];
    assert_eq!(why(ChartKind::Donut, &["金额"], "元/立方米", price), None);
    for (series, is_refused) in [
        (["最低额度", "最高额度"], true),
        (["收入", "支出"], true),
        (["城镇收入", "农村收入"], false),
        (["公办", "民办"], false),
        (["低收入家庭救助支出", "其他支出"], false),
        (["最低生活保障", "其他救助"], false),
    ] {
        let said = why(ChartKind::StackedColumn, &series, "亿元", TWO);
        assert_eq!(said.is_some(), is_refused, "{series:?} {said:?}");
    }
}

#[test]
fn answers_of_which_several_could_be_given_are_no_parts() {
    let row = |(label, value): (&str, f64)| Row {
        label: label.to_owned(),
        cells: vec![Cell { text: value.to_string(), value: Some(value) }],
    };
    let rows = [("材料多", 50.0), ("时限长", 30.0), ("来回跑", 20.0)].map(row).into();
    let table = Table { series: vec!["比例".to_owned()], rows };
    for (kind, subtitle, is_refused) in [
        (ChartKind::Donut, "办事难在哪里（可多选）", true),
        (ChartKind::Donut, "办事难在哪里", false),
        (ChartKind::Bar, "办事难在哪里（可多选）", false),
    ] {
        let (id, headline, unit, source) = ("any", "标题", "%", "");
        let chart = Chart { id, kind, headline, subtitle, unit, source, table: &table };
        assert_eq!(draw(&chart, Width::Phone360).is_err(), is_refused, "{kind:?} {subtitle}");
    }
}

#[test]
fn a_part_of_a_year_stands_beside_no_whole_one() {
    let one: &[&str] = &["1"];
    let column = |labels: [&str; 3]| {
        refused_row(ChartKind::Column, &labels.map(|label| (label, one)), "一部分时间")
    };
    assert_eq!(column(["2023年", "2024年", "2025年上半年"]), Some(3));
    assert_eq!(column(["2023年", "2024年", "2025年前三季度"]), Some(3));
    assert_eq!(column(["2023年", "2024年", "2025年6月底"]), None);
    assert_eq!(column(["2023年", "2024年", "2025年"]), None);
    assert_eq!(column(["2024年上半年", "2024年下半年", "2025年上半年"]), None);
    let slope = |series: [&str; 2]| {
        let rows: Rows<'_> = &[("甲区", &["10", "2"]), ("乙区", &["20", "3"])];
        why(ChartKind::Slope, &series, "亿元", rows)
    };
    assert!(slope(["2024年", "2025年一季度"]).is_some_and(|why| why.contains("不一样长")));
    assert_eq!(slope(["2024年", "2025年"]), None);
    assert_eq!(slope(["2024年一季度", "2025年一季度"]), None);
    assert_eq!(slope(["2025年", "2030年目标"]), None);
}

#[test]
fn cards_take_any_unit_in_brackets() {
    for unit in [
        "种",
        "份",
        "类",
        "折",
        "倍",
        "分",
        "岁",
        "级",
        "元/亩",
        "个百分点",
        "千瓦时",
        "微克/立方米",
        "㎡",
        "床",
        "位",
        "周",
        "月",
        "个月",
        "年",
        "步",
        "处",
        "批",
        "期",
        "家次",
        "宗",
        "部",
        "栋",
        "站",
        "公里/小时",
        "km",
        "GB",
        "门",
        "人/户",
    ] {
        let label = format!("某项（{unit}）");
        let rows: Rows<'_> = &[("惠及（人）", &["100"]), (&label, &["3"])];
        assert!(refusal_named(ChartKind::Cards, &["数"], "", rows).is_none(), "{unit}");
    }
    let rows: Rows<'_> = &[("惠及（人）", &["100"]), ("某项（含分校）", &["3"])];
    let said = why(ChartKind::Cards, &["数"], "", rows);
    assert!(said.is_some_and(|why| why.contains("没有写明单位")));
}

/// Why a ring with such a headline and subtitle is refused.
fn ring(headline: &str, subtitle: &str, unit: &str, rows: &[(&str, f64)]) -> bool {
    let row = |(label, value): &(&str, f64)| Row {
        label: (*label).to_owned(),
        cells: vec![Cell { text: value.to_string(), value: Some(*value) }],
    };
    let table = Table { series: vec!["数".to_owned()], rows: rows.iter().map(row).collect() };
    let (id, kind, source) = ("any", ChartKind::Donut, "");
    draw(&Chart { id, kind, headline, subtitle, unit, source, table: &table }, Width::Phone360)
        .is_err()
}

#[test]
fn stages_and_states_of_one_thing_are_no_parts_of_it() {
    for (series, is_refused) in [
        (["计划", "完成"], true),
        (["计划投资", "实际完成"], true),
        (["申请数", "批准数"], true),
        (["报名人数", "录取人数"], true),
        (["受理量", "办结量"], true),
        (["现状", "目标"], true),
        (["2025年现状", "2030年目标"], true),
        (["新增", "累计"], true),
        (["参保人数", "退休人员"], true),
        (["出生人口", "死亡人口"], true),
        (["2025年", "2026年"], true),
        (["1—3月", "1—6月"], true),
        (["总户数", "低保户"], true),
        (["已完成", "未完成"], false),
        (["已受理", "已办结"], false),
        (["出生医学证明", "死亡医学证明"], false),
        (["计划内", "计划外"], false),
        (["在职参保人数", "退休参保人数"], false),
        (["新增投资", "续建投资"], false),
        (["总部", "分部"], false),
        (["1—3月", "4—6月"], false),
        (["上半年", "下半年"], false),
        (["当年出生", "往年出生"], false),
    ] {
        let rows: Rows<'_> = &[("甲街道", &["80", "60"]), ("乙街道", &["85", "60"])];
        for kind in [ChartKind::StackedColumn, ChartKind::StackedBar, ChartKind::FullBar] {
            let said = why(kind, &series, "个", rows);
            assert_eq!(said.is_some(), is_refused, "{kind:?} {series:?} {said:?}");
        }
        assert_eq!(why(ChartKind::GroupedBar, &series, "个", rows), None);
    }
    // Three states, of which the first is planned; money that two years add up to.
    let three: Rows<'_> = &[("甲", &["3", "2", "1"])];
    assert_eq!(why(ChartKind::StackedBar, &["计划", "在建", "完成"], "个", three), None);
    let two: Rows<'_> = &[("甲", &["3", "2"])];
    assert_eq!(why(ChartKind::StackedBar, &["2025年", "2026年"], "万元", two), None);
    for (rows, is_refused) in [
        ([("受理", 300.0), ("办结", 285.0), ("超期", 15.0)], true),
        ([("1—3月", 10.0), ("1—6月", 22.0), ("1—9月", 37.0)], true),
        ([("总户数", 110.0), ("低保户", 10.0), ("其他户", 20.0)], true),
        ([("办结", 285.0), ("在办", 10.0), ("退件", 5.0)], false),
        ([("1月", 10.0), ("2月", 22.0), ("3月", 37.0)], false),
    ] {
        assert_eq!(ring("标题", "", "件", &rows), is_refused, "{rows:?}");
    }
}

#[test]
fn means_make_no_ring_unless_they_are_said_to_make_up_one() {
    let towns = [("城东", 92.0), ("城西", 8.0)];
    for (headline, subtitle, unit, is_refused) in [
        ("标题", "2026年生均公用经费", "元", true),
        ("标题", "人均住房建筑面积", "平方米", true),
        ("标题", "平均等候时间", "分钟", true),
        ("满意度", "", "分数", true),
        ("标题", "比上年增长", "亿元", true),
        ("标题", "气温", "℃", true),
        ("标题", "人均消费支出构成", "元", false),
        ("城东占九成以上，增长最快", "", "万元", false),
        ("标题", "2026年支出", "万元", false),
    ] {
        assert_eq!(ring(headline, subtitle, unit, &towns), is_refused, "{headline} {subtitle}");
    }
    assert!(!ring("满意度", "", "%", &[("满意", 98.0), ("不满意", 2.0)]));
    let marks: Rows<'_> = &[("甲校", &["80", "90"])];
    assert!(why(ChartKind::FullBar, &["语文", "数学"], "分", marks).is_some());
    assert_eq!(why(ChartKind::StackedBar, &["语文", "数学"], "分", marks), None);
}

/// Whether a chart with such a subtitle is refused.
fn is_refused(
    kind: ChartKind,
    series: &[&str],
    (unit, subtitle): (&str, &str),
    rows: Rows<'_>,
) -> bool {
    let table = crate::table(series, rows);
    let (id, source, headline) = ("any", "", "标题");
    let chart = Chart { id, kind, headline, subtitle, unit, source, table: &table };
    draw(&chart, Width::Phone360).is_err()
}

#[test]
fn a_subtitle_names_no_other_unit() {
    for (unit, subtitle, expected) in [
        ("万元", "2024—2026年经费（亿元）", true),
        ("万元", "单位：亿元", true),
        ("万元", "2026年经费（单位：亿元）", true),
        ("人", "各区人数（万人），2026年", true),
        ("亿元", "各区增速（%）", true),
        ("小时", "每件用时（分钟）", true),
        ("万元", "2024—2026年经费（万元）", false),
        ("万元", "单位：万元", false),
        ("亿元", "收入（亿元），人均（元）", false),
        ("万元", "2026年经费（预计）", false),
        ("万元", "参保单位：户", false),
        ("万元", "2026年（含新区）", false),
        ("公里", "道路长度（千米）", false),
        ("元", "每户补贴（元/户）", false),
        ("个", "学校（所）", false),
        ("张床位", "床位（张）", false),
        ("万元", "2026年", false),
    ] {
        let said = is_refused(ChartKind::Bar, &["数"], (unit, subtitle), ONE);
        assert_eq!(said, expected, "{unit} {subtitle}");
    }
}

#[test]
fn a_sum_of_the_others_is_no_part_beside_them_by_any_name() {
    let schools: Rows<'_> = &[("甲区", &["300", "200", "100"]), ("乙区", &["350", "190", "160"])];
    let shared: Rows<'_> = &[("甲区", &["300", "180", "120"]), ("乙区", &["350", "210", "140"])];
    let once: Rows<'_> = &[("甲区", &["300", "200", "100"]), ("乙区", &["340", "190", "160"])];
    let small: Rows<'_> = &[("甲区", &["3", "2", "1"]), ("乙区", &["5", "2", "3"])];
    for kind in [ChartKind::StackedColumn, ChartKind::StackedBar, ChartKind::FullColumn] {
        for (series, rows, expected) in [
            (["义务教育", "小学", "初中"], schools, true),
            (["常住", "户籍", "外来"], schools, true),
            (["义务教育", "小学", "初中"], once, false),
            (["幼儿园", "小学", "初中"], small, false),
            // By fixed shares, and where one bears as much as the others.
            (["设备", "培训", "管理"], shared, false),
            (["省级", "本地", "其他"], schools, false),
            (["中央", "地方", "自筹"], schools, false),
        ] {
            let said = is_refused(kind, &series, ("人", ""), rows);
            assert_eq!(said, expected, "{kind:?} {series:?}");
        }
    }
}

#[test]
fn rates_of_several_wholes_make_up_none() {
    let rates: Rows<'_> = &[("甲区", &["98", "95"]), ("乙区", &["99", "92"])];
    let parts: Rows<'_> = &[("甲区", &["98", "2"]), ("乙区", &["99", "1.4"])];
    for unit in ["%", ""] {
        for series in [["办结率", "满意率"], ["知晓度", "满意度"]] {
            assert!(is_refused(ChartKind::FullColumn, &series, (unit, ""), rates), "{series:?}");
        }
        let rows: Rows<'_> = &[("办结率", &["98"]), ("满意率", &["95"])];
        assert!(is_refused(ChartKind::Donut, &["数"], (unit, ""), rows), "{unit}");
        let rows: Rows<'_> = &[("优良率", &["62"]), ("不合格率", &["38"])];
        assert!(!is_refused(ChartKind::Donut, &["数"], (unit, ""), rows), "{unit}");
    }
    assert!(!is_refused(
        ChartKind::FullColumn,
        &["合格率", "不合格率"],
        ("%", ""),
        &[("甲区", &["98", "2"]), ("乙区", &["97", "3"])]
    ));
    assert!(is_refused(
        ChartKind::FullBar,
        &["合格率", "不合格率"],
        ("", ""),
        &[("甲区", &["98", "20"]), ("乙区", &["97", "3"])]
    ));
    assert!(!is_refused(ChartKind::FullColumn, &["网上", "窗口"], ("件", ""), parts));
}

#[test]
fn parts_of_one_price_add_up_where_that_is_said() {
    let rows: Rows<'_> =
        &[("第一阶梯", &["2.4", "0.95", "0.5"]), ("第二阶梯", &["3.6", "0.95", "0.5"])];
    let parts = ["供水价格", "污水处理费", "水资源税"];
    for (series, subtitle, expected) in [
        (parts, "综合水价构成（元/m³）", false),
        (parts, "综合水价由三部分组成", false),
        (parts, "2026年", true),
        (["居民价格", "工业价格", "商业价格"], "水价构成", true),
        (["供水价格", "用水户数", "污水处理费"], "水价构成", true),
    ] {
        for unit in ["元/m³", "元/立方米"] {
            let said = is_refused(ChartKind::StackedColumn, &series, (unit, subtitle), rows);
            assert_eq!(said, expected, "{series:?} {subtitle} {unit}");
        }
    }
}
