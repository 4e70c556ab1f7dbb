//! Chains, cases, sign-offs, registration.

mod api;
pub mod domain;
mod events;
mod jobs;
mod measure;
mod store;

use std::sync::Arc;

use axum::Router;
use lockstep_kit::{Db, Deps, StoreError, dispatch::Handler, jobs::Worker, metrics::Measure};

/// Brings approval's tables up to date.
pub async fn migrate(db: &Db) -> Result<(), StoreError> {
    let first = include_str!("../migrations/0001_create_case.sql");
    db.migrate("approval", &[("0001_create_case", first)]).await
}

/// Approval's routes behind the staff door.
pub fn router(deps: Deps) -> Router {
    api::router(deps)
}

/// Approval's handler.
pub fn handler(deps: Deps) -> Arc<dyn Handler> {
    Arc::new(events::Approval(deps))
}

/// Approval's jobs.
pub fn workers(deps: Deps) -> Vec<Arc<dyn Worker>> {
    vec![Arc::new(jobs::OpenCase(deps))]
}

/// Approval's gauges.
pub fn measures(deps: Deps) -> Arc<dyn Measure> {
    Arc::new(measure::Cases(deps))
}
