//! What a headline says of members beside each other: how many rose and fell (两升一降), who alone did (仅西区下降), who came
//! past whom (反超), whether they draw apart (差距扩大), and by how much one has more (甲比乙多300件).

use super::{
    amount::{Bound, is_negated},
    bounds::THINGS,
    changes::directions,
    course::named,
    figures,
    scene::{Scene, clauses},
    times::count,
    words::numbers,
};

/// The first such claim that no reading of the data bears out, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let is_wrong =
        |clause: &&str| goes_otherwise(clause, scene) || differs_otherwise(clause, scene);
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// Of members that have a first and a last figure.
fn goes_otherwise(clause: &str, scene: &Scene<'_>) -> bool {
    let Some((members, times, courses)) = scene.courses() else { return false };
    let ends: Vec<(f64, f64)> =
        courses.iter().filter_map(|course| Some((*course.first()?, *course.last()?))).collect();
    // Of other times than the first and the last nothing is known here.
    if ends.len() != members.len() || ends.len() < 2 || !times.said(clause).is_empty() {
        return false;
    }
    counts_otherwise(clause, &ends)
        || clause.split('、').any(|part| is_of_others(part, &members.names, &ends))
        || is_not_alone(clause, &members.names, &ends)
        || meets_otherwise(clause, &members.names, &ends)
}

/// 三升一降, where as many members are counted as there are.
fn counts_otherwise(clause: &str, ends: &[(f64, f64)]) -> bool {
    let counted = |word: &str| -> Option<usize> {
        let (before, _) = clause.split_once(word)?;
        let start = before.char_indices().next_back()?.0;
        count(before.get(start..)?)
    };
    let (Some(rises), Some(falls)) = (counted("升"), counted("降")) else { return false };
    let rose = ends.iter().filter(|(from, to)| to > from).count();
    let fell = ends.iter().filter(|(from, to)| to < from).count();
    rises + falls == ends.len() && (rises, falls) != (rose, fell)
}

/// 两个街道下降, where three do.
fn is_of_others(part: &str, names: &[&str], ends: &[(f64, f64)]) -> bool {
    /// What else may stand before the number, and between what is counted and its course.
    const BEFORE: [&str; 10] =
        ["", "有", "共", "共有", "仅", "仅有", "只有", "全市", "全区", "全县"];
    const MEASURES: [&str; 18] = [
        "",
        "指标",
        "事项",
        "有所",
        "出现",
        "实现",
        "人数",
        "人口",
        "办理量",
        "办件量",
        "办件",
        "办理率",
        "办结率",
        "满意率",
        "数量",
        "总量",
        "占比",
        "比例",
    ];
    /// These are none of those that are counted.
    const WHOLES: [&str; 7] = ["合计", "总计", "全市", "全区", "全县", "全省", "平均"];
    let Some((rest, falls)) =
        directions().find_map(|(word, falls)| Some((part.strip_suffix(word)?, falls)))
    else {
        return false;
    };
    let is_each = |word: &char| *word == '均' || *word == '都';
    let is_of_each = rest.chars().next_back().as_ref().is_some_and(is_each);
    let rest = rest.trim_end_matches(|c| is_each(&c));
    let Some((count, thing, noun)) = counted(rest, &BEFORE) else { return false };
    let is_named = |word: &str| names.iter().any(|name| name.contains(word));
    let is_measured = MEASURES.contains(&noun);
    if !is_measured && !is_named(noun) {
        return false;
    }
    let goes = |(from, to): &(f64, f64)| if falls { to < from } else { to > from };
    let count_of = |is_counted: &dyn Fn(&str) -> bool| {
        let members = names.iter().zip(ends).filter(|(name, _)| is_counted(name));
        members.filter(|(_, ends)| goes(ends)).count()
    };
    // 街道 beside 镇, or all of them; 医院 of 三类医院.
    let all = || count_of(&|name| !WHOLES.iter().any(|whole| name.contains(whole)));
    let counts = match is_measured {
        true if is_named(thing) => vec![all(), count_of(&|name| name.contains(thing))],
        true => vec![all()],
        false => vec![count_of(&|name| name.contains(noun))],
    };
    count <= names.len()
        && !counts.iter().any(|own| if is_of_each { *own >= count } else { *own == count })
}

