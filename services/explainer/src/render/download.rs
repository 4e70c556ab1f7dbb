//! A chart's figures as a file that a reader takes along.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lockstep_gate::bundle::Table;

use crate::chart::figure::without_unit;

/// The file, within the page: a fragment names no address of any channel. From the table that the chart
/// was drawn from, figures as they were handed in.
pub(super) fn link(category: &str, unit: &str, table: &Table) -> String {
    format!("data:text/csv;charset=utf-8;base64,{}", STANDARD.encode(csv(category, unit, table)))
}

fn csv(category: &str, unit: &str, table: &Table) -> Vec<u8> {
    let series = table.series.iter().map(|name| match with_unit(name, unit) {
        "" => text(name),
        unit => text(&format!("{name}（{unit}）")),
    });
    let head = std::iter::once(text(category)).chain(series).collect();
    let rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| match cell.value {
            Some(_) => cell.text.clone(),
            None => text(&cell.text),
        });
        std::iter::once(text(&row.label)).chain(cells).collect()
    });
    // Excel takes a file without the mark for GBK.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    for record in std::iter::once::<Vec<String>>(head).chain(rows) {
        // Memory takes everything; all records are as long as the first.
        writer.write_record(record).ok();
    }
    writer.into_inner().unwrap_or_default()
}

/// The unit that stands behind the name of figures: none where the name says it itself.
pub(super) fn with_unit<'u>(name: &str, unit: &'u str) -> &'u str {
    let is_unit = name.trim_matches(['（', '）', '(', ')']) == unit;
    if without_unit(name, unit) == name && !is_unit { unit } else { "" }
}

/// Words that a spreadsheet shows and does not compute: it takes what begins with `=`, `+`, `-` or `@` for a formula.
fn text(words: &str) -> String {
    let mut rest = words.trim_start().chars();
    let sign = rest.next();
    let rest = rest.as_str().trim_start();
    // -5℃以下 is none, and a lone - stands for nothing.
    let is_figure = rest.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && rest.chars().all(|c| !c.is_ascii() || c.is_ascii_digit() || ".,% ".contains(c));
    let is_formula = match sign {
        Some('=' | '@') => !rest.is_empty(),
        Some('+' | '-') => !rest.is_empty() && !is_figure,
        Some(_) | None => false,
    };
    if is_formula { format!("'{words}") } else { words.to_owned() }
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
        let csv = String::from_utf8(csv("类别", "", &table)).unwrap_or_default();
        let wanted = "\u{feff}类别,2025年,2026年\n甲，含“乙”,1234.50,\n\"丙,丁\",-3,0\n";
        assert_eq!(csv, wanted);
    }

    #[test]
    fn headings_have_the_unit_that_the_table_has() {
        let table = Table {
            series: vec!["2025年".to_owned(), "投资（亿元）".to_owned()],
            rows: vec![],
        };
        let csv = String::from_utf8(csv("类别", "亿元", &table)).unwrap_or_default();
        assert_eq!(csv, "\u{feff}类别,2025年（亿元）,投资（亿元）\n");
    }

    #[test]
    fn words_are_no_formulas() {
        for words in [
            "=HYPERLINK(\"x\")",
            "+SUM(1)",
            "-甲",
            "@A1",
            " =1+1",
            "-2+cmd|'x'!A0",
            "- 乙",
            "+86-021",
        ] {
            assert_eq!(text(words), format!("'{words}"));
        }
        for words in ["甲", "-", "-3.2", "+86", "-5℃以下", "—", "3-5岁", ""] {
            assert_eq!(text(words), words);
        }
    }
}
