//! Days that only say in another form what the policy says of a month: 2月28日前 for 2月底前, 4月1日 and 10月31日 for
//! 4月至10月, as charts of stages need them.

use foldhash::HashSet;

use crate::document::{is_numeral, last_chars, parse_numeral};

/// The months of a text that are said without a day.
#[derive(Debug, Default)]
pub(super) struct Months {
    /// Of which the last day is meant: 2月底, 至10月.
    ending: HashSet<u32>,
    /// Of which the first is: 4月至, 4月起.
    beginning: HashSet<u32>,
}

impl Months {
    pub(super) fn of(text: &str) -> Self {
        let mut months = Self::default();
        for (at, sign) in text.match_indices('月') {
            let Some((before, behind)) = text.split_at_checked(at) else { continue };
            let numeral: usize = before
                .chars()
                .rev()
                .take(3)
                .take_while(|c| is_numeral(*c))
                .map(char::len_utf8)
                .sum();
            let Some((lead, numeral)) = before.split_at_checked(before.len() - numeral) else {
                continue;
            };
            let month = parse_numeral(numeral).filter(|month| (1..=12).contains(month));
            let behind = behind.strip_prefix(sign).unwrap_or_default();
            let Some(month) = month.filter(|_| !behind.starts_with(is_numeral)) else { continue };
            // 2027年4月至2027年10月
            let lead =
                lead.strip_suffix('年').map_or(lead, |lead| lead.trim_end_matches(is_numeral));
            let begins = |text: &str| text.starts_with(['至', '到', '—', '-', '－', '–', '起']);
            if behind.starts_with(['底', '末'])
                || last_chars(lead, 1).contains(['至', '到', '—', '-', '－', '–'])
            {
                months.ending.insert(month);
            }
            if begins(behind) {
                months.beginning.insert(month);
            }
        }
        months
    }

    /// Whether a date is the first or last day of one of them, as it is meant there.
    pub(super) fn hold(&self, value: &str) -> bool {
        let day = value.rsplit('年').next().unwrap_or(value);
        let parts = day.strip_suffix('日').and_then(|day| day.split_once('月'));
        let parts = parts.and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        parts.is_some_and(|(month, day): (u32, u32)| match day {
            1 => self.beginning.contains(&month),
            28.. => self.ending.contains(&month),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_months_are_told_from_days_within() {
        let months =
            Months::of("2月底前报名，2027年4月至10月实施，5月20日公示，十一月末总结，3个月内");
        for (value, is_held) in [
            ("2月28日", true),
            ("2027年2月28日", true),
            ("2月1日", false),
            ("2027年4月1日", true),
            ("4月30日", false),
            ("2027年10月31日", true),
            ("10月20日", false),
            ("5月31日", false),
            ("11月30日", true),
            ("3月31日", false),
        ] {
            assert_eq!(months.hold(value), is_held, "{value}");
        }
    }
}
