//! What a headline says of one that it names, over time: 办结率由60%升至85%, 线下增长, 单职工家庭提高30万元.

use super::{
    FALLS, RISES,
    amount::{Bound, is_negated},
    changes::directions,
    figures::{self, Figure},
    scene::{Scene, clauses},
    times::says_length,
};

/// The first such claim that the data tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let is_wrong = |clause: &&str| {
        is_from_elsewhere(clause, scene)
            || goes_otherwise(headline, clause, scene)
            || changes_otherwise(headline, clause, scene)
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// What makes shares of figures, or sums.
const RECKONED: [&str; 9] = ["占", "比重", "份额", "合计", "共", "总", "累计", "平均", "均"];

fn speaks_of_parts(clause: &str) -> bool {
    RECKONED.iter().any(|word| clause.contains(word))
}

/// 办结率由60%升至85%, where these are figures of others, or stand the other way round.
fn is_from_elsewhere(clause: &str, scene: &Scene<'_>) -> bool {
    let Some((at, _)) = clause.match_indices(['由', '从']).next() else { return false };
    // 7月 and 12月 count nothing.
    let mut figures = figures::read(clause, scene.units);
    figures.retain(|figure| figure.unit.is_some());
    let [from, to] = figures.as_slice() else { return false };
    let between = clause.get(from.range.end..to.range.start).unwrap_or_default();
    let goes_on = between.contains(['至', '到', '为']) && from.range.start > at;
    let are_exact = [from, to].iter().all(|f| f.unit.is_some() && f.bound == Bound::Exact);
    if !goes_on || !are_exact || speaks_of_parts(clause) {
        return false;
    }
    let (rows, series) = (&scene.rows, &scene.series);
    // Others' figures, and no rules' or what comes out of them.
    let is_somewhere = |figure: &&Figure| {
        let mut all = scene.values(&rows.all(), &series.all()).into_iter();
        all.any(|value| figure.is(value, scene.units))
    };
    if ![from, to].iter().all(is_somewhere) {
        return false;
    }
    let before = clause.get(at..from.range.start).unwrap_or_default();
    let cells = |figure: &Figure, segment: &str| -> Vec<(usize, usize)> {
        let (rows, series) = (
            if rows.are_times { rows.said_or_all(segment) } else { rows.said_or_all(clause) },
            if series.are_times { series.said_or_all(segment) } else { series.said_or_all(clause) },
        );
        let is = |row: usize, one: usize| {
            scene.value(row, one).is_some_and(|value| figure.is(value, scene.units))
        };
        let of = |row: usize| {
            let is = &is;
            series.iter().filter(move |one| is(row, **one)).map(move |one| (row, *one)).collect()
        };
        rows.iter().flat_map(|row| -> Vec<(usize, usize)> { of(*row) }).collect()
    };
    let (firsts, lasts) = (cells(from, before), cells(to, between));
    let is_so = firsts.iter().any(|(row, one)| {
        lasts.iter().any(|(to_row, to_one)| {
            (row == to_row && one < to_one) || (one == to_one && row < to_row)
        })
    });
    !is_so
}

