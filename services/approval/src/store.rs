//! Approval's SQL.

use lockstep_kit::{Tx, db, error::StoreError};
use lockstep_proto::{
    digest::Digest, ids::BundleId, order::Proposal, release::Evidence, time::Timestamp,
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
    sqlx::query(
        "SELECT * FROM approval_case WHERE bundle = $1 ORDER BY opened_at DESC, manifest LIMIT 1",
    )
    .bind(bundle.as_str())
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::database("reading a case"))?
    .map(|row| Case::try_from(&row))
    .transpose()
}

/// Opens a case; the bundle's open ones give way. Says whether it is new.
pub(crate) async fn open_case(
    tx: &mut Tx,
    evidence: &Evidence,
    proposal: &Proposal,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let bundle = &evidence.manifest.bundle;
    sqlx::query(
        "UPDATE approval_case SET state = 'superseded', version = version + 1
         WHERE bundle = $1 AND state = 'open' AND manifest <> $2",
    )
    .bind(bundle.as_str())
    .bind(evidence.manifest.digest().as_str())
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("superseding cases"))?;
    sqlx::query(
        "INSERT INTO approval_case (manifest, bundle, state, evidence, proposal, version, opened_at)
         VALUES ($1, $2, 'open', $3, $4, 1,
             -- Later than the bundle's other cases also where the clock went back.
             (SELECT CASE WHEN MAX(opened_at) >= $5 THEN MAX(opened_at) + 1 ELSE $5 END
              FROM approval_case WHERE bundle = $2))
         ON CONFLICT DO NOTHING",
    )
    .bind(evidence.manifest.digest().as_str())
    .bind(bundle.as_str())
    .bind(db::to_json(evidence, "evidence")?)
    .bind(db::to_json(proposal, "proposal")?)
    .bind(at.as_micros())
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
    .map_err(StoreError::database("opening a case"))
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
        Err(StoreError::Stale { what: format!("case of {manifest}") })
    }
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

/// Ends a bundle's cases (all, or the one of `manifest`) that are in one of these states.
pub(crate) async fn end_cases(
    tx: &mut Tx,
    bundle: &BundleId,
    manifest: Option<&Digest>,
    states: &[State],
) -> Result<(), StoreError> {
    for state in states {
        sqlx::query(
            "UPDATE approval_case SET state = 'ended', version = version + 1
             WHERE bundle = $1 AND state = $2 AND manifest = COALESCE($3, manifest)",
        )
        .bind(bundle.as_str())
        .bind(state.name())
        .bind(manifest.map(|digest| digest.as_str().to_owned()))
        .execute(&mut **tx)
        .await
        .map_err(StoreError::database("ending cases"))?;
    }
    Ok(())
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
