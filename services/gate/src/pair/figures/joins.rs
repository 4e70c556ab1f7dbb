//! Figures that a sentence names by the figure before them: the upper end of a range, the next of a list,
//! the new value behind the former one.

use super::{
    Figure, Part,
    read::RANGE,
    times::{CLOCK, WEEKDAY, later},
};

/// Names a figure by the one before it, where the text between the two says so.
pub(super) fn join(text: &str, last: Option<&mut Figure>, next: &mut Figure) {
    let Some(last) = last else { return };
    let between = text.get(last.range.end..next.range.start).unwrap_or_default();
    // 9年11个月 is one period.
    if last.unit == "年" && next.unit == "月数" && ["", "零", "又"].contains(&between.trim()) {
        (last.is_about, next.is_about, next.is_weak) = (true, true, true);
    }
    join_weekdays(between, last, next);
    join_range(between, last, next);
    join_change(between, last, next);
    join_list(between, last, next);
    let behind = text.get(next.range.end..).unwrap_or_default();
    join_days(between, behind, last, next);
}

/// 8月25日、26日: the second day is of the same month; 5月7日，3日内 is a period.
fn join_days(between: &str, behind: &str, first: &Figure, next: &mut Figure) {
    let is_list = matches!(between.trim(), "、" | "和" | "及" | "与" | "或");
    let is_day = first.unit.is_empty() && first.value.ends_with('日') && next.unit == "日";
    let month = first.value.find('月').and_then(|at| first.value.get(..at + '月'.len_utf8()));
    if let Some(month) = month.filter(|_| is_list && is_day && !behind.starts_with(['内', '以']))
    {
        next.value = format!("{month}{}", next.value);
        (next.unit, next.is_weak) = ("", false);
    }
}

/// 周一至周五9:00 is another time than 周六9:00.
fn join_weekdays(between: &str, days: &Figure, time: &mut Figure) {
    let is_of_days = days.unit == WEEKDAY && time.unit == CLOCK && between.trim().is_empty();
    if is_of_days {
        time.label = format!("{}{}", days.label, days.value);
    }
}

/// The upper end of a range is called what the lower one is: 3至5万元, 5000元以上1万元以下, 3月1日至31日.
fn join_range(between: &str, lower: &mut Figure, upper: &mut Figure) {
    // 3至5万元 is shown whole; 3万元至5万元 is not.
    let is_whole = lower.range.end == upper.range.end;
    let is_range = is_whole || is_between_ends(between);
    let is_day = lower.unit.is_empty() && upper.unit == "日";
    if !is_range || (lower.unit != upper.unit && !is_day) {
        return;
    }
    if is_day && let Some(month) = lower.value.find('月') {
        let month = lower.value.get(..month + '月'.len_utf8()).unwrap_or_default();
        upper.value = format!("{month}{}", upper.value);
        (upper.unit, upper.is_weak) = ("", false);
    } else if let Some((year, _)) = lower.value.split_once('年').filter(|_| lower.unit.is_empty())
        && !upper.value.contains('年')
    {
        upper.value = format!("{}年{}", year_of_end(year, &lower.value, &upper.value), upper.value);
    }
    if upper.unit == CLOCK
        && let Some(later) = later(&lower.value, &upper.value)
    {
        upper.value = later;
    }
    (lower.part, upper.part) = (Part::End, Part::End);
    upper.label.clone_from(&lower.label);
    let rate = upper.rate.clone().and(&lower.rate);
    (lower.rate, upper.rate) = (rate.clone(), rate);
}

/// 2025年12月1日至1月31日 ends in 2026.
fn year_of_end(year: &str, lower: &str, upper: &str) -> String {
    let month = |value: &str| {
        let (before, _) = value.split_once('月')?;
        before.rsplit('年').next()?.parse::<u16>().ok()
    };
    let turns = month(lower).zip(month(upper)).is_some_and(|(lower, upper)| upper < lower);
    // A chain of ranges turns as often as it is long.
    let next = year.parse::<u16>().ok().filter(|_| turns).and_then(|year| year.checked_add(1));
    next.map_or_else(|| year.to_owned(), |next| next.to_string())
}

