//! Staging: every member is read, verified, filled, placed and read back. All hashing happens here;
//! nothing is visible.

use async_trait::async_trait;
use lockstep_gate::{
    channel::{Act, Placed, Wanted},
    fill::fill,
};
use lockstep_proto::{
    digest::Digest,
    ids::Incarnation,
    release::{Evidence, Generation},
};
use serde::{Deserialize, Serialize};

use super::{Channel, Filled, Staged, store};
use crate::{
    blobs::Blobs,
    error::StoreError,
    failpoint,
    jobs::{Job, JobError, Worker},
};

/// The kind of staging jobs.
pub(super) const KIND: &str = "stage";

/// What a staging job is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Wish {
    pub(super) placed_generation: Generation,
    pub(super) placed_edition: Digest,
    pub(super) life: Incarnation,
    pub(super) evidence: Evidence,
}

impl Wish {
    pub(super) fn key(&self) -> String {
        format!("{}:{}:{}", self.placed_generation, self.placed_edition.short(), self.life)
    }
}

pub(super) struct StageWorker(pub(super) Channel);

#[async_trait]
impl Worker for StageWorker {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(channel) = self;
        let wish: Wish = serde_json::from_str(&job.payload)
            .map_err(|source| StoreError::Json { what: "stage job", source })?;
        let placed = Placed { generation: wish.placed_generation, edition: wish.placed_edition };
        let members = read_filled(&channel.deps.blobs, &wish.evidence).await?;
        let staged = Staged { placed: &placed, evidence: &wish.evidence, members: &members };
        channel.adapter.stage(&staged).await?;
        failpoint::crash("staged", &format!("{} {}", channel.name, placed.generation));

        let bundle = &wish.evidence.manifest.bundle;
        let mut tx = channel.deps.db.begin_write().await?;
        let mut row = get_row(&mut tx, channel, bundle).await?;
        let wanted = Wanted::Held(placed.clone());
        match row.shelf.decide(&wanted, Some(&wish.life)) {
            Act::Do => {
                let edition = store::HeldEdition {
                    edition: placed.edition.clone(),
                    evidence: wish.evidence.clone(),
                    filled: members.into_iter().map(|(filled, _)| filled).collect(),
                    first_shown_at: None,
                    withdrawn_at: None,
                };
                store::save_edition(&mut tx, &channel.name, &edition).await?;
                let seen = row.shelf.fence;
                row.shelf = row.shelf.apply(wanted);
                store::save_shelf(&mut tx, &channel.name, &row, seen).await?;
                channel.say_staged(&mut tx, bundle, &row.shelf, placed, &job.trace).await?;
            }
            Act::Again => {
                channel.say_staged(&mut tx, bundle, &row.shelf, placed, &job.trace).await?;
            }
            // Newer commands came meanwhile.
            Act::Ignore | Act::NotStaged => {}
        }
        channel.deps.finish(&mut tx, job).await?;
        channel.deps.db.commit(tx).await?;
        Ok(())
    }
}

/// A bundle's row, an empty one if there is none yet.
pub(super) async fn get_row(
    tx: &mut crate::db::Tx,
    channel: &Channel,
    bundle: &lockstep_proto::ids::BundleId,
) -> Result<store::Row, StoreError> {
    match store::find_row(tx, &channel.name, bundle).await? {
        Some(row) => Ok(row),
        None => Ok(store::Row {
            bundle: bundle.clone(),
            shelf: store::get_shelf(tx, &channel.name, bundle).await?,
            shown_since: None,
            dark_since: None,
            dark_reason: None,
            command: None,
        }),
    }
}

/// Every member's bytes, verified against the manifest, with slots filled.
pub async fn read_filled(
    blobs: &Blobs,
    evidence: &Evidence,
) -> Result<Vec<(Filled, Vec<u8>)>, JobError> {
    let nothing = std::collections::BTreeMap::new();
    let slots = evidence.registration.as_ref().map_or(&nothing, |r| &r.statement().slots);
    let mut members = vec![];
    for member in &evidence.manifest.members {
        // `find` verifies: these are the bytes of the manifest's digest, or none.
        let bytes = blobs.find(&member.digest).await?;
        let bytes = bytes.ok_or_else(|| {
            JobError::Failed(format!("成员 {} 缺失 / member is missing", member.path))
        })?;
        let bytes = fill(member.role, bytes, slots);
        let filled = Filled {
            member: member.clone(),
            digest: Digest::of(&bytes),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        };
        members.push((filled, bytes));
    }
    Ok(members)
}
