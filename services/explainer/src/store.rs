//! The explainer's SQL: what was rendered before.

use lockstep_kit::{Tx, db, error::StoreError};
use lockstep_proto::{digest::Digest, finding::Finding, manifest::Member};

/// What was rendered from one content.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) members: Vec<Member>,
    /// What was left out, and why.
    pub(crate) findings: Vec<Finding>,
}

/// What was rendered from this content.
pub(crate) async fn find_rendered(
    tx: &mut Tx,
    content: &Digest,
) -> Result<Option<Made>, StoreError> {
    let row = sqlx::query("SELECT members, findings FROM rendered_content WHERE content = $1")
        .bind(content.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading what was rendered"))?;
    let made = |row| {
        Ok(Made { members: db::json(&row, "members")?, findings: db::json(&row, "findings")? })
    };
    row.map(made).transpose()
}

/// Remembers it.
pub(crate) async fn add_rendered(
    tx: &mut Tx,
    content: &Digest,
    made: &Made,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO rendered_content (content, members, findings) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(content.as_str())
    .bind(db::to_json(&made.members, "members")?)
    .bind(db::to_json(&made.findings, "findings")?)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("remembering what was rendered"))
}
