//! What a chart's headline claims about its data (DOMAIN hazard 6): figures that must stand there, changes
//! and ranks that must come out of it.

mod absent;
mod all;
mod amount;
mod average;
mod beside;
mod bounds;
mod cards;
mod cells;
mod changes;
mod compared;
mod course;
mod crowds;
mod each;
mod extremes;
mod fewer;
mod figures;
mod gains;
mod gaps;
mod growth;
mod held;
mod kept;
mod levels;
mod longer;
mod meant;
mod moves;
mod plain;
mod portions;
mod quarters;
mod ranks;
mod reached;
mod rules;
mod runs;
mod same;
mod scene;
mod shares;
mod signed;
mod spans;
mod steps;
mod times;
mod together;
mod toward;
mod trends;
mod units;
mod unsaid;
mod words;

#[cfg(test)]
mod said;

use lockstep_proto::manifest::ChartKind;

use super::{Row, Table};
use amount::Bound;
use changes::{Change, Course, FALLS, PLANNED, RISES, SHORT, find_changes, said_of};
use figures::Figure;
use scene::Scene;
use spans::Spans;
use times::{are_times, is_said as names_time};
use units::Units;
pub(super) use units::is_unit;

/// More rows are no chart (the explainer refuses them), and every two of them are compared here.
const ROWS_MAX: usize = 50;
/// More columns neither: small multiples have most, one in each panel.
const SERIES_MAX: usize = 12;

/// What is drawn, as far as words can be held against it.
#[derive(Clone, Copy)]
pub(super) struct Drawn<'a> {
    pub(super) kind: ChartKind,
    pub(super) unit: &'a str,
    pub(super) table: &'a Table,
    /// The policy's text, which may say what the data do not.
    pub(super) policy: &'a str,
}

/// The first claim of a headline that neither its data nor the policy bears out, as it is written.
pub(super) fn find(headline: &str, drawn: &Drawn<'_>) -> Option<String> {
    let table = drawn.table;
    if table.rows.len() > ROWS_MAX || table.series.len() > SERIES_MAX {
        return None;
    }
    // 时限缩短一半 of rules before and after is held against their words.
    let has_figures = table.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.value.is_some());
    let changes = find_changes(headline);
    let unfounded = |change: &&Change| {
        let clause = clause_of(headline, change.range.start);
        let is_so = growth::bear_out(change, clause, drawn);
        // 减半 of the policy is a rule.
        let said = headline.get(change.range.clone()).unwrap_or_default();
        if !has_figures || is_said(drawn.policy, said) {
            return false;
        }
        if change.course == Course::Either && compared::is_bounded(clause, table) {
            return false;
        }
        if is_of_seasons(clause, table) {
            let is_rate = drawn.unit.contains('%');
            let is_so = quarters::bear_out(change, (headline, clause), table);
            return !is_rate && is_so == Some(false);
        }
        let meant = said_of(headline, change);
        let is_so = is_so.or_else(|| extremes::bear_out(change, clause, table));
        let is_so = is_so.or_else(|| same::bear_out(change, &meant, table));
        !is_so.unwrap_or_else(|| Spans::meant(table, headline, &meant).bear_out(change, table))
    };
    if let Some(change) = changes.iter().find(unfounded) {
        return headline.get(change.range.clone()).map(str::to_owned);
    }
    if let Some(claim) = growth::find_sign(headline, drawn) {
        return Some(claim);
    }
    let others = [
        absent::find,
        plain::find,
        ranks::find_unfounded,
        course::find_unfounded,
        compared::find_unfounded,
        trends::find_unfounded,
    ];
    if let Some(claim) = others.iter().find_map(|find| find(headline, table)) {
        return Some(claim);
    }
    if let Some(claim) = shares::find_unfounded(headline, drawn) {
        return Some(claim);
    }
    let others = [words::find, rules::find, kept::find];
    if let Some(claim) = others.iter().find_map(|find| find(headline, drawn)) {
        return Some(claim);
    }
    let units = Units::of(drawn.unit, table);
    if let Some(exchanged) = find_exchanged(headline, table, &units) {
        return Some(exchanged.to_owned());
    }
    let mut rest = headline.to_owned();
    for change in changes.into_iter().rev() {
        rest.replace_range(change.range, "，");
    }
    if let Some(figure) = held::find(&rest, drawn, &units) {
        return Some(figure);
    }
    let scene = Scene::of(drawn, &units);
    let others = [
        average::find_unfounded,
        beside::find_unfounded,
        bounds::find_unfounded,
        cards::find_unfounded,
        cells::find_unfounded,
        crowds::find_unfounded,
        each::find_unfounded,
        gains::find_unfounded,
        gaps::find_unfounded,
        levels::find_unfounded,
        longer::find_unfounded,
        moves::find_unfounded,
        portions::find_unfounded,
        reached::find_unfounded,
        runs::find_unfounded,
        signed::find_unfounded,
        steps::find_unfounded,
        toward::find_unfounded,
        unsaid::find_unfounded,
        compared::find_ratio,
        shares::find_total,
    ];
    let mut found = others.iter().filter(|_| has_figures).filter_map(|find| find(headline, &scene));
    // What the policy says need not come out of the data.
    found.find(|claim| !is_said(drawn.policy, claim))
}

