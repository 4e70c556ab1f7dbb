//! Whether a figure that words say stands in a chart's data, or comes out of it as a sum, difference, share or mean.
//! For small figures and rounded ones much would; of those, what the sentence says of itself is asked for.

use std::collections::BTreeSet;

use super::{
    Drawn, PLANNED, Row, Table, clause_of,
    figures::{self, Figure},
    meant::{changes_in_words, is_of_data, means, meant, parts},
    spans::Spans,
    times::are_times,
    together,
    units::Units,
};

/// The first figure that neither data nor policy hold.
pub(super) fn find(words: &str, drawn: &Drawn<'_>, units: &Units) -> Option<String> {
    let figures = figures::read(words, units).into_iter();
    let mut figures = figures.filter(|figure| {
        (!figure.is_small() || figure.stands_alone) && is_of_data(words, figure, drawn.table)
    });
    let mut all = None;
    let mut elsewhere = None;
    let found = figures.find(|figure| {
        if let Some(means) = means(words, figure, drawn.table) {
            return !means.iter().any(|value| figure.is_borne_out_by(*value, units));
        }
        if let Some(values) = together::values(words, figure, drawn.table) {
            return !values.iter().any(|value| figure.is_borne_out_by(*value, units))
                && !elsewhere.get_or_insert_with(|| Elsewhere::of(drawn, units)).holds(figure);
        }
        let meant = meant(words, figure, drawn.table);
        if meant.iter().any(|value| figure.is_borne_out_by(*value, units)) {
            return false;
        }
        let times = months(words, figure, drawn);
        if times.is_some_and(|times| meant.iter().any(|value| figure.is(value * times, units))) {
            return false;
        }
        if figure.is_small() {
            if is_apart(words, figure, drawn.table) {
                return false;
            }
        } else {
            // These are as written in few other places.
            let all = all.get_or_insert_with(|| computed(drawn.table));
            let is = |value| figure.is(value, units) && figure.is_borne_out_by(value, units);
            if all.iter().any(|value| is(*value)) {
                return false;
            }
            // 1.5小时 of 90 in 分钟.
            let behind = words.get(figure.range.end..).unwrap_or_default();
            let times = units.longer(behind).filter(|_| figure.unit.is_none());
            if times.is_some_and(|times| all.iter().any(|value| figure.is_of(*value, times))) {
                return false;
            }
            let is_share = words.get(figure.range.end..).is_some_and(|rest| rest.starts_with('%'));
            if is_share && parts(words, figure, drawn.table).into_iter().any(is) {
                return false;
            }
        }
        !elsewhere.get_or_insert_with(|| Elsewhere::of(drawn, units)).holds(figure)
    })?;
    let claim = if found.unit.is_some() { words.get(found.range)? } else { &found.digits };
    Some(claim.to_owned())
}

/// Figures in words: of the policy, in names of rows and columns, in the cells of rules before and after.
struct Elsewhere {
    digits: BTreeSet<String>,
    amounts: Vec<f64>,
}

impl Elsewhere {
    fn of(drawn: &Drawn<'_>, units: &Units) -> Self {
        let texts = words_of(drawn.table).chain([drawn.policy]);
        let read: Vec<Figure> = texts.flat_map(|text| figures::read(text, units)).collect();
        let amounts = read.iter().filter(|figure| {
            // 7个工作日 is no 7个.
            figure.unit.is_some_and(|unit| !unit.counts || figure.stands_alone)
        });
        let amounts = amounts.map(Figure::amount).collect();
        let digits = read.into_iter().filter(|figure| !figure.is_small());
        Self { digits: digits.map(|figure| figure.digits).collect(), amounts }
    }

    fn holds(&self, figure: &Figure) -> bool {
        let is = |amount: &f64| (amount - figure.amount()).abs() <= 1e-9 * amount.abs();
        self.digits.contains(&figure.digits)
            || (figure.unit.is_some() && self.amounts.iter().any(is))
    }
}

