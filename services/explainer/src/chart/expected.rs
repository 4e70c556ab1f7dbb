//! What is expected and no fact: 2027年（预计）, a series 目标值. It is drawn dashed beside what is known, and the subtitle
//! says so once.

use lockstep_proto::manifest::ChartKind;
use plotters::style::{RGBColor, WHITE};

use super::calendar;
use super::content::Item;
use super::sheet::{Mark, Point, Sheet};
use super::theme::mix;

/// How it is called.
const WORDS: [&str; 4] = ["预计", "预测", "计划", "目标"];

/// Which rows and series are, where others are not.
pub(super) struct Expected {
    rows: Vec<bool>,
    series: Vec<bool>,
    /// 预计, 预计、目标
    called: String,
}

impl Expected {
    pub(super) fn of(series: &[String], rows: &[Item]) -> Self {
        let in_rows: Vec<_> = rows.iter().map(|row| word(&row.label)).collect();
        let in_series: Vec<_> = series.iter().map(|name| word(name)).collect();
        // Where all is expected, there is nothing that it is told from.
        let is_all = |words: &[Option<&str>]| words.iter().all(Option::is_some);
        let are_all = is_all(&in_rows) || is_all(&in_series);
        let said = in_rows.iter().chain(&in_series).flatten();
        let mut called: Vec<&str> = vec![];
        for word in said.filter(|_| !are_all) {
            if !called.contains(word) {
                called.push(word);
            }
        }
        let are = |words: Vec<Option<_>>| words.iter().map(|w| w.is_some() && !are_all).collect();
        Self { rows: are(in_rows), series: are(in_series), called: called.join("、") }
    }

    pub(super) fn is(&self, row: usize, series: usize) -> bool {
        self.is_row(row) || self.is_series(series)
    }

    pub(super) fn is_row(&self, row: usize) -> bool {
        self.rows.get(row).copied().unwrap_or(false)
    }

    pub(super) fn is_series(&self, series: usize) -> bool {
        self.series.get(series).copied().unwrap_or(false)
    }

    /// What the dashes stand for, where a chart of this kind has some.
    pub(super) fn note(&self, kind: ChartKind) -> Option<String> {
        use ChartKind::{
            Area, Bar, Cards, Column, Compare, Donut, Flow, FullBar, FullColumn, Gantt, GroupedBar,
            GroupedColumn, Heat, Line, Range, Slope, SmallMultiples, StackedBar, StackedColumn,
        };
        let dashed = match kind {
            Line | Area | Slope => "虚线",
            Bar | Column | GroupedBar | GroupedColumn | StackedBar | StackedColumn | FullBar
            | FullColumn => "虚线框",
            SmallMultiples => "虚线",
            Cards | Compare | Donut | Flow | Gantt | Heat | Range => return None,
        };
        (!self.called.is_empty()).then(|| format!("{dashed}为{}", self.called))
    }
}

/// 预计 of 2027年（预计）, 2030年目标, 预计需求, 目标值, 2027E.
fn word(name: &str) -> Option<&'static str> {
    /// What may stand behind it: 目标值, 计划数.
    const BEHIND: [&str; 7] = ["", "值", "数", "量", "完成", "达到", "完成数"];
    let [expected, forecast, ..] = WORDS;
    let is_it = |text: &str, word: &str| {
        text.trim().strip_prefix(word).is_some_and(|behind| BEHIND.contains(&behind))
    };
    let (plain, note) = name.split_once(['（', '(']).unwrap_or((name, ""));
    let (plain, note) = (plain.trim(), note.trim_end_matches(['）', ')']));
    if let Some(year) = plain.strip_suffix(['E', 'e'])
        && calendar::moment(year).is_some()
    {
        return Some(expected);
    }
    if ["E", "e"].contains(&note) {
        return Some(expected);
    }
    WORDS.into_iter().find(|word| {
        // 2030年目标值
        let of_time = plain.split_once(word).is_some_and(|(time, behind)| {
            BEHIND.contains(&behind) && calendar::moment(time).is_some()
        });
        // 预计需求 is no fact; 计划生育 is a name.
        let begins = [expected, forecast].contains(word) && plain.starts_with(word);
        is_it(note, word) || is_it(plain, word) || of_time || begins
    })
}

/// A line in the pieces that are known and those that lead to what is expected or from it; `first` is the place of its
/// first point.
pub(super) fn runs(
    points: &[Point],
    first: usize,
    is_expected: impl Fn(usize) -> bool,
) -> Vec<(bool, Vec<Point>)> {
    let dashed: Vec<bool> = (first + 1..first + points.len())
        .map(|to| is_expected(to - 1) || is_expected(to))
        .collect();
    let mut from = 0;
    let of = |run: &[bool]| {
        let piece = points.get(from..=from + run.len()).unwrap_or_default().to_vec();
        from += run.len();
        (run.first() == Some(&true), piece)
    };
    dashed.chunk_by(|a, b| a == b).map(of).collect()
}

