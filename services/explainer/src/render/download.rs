//! A chart's figures as a file that a reader takes along.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lockstep_gate::bundle::Table;

/// The file, within the page: a fragment names no address of any channel. From the table that the chart
/// was drawn from, figures as they were handed in.
pub(super) fn link(category: &str, table: &Table) -> String {
    format!("data:text/csv;charset=utf-8;base64,{}", STANDARD.encode(csv(category, table)))
}

fn csv(category: &str, table: &Table) -> Vec<u8> {
    let head = [category].into_iter().chain(table.series.iter().map(String::as_str)).collect();
    let rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| cell.text.as_str());
        [row.label.as_str()].into_iter().chain(cells).collect()
    });
    // Excel takes a file without the mark for GBK.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    for record in std::iter::once::<Vec<&str>>(head).chain(rows) {
        // Memory takes everything; all records are as long as the first.
        writer.write_record(record).ok();
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use lockstep_gate::bundle::{Cell, Row};

    use super::*;

    #[test]
    fn what_was_handed_in_comes_back() {
        let cell = |text: &str| Cell { text: text.to_owned(), value: text.parse().ok() };
        let row = |label: &str, cells: [&str; 2]| Row {
            label: label.to_owned(),
            cells: cells.map(cell).to_vec(),
        };
        let table = Table {
            series: vec!["2025年".to_owned(), "2026年".to_owned()],
            rows: vec![row("甲，含“乙”", ["1234.50", ""]), row("丙,丁", ["-3", "0"])],
        };
        let csv = String::from_utf8(csv("类别", &table)).unwrap_or_default();
        let wanted = "\u{feff}类别,2025年,2026年\n甲，含“乙”,1234.50,\n\"丙,丁\",-3,0\n";
        assert_eq!(csv, wanted);
    }
}