/// Everything that can be reckoned of a table.
fn computed(table: &Table) -> Vec<f64> {
    let of_row = |row: &Row| row.cells.iter().filter_map(|cell| cell.value).collect::<Vec<_>>();
    let mut values: Vec<f64> = table.rows.iter().flat_map(of_row).collect();
    // What is stacked is named by its sum, what is listed too, and 多134户 is a difference.
    let spans = Spans::of(table);
    values.extend(spans.sums());
    values.extend(spans.partial_sums());
    values.extend(spans.pairs.iter().map(|(from, to)| to - from));
    values.extend(Spans::computed(table));
    values.extend(table.rows.iter().flat_map(changes_in_words));
    values
}

/// By what a figure is to be multiplied where a clause says of a year what is drawn for a month (每年1200元 of 月补贴), or
/// the other way round.
fn months(words: &str, figure: &Figure, drawn: &Drawn<'_>) -> Option<f64> {
    const MONTHS: f64 = 12.0;
    let clause = clause_of(words, figure.range.start);
    let labels: Vec<&str> = drawn.table.rows.iter().map(|row| row.label.as_str()).collect();
    if are_times(&labels) {
        return None;
    }
    let names = labels.iter().copied().chain(drawn.table.series.iter().map(String::as_str));
    let names: Vec<&str> = names.chain([drawn.unit]).collect();
    // 月嫂 and 老年 are no spans of time.
    let is_by = |name: &str, time: char| {
        name.match_indices(time).any(|(at, sign)| {
            let (before, behind) = (name.get(..at), name.get(at + sign.len()..));
            before.is_some_and(|before| before.ends_with(['每', '/', '·']))
                || behind.is_some_and(|behind| {
                    behind.starts_with(['标', '补', '均', '租', '工']) || behind.is_empty()
                })
        })
    };
    let are = |time: char| names.iter().any(|name| is_by(name, time));
    let says = |times: &[&str]| times.iter().any(|time| clause.contains(time));
    if says(&["每年", "一年", "全年"]) && (are('月') || words.contains("每月")) {
        return Some(MONTHS);
    }
    (says(&["每月", "一个月"]) && are('年') && !are('月')).then_some(1.0 / MONTHS)
}

/// Whether a small figure tells of other things: what is planned, or how many rows there are.
fn is_apart(words: &str, figure: &Figure, table: &Table) -> bool {
    let before = words.get(..figure.range.start).unwrap_or_default();
    let counts = figure.unit.is_some_and(|unit| unit.counts);
    let rows = table.rows.len().max(table.series.len());
    let is_count = u32::try_from(rows).is_ok_and(|rows| figure.amount() <= f64::from(rows));
    let counts_rows = counts && is_count && before.ends_with(['有', '共', '占', '是', '的', '达']);
    let is_fixed = before.ends_with('跑') || figure.amount() == 0.0;
    counts_rows || is_fixed || PLANNED.iter().any(|word| before.contains(word))
}

/// The words of a table: names of rows and columns, and cells that hold no figure, as rules before and after do.
fn words_of(table: &Table) -> impl Iterator<Item = &str> {
    let cells = table.rows.iter().flat_map(|row| &row.cells);
    let words = cells.filter(|cell| cell.value.is_none()).map(|cell| cell.text.as_str());
    let labels = table.rows.iter().map(|row| row.label.as_str());
    labels.chain(table.series.iter().map(String::as_str)).chain(words)
}

#[cfg(test)]
mod tests {
    use lockstep_proto::manifest::ChartKind;

    use super::{super::said::table, *};

    fn is_said(unit: &str, table: &Table, cases: &[(&str, Option<&str>)]) {
        for (headline, unfounded) in cases {
            let kind = ChartKind::Bar;
            let drawn = Drawn {
                kind, unit, table, policy: "应当在7个工作日内办结，补助8万元。"
            };
            let found = super::super::find(headline, &drawn);
            assert_eq!(found.as_deref(), *unfounded, "{headline}");
        }
    }

