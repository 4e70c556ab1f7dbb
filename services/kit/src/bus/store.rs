//! The SQL of relay and consumers: what is published, and what came too early.

use crate::{
    db::{self, Tx},
    error::StoreError,
    outbox::Stored,
};

/// Facts of `source` that no acknowledgement of the stream is known for, in order.
pub(super) async fn list_unpublished(
    tx: &mut Tx,
    source: &str,
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    sqlx::query(
        "SELECT source, pos, event_id, key, type, envelope FROM outbox
         WHERE source = $1 AND stream_seq IS NULL ORDER BY pos LIMIT $2",
    )
    .bind(source)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("reading what is to be published"))?
    .iter()
    .map(Stored::try_from)
    .collect()
}

/// Facts of `source` from one `pos` to another that were published before.
pub(super) async fn list_published(
    tx: &mut Tx,
    source: &str,
    (from, to): (i64, i64),
) -> Result<Vec<Stored>, StoreError> {
    sqlx::query(
        "SELECT source, pos, event_id, key, type, envelope FROM outbox
         WHERE source = $1 AND pos BETWEEN $2 AND $3 AND stream_seq IS NOT NULL ORDER BY pos",
    )
    .bind(source)
    .bind(from)
    .bind(to)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("reading what is missing"))?
    .iter()
    .map(Stored::try_from)
    .collect()
}

/// Published facts of `source` with their places in the stream, the newest of them first, `below` a
/// place.
pub(super) async fn list_newest(
    tx: &mut Tx,
    source: &str,
    below: i64,
    limit: i64,
) -> Result<Vec<(Stored, i64)>, StoreError> {
    sqlx::query(
        "SELECT source, pos, event_id, key, type, envelope, stream_seq FROM outbox
         WHERE source = $1 AND stream_seq < $2 ORDER BY stream_seq DESC LIMIT $3",
    )
    .bind(source)
    .bind(below)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("reading what was published"))?
    .iter()
    .map(|row| Ok((Stored::try_from(row)?, db::integer(row, "stream_seq")?)))
    .collect()
}

/// Notes where facts lie in the stream: pairs of `pos` and place.
pub(super) async fn mark_published(
    tx: &mut Tx,
    source: &str,
    places: &[(i64, i64)],
) -> Result<(), StoreError> {
    for (pos, seq) in places {
        sqlx::query("UPDATE outbox SET stream_seq = $1 WHERE source = $2 AND pos = $3")
            .bind(seq)
            .bind(source)
            .bind(pos)
            .execute(&mut **tx)
            .await
            .map_err(StoreError::database("noting what was published"))?;
    }
    Ok(())
}

/// What lies above this place in the stream is not there any more: it is published again. How many
/// facts that are.
pub(super) async fn unmark_above(tx: &mut Tx, source: &str, place: i64) -> Result<u64, StoreError> {
    sqlx::query("UPDATE outbox SET stream_seq = NULL WHERE source = $1 AND stream_seq > $2")
        .bind(source)
        .bind(place)
        .execute(&mut **tx)
        .await
        .map(|done| done.rows_affected())
        .map_err(StoreError::database("noting what the stream lost"))
}

/// No fact of `source` is in the stream any more. Those above `taken_in` are published again; the
/// others have no place.
pub(super) async fn unmark_all(tx: &mut Tx, source: &str, taken_in: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET stream_seq = CASE WHEN pos > $1 THEN NULL ELSE 0 END WHERE source = $2",
    )
    .bind(taken_in)
    .bind(source)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("noting that the stream is empty"))
}

/// How far a handler has taken in a source, without gaps.
pub(super) async fn find_cursor(
    tx: &mut Tx,
    handler: &str,
    source: &str,
) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT pos FROM cursor WHERE handler = $1 AND source = $2")
        .bind(handler)
        .bind(source)
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading a cursor"))?;
    row.map_or(Ok(0), |row| db::integer(&row, "pos"))
}

/// Puts a fact aside that came before an earlier one of its source.
pub(super) async fn save_ahead(
    tx: &mut Tx,
    handler: &str,
    fact: &Stored,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ahead (handler, source, pos, event_id, key, type, envelope)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(handler)
    .bind(&fact.source)
    .bind(fact.pos)
    .bind(&fact.event_id)
    .bind(&fact.key)
    .bind(&fact.type_name)
    .bind(&fact.envelope)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("putting a fact aside"))
}

/// The first fact of each source that is put aside, with how far the handler is with the source.
pub(super) async fn list_ahead(
    tx: &mut Tx,
    handler: &str,
) -> Result<Vec<(Stored, i64)>, StoreError> {
    sqlx::query(
        "SELECT a.source, a.pos, a.event_id, a.key, a.type, a.envelope, COALESCE(
             (SELECT c.pos FROM cursor c WHERE c.handler = a.handler AND c.source = a.source), 0
         ) AS seen
         FROM ahead a WHERE a.handler = $1 AND a.pos = (
             SELECT MIN(b.pos) FROM ahead b WHERE b.handler = a.handler AND b.source = a.source)
         ORDER BY a.source LIMIT 100",
    )
    .bind(handler)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("reading what is put aside"))?
    .iter()
    .map(|row| Ok((Stored::try_from(row)?, db::integer(row, "seen")?)))
    .collect()
}

/// Takes a fact out that was put aside.
pub(super) async fn delete_ahead(
    tx: &mut Tx,
    handler: &str,
    fact: &Stored,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM ahead WHERE handler = $1 AND source = $2 AND pos = $3")
        .bind(handler)
        .bind(&fact.source)
        .bind(fact.pos)
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("taking a fact out that was put aside"))
}
