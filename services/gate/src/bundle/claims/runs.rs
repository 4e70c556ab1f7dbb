//! What a headline says of the course of one series: 先增后减, 连续八个季度增长, 五年来首次下降, 由负转正, 三年出现负增长.

use super::{
    FALLS, RISES,
    amount::is_negated,
    growth::{self, speaks_of_changes},
    scene::{Scene, clauses},
    times::count,
};

/// The first such claim that no course of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let steps = Steps::of(headline, scene)?;
    let is_wrong = |clause: &&str| {
        if speaks_of_changes(clause, scene.drawn.table) {
            return false;
        }
        steps.turns_otherwise(clause)
            || steps.runs_otherwise(clause)
            || steps.is_no_first(clause)
            || steps.changes_sign_otherwise(clause)
            || steps.falls_less_often(clause)
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

struct Steps<'a> {
    headline: &'a str,
    scene: &'a Scene<'a>,
    /// Every figure is a rate of growth.
    are_rates: bool,
}

impl<'a> Steps<'a> {
    fn of(headline: &'a str, scene: &'a Scene<'a>) -> Option<Self> {
        scene.courses()?;
        Some(Self { headline, scene, are_rates: growth::is_all(scene.drawn) })
    }

    /// Those of the series that a clause names, or of all with their sum; gaps leave none.
    fn courses(&self, clause: &str) -> Vec<Vec<f64>> {
        let Some((members, times, courses)) = self.scene.courses() else { return vec![] };
        let said = members.said(clause);
        let mut own: Vec<Vec<f64>> = if said.is_empty() {
            courses.clone()
        } else {
            said.iter().filter_map(|at| courses.get(*at).cloned()).collect()
        };
        if said.is_empty() && courses.len() > 1 {
            let sum = |at: usize| courses.iter().filter_map(|course| course.get(at)).sum();
            own.push((0..times.len()).map(sum).collect());
        }
        if own.iter().any(|course| course.len() != times.len()) { vec![] } else { own }
    }

    /// Up or down, from the first on; of rates, whether they are above zero.
    fn signs(&self, course: &[f64]) -> Vec<Option<f64>> {
        if self.are_rates {
            return course.iter().map(|rate| Some(*rate)).collect();
        }
        let steps = course.windows(2).map(|pair| match pair {
            [from, to] => Some(to - from),
            _ => None,
        });
        std::iter::once(None).chain(steps).collect()
    }

    fn times_said(&self, text: &str) -> Vec<usize> {
        self.scene.courses().map(|(_, times, _)| times.said(text)).unwrap_or_default()
    }

    /// 先增后减, where the greatest is the first or the last.
    fn turns_otherwise(&self, clause: &str) -> bool {
        const PEAKS: [&str; 6] =
            ["先增后减", "先升后降", "先涨后跌", "先增后降", "先升后落", "先扬后抑"];
        const DIPS: [&str; 6] =
            ["先减后增", "先降后升", "先跌后涨", "先降后增", "先抑后扬", "先落后升"];
        let says = |words: &[&str]| words.iter().any(|word| clause.contains(word));
        let is_peak = says(&PEAKS);
        if !(is_peak || says(&DIPS))
            || !self.times_said(self.headline).is_empty()
            || is_vague(clause)
        {
            return false;
        }
        let turns = |course: &Vec<f64>| {
            let beyond = |end: &f64| course.iter().any(|v| if is_peak { v > end } else { v < end });
            matches!(course.as_slice(), [first, .., last] if beyond(first) && beyond(last))
        };
        let courses = self.courses(clause);
        !courses.is_empty() && !courses.iter().any(turns)
    }

    /// 连续八个季度增长, where no eight of them in a row rise.
    fn runs_otherwise(&self, clause: &str) -> bool {
        const LENGTHS: [(&str, &str); 4] =
            [("个季度", "季度"), ("个月", "月"), ("周", "周"), ("年", "年")];
        let Some((at, word)) = clause.match_indices("连续").next() else { return false };
        let behind = clause.get(at + word.len()..).unwrap_or_default();
        let Some((end, sign, unit)) = LENGTHS
            .iter()
            .filter_map(|(sign, unit)| Some((behind.find(sign)?, *sign, *unit)))
            .min()
        else {
            return false;
        };
        let Some(length) = behind.get(..end).and_then(count) else { return false };
        let what = behind.get(end + sign.len()..).unwrap_or_default();
        let what =
            ["保持", "实现", "同比", "正"].iter().fold(what, |w, s| w.strip_prefix(s).unwrap_or(w));
        let begins = |words: &[&str]| words.iter().any(|word| what.starts_with(word));
        let falls = begins(&FALLS) || what.starts_with("负增长");
        let is_yearly = clause.contains("同比") && !self.are_rates;
        let Some((_, times, _)) = self.scene.courses() else { return false };
        let are_such = times.names.iter().all(|name| {
            name.trim_end_matches('份').ends_with(unit) || (unit == "年" && name.len() == 4)
        });
        if !(falls || begins(&RISES)) || is_yearly || is_negated(clause, at) || !are_such {
            return false;
        }
        let longest = |course: &Vec<f64>| {
            let (mut longest, mut run) = (0, 0);
            for sign in self.signs(course) {
                // The first of them rises from what is not drawn.
                let goes = sign.is_none_or(|sign| if falls { sign < 0.0 } else { sign > 0.0 });
                run = if goes { run + 1 } else { 0 };
                longest = longest.max(run);
            }
            longest
        };
        // 增速连续两年提高 is of the rates' own course.
        let own = |course: &Vec<f64>| {
            let steps = course
                .windows(2)
                .map(|pair| matches!(pair, [a, b] if if falls { b < a } else { b > a }));
            let (mut longest, mut run) = (1, 1);
            for goes in steps {
                run = if goes { run + 1 } else { 1 };
                longest = longest.max(run);
            }
            longest
        };
        let courses = self.courses(clause);
        !courses.is_empty()
            && courses.iter().all(|course| {
                let own = if clause.contains("正增长") || clause.contains("负增长") {
                    0
                } else {
                    own(course)
                };
                longest(course).max(own) < length
            })
    }

