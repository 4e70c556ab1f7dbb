//! What a kind of chart would say that its figures do not bear: a course of things side by side, a total as
//! one of its own parts, per cents that are no parts of a whole, a series of which nothing is known.

use std::collections::HashSet;

use lockstep_proto::manifest::{Cells, ChartKind};

use super::content::{Content, Figure, Item};
use super::{Undrawable, moments};

/// How the name of a total ends.
const TOTALS: [&str; 4] = ["合计", "总计", "小计", "共计"];
/// How it may end: it is one where its figure is the sum of all others. 学生总数 and 教师总数 are none.
const PERHAPS: [&str; 9] =
    ["总数", "总额", "总量", "总人数", "总和", "总体", "全部", "全市", "全区"];
/// By how much of it a sum of rounded figures may differ from the sum as it was rounded.
const NEARLY: f64 = 0.005;

pub(super) fn check(kind: ChartKind, content: &Content) -> Result<(), Undrawable> {
    use ChartKind::{
        Area, Bar, Cards, Column, Compare, Donut, Flow, FullBar, FullColumn, Gantt, GroupedBar,
        GroupedColumn, Heat, Line, Range, Slope, SmallMultiples, StackedBar, StackedColumn,
    };
    // A heat table is a table: a month without figures may stand in it.
    if kind.cells() != Cells::Words && kind != Heat {
        check_gaps(content)?;
    }
    match kind {
        Line | Area => moments::check_course(content)?,
        Column | GroupedColumn | StackedColumn | FullColumn | SmallMultiples => {
            moments::check_columns(content)?;
        }
        Slope | Compare => check_slope(content, kind == Slope)?,
        Bar | GroupedBar | StackedBar | FullBar | Donut | Range | Heat | Cards | Gantt | Flow => {}
    }
    if kind.cells() != Cells::Words {
        check_names(content)?;
    }
    if kind != Cards {
        check_units(content)?;
    }
    if kind.cells() != Cells::Words {
        check_row_units(kind == Cards, content)?;
    }
    if kind == Range {
        check_ends(content)?;
    }
    if kind == Heat {
        check_signs(content)?;
    }
    if matches!(kind, Donut | StackedBar | StackedColumn | FullBar | FullColumn) {
        check_parts(kind == Donut, content)?;
    }
    if matches!(kind, Donut | StackedBar | StackedColumn) {
        check_rows(content)?;
    }
    if matches!(kind, StackedBar | StackedColumn | FullBar | FullColumn) {
        check_series(content)?;
    }
    if are_per_cents(content) {
        let is_full = matches!(kind, FullBar | FullColumn);
        let is_stacked = matches!(kind, StackedBar | StackedColumn);
        if is_full || is_stacked {
            check_per_cents(content, is_full)?;
        }
    }
    Ok(())
}

/// Whether the figures are shares already.
pub(super) fn are_per_cents(content: &Content) -> bool {
    let is_sign = |text: &str| text.contains(['%', '％']);
    is_sign(&content.unit) || content.series.iter().all(|name| is_sign(name))
}

/// Whether per cents are all parts of one whole.
pub(super) fn add_up<'f>(parts: impl Iterator<Item = &'f Figure>) -> bool {
    let (sum, rounding) = sum(parts);
    (sum - 100.0).abs() <= rounding
}

/// The sum of parts, and how far off it may be as each of them is rounded: half of what its last digit counts.
fn sum<'f>(parts: impl Iterator<Item = &'f Figure>) -> (f64, f64) {
    parts.fold((0.0, 1e-9), |(sum, rounding), part| {
        let decimals = part.text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let half = 0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX));
        part.value.map_or((sum, rounding), |value| (sum + value, rounding + half))
    })
}

fn check_gaps(content: &Content) -> Result<(), Undrawable> {
    let is_empty = |series: usize| content.rows.iter().all(|row| value(row, series).is_none());
    match (0..content.series.len()).find(|series| is_empty(*series)) {
        Some(series) => Err(of_series(
            content,
            series,
            [
                "没有一个数字，全是空缺；请从 value 中去掉该列",
                "has no figure, only gaps; leave it out of value",
            ],
        )),
        None => Ok(()),
    }
}

/// Two rows of one name: nobody knows which is which.
fn check_names(content: &Content) -> Result<(), Undrawable> {
    let mut known = HashSet::new();
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| !known.insert(row.label.trim())) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "与上面的一行同名，读者分不清；请合并或写明区别",
                "has the name of a row above, and nobody can tell them apart; join them or say how they differ",
            ],
        }),
        None => Ok(()),
    }
}

