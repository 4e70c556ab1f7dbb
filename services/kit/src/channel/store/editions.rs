//! The SQL of editions: every one that a channel ever held.

use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, ChannelName},
    release::Evidence,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    channel::Filled,
    db::{self, Tx},
    error::StoreError,
};

/// An edition that was held at some time.
#[derive(Debug, Clone)]
pub struct HeldEdition {
    /// Its digest.
    pub edition: Digest,
    /// What it rests on.
    pub evidence: Evidence,
    /// Its members, slots filled.
    pub filled: Vec<Filled>,
    /// When readers first saw it here; `None`: never.
    pub first_shown_at: Option<Timestamp>,
    /// When it was withdrawn; it is never shown again.
    pub withdrawn_at: Option<Timestamp>,
}

/// Keeps an edition that is held.
pub async fn save_edition(
    tx: &mut Tx,
    channel: &ChannelName,
    edition: &HeldEdition,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO shelf_edition (channel, edition, bundle, evidence, filled)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (channel, edition) DO UPDATE SET evidence = excluded.evidence",
    )
    .bind(channel.as_str())
    .bind(edition.edition.as_str())
    .bind(edition.evidence.manifest.bundle.as_str())
    .bind(db::to_json(&edition.evidence, "evidence")?)
    .bind(db::to_json(&edition.filled, "filled")?)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("keeping an edition"))
}

/// Notes that readers see an edition now, unless they did before.
pub async fn mark_shown(
    tx: &mut Tx,
    channel: &ChannelName,
    edition: &Digest,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE shelf_edition SET first_shown_at = $1
         WHERE channel = $2 AND edition = $3 AND first_shown_at IS NULL",
    )
    .bind(at.as_micros())
    .bind(channel.as_str())
    .bind(edition.as_str())
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("noting a first showing"))
}

/// An edition that was held at some time.
pub async fn find_edition(
    tx: &mut Tx,
    channel: &ChannelName,
    edition: &Digest,
) -> Result<Option<HeldEdition>, StoreError> {
    sqlx::query("SELECT * FROM shelf_edition WHERE channel = $1 AND edition = $2")
        .bind(channel.as_str())
        .bind(edition.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading an edition"))?
        .map(|row| HeldEdition::try_from(&row))
        .transpose()
}

/// An edition of a bundle, for readers: only where they saw it.
pub async fn find_shown_edition(
    tx: &mut Tx,
    channel: &ChannelName,
    bundle: &BundleId,
    edition: &Digest,
) -> Result<Option<HeldEdition>, StoreError> {
    sqlx::query(
        "SELECT * FROM shelf_edition WHERE channel = $1 AND edition = $2 AND bundle = $3
         AND first_shown_at IS NOT NULL",
    )
    .bind(channel.as_str())
    .bind(edition.as_str())
    .bind(bundle.as_str())
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::database("reading an edition"))?
    .map(|row| HeldEdition::try_from(&row))
    .transpose()
}

/// The edition of a bundle that readers saw last.
pub async fn find_last_shown(
    tx: &mut Tx,
    channel: &ChannelName,
    bundle: &BundleId,
) -> Result<Option<HeldEdition>, StoreError> {
    sqlx::query(
        "SELECT * FROM shelf_edition WHERE channel = $1 AND bundle = $2
         AND first_shown_at IS NOT NULL ORDER BY first_shown_at DESC, edition LIMIT 1",
    )
    .bind(channel.as_str())
    .bind(bundle.as_str())
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::database("reading an edition"))?
    .map(|row| HeldEdition::try_from(&row))
    .transpose()
}

/// Notes that every edition of a bundle that readers saw is withdrawn.
pub async fn mark_withdrawn(
    tx: &mut Tx,
    channel: &ChannelName,
    bundle: &BundleId,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE shelf_edition SET withdrawn_at = $1 WHERE channel = $2 AND bundle = $3
         AND first_shown_at IS NOT NULL AND withdrawn_at IS NULL",
    )
    .bind(at.as_micros())
    .bind(channel.as_str())
    .bind(bundle.as_str())
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("noting a withdrawal"))
}

impl TryFrom<&AnyRow> for HeldEdition {
    type Error = StoreError;
    fn try_from(row: &AnyRow) -> Result<Self, StoreError> {
        let at = |column| -> Result<_, StoreError> {
            Ok(db::maybe_integer(row, column)?.map(Timestamp::from_micros))
        };
        Ok(Self {
            edition: db::parsed(row, "shelf_edition", "edition")?,
            evidence: db::json(row, "evidence")?,
            filled: db::json(row, "filled")?,
            first_shown_at: at("first_shown_at")?,
            withdrawn_at: at("withdrawn_at")?,
        })
    }
}
