//! What a headline says of one time beside an earlier one, and not by how much: 2025年比2024年增长, where it is the same.

use super::{
    PLANNED,
    amount::is_negated,
    changes::directions,
    growth::speaks_of_changes,
    same,
    scene::{Scene, clauses},
};

/// What speaks of the time before.
const BEFORE: [&str; 6] = ["上年", "去年", "上月", "上季", "环比", "同比"];
/// What is asked for, or of several together.
const OTHER: [&str; 14] = [
    "推动", "促进", "确保", "争取", "推进", "有望", "累计", "合计", "平均", "人均", "总体", "占",
    "同期", "以来",
];

/// The first such claim that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    clauses(headline).into_iter().find(|clause| is_otherwise(clause, scene)).map(str::to_owned)
}

fn is_otherwise(clause: &str, scene: &Scene<'_>) -> bool {
    let Some((word, falls)) = directions().find(|(word, _)| clause.ends_with(word)) else {
        return false;
    };
    let Some((members, times, courses)) = scene.courses() else { return false };
    let is_planned = PLANNED.iter().chain(&OTHER).any(|other| clause.contains(other));
    if is_planned
        || is_negated(clause, clause.len() - word.len())
        || speaks_of_changes(clause, scene.drawn.table)
        || courses.iter().any(|course| course.len() != times.len())
    {
        return false;
    }
    let said = times.said(clause);
    let is_beside = clause.contains(['比', '较']);
    let says_before = BEFORE.iter().any(|word| clause.contains(word));
    // 同比 of months is of those of the year before.
    let (from, to) = match said.as_slice() {
        _ if clause.contains("同比") && same::pairs(clause, scene.drawn.table).is_none() => {
            return false;
        }
        [from, to] if is_beside && !says_before => (*from, *to),
        [to] if says_before && *to > 0 => (*to - 1, *to),
        _ => return false,
    };
    let own = members.said_or_all(clause);
    let ends = |course: &Vec<f64>| Some((*course.get(from)?, *course.get(to)?));
    let mut pairs: Vec<(f64, f64)> = own.iter().filter_map(|at| ends(courses.get(*at)?)).collect();
    if clause.contains("同比") {
        pairs = same::pairs(clause, scene.drawn.table).unwrap_or_default();
    }
    let all = pairs.iter().fold((0.0, 0.0), |(a, b), (from, to)| (a + from, b + to));
    let goes = |(from, to): (f64, f64)| if falls { to < from } else { to > from };
    !pairs.is_empty() && !pairs.into_iter().chain([all]).any(goes)
}
