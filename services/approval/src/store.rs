//! Approval's SQL.

use std::collections::BTreeMap;

use lockstep_kit::{Tx, db, error::StoreError};
use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, ChannelName},
    manifest::Manifest,
    order::Proposal,
    release::{Evidence, Generation},
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::domain::State;

/// A case.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) state: State,
    pub(crate) evidence: Evidence,
    pub(crate) proposal: Proposal,
    /// Rises with every change; a writer names the one it read.
    pub(crate) version: i64,
}

/// The newest case of a bundle.
pub(crate) async fn find_newest(
    tx: &mut Tx,
    bundle: &BundleId,
) -> Result<Option<Case>, StoreError> {
    sqlx::query("SELECT * FROM approval_case WHERE bundle = $1 ORDER BY revision DESC LIMIT 1")
        .bind(bundle.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading a case"))?
        .map(|row| Case::try_from(&row))
        .transpose()
}

/// Opens a case; the bundle's open ones of earlier revisions give way. Says whether it is new: not
/// where a later revision's case came first, nor where a withdrawal voided what was drafted.
pub(crate) async fn open_case(
    tx: &mut Tx,
    evidence: &Evidence,
    proposal: &Proposal,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let manifest = &evidence.manifest;
    let (after_epoch, after_n) = db::split(manifest.after_dark);
    let is_opened = sqlx::query(
        "INSERT INTO approval_case (manifest, bundle, revision, after_epoch, after_n, state,
             evidence, proposal, version, opened_at)
         SELECT $1, $2, $3, $4, $5, 'open', $6, $7, 1, $8
         WHERE NOT EXISTS (SELECT 1 FROM approval_case WHERE bundle = $2 AND revision >= $3)
           AND NOT EXISTS (SELECT 1 FROM approval_dark WHERE bundle = $2
               AND (epoch > COALESCE($4, -1) OR (epoch = $4 AND n > $5)))",
    )
    .bind(manifest.digest().as_str())
    .bind(manifest.bundle.as_str())
    .bind(i64::from(manifest.revision))
    .bind(after_epoch)
    .bind(after_n)
    .bind(db::to_json(evidence, "evidence")?)
    .bind(db::to_json(proposal, "proposal")?)
    .bind(at.as_micros())
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
    .map_err(StoreError::database("opening a case"))?;
    sqlx::query(
        "UPDATE approval_case SET state = 'superseded', version = version + 1
         WHERE bundle = $1 AND state = 'open' AND revision < $2",
    )
    .bind(manifest.bundle.as_str())
    .bind(i64::from(manifest.revision))
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("superseding cases"))?;
    Ok(is_opened)
}

/// Writes a case back, if it is still the one that was read.
pub(crate) async fn save_case(tx: &mut Tx, case: &Case) -> Result<(), StoreError> {
    let manifest = case.evidence.manifest.digest();
    let done = sqlx::query(
        "UPDATE approval_case SET state = $1, evidence = $2, proposal = $3, version = version + 1
         WHERE manifest = $4 AND version = $5",
    )
    .bind(case.state.name())
    .bind(db::to_json(&case.evidence, "evidence")?)
    .bind(db::to_json(&case.proposal, "proposal")?)
    .bind(manifest.as_str())
    .bind(case.version)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("writing a case"))?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale {
            what: format!("{} 的审批情况", case.evidence.manifest.bundle)
        })
    }
}

/// The channels that may show an earlier edition of this manifest's bundle: those of the order that
/// was permitted last. None after a withdrawal, which ends such cases.
pub(crate) async fn list_lit(
    tx: &mut Tx,
    manifest: &Manifest,
) -> Result<Vec<ChannelName>, StoreError> {
    let row = sqlx::query(
        "SELECT evidence FROM approval_case
         WHERE bundle = $1 AND revision < $2 AND state = 'permitted'
         ORDER BY revision DESC LIMIT 1",
    )
    .bind(manifest.bundle.as_str())
    .bind(i64::from(manifest.revision))
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::database("reading what was permitted before"))?;
    let Some(row) = row else { return Ok(vec![]) };
    let evidence: Evidence = db::json(&row, "evidence")?;
    let order = evidence.order.iter();
    Ok(order.flat_map(|order| order.channels.all()).cloned().collect())
}

