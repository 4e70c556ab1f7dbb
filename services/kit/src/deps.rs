//! What a service is given when it starts.

use std::sync::Arc;

use lockstep_proto::{
    ids::{ChannelName, DeploymentId, Source},
    signed::PublicKey,
};

use lockstep_gate::wording::Lexicons;

use crate::{blobs::Blobs, clock::Clock, db::Db, dispatch::Transport, ids::Ids, metrics::Metrics};

/// What every service of a deployment knows.
#[derive(Debug, Clone)]
pub struct Settings {
    /// This deployment.
    pub deployment: DeploymentId,
    /// The root key's public half: who signs persons and keys.
    pub root: PublicKey,
    /// The console's public key: who signs actor headers.
    pub console: PublicKey,
    /// Release's public keys, old ones included: who signs channel commands.
    pub release: Vec<PublicKey>,
    /// The channels there are.
    pub channels: Vec<ChannelName>,
    /// The name of the profile that new cases are under.
    pub profile: String,
    /// The lexicons that texts are looked through by at intake.
    pub lexicons: Arc<Lexicons>,
    /// From outside any backup; rises at a restore.
    pub epoch: u32,
    /// How public pages name the site.
    pub site_name: String,
}

/// What a service is given when it starts.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The service itself, as the source of its facts.
    pub service: Source,
    /// Its database.
    pub db: Db,
    /// The time of day.
    pub clock: Clock,
    /// Fresh identifiers.
    pub ids: Ids,
    /// Bytes by digest.
    pub blobs: Blobs,
    /// How facts travel.
    pub transport: Transport,
    /// What this process counts.
    pub metrics: Metrics,
    /// What every service knows.
    pub settings: Arc<Settings>,
    /// This run of the process; leases carry it.
    pub boot_id: String,
}

impl Deps {
    /// The same, for another service of the same process.
    #[must_use]
    pub fn of_service(&self, service: Source) -> Self {
        Self { service, ..self.clone() }
    }
}
