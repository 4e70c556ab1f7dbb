//! The explainer's SQL: what was rendered before.

use lockstep_kit::{Tx, db, error::StoreError};
use lockstep_proto::{digest::Digest, manifest::Member};

/// The members that were rendered from this content.
pub(crate) async fn find_rendered(
    tx: &mut Tx,
    content: &Digest,
) -> Result<Option<Vec<Member>>, StoreError> {
    let row = sqlx::query("SELECT members FROM rendered_content WHERE content = $1")
        .bind(content.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading what was rendered"))?;
    row.map(|row| db::json(&row, "members")).transpose()
}

/// Remembers them.
pub(crate) async fn add_rendered(
    tx: &mut Tx,
    content: &Digest,
    members: &[Member],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO rendered_content (content, members) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    )
    .bind(content.as_str())
    .bind(db::to_json(&members, "members")?)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("remembering what was rendered"))
}
