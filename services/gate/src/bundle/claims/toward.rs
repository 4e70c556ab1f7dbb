//! Which way a headline says that a figure was come to: 由100万人次降至210万人次, 2025年回落至210万人次; and what it says was
//! passed first, where nothing has so much: 首次突破95%.

use super::{
    FALLS, PLANNED, RISES,
    amount::{Bound, is_negated},
    figures::{self, Figure},
    scene::{Scene, clauses},
};

/// Words right before 至 and 到, besides those of changes, and whether they say that it fell.
const TO: [(&str, bool); 14] = [
    ("回落", true),
    ("压缩", true),
    ("缩减", true),
    ("缩小", true),
    ("下调", true),
    ("下滑", true),
    ("降", true),
    ("跌", true),
    ("减", true),
    ("缩", true),
    ("上调", false),
    ("扩大", false),
    ("升", false),
    ("增", false),
];

/// The first such claim that the data, or its own figures, tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let is_wrong = |clause: &&str| {
        let is_signed = clause.contains(['-', '−', '－', '负', '亏']);
        !is_signed
            && !PLANNED.iter().any(|word| clause.contains(word))
            && (goes_back(clause, scene) || was_never_passed(clause, scene))
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// Whether a text ends with 降至 or 升到, and which of them.
fn falls_to(text: &str) -> Option<bool> {
    let before = text.trim_end_matches('了').strip_suffix(['至', '到', '为'])?;
    let words = RISES.iter().map(|word| (*word, false));
    let words = words.chain(FALLS.iter().map(|word| (*word, true))).chain(TO);
    let found = words.filter(|(word, _)| before.ends_with(word));
    let (word, falls) = found.max_by_key(|(word, _)| word.len())?;
    (!is_negated(before, before.len() - word.len())).then_some(falls)
}

/// Where a clause says 降至 before a figure, or before the time of one: 降至2025年的210万人次.
fn direction(clause: &str, figure: &Figure) -> Option<bool> {
    let before = clause.get(..figure.range.start)?;
    falls_to(before).or_else(|| {
        let time = before.trim_end_matches('的');
        let (way, _) = time.rsplit_once(['至', '到'])?;
        falls_to(time.get(..way.len() + '至'.len_utf8())?)
    })
}

fn goes_back(clause: &str, scene: &Scene<'_>) -> bool {
    let mut figures = figures::read(clause, scene.units);
    figures.retain(|figure| figure.unit.is_some());
    let Some(last) = figures.last() else { return false };
    let Some(falls) = direction(clause, last) else { return false };
    if let [from, to] = figures.as_slice() {
        let is_exact = [from, to].iter().all(|figure| figure.bound == Bound::Exact);
        let is_change = clause.get(..from.range.start).is_some_and(|c| c.contains(['由', '从']));
        let (from, to) = (from.amount(), to.amount());
        return is_exact && is_change && if falls { to > from } else { to < from };
    }
    is_come_to_otherwise(clause, last, falls, scene)
}

/// 2025年回落至210万人次, where it is the most of all until then.
fn is_come_to_otherwise(clause: &str, figure: &Figure, falls: bool, scene: &Scene<'_>) -> bool {
    let Some((members, _, courses)) = scene.courses() else { return false };
    let [course] = courses.as_slice() else { return false };
    let is_one = members.len() == 1 && figure.bound == Bound::Exact && !clause.contains("平均");
    let places = course.iter().enumerate().filter(|(_, value)| figure.is(**value, scene.units));
    let mut places = places.map(|(at, value)| {
        let mut before = course.iter().take(at);
        before.any(|earlier| if falls { earlier > value } else { earlier < value })
    });
    let first = places.next();
    is_one && first == Some(false) && !places.any(|is_so| is_so)
}

/// 首次突破95%, where nothing that is drawn, nor, of what can be added up, all of it, has so much.
fn was_never_passed(clause: &str, scene: &Scene<'_>) -> bool {
    const PASSED: [&str; 6] = ["突破", "超过", "超", "迈上", "站上", "跨过"];
    const NOT: [&str; 6] = ["未", "没", "有望", "即将", "将", "距"];
    let Some((before, behind)) = clause.split_once("首次") else { return false };
    let is_passed = PASSED.iter().any(|word| behind.starts_with(word));
    let mut figures = figures::read(behind, scene.units);
    figures.retain(|figure| figure.unit.is_some());
    let [figure] = figures.as_slice() else { return false };
    let values = scene.values(&scene.rows.all(), &scene.series.all());
    let is_share = figure.unit.is_some_and(|unit| unit.is_share);
    let most = if is_share {
        values.iter().copied().fold(f64::MIN, f64::max)
    } else {
        values.iter().map(|value| value.abs()).sum()
    };
    let is_less = |unit: f64| most * unit < figure.amount() * (1.0 - 1e-9);
    is_passed
        && !values.is_empty()
        && !NOT.iter().any(|word| before.contains(word) || behind.starts_with(word))
        && (!is_share || scene.drawn.unit.contains('%'))
        && scene.units.scales().all(is_less)
}