/// 2 and 街道 of 两个街道办件量, and what follows.
pub(super) fn counted<'p>(part: &'p str, before: &[&str]) -> Option<(usize, &'p str, &'p str)> {
    const MEASURES: [&str; 9] = ["项", "类", "种", "镇", "区", "县", "市", "家", "所"];
    let [(start, end, count)] = <[_; 1]>::try_from(numbers(part)).ok()?;
    let behind = part.get(end..)?;
    let (behind, things) = match behind.strip_prefix('个') {
        Some(behind) => (behind, THINGS.as_slice()),
        None => (behind, MEASURES.as_slice()),
    };
    // 镇街, and not 镇.
    let begins = things.iter().filter(|word| behind.starts_with(**word));
    let thing = begins.max_by_key(|word| word.len())?;
    let (thing, rest) = behind.split_at_checked(thing.len())?;
    (count > 0 && before.contains(&part.get(..start)?)).then_some((count, thing, rest))
}

/// 仅西区下降, where it did not, or another did too.
fn is_not_alone(clause: &str, names: &[&str], ends: &[(f64, f64)]) -> bool {
    let Some(rest) = clause.strip_prefix(['仅', '只']) else { return false };
    let rest = rest.strip_prefix('有').unwrap_or(rest);
    let Some((who, falls)) =
        directions().find_map(|(word, falls)| Some((rest.strip_suffix(word)?, falls)))
    else {
        return false;
    };
    let Ok([one]) = <[usize; 1]>::try_from(named(who, names)) else { return false };
    let goes = |(from, to): &(f64, f64)| if falls { to < from } else { to > from };
    let is_one = names.get(one).is_some_and(|name| *name == who);
    is_one && ends.iter().enumerate().any(|(at, ends)| goes(ends) != (at == one))
}

/// 东区反超西区, 东区与西区差距缩小.
fn meets_otherwise(clause: &str, names: &[&str], ends: &[(f64, f64)]) -> bool {
    const NARROWS: [&str; 3] = ["差距缩小", "差距收窄", "差距缩窄"];
    const WIDENS: [&str; 3] = ["差距扩大", "差距拉大", "差距变大"];
    let of = |at: usize| ends.get(at).copied();
    if let Some((before, behind)) = clause.split_once("反超") {
        let (Ok([one]), Ok([other])) = (
            <[usize; 1]>::try_from(named(before, names)),
            <[usize; 1]>::try_from(named(behind, names)),
        ) else {
            return false;
        };
        let Some(((from, to), (of_from, of_to))) = of(one).zip(of(other)) else { return false };
        return !is_negated(clause, before.len()) && (to <= of_to || from > of_from);
    }
    let narrows = NARROWS.iter().any(|word| clause.ends_with(word));
    if !narrows && !WIDENS.iter().any(|word| clause.ends_with(word)) {
        return false;
    }
    let Ok([one, other]) = <[usize; 2]>::try_from(named(clause, names)) else { return false };
    let Some(((from, to), (of_from, of_to))) = of(one).zip(of(other)) else { return false };
    let (before, after) = ((from - of_from).abs(), (to - of_to).abs());
    if narrows { after >= before } else { after <= before }
}

/// 甲比乙多300件, where the two differ by another figure in every line, and together.
fn differs_otherwise(clause: &str, scene: &Scene<'_>) -> bool {
    let Some((before, behind)) = clause.split_once('比') else { return false };
    let figures = figures::read(clause, scene.units);
    let mut figures =
        figures.iter().filter(|figure| figure.unit.is_some_and(|unit| !unit.is_share));
    let (Some(figure), None) = (figures.next(), figures.next()) else { return false };
    let lead = clause.get(before.len()..figure.range.start).unwrap_or_default();
    let is_more = lead.ends_with(['多', '高', '少', '低']);
    if !is_more || figure.bound != Bound::Exact {
        return false;
    }
    [(&scene.rows, &scene.series, false), (&scene.series, &scene.rows, true)].into_iter().any(
        |(axis, across, is_turned)| {
            if axis.are_in_order() {
                return false;
            }
            let (Ok([one]), Ok([other])) = (
                <[usize; 1]>::try_from(axis.said(before)),
                <[usize; 1]>::try_from(axis.said(behind)),
            ) else {
                return false;
            };
            let value = |at: usize, line: usize| {
                if is_turned { scene.value(line, at) } else { scene.value(at, line) }
            };
            let lines = across.said_or_all(clause);
            let sum = |at: usize| lines.iter().filter_map(|line| value(at, *line)).sum::<f64>();
            let each = lines
                .iter()
                .filter_map(|line| value(one, *line).zip(value(other, *line)))
                .map(|(own, of)| own - of);
            let mut differences = each.chain([sum(one) - sum(other)]);
            one != other && !differences.any(|by| figure.is(by, scene.units))
        },
    )
}
