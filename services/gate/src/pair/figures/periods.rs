//! Periods in one form, so that 一年 is 12个月 and 半小时 is 30分钟.

use super::fractions::is_rounded;

/// The unit that periods of this one are compared in, and how many of those it has. Working days are no days.
fn base(unit: &str) -> Option<(u32, &'static str)> {
    Some(match unit {
        "月数" => (1, "月"),
        "年" => (12, "月"),
        "秒" => (1, "秒"),
        "分钟" => (60, "秒"),
        "小时" => (3_600, "秒"),
        "日" => (86_400, "秒"),
        "周" => (604_800, "秒"),
        _ => return None,
    })
}

/// The period that a figure's value is, in one form.
pub(crate) fn period(value: &str) -> Option<String> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = value.split_at_checked(end)?;
    let (scale, base) = base(unit)?;
    // Nearly all are whole, and fractions take long to write.
    Some(match number.parse::<u32>() {
        Ok(whole) => format!("{}.0{base}", u64::from(whole) * u64::from(scale)),
        Err(_) => format!("{:.1}{base}", number.parse::<f64>().ok()? * f64::from(scale)),
    })
}

/// Days of a month and of a working day, about.
const DAYS: [(&str, f64); 4] = [("月", 30.4), ("秒", 1.0 / 86_400.0), ("工作日", 1.4), ("日", 1.0)];

/// Whether two periods of different units are about as long, or a share is a fraction rounded: 一个月 and 30日, 一周 and 5个工作日,
/// 三分之二 and 66.7%.
pub(crate) fn are_about_one(one: &str, other: &str) -> bool {
    if is_rounded(one, other) || is_rounded(other, one) {
        return true;
    }
    let days = |value: &str| {
        let value = period(value).unwrap_or_else(|| value.to_owned());
        DAYS.iter().find_map(|(unit, days)| {
            Some((*unit, value.strip_suffix(unit)?.parse::<f64>().ok()? * days))
        })
    };
    let (Some((unit, one)), Some((other_unit, other))) = (days(one), days(other)) else {
        return false;
    };
    unit != other_unit && one.max(other) <= one.min(other) * 1.12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_about_thirty_days() {
        for (one, other, expected) in [
            ("1月数", "30日", true),
            ("1年", "365日", true),
            ("5工作日", "1周", true),
            ("5工作日", "5日", false),
            ("1月数", "15日", false),
            ("30日", "31日", false),
            ("2月数", "3月数", false),
            ("9月1日", "30元", false),
        ] {
            assert_eq!(are_about_one(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn periods_of_one_length_have_one_form() {
        for (one, other) in [
            ("1年", "12月数"),
            ("1.5年", "18月数"),
            ("0.5小时", "30分钟"),
            ("1周", "7日"),
            ("1日", "24小时"),
        ] {
            assert_eq!(period(one), period(other), "{one} {other}");
            assert!(period(one).is_some(), "{one}");
        }
        assert_eq!(["5工作日", "9月1日", "30元", ""].map(period), [None, None, None, None]);
    }
}
