//! That what is drawn can be read as it is meant: figures, labels, years and the exits of a decision.

use lockstep_explainer::chart::{Chart, Undrawable, Width, draw};
use lockstep_proto::manifest::ChartKind;

use super::{svg::texts, table};

type Rows<'r> = &'r [(&'r str, &'r [&'r str])];

fn drawn(
    kind: ChartKind,
    (series, unit): (&[&str], &str),
    rows: Rows<'_>,
    width: Width,
) -> Result<String, Undrawable> {
    let table = table(series, rows);
    let (headline, subtitle, source) = ("标题", "", "");
    draw(&Chart { id: "any", kind, headline, subtitle, unit, source, table: &table }, width)
}

fn phone(kind: ChartKind, series: &[&str], rows: Rows<'_>) -> Result<String, Undrawable> {
    drawn(kind, (series, ""), rows, Width::Phone360)
}

/// What is written, with the middle and the foot of its em box.
fn words(svg: &str) -> Vec<(String, f64, f64)> {
    let areas = texts(svg).unwrap_or_default();
    areas
        .into_iter()
        .map(|area| (area.what, f64::midpoint(area.left, area.right), area.bottom))
        .collect()
}

/// Where a text stands; nowhere, which compares with nothing, where it is not written.
fn find(svg: &str, text: &str) -> (f64, f64) {
    let found = words(svg).into_iter().find(|(said, ..)| said == text);
    found.map_or((f64::NAN, f64::NAN), |(_, x, y)| (x, y))
}

/// The row of which a reason with these words is given.
fn refused(kind: ChartKind, series: &[&str], rows: Rows<'_>, words: &str) -> Option<usize> {
    match phone(kind, series, rows) {
        Err(Undrawable::Row { row, why: [chinese, _], .. }) if chinese.contains(words) => Some(row),
        _ => None,
    }
}

#[test]
fn no_year_is_broken() -> Result<(), Undrawable> {
    let years: Vec<String> = (2014..2026).map(|year| format!("{year}年")).collect();
    let figures: Vec<String> = (0..12).map(|n| (1000 + n * 37).to_string()).collect();
    let cells: Vec<[&str; 1]> = figures.iter().map(|figure| [figure.as_str()]).collect();
    let rows: Vec<(&str, &[&str])> =
        years.iter().zip(&cells).map(|(year, cell)| (year.as_str(), &cell[..])).collect();
    for width in [Width::Phone360, Width::Desk720, Width::Long1080] {
        let svg = drawn(ChartKind::Column, (&["数"], "件"), &rows, width)?;
        let whole = |year: &String| {
            words(&svg).iter().any(|(said, ..)| said == year || said == year.trim_end_matches('年'))
        };
        assert!(years.iter().all(whole), "{width:?}");
    }
    Ok(())
}

#[test]
fn every_part_of_a_stack_is_said() -> Result<(), Undrawable> {
    let rows: [(&str, &[&str]); 6] = [
        ("2021年", &["500", "1000", "6"]),
        ("2022年", &["501", "1030", "6"]),
        ("2023年", &["502", "1060", "6"]),
        ("2024年", &["503", "1090", "6"]),
        ("2025年", &["504", "1120", "6"]),
        ("2026年", &["505", "1150", "6"]),
    ];
    for kind in [ChartKind::StackedColumn, ChartKind::StackedBar] {
        for rows in [&rows[..3], &rows] {
            for width in [Width::Phone360, Width::Desk720, Width::Long1080] {
                let svg = drawn(kind, (&["甲", "乙", "丙"], "件"), rows, width)?;
                let said = |figure: &str| {
                    let parts = words(&svg).into_iter().flat_map(|(said, ..)| {
                        said.split('，').map(str::to_owned).collect::<Vec<_>>()
                    });
                    parts.filter(|part| part.split(' ').next_back() == Some(figure)).count()
                };
                assert!(rows.iter().all(|(_, cells)| said(cells[1]) > 0), "{kind:?} {width:?}");
                assert_eq!(said("6"), rows.len(), "{kind:?} {width:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn one_line_of_zero_runs_through_columns_that_lie_on_their_side() -> Result<(), Undrawable> {
    let names: Vec<String> = (0..8).map(|n| format!("示例市第{n}区教育事务中心")).collect();
    let cells = [["100"], ["-113"]];
    let rows: Vec<(&str, &[&str])> = names
        .iter()
        .zip(cells.iter().cycle())
        .map(|(name, cell)| (name.as_str(), &cell[..]))
        .collect();
    let svg = phone(ChartKind::Column, &["数"], &rows)?;
    let (first, last) = (find(&svg, &names[0]).1, find(&svg, &names[7]).1);
    let spans =
        svg.lines().filter_map(|line| line.strip_prefix("<polyline points=\"")).any(|line| {
            let ys = line
                .split('"')
                .next()
                .unwrap()
                .split(' ')
                .filter_map(|point| point.split(',').nth(1));
            let ys: Vec<f64> = ys.filter_map(|y| y.parse().ok()).collect();
            ys.iter().any(|y| *y < first) && ys.iter().any(|y| *y > last)
        });
    assert!(spans, "{svg}");
    Ok(())
}

#[test]
fn only_the_row_of_a_long_label_is_high_and_it_keeps_apart() -> Result<(), Undrawable> {
    const LONG: &str = "对符合条件的家庭经济困难学生减免学费和住宿费并发放生活补助金";
    let of = |kind, series: &[&str], cells: &[&str]| {
        let other = format!("另{LONG}");
        let rows = [(LONG, cells), (other.as_str(), cells), ("甲", cells), ("乙", cells)];
        let svg = drawn(kind, (series, "件"), &rows, Width::Long1080)?;
        let words = words(&svg);
        let lines: Vec<f64> = words
            .iter()
            .filter(|(said, ..)| {
                said.chars().count() > 5 && format!("{LONG}{other}").contains(said.as_str())
            })
            .map(|(.., y)| *y)
            .collect();
        assert!(lines.len() >= 6, "{kind:?} {words:?}");
        // Between lines of one label, and between the two labels.
        let gaps: Vec<f64> = lines.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let line = gaps.iter().copied().fold(f64::MAX, f64::min);
        assert!(gaps.iter().any(|gap| *gap > line + 20.0), "{kind:?} {gaps:?}");
        let low = find(&svg, "乙").1 - find(&svg, "甲").1;
        assert!(low < 2.5 * line, "{kind:?} {low}");
        Ok::<_, Undrawable>(())
    };
    of(ChartKind::Bar, &["数"], &["3"])?;
    of(ChartKind::Range, &["平时", "高峰"], &["3", "7"])?;
    of(ChartKind::Gantt, &["开始", "结束"], &["2026年3月", "2026年5月"])
}

const DECISION: [(&str, &[&str]); 6] = [
    ("申请", &["审核", ""]),
    ("审核", &["准予、不准、补正、转送", "合格、不合、缺件、非职"]),
    ("准予", &["", ""]),
    ("不准", &["", ""]),
    ("补正", &["申请", ""]),
    ("转送", &["", ""]),
];

#[test]
fn four_exits_stand_in_the_order_of_the_data() -> Result<(), Undrawable> {
    let svg = phone(ChartKind::Flow, &["下一步", "条件"], &DECISION)?;
    for exits in [["准予", "不准", "补正", "转送"], ["合格", "不合", "缺件", "非职"]]
    {
        let at = exits.map(|exit| find(&svg, exit).0);
        assert!(at.is_sorted(), "{exits:?} {at:?}");
    }
    // Conditions of several signs go over lines where they have to.
    let long: [(&str, &[&str]); 9] = [
        ("收到申请", &["登记", ""]),
        ("登记", &["审查", ""]),
        ("审查", &["予以公开、不予公开、补正、征求意见", "可以公开、依法不公开、不明确、涉第三方"]),
        ("补正", &["审查、视为放弃", "已补正、逾期未补"]),
        ("视为放弃", &["归档", ""]),
        ("征求意见", &["审查", "收到意见"]),
        ("予以公开", &["归档", ""]),
        ("不予公开", &["归档", ""]),
        ("归档", &["", ""]),
    ];
    phone(ChartKind::Flow, &["下一步", "条件"], &long).map(drop)
}

#[test]
fn conditions_in_lanes_stand_below_where_arrows_branch() -> Result<(), Undrawable> {
    let rows: [(&str, &[&str]); 4] = [
        ("申请", &["审核", "", "申请人"]),
        ("审核", &["准予、不准", "合格、不合格", "窗口"]),
        ("准予", &["", "", "窗口"]),
        ("不准", &["", "", "申请人"]),
    ];
    let svg = phone(ChartKind::Flow, &["下一步", "条件", "主体"], &rows)?;
    for (condition, exit) in [("合格", "准予"), ("不合格", "不准")] {
        let ((x, y), (to, below)) = (find(&svg, condition), find(&svg, exit));
        assert!((x - to).abs() < 1.0 && y < below, "{condition} {x} {to}");
    }
    // The branch runs sideways above both.
    let (_, y) = find(&svg, "合格");
    assert!((find(&svg, "不合格").1 - y).abs() < 1.0);
    let lines = svg.lines().filter_map(|line| line.strip_prefix("<polyline points=\""));
    let level: Vec<f64> = lines
        .filter_map(|line| {
            let points: Vec<&str> = line.split('"').next()?.split(' ').collect();
            let [_, a, b, ..] = points.as_slice() else { return None };
            let (a, b) = (a.split_once(',')?.1, b.split_once(',')?.1);
            (a == b).then(|| a.parse().ok()).flatten()
        })
        .collect();
    assert!(level.last().is_some_and(|level| *level < y - 12.0), "{level:?} {y}");
    Ok(())
}

#[test]
fn who_does_a_step_stands_in_its_box_where_lanes_are_narrow() -> Result<(), Undrawable> {
    let rows: [(&str, &[&str]); 5] = [
        ("提出申请", &["窗口受理", "申请人"]),
        ("窗口受理", &["科室初审", "综合窗口"]),
        ("科室初审", &["分管复核", "业务科室"]),
        ("分管复核", &["集体审议", "分管领导"]),
        ("集体审议", &["", "局务会议"]),
    ];
    let svg = phone(ChartKind::Flow, &["下一步", "主体"], &rows)?;
    for (step, cells) in rows {
        let ((x, y), (role, below)) = (find(&svg, step), find(&svg, cells[1]));
        assert!((x - role).abs() < 1.0 && y < below && below < y + 30.0, "{step}");
    }
    Ok(())
}

#[test]
fn what_would_mislead_is_refused_with_its_row() -> Result<(), Undrawable> {
    let years: [(&str, &[&str]); 3] =
        [("2024年", &["10"]), ("2025年", &["20"]), ("2026年（1—9月）", &["15"])];
    for kind in [ChartKind::Column, ChartKind::Line] {
        assert_eq!(refused(kind, &["数"], &years, "一部分时间"), Some(3), "{kind:?}");
    }
    let same: [(&str, &[&str]); 3] =
        [("2024年（1—9月）", &["10"]), ("2025年（1—9月）", &["20"]), ("2026年（1—9月）", &["15"])];
    phone(ChartKind::Column, &["数"], &same)?;
    let mixed: [(&str, &[&str]); 2] =
        [("人数（人）", &["10", "20"]), ("平均（分钟）", &["5", "9"])];
    for kind in [ChartKind::Range, ChartKind::Heat] {
        assert_eq!(refused(kind, &["甲", "乙"], &mixed, "单位不同"), Some(2), "{kind:?}");
        let columns = phone(
            kind,
            &["人数（人）", "平均（分钟）"],
            &[("甲", &["1", "2"]), ("乙", &["3", "4"])],
        );
        assert!(matches!(columns, Err(Undrawable::Series { .. })), "{kind:?}");
    }
    let ends: [(&str, &[&str]); 2] = [("甲", &["3", "12"]), ("乙", &["12", "3"])];
    assert_eq!(refused(ChartKind::Range, &["最低", "最高"], &ends, "最低的数大于"), Some(2));
    phone(ChartKind::Range, &["2025年", "2026年"], &ends)?;
    let signs: [(&str, &[&str]); 2] = [("甲", &["3", "12"]), ("乙", &["-12", "3"])];
    assert_eq!(refused(ChartKind::Heat, &["春", "秋"], &signs, "负数"), Some(2));
    Ok(())
}

#[test]
fn a_card_may_have_a_unit_of_its_own() -> Result<(), Undrawable> {
    let rows: [(&str, &[&str]); 2] = [("惠及群众（人）", &["8000"]), ("平均办理（分钟）", &["12"])];
    let svg = phone(ChartKind::Cards, &["数"], &rows)?;
    for text in ["惠及群众", "人", "8000", "平均办理", "分钟"] {
        assert!(find(&svg, text).0 > 0.0, "{text}");
    }
    let of_chart = drawn(ChartKind::Cards, (&["数"], "人"), &rows, Width::Phone360);
    assert!(matches!(of_chart, Err(Undrawable::Row { row: 2, .. })));
    let lacking: [(&str, &[&str]); 2] = [rows[0], ("平均办理", &["12"])];
    assert_eq!(refused(ChartKind::Cards, &["数"], &lacking, "没有写明单位"), Some(2));
    Ok(())
}