    /// 五年来首次下降, where it rose, or fell before.
    fn is_no_first(&self, clause: &str) -> bool {
        let Some((at, word)) = clause.match_indices("首次").next() else { return false };
        let what = clause.get(at + word.len()..).unwrap_or_default();
        let is = |words: &[&str]| words.contains(&what);
        let falls = is(&FALLS) || is(&["负增长", "出现负增长", "出现下降"]);
        let rises = is(&RISES) || is(&["正增长", "实现增长", "实现正增长"]);
        if !(falls || rises) || is_negated(clause, at) || is_vague(clause) {
            return false;
        }
        let said = self.times_said(clause);
        let at = match said.as_slice() {
            [one] => Some(*one),
            [] if self.times_said(self.headline).is_empty() => None,
            _ => return false,
        };
        let goes = |sign: f64| if falls { sign < 0.0 } else { sign > 0.0 };
        let is_so = |course: &Vec<f64>| {
            let signs = self.signs(course);
            let at = at.unwrap_or(signs.len().saturating_sub(1));
            signs.get(at).copied().flatten().is_none_or(goes)
        };
        let courses = self.courses(clause);
        !courses.is_empty() && !courses.iter().any(is_so)
    }

    /// 2022年由负转正, where it is still below zero or was above before.
    fn changes_sign_otherwise(&self, clause: &str) -> bool {
        const UP: [&str; 6] =
            ["由负转正", "由降转升", "由降转涨", "由降转增", "由跌转涨", "由减转增"];
        const DOWN: [&str; 6] =
            ["由正转负", "由升转降", "由涨转降", "由增转降", "由涨转跌", "由增转减"];
        let says = |words: &[&str]| words.iter().any(|word| clause.contains(word));
        let is_up = says(&UP);
        if !(is_up || says(&DOWN)) {
            return false;
        }
        let said = self.times_said(clause);
        let [at] = said.as_slice() else { return false };
        let turns = |before: Option<f64>, now: Option<f64>| {
            let is = |value: Option<f64>, above: bool| {
                value.is_none_or(|value| if above { value >= 0.0 } else { value <= 0.0 })
            };
            is(before, !is_up) && is(now, is_up)
        };
        let is_so = |course: &Vec<f64>| {
            let signs = self.signs(course);
            let of = |values: &[Option<f64>]| {
                let before = at.checked_sub(1).and_then(|at| values.get(at).copied().flatten());
                turns(before, values.get(*at).copied().flatten())
            };
            let own: Vec<Option<f64>> = course.iter().map(|value| Some(*value)).collect();
            // A balance goes from below zero to above by itself.
            of(&signs) || (course.iter().any(|value| *value < 0.0) && of(&own))
        };
        let courses = self.courses(clause);
        !courses.is_empty() && !courses.iter().any(is_so)
    }

    /// 三年出现负增长, where two do.
    fn falls_less_often(&self, clause: &str) -> bool {
        let Some((before, behind)) = clause.split_once('年') else { return false };
        let is_said = ["出现负增长", "负增长", "为负增长", "出现下降"].contains(&behind);
        let Some(length) = count(before).filter(|_| is_said) else { return false };
        let numeral = before.trim_end_matches(|c| crate::document::is_numeral(c) || c == '两');
        if numeral.ends_with(['近', '前', '后', '续', '第', '过']) {
            return false;
        }
        let courses = self.courses(clause);
        // What the first comes from is not drawn, and not counted.
        let known = |course: &Vec<f64>| {
            self.signs(course).iter().filter(|sign| sign.is_some_and(|sign| sign < 0.0)).count()
        };
        !courses.is_empty() && courses.iter().all(|course| known(course) < length)
    }
}

/// 下半年先增后减: of a part of the time.
fn is_vague(clause: &str) -> bool {
    ["半年", "以来", "期间", "时期", "近", "季", "前", "单"]
        .iter()
        .any(|word| clause.contains(word))
}
