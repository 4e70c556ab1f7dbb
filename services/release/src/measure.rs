//! Release's gauges: how far releases are, and what waits for a person.

use async_trait::async_trait;
use lockstep_kit::{
    StoreError,
    metrics::{Gauge, Measure, Sheet},
};

use crate::{Release, domain::Phase, store};

const RELEASES: Gauge = ("lockstep_releases", "Bundles by the phase of their release");
const WAITING: Gauge =
    ("lockstep_releases_waiting", "Granted editions that release knows of and has not permitted");
const OVERDUE: Gauge = ("lockstep_releases_overdue", "Of these, how many whose window is over");
const HELD: Gauge = ("lockstep_bundles_held", "Bundles that are held until a person has looked");
const DEPLOYMENT: Gauge =
    ("lockstep_deployment_held", "1: held as a whole since a restore; 0: not");

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
        let (mut waiting, mut overdue) = (store::count_queued(&mut tx).await?, 0);
        let is_waiting = |row: &store::Row| !row.state.was_permitted;
        for row in store::list_unpermitted(&mut tx).await?.iter().filter(|row| is_waiting(row)) {
            waiting += 1;
            overdue += i64::from(row.not_after().is_some_and(|not_after| not_after < now));
        }
        sheet.count(WAITING, &[], waiting);
        sheet.count(OVERDUE, &[], overdue);
        sheet.count(HELD, &[], store::count_held(&mut tx).await?);
        let is_held = store::find_held_epoch(&mut tx).await?.is_some();
        sheet.count(DEPLOYMENT, &[], i64::from(is_held));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
