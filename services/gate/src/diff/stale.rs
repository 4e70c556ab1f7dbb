//! What of the later revision was true of the earlier policy, and may not be of this one: links,
//! waivers and figures whose clause changed.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    ops::Bound,
};

use lockstep_proto::{ids::ChartId, manifest::Stated};
use serde::Serialize;

use super::{Change, ChangeKind, Compared, MemberChange, Revision, align::Side, norm::around};
use crate::pair::figures::{self, Figure};

/// What no longer fits the policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// Links between interpretation and policy.
    pub links: Vec<StaleLink>,
    /// Clauses that were to need no explanation.
    pub waivers: Vec<StaleWaiver>,
    /// Figures stated to come from elsewhere, that the policy held or holds now.
    pub external: Vec<StaleFigure>,
    /// Figures of the interpretation that the policy no longer holds.
    pub figures: Vec<StaleFigure>,
    /// Charts whose data changed under the same headline.
    pub charts: Vec<StaleChart>,
}

/// Why a stated clause is to be looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It, or what is in it, binds otherwise.
    Changed,
    /// There is no such clause any more.
    Gone,
    /// Another clause bears its number now.
    Renumbered,
}

/// A link to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaleLink {
    /// The unit of the interpretation.
    pub unit: String,
    /// The clause, as it is stated.
    pub clause: String,
    /// Why.
    pub why: Why,
    /// Whether the unit was changed as well.
    pub is_unit_changed: bool,
}

/// A waiver to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaleWaiver {
    /// The clause, as it is stated.
    pub clause: String,
    /// The reason that is given.
    pub reason: String,
    /// Why.
    pub why: Why,
}

/// A figure to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaleFigure {
    /// As it is written, or stated.
    pub figure: String,
    /// The unit of the interpretation that gives it; none for what is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The policy's clause that held it or holds it now.
    pub clause: String,
    /// What stands in that clause now, as far as it can be the same quantity.
    pub now: Vec<String>,
}

/// A chart to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaleChart {
    /// Which.
    pub chart: ChartId,
    /// Its data.
    pub data: String,
}

pub(super) fn find(
    policy: &Compared<'_>,
    interpretation: &Compared<'_>,
    (old, new): (&Revision, &Revision),
    members: &[MemberChange],
) -> Stale {
    let (was, is) = (&old.declared.stated, &new.declared.stated);
    let lost = Lost::of(policy);
    let charts = new.declared.charts.iter().filter(|chart| {
        let is_changed =
            |member: &MemberChange| member.path == chart.data && member.kind == ChangeKind::Changed;
        let earlier = old.declared.charts.iter().find(|earlier| earlier.id == chart.id);
        members.iter().any(is_changed)
            && earlier.is_some_and(|earlier| earlier.headline == chart.headline)
    });
    let charts = charts
        .map(|chart| StaleChart { chart: chart.id.clone(), data: chart.data.clone() })
        .collect();
    Stale {
        links: find_links(policy, interpretation, was, is),
        waivers: find_waivers(policy, was, is),
        external: lost.find_external(is),
        figures: lost.find_figures(policy, interpretation, is),
        charts,
    }
}

/// Paths, to be asked for what is below one.
#[derive(Default)]
struct Paths<'c>(BTreeSet<&'c str>);

impl Paths<'_> {
    /// Whether this path, or one below it, is among them.
    fn touch(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let from = (Bound::Included(below.as_str()), Bound::Unbounded);
        let next = self.0.range::<str, _>(from).next();
        self.0.contains(path) || next.is_some_and(|next| next.starts_with(&below))
    }
}

/// The clauses of the later policy that bind otherwise, and those of the earlier that are gone.
struct Clauses<'c> {
    policy: &'c Compared<'c>,
    touched: Paths<'c>,
    removed: Paths<'c>,
}

impl<'c> Clauses<'c> {
    fn of(policy: &'c Compared<'c>) -> Self {
        let touched = policy.diff.changes.iter().filter(|change| change.touch.is_some());
        let (mut here, mut gone) = (Paths::default(), Paths::default());
        for change in touched {
            match (&change.before, &change.after) {
                (_, Some(after)) => here.0.insert(&after.path),
                (Some(before), None) => gone.0.insert(&before.path),
                (None, None) => false,
            };
        }
        Self { policy, touched: here, removed: gone }
    }

