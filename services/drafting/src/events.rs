//! What drafting hears: rendered members seal a manifest; approval and release move the bundle.

use async_trait::async_trait;
use lockstep_kit::{
    Deps, StoreError, Tx,
    dispatch::{HandleError, Handler},
    outbox::Context,
    register,
};
use lockstep_proto::{
    document::Document,
    envelope::Envelope,
    facts::{self, Fact},
    ids::BundleId,
    sign_off::Decision,
};

use crate::{domain::State, store};

/// From where release may end a bundle; the grant itself may not be heard of yet.
const UNDER_WAY: [State; 2] = [State::InReview, State::Granted];

/// Who renders.
const EXPLAINER: &str = "explainer";

pub(crate) struct Drafting(pub(crate) Deps);

#[async_trait]
impl Handler for Drafting {
    fn name(&self) -> &'static str {
        "drafting"
    }

    fn hears(&self, fact: &Fact) -> bool {
        register::hears(fact)
            || find_stuck_rendering(fact).is_some()
            || matches!(
                fact,
                Fact::ExplainerRendered(_)
                    | Fact::ExplainerRefused(_)
                    | Fact::CaseReturned(_)
                    | Fact::CaseGranted(_)
                    | Fact::ReleaseStopped(_)
                    | Fact::ReleaseCompleted(_)
                    | Fact::ReleaseDark(_)
            )
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a handler hears a few of all facts")]
    async fn handle(&self, tx: &mut Tx, envelope: &Envelope) -> Result<(), HandleError> {
        let Self(deps) = self;
        match &envelope.fact {
            Fact::ExplainerRendered(data) => seal(deps, tx, data, envelope).await?,
            Fact::ExplainerRefused(data) => {
                let steps = [State::Rendering, State::Dropped];
                if store::move_submission(tx, &data.submission, steps, &data.findings).await? {
                    let dropped = facts::drafting::Dropped {
                        bundle: data.bundle.clone(),
                        submission: data.submission.clone(),
                        findings: data.findings.clone(),
                    };
                    let context = Context::of(&data.bundle, &envelope.trace);
                    deps.append(tx, context, Fact::BundleDropped(dropped)).await?;
                }
            }
            Fact::HandlingStuck(_) => {
                if let Some(bundle) = find_stuck_rendering(&envelope.fact) {
                    // Why is in the operator's log; a drafter is told whom to ask.
                    let finding = lockstep_gate::codes::STALLED.finding();
                    store::note_stalled(tx, bundle, &finding).await?;
                }
            }
            Fact::CaseReturned(data) => {
                let statement = data.sign_off.statement();
                let mut finding = lockstep_gate::codes::RETURNED.about(&statement.person);
                if let Decision::Returned { reason } = &statement.decision {
                    finding.help.clone_from(reason);
                    finding.help_en.clone_from(reason);
                }
                let (bundle, manifest) = (&data.bundle, &statement.manifest);
                let steps = (&[State::InReview][..], State::Returned);
                store::move_manifest(tx, bundle, manifest, steps, &[finding]).await?;
            }
            Fact::CaseGranted(data) => {
                let manifest = &data.evidence.manifest;
                let digest = manifest.digest();
                let steps = (&[State::InReview][..], State::Granted);
                store::move_manifest(tx, &manifest.bundle, digest, steps, &[]).await?;
            }
            Fact::ReleaseStopped(data) => {
                let (bundle, manifest) = (&data.bundle, &data.manifest);
                let steps = (&UNDER_WAY[..], State::Stopped);
                store::move_manifest(tx, bundle, manifest, steps, &[]).await?;
            }
            Fact::ReleaseCompleted(data) => {
                let (bundle, manifest) = (&data.bundle, &data.manifest);
                let steps = (&UNDER_WAY[..], State::Released);
                store::move_manifest(tx, bundle, manifest, steps, &[]).await?;
                store::save_released(tx, bundle, manifest).await?;
            }
            Fact::ReleaseDark(data) => {
                store::darken(tx, &data.bundle, data.generation).await?;
            }
            fact => {
                register::handle(deps, tx, fact).await?;
            }
        }
        Ok(())
    }
}

/// The bundle whose rendering the explainer gave up on. Of what others give up on, release hears.
fn find_stuck_rendering(fact: &Fact) -> Option<&BundleId> {
    let Fact::HandlingStuck(data) = fact else { return None };
    data.bundle.as_ref().filter(|_| data.service.as_str() == EXPLAINER)
}

/// The manifest is made here, once; from now on only its bytes are hashed and verified.
async fn seal(
    deps: &Deps,
    tx: &mut Tx,
    data: &facts::explainer::Rendered,
    envelope: &Envelope,
) -> Result<(), StoreError> {
    let Some(revision) = store::find_revision(tx, &data.submission).await? else {
        return Err(StoreError::Corrupt {
            table: "draft_revision",
            key: data.submission.to_string(),
            column: "submission",
        });
    };
    let steps = [State::Rendering, State::InReview];
    // What was left out does not keep it from its case; drafter and approver read it there.
    if !store::move_submission(tx, &data.submission, steps, &data.findings).await? {
        // A newer revision came in meanwhile: this one is not sealed.
        return Ok(());
    }
    let mut manifest = revision.draft;
    manifest.members.extend(data.members.iter().cloned());
    manifest.members.sort_by(|a, b| a.path.cmp(&b.path));
    let manifest = Document::new(manifest)?;
    store::save_manifest(tx, &data.submission, &manifest).await?;
    let sealed = facts::drafting::Sealed { manifest, proposal: revision.proposal };
    let context = Context::of(&data.bundle, &envelope.trace);
    deps.append(tx, context, Fact::BundleSealed(sealed)).await.map(drop)
}

#[cfg(test)]
mod tests;
