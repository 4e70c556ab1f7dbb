//! Drafting's SQL.

use lockstep_kit::{Tx, db, error::StoreError};
use lockstep_proto::{
    digest::Digest,
    document::Document,
    finding::Finding,
    ids::{BundleId, PersonId, SubmissionId},
    manifest::Manifest,
    order::Proposal,
    release::Generation,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::domain::State;

/// Bundles listed at once.
const LIST_MAX: i64 = 200;

/// A bundle with its newest revision.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) bundle: BundleId,
    pub(crate) state: State,
    pub(crate) released_manifest: Option<Digest>,
    /// The generation that was last heard to be dark.
    pub(crate) dark: Option<Generation>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) newest: Revision,
}

/// One revision as it was submitted.
#[derive(Debug, Clone)]
pub(crate) struct Revision {
    /// The manifest to be; from sealing on the manifest itself, with rendered members.
    pub(crate) draft: Manifest,
    /// Digest of all files but the proposed order.
    pub(crate) content: Digest,
    pub(crate) proposal: Proposal,
    pub(crate) manifest: Option<Digest>,
    pub(crate) submitted_by: PersonId,
    pub(crate) submitted_at: Timestamp,
}

const SELECT: &str =
    "SELECT b.bundle, b.state, b.released_manifest, b.dark_epoch, b.dark_n, b.findings, r.content, r.draft,
    r.proposal, r.manifest, r.submitted_by, r.submitted_at
    FROM draft_bundle b JOIN draft_revision r ON r.bundle = b.bundle AND r.revision = b.revision";

pub(crate) async fn find_bundle(tx: &mut Tx, bundle: &BundleId) -> Result<Option<Row>, StoreError> {
    sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE b.bundle = $1")))
        .bind(bundle.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading a bundle"))?
        .map(|row| Row::try_from(&row))
        .transpose()
}

pub(crate) async fn list_bundles(tx: &mut Tx) -> Result<Vec<Row>, StoreError> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "{SELECT} ORDER BY r.submitted_at DESC, b.bundle LIMIT $1"
    )))
    .bind(LIST_MAX)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("listing bundles"))?
    .iter()
    .map(Row::try_from)
    .collect()
}

pub(crate) async fn list_submitters(
    tx: &mut Tx,
    bundle: &BundleId,
) -> Result<Vec<PersonId>, StoreError> {
    sqlx::query(
        "SELECT DISTINCT submitted_by FROM draft_revision WHERE bundle = $1
         ORDER BY submitted_by LIMIT 1000",
    )
    .bind(bundle.as_str())
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("listing submitters"))?
    .iter()
    .map(|row| db::parsed(row, "draft_revision", "submitted_by"))
    .collect()
}

/// A new revision becomes the bundle's newest.
pub(crate) async fn insert_revision(tx: &mut Tx, revision: &Revision) -> Result<(), StoreError> {
    let draft = &revision.draft;
    sqlx::query(
        "INSERT INTO draft_bundle (bundle, state, revision, findings) VALUES ($1, $2, $3, '[]')
         ON CONFLICT (bundle) DO UPDATE SET state = excluded.state, revision = excluded.revision,
             findings = excluded.findings",
    )
    .bind(draft.bundle.as_str())
    .bind(State::Rendering.name())
    .bind(i64::from(draft.revision))
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("writing a bundle"))?;
    sqlx::query(
        "INSERT INTO draft_revision (bundle, revision, submission, content, draft, proposal,
             submitted_by, submitted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(draft.bundle.as_str())
    .bind(i64::from(draft.revision))
    .bind(draft.submission.as_str())
    .bind(revision.content.as_str())
    .bind(db::to_json(draft, "draft")?)
    .bind(db::to_json(&revision.proposal, "proposal")?)
    .bind(revision.submitted_by.as_str())
    .bind(revision.submitted_at.as_micros())
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("writing a revision"))
}

/// Moves the bundle from `from` to `to`, if this submission is still its newest.
pub(crate) async fn move_submission(
    tx: &mut Tx,
    submission: &SubmissionId,
    [from, to]: [State; 2],
    findings: &[Finding],
) -> Result<bool, StoreError> {
    sqlx::query(
        "UPDATE draft_bundle SET state = $1, findings = $2 WHERE state = $3 AND EXISTS (
             SELECT 1 FROM draft_revision r WHERE r.bundle = draft_bundle.bundle
             AND r.revision = draft_bundle.revision AND r.submission = $4)",
    )
    .bind(to.name())
    .bind(db::to_json(&findings, "findings")?)
    .bind(from.name())
    .bind(submission.as_str())
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
    .map_err(StoreError::database("moving a bundle"))
}

