//! Bundles and revisions while they change: takes submissions in, seals manifests.

mod api;
pub mod domain;
mod events;
pub mod reading;
mod store;

use std::sync::Arc;

use axum::Router;
use lockstep_kit::{Db, Deps, StoreError, child::Child, dispatch::Handler};

/// Brings drafting's tables up to date.
pub async fn migrate(db: &Db) -> Result<(), StoreError> {
    let first = include_str!("../migrations/0001_create_draft.sql");
    db.migrate("drafting", &[("0001_create_draft", first)]).await
}

/// Drafting's routes behind the staff door; `child` is how submissions are read.
pub fn router(deps: Deps, child: Child) -> Router {
    api::router(deps, child)
}

/// Drafting's handler.
pub fn handler(deps: Deps) -> Arc<dyn Handler> {
    Arc::new(events::Drafting(deps))
}
