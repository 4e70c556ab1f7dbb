//! Headlines over data of every kind, true ones that must pass beside false ones that must not: `headlines.txt`, of
//! what was and what is `two_points.txt`, of changes, courses, parts, steps and cards `more.txt`, of what is said in a
//! word or two `plainly.txt`, of what passed by a hair `closer.txt`, of who changed most and what was
//! reckoned together `reckoned.txt`; which way and what first `toward.txt`.

use lockstep_proto::manifest::ChartKind;
use serde::{Deserialize as _, de::value::StrDeserializer};

use super::{super::Cell, Drawn, Row, Table};

/// A table of figures, its columns `series`.
pub(super) fn table(series: &[&str], rows: &[(&str, &[f64])]) -> Table {
    let cell = |value: &f64| Cell { text: value.to_string(), value: Some(*value) };
    let row = |(label, values): &(&str, &[f64])| Row {
        label: (*label).to_owned(),
        cells: values.iter().map(cell).collect(),
    };
    let series = series.iter().map(|name| (*name).to_owned()).collect();
    Table { series, rows: rows.iter().map(row).collect() }
}

/// A table with what is said of it.
struct Case<'a> {
    name: &'a str,
    kind: ChartKind,
    unit: &'a str,
    table: Table,
    /// A headline, and whether it is true.
    said: Vec<(&'a str, bool)>,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let case = |block| {
        let block: &str = block;
        let mut lines = block.lines().filter(|line| !line.starts_with('#'));
        let mut head = lines.next().unwrap_or_default().split(' ');
        let mut next = || head.next().unwrap_or_default();
        let (name, kind, unit) = (next(), next(), next());
        let kind = StrDeserializer::<serde::de::value::Error>::new(kind);
        let kind = ChartKind::deserialize(kind).unwrap();
        let words = matches!(kind, ChartKind::Gantt | ChartKind::Compare | ChartKind::Flow);
        let (mut series, mut rows, mut said) = (vec![], vec![], vec![]);
        for line in lines.filter(|line| !line.is_empty()) {
            if let Some(headline) = line.strip_prefix("+ ") {
                said.push((headline, true));
            } else if let Some(headline) = line.strip_prefix("- ") {
                said.push((headline, false));
            } else if series.is_empty() {
                series = line.split(',').skip(1).map(str::to_owned).collect();
            } else {
                let mut cells = line.split(',');
                let label = cells.next().unwrap_or_default().to_owned();
                let cell = |text: &str| Cell {
                    text: text.to_owned(),
                    value: (!words).then(|| text.parse().ok()).flatten(),
                };
                rows.push(Row { label, cells: cells.map(cell).collect() });
            }
        }
        Case { name, kind, unit, table: Table { series, rows }, said }
    };
    text.split("\n= ").skip(1).map(case).collect()
}

#[test]
fn true_headlines_pass_and_false_ones_do_not() {
    const POLICY: &str =
        "有关单位应当在收到申请后5个工作日内办结。本通知自2026年4月1日起施行，有效期5年。";
    let mut wrong = vec![];
    let texts = [
        include_str!("headlines.txt"),
        include_str!("two_points.txt"),
        include_str!("more.txt"),
        include_str!("plainly.txt"),
        include_str!("closer.txt"),
        include_str!("reckoned.txt"),
        include_str!("toward.txt"),
    ];
    assert!(texts.iter().all(|text| !cases(text).is_empty()));
    for case in texts.into_iter().flat_map(cases) {
        for (headline, is_true) in case.said {
            let drawn =
                Drawn { kind: case.kind, unit: case.unit, table: &case.table, policy: POLICY };
            let found = super::find(headline, &drawn);
            if found.is_none() != is_true {
                let sign = if is_true { '+' } else { '-' };
                wrong.push(format!("{} {sign} {headline}: {found:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
