//! What a headline says of who changed most: 增长最多, 增幅最大, 降幅最小, 减负最多. It is held against how far each came,
//! not against what each has: who has most need not have gained most.

use super::{
    Table,
    amount::is_negated,
    course::is_rest,
    scene::{Scene, are_in_order, clauses},
    times::are_times,
};

/// Words of changes, and whether they say a fall.
const CHANGES: [(&str, bool); 28] = [
    ("增长", false),
    ("增加", false),
    ("新增", false),
    ("增幅", false),
    ("增量", false),
    ("增速", false),
    ("涨幅", false),
    ("升幅", false),
    ("提升", false),
    ("提高", false),
    ("上升", false),
    ("上涨", false),
    ("增得", false),
    ("涨得", false),
    ("减少", true),
    ("下降", true),
    ("降低", true),
    ("降幅", true),
    ("减幅", true),
    ("跌幅", true),
    ("缩短", true),
    ("压减", true),
    ("压缩", true),
    ("精简", true),
    ("减负", true),
    ("减量", true),
    ("减得", true),
    ("降得", true),
];
const RANKS: [(&str, bool); 8] = [
    ("最多", true),
    ("最大", true),
    ("最快", true),
    ("最高", true),
    ("最少", false),
    ("最小", false),
    ("最慢", false),
    ("最低", false),
];
/// Of others than those that are drawn, of some of them, or of figures that are not.
const OTHERS: [&str; 16] = [
    "之一", "除", "外", "历史", "历年", "近年", "年来", "以来", "同期", "同比", "全国", "全省",
    "占比", "比重", "份额", "差距",
];

/// What is ranked.
#[derive(Clone, Copy)]
enum Measure {
    /// 增量: by how much.
    Amount,
    /// 增速: by how much of what it was.
    Share,
    /// 增幅: either.
    Either,
}

/// A rank of changes in a clause.
struct Claim<'h> {
    /// What stands before the change in its clause, and behind the rank.
    before: &'h str,
    behind: &'h str,
    falls: bool,
    is_greatest: bool,
    measure: Measure,
}

/// Whether a text that leads to a rank ends with a change that the data know: 增长 of 增长最多.
pub(super) fn is_ranked(before: &str, table: &Table) -> bool {
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    let names: Vec<&str> = table.series.iter().map(String::as_str).collect();
    change(before).is_some() && are_levels(table) && are_times(&labels) != are_in_order(&names)
}

/// Whether no changes are drawn, of which the greatest has most; 减负前 and 减负后 are levels.
fn are_levels(table: &Table) -> bool {
    let mut names = table.rows.iter().map(|row| &row.label).chain(&table.series);
    names.all(|name| {
        name.ends_with(['前', '后'])
            || !(name.contains(['增', '减', '降', '涨', '比']) || name.contains("变化"))
    })
}

/// The first such claim that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    if headline.contains('除') || !are_levels(scene.drawn.table) {
        return None;
    }
    let is_wrong = |clause: &&str| {
        let claim = RANKS.iter().find_map(|rank| read(clause, *rank, scene));
        claim.is_some_and(|claim| is_otherwise(&claim, scene))
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// The change that a text ends with: where it begins, its word, whether it is a fall.
fn change(before: &str) -> Option<(usize, &'static str, bool)> {
    const BETWEEN: [&str; 7] = ["的幅度", "幅度", "得", "数量", "份数", "人数", "件数"];
    let before = BETWEEN.iter().find_map(|word| before.strip_suffix(word)).unwrap_or(before);
    CHANGES.iter().find_map(|(word, falls)| {
        let word = word.trim_end_matches('得');
        Some((before.strip_suffix(word)?.len(), word, *falls))
    })
}

fn read<'h>(
    clause: &'h str,
    (rank, is_greatest): (&str, bool),
    scene: &Scene<'_>,
) -> Option<Claim<'h>> {
    let (before, behind) = clause.split_once(rank)?;
    let (start, word, falls) = change(before)?;
    if OTHERS.iter().any(|other| clause.contains(other)) || is_negated(before, start) {
        return None;
    }
    // Of shares the difference is a rate too: 提高得最快.
    let is_share = scene.drawn.unit.contains(['%', '％']);
    let measure = match (word, rank) {
        ("增量" | "减量", _) => Measure::Amount,
        ("增速", _) | (_, "最快" | "最慢") if !is_share => Measure::Share,
        ("增加" | "新增" | "减少" | "增长", "最多" | "最少") => Measure::Amount,
        _ => Measure::Either,
    };
    Some(Claim { before: before.get(..start)?, behind, falls, is_greatest, measure })
}

