//! Periods in one form, so that 一年 is 12个月 and 半小时 is 30分钟.

/// Units of periods, each in the one that it is compared in. Working days are no days.
const PERIODS: [(&str, f64, &str); 7] = [
    ("月数", 1.0, "月"),
    ("年", 12.0, "月"),
    ("秒", 1.0, "秒"),
    ("分钟", 60.0, "秒"),
    ("小时", 3_600.0, "秒"),
    ("日", 86_400.0, "秒"),
    ("周", 604_800.0, "秒"),
];

/// The period that a figure's value is, in one form.
pub(crate) fn period(value: &str) -> Option<String> {
    PERIODS.iter().find_map(|(unit, scale, base)| {
        let number: f64 = value.strip_suffix(unit)?.parse().ok()?;
        Some(format!("{:.1}{base}", number * scale))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
