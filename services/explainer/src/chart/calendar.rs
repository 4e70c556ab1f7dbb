//! Dates of schedules, and the months, quarters, half-years or years above them. Time is reckoned in months
//! since the year 0, all as wide as each other.

use super::axis::between;
use super::content::Content;
use super::sheet::{Anchor, Mark, Sheet, Style};
use super::theme::{AXIS, GRID, INK, MUTED};

/// A day or some days, or a month, quarter, half-year or year as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    month: i32,
    /// How many it is.
    months: i32,
    /// The first and the last of those meant.
    days: Option<(i32, i32)>,
}

/// What a year is followed by where a part of it is meant: which of them it is, and of how many months.
const PARTS: [(&str, i32, i32); 13] = [
    ("", 0, 12),
    ("度", 0, 12),
    ("全年", 0, 12),
    ("上半年", 0, 6),
    ("下半年", 6, 6),
    ("一季度", 0, 3),
    ("二季度", 3, 3),
    ("三季度", 6, 3),
    ("四季度", 9, 3),
    ("1季度", 0, 3),
    ("2季度", 3, 3),
    ("3季度", 6, 3),
    ("4季度", 9, 3),
];

/// What a month or year may be followed by, and which of its days are meant.
const WITHIN: [(&str, Within); 6] = [
    ("上旬", Within::Days(1, 10)),
    ("中旬", Within::Days(11, 20)),
    ("下旬", Within::Days(21, 31)),
    ("初", Within::Days(1, 10)),
    ("底", Within::LastDay),
    ("末", Within::LastDay),
];

#[derive(Clone, Copy)]
enum Within {
    Days(i32, i32),
    LastDay,
}

impl Date {
    /// Such as 2026年, 2026年第一季度, 2026年3月, 2026年3月5日, 2026-03, 2026.3, 2026/3/5 or 2026-03-05; as plans have
    /// it 2026年3月上旬, 2026年6月底前, 2026年底 or 2026年3月5日（周四）.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let noted = text.strip_suffix(['）', ')']).and_then(|text| text.rsplit_once(['（', '(']));
        let text = noted.map_or(text.as_str(), |(text, _)| text);
        // 6月底前 and 6月5日前 end then; of 6月前 nobody knows whether June is meant.
        let before = ["之前", "以前", "前"].iter().find_map(|word| text.strip_suffix(word));
        let before = before.filter(|text| text.ends_with(['底', '末', '旬', '日']));
        let text = before.unwrap_or(text);
        let found = WITHIN.iter().find_map(|(word, at)| Some((text.strip_suffix(word)?, *at)));
        let Some((period, at)) = found else { return Self::read_period(text) };
        // 2026年年底
        let whole = Self::read_period(&period.replace("年年", "年"))?;
        match at {
            _ if whole.days.is_some() => None,
            Within::LastDay => {
                let month = whole.month + whole.months - 1;
                let last = days_in(month);
                Some(Self { month, months: 1, days: Some((last, last)) })
            }
            Within::Days(first, last) if period.ends_with('月') => {
                Some(Self { days: Some((first, last.min(days_in(whole.month)))), ..whole })
            }
            Within::Days(..) => None,
        }
    }

    /// The same, in the year of another where it has none: 6月底, 年底.
    pub(super) fn read_beside(text: &str, other: &Self) -> Option<Self> {
        let text = text.trim();
        let is_part = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('月')
            || ["年底", "年末", "上半年", "下半年", "第"].iter().any(|part| text.starts_with(part));
        let year = other.month.div_euclid(YEAR);
        let in_year = || Self::read(&format!("{year}年{text}"));
        Self::read(text).or_else(|| is_part.then(in_year).flatten())
    }

    fn read_period(text: &str) -> Option<Self> {
        let number = |digits: &str, least: i32, most: i32| {
            let are_digits = digits.bytes().all(|b| b.is_ascii_digit());
            let number = digits.parse().ok().filter(|_| are_digits);
            number.filter(|number| (least..=most).contains(number))
        };
        let (year, month, day) = match text.split_once('年') {
            Some((year, rest)) => {
                let part = rest.strip_prefix('第').unwrap_or(rest);
                if let Some((_, first, months)) = PARTS.iter().find(|(name, ..)| *name == part) {
                    let month = number(year, 1900, 2199)? * YEAR + first;
                    return Some(Self { month, months: *months, days: None });
                }
                let (month, day) = rest.split_once('月')?;
                let day = if day.is_empty() { None } else { Some(day.strip_suffix('日')?) };
                (year, month, day)
            }
            None => match text.split(['-', '.', '/']).collect::<Vec<_>>().as_slice() {
                [year, month] => (*year, *month, None),
                [year, month, day] => (*year, *month, Some(*day)),
                _ => return None,
            },
        };
        let (year, month) = (number(year, 1900, 2199)?, number(month, 1, 12)?);
        let month = year * YEAR + month - 1;
        let days = match day {
            Some(day) => number(day, 1, days_in(month)).map(|day| Some((day, day)))?,
            None => None,
        };
        Some(Self { month, months: 1, days })
    }

    /// As people write it: 2026年3月10日.
    pub(super) fn name(&self) -> Option<String> {
        let (year, month) = (self.month.div_euclid(YEAR), self.month.rem_euclid(YEAR) + 1);
        match (self.months, self.days) {
            (1, Some((day, last))) if day == last => Some(format!("{year}年{month}月{day}日")),
            (1, None) => Some(format!("{year}年{month}月")),
            _ => None,
        }
    }

    /// When it begins.
    pub(super) fn begins(&self) -> f64 {
        self.days.map_or(f64::from(self.month), |(first, _)| self.after(first - 1))
    }

    /// When it is over.
    pub(super) fn ends(&self) -> f64 {
        self.days.map_or(f64::from(self.month + self.months), |(_, last)| self.after(last))
    }

    fn after(&self, days: i32) -> f64 {
        f64::from(self.month) + f64::from(days) / f64::from(days_in(self.month))
    }

    /// Whether it is a point in time of a schedule of months.
    pub(super) fn is_short(&self) -> bool {
        self.months == 1
    }
}