/// Whether the policy says this, and not as the end of another figure: 3倍 of 13倍.
fn is_said(policy: &str, claim: &str) -> bool {
    policy.match_indices(claim).any(|(at, _)| {
        let before = policy.get(..at).unwrap_or_default();
        !before.ends_with(|c: char| c.is_ascii_digit() || c == '.')
    })
}

/// Whether a clause compares several rows together: 冬季是夏季的三倍, of which months is not said.
fn is_of_seasons(clause: &str, table: &Table) -> bool {
    let is_named = |word: &str| table.rows.iter().any(|row| row.label.contains(word));
    SEASONS.iter().any(|word| clause.contains(word) && !is_named(word))
}

#[cfg(test)]
fn find_unfounded(headline: &str, table: &Table, policy: &str) -> Option<String> {
    find(headline, &Drawn { kind: ChartKind::Column, unit: "", table, policy })
}

/// What a headline says about byte `at`, between two of its signs.
fn clause_of(headline: &str, at: usize) -> &str {
    const SIGNS: [char; 6] = ['，', ',', '；', '。', '：', ':'];
    let (before, behind) = headline.split_at_checked(at).unwrap_or((headline, ""));
    let from = before.rfind(SIGNS).unwrap_or(0);
    let end = behind.find(SIGNS).map_or(headline.len(), |end| at + end);
    headline.get(from..end).unwrap_or(headline)
}

/// A row's name beside a figure that is another row's: 乙街道有120户, where 120 is 甲街道's.
fn find_exchanged<'h>(headline: &'h str, table: &Table, units: &Units) -> Option<&'h str> {
    const SIGNS: [char; 6] = ['，', ',', '；', '。', '、', '：'];
    let says = |row: &Row, figure: &Figure| {
        row.cells.iter().filter_map(|cell| cell.value).any(|value| figure.is(value, units))
    };
    // 东街街道新增300户 is what it grew by.
    let grew = |row: &Row, figure: &Figure| {
        let values: Vec<f64> = row.cells.iter().filter_map(|cell| cell.value).collect();
        values.windows(2).any(|pair| matches!(pair, [from, to] if figure.is(to - from, units)))
    };
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    // 3月 of 2025年3月.
    let are_dated = are_times(&labels);
    headline.split(SIGNS).find(|said| {
        let is_named = |row: &&Row| {
            row.label.chars().count() > 1 && said.contains(&row.label)
                || are_dated && is_of_one_time(said) && names_time(said, &row.label)
        };
        let mut named = table.rows.iter().filter(is_named);
        // 甲街道比乙街道多34户 is of both.
        let (Some(row), None) = (named.next(), named.next()) else { return false };
        let figures = figures::read(&said.replace(&row.label, ""), units);
        let mut figures = figures.iter().filter(|f| !f.is_small() && f.bound == Bound::Exact);
        // 由2020年的95亿元回升至150亿元 is of two.
        let goes_on = said.contains(['由', '从']) && said.contains(['至', '到', '为']);
        !said.contains('比')
            && !goes_on
            && figures.any(|figure| {
                !says(row, figure)
                    && !grew(row, figure)
                    && table.rows.iter().any(|other| says(other, figure))
            })
    })
}

