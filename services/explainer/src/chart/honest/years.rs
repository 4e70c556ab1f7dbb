//! Parts of years beside whole ones: a fall that was none.

use super::super::{Undrawable, content::Content, moments};

const YEARS: std::ops::Range<u32> = 1900..2200;

/// Whether a name tells a whole year: 2025年, 2025年度（预计）.
pub(super) fn is_year(label: &str) -> bool {
    let plain = label.split(['（', '(']).next().unwrap_or(label).trim();
    let rest = plain.trim_start_matches(|c: char| c.is_ascii_digit());
    let year = plain.len().checked_sub(rest.len()).and_then(|length| plain.get(..length));
    let is_of_years =
        year.and_then(|year| year.parse().ok()).is_some_and(|year| YEARS.contains(&year));
    is_of_years && ["", "年", "年度"].contains(&rest)
}

/// Whether it tells a part of one: 2025年一季度, 2025年上半年; 2025年6月底 is a moment.
fn is_part_of_year(label: &str) -> bool {
    const PARTS: [&str; 6] = ["月", "季度", "上半年", "下半年", "前三季", "旬"];
    let plain = label.split(['（', '(']).next().unwrap_or(label).trim();
    let Some((year, rest)) = plain.split_once('年') else { return false };
    is_year(year)
        && PARTS.iter().any(|part| rest.contains(part))
        && !rest.contains(['末', '底', '初', '日', '起', '均'])
}

/// Refuses a part of a year beside whole ones, whatever else stands there.
pub(super) fn check_years(content: &Content) -> Result<(), Undrawable> {
    if !content.rows.iter().any(|row| is_year(&row.label)) {
        return Ok(());
    }
    let mut rows = content.rows.iter().enumerate();
    match rows.find(|(_, row)| is_part_of_year(&row.label)) {
        Some((row, item)) => Err(Undrawable::Row {
            row: row + 1,
            label: item.label.clone(),
            why: moments::PART_OF_PERIOD,
        }),
        None => Ok(()),
    }
}

/// Whether of two names one tells a year and the other a part of one.
pub(super) fn are_uneven(first: &str, second: &str) -> bool {
    (is_year(first) && is_part_of_year(second)) || (is_part_of_year(first) && is_year(second))
}
