//! Looking for what is due: windows that have begun, commands that nobody answered. A timer is never
//! the truth; it only looks.

use lockstep_kit::{Chain, Tx, tick};
use lockstep_proto::{ids::BundleId, time::Timestamp};
use tokio_util::sync::CancellationToken;

use crate::{
    Release,
    domain::Phase,
    steps::{StepError, advance, command},
    store,
};

/// A command that was not answered for so long is said again; channels assert it anew.
const ASK_AGAIN_MS: i64 = 30_000;

/// Looks for what is due, until stopped.
pub(crate) async fn run(release: Release, stop: CancellationToken) {
    loop {
        if let Err(error) = look(&release).await {
            tracing::warn!(error = %Chain(&error), "looking for releases failed; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(tick::TICK) => {}
        }
    }
}

async fn look(release: &Release) -> Result<(), StepError> {
    let now = release.deps.clock.now();
    let mut tx = release.deps.db.begin_read().await?;
    let due = store::list_due(&mut tx, now, now.plus_millis(-ASK_AGAIN_MS)).await?;
    drop(tx);
    for bundle in due {
        // One bundle that cannot be read must not keep the others.
        if let Err(error) = look_at(release, &bundle, now).await {
            tracing::error!(bundle.id = %bundle, error = %Chain(&error),
                "looking at the release of {bundle} failed");
        }
    }
    Ok(())
}

async fn look_at(release: &Release, bundle: &BundleId, now: Timestamp) -> Result<(), StepError> {
    let mut tx = release.deps.db.begin_write().await?;
    say_again(release, &mut tx, bundle, now).await?;
    advance(release, &mut tx, bundle).await?;
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