/// A name's unit in brackets behind it, and the name without: 人数（人）.
pub(super) fn unit_of(name: &str) -> Option<(&str, &'static str)> {
    const UNITS: [&str; 35] = [
        "张",
        "名",
        "次",
        "场",
        "座",
        "条",
        "米",
        "万户",
        "万吨",
        "人",
        "人次",
        "万人",
        "户",
        "个",
        "所",
        "家",
        "件",
        "项",
        "辆",
        "台",
        "套",
        "元",
        "万元",
        "亿元",
        "平方米",
        "公顷",
        "亩",
        "公里",
        "吨",
        "小时",
        "分钟",
        "天",
        "个工作日",
        "%",
        "‰",
    ];
    let (said, behind) = name.rsplit_once(['（', '('])?;
    let unit = behind.trim().strip_suffix(['）', ')'])?.trim();
    Some((said.trim_end(), UNITS.into_iter().find(|known| *known == unit)?))
}

/// Rows of several units have no scale in common either. On cards each figure has its own, where the chart has none.
fn check_row_units(are_cards: bool, content: &Content) -> Result<(), Undrawable> {
    let units = content.rows.iter().enumerate();
    let mut units = units.filter_map(|(at, row)| Some((at, row, unit_of(&row.label)?.1)));
    let first = if are_cards {
        if content.unit.is_empty() {
            return Ok(());
        }
        Some(content.unit.as_str())
    } else {
        units.next().map(|(.., unit)| unit)
    };
    let Some(first) = first else { return Ok(()) };
    match units.find(|(.., unit)| *unit != first) {
        Some((row, item, _)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: if are_cards {
                [
                    "写的单位与 unit 不同；各张卡片单位不同的，请把 unit 留空，每个名称后都用括号写明单位",
                    "has another unit than the chart; where cards have units of their own leave `unit` empty and write \
                     each in brackets behind its name",
                ]
            } else {
                [
                    "与其他行单位不同，不能用同一个刻度；请换算成一个单位，分成几张图，或改用 cards",
                    "has another unit than the other rows and no scale in common; convert it, make several charts, or \
                     use cards",
                ]
            },
        }),
        None => Ok(()),
    }
}

/// What is called the least is not more than what is called the most.
fn check_ends(content: &Content) -> Result<(), Undrawable> {
    const LEAST: [&str; 5] = ["最低", "最小", "最少", "最短", "下限"];
    const MOST: [&str; 5] = ["最高", "最大", "最多", "最长", "上限"];
    let says = |name: &str, words: &[&str]| words.iter().any(|word| name.contains(word));
    let [first, second] = content.series.as_slice() else { return Ok(()) };
    let is_rising = says(first, &LEAST) && says(second, &MOST);
    let is_falling = says(first, &MOST) && says(second, &LEAST);
    let is_wrong = |row: &Item| match (value(row, 0), value(row, 1)) {
        (Some(first), Some(second)) => {
            (is_rising && first > second) || (is_falling && first < second)
        }
        _ => false,
    };
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| is_wrong(row)) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "最低的数大于最高的数；请核对，是否写反了",
                "has a least figure that is more than its greatest; check whether they are exchanged",
            ],
        }),
        None => Ok(()),
    }
}

/// Shades go from little to much: below zero they would say the contrary of what is.
fn check_signs(content: &Content) -> Result<(), Undrawable> {
    let is_negative = |row: &Item| values(row).any(|value| value < 0.0);
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| is_negative(row)) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "有负数，热力表的深浅只分多少，看不出增减；请改用 grouped_bar，或写成表格",
                "has a negative figure: shades tell little from much and not rise from fall; use grouped_bar, or a table",
            ],
        }),
        None => Ok(()),
    }
}

/// Columns of several units have no scale in common: 人数（人）, 经费（万元）.
fn check_units(content: &Content) -> Result<(), Undrawable> {
    let unit_of = |name: &String| unit_of(name).map(|(_, unit)| unit);
    let mut units = content.series.iter().enumerate().filter_map(|(at, n)| Some((at, unit_of(n)?)));
    let Some((_, first)) = units.next() else { return Ok(()) };
    match units.find(|(_, unit)| *unit != first) {
        Some((series, _)) => Err(of_series(
            content,
            series,
            [
                "与其他列单位不同，不能用同一个刻度；请换算成一个单位，或分成两张图",
                "has another unit than the other columns and no scale in common; convert it, or make two charts",
            ],
        )),
        None => Ok(()),
    }
}

