//! What differs between two revisions: clause by clause, what was declared, which members; whether a
//! norm is touched, what it makes stale and which sign-offs it voids. Data; how people read it is the
//! command's.
//!
//! As JSON: [`Diff`], its fields as they are named here.

mod align;
mod declared;
mod norm;
mod stale;
mod words;

use lockstep_proto::{
    ids::{PersonId, StepName},
    manifest::Role,
    sign_off::{Chain, Decision, SignOff},
};
use serde::Serialize;

pub use declared::{DeclaredChange, MemberChange, Revision};
pub use norm::Cause;
pub use stale::{Stale, StaleChart, StaleFigure, StaleLink, StaleWaiver, Why};
pub use words::{Span, SpanKind};

use crate::document::Document;
use align::{Aligned, Side, align};

/// What differs between two revisions.
#[derive(Debug, Clone, Serialize)]
pub struct Diff {
    /// Whether the content is the same, as intake sees it: everything but the proposed order.
    pub is_same: bool,
    /// Whether anything that binds people may have changed in the policy.
    pub is_norm_touched: bool,
    /// Why: each clause that may bind otherwise.
    pub touches: Vec<Touch>,
    /// The policy's clauses.
    pub policy: TextDiff,
    /// The interpretation's clauses.
    pub interpretation: TextDiff,
    /// Files that came, went or changed.
    pub members: Vec<MemberChange>,
    /// What is declared otherwise: title, agencies, plan, links, order.
    pub declared: Vec<DeclaredChange>,
    /// What of the later revision no longer fits.
    pub stale: Stale,
    /// Which sign-offs over the earlier revision no longer count.
    pub voids: Voids,
}

/// A clause that may bind people otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touch {
    /// Its path in the later text; in the earlier one, if it is gone. An attachment's path.
    pub clause: String,
    /// Why.
    pub cause: Cause,
    /// The same in words.
    pub message: &'static str,
    /// The same in English.
    pub message_en: &'static str,
}

impl Touch {
    fn new(clause: &str, cause: Cause) -> Self {
        let (message, message_en) = cause.words();
        Self { clause: clause.to_owned(), cause, message, message_en }
    }
}

/// What differs between two texts. Both texts' units without page furniture, less what is removed or
/// moves, with what is added or moved put at its index, are one another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TextDiff {
    /// Every clause that is not as and where it was, in the order of the later text; what was removed
    /// stands where it stood.
    pub changes: Vec<Change>,
    /// Whether the texts differ and no clause does: blanks, emphasis, page numbers, contents lists.
    pub is_layout_only: bool,
}

/// One clause that is not as and where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// Where it stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Place>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Place>,
    /// What it says behind its mark, in pieces: joined without those added, the earlier words (blanks
    /// aside); without those removed, the later.
    pub spans: Vec<Span>,
    /// Why it may bind people otherwise; in policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touch: Option<Cause>,
}

/// What became of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else; it may stand elsewhere, too.
    Changed,
    /// It says the same under another number or in another place.
    Moved,
}

/// Where a clause stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its path, as `lockstep outline` shows it.
    pub path: String,
    /// Its place among the text's units from 0, page furniture and contents lists left out.
    pub index: usize,
    /// Its line, from 1.
    pub line: usize,
}

/// Which sign-offs over the earlier revision no longer count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Voids {
    /// Whether all do not: the content differs. Saving the same content voids nothing.
    pub all: bool,
    /// Those that were given; none where they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_offs: Option<Vec<Voided>>,
    /// The steps to be signed again, in order; none where the chain is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<StepName>>,
}

/// A sign-off that no longer counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Voided {
    /// Its step.
    pub step: StepName,
    /// Who gave it.
    pub person: PersonId,
}

/// What is known of the earlier revision's case.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Its chain.
    pub chain: &'a Chain,
    /// The statements over its manifest.
    pub sign_offs: &'a [SignOff],
}

/// What differs between two bundles' files, folders of a drafter or fetched ones; with the earlier
/// one's case, where it is known. Findings say why a bundle cannot be compared.
pub fn revisions(old: &Revision, new: &Revision, case: Option<Case<'_>>) -> Diff {
    let read = |revision: &Revision| {
        [Role::Policy, Role::Interpretation].map(|role| revision.text(role).to_owned())
    };
    let ([old_policy, old_words], [new_policy, new_words]) = (read(old), read(new));
    let [was, is] = [&old_policy, &new_policy].map(|text| Document::read(text));
    let policy = Compared::of(&was, &is);
    let [said, says] = [&old_words, &new_words].map(|text| Document::read(text));
    let interpretation = Compared::of(&said, &says);
    let members = declared::compare_members(old, new);
    let declared = declared::compare(old, new);
    let mut touches = policy.touches();
    touches.extend(declared::touches(&members, &declared));
    let is_same =
        members.is_empty() && declared.iter().all(|change| change.field.starts_with("order"));
    Diff {
        is_same,
        is_norm_touched: !touches.is_empty(),
        touches,
        stale: stale::find(&policy, &interpretation, (old, new), &members),
        policy: policy.diff,
        interpretation: interpretation.diff.without_touches(),
        members,
        declared,
        voids: voids(is_same, case),
    }
}

