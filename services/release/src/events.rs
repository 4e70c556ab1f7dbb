//! What release hears.

use async_trait::async_trait;
use lockstep_gate::window;
use lockstep_kit::{
    StoreError, Tx,
    dispatch::{HandleError, Handler},
    jobs::NewJob,
    register,
};
use lockstep_proto::{
    envelope::Envelope,
    facts::{Fact, channel::Joined},
    ids::{BundleId, TraceId},
    release::Evidence,
};

use crate::{
    Release,
    advance::advance,
    domain::{Event, Phase},
    epoch, jobs,
    steps::{self, Note, StepError},
    store::{self, Said, StagedAnswer},
};

pub(crate) struct Releasing(pub(crate) Release);

#[async_trait]
impl Handler for Releasing {
    fn name(&self) -> &'static str {
        "release"
    }

    fn hears(&self, fact: &Fact) -> bool {
        register::hears(fact)
            || matches!(
                fact,
                Fact::CaseGranted(_)
                    | Fact::CaseReordered(_)
                    | Fact::CaseRegistered(_)
                    | Fact::BundleStopRequested(_)
                    | Fact::ChannelJoined(_)
                    | Fact::ChannelStaged(_)
                    | Fact::ChannelShown(_)
                    | Fact::ChannelHidden(_)
                    | Fact::ChannelRefused(_)
                    | Fact::HandlingStuck(_)
            )
    }

    /// What says that a bundle is sick, and what says that it is dark, must not wait behind what
    /// made it sick.
    fn overtakes(&self, fact: &Fact) -> bool {
        matches!(fact, Fact::HandlingStuck(_) | Fact::ChannelHidden(_))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a handler hears a few of all facts")]
    async fn handle(&self, tx: &mut Tx, envelope: &Envelope) -> Result<(), HandleError> {
        let Self(release) = self;
        match &envelope.fact {
            Fact::CaseGranted(data) => {
                let evidence = data.evidence.clone();
                steps::grant(release, tx, evidence, &envelope.trace).await.map_err(refuse)
            }
            Fact::CaseReordered(data) => {
                let bundle = &data.evidence.manifest.bundle;
                let (event, new) = (Event::Reordered, data.evidence.clone());
                replace(release, tx, (bundle, &envelope.trace), event, |_| new).await
            }
            Fact::CaseRegistered(data) => {
                let registration = data.registration.clone();
                let bundle = registration.statement().bundle.clone();
                let event = Event::Registered;
                let about = (&bundle, &envelope.trace);
                replace(release, tx, about, event, move |evidence| Evidence {
                    registration: Some(registration),
                    ..evidence.clone()
                })
                .await
            }
            Fact::BundleStopRequested(data) => {
                store::save_stop(tx, &data.bundle, &data.manifest, &data.reason).await?;
                let row = store::find_row(tx, &data.bundle).await?;
                let Some(mut row) = row.filter(|r| *r.evidence.manifest.digest() == data.manifest)
                else {
                    // The grant is not heard of yet, or another manifest is under way.
                    return Ok(());
                };
                let note = Note { reason: Some(data.reason.clone()), ..Note::default() };
                row.trace.clone_from(&envelope.trace);
                let seen = Some(row.state);
                let step = steps::take(release, tx, &mut row, seen, Event::StopAsked, note).await;
                step.map(drop).map_err(refuse)
            }
            Fact::ChannelJoined(data) => {
                if store::save_channel(tx, &data.channel, &data.incarnation).await? {
                    rejoin(release, tx, data).await?;
                    epoch::ask_to_compare(release, tx).await?;
                }
                Ok(())
            }
            Fact::HandlingStuck(data) => {
                if let Some(bundle) = &data.bundle {
                    store::save_hold(tx, bundle, &data.handler, &data.why).await?;
                }
                Ok(())
            }
            fact => match answer(tx, fact).await? {
                Some(bundle) => advance(release, tx, bundle).await.map_err(refuse),
                None => register::handle(&release.deps, tx, fact).await.map(drop),
            },
        }
    }
}