/// Notes why the bundle's newest revision does not get on, while it waits to be rendered.
pub(crate) async fn note_stalled(
    tx: &mut Tx,
    bundle: &BundleId,
    finding: &Finding,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE draft_bundle SET findings = $1 WHERE bundle = $2 AND state = $3")
        .bind(db::to_json(&[finding], "findings")?)
        .bind(bundle.as_str())
        .bind(State::Rendering.name())
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("noting what does not get on"))
}

pub(crate) async fn save_manifest(
    tx: &mut Tx,
    submission: &SubmissionId,
    manifest: &Document<Manifest>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE draft_revision SET manifest = $1, draft = $2 WHERE submission = $3")
        .bind(manifest.digest().as_str())
        .bind(manifest.text())
        .bind(submission.as_str())
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("noting a manifest"))
}

/// Moves the bundle whose newest revision has this manifest, out of one of these states: facts of
/// different services may come in any order, and none may bring a bundle back.
pub(crate) async fn move_manifest(
    tx: &mut Tx,
    bundle: &BundleId,
    manifest: &Digest,
    (from, to): (&[State], State),
    findings: &[Finding],
) -> Result<(), StoreError> {
    for state in from {
        sqlx::query(
            "UPDATE draft_bundle SET state = $1, findings = $2 WHERE bundle = $3 AND state = $5
             AND EXISTS (SELECT 1 FROM draft_revision r WHERE r.bundle = draft_bundle.bundle
                 AND r.revision = draft_bundle.revision AND r.manifest = $4)",
        )
        .bind(to.name())
        .bind(db::to_json(&findings, "findings")?)
        .bind(bundle.as_str())
        .bind(manifest.as_str())
        .bind(state.name())
        .execute(&mut **tx)
        .await
        .map_err(StoreError::database("moving a bundle"))?;
    }
    Ok(())
}

/// The bundle went dark: whatever was under way with it ended too, and is to be submitted anew.
pub(crate) async fn darken(
    tx: &mut Tx,
    bundle: &BundleId,
    generation: Generation,
) -> Result<(), StoreError> {
    let (epoch, n) = db::split(Some(generation));
    sqlx::query(
        "UPDATE draft_bundle SET state = 'dark', released_manifest = NULL, dark_epoch = $2,
             dark_n = $3
         WHERE bundle = $1",
    )
    .bind(bundle.as_str())
    .bind(epoch)
    .bind(n)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("noting that a bundle is dark"))
}

/// Notes which manifest readers see.
pub(crate) async fn save_released(
    tx: &mut Tx,
    bundle: &BundleId,
    manifest: &Digest,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE draft_bundle SET released_manifest = $1 WHERE bundle = $2")
        .bind(manifest.as_str())
        .bind(bundle.as_str())
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("noting what is released"))
}

/// The revision of a submission.
pub(crate) async fn find_revision(
    tx: &mut Tx,
    submission: &SubmissionId,
) -> Result<Option<Revision>, StoreError> {
    sqlx::query("SELECT * FROM draft_revision WHERE submission = $1")
        .bind(submission.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading a revision"))?
        .map(|row| Revision::try_from(&row))
        .transpose()
}

/// Whether any revision of the bundle has a member with these bytes.
pub(crate) async fn has_member(
    tx: &mut Tx,
    bundle: &BundleId,
    digest: &Digest,
) -> Result<bool, StoreError> {
    let rows = sqlx::query(
        "SELECT draft FROM draft_revision WHERE bundle = $1 ORDER BY revision DESC LIMIT 1000",
    )
    .bind(bundle.as_str())
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("looking for a member"))?;
    for row in rows {
        let draft: Manifest = db::json(&row, "draft")?;
        if draft.members.iter().any(|member| member.digest == *digest) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl TryFrom<&AnyRow> for Revision {
    type Error = StoreError;
    fn try_from(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            draft: db::json(row, "draft")?,
            content: db::parsed(row, "draft_revision", "content")?,
            proposal: db::json(row, "proposal")?,
            manifest: maybe_digest(row, "manifest")?,
            submitted_by: db::parsed(row, "draft_revision", "submitted_by")?,
            submitted_at: Timestamp::from_micros(db::integer(row, "submitted_at")?),
        })
    }
}

impl TryFrom<&AnyRow> for Row {
    type Error = StoreError;
    fn try_from(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            bundle: db::parsed(row, "draft_bundle", "bundle")?,
            state: db::parsed(row, "draft_bundle", "state")?,
            released_manifest: maybe_digest(row, "released_manifest")?,
            dark: db::generation(row, "dark_epoch", "dark_n")?,
            findings: db::json(row, "findings")?,
            newest: Revision::try_from(row)?,
        })
    }
}

fn maybe_digest(row: &AnyRow, column: &'static str) -> Result<Option<Digest>, StoreError> {
    match db::maybe_text(row, column)? {
        None => Ok(None),
        Some(_) => db::parsed(row, "draft", column).map(Some),
    }
}

#[cfg(test)]
mod tests;