/// What differs between two texts of policies.
pub fn texts(old: &str, new: &str) -> Diff {
    let [was, is] = [old, new].map(Document::read);
    let policy = Compared::of(&was, &is);
    let touches = policy.touches();
    Diff {
        is_same: old == new,
        is_norm_touched: !touches.is_empty(),
        touches,
        policy: policy.diff,
        interpretation: TextDiff::default(),
        members: vec![],
        declared: vec![],
        stale: Stale::default(),
        voids: voids(old == new, None),
    }
}

fn voids(is_same: bool, case: Option<Case<'_>>) -> Voids {
    let void = |case: Case<'_>| {
        let given =
            case.sign_offs.iter().filter(|given| !is_same && given.decision == Decision::Signed);
        given
            .map(|given| Voided { step: given.step.clone(), person: given.person.clone() })
            .collect()
    };
    let steps = |case: Case<'_>| {
        case.chain.steps.iter().filter(|_| !is_same).map(|step| step.name.clone()).collect()
    };
    Voids { all: !is_same, sign_offs: case.map(void), steps: case.map(steps) }
}

impl Diff {
    /// Whether nothing at all differs, the proposed order included.
    pub fn is_empty(&self) -> bool {
        self.is_same && self.declared.is_empty()
    }
}

impl TextDiff {
    /// An interpretation binds nobody.
    fn without_touches(mut self) -> Self {
        self.changes.iter_mut().for_each(|change| change.touch = None);
        self
    }
}

/// Two texts, compared, with what the comparison knows of them.
struct Compared<'d> {
    old: Side<'d>,
    new: Side<'d>,
    aligned: Aligned,
    diff: TextDiff,
}

impl<'d> Compared<'d> {
    fn of(old: &'d Document<'d>, new: &'d Document<'d>) -> Self {
        let is_equal = old.text() == new.text();
        let [old, new] = [old, new].map(Side::of);
        let aligned = align(&old, &new);
        let mut changes = list_changes(&old, &new, &aligned);
        for change in &mut changes {
            let of = |side: &Side<'d>, place: &Option<Place>| {
                let item = side.items.get(place.as_ref()?.index)?;
                Some(side.document.text_of(item.unit))
            };
            let text = of(&new, &change.after).or_else(|| of(&old, &change.before));
            change.touch = norm::judge(change, text.unwrap_or_default());
        }
        norm::judge_places(&old, &new, &aligned, &mut changes);
        let is_layout_only = changes.is_empty() && !is_equal;
        Self { old, new, aligned, diff: TextDiff { changes, is_layout_only } }
    }

    fn touches(&self) -> Vec<Touch> {
        let changed = self.diff.changes.iter().filter_map(|change| {
            let place = change.after.as_ref().or(change.before.as_ref())?;
            Some(Touch::new(&place.path, change.touch?))
        });
        let astray = norm::find_astray(&self.old, &self.new, &self.aligned);
        changed.chain(astray.into_iter().map(|path| Touch::new(path, Cause::Reference))).collect()
    }
}

fn list_changes(old: &Side<'_>, new: &Side<'_>, aligned: &Aligned) -> Vec<Change> {
    let mut changes = vec![];
    let mut passed = 0;
    let removed = |until: usize, passed: &mut usize, changes: &mut Vec<Change>| {
        while *passed < until {
            if let Some(item) = old.items.get(*passed).filter(|_| !aligned.is_kept(*passed)) {
                changes.push(Change {
                    kind: ChangeKind::Removed,
                    before: Some(place(old, *passed)),
                    after: None,
                    spans: item.said.whole(SpanKind::Removed),
                    touch: None,
                });
            }
            *passed += 1;
        }
    };
    for (after, item) in new.items.iter().enumerate() {
        let before = aligned.before(after);
        let earlier = before.and_then(|before| Some((before, old.items.get(before)?)));
        let Some((before, earlier)) = earlier else {
            changes.push(Change {
                kind: ChangeKind::Added,
                before: None,
                after: Some(place(new, after)),
                spans: item.said.whole(SpanKind::Added),
                touch: None,
            });
            continue;
        };
        let keeps_order = aligned.keeps_order(after);
        if keeps_order {
            removed(before, &mut passed, &mut changes);
        }
        let (kind, spans) = if earlier.said.key != item.said.key {
            (ChangeKind::Changed, words::compare(&earlier.said, &item.said))
        } else if keeps_order && earlier.unit.path == item.unit.path {
            continue;
        } else {
            (ChangeKind::Moved, item.said.whole(SpanKind::Same))
        };
        let (before, after) = (Some(place(old, before)), Some(place(new, after)));
        changes.push(Change { kind, before, after, spans, touch: None });
    }
    removed(old.items.len(), &mut passed, &mut changes);
    changes
}

fn place(side: &Side<'_>, index: usize) -> Place {
    match side.items.get(index) {
        Some(item) => Place { path: item.unit.path.clone(), index, line: item.line },
        None => Place { path: String::new(), index, line: 1 },
    }
}
