//! What a headline says of a part over time, where parts of a whole are drawn for each point: 占比由30%降至20%, 占比提高,
//! 经费总额突破1000万元.

use super::{
    PLANNED,
    amount::{Amount, Bound, is_negated, read},
    changes::directions,
    figures,
    scene::{Scene, clauses},
};

/// The first such claim that the data tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let (members, times, courses) = scene.courses()?;
    let is_whole = courses.iter().all(|course| course.len() == times.len());
    if members.len() < 2 || times.len() < 2 || !is_whole || !times.are_times {
        return None;
    }
    let sums: Vec<f64> = (0..times.len())
        .map(|at| courses.iter().filter_map(|course| course.get(at)).sum())
        .collect();
    let is_wrong = |clause: &&str| {
        if PLANNED.iter().any(|word| clause.contains(word)) || !times.said(clause).is_empty() {
            return false;
        }
        if is_below(clause, scene, &sums) {
            return true;
        }
        let Some((before, behind)) = clause.split_once("占比") else { return false };
        let Ok([at]) = <[usize; 1]>::try_from(members.said(before)) else { return false };
        let own = courses.get(at).map(Vec::as_slice).unwrap_or_default();
        let shares = own.iter().zip(&sums).map(|(own, sum)| own / sum * 100.0);
        let courses = [shares.collect::<Vec<f64>>(), own.to_vec()];
        // Per cents may be the figures themselves, and no parts of what is drawn.
        let readings = if scene.drawn.unit.contains('%') { 2 } else { 1 };
        let courses = courses.get(..readings).unwrap_or_default();
        sums.iter().all(|sum| *sum > 0.0)
            && (goes_otherwise(behind, courses) || is_from_elsewhere(behind, courses))
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// 占比提高, where it is less at last than at first, and than before.
fn goes_otherwise(behind: &str, courses: &[Vec<f64>]) -> bool {
    let behind = ["有所", "明显", "稳步", "进一步", "大幅", "略有"]
        .iter()
        .find_map(|word| behind.strip_prefix(word))
        .unwrap_or(behind);
    let Some((_, falls)) = directions().find(|(word, _)| behind == *word) else { return false };
    let goes = |from: f64, to: f64| if falls { to < from } else { to > from };
    let is_so = |course: &Vec<f64>| match course.as_slice() {
        [first, .., before, last] => goes(*first, *last) || goes(*before, *last),
        [first, last] => goes(*first, *last),
        _ => true,
    };
    !courses.iter().any(is_so)
}

/// 占比由30%降至10%, where it never goes from the one to the other.
fn is_from_elsewhere(behind: &str, courses: &[Vec<f64>]) -> bool {
    let Some(rest) = behind.strip_prefix(['由', '从']) else { return false };
    let Some((from, len)) = read(rest) else { return false };
    let rest = rest.get(len..).unwrap_or_default();
    let Some((between, rest)) = ["至", "到", "为"].iter().find_map(|word| rest.split_once(word))
    else {
        return false;
    };
    let Some((to, len)) = read(rest) else { return false };
    let is_plain = [&from, &to].iter().all(|amount| is_tenth(amount));
    let holds = |amount: &Amount, share: f64| {
        amount.bound.holds(share / 100.0, amount.share, amount.within)
    };
    let is_so = |course: &Vec<f64>| {
        course.iter().enumerate().any(|(at, first)| {
            holds(&from, *first) && course.iter().skip(at + 1).any(|last| holds(&to, *last))
        })
    };
    is_plain
        && between.chars().count() <= 2
        && rest.get(len..).is_some_and(|rest| rest.is_empty() || rest.starts_with("以上"))
        && !courses.iter().any(is_so)
}

fn is_tenth(amount: &Amount) -> bool {
    !amount.is_points && amount.share <= 1.0
}

/// 经费总额突破1100万元, where no year has so much.
fn is_below(clause: &str, scene: &Scene<'_>, sums: &[f64]) -> bool {
    const TOTAL: [&str; 4] = ["总额", "总量", "总数", "总计"];
    /// Of several years together, or of how it grew.
    const OTHER: [&str; 10] = ["年", "月", "季", "期", "累", "增", "共", "比", "均", "后"];
    let Some((before, behind)) = TOTAL.iter().find_map(|word| clause.split_once(word)) else {
        return false;
    };
    let mut figures = figures::read(behind, scene.units);
    figures.retain(|figure| figure.unit.is_some_and(|unit| !unit.is_share));
    let [figure] = figures.as_slice() else { return false };
    figure.bound == Bound::Above
        && !OTHER.iter().any(|word| clause.contains(word))
        && scene.series.said(before).is_empty()
        && scene.rows.said(before).is_empty()
        && !is_negated(behind, figure.range.start)
        && !sums.iter().any(|sum| figure.is_met_by(*sum, scene.units))
}
