//! Parts of years beside whole ones: a fall that was none.

use super::super::{Undrawable, content::Content, moments};
use super::of_series;

const YEARS: std::ops::Range<u32> = 1900..2200;

/// Whether a name tells a whole year: 2025年, 2025年度（预计）.
pub(in crate::chart) fn is_year(label: &str) -> bool {
    let plain = label.split(['（', '(']).next().unwrap_or(label).trim();
    let rest = plain.trim_start_matches(|c: char| c.is_ascii_digit());
    let year = plain.len().checked_sub(rest.len()).and_then(|length| plain.get(..length));
    let is_of_years =
        year.and_then(|year| year.parse().ok()).is_some_and(|year| YEARS.contains(&year));
    is_of_years && ["", "年", "年度"].contains(&rest)
}

/// What tells that a year is not over, or that a name is of a part of it.
const PARTS: [&str; 9] =
    ["月", "季度", "上半年", "下半年", "前三季", "旬", "以来", "至今", "截至目前"];
/// 月均 is of a whole year; what was counted at its end or holds 10月起 is a moment.
const WHOLE: [&str; 9] = ["末", "底", "初", "日", "起", "均", "12月31日", "12月底", "每月"];

/// The part of a name that follows its year: 收入 of 2025年收入; none where it tells no year.
fn of_year(label: &str) -> Option<String> {
    let plain: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    let named = ["今年", "本年", "去年", "上年", "前年"].iter();
    if let Some(rest) = named.clone().find_map(|year| plain.strip_prefix(year)) {
        return Some(rest.to_owned());
    }
    match plain.split_once('年') {
        Some((year, rest)) if is_year(year) => Some(rest.to_owned()),
        Some(_) | None if is_year(&plain) => Some(String::new()),
        // 2026上半年
        Some(_) | None => {
            let (year, rest) = plain.split_at_checked(4)?;
            let is_part = ["上半年", "前三季", "一季度"].iter().any(|part| rest.starts_with(part));
            (is_year(year) && is_part).then(|| rest.to_owned())
        }
    }
}

/// Whether it tells a part of a year: 2025年一季度, 2026年（1—9月）, 今年以来, 2026年至今; 2025年6月底 is a moment.
fn is_part_of_year(label: &str) -> bool {
    let bare = ["今年以来", "至今", "截至目前"];
    let Some(rest) = of_year(label) else { return bare.contains(&label.trim()) };
    // What is counted up to now stands in any note; a month may only be when it was counted.
    let (said, note) = rest.split_once(['（', '(']).unwrap_or((&rest, ""));
    let is_part = |text: &str| {
        PARTS.iter().any(|part| text.contains(part))
            && !WHOLE.iter().any(|whole| text.contains(whole))
    };
    let is_noted = ["截至", "截止"].iter().any(|word| note.contains(word))
        && !note.contains("12月")
        || is_part(note);
    is_part(said) || is_noted
}

/// Whether it tells a whole one: 2025年, 2025年收入, 去年.
fn is_whole_year(label: &str) -> bool {
    let Some(rest) = of_year(label) else { return label.trim() == "全年" };
    let moments = ["末", "底", "初", "同期", "截"];
    !is_part_of_year(label)
        && !rest.contains("月")
        && !moments.iter().any(|word| rest.contains(word))
}

/// Of the names the first that tells a part of a year, where another tells a whole one.
fn find_part<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<usize> {
    const KNOWN: [&str; 9] = ["预", "目标", "计划", "实际", "快报", "决算", "全年", "估", "初步"];
    let parted = |name: &'n str| name.split_once(['（', '(']).unwrap_or((name, ""));
    // Where notes alone tell how long a time is, one like 试点 leaves it open.
    let is_sure = |name: &'n str| {
        let (_, note) = parted(name);
        is_whole_year(name) && (note.is_empty() || KNOWN.iter().any(|word| note.contains(word)))
    };
    let has_whole = names.clone().any(is_whole_year);
    let has_sure = names.clone().any(is_sure);
    let mut names = names;
    names.position(|name| {
        let is_part = is_part_of_year(name) && (has_sure || is_part_of_year(parted(name).0));
        has_whole && is_part
    })
}

/// Refuses a part of a year beside whole ones, whatever else stands there: rows, or series.
pub(in crate::chart) fn check_years(content: &Content) -> Result<(), Undrawable> {
    let row = find_part(content.rows.iter().map(|row| row.label.as_str()));
    if let Some((row, item)) = row.and_then(|at| Some((at, content.rows.get(at)?))) {
        let (label, why) = (item.label.clone(), moments::PART_OF_PERIOD);
        return Err(Undrawable::Row { row: row + 1, label, why });
    }
    // Months of a year that is not over leave gaps, and are compared with the same months.
    let are_months = content.rows.iter().all(|row| {
        row.label.trim().ends_with(['月', '旬', '日', '周']) || row.label.contains("季度")
    });
    let series = find_part(content.series.iter().map(String::as_str));
    match series.filter(|_| !are_months) {
        Some(at) => Err(of_series(content, at, moments::PART_OF_PERIOD)),
        None => Ok(()),
    }
}

/// Whether of two names one tells a year and the other a part of one.
pub(super) fn are_uneven(first: &str, second: &str) -> bool {
    (is_whole_year(first) && is_part_of_year(second))
        || (is_part_of_year(first) && is_whole_year(second))
}
