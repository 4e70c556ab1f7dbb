//! Approved in sync (TS2xx): one chain of signatures over the manifest, so that one act covers both
//! texts and everything rendered from them (同步审批).

use lockstep_proto::{
    digest::Digest,
    document::Document,
    finding::Finding,
    ids::{PersonId, StepName},
    sign_off::{Chain, Decision, SignOff, SignOffKind, Step},
    signed::Signed,
    time::Timestamp,
};

use crate::{codes, profile, verdict::Facts};

/// How far a history got.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// How many steps are signed.
    pub steps_signed: usize,
    /// Whether a step returned it.
    pub is_returned: bool,
    /// The order that the last step signed, the newest if several.
    pub order: Option<Digest>,
}

impl Progress {
    /// The step whose turn it is; none once the chain is complete or the case was returned.
    pub fn next_step<'c>(&self, chain: &'c Chain) -> Option<&'c Step> {
        if self.is_returned { None } else { chain.steps.get(self.steps_signed) }
    }

    /// Whether every step signed.
    pub fn is_complete(&self, chain: &Chain) -> bool {
        !self.is_returned && self.steps_signed == chain.steps.len()
    }
}

/// Reads how far a history got. Says nothing about whether it holds: [`history_holds`] does.
pub fn progress(chain: &Chain, sign_offs: &[Signed<SignOff>]) -> Progress {
    sign_offs.iter().fold(Progress::default(), |mut progress, signed| {
        let statement = signed.statement();
        match statement.decision {
            Decision::Returned { .. } => progress.is_returned = true,
            Decision::Signed if progress.steps_signed < chain.steps.len() => {
                progress.steps_signed += 1;
                progress.order.clone_from(&statement.order);
            }
            // The last step again, over another order.
            Decision::Signed => progress.order.clone_from(&statement.order),
        }
        progress
    })
}

/// TS201 to TS203, TS205, TS206, TS208 to TS211: every sign-off given so far is over this manifest,
/// by a person entitled to this step, in order and without gaps.
pub fn history_holds(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let (Some(chain), Some(profile)) = (facts.chain, facts.profile) else {
        return vec![codes::OTHER_CHAIN.about("审批链与规则 chain, profile")];
    };
    // Signers cannot choose their own rule: it is one that this program knows.
    if !profile::is_known(profile.digest()) {
        return vec![codes::OTHER_CHAIN.about(&profile.name)];
    }
    facts
        .sign_offs
        .iter()
        .enumerate()
        .flat_map(|(index, signed)| {
            let before = facts.sign_offs.get(..index).unwrap_or_default();
            let mut findings = position(signed.statement(), before, chain);
            findings.extend(statement(facts, signed));
            findings.extend(signature(facts, signed));
            findings.extend(separation(facts, signed.statement(), before));
            findings
        })
        .collect()
}

/// TS204, TS207: the chain is complete and nobody returned it.
pub fn chain_is_complete(facts: &Facts<'_>, _: Timestamp) -> Vec<Finding> {
    let Some(chain) = facts.chain else {
        return vec![codes::INCOMPLETE_CHAIN.finding()];
    };
    let progress = progress(chain, facts.sign_offs);
    if progress.is_returned {
        return vec![codes::RETURNED.finding()];
    }
    match progress.next_step(chain) {
        Some(step) => vec![codes::INCOMPLETE_CHAIN.about(step_in_words(&step.name))],
        None if chain.steps.is_empty() => vec![codes::INCOMPLETE_CHAIN.finding()],
        None => vec![],
    }
}

/// TS205: the next number, after the statement before, at the step whose turn it is.
fn position(statement: &SignOff, before: &[Signed<SignOff>], chain: &Chain) -> Vec<Finding> {
    let progress = progress(chain, before);
    // After the chain is complete, only its last step may speak again: another order.
    let turn = if progress.is_complete(chain) { chain.last() } else { progress.next_step(chain) };
    let is_reorder = progress.is_complete(chain);
    let fits = usize::try_from(statement.number).is_ok_and(|number| number == before.len() + 1)
        && statement.previous.as_ref() == before.last().map(Signed::digest)
        && turn.is_some_and(|step| step.name == statement.step)
        && !(is_reorder && matches!(statement.decision, Decision::Returned { .. }));
    if fits { vec![] } else { vec![codes::OUT_OF_ORDER.about(step_in_words(&statement.step))] }
}

/// A step in Chinese with its name.
pub fn step_in_words(name: &StepName) -> String {
    match name.as_str() {
        "review" => "审核 review".to_owned(),
        "issue" => "签发 issue".to_owned(),
        other => other.to_owned(),
    }
}

/// What the statement says it is over and by whom.
fn statement(facts: &Facts<'_>, signed: &Signed<SignOff>) -> Vec<Finding> {
    let statement = signed.statement();
    let mut findings = vec![];
    let about = format!("{}，{}", step_in_words(&statement.step), statement.person);
    if statement.deployment != *facts.deployment {
        findings.push(codes::OTHER_DEPLOYMENT.about(&about));
    }
    if Some(&statement.manifest) != facts.digest || statement.bundle != facts.manifest.bundle {
        findings.push(codes::OTHER_MANIFEST.about(&about));
    }
    let chain = facts.chain.map(|chain| (chain.digest(), &chain.steps));
    if Some(&statement.chain) != chain.map(|(digest, _)| digest)
        || Some(&statement.profile) != facts.profile.map(Document::digest)
        || chain.map(|(_, steps)| steps) != facts.profile.map(|profile| &profile.steps)
    {
        findings.push(codes::OTHER_CHAIN.about(&about));
    }
    match statement.kind {
        SignOffKind::Signed => {}
        SignOffKind::Delegated { .. } => {
            findings.push(codes::SIGN_OFF_KIND.about("代签 delegated"));
        }
        SignOffKind::Attested { .. } => {
            findings.push(codes::SIGN_OFF_KIND.about("纸质签批 attested"));
        }
    }
    let steps = facts.chain.map(|chain| chain.steps.as_slice()).unwrap_or_default();
    let role = steps.iter().find(|step| step.name == statement.step).map(|step| &step.role);
    if role != Some(&statement.role) || !facts.directory.holds(&statement.person, &statement.role) {
        findings.push(codes::WRONG_ROLE.about(&about));
    }
    findings
}

/// TS206: made by a key of this person that is in force.
fn signature(facts: &Facts<'_>, signed: &Signed<SignOff>) -> Vec<Finding> {
    let SignOff { person, key, .. } = &**signed.statement();
    let holds = facts.directory.is_signed_by(person, key, signed);
    if holds { vec![] } else { vec![codes::BAD_SIGNATURE.about(person)] }
}

/// TS202, TS203: no drafter signs any step, no person signs two. Administrators not excepted.
fn separation(facts: &Facts<'_>, statement: &SignOff, before: &[Signed<SignOff>]) -> Vec<Finding> {
    let mut findings = vec![];
    let person: &PersonId = &statement.person;
    if facts.manifest.drafters.contains(person) {
        findings.push(codes::OWN_WORK.about(person));
    }
    let earlier = before.iter().map(Signed::statement);
    if earlier.into_iter().any(|other| other.person == *person && other.step != statement.step) {
        findings.push(codes::SIGNED_TWICE.about(person));
    }
    findings
}
