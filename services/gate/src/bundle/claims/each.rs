//! What a headline says of each, and by how much: 均缩短一半, 涨幅均不超过5%.

use super::{
    Change, Course, Table,
    amount::Bound,
    changes::find_changes,
    figures,
    scene::{Scene, clauses},
    units::Units,
    words::numbers,
};

const ALL: [&str; 4] = ["全部", "一律", "均", "都"];
/// Not of all, or not of each.
const SOME: [&str; 14] = [
    "多数", "其余", "其他", "其它", "部分", "平均", "人均", "年均", "月均", "户均", "日均", "季均",
    "以来", "期间",
];

/// The first such claim that one of them tells otherwise, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    // 除蔬菜外 may stand in another clause.
    let but = headline.split_once('除').map_or("", |(_, rest)| rest);
    let but = but.split(['外', '，']).next().unwrap_or_default();
    let is_wrong = |clause: &&str| {
        let plain = match clause.split_once(but).filter(|_| !but.is_empty()) {
            Some((_, behind)) => behind.trim_start_matches(['以', '之', '外']),
            None => clause,
        };
        let is_some = SOME.iter().any(|word| plain.contains(word));
        !is_some && (changes_otherwise(plain, but, scene) || is_beyond(plain, but, scene))
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// The members that a clause names, or all but some; none where it counts others.
fn meant(clause: &str, but: &str, scene: &Scene<'_>) -> Vec<Vec<(f64, f64)>> {
    const WHOLES: [&str; 4] = ["合计", "总计", "平均", "其他"];
    let Some((members, times, courses)) = scene.courses() else { return vec![] };
    let said = members.said(clause);
    // 企业开办 beside 注销 in short may be others.
    if times.len() < 2 || !times.said(clause).is_empty() {
        return vec![];
    }
    let is_whole = |at: &usize| {
        members.names.get(*at).is_some_and(|name| WHOLES.iter().any(|w| name.starts_with(w)))
    };
    let own: Vec<usize> = match said.as_slice() {
        [] => in_short(clause, &members.names).unwrap_or_else(|| members.all()),
        said => said.to_vec(),
    };
    let but = members.said(but);
    let own: Vec<usize> = own.into_iter().filter(|at| !is_whole(at) && !but.contains(at)).collect();
    let before = ALL.iter().find_map(|word| clause.split_once(word)).map_or("", |(b, _)| b);
    let counted = numbers(before).pop().map(|(.., count)| count);
    if counted.is_some_and(|count| count != own.len()) {
        return vec![];
    }
    // From the first to the last, or, as 同比 is, in the last step.
    let is_of_step = ["同比", "上年", "环比", "去年"].iter().any(|word| clause.contains(word));
    let ends = |course: &[f64], is_step: bool| match course {
        [.., before, last] if is_step => Some((*before, *last)),
        [first, .., last] => Some((*first, *last)),
        _ => None,
    };
    let reading = |is_step: bool| {
        own.iter().map(|at| ends(courses.get(*at)?, is_step)).collect::<Option<Vec<_>>>()
    };
    let readings =
        if is_of_step { vec![reading(true)] } else { vec![reading(false), reading(true)] };
    readings.into_iter().flatten().filter(|ends| ends.len() > 1).collect()
}

/// Those whose names a subject ends them with: 城市低保标准 and 农村低保标准 of 低保标准均提高5%, and not 特困供养标准.
fn in_short(clause: &str, names: &[&str]) -> Option<Vec<usize>> {
    /// 标准 alone is most likely of all.
    const CHARS_MIN: usize = 3;
    let (subject, _) = ALL.iter().find_map(|word| clause.split_once(word))?;
    let ends = subject.char_indices().filter_map(|(at, _)| subject.get(at..));
    let mut ends = ends.filter(|end| end.chars().count() >= CHARS_MIN);
    ends.find_map(|end| {
        let own: Vec<usize> = (0..names.len())
            .filter(|at| names.get(*at).is_some_and(|name| name.contains(end)))
            .collect();
        (own.len() > 1).then_some(own)
    })
}

/// 均缩短一半, where one did by less.
fn changes_otherwise(clause: &str, but: &str, scene: &Scene<'_>) -> bool {
    let changes = find_changes(clause);
    let [change] = changes.as_slice() else { return false };
    let before = clause.get(..change.range.start).unwrap_or_default();
    let is_each = ALL.iter().any(|word| before.ends_with(word));
    let readings = meant(clause, but, scene);
    let is_so = |ends: &Vec<(f64, f64)>| ends.iter().all(|ends| reaches(change, *ends));
    is_each && !change.is_yearly && !readings.is_empty() && !readings.iter().any(is_so)
}

/// Whether it comes as far as is said; further, where nothing bounds it above.
fn reaches(change: &Change, (from, to): (f64, f64)) -> bool {
    let by = match change.course {
        Course::Rises => (to - from) / from,
        Course::Falls => (from - to) / from,
        Course::Points(falls) => {
            if falls {
                from - to
            } else {
                to - from
            }
        }
        Course::Either => return true,
    };
    let (said, within) = (change.share, change.within * 1.000_001);
    match change.bound {
        Bound::Exact | Bound::Above => by >= said - within,
        Bound::Near | Bound::Nearly => by >= said * 0.9,
        Bound::Below | Bound::AtMost => by <= said + within,
    }
}

/// 涨幅均不超过5%, where one is 5.6%: of figures that are such, or of what each grew by.
fn is_beyond(clause: &str, but: &str, scene: &Scene<'_>) -> bool {
    const RATES: [(&str, bool); 6] = [
        ("涨幅", false),
        ("增幅", false),
        ("增速", false),
        ("升幅", false),
        ("降幅", true),
        ("跌幅", true),
    ];
    let Some((word, falls)) = RATES.iter().find(|(word, _)| clause.contains(word)) else {
        return false;
    };
    let per_cent = Units::of("%", &Table { series: vec![], rows: vec![] });
    let figures = figures::read(clause, &per_cent);
    let mut of = figures.iter().filter(|figure| figure.unit.is_some());
    let (Some(figure), None) = (of.next(), of.next()) else { return false };
    let before = clause.get(..figure.range.start).unwrap_or_default();
    let is_each = ALL.iter().any(|all| before.contains(all));
    let is_bound = matches!(figure.bound, Bound::Above | Bound::Below | Bound::AtMost);
    if !is_each || !is_bound {
        return false;
    }
    let table = scene.drawn.table;
    let are_rates =
        scene.drawn.unit.contains('%') && table.series.iter().all(|name| name.contains(word));
    let readings: Vec<Vec<f64>> = if are_rates {
        let (mut said, but) = (scene.rows.said_or_all(clause), scene.rows.said(but));
        said.retain(|row| !but.contains(row));
        vec![scene.values(&said, &scene.series.all())]
    } else if scene.drawn.unit.contains('%') {
        return false;
    } else {
        let grown = |ends: Vec<(f64, f64)>| {
            let grown = ends.into_iter().filter(|(from, _)| *from > 0.0);
            let sign = if *falls { -1.0 } else { 1.0 };
            grown.map(|(from, to)| (to - from) / from * 100.0 * sign).collect()
        };
        meant(clause, but, scene).into_iter().map(grown).collect()
    };
    let said = figure.amount();
    let is_met = |value: &f64| match figure.bound {
        Bound::Above => *value >= said - 1e-9,
        Bound::Exact | Bound::Near | Bound::Nearly | Bound::Below | Bound::AtMost => {
            *value <= said + 1e-9
        }
    };
    let is_so = |values: &Vec<f64>| values.len() < 2 || values.iter().all(is_met);
    !readings.is_empty() && !readings.iter().any(is_so)
}
