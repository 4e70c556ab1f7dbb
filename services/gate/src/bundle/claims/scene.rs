//! What a clause of a headline names of its table: rows, columns, points in time.

use super::{
    Drawn,
    course::{Grid, named},
    times::{are_times, is_said},
    units::Units,
};

/// A table as headlines speak of it.
pub(super) struct Scene<'a> {
    pub(super) drawn: &'a Drawn<'a>,
    pub(super) units: &'a Units,
    pub(super) rows: Axis<'a>,
    pub(super) series: Axis<'a>,
    /// Its rows.
    pub(super) grid: Grid,
}

/// Rows or columns.
pub(super) struct Axis<'a> {
    pub(super) names: Vec<&'a str>,
    /// They stand in the order of time.
    pub(super) are_times: bool,
}

impl<'a> Scene<'a> {
    pub(super) fn of(drawn: &'a Drawn<'a>, units: &'a Units) -> Self {
        let table = drawn.table;
        Self {
            drawn,
            units,
            rows: Axis::of(table.rows.iter().map(|row| row.label.as_str()).collect()),
            series: Axis::of(table.series.iter().map(String::as_str).collect()),
            grid: Grid::of(table),
        }
    }

    pub(super) fn value(&self, row: usize, series: usize) -> Option<f64> {
        self.grid.line(row)?.get(series).copied().flatten()
    }

    /// Every figure of these rows and columns.
    pub(super) fn values(&self, rows: &[usize], series: &[usize]) -> Vec<f64> {
        let of = |row: &usize| series.iter().filter_map(|one| self.value(*row, *one)).collect();
        rows.iter().flat_map(|row| -> Vec<f64> { of(row) }).collect()
    }

    /// Members that go on in time, and how: the columns where time goes down the rows, the rows where it goes along.
    pub(super) fn courses(&self) -> Option<(&Axis<'a>, &Axis<'a>, Vec<Vec<f64>>)> {
        let known = |grid: &Grid| -> Vec<Vec<f64>> {
            let lines = (0..grid.len()).filter_map(|at| grid.line(at));
            lines.map(|line| line.iter().flatten().copied().collect()).collect()
        };
        match (self.rows.are_times, self.series.are_in_order()) {
            (true, false) => Some((&self.series, &self.rows, known(&self.grid.turned()))),
            (false, true) => Some((&self.rows, &self.series, known(&self.grid))),
            _ => None,
        }
    }
}

impl<'a> Axis<'a> {
    fn of(names: Vec<&'a str>) -> Self {
        Self { are_times: are_times(&names), names }
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn all(&self) -> Vec<usize> {
        (0..self.len()).collect()
    }

    /// Those that a text names.
    pub(super) fn said(&self, text: &str) -> Vec<usize> {
        if self.are_times {
            let said = self.names.iter().enumerate().filter(|(_, name)| is_said(text, name));
            return said.map(|(at, _)| at).collect();
        }
        named(text, &self.names)
    }

    pub(super) fn said_or_all(&self, text: &str) -> Vec<usize> {
        let said = self.said(text);
        if said.is_empty() { self.all() } else { said }
    }

    /// Points in time, or what was and what is: 原规定, 新规定.
    pub(super) fn are_in_order(&self) -> bool {
        are_in_order(&self.names)
    }
}

/// Whether these are points in time, or what was and what is.
pub(super) fn are_in_order(names: &[&str]) -> bool {
    const BEFORE: [(&str, &str); 10] = [
        ("前", "后"),
        ("原", "现"),
        ("原", "新"),
        ("旧", "新"),
        ("现行", "新"),
        ("现状", "目标"),
        ("去年", "今年"),
        ("上年", "本年"),
        ("上年", "今年"),
        ("法定", "承诺"),
    ];
    const BESIDE: [(&str, &str); 4] =
        [("原来", "现在"), ("过去", "现在"), ("以前", "现在"), ("以往", "现在")];
    let is_pair = |first: &str, second: &str| {
        BEFORE.iter().any(|(before, after)| {
            first.contains(before) && first.replacen(before, after, 1) == second
        })
    };
    let is_beside = |first: &str, second: &str| BESIDE.contains(&(first, second));
    are_times(names)
        || matches!(names, [first, second] if is_pair(first, second) || is_beside(first, second))
}

/// What stands between the signs of a text; a comma within a figure is none.
pub(super) fn clauses(text: &str) -> Vec<&str> {
    const SIGNS: [char; 6] = ['，', ',', '；', '。', '：', ':'];
    let mut clauses = vec![];
    let mut from = 0;
    for (at, sign) in text.match_indices(SIGNS) {
        let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
        let is_digit = |c: char| c.is_ascii_digit();
        let behind = behind.get(sign.len()..).unwrap_or_default();
        if sign == "," && before.ends_with(is_digit) && behind.starts_with(is_digit) {
            continue;
        }
        clauses.extend(text.get(from..at));
        from = at + sign.len();
    }
    clauses.extend(text.get(from..));
    clauses
}
