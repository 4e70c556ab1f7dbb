//! TS120 of what the policy lacks, and TS121 of what its nearest clause says otherwise.

use std::ops::Range;

use foldhash::HashSet;
use lockstep_proto::finding::Finding;

use super::{DOUBT, beside::Beside, is_day, raw, tell_contradictions};
use crate::{
    bundle::TEXT_BYTES_MAX,
    codes::{self, At as _},
    document::{Document, Metadata},
    pair::{
        FINDINGS_MAX, Pair,
        beyond::Beyond,
        cap, contacts,
        contradictions::Known,
        figures::{self, Figure},
        follows::Rules,
        held::Held,
        near, relative,
        sources::{self, Sources},
        texts::Texts,
    },
};

/// What is left to be said of figures, when those that contradict the policy are `named`.
pub(super) struct Lacking<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) beside: &'a Beside<'a>,
    pub(super) named: &'a [(usize, usize)],
    /// Of a scale's steps nothing is said.
    pub(super) rungs: &'a HashSet<usize>,
    /// What follows from the policy's own figures by them.
    pub(super) rules: &'a Rules<'a>,
    /// What is plainly not its matter.
    pub(super) beyond: &'a Beyond<'a>,
    /// What the policy lacks.
    pub(super) missing: HashSet<usize>,
}

/// TS121 of what the policy's nearest clause says otherwise, and TS120 of what else it lacks.
pub(super) fn tell_lacking(
    pair: &Pair<'_>,
    texts: &Texts<'_>,
    lacking: &Lacking<'_>,
    is_own: impl Fn(&Figure) -> bool,
) -> Vec<Finding> {
    let [theirs, ours] = [&texts.policy, &texts.interpretation].map(|said| &said.figures);
    let rests = near::find_rests(texts, &lacking.missing);
    let missing = lacking.missing.difference(&rests).copied().collect();
    let (lacked, asked) = ask(pair, (theirs, ours), &missing);
    let mut near = near::find(texts, lacking.known, lacking.named, &missing);
    near.retain(|(one, other)| {
        let figures = ours.get(*one).zip(theirs.get(*other));
        if figures.is_some_and(|(figure, rival)| lacking.beyond.covers(figure, rival)) {
            return false;
        }
        let is_asked = |figure| asked.contains(one) || (is_day(figure) && lacked.contains(one));
        ours.get(*one).is_some_and(|figure| {
            is_own(figure)
                && !lacking.rungs.contains(one)
                && (!missing.contains(one) || is_asked(figure))
        })
    });
    let rivals =
        near.iter().filter_map(|(one, other)| Some((ours.get(*one)?, theirs.get(*other)?)));
    let rivals = rivals.filter(|(figure, rival)| {
        !lacking.rules.explain(figure, rival) && !lacking.beside.is_reached(figure, rival)
    });
    let mut findings = tell_contradictions(pair, rivals.map(|found| (found, DOUBT)));
    let near: HashSet<usize> = near.iter().map(|(one, _)| *one).collect();
    let missing = asked.iter().filter(|one| !near.contains(one));
    let missing: Vec<&Figure> = missing.filter_map(|one| ours.get(*one)).collect();
    findings.extend(tell_unsourced(pair, &missing));
    findings
}

/// TS120: contacts of which the policy has others, then figures that neither it nor its annexes hold; one finding
/// for a unit of the interpretation, at the first of them. A wrong telephone is rarer than a figure without a source.
fn tell_unsourced(pair: &Pair<'_>, missing: &[&Figure]) -> Vec<Finding> {
    let ours = pair.interpretation;
    let contacts = contacts::find(pair.policy.text(), ours.text(), pair.annexes, pair.stated);
    let show = |range: &Range<usize>| ours.text().get(range.clone()).unwrap_or_default().to_owned();
    let mut missing = missing.to_vec();
    // 52至72平方米 is two figures, and names its end.
    missing.dedup_by(|next, one| one.range.end >= next.range.end);
    let contacts = by_unit(pair, &contacts, |range| range.start, show);
    let figures = by_unit(pair, &missing, |figure| figure.range.start, |figure| raw(ours, figure));
    cap(contacts.chain(figures))
}

/// Of the figures that the policy lacks, those that its annexes lack too, and of these such as ask for a source, in
/// order.
fn ask(
    pair: &Pair<'_>,
    (theirs, ours): (&[Figure], &[Figure]),
    missing: &HashSet<usize>,
) -> (HashSet<usize>, Vec<usize>) {
    let policy = pair.policy.metadata();
    let lacking = ours.iter().enumerate().filter(|(index, _)| missing.contains(index));
    let lacking = lacking_in_annexes(pair, policy, lacking.map(|(_, figure)| figure).collect());
    let places = |of: &[&Figure]| -> Vec<usize> {
        let starts: HashSet<usize> = of.iter().map(|figure| figure.range.start).collect();
        let places = ours.iter().enumerate();
        let places = places.filter(|(_, figure)| starts.contains(&figure.range.start));
        places.map(|(index, _)| index).filter(|index| missing.contains(index)).collect()
    };
    let lacked = places(&lacking).into_iter().collect();
    let written_on = pair.metadata.written_on.as_deref();
    let sources = Sources::of(pair.interpretation, policy, written_on, theirs);
    (lacked, places(&sources.asked_for(lacking)))
}

/// Those of these figures that the policy's annexes do not hold. One annex is read at a time, and no more of it
/// than a text may have.
fn lacking_in_annexes<'f>(
    pair: &Pair<'_>,
    policy: &Metadata,
    mut missing: Vec<&'f Figure>,
) -> Vec<&'f Figure> {
    if missing.is_empty() {
        return missing;
    }
    let written = sources::written(policy, pair.metadata.written_on.as_deref());
    for text in pair.annexes.texts() {
        let end = text.floor_char_boundary(TEXT_BYTES_MAX);
        let annex = Document::read(text.get(..end).unwrap_or_default());
        let figures = relative::resolve(figures::find(&annex), written);
        let held = Held::of(&figures);
        missing.retain(|figure| !held.has_quantity(figure));
    }
    missing
}

/// One TS120 to be made for each unit of the interpretation, of what lies in it.
fn by_unit<'i, T>(
    pair: &'i Pair<'_>,
    items: &'i [T],
    start: impl Fn(&T) -> usize + Copy + 'i,
    show: impl Fn(&T) -> String + Copy + 'i,
) -> impl Iterator<Item = Box<dyn FnOnce() -> Finding + 'i>> {
    let ours = pair.interpretation;
    let units =
        items.chunk_by(move |one, next| ours.unit_at(start(one)) == ours.unit_at(start(next)));
    units.filter_map(move |alike| {
        let first = start(alike.first()?);
        let make: Box<dyn FnOnce() -> Finding> = Box::new(move || {
            let named: Vec<_> = alike.iter().take(FINDINGS_MAX).map(show).collect();
            let rest = if alike.len() > FINDINGS_MAX { "…" } else { "" };
            let finding = codes::EXTERNAL_FIGURE.about(format_args!("{}{rest}", named.join("、")));
            let (line, column) = ours.place(first);
            finding.in_member(pair.interpretation_path).at_place(line, column)
        });
        Some(make)
    })
}