/// Whether what a text says of a time that it names is of no other: not 3月后, 从3月, 3月至5月.
fn is_of_one_time(said: &str) -> bool {
    const OTHERS: [&str; 25] = [
        "至", "到", "—", "–", "-", "~", "以来", "之后", "后", "起", "前", "共", "累", "均", "次",
        "从", "由", "比", "较", "增", "减", "升", "降", "最", "多",
    ];
    !OTHERS.iter().any(|word| said.contains(word))
}

/// Several months together, where they are no rows themselves.
const SEASONS: [&str; 7] = ["春季", "夏季", "秋季", "冬季", "季度", "半年", "旬"];
#[cfg(test)]
mod tests {
    use super::{super::Cell, *};

    /// Sums 154, 172, 196, 222, 254.
    fn spending() -> Table {
        let row = |(label, values): (&str, [f64; 2])| Row {
            label: label.to_owned(),
            cells: values.map(|v| Cell { text: v.to_string(), value: Some(v) }).into(),
        };
        let rows = [
            ("2021年", [42.0, 112.0]),
            ("2022年", [51.0, 121.0]),
            ("2023年", [63.0, 133.0]),
            ("2024年", [78.0, 144.0]),
            ("2025年", [96.0, 158.0]),
        ];
        Table { series: vec!["科技".to_owned(), "其他".to_owned()], rows: rows.map(row).into() }
    }

    #[test]
    fn a_change_comes_out_of_the_data_or_is_named() {
        for (headline, unfounded) in [
            ("财政投入四年增长65%，科技支出占比持续提高", None),
            ("财政投入四年翻一番", Some("翻一番")),
            ("科技支出四年翻一番", Some("翻一番")),
            ("科技支出增长128.6%", None),
            ("科技支出增长1.3倍", None),
            ("科技支出比上年增长23%", None),
            ("科技支出比上年增长35%", Some("增长35%")),
            ("科技支出增长超过120%", None),
            ("科技支出增长近130%", None),
            ("投入下降65%", Some("下降65%")),
            ("科技支出四年增长近1.3倍", None),
            ("科技支出四年增长四倍", Some("增长四倍")),
            ("2025年投入是2021年的1.6倍", None),
            ("2025年投入是2021年的5倍", Some("5倍")),
            ("2025年科技支出增长到2021年的两倍多", None),
            ("2025年科技支出增长到2021年的五倍", Some("五倍")),
            ("投入增长六成以上", None),
            ("投入增长七成", Some("增长七成")),
            ("其他支出增长四成", None),
            ("科技支出翻番", Some("翻番")),
            ("投入并未下降65%", None),
            ("2025年比2021年多100亿元，五年共投入998亿元", None),
            ("科技支出提高54个百分点", None),
            ("科技支出提高53个百分点", Some("提高53个百分点")),
            ("2025年科技支出96亿元", None),
            ("2025年科技支出96.5亿元", Some("96.5")),
            ("2025年科技158.0亿元", None),
            ("2025年其他144.0亿元", Some("2025年其他144.0亿元")),
            ("2024年其他144.0亿元，2025年158.0亿元", None),
            ("2025年投入增长了，达到158亿元", None),
            ("2025年投入合计254亿元", None),
            ("2025年投入合计264亿元", Some("264")),
            ("投入增长35%，其中三分之一为科技", Some("增长35%")),
            ("科技支出增长百分之一百二十九", None),
            ("投入增长百分之六十五", None),
            ("投入增长百分之四十二", Some("增长百分之四十二")),
            ("投入增幅达65%", None),
            ("投入增幅达90%", Some("增幅达90%")),
            ("2025年科技支出比2021年增长41.1%", Some("增长41.1%")),
            ("2022年投入比2021年增长14%", Some("增长14%")),
            ("投入年均增长13.3%", None),
            ("投入年均增长16%", Some("增长16%")),
            ("科技占比由27.3%提高到37.8%", None),
            ("科技占比提高10.5个百分点", None),
            ("五年平均每年199.6亿元", None),
            ("其他支出增长65%", Some("增长65%")),
            ("目标：2030年投入翻番", None),
            ("拨打12345热线咨询", None),
            ("据示教〔2027〕118号", None),
            ("科技支出没有逐年下降", None),
            // From the first to the last, from one to the next, or as it is named.
            ("投入增长27%", Some("增长27%")),
            ("2023年投入比2021年增长27%", None),
            ("前三年投入增长27%", None),
            ("近三年投入增长27%", None),
            ("科技支出增长281%", Some("增长281%")),
            ("2021—2025年财政投入", None),
            ("2017-2025年财政投入，2023、2024年增长较快", None),
            ("2021—2025年财政投入264亿元", Some("264")),
        ] {
            assert_eq!(
                find_unfounded(headline, &spending(), "").as_deref(),
                unfounded,
                "{headline}"
            );
        }
        assert_eq!(find_unfounded("补贴800.5元", &spending(), "补贴800.5元。"), None);
    }

