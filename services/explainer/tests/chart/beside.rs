//! What must not stand beside what: totals, parts of years, other measures; and what names are said with.

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_proto::manifest::ChartKind;

use crate::refusals::refusal_named;

type Rows<'a> = &'a [(&'a str, &'a [&'a str])];

/// A drawing under a headline and a subtitle.
fn drawn(
    kind: ChartKind,
    series: &[&str],
    (unit, subtitle): (&str, &str),
    rows: Rows<'_>,
) -> Result<String, Undrawable> {
    let table = crate::table(series, rows);
    let (id, source, headline) = ("any", "", "标题");
    draw(&Chart { id, kind, headline, subtitle, unit, source, table: &table }, Width::Desk720)
}

/// Which name is refused, and why in Chinese.
fn refused(
    kind: ChartKind,
    series: &[&str],
    unit: &str,
    rows: Rows<'_>,
) -> Option<(String, &'static str)> {
    let refused = refusal_named(kind, series, unit, rows)?;
    let (Undrawable::Row { label: name, why: [why, _], .. }
    | Undrawable::Series { name, why: [why, _] }) = refused
    else {
        return Some((String::new(), ""));
    };
    Some((name, why))
}

#[test]
fn a_total_is_not_drawn_beside_its_parts() -> Result<(), Undrawable> {
    let one: Rows<'_> = &[("光明街道", &["500"]), ("合计", &["820"]), ("红旗街道", &["320"])];
    let two: Rows<'_> =
        &[("光明街道", &["500", "510"]), ("红旗街道", &["320", "330"]), ("合计", &["820", "840"])];
    let years = ["2020年", "2026年"];
    for (kind, series, rows) in [
        (ChartKind::Bar, &["数"][..], one),
        (ChartKind::Column, &["数"], one),
        (ChartKind::GroupedBar, &years, two),
        (ChartKind::GroupedColumn, &years, two),
        (ChartKind::SmallMultiples, &years, two),
        (ChartKind::Slope, &years, two),
        (ChartKind::Range, &years, two),
    ] {
        let svg = drawn(kind, series, ("件", "办件量"), rows)?;
        assert!(svg.contains("光明街道") && svg.contains("红旗街道"), "{kind:?}");
        assert!(!svg.contains("合计") && !svg.contains("820"), "{kind:?}");
    }
    // A rate of all is no sum, and may be compared.
    let rates: Rows<'_> = &[("光明街道", &["95.1"]), ("红旗街道", &["98.2"]), ("合计", &["96.3"])];
    assert!(drawn(ChartKind::Bar, &["办结率"], ("%", "办结率"), rates)?.contains("合计"));
    Ok(())
}

#[test]
fn a_row_is_named_by_its_place_in_the_whole_table() {
    let rows: Rows<'_> = &[("合计", &["9"]), ("甲", &["4"]), ("甲", &["5"])];
    let refused = refusal_named(ChartKind::Bar, &["数"], "件", rows);
    assert!(matches!(refused, Some(Undrawable::Row { row: 3, .. })), "{refused:?}");
}

#[test]
fn a_sum_by_any_name_is_no_part_of_a_ring_or_stack() {
    let of =
        |rows: Rows<'_>| refused(ChartKind::Donut, &["数量"], "条", rows).map(|(name, _)| name);
    for (rows, sum) in [
        (
            &[
                ("共收到", &["47"][..]),
                ("采纳", &["30"]),
                ("部分采纳", &["12"]),
                ("未采纳", &["5"]),
            ][..],
            Some("共收到"),
        ),
        (&[("小学", &["120"][..]), ("初中", &["80"]), ("义务教育", &["200"])], Some("义务教育")),
        (
            &[("公办", &["12.5"][..]), ("民办", &["10.1"]), ("养老床位", &["22.6"])],
            Some("养老床位"),
        ),
        (&[("线上", &["48"][..]), ("窗口", &["30"]), ("电话", &["17"])], None),
        (&[("公办", &["12.5"][..]), ("民办", &["10.1"]), ("养老床位", &["22.5"])], None),
        (&[("线上", &["5"][..]), ("窗口", &["3"]), ("电话", &["2"])], None),
        (&[("财政", &["200"][..]), ("自筹", &["120"]), ("捐赠", &["80"])], None),
        (&[("线上", &["200"][..]), ("窗口", &["120"]), ("其他渠道", &["80"])], None),
    ] {
        assert_eq!(of(rows).as_deref(), sum, "{rows:?}");
    }
    // Parts that are named alike add up by chance.
    for (labels, is_sum) in [
        (["0—14岁", "15—59岁", "60岁及以上"], false),
        (["青年", "中年", "老年"], false),
        (["一居室", "两居室", "三居室"], false),
        (["男学生", "女学生", "学生"], true),
        (["男生", "女生", "全区学生"], true),
    ] {
        let rows = [(labels[0], &["20"][..]), (labels[1], &["30"]), (labels[2], &["50"])];
        assert_eq!(of(&rows).is_some(), is_sum, "{labels:?}");
    }
    let half: Rows<'_> = &[("线上", &["200"]), ("窗口", &["120"]), ("电话", &["80"])];
    let said = |subtitle: &str| drawn(ChartKind::Donut, &["数"], ("件", subtitle), half).is_ok();
    assert_eq!((said("办件量"), said("办件量，线上占一半")), (false, true));
    let shares = drawn(
        ChartKind::Donut,
        &["占比"],
        ("%", ""),
        &[("线上", &["50"]), ("窗口", &["30"]), ("电话", &["20"])],
    );
    assert!(shares.is_ok());

    let growing: Rows<'_> = &[("2025年", &["100", "60", "40"]), ("2026年", &["110", "65", "45"])];
    let lying: Rows<'_> =
        &[("在校生", &["100", "110"]), ("小学", &["60", "65"]), ("初中", &["40", "45"])];
    for kind in [ChartKind::StackedColumn, ChartKind::StackedBar, ChartKind::FullBar] {
        let found = refused(kind, &["在校生", "小学", "初中"], "人", growing);
        assert_eq!(found.map(|(name, _)| name).as_deref(), Some("在校生"), "{kind:?}");
        // The shares of all stand well beside those of each.
        let found = refused(kind, &["男生", "女生"], "人", lying).map(|(name, _)| name);
        let expected = (kind != ChartKind::FullBar).then_some("在校生");
        assert_eq!(found.as_deref(), expected, "{kind:?}");
    }
}

#[test]
fn a_part_of_a_year_stands_beside_no_whole_one() {
    use ChartKind::{
        Bar, Column, Donut, FullBar, GroupedBar, GroupedColumn, Heat, Line, Range, StackedBar,
    };
    for part in [
        "2026年1—10月",
        "2026年上半年",
        "2026年前三季度",
        "2026年（1—9月）",
        "2026年前10个月",
        "2026年至今",
        "2026年（截至10月底）",
        "2026年截至目前",
        "今年以来",
    ] {
        let rows: Rows<'_> = &[("2024年", &["100"]), ("2025年", &["110"]), (part, &["95"])];
        for kind in [Bar, Column, Line] {
            let found = refused(kind, &["收入"], "亿元", rows);
            let (name, why) = found.unwrap_or_default();
            // A line says of some that they are shorter than the one before.
            let words = if kind == Line { "同样" } else { "同样的月份" };
            assert!(name == part && why.contains(words), "{kind:?} {part} {why}");
            assert!(!why.contains("bar"), "{kind:?} {why}");
        }
        let cells: &[&str] = &["100", "60"];
        let rows: Rows<'_> = &[("税收", cells), ("非税", &["50", "30"])];
        for kind in [GroupedBar, GroupedColumn, Range, Heat, StackedBar, FullBar] {
            let found = refused(kind, &["2025年", part], "亿元", rows);
            assert_eq!(found.map(|(name, _)| name).as_deref(), Some(part), "{kind:?}");
        }
        let rows: Rows<'_> = &[("2025年", cells), (part, &["50", "30"])];
        for kind in [StackedBar, FullBar, GroupedBar, Heat] {
            let found = refused(kind, &["税收", "非税"], "亿元", rows);
            assert_eq!(found.map(|(name, _)| name).as_deref(), Some(part), "{kind:?}");
        }
        let rows: Rows<'_> = &[("2025年", &["100"]), (part, &["60"])];
        assert!(refused(Donut, &["收入"], "亿元", rows).is_some_and(|(name, _)| name == part));
        assert!(refused(ChartKind::Cards, &["收入"], "亿元", rows).is_none(), "{part}");
    }
}

#[test]
fn parts_of_years_are_compared_with_each_other_and_rates_with_any() {
    use ChartKind::{Bar, GroupedBar, GroupedColumn};
    let of = |kind: ChartKind, names: [&str; 2], unit: &str| {
        let rows: Rows<'_> = &[(names[0], &["90", "8"]), (names[1], &["95", "9"])];
        refused(kind, &["税收", "非税"], unit, rows).or_else(|| {
            refused(kind, &names, unit, &[("税收", &["90", "8"]), ("非税", &["50", "9"])])
        })
    };
    for names in [
        ["2025年1—10月", "2026年1—10月"],
        ["2025年", "2026年"],
        ["2025年", "2026年（预计）"],
        ["2025年末", "2026年6月末"],
        ["2025年", "2026年6月底"],
        ["去年同期", "今年以来"],
        ["2025年月均", "2026年1—10月月均"],
    ] {
        assert_eq!(of(GroupedBar, names, "亿元"), None, "{names:?}");
    }
    assert_eq!(of(GroupedBar, ["2025年", "2026年1—10月"], "%"), None);
    assert!(of(GroupedBar, ["2025年收入", "2026年1—10月收入"], "亿元").is_some());
    let rows: Rows<'_> = &[("2025年", &["98"]), ("2026年1—10月", &["97"])];
    assert_eq!(refused(Bar, &["合格率"], "%", rows), None);
    // The months that are over are held against the same months.
    let rows: Rows<'_> = &[("1月", &["9", "8"]), ("2月", &["5", "9"])];
    assert_eq!(refused(GroupedColumn, &["2025年", "2026年1—2月"], "亿元", rows), None);
}

#[test]
fn names_that_end_in_a_figure_are_told_from_theirs() -> Result<(), Undrawable> {
    let said = |series: &[&str], unit: &str| {
        let rows: Rows<'_> = &[("甲区", &["28", "31"]), ("乙区", &["22", "30"])];
        drawn(ChartKind::GroupedBar, series, (unit, ""), rows)
    };
    for (series, unit, words) in [
        (["PM2.5", "PM10"], "μg/m³", "甲区：PM2.5为28μg/m³，PM10为31μg/m³"),
        (["SO₂", "NO₂"], "μg/m³", "甲区：SO₂为28μg/m³，NO₂为31"),
        (["2025", "2026"], "万人", "甲区：2025年28万人，2026年31万人"),
        (["男", "女"], "万人", "甲区：男28万人，女31万人"),
    ] {
        let svg = said(&series, unit)?;
        assert!(svg.contains(words), "{series:?} {svg}");
    }
    assert!(said(&["2025", "2026"], "万人")?.contains(">2025年</text>"));
    Ok(())
}

#[test]
fn figures_of_several_measures_have_no_scale_in_common() {
    use ChartKind::{GroupedBar, Heat, Line};
    let is_refused = |kind: ChartKind, series: [&str; 2], (unit, subtitle): (&str, &str)| {
        let rows: Rows<'_> = &[
            ("2024年", &["100", "210"]),
            ("2025年", &["105", "220"]),
            ("2026年", &["106", "230"]),
        ];
        drawn(kind, &series, (unit, subtitle), rows).is_err()
    };
    for kind in [GroupedBar, Heat, Line] {
        for (series, head, expected) in [
            (["惠及人数", "发放金额"], ("", "人数与金额"), true),
            (["项目数", "总投资"], ("", "情况"), true),
            (["户数", "面积"], ("", ""), true),
            (["男生人数", "女生人数"], ("", ""), false),
            (["户数", "人数"], ("", ""), false),
            (["项目数", "总投资"], ("%", "增长"), false),
            (["项目数", "总投资"], ("", "增长（%）"), false),
            // Complaints about either.
            (["等候时间", "补贴金额"], ("件", "投诉"), false),
            (["等候时间", "补贴金额"], ("", "投诉（件）"), false),
        ] {
            assert_eq!(is_refused(kind, series, head), expected, "{kind:?} {series:?} {head:?}");
        }
    }
    let rows: Rows<'_> = &[("惠及人数", &["100"]), ("发放金额", &["210"])];
    assert!(refused(ChartKind::Bar, &["数"], "", rows).is_some());
    assert!(refused(ChartKind::Cards, &["数"], "", rows).is_none());
}