/// Notes what a channel answered. The bundle it is about, if the fact is such an answer.
#[expect(clippy::wildcard_enum_match_arm, reason = "a handler hears a few of all facts")]
async fn answer<'f>(tx: &mut Tx, fact: &'f Fact) -> Result<Option<&'f BundleId>, StoreError> {
    match fact {
        Fact::ChannelStaged(data) => {
            let staged = StagedAnswer {
                incarnation: data.incarnation.clone(),
                generation: data.generation,
                edition: data.edition.clone(),
            };
            let from = (&data.bundle, &data.channel, data.generation);
            store::save_answer(tx, from, Said::Staged, &staged).await?;
            Ok(Some(&data.bundle))
        }
        Fact::ChannelShown(data) | Fact::ChannelHidden(data) => {
            let receipt = &data.receipt;
            let from = (&receipt.bundle, &receipt.channel, receipt.generation);
            store::save_answer(tx, from, Said::Receipt, receipt).await?;
            Ok(Some(&receipt.bundle))
        }
        Fact::ChannelRefused(data) => {
            let from = (&data.bundle, &data.channel, data.generation);
            store::save_answer(tx, from, Said::Refused, &data.findings).await?;
            Ok(Some(&data.bundle))
        }
        _ => Ok(None),
    }
}

/// Order or registration replaced, before commit; of another manifest than the one under way, it
/// goes to the one that waits.
async fn replace(
    release: &Release,
    tx: &mut Tx,
    (bundle, trace): (&BundleId, &TraceId),
    event: Event,
    change: impl FnOnce(&Evidence) -> Evidence,
) -> Result<(), HandleError> {
    let Some(mut row) = store::find_row(tx, bundle).await? else {
        return Err(HandleError::Refused(format!("{bundle} 尚未签发 / nothing is granted for it")));
    };
    let changed = change(&row.evidence);
    let seen = row.state;
    let is_for = |evidence: &Evidence| match (&changed.registration, event) {
        (Some(registration), Event::Registered) => {
            registration.statement().manifest == *evidence.manifest.digest()
        }
        _ => changed.manifest.digest() == evidence.manifest.digest(),
    };
    if is_for(&row.evidence) {
        row.trace.clone_from(trace);
        // Another order may no longer wait for the registrar.
        let is_ready =
            seen.phase == Phase::Registering && !window::waits_for_registration(&changed);
        let event = if is_ready { Event::Registered } else { event };
        let note = Note { evidence: Some(changed), ..Note::default() };
        let step = steps::take(release, tx, &mut row, Some(seen), event, note).await;
        return step.map(drop).map_err(refuse);
    }
    if let Some(next) = row.next_evidence.clone().filter(|next| is_for(next)) {
        row.next_evidence = Some(if event == Event::Registered {
            Evidence { registration: changed.registration, ..next }
        } else {
            changed
        });
        store::save_row(tx, &row, Some(seen)).await?;
    }
    Ok(())
}

/// A channel has a new disk: every bundle is looked at on its own, so that none keeps the others.
async fn rejoin(release: &Release, tx: &mut Tx, joined: &Joined) -> Result<(), StoreError> {
    for (bundle, trace) in store::list_wanted(tx).await? {
        let job = NewJob {
            id: format!("{}:{}:{}:{bundle}", jobs::REJOIN, joined.channel, joined.incarnation),
            kind: jobs::REJOIN,
            key: bundle.as_str(),
            payload: joined.channel.to_string(),
            trace: &trace,
        };
        release.deps.ask_again(tx, job).await?;
    }
    Ok(())
}

fn refuse(error: StepError) -> HandleError {
    match error {
        StepError::Store(error) => HandleError::Store(error),
        StepError::Nothing(error) => HandleError::Refused(error.to_string()),
    }
}