    #[test]
    fn a_rounded_figure_is_right_on_its_side() {
        let years: [(&str, &[f64]); 3] =
            [("2024年", &[1500.0]), ("2025年", &[1600.0]), ("2026年", &[1652.0])];
        let cases = [
            ("超过1600个", None),
            ("约1650个", None),
            ("近1700个", None),
            ("突破1.6千个", None),
            ("不到1700个", None),
            ("逾1600个", None),
            ("1650个左右", None),
            ("1600多个", None),
            ("1600余个，三年共4700多个", None),
            ("2026年不少于1652个", None),
            ("2026年不超过1652个", None),
            ("1652个", None),
        ];
        for unit in ["个", ""] {
            is_said(unit, &table(&["学位数"], &years), &cases);
        }
        is_said(
            "个",
            &table(&["学位数"], &years),
            &[
                ("超过1700个", Some("1700个")),
                ("逾1700个", Some("1700个")),
                ("突破1.7千个", Some("1.7千个")),
                ("不到1500个", Some("1500个")),
                ("1900个左右", Some("1900个")),
                ("2025年超过1620个", Some("1620个")),
                ("1700个", Some("1700个")),
            ],
        );
    }

    #[test]
    fn a_small_figure_with_the_unit_of_the_chart_is_held() {
        let uses: [(&str, &[f64]); 3] = [("校舍", &[30.0]), ("设备", &[30.0]), ("培训", &[40.0])];
        is_said(
            "万元",
            &table(&["金额"], &uses),
            &[
                ("培训投入40万元", None),
                ("培训投入9万元", Some("9万元")),
                ("培训投入30万元", Some("30万元")),
                ("校舍和设备投入60万元", None),
                ("前两项投入60万元", None),
                ("培训比校舍多十万元，三项原则、五个方面", None),
                ("三项合计一百万元", None),
                ("三项合计一百二十万元", Some("一百二十万元")),
                ("平均每项33万元", None),
                ("平均每项40万元", Some("40万元")),
                ("每人补助8万元", None),
                ("力争达到90万元", None),
                ("9项任务", None),
            ],
        );
        let ways: [(&str, &[f64]); 3] = [("线上", &[6.0]), ("窗口", &[12.0]), ("预约", &[9.0])];
        is_said(
            "分钟",
            &table(&["等候"], &ways),
            &[
                ("线上等候不到5分钟", Some("5分钟")),
                ("线上等候不到10分钟", None),
                ("平均等候6分钟", Some("6分钟")),
                ("平均等候9分钟", None),
                ("等候6—12分钟，最多跑1次", None),
                ("15分钟生活圈，每5分钟一班", None),
                ("线上等候比窗口少6分钟", None),
                ("预约等候九分钟", None),
                ("预约等候八分钟", Some("八分钟")),
                ("一分钟看懂", None),
            ],
        );
        let rules: [(&str, &[f64]); 2] = [("原规定", &[20.0]), ("新规定", &[10.0])];
        is_said(
            "个工作日",
            &table(&["时限"], &rules),
            &[
                ("办理时限缩短为3个工作日", Some("3个工作日")),
                ("办理时限缩短为10个工作日", None),
                ("办理时限缩短10个工作日", None),
                ("7个工作日内办结", None),
            ],
        );
    }

    #[test]
    fn a_small_count_is_told_from_words() {
        let years = [
            ("2021年", 100.0),
            ("2022年", 120.0),
            ("2023年", 150.0),
            ("2024年", 140.0),
            ("2025年", 155.0),
            ("2026年", 165.0),
        ];
        let years = years.map(|(year, value)| (year, [value]));
        let rows: Vec<(&str, &[f64])> = years.iter().map(|(year, v)| (*year, &v[..])).collect();
        is_said(
            "个",
            &table(&["学位数"], &rows),
            &[
                ("学位数增加65个", None),
                ("学位数增加7个", Some("7个")),
                ("学位数增加75个", Some("75个")),
                ("近三年学位数增加25个", None),
                ("2026年比上年增加10个", None),
                ("学位数10万个", Some("10万个")),
                ("12个街道学位增加，涉及5个方面", None),
                ("增加的年份有5个，3个月完成", None),
            ],
        );
        let cards: [(&str, &[f64]); 2] = [("新增学位（个）", &[1200.0]), ("投入（亿元）", &[3.2])];
        is_said(
            "",
            &table(&["数"], &cards),
            &[("投入3亿元", None), ("投入4亿元", Some("4亿元")), ("新增学位12个", Some("12个"))],
        );
        is_said(
            "所",
            &table(&["数"], &[("新建", &[3.0]), ("改扩建", &[4.0])]),
            &[("新建学校12所", Some("12所")), ("新建3所，改扩建4所，共7所", None)],
        );
    }
}
