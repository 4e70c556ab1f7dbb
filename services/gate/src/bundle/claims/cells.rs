//! A figure beside the names of its row and column, which is another's: 2024年线上办理600件, where 600 is 线下.

use lockstep_proto::manifest::ChartKind;

use super::{
    amount::Bound,
    course::named,
    figures::{self, Figure},
    scene::{Scene, clauses},
    units::Units,
};

/// What speaks of several figures, or of what comes out of them.
const RECKONED: [&str; 34] = [
    "合", "共", "总", "累计", "和", "与", "及", "、", "均", "占", "比", "增加", "减少", "提高",
    "降低", "缩短", "压减", "增长", "下降", "多", "少", "差", "净", "倍", "成", "每", "其中", "由",
    "从", "前", "后", "近", "余", "其他",
];

/// The first such claim, as it is written.
pub(super) fn find_unfounded(headline: &str, scene: &Scene<'_>) -> Option<String> {
    let is_wrong = |clause: &&str| {
        if scene.drawn.kind == ChartKind::Cards {
            is_of_other_card(clause, scene)
        } else {
            is_of_other_cell(clause, scene)
        }
    };
    clauses(headline).into_iter().find(is_wrong).map(str::to_owned)
}

/// The one figure of a clause that reckons nothing.
fn only(clause: &str, names: &[&str], units: &Units) -> Option<Figure> {
    let mut rest = clause.to_owned();
    for name in names {
        rest = rest.replace(name, "");
    }
    if RECKONED.iter().any(|word| rest.contains(word)) {
        return None;
    }
    let is_changed = rest.contains(['增', '减', '降', '升', '提', '缩', '压', '涨', '跌']);
    if is_changed
        && !["降", "升", "增", "减", "压", "缩"]
            .iter()
            .any(|word| ["至", "到"].iter().any(|to| rest.contains(&format!("{word}{to}"))))
    {
        return None;
    }
    let [figure] = <[Figure; 1]>::try_from(figures::read(clause, units)).ok()?;
    (figure.bound == Bound::Exact && figure.unit.is_some()).then_some(figure)
}

fn is_of_other_cell(clause: &str, scene: &Scene<'_>) -> bool {
    let (rows, series) = (&scene.rows, &scene.series);
    let (rows_said, series_said) = (rows.said(clause), series.said(clause));
    let is_one = match (rows_said.as_slice(), series_said.as_slice()) {
        ([_] | [], [_]) => series.len() > 1,
        ([_], []) => !rows.are_times && series.len() == 1,
        _ => false,
    };
    let names: Vec<&str> = rows_said
        .iter()
        .filter_map(|at| rows.names.get(*at))
        .chain(series_said.iter().filter_map(|at| series.names.get(*at)))
        .copied()
        .collect();
    let Some(figure) = only(clause, &names, scene.units).filter(|_| is_one) else { return false };
    let is = |values: Vec<f64>| values.iter().any(|value| figure.is(*value, scene.units));
    let or_all =
        |said: &Vec<usize>, all: Vec<usize>| if said.is_empty() { all } else { said.clone() };
    let own = (or_all(&rows_said, rows.all()), or_all(&series_said, series.all()));
    let is_own = is(scene.values(&own.0, &own.1));
    !is_own && is(scene.values(&rows.all(), &series.all()))
}

/// 时限120天, where 120 is another card's and has another unit.
fn is_of_other_card(clause: &str, scene: &Scene<'_>) -> bool {
    let base = |label: &str| label.split(['（', '(']).next().unwrap_or(label).trim().to_owned();
    let bases: Vec<String> = scene.rows.names.iter().map(|label| base(label)).collect();
    let names: Vec<&str> = bases.iter().map(String::as_str).collect();
    let said = named(clause, &names);
    let [at] = said.as_slice() else { return false };
    let (Some(name), Some(label)) = (names.get(*at), scene.rows.names.get(*at)) else {
        return false;
    };
    let units = Units::of_name(label);
    let Some(figure) = only(clause, &[name], &units) else { return false };
    let is = |value: f64, units: &Units| figure.is(value, units);
    let own = scene.grid.line(*at).unwrap_or_default();
    let is_own = own.iter().flatten().any(|value| is(*value, &units));
    let others = (0..scene.rows.len()).filter(|other| other != at);
    let mut others = others.filter_map(|other| scene.grid.line(other)).flatten().flatten();
    let written = &figure.digits;
    !is_own && others.any(|value| written.parse() == Ok(*value))
}