/// How many days a month has.
fn days_in(month: i32) -> i32 {
    let year = month.div_euclid(YEAR);
    match month.rem_euclid(YEAR) + 1 {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What may stand behind a time, of which it says how it is known.
pub(super) const KNOWN_BY: [&str; 6] = ["实际", "预计", "预测", "目标", "计划", "现状"];

/// A name without what is said of its time: 2030年（目标）, 2030年目标, 2030E.
pub(super) fn without_note(label: &str) -> &str {
    let label = label.split(['（', '(']).next().unwrap_or(label).trim();
    // 2027E, 2027年E
    let year = label.strip_suffix(['E', 'e']).unwrap_or(label);
    if year.trim_end_matches('年').bytes().all(|b| b.is_ascii_digit()) {
        return year;
    }
    KNOWN_BY.iter().find_map(|note| label.strip_suffix(note)).unwrap_or(label)
}

/// When a point in time was, in months: a [`Date`], a year such as 2026年, 2026年度 or 2026, or the end of one:
/// 2026年底, 2026年3月末.
pub(super) fn moment(label: &str) -> Option<f64> {
    let label = without_note(label);
    if let Some(date) = Date::read(label) {
        return Some(date.begins());
    }
    if let Some(period) =
        label.strip_suffix(['底', '末']).filter(|period| period.ends_with(['年', '月']))
    {
        // The day before the next one begins is still in this one.
        return Date::read(period).map(|date| date.ends() - LAST_DAY);
    }
    let label = label.trim_end_matches('初');
    let year = label.strip_suffix("年度").or_else(|| label.strip_suffix('年')).unwrap_or(label);
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let year: i32 = year.parse().ok().filter(|year| is_year && (1900..2200).contains(year))?;
    Some(f64::from(year * YEAR))
}

/// Before each row but the first: whether far more time lies there than between others, though rows stand evenly. Empty
/// where not every row tells its time.
pub(super) fn gaps(content: &Content) -> Vec<bool> {
    /// Months are not all of one length, nor is a year counted to its end.
    const ALIKE: f64 = 1.5;
    let told: Option<Vec<f64>> = content.rows.iter().map(|row| moment(&row.label)).collect();
    let told = told.unwrap_or_default();
    let spans = told.windows(2).map(|pair| match pair {
        [one, other] => (other - one).abs(),
        _ => 0.0,
    });
    let least = spans.clone().fold(f64::INFINITY, f64::min);
    spans.map(|span| least > 0.0 && span > least * ALIKE).collect()
}

/// Whether rows that stand evenly are not so far apart in time.
pub(super) fn are_uneven(content: &Content) -> bool {
    gaps(content).contains(&true)
}

/// Of a month.
const LAST_DAY: f64 = 1.0 / 31.0;

/// Months in a division, the finest first.
const UNITS: [i32; 9] = [1, 3, 6, 12, 24, 60, 120, 600, 3000];
const YEAR: i32 = 12;

/// The divisions of a schedule, between its left and right edge.
pub(super) struct Calendar {
    unit: i32,
    /// Whole divisions: from and to a month.
    from: i32,
    to: i32,
    plot: (i32, i32),
}

impl Calendar {
    /// The finest divisions whose names have room.
    pub(super) fn over(
        sheet: &Sheet<'_>,
        spans: impl Iterator<Item = (f64, f64)>,
        plot: (i32, i32),
    ) -> Self {
        let (from, to) = spans
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (from, to)| {
                (low.min(from), high.max(to))
            });
        let (first, last) = (whole(from), whole((to - 1e-9).max(from)));
        let of = |unit: i32| {
            let [from, to] = [first, last].map(|month| month.div_euclid(unit) * unit);
            Self { unit, from, to: to + unit, plot }
        };
        let [.., coarsest] = UNITS;
        let mut calendars = UNITS.into_iter().map(of);
        calendars.find(|calendar| calendar.has_room(sheet)).unwrap_or_else(|| of(coarsest))
    }

    pub(super) fn plot(&self) -> (i32, i32) {
        self.plot
    }

    pub(super) fn place(&self, month: f64) -> i32 {
        let share = (month - f64::from(self.from)) / f64::from(self.to - self.from);
        between(self.plot, share.clamp(0.0, 1.0))
    }

    /// Beginnings of divisions of so many months, and the end.
    fn edges(&self, unit: i32) -> Vec<i32> {
        let (from, to) = (self.from, self.to);
        let within = (from.div_euclid(unit)..=to.div_euclid(unit)).map(|n| n * unit);
        let mut edges: Vec<i32> = within.map(|month| month.clamp(from, to)).chain([to]).collect();
        edges.dedup();
        edges
    }

    /// Names and where they stand: left and right edge of a division.
    fn names(&self, unit: i32) -> Vec<(String, i32, i32)> {
        let edges = self.edges(unit);
        let pairs = edges.iter().zip(edges.iter().skip(1));
        pairs
            .map(|(from, to)| {
                let [left, right] = [from, to].map(|month| self.place(f64::from(*month)));
                (name(*from, unit), left, right)
            })
            .collect()
    }

    fn has_room(&self, sheet: &Sheet<'_>) -> bool {
        let style = Style::bold(sheet.theme.tick, INK);
        let rows = [self.unit, self.unit.max(YEAR)];
        rows.into_iter().flat_map(|unit| self.names(unit)).all(|(name, left, right)| {
            sheet.width_of(&name, style) + sheet.theme.gap <= right - left
        })
    }

    /// Years, and below them what they are divided into.
    pub(super) fn head(&self, sheet: &mut Sheet<'_>) {
        let (theme, top) = (sheet.theme, sheet.y);
        let pitch = theme.tick * 8 / 5;
        let mut write = |unit: i32, style: Style| {
            for (name, left, right) in self.names(unit) {
                let middle = (i32::midpoint(left, right), sheet.y + pitch / 2);
                sheet.write(&name, style, middle, Anchor::Middle);
            }
            sheet.y += pitch;
        };
        write(self.unit.max(YEAR), Style::bold(theme.tick, INK));
        if self.unit < YEAR {
            write(self.unit, Style::regular(theme.tick, MUTED));
        }
        let bottom = sheet.y;
        for month in self.edges(self.unit.max(YEAR)) {
            let x = self.place(f64::from(month));
            sheet.marks.push(Mark::Stroke(vec![(x, top), (x, bottom)], AXIS, theme.rule));
        }
        let (left, right) = self.plot;
        sheet.marks.push(Mark::Stroke(vec![(left, bottom), (right, bottom)], AXIS, theme.rule));
    }

    /// The lines between divisions, from top to bottom.
    pub(super) fn lines(&self, sheet: &mut Sheet<'_>, (top, bottom): (i32, i32)) {
        for month in self.edges(self.unit) {
            let x = self.place(f64::from(month));
            let colour = if month % self.unit.max(YEAR) == 0 { AXIS } else { GRID };
            sheet.marks.push(Mark::Stroke(vec![(x, top), (x, bottom)], colour, sheet.theme.rule));
        }
    }
}

fn name(month: i32, unit: i32) -> String {
    let (year, within) = (month.div_euclid(YEAR), month.rem_euclid(YEAR));
    match (unit, within) {
        (1, _) => format!("{}月", within + 1),
        (3, 0) => "一季度".to_owned(),
        (3, 3) => "二季度".to_owned(),
        (3, 6) => "三季度".to_owned(),
        (3, _) => "四季度".to_owned(),
        (6, 0) => "上半年".to_owned(),
        (6, _) => "下半年".to_owned(),
        (YEAR, _) => format!("{year}年"),
        _ => format!("{year}年起"),
    }
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "years of four digits")]
fn whole(month: f64) -> i32 {
    month.floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_or_months_that_there_are() {
        for text in ["2026年3月", "2026-03", "2026年3月5日", "2026-03-05", "2028年2月29日"]
        {
            assert!(Date::read(text).is_some(), "{text}");
        }
        for text in [
            "",
            "—",
            "3月",
            "2026",
            "2026年13月",
            "2026年第五季度",
            "年底前",
            "2026.3.32",
            "2026-00",
            "2026年2月29日",
            "2026-3-5x",
            "2026年6月前",
            "2026年上旬",
            "2026年3月5日底",
        ] {
            assert!(Date::read(text).is_none(), "{text}");
        }
        let span = |text: &str| Date::read(text).map(|date| [date.begins(), date.ends()]);
        for (whole, first, last) in [
            ("2026年", "2026-01", "2026-12"),
            ("2026年度", "2026年1月1日", "2026年12月31日"),
            ("2026年第一季度", "2026.1", "2026/3"),
            ("2026年四季度", "2026.10.1", "2026/12/31"),
            ("2026年上半年", "2026-1", "2026-06-30"),
            ("2026年6月上旬", "2026-06-01", "2026-06-10"),
            ("2028年2月下旬", "2028-02-21", "2028-02-29"),
            ("2026年6月底前", "2026-06-30", "2026-06-30"),
            ("2026年底", "2026-12-31", "2026-12-31"),
            ("2026年年底之前", "2026-12-31", "2026-12-31"),
            ("2026年一季度末", "2026-03-31", "2026-03-31"),
            ("2026年3月5日（周四）", "2026-03-05", "2026-03-05"),
            ("2026年3月5日前", "2026-03-05", "2026-03-05"),
        ] {
            let [first, last] = [first, last].map(|text| span(text).unwrap());
            assert_eq!(span(whole), Some([first[0], last[1]]), "{whole}");
        }
        let start = Date::read("2026年3月").unwrap();
        let beside = |text: &str| Date::read_beside(text, &start).map(|date| date.ends());
        for (text, end) in
            [("6月底", "2026-06-30"), ("4月8日", "2026-04-08"), ("年底前", "2026-12-31")]
        {
            assert_eq!(beside(text), span(end).map(|[_, end]| end), "{text}");
        }
        assert!(beside("长期").is_none() && beside("8").is_none());
        let [march, first, last] =
            ["2026年3月", "2026-03-01", "2026-03-31"].map(|text| Date::read(text).unwrap());
        assert_eq!((march.begins(), march.ends()), (first.begins(), last.ends()));
    }
}
