//! Years as people write them: a head `2025` is 2025年, in the drawing, in what is read aloud and in the table beside it.

use lockstep_gate::bundle::{Row, Table, names_total};

use super::honest::is_year;

/// The same table, bare years with their 年 where all names beside them are years too.
pub(crate) fn with_years(table: &Table) -> Table {
    let are_rows = are_years(table.rows.iter().map(|row| row.label.as_str()));
    let are_series = are_years(table.series.iter().map(String::as_str));
    let named = |name: &String, are_years: bool| {
        if are_years { with_year(name) } else { name.clone() }
    };
    let row = |row: &Row| Row { label: named(&row.label, are_rows), cells: row.cells.clone() };
    Table {
        series: table.series.iter().map(|name| named(name, are_series)).collect(),
        rows: table.rows.iter().map(row).collect(),
    }
}

fn are_years<'n>(mut names: impl Iterator<Item = &'n str>) -> bool {
    // 2026年（预计）, and 2026年1—9月 beside 2025.
    // A total stands in the table, and not in the drawing.
    names.all(|name| {
        names_total(name)
            || is_year(name)
            || name.split_once('年').is_some_and(|(year, _)| is_year(year))
    })
}

/// 2026年（预计） of 2026（预计）.
fn with_year(name: &str) -> String {
    let (year, note) = name
        .find(['（', '('])
        .map_or((name, ""), |at| name.split_at_checked(at).unwrap_or((name, "")));
    let year = year.trim();
    let is_bare = year.bytes().all(|b| b.is_ascii_digit());
    if is_bare { format!("{year}年{note}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_years_get_their_sign_among_years_only() {
        for (names, expected) in [
            (vec!["2024", "2025"], vec!["2024年", "2025年"]),
            (vec!["2024年", "2025", "2026（预计）"], vec!["2024年", "2025年", "2026年（预计）"]),
            (vec!["2025", "2026年1—9月"], vec!["2025年", "2026年1—9月"]),
            (vec!["2024年度", " 2025 "], vec!["2024年度", "2025年"]),
            (vec!["2024", "合计"], vec!["2024年", "合计"]),
            (vec!["2024", "甲区"], vec!["2024", "甲区"]),
            (vec!["1024", "2048"], vec!["1024", "2048"]),
            (vec!["2025-01", "2025-02"], vec!["2025-01", "2025-02"]),
        ] {
            let series = names.iter().map(|name| (*name).to_owned()).collect();
            let row = |name: &&str| Row { label: (*name).to_owned(), cells: vec![] };
            let table = Table { series, rows: names.iter().map(row).collect() };
            let said = with_years(&table);
            assert_eq!(said.series, expected);
            assert!(said.rows.iter().map(|row| &row.label).eq(&expected), "{names:?}");
        }
    }
}
