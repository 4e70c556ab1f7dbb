//! Approval's gauges: how many cases are in each state.

use async_trait::async_trait;
use lockstep_kit::{
    Deps, StoreError,
    metrics::{Gauge, Measure, Sheet},
};

use crate::{domain::State, store};

const CASES: Gauge = ("lockstep_cases", "Cases by state");
const GRANTS: Gauge = (
    "lockstep_grants_waiting",
    "Bundles whose newest granted case is not permitted yet: release should know of as many",
);

pub(crate) struct Cases(pub(crate) Deps);

#[async_trait]
impl Measure for Cases {
    async fn measure(&self, sheet: &mut Sheet) -> Result<(), StoreError> {
        let Self(deps) = self;
        deps.measure(sheet).await?;
        let mut tx = deps.db.begin_read().await?;
        let states = store::count_states(&mut tx).await?;
        for state in State::ALL {
            let count = states.get(state.name()).copied().unwrap_or_default();
            sheet.count(CASES, &[("state", state.name())], count);
        }
        sheet.count(GRANTS, &[], store::count_grants(&mut tx).await?);
        Ok(())
    }
}