/// From the permit on, order and registration are final.
pub(crate) async fn permit_case(tx: &mut Tx, manifest: &Digest) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE approval_case SET state = 'permitted', version = version + 1
         WHERE manifest = $1 AND state = 'granted'",
    )
    .bind(manifest.as_str())
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("noting a permit"))
}

/// Ends the case of a manifest whose release was stopped.
pub(crate) async fn end_case(tx: &mut Tx, manifest: &Digest) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE approval_case SET state = 'ended', version = version + 1
         WHERE manifest = $1 AND state IN ('granted', 'permitted')",
    )
    .bind(manifest.as_str())
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("ending a case"))
}

/// A withdrawal is ordered: what is still being signed was drafted before it.
pub(crate) async fn end_open_cases(
    tx: &mut Tx,
    bundle: &BundleId,
    hidden: Generation,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE approval_case SET state = 'ended', version = version + 1
         WHERE bundle = $1 AND state = 'open'
           AND (COALESCE(after_epoch, -1) < $2 OR (after_epoch = $2 AND after_n < $3))",
    )
    .bind(bundle.as_str())
    .bind(i64::from(hidden.epoch))
    .bind(i64::from(hidden.n))
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("ending open cases"))
}

/// Everything is dark: whatever was drafted before that ends, and no such case opens any more.
pub(crate) async fn darken(
    tx: &mut Tx,
    bundle: &BundleId,
    dark: Generation,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO approval_dark (bundle, epoch, n) VALUES ($1, $2, $3)
         ON CONFLICT (bundle) DO UPDATE SET epoch = excluded.epoch, n = excluded.n
         WHERE excluded.epoch > approval_dark.epoch
            OR (excluded.epoch = approval_dark.epoch AND excluded.n > approval_dark.n)",
    )
    .bind(bundle.as_str())
    .bind(i64::from(dark.epoch))
    .bind(i64::from(dark.n))
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("noting that a bundle is dark"))?;
    sqlx::query(
        "UPDATE approval_case SET state = 'ended', version = version + 1
         WHERE bundle = $1 AND state IN ('open', 'granted', 'permitted')
           AND (COALESCE(after_epoch, -1) < $2 OR (after_epoch = $2 AND after_n < $3))",
    )
    .bind(bundle.as_str())
    .bind(i64::from(dark.epoch))
    .bind(i64::from(dark.n))
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("ending cases"))
}

/// How many cases are in each state; states without any are left out.
pub(crate) async fn count_states(tx: &mut Tx) -> Result<BTreeMap<String, i64>, StoreError> {
    sqlx::query("SELECT state, COUNT(*) AS count FROM approval_case GROUP BY state ORDER BY state")
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::database("counting cases"))?
        .iter()
        .map(|row| Ok((db::text(row, "state")?, db::integer(row, "count")?)))
        .collect()
}

/// Bundles whose newest granted case is not permitted yet.
pub(crate) async fn count_grants(tx: &mut Tx) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS count FROM approval_case c WHERE state = 'granted'
         AND NOT EXISTS (SELECT 1 FROM approval_case d WHERE d.bundle = c.bundle
             AND d.revision > c.revision AND d.state IN ('granted', 'permitted'))",
    )
    .fetch_one(&mut **tx)
    .await
    .map_err(StoreError::database("counting grants"))?;
    db::integer(&row, "count")
}

impl TryFrom<&AnyRow> for Case {
    type Error = StoreError;
    fn try_from(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            state: db::parsed(row, "approval_case", "state")?,
            evidence: db::json(row, "evidence")?,
            proposal: db::json(row, "proposal")?,
            version: db::integer(row, "version")?,
        })
    }
}

#[cfg(test)]
mod tests;
