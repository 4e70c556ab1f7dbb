//! Rows that sum up the others, as Excel tables have them: drawn beside its parts a sum would make all of them look
//! small, and no rank or share would be true. They stay in the table and are not drawn.

use lockstep_proto::{
    finding::Finding,
    manifest::{ChartKind, ChartSpec},
};

use super::{Row, Table, line_of_row};
use crate::codes::{self, At as _};

/// How the name of a total ends.
const TOTALS: [&str; 4] = ["合计", "总计", "小计", "共计"];
/// How it may end: it is one where its figures are the sums of all others. 学生总数 and 教师总数 are none.
const PERHAPS: [&str; 12] = [
    "总数",
    "总额",
    "总量",
    "总人数",
    "总和",
    "总体",
    "全部",
    "全市",
    "全区",
    "全县",
    "全镇",
    "全年",
];
/// By how much of it a sum of rounded figures may differ from the sum as it was rounded.
const NEARLY: f64 = 0.005;

/// More rows are no chart, and every total is held against all of them.
const ROWS_MAX: usize = 400;

/// Whether a name says that it sums up.
pub fn names_total(name: &str) -> bool {
    TOTALS.iter().any(|word| plain(name).ends_with(word))
}

/// Whether it may, if the figures say so too.
pub fn may_name_total(name: &str) -> bool {
    PERHAPS.iter().any(|word| plain(name).ends_with(word))
}

/// Without spaces, and without what stands in brackets.
fn plain(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    name.split(['（', '(']).next().unwrap_or_default().to_owned()
}

/// A table without the rows that are totals.
#[derive(Debug)]
pub struct Parts {
    /// What is drawn, and compared.
    pub table: Table,
    /// Which rows of the whole table these are.
    pub rows: Vec<usize>,
    /// What is left out.
    pub totals: Vec<Row>,
}

impl Parts {
    /// What is drawn of a table; all of it by kinds that show a sum among its parts, or refuse it.
    pub fn of(kind: ChartKind, unit: &str, table: &Table) -> Self {
        let totals = if leaves_out(kind) { find(unit, table) } else { vec![] };
        let all = table.rows.iter().enumerate();
        let (left_out, kept): (Vec<_>, Vec<_>) = all.partition(|(at, _)| totals.contains(at));
        Self {
            rows: kept.iter().map(|(at, _)| *at).collect(),
            table: Table {
                series: table.series.clone(),
                rows: kept.into_iter().map(|(_, row)| row.clone()).collect(),
            },
            totals: left_out.into_iter().map(|(_, row)| row.clone()).collect(),
        }
    }

    /// What the totals say, as a text in which a headline's figures may be found.
    pub(super) fn said(&self, unit: &str) -> String {
        let cells = self.totals.iter().flat_map(|row| &row.cells);
        let said = cells.flat_map(|cell| [cell.text.clone(), cell.text.replace(',', "")]);
        let said: Vec<String> = said.map(|text| format!("\n合计{text}{unit}")).collect();
        said.concat()
    }
}

/// Kinds whose bars, lines and panels are compared with one another.
fn leaves_out(kind: ChartKind) -> bool {
    use ChartKind::{
        Area, Bar, Column, FullBar, FullColumn, GroupedBar, GroupedColumn, Line, Range, Slope,
        SmallMultiples,
    };
    matches!(
        kind,
        Bar | Column
            | GroupedBar
            | GroupedColumn
            | FullBar
            | FullColumn
            | Range
            | SmallMultiples
            | Slope
            | Line
            | Area
    )
}

/// Rows that are totals; none where nothing else is left.
fn find(unit: &str, table: &Table) -> Vec<usize> {
    if table.rows.len() > ROWS_MAX {
        return vec![];
    }
    let is_named = |row: &Row| names_total(&row.label) || may_name_total(&row.label);
    let named: Vec<usize> =
        (0..table.rows.len()).filter(|at| table.rows.get(*at).is_some_and(is_named)).collect();
    let others: Vec<&Row> = table.rows.iter().filter(|row| !is_named(row)).collect();
    if others.is_empty() {
        return vec![];
    }
    let are_rates = are_rates(unit, &table.series);
    let is_total = |at: &usize| {
        let Some(row) = table.rows.get(*at) else { return false };
        if !are_rates && names_all(&row.label) {
            return true;
        }
        // 城镇小计 is one of the rows before or behind it, and 全区 of all.
        let runs = [run_before(*at, &named), run_behind(*at, &named, table.rows.len())];
        let runs = runs.map(|run| table.rows.get(run).unwrap_or_default().iter().collect());
        let mut groups = runs.into_iter().chain([others.clone()]);
        groups.any(|group: Vec<&Row>| group.len() > 1 && sums_up(row, &group, table.series.len()))
    };
    named.iter().copied().filter(is_total).collect()
}

