//! Fragments and charts from both texts and their data. Rendering is a job after
//! `bundle.submitted`; what comes out are members of the manifest, without the address of any
//! channel inside.

pub mod blocks;
pub mod chart;
mod events;
pub mod font;
pub mod gallery;
mod jobs;
pub mod long;
pub mod page;
pub mod picture;
pub mod render;
pub mod set;
pub mod text;

use std::sync::Arc;

use lockstep_kit::{Deps, dispatch::Handler, jobs::Worker};

/// The explainer's handler.
pub fn handler(deps: Deps) -> Arc<dyn Handler> {
    Arc::new(events::Explaining(deps))
}

/// The explainer's jobs.
pub fn workers(deps: Deps) -> Vec<Arc<dyn Worker>> {
    vec![Arc::new(jobs::Render(deps))]
}