    /// Why a clause that is stated by this name is to be looked at again. Who states it anew knows
    /// what bears the name now.
    fn why(&self, name: &str, is_anew: bool) -> Option<Why> {
        let Compared { old, new, aligned, .. } = self.policy;
        let Some(unit) = new.document.find_unit(name) else { return Some(Why::Gone) };
        let was = old.document.find_unit(name).and_then(|unit| old.find(&unit.path));
        let is = new.find(&unit.path)?;
        let before = aligned.before(is);
        if !is_anew && was.is_some() && before != was {
            return Some(Why::Renumbered);
        }
        let before = before.and_then(|before| old.items.get(before));
        let is_less = before.is_some_and(|item| self.removed.touch(&item.unit.path));
        (is_less || self.touched.touch(&unit.path)).then_some(Why::Changed)
    }
}

fn find_links(
    policy: &Compared<'_>,
    interpretation: &Compared<'_>,
    was: &Stated,
    is: &Stated,
) -> Vec<StaleLink> {
    let clauses = Clauses::of(policy);
    let changed = interpretation.diff.changes.iter();
    let changed = changed.filter(|change| change.kind != ChangeKind::Moved);
    let changed = Paths(changed.filter_map(|c| Some(c.after.as_ref()?.path.as_str())).collect());
    let stated = |stated: &Stated| -> HashSet<(String, String)> {
        let links = stated.links.iter();
        links.flat_map(|link| link.clauses.iter().map(|c| (link.unit.clone(), c.clone()))).collect()
    };
    let earlier = stated(was);
    let mut found = vec![];
    for link in &is.links {
        for clause in &link.clauses {
            let is_anew = !earlier.contains(&(link.unit.clone(), clause.clone()));
            let Some(why) = clauses.why(clause, is_anew) else { continue };
            let unit = interpretation.new.document.find_unit(&link.unit);
            let is_unit_changed = unit.is_some_and(|unit| changed.touch(&unit.path));
            let (unit, clause) = (link.unit.clone(), clause.clone());
            found.push(StaleLink { unit, clause, why, is_unit_changed });
        }
    }
    found
}

fn find_waivers(policy: &Compared<'_>, was: &Stated, is: &Stated) -> Vec<StaleWaiver> {
    let clauses = Clauses::of(policy);
    let earlier: HashSet<&String> = was.waivers.iter().flat_map(|waiver| &waiver.clauses).collect();
    let all = is.waivers.iter().flat_map(|waiver| waiver.clauses.iter().map(move |c| (waiver, c)));
    all.filter_map(|(waiver, clause)| {
        let why = clauses.why(clause, !earlier.contains(clause))?;
        Some(StaleWaiver { clause: clause.clone(), reason: waiver.reason.clone(), why })
    })
    .collect()
}

/// Figures that a clause of the policy no longer holds, by value; and what came into clauses.
struct Lost<'p> {
    /// The later policy's text.
    text: &'p str,
    /// Clause, as it is called now where it is still there, and what it holds now instead.
    by_value: HashMap<String, Vec<(String, Vec<Figure>)>>,
    /// Clause, and how it writes the figure.
    gained: HashMap<String, (String, String)>,
    /// All values that the later policy holds.
    held: HashSet<String>,
}

impl<'p> Lost<'p> {
    fn of(policy: &Compared<'p>) -> Self {
        let text = policy.new.document.text();
        let (old, new) = (by_item(&policy.old), by_item(&policy.new));
        let mut lost: HashMap<String, Vec<(String, Vec<Figure>)>> = HashMap::new();
        let mut gained = HashMap::new();
        let changes = policy.diff.changes.iter();
        for change in changes.filter(|change| change.kind != ChangeKind::Moved) {
            let of = |figures: &BTreeMap<usize, Vec<Figure>>, place: &Option<super::Place>| {
                let found = place.as_ref().and_then(|place| figures.get(&place.index));
                found.cloned().unwrap_or_default()
            };
            let (was, is) = (of(&old, &change.before), of(&new, &change.after));
            let [then, now] = [&was, &is].map(|figures| values(figures));
            let clause = name(change);
            let come: Vec<Figure> =
                is.into_iter().filter(|figure| !then.contains(&figure.value)).collect();
            for figure in &come {
                let gained = gained.entry(figure.value.clone());
                gained.or_insert_with(|| (clause.clone(), raw(text, figure)));
            }
            for figure in was.into_iter().filter(|figure| !now.contains(&figure.value)) {
                let same = come.iter().filter(|other| other.unit == figure.unit).cloned().collect();
                lost.entry(figure.value).or_default().push((clause.clone(), same));
            }
        }
        let held = new.values().flat_map(|figures| values(figures)).collect();
        Self { text, by_value: lost, gained, held }
    }