/// What cannot be added up is no part of a whole: means, figures for each one, parts of another part.
fn check_parts(are_rows: bool, content: &Content) -> Result<(), Undrawable> {
    const MEANS: [&str; 3] = ["平均", "人均", "户均"];
    const FOR_EACH: [&str; 8] = ["/人", "/户", "/生", "／人", "／户", "每人", "每户", "人均"];
    let is_mean = |name: &str| MEANS.iter().any(|word| name.contains(word));
    let is_within = |name: &str| name.trim_start().starts_with("其中");
    if FOR_EACH.iter().any(|word| content.unit.contains(word)) {
        return Err(Undrawable::Unfit([
            "单位是平均数（每人、每户等），各项不能相加，不是一个整体的各部分；请改用 bar",
            "the unit is a mean (for each person or household): such figures do not add up to a whole; use bar",
        ]));
    }
    let why = |name: &str| {
        if is_within(name) {
            Some([
                "是另一项的一部分，会被算两次；请删去，或从那一项中减去",
                "is a part of another one and would be counted twice; leave it out, or take it off that one",
            ])
        } else if is_mean(name) {
            Some([
                "是平均数，不是整体的一部分；请删去，或改用 bar",
                "is a mean and no part of the whole; leave it out, or use bar",
            ])
        } else {
            None
        }
    };
    if are_rows {
        let mut rows = content.rows.iter().enumerate();
        let found = rows.find_map(|(row, item)| Some((row, item, why(&item.label)?)));
        return match found {
            Some((row, item, why)) => {
                Err(Undrawable::Row { row: row + 1, label: item.label.clone(), why })
            }
            None => Ok(()),
        };
    }
    let mut names = content.series.iter().enumerate();
    match names.find_map(|(series, name)| Some((series, why(name)?))) {
        Some((series, why)) => Err(of_series(content, series, why)),
        None => Ok(()),
    }
}

/// Of two columns, one of what was and one of what is; in a slope, of two points in time.
fn check_slope(content: &Content, is_course: bool) -> Result<(), Undrawable> {
    match content.series.as_slice() {
        [first, second] if moments::are_reversed(first, second) => Err(Undrawable::Unfit([
            "前后两列写反了：value 中先写较早的一列",
            "the two columns are the wrong way round: name the earlier one first under value",
        ])),
        [first, second] if is_course && !moments::tell_times(first, second) => {
            Err(Undrawable::Unfit([
                "两列不是先后两个时点（如 2025年、2026年，改革前、改革后），斜线会把并列的类别说成变化；请改用 grouped_bar",
                "the two columns are no two points in time, and a slope would make a change of them; use grouped_bar",
            ]))
        }
        _ => Ok(()),
    }
}

fn check_rows(content: &Content) -> Result<(), Undrawable> {
    let sums: Vec<f64> = content.rows.iter().map(|row| values(row).sum()).collect();
    let total = |(row, label)| is_total(label, row, &sums);
    let mut labels = content.rows.iter().map(|row| row.label.as_str()).enumerate();
    match labels.find(|label| content.rows.len() > 1 && total(*label)) {
        Some((row, label)) => Err(Undrawable::Row {
            row: row + 1,
            label: label.to_owned(),
            why: [
                "是其他各行的合计，不是其中一个部分；请删去该行，合计由程序算出",
                "is the sum of the other rows and none of the parts; leave it out, sums are reckoned here",
            ],
        }),
        None => Ok(()),
    }
}

fn check_series(content: &Content) -> Result<(), Undrawable> {
    let sum = |series| content.rows.iter().filter_map(|row| value(row, series)).sum();
    let sums: Vec<f64> = (0..content.series.len()).map(sum).collect();
    let mut names = content.series.iter().enumerate();
    match names.find(|(series, name)| content.series.len() > 1 && is_total(name, *series, &sums)) {
        Some((series, _)) => Err(of_series(
            content,
            series,
            [
                "是其他各列的合计，不能与各部分堆在一起；请从 value 中去掉该列",
                "is the sum of the others and cannot be stacked upon them; leave it out of value",
            ],
        )),
        None => Ok(()),
    }
}

fn is_total(name: &str, at: usize, sums: &[f64]) -> bool {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let name = name.split(['（', '(']).next().unwrap_or_default();
    let own = sums.get(at).copied().unwrap_or(0.0);
    let others = sums.iter().sum::<f64>() - own;
    let is_sum = sums.len() > 2 && (own - others).abs() <= own.abs() * NEARLY;
    TOTALS.iter().any(|word| name.ends_with(word))
        || (is_sum && PERHAPS.iter().any(|word| name.ends_with(word)))
}

fn check_per_cents(content: &Content, is_full: bool) -> Result<(), Undrawable> {
    let is_unfit = |row: &Item| {
        let (sum, rounding) = sum(row.cells.iter());
        sum > 100.0 + rounding || (is_full && sum < 100.0 - rounding)
    };
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| is_unfit(row)) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: [
                "各项百分比合计不是100%，不是同一整体的各部分；请补全各项，或改用 grouped_bar",
                "has per cents that do not add up to 100, so they are no parts of one whole; add what is \
                 missing, or use grouped_bar",
            ],
        }),
        None => Ok(()),
    }
}

fn value(row: &Item, series: usize) -> Option<f64> {
    row.cells.get(series).and_then(|cell| cell.value)
}

fn values(row: &Item) -> impl Iterator<Item = f64> {
    row.cells.iter().filter_map(|cell| cell.value)
}

fn of_series(content: &Content, series: usize, why: [&'static str; 2]) -> Undrawable {
    let name = content.series.get(series).cloned().unwrap_or_default();
    Undrawable::Series { name, why }
}