/// Names of a total and of nothing else: 合计, 全区合计.
fn names_all(label: &str) -> bool {
    let label = plain(label);
    let before = TOTALS.iter().find_map(|word| label.strip_suffix(word));
    before.is_some_and(|before| {
        ["", "全市", "全区", "全县", "全省", "全国", "全镇", "全年", "全部", "总", "各项"]
            .contains(&before)
    })
}

fn run_before(at: usize, named: &[usize]) -> std::ops::Range<usize> {
    let from = named.iter().filter(|other| **other < at).max().map_or(0, |other| other + 1);
    from..at
}

fn run_behind(at: usize, named: &[usize], count: usize) -> std::ops::Range<usize> {
    let end = named.iter().filter(|other| **other > at).min().copied().unwrap_or(count);
    at + 1..end
}

/// Whether a row's figures are the sums of others' in every column, as they are rounded.
fn sums_up(row: &Row, others: &[&Row], count: usize) -> bool {
    let mut known = 0;
    let are_sums = (0..count).all(|column| {
        let Some(own) = value(row, column) else { return true };
        known += 1;
        let sum: f64 = others.iter().filter_map(|row| value(row, column)).sum();
        (own - sum).abs() <= own.abs() * NEARLY
    });
    are_sums && known > 0 && row.cells.iter().any(|cell| cell.value.is_some_and(|v| v != 0.0))
}

fn value(row: &Row, column: usize) -> Option<f64> {
    row.cells.get(column).and_then(|cell| cell.value)
}

/// Whether nobody adds up such figures: the rate of all is no sum of the rates of each.
pub fn are_rates(unit: &str, series: &[String]) -> bool {
    const UNITS: [&str; 6] = ["%", "％", "‰", "每", "℃", "倍"];
    // 件/月 can be added up.
    const TIMES: [&str; 6] = ["年", "月", "日", "天", "周", "季"];
    const MARKS: [&str; 2] = ["分", "岁"];
    const NAMES: [&str; 17] = [
        "率",
        "占比",
        "比重",
        "比例",
        "增速",
        "增幅",
        "降幅",
        "涨幅",
        "满意度",
        "均价",
        "单价",
        "得分",
        "密度",
        "指数",
        "平均",
        "人均",
        "户均",
    ];
    let is_rate = |name: &String| {
        let name = plain(name);
        NAMES.iter().any(|word| name.ends_with(word) || name.starts_with(word))
    };
    let is_for_each =
        unit.split_once(['/', '／']).is_some_and(|(_, of)| !TIMES.contains(&of.trim()));
    UNITS.iter().any(|sign| unit.contains(sign))
        || is_for_each
        || MARKS.contains(&unit.trim())
        || series.iter().any(is_rate)
        || series.iter().all(|name| name.contains(['%', '％', '‰']))
}

/// TS123: a row says that it sums up the others, and does not.
pub(super) fn check(chart: &ChartSpec, table: &Table, bytes: &[u8]) -> Option<Finding> {
    /// 其中 is within another row, and so may be what stands below a number of its own.
    const WITHIN: [&str; 6] = ["其中", "#", "（一）", "1.", "1、", "—"];
    let is_within = |row: &Row| WITHIN.iter().any(|word| row.label.trim().starts_with(word));
    if table.rows.len() > ROWS_MAX
        || !leaves_out(chart.kind)
        || are_rates(&chart.unit, &table.series)
        || table.rows.iter().any(is_within)
    {
        return None;
    }
    // 合计（不含市级） is of other rows.
    let is_total = |row: &Row| {
        names_all(&row.label)
            && !row.label.contains(['（', '('])
            && !plain(&row.label).ends_with("小计")
    };
    let parts: Vec<&Row> = table
        .rows
        .iter()
        .filter(|row| !names_total(&row.label) && !sums_up_all(row, table))
        .collect();
    let (at, row) = table.rows.iter().enumerate().find(|(_, row)| is_total(row))?;
    let (column, sum) = (0..table.series.len()).find_map(|column| {
        let own = row.cells.get(column)?;
        let mut rounding = half(&own.text) + 1e-6;
        let mut sum = 0.0;
        for part in &parts {
            let cell = part.cells.get(column)?;
            sum += cell.value?;
            rounding += half(&cell.text);
        }
        let decimals = parts.iter().filter_map(|part| part.cells.get(column));
        let decimals = decimals.map(|cell| decimals_of(&cell.text)).max().unwrap_or(0);
        ((own.value? - sum).abs() > rounding && parts.len() > 1)
            .then(|| (column, format!("{sum:.decimals$}")))
    })?;
    let (name, label) = (table.series.get(column)?, &row.label);
    let own = &row.cells.get(column)?.text;
    let mut finding = codes::CHART_FIGURE.finding().in_member(&chart.data).advising(
        "核对该行和各行的数字；不是各行之和的，把名称改清楚".to_owned(),
        "check that row and the others; where it is no sum of them, say in its name what it is"
            .to_owned(),
    );
    let id = &chart.id;
    finding.message =
        format!("合计与各行之和不符：{id}：“{label}”行的“{name}”是 {own}，各行相加是 {sum}");
    finding.message_en = format!(
        "a total is not the sum of its rows: {id}: row {label} says {own} under {name}, the rows add up to {sum}"
    );
    Some(finding.at_line(line_of_row(bytes, at + 1).unwrap_or(1)))
}

