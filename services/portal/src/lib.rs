//! The public site: the channel we own. What readers get is decided by one row per bundle, read at
//! every request; nothing of an unreleased bundle is reachable here.

mod adapter;
mod door;
mod site;
pub mod whole;

use std::sync::Arc;

use axum::Router;
use lockstep_kit::{Deps, channel::Channel, pages::Pages};
use lockstep_proto::ids::ChannelName;

pub use door::{Limits, serve};
pub use site::Behind;

/// The portal's handler of facts.
pub const HANDLER: &str = "portal";

/// The portal as a channel.
pub fn channel(deps: Deps, name: ChannelName, pages: Arc<Pages>) -> Channel {
    let adapter = adapter::PortalAdapter { deps: deps.clone(), channel: name.clone(), pages };
    let adapter = Arc::new(adapter);
    Channel::new(deps, name, HANDLER, adapter)
}

/// The public routes.
pub fn router(deps: Deps, name: ChannelName, pages: Arc<Pages>, behind: Behind) -> Router {
    site::router(deps, name, pages, behind)
}
