//! Orders, the release bot, permits, foreign channels, withdrawal. Release decides in one row per
//! bundle, which also holds commit.

mod advance;
mod api;
mod compare;
pub mod domain;
mod epoch;
mod events;
pub mod folder;
mod jobs;
mod kept;
mod look;
mod measure;
mod outside;
mod steps;
mod store;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use axum::Router;
use lockstep_kit::{Db, Deps, StoreError, dispatch::Handler, jobs::Worker, safe::Safe};
use lockstep_proto::{ids::ChannelName, signed::PrivateKey};
use tokio_util::sync::CancellationToken;

pub use epoch::EnterError;

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
    /// Keeps what a restore must not forget.
    pub safe: Safe,
    /// Where to read back.
    pub outside: Arc<BTreeMap<ChannelName, Outside>>,
}

/// Brings release's tables up to date.
pub async fn migrate(db: &Db) -> Result<(), StoreError> {
    let migrations = [
        ("0001_create_release", include_str!("../migrations/0001_create_release.sql")),
        ("0002_create_epoch", include_str!("../migrations/0002_create_epoch.sql")),
    ];
    db.migrate("release", &migrations).await
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
            Arc::new(kept::KeepHide(self.clone())),
            Arc::new(compare::Compare(self.clone())),
        ]
    }

    /// Looks for what is due, until stopped. A timer is never the truth: it only looks.
    pub async fn run(self, stop: CancellationToken) {
        look::run(self, stop).await;
    }
}
