//! A figure under a part that is linked to one clause, and that only another clause holds: 10个工作日 of 第六条
//! said of 第五条. Parts may speak of more than is linked, so it warns.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};
use lockstep_proto::manifest::Stated;

use super::{
    contradictions::kind,
    figures::{Figure, Part},
};
use crate::document::Document;

/// Clauses linked to one part that are looked at; a part that explains more explains all of it.
const CLAUSES_MAX: usize = 20;

/// Figures of the clauses linked to one part: many parts may be linked to the same long clauses.
const FIGURES_MAX: usize = 500;

/// The interpretation's figures that their linked clauses lack, though they hold others of the kind that
/// the part does not give; with the first of those.
pub(super) fn find(
    (policy, theirs): (&Document<'_>, &[Figure]),
    (interpretation, ours): (&Document<'_>, &[Figure]),
    stated: &Stated,
) -> Vec<(usize, usize)> {
    let theirs_by_path = by_path(policy, theirs);
    let ours_by_path = by_path(interpretation, ours);
    let held: HashSet<&str> = theirs.iter().map(|figure| figure.value.as_str()).collect();
    let mut found = vec![];
    for (unit, clauses) in links(policy, interpretation, stated) {
        if clauses.len() > CLAUSES_MAX {
            continue;
        }
        let linked: Vec<_> = clauses
            .iter()
            .flat_map(|clause| within(&theirs_by_path, clause))
            .filter_map(|index| Some((index, theirs.get(index)?)))
            .take(FIGURES_MAX + 1)
            .collect();
        if linked.len() > FIGURES_MAX {
            continue;
        }
        let part: Vec<_> = within(&ours_by_path, &unit)
            .filter_map(|index| Some((index, ours.get(index)?)))
            .collect();
        let values: HashSet<&str> =
            linked.iter().map(|(_, theirs)| theirs.value.as_str()).collect();
        let given: HashSet<&str> = part.iter().map(|(_, ours)| ours.value.as_str()).collect();
        // By kind, the first that the part leaves out.
        let mut unsaid: HashMap<&str, usize> = HashMap::default();
        for (index, figure) in linked.iter().filter(|(_, figure)| is_compared(figure)) {
            if !given.contains(figure.value.as_str()) {
                unsaid.entry(kind(figure)).or_insert(*index);
            }
        }
        let strange = part.iter().filter(|(_, figure)| {
            let value = figure.value.as_str();
            is_compared(figure) && held.contains(value) && !values.contains(value)
        });
        found.extend(
            strange.filter_map(|(index, figure)| Some((*index, *unsaid.get(kind(figure))?))),
        );
    }
    found
}

/// Days are given everywhere: when it begins, until when.
fn is_compared(figure: &Figure) -> bool {
    !figure.is_weak && !figure.unit.is_empty() && figure.part != Part::Former
}

/// Each linked part that holds none, with its clauses and those of the parts it stands in.
fn links(
    policy: &Document<'_>,
    interpretation: &Document<'_>,
    stated: &Stated,
) -> BTreeMap<String, Vec<String>> {
    let mut links: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for link in &stated.links {
        let Some(unit) = interpretation.find_unit(&link.unit) else { continue };
        let clauses = link.clauses.iter().filter_map(|clause| policy.find_unit(clause));
        links.entry(unit.path.clone()).or_default().extend(clauses.map(|unit| unit.path.clone()));
    }
    let holds_linked = |path: &String| {
        let begins = format!("{path}/");
        let below = links.range(begins.clone()..).next();
        below.is_some_and(|(below, _)| below.starts_with(&begins))
    };
    let lowest = links.keys().filter(|path| !holds_linked(path));
    let with_above = lowest.map(|path| {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let holders = ends.filter_map(|end| links.get(path.get(..end)?)).flatten();
        (path.clone(), holders.take(CLAUSES_MAX + 1).cloned().collect())
    });
    with_above.collect()
}

/// The places of figures in their list, by the path of their unit.
fn by_path(document: &Document<'_>, figures: &[Figure]) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, figure) in figures.iter().enumerate() {
        let unit = document.units().get(document.unit_at(figure.range.start));
        if let Some(unit) = unit {
            found.entry(unit.path.clone()).or_default().push(index);
        }
    }
    found
}

/// What stands in a unit and in what is below it.
fn within<'m>(
    by_path: &'m BTreeMap<String, Vec<usize>>,
    path: &'m str,
) -> impl Iterator<Item = usize> + 'm {
    let begins = format!("{path}/");
    let below = by_path.range(begins.clone()..);
    let below = below.take_while(move |(path, _)| path.starts_with(&begins));
    let own = by_path.get(path).into_iter();
    own.chain(below.map(|(_, held)| held)).flatten().copied()
}
