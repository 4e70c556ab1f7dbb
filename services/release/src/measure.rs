//! Release's gauges: how far releases are, and what waits for a person.

use std::time::Duration;

use async_trait::async_trait;
use lockstep_kit::{
    StoreError,
    dispatch::Transport,
    metrics::{Gauge, Measure, Sheet},
};

use crate::{Release, domain::Phase, steps, store};

const RELEASES: Gauge = ("lockstep_releases", "Bundles by the phase of their release");
const WAITING: Gauge =
    ("lockstep_releases_waiting", "Granted editions that release knows of and has not permitted");
const OVERDUE: Gauge = ("lockstep_releases_overdue", "Of these, how many whose window is over");
const HELD: Gauge = ("lockstep_bundles_held", "Bundles that are held until a person has looked");
const DEPLOYMENT: Gauge =
    ("lockstep_deployment_held", "1: held as a whole since a restore; 0: not");

const USED: Gauge =
    ("lockstep_stream_used_percent", "How full the stream is; a full one takes no more facts");
/// How long the stream may take to say so.
const PATIENCE: Duration = Duration::from_secs(2);

#[async_trait]
impl Measure for Release {
    async fn measure(&self, sheet: &mut Sheet) -> Result<(), StoreError> {
        self.deps.measure(sheet).await?;
        let mut tx = self.deps.db.begin_read().await?;
        let phases = store::count_phases(&mut tx).await?;
        for phase in Phase::ALL {
            let count = phases.get(phase.name()).copied().unwrap_or_default();
            sheet.count(RELEASES, &[("phase", phase.name())], count);
        }
        let now = self.deps.clock.now();
        let (mut waiting, mut overdue) = (0, 0);
        let unpermitted = store::list_unpermitted(&mut tx, now).await?;
        let queued = store::list_queued(&mut tx).await?.into_iter().map(Some);
        for evidence in unpermitted.into_iter().chain(queued) {
            waiting += 1;
            let not_after = evidence.as_ref().and_then(steps::not_after);
            overdue += i64::from(not_after.is_some_and(|not_after| not_after < now));
        }
        sheet.count(WAITING, &[], waiting);
        sheet.count(OVERDUE, &[], overdue);
        sheet.count(HELD, &[], store::count_held(&mut tx).await?);
        let is_held = store::find_held_epoch(&mut tx).await?.is_some();
        sheet.count(DEPLOYMENT, &[], i64::from(is_held));
        drop(tx);
        if let Transport::JetStream(bus) = &self.deps.transport {
            // Of a stream that does not answer, readiness and the age of the outbox tell.
            if let Ok(Ok(percent)) = tokio::time::timeout(PATIENCE, bus.used_percent()).await {
                sheet.count(USED, &[], percent);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
