//! What a process remembers of its database. One that was put back or replaced beneath it (a dump, a
//! snapshot, another server) has forgotten things, perhaps a withdrawal: each transaction asks before
//! anything else is read in it, and from the first answer that is older than what was known the process
//! works no more, until it is started again and asks who the database is.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use tokio_util::sync::CancellationToken;

use super::{Db, Engine, IDENTITY, Tx, integer};
use crate::error::StoreError;

/// How far everything has come that only ever goes forward: what was written and what was heard. One
/// number will do, for what is put back is put back as a whole.
const REACHED: &str = "(SELECT CAST(COALESCE(SUM(pos), 0) AS BIGINT) FROM source_head)
    + (SELECT CAST(COALESCE(SUM(pos), 0) AS BIGINT) FROM cursor) AS reached";

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Whether the service is in its epoch; before that there is nothing to compare with.
    is_begun: AtomicBool,
    /// Cancelled once the database was found to have moved.
    moved: CancellationToken,
    reached: AtomicI64,
}

impl Memory {
    pub(super) fn note_moved(&self) {
        if !self.moved.is_cancelled() {
            tracing::error!("{}; this process stops working", StoreError::Moved);
        }
        self.moved.cancel();
    }

    /// What is known before a transaction begins: it must not see anything older.
    pub(super) fn known(&self) -> i64 {
        self.reached.load(Ordering::SeqCst)
    }

    /// Begins a transaction. Whoever waits for a connection need not wait on when none will be made.
    pub(super) async fn begin(
        &self,
        begin: impl Future<Output = Result<Tx, sqlx::Error>>,
    ) -> Result<Tx, StoreError> {
        tokio::select! {
            biased;
            () = self.moved.cancelled() => Err(StoreError::Moved),
            begun = begin => begun.map_err(StoreError::database("beginning a transaction")),
        }
    }
}

impl Db {
    /// From now on every transaction asks whether the database is still the one it is now. To be called
    /// once its epoch is entered.
    pub fn remember(&self) {
        self.memory.is_begun.store(true, Ordering::SeqCst);
    }

    /// Whether it was found to be another database, or an older one, than it was.
    pub fn has_moved(&self) -> bool {
        self.memory.moved.is_cancelled()
    }

    /// Takes note that it is another database, or an older one, than it was.
    pub(crate) fn note_moved(&self) {
        self.memory.note_moved();
    }

    /// The first question of a transaction, answered from the instant of all that follow.
    pub(super) async fn compare(&self, tx: &mut Tx, known: i64) -> Result<(), StoreError> {
        if !self.memory.is_begun.load(Ordering::SeqCst) {
            return Ok(());
        }
        let here = match (self.engine, self.place.epoch) {
            (Engine::Postgres, Some(epoch)) => format!(
                "(SELECT COUNT(*) FROM epoch WHERE epoch.epoch = {epoch} AND database = {IDENTITY})"
            ),
            _ => "CAST(1 AS BIGINT)".to_owned(),
        };
        let sql = sqlx::AssertSqlSafe(format!("SELECT {here} AS here, {REACHED}"));
        let row = sqlx::query(sql)
            .fetch_one(&mut **tx)
            .await
            .map_err(StoreError::database("asking whether the database is the same"))?;
        let reached = integer(&row, "reached")?;
        if integer(&row, "here")? == 0 || reached < known {
            self.memory.note_moved();
            return Err(StoreError::Moved);
        }
        self.memory.reached.fetch_max(reached, Ordering::SeqCst);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