/// 全区 that sums up the rest is no part of 合计 either.
fn sums_up_all(row: &Row, table: &Table) -> bool {
    let others: Vec<&Row> = table
        .rows
        .iter()
        .filter(|other| !std::ptr::eq(*other, row) && !names_total(&other.label))
        .collect();
    may_name_total(&row.label) && others.len() > 1 && sums_up(row, &others, table.series.len())
}

/// Half of what a figure's last digit counts: 0.05 of 3.1.
fn half(text: &str) -> f64 {
    0.5 * 10_f64.powi(-i32::try_from(decimals_of(text)).unwrap_or(i32::MAX))
}

fn decimals_of(text: &str) -> usize {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    fraction.chars().take_while(char::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::{super::Cell, *};

    fn table(series: &[&str], rows: &[(&str, &[f64])]) -> Table {
        let cell = |value: &f64| Cell { text: value.to_string(), value: Some(*value) };
        let row = |(label, cells): &(&str, &[f64])| Row {
            label: (*label).to_owned(),
            cells: cells.iter().map(cell).collect(),
        };
        Table {
            series: series.iter().map(|name| (*name).to_owned()).collect(),
            rows: rows.iter().map(row).collect(),
        }
    }

    fn left_out(unit: &str, series: &[&str], rows: &[(&str, &[f64])]) -> Vec<String> {
        let parts = Parts::of(ChartKind::Bar, unit, &table(series, rows));
        parts.totals.into_iter().map(|row| row.label).collect()
    }

    #[test]
    fn totals_are_left_out_and_nothing_else() {
        let two: &[(&str, &[f64])] = &[("光明", &[500.0]), ("红旗", &[320.0])];
        let with = |label: &str, value: f64, unit: &str, series: &str| {
            let own = [value];
            left_out(unit, &[series], &[two, &[(label, &own)]].concat())
        };
        for (label, value, unit, series, is_total) in [
            ("合计", 820.0, "件", "件数", true),
            ("合 计", 900.0, "件", "件数", true),
            ("全区总计", 820.0, "件", "件数", true),
            ("合计（件）", 820.0, "件", "件数", true),
            ("总数", 820.0, "件", "件数", true),
            ("全区", 820.0, "件", "件数", true),
            ("街道小计", 820.0, "件", "件数", true),
            // No sums: another place, a rate of all, a mean.
            ("全区", 700.0, "件", "件数", false),
            ("办件总数", 900.0, "件", "件数", false),
            ("设计", 820.0, "件", "件数", false),
            ("合计", 410.0, "%", "办结率", false),
            ("合计", 410.0, "元/吨", "均价", false),
            ("合计", 820.0, "%", "占比", true),
        ] {
            assert_eq!(!with(label, value, unit, series).is_empty(), is_total, "{label} {value}");
        }
    }

    #[test]
    fn each_group_may_have_a_total() {
        let rows: &[(&str, &[f64])] = &[
            ("小学", &[3.0]),
            ("初中", &[2.0]),
            ("义务教育小计", &[5.0]),
            ("普高", &[2.0]),
            ("中职", &[1.0]),
            ("高中小计", &[3.0]),
            ("合计", &[8.0]),
        ];
        assert_eq!(left_out("所", &["学校"], rows), ["义务教育小计", "高中小计", "合计"]);
        // All of them are compared where nothing else is there.
        let rows: &[(&str, &[f64])] = &[("城镇合计", &[3.0]), ("农村合计", &[2.0])];
        assert!(left_out("所", &["学校"], rows).is_empty());
        let rows: &[(&str, &[f64])] = &[("甲", &[9.0]), ("乙", &[4.0]), ("城镇合计", &[3.0])];
        assert!(left_out("所", &["学校"], rows).is_empty());
    }
}
