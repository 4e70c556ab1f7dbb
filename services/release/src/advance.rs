//! What channels' answers make possible, and whom a release waits for.

use std::collections::BTreeMap;

use lockstep_kit::{StoreError, Tx, db, dispatch::is_parked, jobs::NewJob};
use lockstep_proto::{
    facts::Fact,
    ids::{BundleId, ChannelName, Incarnation},
    release::Addressees,
};

use crate::{
    Release,
    domain::{Event, Phase},
    jobs,
    steps::{Note, StepError, take},
    store::{self, Answer, Row},
};

/// Looks at what channels answered and takes the step it makes possible.
pub(crate) async fn advance(
    release: &Release,
    tx: &mut Tx,
    bundle: &BundleId,
) -> Result<(), StepError> {
    let Some(mut row) = store::find_row(tx, bundle).await? else { return Ok(()) };
    let seen = Some(row.state);
    let lives = store::list_channels(tx).await?;
    let answers = store::list_answers(tx, bundle).await?;
    let is_answered = waits_for(&row, &answers, &lives)?.is_empty();
    match row.state.phase {
        Phase::Staging if is_answered => {
            take(release, tx, &mut row, seen, Event::AllStaged, Note::default()).await?;
        }
        Phase::Staged => ask_gate_if_due(release, tx, &row).await?,
        Phase::Permitted | Phase::Failed if is_answered => {
            ask(release, tx, &row, jobs::READ_BACK).await?;
        }
        Phase::Withdrawing if is_answered && is_kept(tx, &row).await? => {
            let note = Note { reason: row.reason.clone(), ..Note::default() };
            take(release, tx, &mut row, seen, Event::AllHidden, note).await?;
        }
        Phase::Registering
        | Phase::Staging
        | Phase::Permitted
        | Phase::Completed
        | Phase::Withdrawing
        | Phase::Dark
        | Phase::Stopped
        | Phase::Blocked
        | Phase::Failed => {}
    }
    if is_missing_a_permit(&row, &answers, &lives) {
        ask(release, tx, &row, jobs::ASK_GATE).await?;
    }
    Ok(())
}

/// The channels whose answer is still to come.
pub(crate) fn waits_for(
    row: &Row,
    answers: &BTreeMap<ChannelName, Answer>,
    lives: &Addressees,
) -> Result<Vec<ChannelName>, StoreError> {
    let order = row.evidence.order.as_ref().ok_or_else(|| row.corrupt("evidence"))?;
    let required = &order.channels.required;
    let missing = |has_answered: &dyn Fn(&ChannelName) -> bool| {
        required.iter().filter(|channel| !has_answered(channel)).cloned().collect()
    };
    Ok(match row.state.phase {
        Phase::Staging | Phase::Staged => missing(&|channel| holds(row, channel, answers, lives)),
        Phase::Permitted | Phase::Failed => missing(&|channel| {
            let receipt = answers.get(channel).and_then(|answer| answer.receipt.as_ref());
            receipt.is_some_and(|receipt| {
                lives.get(channel) == Some(&receipt.incarnation)
                    && receipt.generation == row.state.generation
                    && receipt.edition == row.edition
            })
        }),
        Phase::Withdrawing => {
            let Some(Fact::ReleaseWithdrawing(command)) = &row.command else {
                return Err(row.corrupt("command"));
            };
            let is_dark = |(channel, life): &(&ChannelName, &Incarnation)| {
                let receipt = answers.get(*channel).and_then(|answer| answer.receipt.as_ref());
                receipt.is_some_and(|receipt| {
                    receipt.incarnation == **life
                        && receipt.generation == row.state.generation
                        && receipt.edition.is_none()
                })
            };
            let channels = command.hide.statement().channels.iter();
            channels.filter(|named| !is_dark(named)).map(|(channel, _)| channel.clone()).collect()
        }
        Phase::Registering | Phase::Completed | Phase::Dark | Phase::Stopped | Phase::Blocked => {
            vec![]
        }
    })
}

/// Whether the withdrawal is kept outside, so that no restore forgets it.
pub(crate) async fn is_kept(tx: &mut Tx, row: &Row) -> Result<bool, StoreError> {
    Ok(store::find_kept(tx, &row.bundle).await? == Some(row.state.generation))
}

/// Whether a channel holds the edition ready, under the generation in force, on its present disk.
fn holds(
    row: &Row,
    channel: &ChannelName,
    answers: &BTreeMap<ChannelName, Answer>,
    lives: &Addressees,
) -> bool {
    let staged = answers.get(channel).and_then(|answer| answer.staged.as_ref());
    staged.is_some_and(|staged| {
        lives.get(channel) == Some(&staged.incarnation) && Some(staged.placed()) == row.placed()
    })
}

/// Whether an optional channel was staged only after the permit was written.
fn is_missing_a_permit(
    row: &Row,
    answers: &BTreeMap<ChannelName, Answer>,
    lives: &Addressees,
) -> bool {
    let Some(Fact::ReleasePermitted(command)) = &row.command else { return false };
    let named = &command.permit.statement().predicate.channels;
    let order = row.evidence.order.as_ref();
    matches!(row.state.phase, Phase::Permitted | Phase::Completed)
        && order.into_iter().flat_map(|order| &order.channels.optional).any(|channel| {
            named.get(channel) != lives.get(channel) && holds(row, channel, answers, lives)
        })
}

/// Asks the gate once the window has begun and nothing holds the bundle.
pub(crate) async fn ask_gate_if_due(
    release: &Release,
    tx: &mut Tx,
    row: &Row,
) -> Result<(), StoreError> {
    let now = release.deps.clock.now();
    let is_due = row.not_before().is_some_and(|not_before| not_before <= now);
    if is_due && !is_held(tx, &row.bundle).await? {
        ask(release, tx, row, jobs::ASK_GATE).await?;
    }
    Ok(())
}

/// Whether the deployment is held, or somebody gave up on the bundle. What release itself could not
/// take in yet may be another order: it is not gone past.
pub(crate) async fn is_held(tx: &mut Tx, bundle: &BundleId) -> Result<bool, StoreError> {
    Ok(store::find_held_epoch(tx).await?.is_some()
        || !store::list_holds(tx, bundle).await?.is_empty()
        || is_parked(tx, "release", bundle.as_str()).await?)
}

/// Asks for a job of the generation in force.
pub(crate) async fn ask(
    release: &Release,
    tx: &mut Tx,
    row: &Row,
    kind: &'static str,
) -> Result<(), StoreError> {
    let job = NewJob {
        id: job_id(row, kind),
        kind,
        key: row.bundle.as_str(),
        payload: db::to_json(&row.state.generation, "generation")?,
        trace: &row.trace,
    };
    release.deps.ask_again(tx, job).await
}

/// A job's id: one of each kind for a generation of a bundle.
pub(crate) fn job_id(row: &Row, kind: &str) -> String {
    format!("{kind}:{}:{}", row.bundle, row.state.generation)
}