/// Whether the data have such changes, and those of the one that is named are not the greatest, or the least.
fn is_otherwise(claim: &Claim<'_>, scene: &Scene<'_>) -> bool {
    let Some((members, times, courses)) = scene.courses() else { return false };
    let is_whole = courses.iter().all(|course| course.len() == times.len());
    if !is_whole || times.len() < 2 {
        return false;
    }
    // 增长最快的是南苑街道, 增长最快的街道为南苑街道
    let behind = claim.behind.strip_prefix('的').and_then(|rest| rest.split_once(['是', '为']));
    let who = behind.map_or(claim.before, |(_, who)| who);
    let (said, when) = (members.said(who), times.said(who));
    let change = |pair: (f64, f64), measure: Measure| -> Option<f64> {
        let (from, to) = pair;
        let by = if claim.falls { from - to } else { to - from };
        match measure {
            Measure::Amount => Some(by),
            Measure::Share | Measure::Either => (from > 0.0).then(|| by / from),
        }
    };
    let measures: &[Measure] = match claim.measure {
        Measure::Amount => &[Measure::Amount],
        Measure::Share => &[Measure::Share],
        Measure::Either => &[Measure::Amount, Measure::Share],
    };
    let step =
        |course: &[f64], from: usize, to: usize| Some((*course.get(from)?, *course.get(to)?));
    let last = times.len() - 1;
    let mut readings: Vec<(Vec<Option<f64>>, usize)> = vec![];
    for measure in measures {
        let of = |pair: Option<(f64, f64)>| pair.and_then(|pair| change(pair, *measure));
        if let [one] = said.as_slice()
            && members.len() > 1
        {
            let spans = match when.as_slice() {
                [] => vec![(0, last), (last - 1, last)],
                [at] if *at > 0 => vec![(at - 1, *at), (0, *at)],
                [from, to] => vec![(*from, *to)],
                _ => return false,
            };
            let is_ranked = |at: usize| members.names.get(at).is_some_and(|name| !is_rest(name));
            let reading = |(from, to): (usize, usize)| {
                let all = courses.iter().enumerate();
                let all = all.map(|(at, one)| of(step(one, from, to)).filter(|_| is_ranked(at)));
                (all.collect::<Vec<_>>(), *one)
            };
            readings.extend(spans.into_iter().map(reading));
        }
        if let ([at], true) = (when.as_slice(), last > 1 && said.len() < 2) {
            if *at == 0 {
                return false;
            }
            let mut own: Vec<Vec<f64>> = match said.as_slice() {
                [one] => courses.get(*one).cloned().into_iter().collect(),
                _ => courses.clone(),
            };
            let sum = |at: usize| courses.iter().filter_map(|course| course.get(at)).sum();
            own.push((0..times.len()).map(sum).collect());
            let reading = |course: &Vec<f64>| {
                let to = |to: usize| of(step(course, to.checked_sub(1)?, to));
                ((0..times.len()).map(to).collect::<Vec<_>>(), *at)
            };
            readings.extend(own.iter().map(reading));
        }
    }
    !readings.is_empty() && !readings.iter().any(|(all, own)| is_so(all, *own, claim.is_greatest))
}

/// Whether the own one is the greatest, or the least of all or of those that went that way; what is not known may be.
fn is_so(all: &[Option<f64>], own: usize, is_greatest: bool) -> bool {
    let Some(own) = all.get(own).copied().flatten() else { return true };
    let slack = 1e-9 * own.abs();
    let mut others = all.iter().flatten();
    if is_greatest {
        return own > 0.0 && others.all(|other| *other <= own + slack);
    }
    others.all(|other| *other >= own - slack)
        || own > 0.0 && all.iter().flatten().all(|other| *other <= 0.0 || *other >= own - slack)
}
