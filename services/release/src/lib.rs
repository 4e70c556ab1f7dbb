//! Orders, the release bot, permits, foreign channels, withdrawal. Release decides in one row per
//! bundle, which also holds commit.

mod advance;
mod api;
pub mod domain;
mod events;
pub mod folder;
mod jobs;
mod look;
mod outside;
mod steps;
mod store;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use axum::Router;
use lockstep_kit::{Db, Deps, StoreError, dispatch::Handler, jobs::Worker};
use lockstep_proto::{ids::ChannelName, signed::PrivateKey};
use tokio_util::sync::CancellationToken;

/// Where a channel is seen from outside, as readers see it.
#[derive(Debug, Clone)]
pub enum Outside {
    /// A portal's address, without a slash at the end.
    Portal(String),
    /// A folder that something serves.
    Folder(PathBuf),
}

/// What release is given besides what every service is.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its database and surroundings.
    pub deps: Deps,
    /// Signs channel commands.
    pub key: Arc<PrivateKey>,
    /// Where to read back.
    pub outside: Arc<BTreeMap<ChannelName, Outside>>,
}

/// Brings release's tables up to date.
pub async fn migrate(db: &Db) -> Result<(), StoreError> {
    let first = include_str!("../migrations/0001_create_release.sql");
    db.migrate("release", &[("0001_create_release", first)]).await
}

impl Release {
    /// Release's routes behind the staff door.
    pub fn router(&self) -> Router {
        api::router(self.clone())
    }

    /// Release's handler.
    pub fn handler(&self) -> Arc<dyn Handler> {
        Arc::new(events::Releasing(self.clone()))
    }

    /// Release's jobs.
    pub fn workers(&self) -> Vec<Arc<dyn Worker>> {
        vec![
            Arc::new(jobs::AskGate(self.clone())),
            Arc::new(jobs::ReadBack(self.clone())),
            Arc::new(jobs::Rejoin(self.clone())),
        ]
    }

    /// Looks for what is due, until stopped. A timer is never the truth: it only looks.
    pub async fn run(self, stop: CancellationToken) {
        look::run(self, stop).await;
    }
}