    /// Stated to come from elsewhere: the policy held it, or does now.
    fn find_external(&self, stated: &Stated) -> Vec<StaleFigure> {
        let mut found = vec![];
        for external in &stated.external {
            for figure in figures::find_in(&external.figure, 0, &[]) {
                let lost = self.by_value.get(&figure.value).and_then(|clauses| clauses.first());
                let (clause, now) = match (lost, self.gained.get(&figure.value)) {
                    (Some((clause, now)), _) => (clause.clone(), self.written(now)),
                    (None, Some((clause, now))) => (clause.clone(), vec![now.clone()]),
                    (None, None) => continue,
                };
                let figure = external.figure.clone();
                found.push(StaleFigure { figure, unit: None, clause, now });
            }
        }
        found
    }

    /// Figures of the interpretation that the policy no longer holds, or no longer in the clause that
    /// their unit explains. A unit that gives the new one too says what changed.
    fn find_figures(
        &self,
        policy: &Compared<'_>,
        interpretation: &Compared<'_>,
        stated: &Stated,
    ) -> Vec<StaleFigure> {
        let (side, text) = (&interpretation.new, interpretation.new.document.text());
        let linked = linked(policy, side, stated);
        let external = stated.external.iter().flat_map(|e| figures::find_in(&e.figure, 0, &[]));
        let external: HashSet<String> = external.map(|figure| figure.value).collect();
        let mut found = vec![];
        for (index, figures) in by_item(side) {
            let Some(item) = side.items.get(index) else { continue };
            let said = values(&figures);
            let path = &item.unit.path;
            for figure in figures.iter().filter(|figure| !external.contains(&figure.value)) {
                let clauses = self.by_value.get(&figure.value).into_iter().flatten();
                let is_held = self.held.contains(&figure.value);
                let stale = clauses.into_iter().find(|(clause, now)| {
                    // A link may name the heading above.
                    let units = std::iter::successors(Some(path.as_str()), |path| around(path));
                    let explains = units
                        .filter_map(|path| linked.get(path))
                        .any(|clauses| clauses.touch(clause));
                    (!is_held || explains) && !now.iter().any(|now| said.contains(&now.value))
                });
                let Some((clause, now)) = stale else { continue };
                found.push(StaleFigure {
                    figure: raw(text, figure),
                    unit: Some(path.clone()),
                    clause: clause.clone(),
                    now: self.written(now),
                });
            }
        }
        found
    }

    /// Figures as the later policy writes them.
    fn written(&self, figures: &[Figure]) -> Vec<String> {
        figures.iter().map(|figure| raw(self.text, figure)).collect()
    }
}

/// The clauses that each unit of the interpretation is stated to explain.
fn linked<'p>(
    policy: &'p Compared<'_>,
    interpretation: &'p Side<'_>,
    stated: &Stated,
) -> HashMap<&'p str, Paths<'p>> {
    let mut linked: HashMap<&str, Paths<'_>> = HashMap::new();
    for link in &stated.links {
        let Some(unit) = interpretation.document.find_unit(&link.unit) else { continue };
        let clauses = link.clauses.iter().filter_map(|name| policy.new.document.find_unit(name));
        let paths = clauses.map(|unit| unit.path.as_str());
        linked.entry(&unit.path).or_default().0.extend(paths);
    }
    linked
}

fn values(figures: &[Figure]) -> HashSet<String> {
    figures.iter().map(|figure| figure.value.clone()).collect()
}

/// A figure as a text writes it, but for blanks.
fn raw(text: &str, figure: &Figure) -> String {
    text.get(figure.range.clone()).unwrap_or_default().split_whitespace().collect()
}

/// What people call a changed clause: as it is now, or as it was.
fn name(change: &Change) -> String {
    let place = change.after.as_ref().or(change.before.as_ref());
    place.map(|place| place.path.clone()).unwrap_or_default()
}

/// The figures of each item that has any; words like 一年 left out.
fn by_item(side: &Side<'_>) -> BTreeMap<usize, Vec<Figure>> {
    let mut found: BTreeMap<usize, Vec<Figure>> = BTreeMap::new();
    for figure in figures::find(side.document).into_iter().filter(|figure| !figure.is_weak) {
        let behind = side.items.partition_point(|item| item.unit.start <= figure.range.start);
        if let Some(index) = behind.checked_sub(1) {
            found.entry(index).or_default().push(figure);
        }
    }
    found
}