    #[test]
    fn a_yearly_growth_is_reckoned_by_the_years() {
        let row = |(label, value): (&str, f64)| Row {
            label: label.to_owned(),
            cells: vec![Cell { text: value.to_string(), value: Some(value) }],
        };
        let rows = [("2020年", 100.0), ("2025年", 161.0)].map(row).into();
        let table = Table { series: vec!["学位数".to_owned()], rows };
        assert_eq!(find_unfounded("学位数年均增长10%", &table, ""), None);
        assert!(find_unfounded("学位数年均增长20%", &table, "").is_some());
    }

    #[test]
    fn a_growth_by_twice_is_none_to_twice() {
        let found = |headline: &str, last: f64| {
            let row = |(label, value): (&str, f64)| Row {
                label: label.to_owned(),
                cells: vec![Cell { text: value.to_string(), value: Some(value) }],
            };
            let rows = [("2024年", 100.0), ("2025年", last)].map(row).into();
            find_unfounded(headline, &Table { series: vec!["办理量".to_owned()], rows }, "")
        };
        for (headline, by, to) in [
            ("办理量增长两倍", true, false),
            ("办理量增长了两倍", true, false),
            ("办理量增长到两倍", false, true),
            ("办理量增长至2倍", false, true),
            ("办理量提高到了原来的两倍", false, true),
            ("2025年办理量是2024年的两倍", false, true),
            ("办理量增长一倍", false, true),
        ] {
            assert_eq!(found(headline, 300.0).is_none(), by, "{headline}: 300");
            assert_eq!(found(headline, 200.0).is_none(), to, "{headline}: 200");
            // Not even nearly.
            assert!(found(headline, 250.0).is_some(), "{headline}: 250");
        }
        assert_eq!(found("办理量增长两倍", 305.0), None);
        assert_eq!(found("办理量增长到约两倍", 209.0), None);
        assert_eq!(found("办理量增长到65件", 200.0), None);
    }

    #[test]
    fn what_the_cells_say_in_words_is_held() {
        let row = |(label, cells): (&str, [&str; 2])| Row {
            label: label.to_owned(),
            cells: cells.map(|text| Cell { text: text.to_owned(), value: None }).into(),
        };
        let rows = [
            ("罚款", ["200元", "500元"]),
            ("办结（含120平方米以上的）", ["120个工作日内", "90个工作日内"]),
        ];
        let series = vec!["原规定".to_owned(), "新规定（2.0版）".to_owned()];
        let table = Table { series, rows: rows.map(row).into() };
        for (headline, unfounded) in [
            ("罚款由200元提高到500元", None),
            ("罚款提高300元", None),
            ("120个工作日内办结，适用于120平方米以上的，2.0版", None),
            ("罚款由200元提高到600元", Some("600")),
            ("150个工作日内办结", Some("150")),
        ] {
            assert_eq!(find_unfounded(headline, &table, "").as_deref(), unfounded, "{headline}");
        }
    }

    #[test]
    fn a_table_too_wide_for_a_chart_is_not_compared() {
        let of = |count: usize| {
            let cell = Cell { text: "1".to_owned(), value: Some(1.0) };
            let row = Row { label: "2025年".to_owned(), cells: vec![cell; count] };
            let series = (0..count).map(|at| format!("第{at}列")).collect();
            let table = Table { series, rows: vec![row.clone(), row] };
            find_unfounded("办理量翻番", &table, "")
        };
        assert_eq!(of(SERIES_MAX).as_deref(), Some("翻番"));
        assert_eq!(of(SERIES_MAX + 1), None);
    }
}
