//! Lines of a data file that are no rows of data: of another length, foot-notes, days as Excel counts them.

use lockstep_proto::finding::Finding;

use super::Row;
use crate::codes::{self, At as _};

/// Why a line cannot be read: it has more cells than there are headings, or fewer.
pub(super) fn unreadable(error: &csv::Error, bytes: &[u8], data: &str) -> Finding {
    let at = error.position().map_or(1, csv::Position::line);
    let at = usize::try_from(at).unwrap_or(1);
    let finding = if let csv::ErrorKind::UnequalLengths { pos, expected_len, len } = error.kind() {
        let start = pos.as_ref().and_then(|pos| usize::try_from(pos.byte()).ok());
        let rest = start.and_then(|start| bytes.get(start..)).unwrap_or_default();
        let line = String::from_utf8_lossy(rest);
        if *len == 1 && crate::docx::is_note(line.trim_start()) {
            note()
        } else {
            uneven(*expected_len, *len)
        }
    } else {
        codes::BAD_DATA.about("该行无法读取 unreadable line")
    };
    finding.in_member(data).at_line(at)
}

fn uneven(expected: u64, found: u64) -> Finding {
    let said = format!(
        "表头有{expected}列，该行有{found}格 the header has {expected} columns, this line {found} cells"
    );
    let finding = codes::BAD_DATA.about(said);
    if found > expected {
        return finding.advising(
            "带逗号的数字和文字要加半角引号，如 \"1,234\"；多出的格请删去".to_owned(),
            "put figures and words that hold commas into quotes, as \"1,234\"; delete cells that are too many"
                .to_owned(),
        );
    }
    finding.advising(
        "补上缺少的格；没有数的写“—”".to_owned(),
        "add what is missing; write — where there is no figure".to_owned(),
    )
}

/// A foot-note of a table.
pub(super) fn note() -> Finding {
    codes::BAD_DATA.about("该行是表注，不是数据 this line is a note, no data").advising(
        "删去表注；来源写在 bundle.toml 的 source 中".to_owned(),
        "delete it; where the figures come from goes into source of bundle.toml".to_owned(),
    )
}

/// The first of days that are written as Excel counts them: 45962 under 日期.
pub(super) fn serial(category: &str, rows: &[Row]) -> Option<(usize, Finding)> {
    /// From 2009 to 2064.
    const SERIALS: std::ops::RangeInclusive<u32> = 40_000..=60_000;
    const HEADINGS: [&str; 5] = ["日期", "时间", "月份", "年月", "日"];
    let is_of_time = HEADINGS.iter().any(|word| category.contains(word));
    let of = |row: &Row| row.label.parse().ok().filter(|days: &u32| SERIALS.contains(days));
    let first = rows.first().and_then(of).filter(|_| is_of_time)?;
    if !rows.iter().all(|row| row.label.len() == 5 && of(row).is_some()) {
        return None;
    }
    // Excel's days begin with the last but one of 1899.
    let begin = jiff::civil::date(1899, 12, 30);
    let day = begin.checked_add(jiff::Span::new().days(i64::from(first))).ok()?;
    let day = format!("{}年{}月{}日", day.year(), day.month(), day.day());
    let said = format!("“{first}”是 Excel 的日期序号（即{day}） is a day as Excel counts it");
    let finding = codes::BAD_DATA.about(said).advising(
        format!("在 Excel 中把该列设为日期格式再另存，或写作 {day}"),
        "format the column as dates in Excel and save it again, or write days as 2025年11月1日"
            .to_owned(),
    );
    Some((0, finding))
}
