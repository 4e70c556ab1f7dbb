//! The staff door: who is who, and the JSON API on the staff listener. Console authenticates and
//! passes on to the service that owns a command; the service decides.

mod api;
mod people;

use std::sync::Arc;

use axum::Router;
use lockstep_kit::{Deps, http::Upstream};
use lockstep_proto::signed::PrivateKey;

/// What console is given besides what every service is.
#[derive(Debug, Clone)]
pub struct Console {
    /// Its database and surroundings.
    pub deps: Deps,
    /// Signs actor headers.
    pub key: Arc<PrivateKey>,
    /// Owns submissions.
    pub drafting: Upstream,
    /// Owns sign-offs and registration.
    pub approval: Upstream,
    /// Owns releases and withdrawals.
    pub release: Upstream,
}

impl Console {
    /// The staff routes.
    pub fn router(self) -> Router {
        api::router(self)
    }
}
