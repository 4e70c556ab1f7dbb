//! What a headline says of one beside the average of all: 东街街道高于平均水平. Of what is counted the average comes out of
//! the figures; of rates and amounts per head it is weighted by who knows what, and only who is last is surely not above.

use super::{
    amount::is_negated,
    scene::{Axis, Scene, clauses},
    signed::COUNTS,
};

const WORDS: [(&str, bool); 8] = [
    ("高于", true),
    ("多于", true),
    ("大于", true),
    ("超过", true),
    ("低于", false),
    ("少于", false),
    ("小于", false),
    ("不及", false),
];

/// The first such claim that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let is_wrong = |clause: &&str| is_otherwise(clause, scene);
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

fn is_otherwise(clause: &str, scene: &Scene<'_>) -> bool {
    /// Of all that are drawn, as far as the words go.
    const SCOPES: [&str; 8] = ["", "全区", "全市", "全县", "各街道", "各区", "总体", "整体"];
    const NAMES: [&str; 6] = ["平均", "平均数", "平均值", "平均水平", "平均线", "均值"];
    /// Where one of these is drawn, it is the average that is meant.
    const WHOLES: [&str; 6] = ["平均", "全区", "全市", "全县", "全省", "总"];
    let found = WORDS.iter().find_map(|(word, is_more)| Some((clause.split_once(word)?, *is_more)));
    let Some(((before, behind), is_more)) = found else { return false };
    let mut scopes = SCOPES.iter().filter_map(|scope| behind.strip_prefix(scope));
    let mut names = scene.rows.names.iter().chain(&scene.series.names);
    if !scopes.any(|rest| NAMES.contains(&rest))
        || names.any(|name| WHOLES.iter().any(|word| name.contains(word)))
        || is_negated(clause, before.len())
    {
        return false;
    }
    let is_count = COUNTS.contains(&scene.drawn.unit.trim());
    let row = |row: usize, one: usize| scene.value(row, one);
    let one = |one: usize, row: usize| scene.value(row, one);
    let wrong =
        |axis: &Axis<'_>, across: &Axis<'_>, value: &dyn Fn(usize, usize) -> Option<f64>| {
            let [own] = <[usize; 1]>::try_from(axis.said(before)).ok()?;
            let holds = |line: &Vec<usize>| {
                let sum = |at: usize| line.iter().filter_map(|one| value(at, *one)).sum::<f64>();
                let all: Vec<f64> = axis.all().into_iter().map(sum).collect();
                let count = u32::try_from(all.len()).map_or(f64::MAX, f64::from);
                let mean = all.iter().sum::<f64>() / count;
                let own = sum(own);
                if is_count {
                    return if is_more { own >= mean } else { own <= mean };
                }
                all.iter().any(|other| if is_more { *other < own } else { *other > own })
            };
            let lines = across.said_or_all(before);
            let mut each = lines.iter().map(|at| vec![*at]).chain([lines.clone()]);
            (axis.len() > 1).then(|| !each.any(|line| holds(&line)))
        };
    wrong(&scene.rows, &scene.series, &row).unwrap_or(false)
        || wrong(&scene.series, &scene.rows, &one).unwrap_or(false)
}
