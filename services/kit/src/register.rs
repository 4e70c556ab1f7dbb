//! Each service's own copy of persons and keys. Nothing enters without the root key's signature.

use lockstep_gate::people::Directory;
use lockstep_proto::{
    facts::Fact,
    people::{KeyRecord, KeyRevocation, PersonRecord},
    signed::{Signed, Statement},
    time::Timestamp,
};

use crate::{
    db::{self, Tx},
    deps::Deps,
    dispatch::HandleError,
    error::StoreError,
};

/// Persons and keys at most; a bureau has hundreds.
const RECORDS_MAX: i64 = 100_000;

/// Whether the fact is one of console's about persons and keys.
pub fn hears(fact: &Fact) -> bool {
    matches!(fact, Fact::PersonRecorded(_) | Fact::KeyRecorded(_) | Fact::KeyRevoked(_))
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is news.
    New,
    /// It is the one that stands already, or no record at all.
    Known,
    /// Another one of this instant stands, which is not older: nothing changed.
    Late {
        /// When that one was signed.
        known: Timestamp,
    },
}

/// Takes such a fact into this service's copy; others are left alone.
#[expect(clippy::wildcard_enum_match_arm, reason = "a handler hears a few of all facts")]
pub async fn handle(deps: &Deps, tx: &mut Tx, fact: &Fact) -> Result<Taken, HandleError> {
    match fact {
        Fact::PersonRecorded(record) => record_person(deps, tx, record).await,
        Fact::KeyRecorded(record) => record_key(deps, tx, record).await,
        Fact::KeyRevoked(record) => record_revocation(deps, tx, record).await,
        _ => Ok(Taken::Known),
    }
}

/// Records a person; a later record replaces an earlier one.
pub async fn record_person(
    deps: &Deps,
    tx: &mut Tx,
    record: &Signed<PersonRecord>,
) -> Result<Taken, HandleError> {
    check(deps, record, record.statement().deployment == deps.settings.deployment)?;
    let statement = record.statement();
    save(deps, tx, "person", statement.person.as_str(), statement.at, record).await
}

/// Records a key.
pub async fn record_key(
    deps: &Deps,
    tx: &mut Tx,
    record: &Signed<KeyRecord>,
) -> Result<Taken, HandleError> {
    check(deps, record, record.statement().deployment == deps.settings.deployment)?;
    let statement = record.statement();
    save(deps, tx, "key", statement.public.id().as_str(), statement.at, record).await
}

/// Records the end of a key.
pub async fn record_revocation(
    deps: &Deps,
    tx: &mut Tx,
    record: &Signed<KeyRevocation>,
) -> Result<Taken, HandleError> {
    check(deps, record, record.statement().deployment == deps.settings.deployment)?;
    let statement = record.statement();
    save(deps, tx, "revocation", statement.key.as_str(), statement.at, record).await
}

fn check<T: Statement>(
    deps: &Deps,
    record: &Signed<T>,
    is_of_this_deployment: bool,
) -> Result<(), HandleError> {
    if !is_of_this_deployment {
        return Err(HandleError::Refused(
            "记录属于另一套部署 / record belongs to another deployment".to_owned(),
        ));
    }
    record.verify(&deps.settings.root).map_err(|error| {
        HandleError::Refused(format!("记录不是根密钥签署 / record is not the root key's: {error}"))
    })
}

async fn save<T: Statement>(
    deps: &Deps,
    tx: &mut Tx,
    kind: &str,
    id: &str,
    at: Timestamp,
    record: &Signed<T>,
) -> Result<Taken, HandleError> {
    let json = db::to_json(record, "record")?;
    let done = sqlx::query(
        "INSERT INTO register (service, kind, id, at, record) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (service, kind, id) DO UPDATE SET at = excluded.at, record = excluded.record
         WHERE excluded.at > register.at",
    )
    .bind(deps.service.as_str())
    .bind(kind)
    .bind(id)
    .bind(at.as_micros())
    .bind(json.clone())
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("recording a person or key"))?;
    if done.rows_affected() == 1 {
        return Ok(Taken::New);
    }
    let row =
        sqlx::query("SELECT at, record FROM register WHERE service = $1 AND kind = $2 AND id = $3")
            .bind(deps.service.as_str())
            .bind(kind)
            .bind(id)
            .fetch_one(&mut **tx)
            .await
            .map_err(StoreError::database("reading what is recorded of a person or key"))?;
    if db::text(&row, "record")? == json {
        return Ok(Taken::Known);
    }
    Ok(Taken::Late { known: Timestamp::from_micros(db::integer(&row, "at")?) })
}

/// Everyone this service knows of.
pub async fn directory(deps: &Deps, tx: &mut Tx) -> Result<Directory, StoreError> {
    let rows = sqlx::query(
        "SELECT kind, record FROM register WHERE service = $1
         ORDER BY CASE kind WHEN 'person' THEN 0 WHEN 'key' THEN 1 ELSE 2 END, at, id LIMIT $2",
    )
    .bind(deps.service.as_str())
    .bind(RECORDS_MAX)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("reading persons and keys"))?;
    let mut directory = Directory::default();
    for row in &rows {
        match db::text(row, "kind")?.as_str() {
            "person" => directory
                .record_person(db::json::<Signed<PersonRecord>>(row, "record")?.into_value()),
            "key" => {
                directory.record_key(db::json::<Signed<KeyRecord>>(row, "record")?.into_value());
            }
            _ => {
                let revocation: Signed<KeyRevocation> = db::json(row, "record")?;
                directory.revoke_key(revocation.statement());
            }
        }
    }
    Ok(directory)
}

#[cfg(test)]
mod tests;
