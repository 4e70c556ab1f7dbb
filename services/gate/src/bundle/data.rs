//! The data that charts are drawn from: CSV with a header line, UTF-8.

use lockstep_proto::{finding::Finding, manifest::ChartSpec};

use super::Files;
use crate::codes::{self, At as _};

/// One category and its figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The category.
    pub label: String,
    /// The figure as the file writes it.
    pub text: String,
    /// The figure.
    pub value: f64,
}

/// TS002, TS007 for every chart.
pub(super) fn check(files: &Files, charts: &[ChartSpec]) -> Vec<Finding> {
    charts
        .iter()
        .filter_map(|chart| match files.get(&chart.data) {
            None => Some(codes::NO_FILE.about(&chart.data).in_member(&chart.data)),
            Some(bytes) => read_rows(chart, bytes).err(),
        })
        .collect()
}

/// The rows a chart is drawn from, in the file's order. The finding names file and line.
pub fn read_rows(chart: &ChartSpec, bytes: &[u8]) -> Result<Vec<Row>, Finding> {
    let bad =
        |why: String, line: usize| codes::BAD_DATA.about(why).in_member(&chart.data).at_line(line);
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let headers = reader
        .headers()
        .map_err(|error| bad(format!("表头无法读取 no header: {error}"), 1))?
        .clone();
    let column = |name: &str| {
        let found = headers.iter().position(|header| header == name);
        found.ok_or_else(|| bad(format!("没有此列 no such column: {name}"), 1))
    };
    let (category, value) = (column(&chart.category)?, column(&chart.value)?);
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            bad("该行无法读取 unreadable line".to_owned(), usize::try_from(line).unwrap_or(1))
        })?;
        let line = record.position().map_or(1, |p| usize::try_from(p.line()).unwrap_or(1));
        let cell = |index: usize| record.get(index).unwrap_or_default().to_owned();
        let (label, text) = (cell(category), cell(value));
        let figure = parse_figure(&text)
            .ok_or_else(|| bad(format!("不是数字 no figure: {text:?}"), line))?;
        if label.is_empty() {
            return Err(bad(format!("该列为空 empty: {}", chart.category), line));
        }
        rows.push(Row { label, text, value: figure });
    }
    if rows.is_empty() { Err(bad("没有数据行 no rows".to_owned(), 1)) } else { Ok(rows) }
}

/// Digits with an optional sign and decimals; thousands separators are taken where they are right.
fn parse_figure(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '−', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let grouped = match groups.as_slice() {
        [whole] => digits(whole),
        [first, rest @ ..] => {
            digits(first) && first.len() <= 3 && rest.iter().all(|g| digits(g) && g.len() == 3)
        }
        [] => false,
    };
    if !grouped || !digits(fraction) {
        return None;
    }
    let plain = text.replace(',', "").replace('−', "-");
    plain.parse().ok().filter(|figure: &f64| figure.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_digits_or_nothing() {
        assert_eq!(parse_figure("63,897.16"), Some(63897.16));
        assert_eq!(parse_figure("−3.5"), Some(-3.5));
        for bad in ["", "约3万", "1,00", "1e5", "NaN", "inf", "3%", ".5", "5."] {
            assert_eq!(parse_figure(bad), None, "{bad:?} was taken");
        }
    }
}
