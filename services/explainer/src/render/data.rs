//! A chart's figures as a table for paper, where nobody can unfold the page's: the same cells as there.

use std::collections::HashMap;

use lockstep_gate::bundle::{Row, Table};
use lockstep_proto::manifest::{Cells, ChartKind, ChartSpec};

use crate::{
    blocks::{self, Side},
    chart::figure::without_unit,
    long::{COLUMNS_MAX, Data},
    set::Run,
};

/// Whether a picture has every figure of its table in its words: then paper needs no table beside it.
pub(super) fn says_all(svg: &str, kind: ChartKind, table: &Table) -> bool {
    if kind.cells() == Cells::Words {
        return true;
    }
    let mut written: HashMap<&str, usize> = HashMap::new();
    for figure in texts(svg).flat_map(figures) {
        *written.entry(figure).or_default() += 1;
    }
    let cells = table.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.value.is_some());
    cells.flat_map(|cell| figures(&cell.text)).all(|figure| match written.get_mut(figure) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    })
}

/// What is written in a picture.
fn texts(svg: &str) -> impl Iterator<Item = &str> {
    let after = svg.split("<text").skip(1);
    after.filter_map(|text| text.split_once('>')?.1.split("</text>").next())
}

/// 1,234.5 of 1,234.5万元
fn figures(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    parts.map(|part| part.trim_matches(['.', ','])).filter(|part| !part.is_empty())
}

/// So many rows are better halved, one half beside the other: a chart and its figures have one sheet.
const ROWS_MANY: usize = 8;

/// A chart's figures under a caption.
pub(super) fn of(spec: &ChartSpec, table: &Table, cells: &[Vec<String>]) -> Data {
    let unit = |unit: &str| if unit.is_empty() { String::new() } else { format!("（{unit}）") };
    let cell = |text: &str| vec![Run::regular(text)];
    // The caption says the unit.
    let series = table.series.iter().map(|name| cell(without_unit(name, &spec.unit)));
    let head: Vec<Vec<Run>> = std::iter::once(cell(&spec.category)).chain(series).collect();
    let row = |(row, cells): (&Row, &Vec<String>)| -> Vec<Vec<Run>> {
        std::iter::once(cell(&row.label)).chain(cells.iter().map(|text| cell(text))).collect()
    };
    let rows: Vec<Vec<Vec<Run>>> = table.rows.iter().zip(cells).map(row).collect();
    let mut sides = vec![Side::Right; head.len()];
    if let Some(first) = sides.first_mut() {
        *first = Side::Left;
    }
    let is_high = rows.len() >= ROWS_MANY && 2 * head.len() <= COLUMNS_MAX;
    let halved = is_high.then(|| beside(&sides, &head, &rows));
    let subtitle = without_unit(&spec.subtitle, &spec.unit);
    let name = if subtitle.is_empty() { &spec.headline } else { subtitle };
    Data {
        caption: format!("数据表：{name}{}", unit(&spec.unit)),
        halved: halved.map(|(sides, rows)| blocks::Table { sides, rows }),
        table: blocks::Table { sides, rows: std::iter::once(head).chain(rows).collect() },
    }
}

/// The second half of the rows beside the first, each under a head.
fn beside(
    sides: &[Side],
    head: &[Vec<Run>],
    rows: &[Vec<Vec<Run>>],
) -> (Vec<Side>, Vec<Vec<Vec<Run>>>) {
    let (first, second) = rows.split_at(rows.len().div_ceil(2));
    let empty = vec![vec![]; head.len()];
    let seconds = second.iter().chain(std::iter::repeat(&empty));
    let both = first.iter().zip(seconds).map(|(a, b)| [a.as_slice(), b].concat());
    let head = [head, head].concat();
    ([sides, sides].concat(), std::iter::once(head).chain(both).collect())
}

#[cfg(test)]
mod tests {
    use lockstep_gate::bundle::Cell;

    use super::*;

    #[test]
    fn a_picture_says_its_figures_or_does_not() {
        let row = |values: [f64; 2]| Row {
            label: "甲2".to_owned(),
            cells: values.map(|v| Cell { text: v.to_string(), value: Some(v) }).into(),
        };
        let says = |kind: ChartKind, svg: &str, rows: &[[f64; 2]]| {
            let rows = rows.iter().map(|values| row(*values)).collect();
            says_all(svg, kind, &Table { series: vec!["一".to_owned(), "二".to_owned()], rows })
        };
        let svg = "<svg><desc>5，7</desc><text x=\"1\">12</text><text>−3.5万元</text><text>12</text></svg>";
        assert!(says(ChartKind::Bar, svg, &[[12.0, -3.5]]));
        assert!(says(ChartKind::Bar, svg, &[[12.0, 12.0]]));
        // It is there twice, and no part of another figure; a description is not seen.
        assert!(!says(ChartKind::Bar, svg, &[[12.0, 12.0], [12.0, 3.5]]));
        assert!(!says(ChartKind::Bar, svg, &[[1.0, 12.0]]));
        assert!(!says(ChartKind::Bar, svg, &[[5.0, 7.0]]));
        assert!(says(ChartKind::Compare, "", &[[5.0, 7.0]]));
    }
}
