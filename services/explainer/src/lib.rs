//! Fragments, charts, pictures and print from both texts and their data. Rendering is a job after
//! `bundle.submitted`; what comes out are members of the manifest, without the address of any
//! channel inside.

mod answer;
pub mod blocks;
pub mod chart;
pub mod child;
mod events;
pub mod font;
pub mod gallery;
mod jobs;
mod lists;
pub mod long;
mod notes;
pub mod page;
pub mod picture;
pub mod print;
pub mod render;
pub mod set;
mod store;
pub mod text;
pub mod theme;

use std::sync::Arc;

use lockstep_kit::{Db, Deps, StoreError, child::Child, dispatch::Handler, jobs::Worker};
use tokio::sync::OnceCell;

use theme::Theme;

/// Brings the explainer's tables up to date.
pub async fn migrate(db: &Db) -> Result<(), StoreError> {
    let migrations = [
        ("0001_create_rendered", include_str!("../migrations/0001_create_rendered.sql")),
        ("0002_add_findings", include_str!("../migrations/0002_add_findings.sql")),
    ];
    db.migrate("explainer", &migrations).await
}

/// The explainer's handler.
pub fn handler(deps: Deps) -> Arc<dyn Handler> {
    Arc::new(events::Explaining(deps))
}

/// The explainer's jobs.
pub fn workers(deps: Deps, child: Child, theme: Theme) -> Vec<Arc<dyn Worker>> {
    vec![Arc::new(jobs::Render { deps, child, theme, version: OnceCell::new() })]
}