/// 至; 以上, 以上至, （含）以上不超过
fn is_between_ends(between: &str) -> bool {
    const WORDS: [&str; 12] = [
        "次年",
        "翌年",
        "（含）",
        "（不含）",
        "(含)",
        "以上",
        "以内",
        "不超过",
        "不足",
        "不满",
        "起",
        "、",
    ];
    let mut rest = between.trim();
    // 5%（不含）至8%
    let bare = ["（含）", "（不含）", "(含)"].iter().find_map(|mark| rest.strip_prefix(mark));
    let begins =
        bare.unwrap_or(rest).starts_with(RANGE) || rest.contains("以上") || rest.starts_with('起');
    while let Some(next) =
        WORDS.iter().find_map(|word| rest.strip_prefix(word)).or_else(|| rest.strip_prefix(RANGE))
    {
        rest = next.trim_start();
    }
    begins && rest.is_empty()
}

/// 收费标准由200元调整为300元: the first was, the second is called what the first was.
fn join_change(between: &str, former: &mut Figure, next: &mut Figure) {
    const CHANGES: [&str; 20] = [
        "调整", "提高", "提升", "提至", "降低", "降至", "改", "变", "增加", "增至", "减少", "减至",
        "缩短", "压缩", "延长", "放宽", "扩大", "上调", "下调", "涨",
    ];
    const HOW: [&str; 4] = ["逐步", "统一", "相应", "大幅"];
    let between = between.trim_start_matches(['，', '/', '每', '人', '月', '年', ' ']);
    let between = HOW.iter().find_map(|how| between.strip_prefix(how)).unwrap_or(between);
    // 由每人每月260元提高至每人每月300元
    let between = between.split('每').next().unwrap_or_default();
    let changes = CHANGES.iter().any(|word| between.starts_with(word));
    let is_near = between.chars().nth(6).is_none();
    let Some(label) = label_before_change(&former.label).filter(|_| changes && is_near) else {
        return;
    };
    if former.unit == next.unit {
        label.clone_into(&mut next.label);
        if next.rate.is_empty() {
            next.rate.clone_from(&former.rate);
        }
        former.part = Part::Former;
    }
}

/// 收费标准 of 收费标准由原来的
fn label_before_change(label: &str) -> Option<&str> {
    const FORMER: [&str; 6] = ["原来的", "现行的", "目前的", "原来", "现行", "原"];
    let before = FORMER.iter().find_map(|word| label.strip_suffix(word)).unwrap_or(label);
    before.strip_suffix(['由', '从'])
}

/// Items of a list that are named by their places: each name is a character longer than the last.
const PLACES_MAX: usize = 30;

/// 分别为500元、600元: the second is named by its place behind the first.
fn join_list(between: &str, last: &Figure, next: &mut Figure) {
    if last.unit == next.unit
        && last.label.contains("分别")
        && !last.label.ends_with(&"、".repeat(PLACES_MAX))
        && matches!(between, "、" | "，" | "和" | "及")
    {
        next.label = format!("{}、", last.label);
        next.rate.clone_from(&last.rate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_as_many_as_anybody_counts() {
        let text = format!("甲和乙的标准分别为{}", "1元、".repeat(100));
        let figures = super::super::find_in(&text, 0, &[]);
        let labels: Vec<_> = figures.iter().map(|figure| figure.label.as_str()).collect();
        assert_eq!(labels[..3], ["甲和乙标准分别", "甲和乙标准分别、", "甲和乙标准分别、、"]);
        assert_eq!(labels[PLACES_MAX], format!("甲和乙标准分别{}", "、".repeat(PLACES_MAX)));
        assert!(labels[PLACES_MAX + 1..].iter().all(|label| label.is_empty()), "{labels:?}");
    }

    #[test]
    fn a_range_ends_in_the_next_year_as_long_as_there_is_one() {
        for (year, expected) in [("2025", "2026"), ("65535", "65535")] {
            let lower = format!("{year}年12月1日");
            assert_eq!(year_of_end(year, &lower, "1月31日"), expected);
            assert_eq!(year_of_end(year, &lower, "12月31日"), year);
        }
    }
}
