//! What a headline says of the course of things: 逐年上升, 连续三年增长. Which figures are
//! meant is not always certain: a claim that any reading of the data bears out is let pass.

use super::{
    FALLS, RISES, Table, amount::is_negated, changes::directions, growth::speaks_of_changes,
    times::is_said,
};

/// What speaks of changes.
pub(super) const CHANGED: [char; 16] = [
    '增', '减', '升', '降', '涨', '跌', '提', '缩', '压', '变', '幅', '扩', '快', '慢', '落', '调',
];
/// Of the readings that rows are compared by, the last ones: how far they came.
const CHANGES: usize = 2;
/// 逐年, 逐月, 逐季
const STEADILY: [&str; 3] = ["逐年", "逐月", "逐季"];

/// The first claim that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, table: &Table) -> Option<String> {
    find_course(headline, table).or_else(|| find_direction(headline, table))
}

/// The figures of a table as rows of series, gaps as they are.
pub(super) struct Grid(Vec<Vec<Option<f64>>>);

impl Grid {
    pub(super) fn of(table: &Table) -> Self {
        let row = |row: &super::Row| row.cells.iter().map(|cell| cell.value).collect();
        Self(table.rows.iter().map(row).collect())
    }

    /// One of its rows.
    pub(super) fn line(&self, at: usize) -> Option<&[Option<f64>]> {
        self.0.get(at).map(Vec::as_slice)
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Of each row.
    pub(super) fn sums(&self) -> Vec<f64> {
        self.0.iter().map(|row| row.iter().flatten().sum()).collect()
    }

    /// Rows as columns.
    pub(super) fn turned(&self) -> Self {
        let width = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let column = |at: usize| self.0.iter().map(|row| row.get(at).copied().flatten()).collect();
        Self((0..width).map(column).collect())
    }

    /// What its rows can be compared by: a series, their sum, how far they came from first to last.
    pub(super) fn comparisons(&self) -> Vec<Vec<Option<f64>>> {
        let mut readings = self.turned().0;
        let sum = |row: &Vec<Option<f64>>| {
            row.iter().any(Option::is_some).then(|| row.iter().flatten().sum())
        };
        readings.push(self.0.iter().map(sum).collect());
        let known = |row: &Vec<Option<f64>>| row.iter().flatten().copied().collect::<Vec<f64>>();
        let change = |row| match known(row).as_slice() {
            [first, .., last] => Some((*first, *last)),
            _ => None,
        };
        let changes: Vec<_> = self.0.iter().map(change).collect();
        readings.push(changes.iter().map(|change| change.map(|(from, to)| to - from)).collect());
        let share = |(from, to): (f64, f64)| (from > 0.0).then(|| (to - from) / from);
        readings.push(changes.iter().map(|change| change.and_then(share)).collect());
        readings
    }

    /// With gaps for the rows of what is left: 其他.
    pub(super) fn without_rest(mut self, names: &[&str]) -> Self {
        for (row, name) in self.0.iter_mut().zip(names) {
            if is_rest(name) {
                row.fill(None);
            }
        }
        self
    }

    /// Those of them that are meant: how far its rows came only where changes are spoken of.
    pub(super) fn readings(&self, of_changes: bool) -> Vec<Vec<Option<f64>>> {
        let mut readings = self.comparisons();
        readings.truncate(readings.len().saturating_sub(if of_changes { 0 } else { CHANGES }));
        readings
    }

    /// How far the figures of each row lie apart, and by how much of the least of them.
    pub(super) fn spreads(&self) -> Vec<Vec<Option<f64>>> {
        let ends = |row: &Vec<Option<f64>>| {
            let known = || row.iter().flatten().copied();
            known().reduce(f64::min).zip(known().reduce(f64::max))
        };
        let ends: Vec<Option<(f64, f64)>> = self.0.iter().map(ends).collect();
        let part = |(least, most): (f64, f64)| (least > 0.0).then(|| (most - least) / least);
        vec![
            ends.iter().map(|ends| ends.map(|(least, most)| most - least)).collect(),
            ends.iter().map(|ends| ends.and_then(part)).collect(),
        ]
    }

    /// How its columns go on from row to row: in figures, and as shares of the row's sum.
    fn courses(&self) -> Vec<Vec<f64>> {
        let sums: Vec<f64> = self.0.iter().map(|row| row.iter().flatten().sum()).collect();
        let columns = self.turned().0;
        let shares = columns.iter().map(|column| {
            let share = |(value, sum): (&Option<f64>, &f64)| {
                value.filter(|_| *sum > 0.0).map(|value| value / sum)
            };
            column.iter().zip(&sums).filter_map(share).collect()
        });
        let figures = columns.iter().map(|column| column.iter().flatten().copied().collect());
        figures.chain(shares).collect()
    }
}

/// What is left when others are named.
pub(super) fn is_rest(name: &str) -> bool {
    ["其他", "其它", "其余"].iter().any(|word| name.starts_with(word))
}

/// Which of these names a text says; one within another, as 中学 in 高级中学, is not said.
pub(super) fn named(text: &str, names: &[&str]) -> Vec<usize> {
    let said = |name: &str| name.chars().count() > 1 && text.contains(name);
    let mut named: Vec<usize> =
        names.iter().enumerate().filter(|(_, name)| said(name)).map(|(index, _)| index).collect();
    let longer: Vec<&str> = named.iter().filter_map(|index| names.get(*index).copied()).collect();
    named.retain(|index| {
        let name = names.get(*index).copied().unwrap_or_default();
        !longer.iter().any(|other| other.len() > name.len() && other.contains(name))
    });
    named
}

/// 支出下降 at the end of a clause, where nothing falls; 没有减少, where everything does.
fn find_direction(headline: &str, table: &Table) -> Option<String> {
    let is_time = |name: &str| name.starts_with(|c: char| c.is_ascii_digit());
    let grid = Grid::of(table);
    let mut courses = vec![];
    if table.rows.len() > 1 && table.rows.iter().all(|row| is_time(&row.label)) {
        courses.extend(grid.courses());
    }
    if table.series.len() > 1 && table.series.iter().all(|name| is_time(name)) {
        courses.extend(grid.turned().courses());
    }
    courses.retain(|course| course.len() > 1);
    if courses.is_empty() {
        return None;
    }
    // A sum has a course too.
    let sums = |grid: &Grid| grid.0.iter().map(|row| row.iter().flatten().sum()).collect();
    courses.push(sums(&grid));
    courses.push(sums(&grid.turned()));
    let goes = |falls: bool| {
        let mut steps = courses.iter().flat_map(|course| course.windows(2));
        steps.any(|pair| matches!(pair, [a, b] if if falls { b < a } else { b > a }))
    };
    headline.split(['，', ',', '；', '。']).find_map(|clause| {
        let (word, falls) = directions().find(|(word, _)| clause.ends_with(word))?;
        if speaks_of_changes(&clause.replace("占比", ""), table) {
            return None;
        }
        let is_borne_out = if is_negated(clause, clause.len() - word.len()) {
            goes(!falls) || !goes(falls)
        } else {
            goes(falls)
        };
        (!is_borne_out).then(|| clause.to_owned())
    })
}

fn find_course(headline: &str, table: &Table) -> Option<String> {
    let starts = STEADILY.iter().chain(&["连续"]).flat_map(|word| headline.match_indices(word));
    let mut starts: Vec<(usize, &str)> = starts.collect();
    starts.sort_unstable();
    let rows = Grid::of(table);
    // Points in time stand in rows, or head the columns where there are several.
    let is_time = |name: &String| name.starts_with(|c: char| c.is_ascii_digit());
    let are_columns = table.series.len() > 1 && table.series.iter().all(is_time);
    let courses = if are_columns { rows.turned().courses() } else { rows.courses() };
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    let times = if are_columns { names } else { labels };
    starts.into_iter().find_map(|(at, word)| {
        if is_negated(headline, at) {
            return None;
        }
        // 1—8月逐月下降 is of these months.
        let clause = super::clause_of(headline, at);
        // 增速逐年下降, where that is not drawn; of shares there are courses here.
        if speaks_of_changes(&clause.replace("占比", ""), table) {
            return None;
        }
        if word != "连续" && times.iter().any(|time| is_said(clause, time)) {
            return None;
        }
        let behind = headline.get(at + word.len()..)?;
        let (years, behind) = if word == "连续" { read_years(behind)? } else { (None, behind) };
        let direction =
            |words: [&'static str; 6]| words.into_iter().find(|word| behind.starts_with(word));
        let (what, falls) = match (direction(RISES), direction(FALLS)) {
            (Some(what), _) => (what, false),
            (_, Some(what)) => (what, true),
            _ => return None,
        };
        let end = headline.len() - behind.len() + what.len();
        let goes_on = |course: &Vec<f64>| goes_on(course, years, falls);
        let claim = headline.get(at..end)?;
        (!courses.iter().any(goes_on)).then(|| claim.to_owned())
    })
}

/// `三年增长` as three years, and what follows.
fn read_years(text: &str) -> Option<(Option<usize>, &str)> {
    const DIGITS: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    let (count, behind) = text.split_once('年')?;
    let chinese = |c: char| DIGITS.iter().position(|digit| *digit == c).map(|at| at + 1);
    let mut chars = count.chars();
    let years = match (chars.next(), chars.next()) {
        (Some('两'), None) => 2,
        (Some(c), None) if chinese(c).is_some() => chinese(c)?,
        _ => count.parse().ok()?,
    };
    Some((Some(years), behind))
}

/// Whether it rises or falls throughout; or in the last so many years, of which the first may lie before
/// the data.
fn goes_on(course: &[f64], years: Option<usize>, falls: bool) -> bool {
    let steps = course.windows(2).rev().take_while(|pair| match pair {
        [from, to] => {
            if falls {
                to < from
            } else {
                to > from
            }
        }
        _ => false,
    });
    let (steps, all) = (steps.count(), course.len().saturating_sub(1));
    match years {
        None => all > 0 && steps == all,
        Some(years) => years <= course.len() && steps >= years.min(all) && all > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Table, find_unfounded, said::table};

    fn is_said(table: &Table, cases: &[(&str, Option<&str>)]) {
        for (headline, unfounded) in cases {
            assert_eq!(find_unfounded(headline, table, "").as_deref(), *unfounded, "{headline}");
        }
    }

    #[test]
    fn who_is_said_to_be_first_is_first() {
        let schools: [(&str, &[f64]); 3] =
            [("高级中学", &[63.0]), ("中学", &[52.0]), ("小学", &[37.0])];
        is_said(
            &table(&["支出"], &schools),
            &[
                ("高级中学支出最高，小学最低", None),
                ("高级中学支出，为三个学段中最高", None),
                ("中学支出最高", Some("中学支出最高")),
                ("高级中学支出最高，中学最少", Some("中学最少")),
                ("小学支出最多", Some("小学支出最多")),
                // No rank, or nobody is named.
                ("中学最多跑一次，最高可补", None),
                ("小学最低生活保障", None),
                ("各学段之中最高", None),
            ],
        );
        let years: [(&str, &[f64]); 2] = [("2025年", &[10.0, 30.0]), ("2026年", &[15.0, 20.0])];
        is_said(
            &table(&["设备", "校舍"], &years),
            &[
                ("设备增加最多", None),
                ("校舍减少最多", None),
                ("校舍占比最高", None),
                ("2026年合计最高", None),
                ("2025年合计最少", None),
            ],
        );
    }

    #[test]
    fn what_is_said_to_go_on_goes_on() {
        let years: [(&str, &[f64]); 4] = [
            ("2023年", &[10.0, 9.0]),
            ("2024年", &[9.0, 8.0]),
            ("2025年", &[11.0, 7.0]),
            ("2026年", &[12.0, 9.0]),
        ];
        is_said(
            &table(&["设备", "校舍"], &years),
            &[
                ("设备逐年上升", Some("逐年上升")),
                ("校舍逐年下降", Some("逐年下降")),
                ("设备连续两年增长", None),
                ("设备连续2年增长", None),
                ("设备连续三年增长", Some("连续三年增长")),
                ("设备连续十年增长", Some("连续十年增长")),
                ("连续三年获评先进", None),
            ],
        );
        let steady: [(&str, &[f64]); 3] = [("一", &[1.0]), ("二", &[2.0]), ("三", &[3.0])];
        is_said(
            &table(&["人数"], &steady),
            &[
                ("人数逐年增加", None),
                // The first of three rises is that of the first year.
                ("人数连续三年增长", None),
                ("人数连续四年增长", Some("连续四年增长")),
                ("人数逐月减少", Some("逐月减少")),
            ],
        );
        let turned: [(&str, &[f64]); 2] = [("公办", &[1.0, 2.0, 2.5]), ("民办", &[3.0, 2.0, 2.0])];
        is_said(
            &table(&["2024年", "2025年", "2026年"], &turned),
            &[("公办逐年增加", None), ("民办逐年增长至五成", None), ("民办逐年提高", None)],
        );
        let falling: [(&str, &[f64]); 2] = [("公办", &[3.0, 2.0]), ("民办", &[3.0, 2.0])];
        is_said(
            &table(&["2024年", "2025年"], &falling),
            &[
                ("公办逐年增加", Some("逐年增加")),
                ("公办逐年减少", None),
                ("各类学校一年间减少", None),
                ("公办学位增加", Some("公办学位增加")),
                ("公办学位没有增加", None),
                ("公办学位没有减少", Some("公办学位没有减少")),
                ("增加公办学位", None),
            ],
        );
    }
}
