//! What values a text holds, in whatever form and unit another may say them.

use foldhash::HashSet;

use super::figures::{Figure, period};

/// The values of a text, and for dates what a text abbreviates them to: 2025年9月, 9月1日, 2025年.
pub(super) struct Held<'f> {
    values: HashSet<&'f str>,
    /// Days that are written without their year.
    days: HashSet<&'f str>,
    /// Months that are said without a day, each without its last character.
    months: HashSet<&'f str>,
    /// In one unit of their kind.
    equals: HashSet<String>,
}

impl<'f> Held<'f> {
    pub(super) fn of(figures: impl IntoIterator<Item = &'f Figure>) -> Self {
        let (mut values, mut days) = (HashSet::default(), HashSet::default());
        let (mut months, mut equals) = (HashSet::default(), HashSet::default());
        for figure in figures {
            let value = figure.value.as_str();
            values.insert(value);
            equals.extend(in_one_unit(figure));
            months.extend(value.strip_suffix('月').filter(|_| figure.unit.is_empty()));
            if figure.unit.is_empty() && !value.contains('年') {
                days.insert(value);
            }
            if let Some((year, day)) = value.split_once('年').filter(|_| figure.unit.is_empty()) {
                values.insert(year);
                values.insert(day);
                if let Some(month) = value.find('月') {
                    values.extend(value.get(..month + '月'.len_utf8()));
                }
            }
        }
        Self { values, days, months, equals }
    }

    /// Whether it holds this very value, or a part of a date.
    pub(super) fn has(&self, value: &str) -> bool {
        // 2025年 alone is held by any of its days.
        self.values.contains(value)
            || value.strip_suffix('年').is_some_and(|year| self.values.contains(year))
            || value.split_once('年').is_some_and(|(_, day)| self.days.contains(day))
            || value.rsplit_once('月').is_some_and(|(month, day)| self.ends(month, day))
    }

    /// 12月31日 is 12月底.
    fn ends(&self, month: &str, day: &str) -> bool {
        day.strip_suffix('日').and_then(|day| day.parse().ok()).is_some_and(|day: u8| day >= 28)
            && self.months.contains(month)
    }

    /// Whether it holds this quantity, perhaps in another unit: 14日 for 两周.
    pub(super) fn has_quantity(&self, figure: &Figure) -> bool {
        self.has(&figure.value)
            || in_one_unit(figure).is_some_and(|equal| self.equals.contains(&equal))
    }

    pub(super) fn has_year(&self, year: &str) -> bool {
        self.values.contains(year)
    }
}

/// A figure's value as those of another text are compared with it, whatever their unit.
pub(super) fn form(figure: &Figure) -> String {
    in_one_unit(figure).unwrap_or_else(|| figure.value.clone())
}

/// A quantity in the unit that others of its kind are said in: 1年 is 12个月, 0.5‰ 0.05%, 10家 10个.
fn in_one_unit(figure: &Figure) -> Option<String> {
    let number = figure.value.strip_suffix(figure.unit)?;
    let (count, unit) = match figure.unit {
        "‰" => ((number.parse::<f64>().ok()? / 10.0).to_string(), "%"),
        // 六折 leaves 60%; 减免八折 says nothing that is sure.
        "折" if !figure.lead.contains('减') => {
            let count = number.parse::<f64>().ok()?;
            ((if count < 10.0 { count * 10.0 } else { count }).to_string(), "%")
        }
        "名" | "位" => (number.to_owned(), "人"),
        "家" => (number.to_owned(), "个"),
        "%" | "人" | "个" => (number.to_owned(), figure.unit),
        _ => {
            if ["度", "℃"].contains(&figure.unit) {
                // 零下18度
                let is_below = figure.lead.trim_end().ends_with(['下', '-', '－', '−']);
                return Some(format!("{}{number}度", if is_below { "-" } else { "" }));
            }
            let Some((_, size, unit)) = SIZES.iter().find(|(unit, ..)| *unit == figure.unit) else {
                return period(&figure.value);
            };
            let count = (number.parse::<f64>().ok()? * size * EXACT).round() / EXACT;
            return Some(format!("{count}{unit}"));
        }
    };
    Some(format!("{count}{unit}"))
}

/// A figure in the least of its units is exact to so many parts: what is less comes of reckoning.
const EXACT: f64 = 1e5;

/// Units of one kind, each as so many of the least: 1公里 is 1000米, 3公顷 45亩, 2倍 200%.
const SIZES: [(&str, f64, &str); 26] = [
    ("倍", 100.0, "%"),
    ("公里", 1e6, "毫米"),
    ("米", 1e3, "毫米"),
    ("厘米", 10.0, "毫米"),
    ("毫米", 1.0, "毫米"),
    ("平方公里", 1e6, "平方米"),
    ("公顷", 1e4, "平方米"),
    ("亩", 2e4 / 30.0, "平方米"),
    ("平方米", 1.0, "平方米"),
    ("立方米", 1e6, "毫升"),
    ("升", 1e3, "毫升"),
    ("毫升", 1.0, "毫升"),
    ("吨", 1e12, "微克"),
    ("公斤", 1e9, "微克"),
    ("斤", 5e8, "微克"),
    ("克", 1e6, "微克"),
    ("毫克", 1e3, "微克"),
    ("微克", 1.0, "微克"),
    ("吉瓦", 1e6, "千瓦"),
    ("兆瓦", 1e3, "千瓦"),
    ("千瓦", 1.0, "千瓦"),
    ("兆瓦时", 1e3, "千瓦时"),
    ("千瓦时", 1.0, "千瓦时"),
    ("兆帕", 1e6, "帕"),
    ("千帕", 1e3, "帕"),
    ("帕", 1.0, "帕"),
];