/// 线下增长, where it fell from the first to the last and in the last step.
fn goes_otherwise(headline: &str, clause: &str, scene: &Scene<'_>) -> bool {
    /// What may stand beside the one that is named: the measure, and how much.
    const BESIDE: [&str; 37] = [
        "同比",
        "较上年",
        "比上年",
        "较前一年",
        "实现",
        "用时",
        "时间",
        "人数",
        "人口",
        "办理量",
        "额度",
        "收入",
        "支出",
        "数量",
        "办件",
        "金额",
        "总数",
        "总额",
        "总量",
        "合计",
        "占比",
        "比重",
        "的",
        "有所",
        "明显",
        "大幅",
        "小幅",
        "略有",
        "显著",
        "在校生",
        "学生",
        "办理",
        "业务",
        "比例",
        "浓度",
        "水平",
        "量",
    ];
    /// Besides the words of changes.
    const MORE: [(&str, bool); 5] =
        [("正增长", false), ("回升", false), ("反弹", false), ("回落", true), ("下滑", true)];
    let mut words = MORE.into_iter().chain(directions());
    let Some((word, falls)) = words.find(|(word, _)| clause.ends_with(word)) else {
        return false;
    };
    let Some((members, times, courses)) = scene.courses() else { return false };
    if is_negated(clause, clause.len() - word.len()) || says_length(headline) {
        return false;
    }
    let are_years = times.names.iter().all(|time| time.ends_with('年'));
    let step = match (times.said(headline).as_slice(), times.said(clause).as_slice()) {
        ([], []) => None,
        ([_], [at]) if *at > 0 && are_years => Some(*at),
        _ => return false,
    };
    // Of months and quarters the year before is not drawn.
    if clause.contains("同比") && !are_years {
        return false;
    }
    let total = clause.contains(['总']) || clause.contains("合计");
    let said = members.said(clause);
    let (name, course) = match said.as_slice() {
        [one] => (members.names.get(*one).copied().unwrap_or_default(), courses.get(*one).cloned()),
        [] if total && members.len() > 1 => ("", sums(&courses)),
        _ => return false,
    };
    let course = if clause.contains("占比") || clause.contains("比重") {
        course.zip(sums(&courses)).map(|(course, sums)| {
            course
                .iter()
                .zip(sums)
                .filter(|(_, sum)| *sum > 0.0)
                .map(|(own, sum)| own / sum)
                .collect()
        })
    } else {
        course
    };
    let time = step.and_then(|at| times.names.get(at)).copied().unwrap_or_default();
    let mut rest = clause.replace(name, "").replace(word, "").replace(time, "");
    for beside in BESIDE {
        rest = rest.replace(beside, "");
    }
    let course: Vec<f64> = course.unwrap_or_default();
    // What is not known is left out of a course.
    if course.len() != times.len() {
        return false;
    }
    let course = match step {
        Some(at) => course.get(at - 1..=at).unwrap_or_default(),
        None => course.as_slice(),
    };
    let goes = |from: f64, to: f64| if falls { to < from } else { to > from };
    match course {
        [first, .., before, last] => {
            rest.is_empty() && !goes(*first, *last) && !goes(*before, *last)
        }
        [first, last] => rest.is_empty() && !goes(*first, *last),
        _ => false,
    }
}

fn sums(courses: &[Vec<f64>]) -> Option<Vec<f64>> {
    let length = courses.first()?.len();
    if courses.iter().any(|course| course.len() != length) {
        return None;
    }
    let sum = |at: usize| courses.iter().filter_map(|course| course.get(at)).sum();
    Some((0..length).map(sum).collect())
}

/// 收入减少21亿元, where it rose by that; 单职工家庭提高30万元, where it rose by another.
fn changes_otherwise(headline: &str, clause: &str, scene: &Scene<'_>) -> bool {
    let Some((members, times, courses)) = scene.courses() else { return false };
    let figures = figures::read(clause, scene.units);
    let mut figures =
        figures.iter().filter(|figure| figure.unit.is_some_and(|unit| !unit.is_share));
    let (Some(figure), None) = (figures.next(), figures.next()) else { return false };
    let before = clause.get(..figure.range.start).unwrap_or_default();
    let before = before.strip_suffix('了').unwrap_or(before);
    let ends = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    let falls = ends(&FALLS);
    if figure.bound != Bound::Exact || speaks_of_parts(clause) || !(falls || ends(&RISES)) {
        return false;
    }
    let at = before.len();
    if is_negated(clause, at.saturating_sub("增长".len())) {
        return false;
    }
    let said = members.said(clause);
    let own: Vec<&Vec<f64>> = if said.is_empty() {
        courses.iter().collect()
    } else {
        said.iter().filter_map(|at| courses.get(*at)).collect()
    };
    let all = if said.is_empty() { sums(&courses) } else { None };
    let pairs = || {
        own.iter().copied().chain(&all).flat_map(|course| {
            course
                .iter()
                .enumerate()
                .flat_map(|(at, from)| course.iter().skip(at + 1).map(move |to| (*from, *to)))
        })
    };
    let is = |by: f64| by > 0.0 && figure.is(by, scene.units);
    let is_so = |(from, to): (f64, f64)| is(if falls { from - to } else { to - from });
    let is_contrary = |(from, to): (f64, f64)| is(if falls { to - from } else { from - to });
    let is_sure =
        times.len() == 2 && said.len() == 1 && courses.len() > 1 && headline.len() == clause.len();
    !pairs().any(is_so) && (is_sure || pairs().any(is_contrary))
}
