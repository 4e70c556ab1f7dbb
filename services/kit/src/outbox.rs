//! The outbox: facts written in the transaction of the change they tell of. `pos` rises by one per
//! source without gaps, because its head is a row updated in the same transaction.

use lockstep_proto::{
    envelope::{ENVELOPE_BYTES_MAX, Envelope},
    facts::Fact,
    ids::TraceId,
    release::Generation,
};
use sqlx::{Row as _, any::AnyRow};

use crate::{
    db::{self, Tx},
    deps::Deps,
    error::StoreError,
};

/// What a fact is written with.
#[derive(Debug, Clone)]
pub struct Context {
    /// What order is kept for: the bundle, person or channel.
    pub key: String,
    /// The generation it belongs to, if any.
    pub generation: Option<Generation>,
    /// The person's act it comes from.
    pub trace: TraceId,
}

impl Context {
    /// Of a bundle.
    pub fn of(key: &(impl ToString + ?Sized), trace: &TraceId) -> Self {
        Self { key: key.to_string(), generation: None, trace: trace.clone() }
    }

    /// Within this generation.
    #[must_use]
    pub fn at(self, generation: Generation) -> Self {
        Self { generation: Some(generation), ..self }
    }
}

impl Deps {
    /// Appends a fact of this service. Refuses one that the bus would not carry.
    pub async fn append(
        &self,
        tx: &mut Tx,
        context: Context,
        fact: Fact,
    ) -> Result<Envelope, StoreError> {
        let failed = || StoreError::database("appending a fact");
        let row = sqlx::query(
            "INSERT INTO source_head (source, pos) VALUES ($1, 1)
             ON CONFLICT (source) DO UPDATE SET pos = source_head.pos + 1 RETURNING pos",
        )
        .bind(self.service.as_str())
        .fetch_one(&mut **tx)
        .await
        .map_err(failed())?;
        let pos: i64 = row.try_get("pos").map_err(failed())?;
        let salt = self.ids.salt().map_err(|error| StoreError::File {
            doing: "making a salt",
            path: "random".to_owned(),
            source: std::io::Error::other(error),
        })?;
        let envelope = Envelope {
            id: self.ids.fresh(),
            source: self.service.clone(),
            pos: u64::try_from(pos).unwrap_or_default(),
            key: context.key,
            generation: context.generation,
            salt,
            trace: context.trace,
            at: self.clock.now(),
            fact,
        };
        let text = db::to_json(&envelope, "envelope")?;
        if text.len() > ENVELOPE_BYTES_MAX {
            let type_name = envelope.fact.type_name();
            return Err(StoreError::TooLarge { what: type_name, bytes: text.len() });
        }
        sqlx::query(
            "INSERT INTO outbox (source, pos, event_id, key, type, envelope)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(envelope.source.as_str())
        .bind(pos)
        .bind(envelope.id.as_str())
        .bind(envelope.key.as_str())
        .bind(envelope.fact.type_name())
        .bind(text)
        .execute(&mut **tx)
        .await
        .map_err(failed())?;
        Ok(envelope)
    }
}

/// A fact as it lies in the outbox, not yet parsed.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its source.
    pub source: String,
    /// Its place in the source's order.
    pub pos: i64,
    /// Its id.
    pub event_id: String,
    /// Its key.
    pub key: String,
    /// Its type's name.
    pub type_name: String,
    /// The envelope's JSON.
    pub envelope: String,
}

impl TryFrom<&AnyRow> for Stored {
    type Error = StoreError;
    fn try_from(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            source: db::text(row, "source")?,
            pos: db::integer(row, "pos")?,
            event_id: db::text(row, "event_id")?,
            key: db::text(row, "key")?,
            type_name: db::text(row, "type")?,
            envelope: db::text(row, "envelope")?,
        })
    }
}

/// The facts that `handler` has not passed yet: in order per source, interleaved between sources.
pub async fn list_after_cursor(
    tx: &mut Tx,
    handler: &str,
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    sqlx::query(
        "SELECT o.source, o.pos, o.event_id, o.key, o.type, o.envelope
         FROM source_head h JOIN outbox o ON o.source = h.source AND o.pos > COALESCE(
             (SELECT c.pos FROM cursor c WHERE c.handler = $1 AND c.source = h.source), 0)
         ORDER BY o.pos, o.source LIMIT $2",
    )
    .bind(handler)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("reading the outbox"))?
    .iter()
    .map(Stored::try_from)
    .collect()
}

/// All facts of a key, for people and tests; in order per source.
pub async fn list_of_key(tx: &mut Tx, key: &str, limit: i64) -> Result<Vec<Stored>, StoreError> {
    sqlx::query(
        "SELECT source, pos, event_id, key, type, envelope FROM outbox
         WHERE key = $1 ORDER BY pos, source LIMIT $2",
    )
    .bind(key)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("reading the outbox"))?
    .iter()
    .map(Stored::try_from)
    .collect()
}

/// Moves a handler's cursor. Commits with whatever the handler did.
pub async fn save_cursor(
    tx: &mut Tx,
    handler: &str,
    source: &str,
    pos: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO cursor (handler, source, pos) VALUES ($1, $2, $3)
         ON CONFLICT (handler, source) DO UPDATE SET pos = excluded.pos
         WHERE excluded.pos > cursor.pos",
    )
    .bind(handler)
    .bind(source)
    .bind(pos)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("moving a cursor"))
}

#[cfg(test)]
mod tests;
