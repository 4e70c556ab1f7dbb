//! Looking for what is due: windows that have begun, commands that nobody answered. A timer is never
//! the truth; it only looks.

use lockstep_kit::{Chain, Tx, tick};
use lockstep_proto::{ids::BundleId, time::Timestamp};
use tokio_util::sync::CancellationToken;

use crate::{
    Release,
    advance::{advance, ask, waits_for},
    domain::{Event, Phase},
    jobs,
    steps::{self, Note, StepError, command},
    store,
};

/// A command that was not answered for so long is said again; channels assert it anew.
const ASK_AGAIN_MS: i64 = 30_000;

/// What is committed and not done after so long is a matter for people.
const OVERDUE_MS: i64 = 10 * 60_000;

/// Looks for what is due, until stopped.
pub(crate) async fn run(release: Release, stop: CancellationToken) {
    let mut pass = Pass { begun: release.deps.clock.now(), after: None };
    loop {
        if let Err(error) = pass.look(&release).await {
            tracing::warn!(error = %Chain(&error), "looking for releases failed; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(tick::TICK) => {}
        }
    }
}

/// One look after another.
struct Pass {
    /// When this process began to look: the time before counts for nobody's delay.
    begun: Timestamp,
    /// The last bundle that was looked at, while more may be due behind it.
    after: Option<BundleId>,
}

impl Pass {
    async fn look(&mut self, release: &Release) -> Result<(), StepError> {
        let now = release.deps.clock.now();
        let asked_before = now.plus_millis(-ASK_AGAIN_MS);
        let mut tx = release.deps.db.begin_read().await?;
        let due = store::list_due(&mut tx, now, asked_before, self.after.as_ref()).await?;
        drop(tx);
        self.after = due.last().cloned();
        for bundle in due {
            // One bundle that cannot be read must not keep the others.
            if let Err(error) = look_at(release, &bundle, now, self.begun).await {
                tracing::error!(bundle.id = %bundle, error = %Chain(&error),
                    "looking at the release of {bundle} failed");
            }
        }
        Ok(())
    }
}

async fn look_at(
    release: &Release,
    bundle: &BundleId,
    now: Timestamp,
    begun: Timestamp,
) -> Result<(), StepError> {
    let mut tx = release.deps.db.begin_write().await?;
    say_again(release, &mut tx, bundle, now).await?;
    advance(release, &mut tx, bundle).await?;
    find_late(release, &mut tx, bundle, now, begun).await?;
    Ok(release.deps.db.commit(tx).await?)
}

/// Says a command again that was not answered for long.
async fn say_again(
    release: &Release,
    tx: &mut Tx,
    bundle: &BundleId,
    now: Timestamp,
) -> Result<(), StepError> {
    let Some(mut row) = store::find_row(tx, bundle).await? else { return Ok(()) };
    let is_waiting =
        matches!(row.state.phase, Phase::Staging | Phase::Permitted | Phase::Withdrawing);
    let is_long = row.asked_at.is_some_and(|at| now.millis_since(at) >= ASK_AGAIN_MS);
    if let (true, true, Some(fact)) = (is_waiting, is_long, row.command.clone()) {
        let seen = row.state;
        command(release, tx, &mut row, fact).await?;
        store::save_row(tx, &row, Some(seen)).await?;
    }
    Ok(())
}

/// Ends what takes too long, so that people are told and later revisions do not wait for it.
async fn find_late(
    release: &Release,
    tx: &mut Tx,
    bundle: &BundleId,
    now: Timestamp,
    begun: Timestamp,
) -> Result<(), StepError> {
    let Some(mut row) = store::find_row(tx, bundle).await? else { return Ok(()) };
    // While the deployment is held, and before, nobody is late.
    if store::find_held_epoch(tx).await?.is_some() && row.state.phase != Phase::Withdrawing {
        return Ok(());
    }
    let begun = begun.max(store::find_resumed_at(tx).await?.unwrap_or(begun));
    let seen = Some(row.state);
    let is_overdue = now.millis_since(row.since.max(begun)) >= OVERDUE_MS;
    let is_past = row.not_after().is_some_and(|not_after| not_after < now);
    let names = async |tx: &mut Tx| -> Result<String, StepError> {
        let (answers, lives) =
            (store::list_answers(tx, bundle).await?, store::list_channels(tx).await?);
        let missing = waits_for(&row, &answers, &lives)?;
        Ok(missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    };
    match row.state.phase {
        Phase::Staging | Phase::Staged | Phase::Permitted
            if is_overdue && (row.state.was_permitted || row.state.phase == Phase::Permitted) =>
        {
            let names = names(tx).await?;
            let reason = if names.is_empty() {
                "逾时未能读回核对，请查看后恢复 / could not be read back in time; look, then resume"
                    .to_owned()
            } else {
                format!(
                    "渠道 {names} 逾时未显示，请查看后恢复 / not shown in time by {names}; look, \
                     then resume"
                )
            };
            let note = Note { reason: Some(reason), ..Note::default() };
            steps::take(release, tx, &mut row, seen, Event::Overdue, note).await?;
        }
        // The window is over, and some channel does not hold it or a person is asked: the gate says
        // so.
        Phase::Staging | Phase::Staged if is_past && !row.state.was_permitted => {
            ask(release, tx, &row, jobs::ASK_GATE).await?;
        }
        Phase::Withdrawing if is_overdue => {
            let names = names(tx).await?;
            tracing::error!(bundle.id = %bundle, "withdrawal of {bundle} is overdue at {names}");
        }
        Phase::Registering
        | Phase::Staging
        | Phase::Staged
        | Phase::Permitted
        | Phase::Completed
        | Phase::Withdrawing
        | Phase::Dark
        | Phase::Stopped
        | Phase::Blocked
        | Phase::Failed => {}
    }
    Ok(())
}
