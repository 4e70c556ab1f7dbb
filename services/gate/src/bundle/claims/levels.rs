//! What a headline says of the levels that one series reached in time: 首次突破1200个, 保持在5%以上, 降至五年最低, 2026年新增
//! 学位200个, 累计过万个.

use super::{
    PLANNED,
    amount::{Bound, is_negated},
    figures::{self, Figure},
    scene::{Scene, clauses},
    times::count,
    units,
};

/// What makes other figures of those that are drawn.
const RECKONED: [&str; 11] =
    ["比", "较", "累计", "以来", "共", "近", "平均", "每", "占", "计划", "将"];

/// The first such claim that the data tell otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let level = Level::of(scene)?;
    let is_wrong = |clause: &&str| {
        !PLANNED.iter().any(|word| clause.contains(word))
            && (level.was_passed_before(clause)
                || level.is_not_kept(headline, clause)
                || level.is_no_extreme(clause)
                || level.is_another_rise(clause)
                || level.is_beyond_all(clause))
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

struct Level<'a> {
    scene: &'a Scene<'a>,
    /// The one series, a figure for each point in time.
    course: Vec<f64>,
}

impl<'a> Level<'a> {
    fn of(scene: &'a Scene<'a>) -> Option<Self> {
        let (_, times, courses) = scene.courses()?;
        let [course] = courses.as_slice() else { return None };
        (course.len() == times.len()).then(|| Self { scene, course: course.clone() })
    }

    /// The one point in time that a text names.
    fn named(&self, text: &str) -> Option<usize> {
        let (_, times, _) = self.scene.courses()?;
        <[usize; 1]>::try_from(times.said(text)).ok().map(|[at]| at)
    }

    fn says_none(&self, text: &str) -> bool {
        self.scene.courses().is_some_and(|(_, times, _)| times.said(text).is_empty())
    }

    /// The one figure of a clause with the chart's unit.
    fn only(&self, clause: &str) -> Option<Figure> {
        let mut figures = figures::read(clause, self.scene.units);
        figures.retain(|figure| figure.unit.is_some());
        <[Figure; 1]>::try_from(figures).ok().map(|[figure]| figure)
    }

    /// 2026年首次突破1200个, where 2023年 had more.
    fn was_passed_before(&self, clause: &str) -> bool {
        const PASSED: [&str; 9] =
            ["突破", "超过", "达到", "超", "破", "迈上", "站上", "跨过", "跨越"];
        let Some((before, behind)) = clause.split_once("首次") else { return false };
        let (Some(at), Some(figure)) = (self.named(before), self.only(behind)) else {
            return false;
        };
        let is_passed = PASSED.iter().any(|word| behind.starts_with(word));
        let is_above = |value: &f64| {
            let mut scales = self.scene.units.scales();
            scales.any(|unit| value * unit > figure.amount() * (1.0 + 1e-9))
        };
        is_passed && self.course.iter().take(at).any(is_above)
    }

    /// 保持在5%以上, where one is below.
    fn is_not_kept(&self, headline: &str, clause: &str) -> bool {
        const KEPT: [&str; 4] = ["保持在", "稳定在", "维持在", "始终在"];
        const SOME: [&str; 11] =
            ["除", "以来", "起", "后", "近", "前", "平均", "基本", "大多", "多数", "总体"];
        let kept = KEPT.iter().find_map(|word| clause.split_once(word));
        let Some((before, behind)) = kept else { return false };
        let Some(figure) = self.only(behind) else { return false };
        matches!(figure.bound, Bound::Above | Bound::AtMost)
            && self.says_none(headline)
            && !SOME.iter().any(|word| headline.contains(word))
            && !is_negated(before, before.len())
            && !self.course.iter().all(|value| figure.is_met_by(*value, self.scene.units))
    }

    /// 降至五年最低, where another of these years was lower.
    fn is_no_extreme(&self, clause: &str) -> bool {
        const TO: [&str; 8] = ["降至", "跌至", "升至", "增至", "创", "处于", "降到", "升到"];
        let ends =
            ["最低", "最高"].iter().find_map(|word| Some((clause.split_once(word)?.0, *word)));
        let Some((before, word)) = ends else { return false };
        let to = TO.iter().find_map(|word| before.rsplit_once(word));
        let Some((subject, length)) = to else { return false };
        let length = length.trim_start_matches('近').trim_end_matches(['来', '以', '的']);
        let Some(years) = length.strip_suffix('年').and_then(count) else { return false };
        let at = match self.named(subject) {
            Some(at) => at,
            None if self.says_none(clause) => self.course.len().saturating_sub(1),
            None => return false,
        };
        let Some(own) = self.course.get(at) else { return false };
        let is_beyond = |value: &f64| if word == "最低" { value < own } else { value > own };
        let from = (at + 1).saturating_sub(years);
        let times = self.scene.courses().map(|(_, times, _)| times.names.clone());
        // 五年 of months says nothing of five of them.
        let are_years = times.is_some_and(|names| names.iter().all(|name| name.ends_with('年')));
        are_years
            && years > 1
            && self.course.get(from..=at).is_some_and(|own| own.iter().any(is_beyond))
    }

    /// 2026年新增学位300个, where it has 200 more than the year before.
    fn is_another_rise(&self, clause: &str) -> bool {
        let Some((before, behind)) = clause.split_once("新增") else { return false };
        let Some((members, times, _)) = self.scene.courses() else { return false };
        let (Some(at), Some(figure)) = (self.named(before), self.only(behind)) else {
            return false;
        };
        let [name] = members.names.as_slice() else { return false };
        let noun: String = name.chars().take(2).collect();
        let is_plain = figure.bound == Bound::Exact
            && !name.contains('增')
            && noun.chars().count() == 2
            && behind.trim_start_matches('了').starts_with(&noun)
            && times.names.iter().all(|name| name.ends_with('年'))
            && !RECKONED.iter().any(|word| clause.contains(word));
        let (Some(last), Some(own)) =
            (at.checked_sub(1).and_then(|at| self.course.get(at)), self.course.get(at))
        else {
            return false;
        };
        is_plain && ![own - last, *own].iter().any(|value| figure.is(*value, self.scene.units))
    }

    /// 累计过万个, where all together are fewer.
    fn is_beyond_all(&self, clause: &str) -> bool {
        /// How far they may be rounded.
        const WITHIN: f64 = 0.95;
        ["过", "超", "逾", "破", "近", "上"].iter().flat_map(|word| clause.match_indices(word)).any(
            |(at, word)| {
                let rest = clause.get(at + word.len()..).unwrap_or_default();
                let (scale, len) = units::scale(rest);
                let Some(behind) = rest.get(len..).filter(|_| scale >= 100.0) else { return false };
                let all: f64 = self.course.iter().map(|value| value.abs()).sum();
                let is_less = |unit: f64| all * unit < scale * WITHIN;
                let unit = self.scene.units.read(behind).filter(|unit| unit.scale < 1.5);
                let goes_on = unit.and_then(|unit| behind.get(unit.len..));
                goes_on.is_some_and(|rest| rest.is_empty() || rest.starts_with('的'))
                    && !PLANNED.iter().any(|word| clause.contains(word))
                    && self.scene.units.scales().all(is_less)
            },
        )
    }
}