/// Such a line, the pieces that are expected dashed.
pub(super) fn line(
    sheet: &mut Sheet<'_>,
    runs: Vec<(bool, Vec<Point>)>,
    (colour, thickness): (RGBColor, i32),
) {
    for (is_expected, piece) in runs {
        if is_expected {
            dash(sheet, &piece, (colour, thickness), f64::from(thickness) * 4.0);
        } else {
            sheet.marks.push(Mark::Stroke(piece, colour, thickness));
        }
    }
}

/// Dashes along a line, each so long, and two thirds of that apart.
fn dash(sheet: &mut Sheet<'_>, line: &[Point], (colour, thickness): (RGBColor, i32), long: f64) {
    // How much is left of the dash or the gap that a corner falls in.
    let (mut is_dash, mut left) = (true, long);
    for pair in line.windows(2) {
        let [from, to] = pair else { continue };
        let whole = length(*from, *to);
        let mut at = 0.0;
        while at < whole {
            let end = (at + left).min(whole);
            if is_dash {
                let ends = [at, end].map(|far| along((*from, *to), far / whole));
                sheet.marks.push(Mark::Stroke(ends.to_vec(), colour, thickness));
            }
            left -= end - at;
            at = end;
            // So little is no way to go any more.
            if left < 1e-6 {
                is_dash = !is_dash;
                left = if is_dash { long } else { long * GAP };
            }
        }
    }
}

/// Of a dash, what lies between two.
const GAP: f64 = 2.0 / 3.0;

fn length(from: Point, to: Point) -> f64 {
    f64::from(to.0 - from.0).hypot(f64::from(to.1 - from.1))
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "within the chart")]
fn along((from, to): (Point, Point), share: f64) -> Point {
    let part = |from: i32, to: i32| from + (f64::from(to - from) * share).round() as i32;
    (part(from.0, to.0), part(from.1, to.1))
}

/// A point of a line, empty where it is expected.
pub(super) fn dot(
    sheet: &mut Sheet<'_>,
    (at, radius): (Point, i32),
    is_expected: bool,
    colour: RGBColor,
) {
    sheet.marks.push(Mark::Dot(at, radius, colour));
    if is_expected {
        sheet.marks.push(Mark::Dot(at, radius - sheet.theme.stroke * 2 / 3, WHITE));
    }
}

/// What an expected bar of this colour is filled with.
pub(super) fn fill(colour: RGBColor) -> RGBColor {
    /// So little that ink is read on every one of them.
    const SHARE: f64 = 0.15;
    mix(colour, WHITE, SHARE)
}

/// A bar; pale within dashes where it is expected.
pub(super) fn bar(
    sheet: &mut Sheet<'_>,
    (from, to): (Point, Point),
    is_expected: bool,
    colour: RGBColor,
) {
    if !is_expected {
        sheet.marks.push(Mark::Box(from, to, colour));
        return;
    }
    let thickness = sheet.theme.stroke * 2 / 3;
    sheet.marks.push(Mark::Box(from, to, fill(colour)));
    // Within its edges: it is as long as it is drawn.
    let inset = thickness / 2;
    let (left, right) = (from.0.min(to.0) + inset, from.0.max(to.0) - inset);
    let (top, bottom) = (from.1.min(to.1) + inset, from.1.max(to.1) - inset);
    let edge = [(left, bottom), (left, top), (right, top), (right, bottom), (left, bottom)];
    for side in edge.windows(2) {
        let [from, to] = side else { continue };
        // Each side begins and ends with one.
        let (whole, usual) = (length(*from, *to), f64::from(thickness) * 4.0);
        let count = ((whole + usual * GAP) / (usual * (1.0 + GAP))).round().max(1.0);
        let long = whole / (count + (count - 1.0) * GAP);
        dash(sheet, side, (colour, thickness), long);
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn what_is_expected_is_told_by_its_name() {
        for (name, called) in [
            ("2027年（预计）", Some("预计")),
            ("2027年预计", Some("预计")),
            ("2030年目标", Some("目标")),
            ("2030年底（目标值）", Some("目标")),
            ("2027年(预测)", Some("预测")),
            ("2027E", Some("预计")),
            ("2027年E", Some("预计")),
            ("预计", Some("预计")),
            ("预计需求", Some("预计")),
            ("目标值", Some("目标")),
            ("计划（万元）", Some("计划")),
            ("2027年", None),
            ("2026年（实际）", None),
            ("计划生育", None),
            ("目标管理", None),
            ("行动计划", None),
            ("合计划拨", None),
            ("E", None),
            ("A级E类", None),
        ] {
            assert_eq!(word(name), called, "{name}");
        }
    }
}
