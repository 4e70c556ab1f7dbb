//! The data that charts are drawn from: CSV with a header line, UTF-8.

use lockstep_proto::{
    finding::Finding,
    manifest::{Cells, ChartSpec},
};

use super::Opened;
use crate::codes::{self, At as _};

/// The part of a data file that a chart is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The series: headers of the columns that hold the figures.
    pub series: Vec<String>,
    /// In the file's order.
    pub rows: Vec<Row>,
}

/// One category and its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The category.
    pub label: String,
    /// One for each series.
    pub cells: Vec<Cell>,
}

/// One figure, or words.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// As the file writes it.
    pub text: String,
    /// None: a gap, or words.
    pub value: Option<f64>,
}

/// How data files write that a figure is not known.
const GAPS: [&str; 7] = ["", "—", "–", "-", "…", "/", "..."];

/// Longer than any text in or around a chart should be; a slip of the pasting hand, most likely.
pub const TEXT_CHARS_MAX: usize = 300;

/// Why a text cannot stand in or around a chart, if it is too long for that.
pub(super) fn too_long(text: &str) -> Option<String> {
    let chars = text.chars().count();
    (chars > TEXT_CHARS_MAX).then(|| {
        format!("图表文字有{chars}字，最多{TEXT_CHARS_MAX}字，请缩短 {chars} characters, at most {TEXT_CHARS_MAX}; shorten it")
    })
}

/// TS002, TS007 for every chart.
pub(super) fn check(opened: &Opened, charts: &[ChartSpec]) -> Vec<Finding> {
    let found = charts.iter().filter_map(|chart| match opened.files.get(&chart.data) {
        // Why is told already.
        None if opened.is_unread(&chart.data) => None,
        None => Some(codes::NO_FILE.about(&chart.data).in_member(&chart.data)),
        Some(bytes) => read_table(chart, bytes).err(),
    });
    found.collect()
}

/// What a chart is drawn from. The finding names file and line.
pub fn read_table(chart: &ChartSpec, bytes: &[u8]) -> Result<Table, Finding> {
    let bad =
        |why: String, line: usize| codes::BAD_DATA.about(why).in_member(&chart.data).at_line(line);
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let headers = reader
        .headers()
        .map_err(|error| bad(format!("表头无法读取 no header: {error}"), 1))?
        .clone();
    let column = |name: &String| {
        let mut found = headers.iter().enumerate().filter(|(_, header)| *header == name);
        match (found.next(), found.next()) {
            (Some((index, _)), None) => Ok(index),
            (None, _) => Err(bad(format!("没有此列 no such column: {name}"), 1)),
            // Nobody knows which of them is meant.
            (Some(_), Some(_)) => Err(bad(
                format!("表头中此列出现两次，请改名 twice in the header, rename one: {name}"),
                1,
            )),
        }
    };
    let category = column(&chart.category)?;
    let columns = chart.values.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    let mut distinct = columns.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if columns.is_empty() || distinct.len() < columns.len() {
        return Err(bad("value 须写各不相同的列 names columns, each once".to_owned(), 1));
    }
    if columns.contains(&category) {
        let why = "category 的列不能又是 value the column of names cannot hold the figures";
        return Err(bad(format!("{why}: {}", chart.category), 1));
    }
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            bad("该行无法读取 unreadable line".to_owned(), usize::try_from(line).unwrap_or(1))
        })?;
        let line = record.position().map_or(1, |p| usize::try_from(p.line()).unwrap_or(1));
        let cell = |index: usize| record.get(index).unwrap_or_default().to_owned();
        let label = cell(category);
        let mut texts = std::iter::once(category).chain(columns.iter().copied());
        if let Some(why) = texts.find_map(|index| too_long(record.get(index)?)) {
            return Err(bad(why, line));
        }
        if label.is_empty() {
            return Err(bad(format!("该列为空 empty: {}", chart.category), line));
        }
        let cell_of = |text: String| {
            if chart.kind.cells() == Cells::Words {
                return Ok(Cell { text, value: None });
            }
            let value = parse_figure(&text);
            let is_gap =
                chart.kind.cells() == Cells::FiguresOrGaps && GAPS.contains(&text.as_str());
            if value.is_none() && !is_gap {
                return Err(bad(refusal(&text), line));
            }
            Ok(Cell { text, value })
        };
        let cells =
            columns.iter().map(|column| cell_of(cell(*column))).collect::<Result<_, _>>()?;
        rows.push(Row { label, cells });
    }
    if rows.is_empty() {
        return Err(bad("没有数据行 no rows".to_owned(), 1));
    }
    Ok(Table { series: chart.values.clone(), rows })
}

/// Why a cell is no figure.
fn refusal(text: &str) -> String {
    if GAPS.contains(&text) {
        "这种图不能有空缺 this kind takes no gaps".to_owned()
    } else if text.ends_with(['%', '％']) {
        format!("{text:?}：去掉百分号，写在 unit 里 leave the sign to unit")
    } else {
        format!("不是数字 no figure: {text:?}")
    }
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
