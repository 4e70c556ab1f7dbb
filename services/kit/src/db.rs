//! The database, one text for both engines. SQLite: one file for all services, one writer, several
//! readers. PostgreSQL: a schema and a role per service; the writers of a service take turns there
//! too, so that what is right on one engine is right on the other.

mod memory;
mod postgres;
mod sqlite;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{
    Any, AnyPool, Connection as _, Executor as _, Row as _,
    any::{AnyPoolOptions, AnyRow},
};
use tokio::sync::watch;

use lockstep_proto::release::Generation;

use crate::{clock::Clock, error::StoreError, files};

use memory::Memory;
pub(crate) use postgres::IDENTITY;
pub use postgres::{CONNECTIONS, PUBLIC_CONNECTIONS, Server};
pub use sqlite::{check_sqlite, copy_sqlite};

/// A transaction. The use case opens it and hands it on; nothing slow happens inside.
pub type Tx = sqlx::Transaction<'static, Any>;

/// How long to wait for a connection; whoever asked is told then, and may ask again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Readers at once: for services and staff, and as many again for the public.
const READERS: u32 = 4;

/// What a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file that all services of one process share.
    Sqlite,
    /// A server; each service has a schema of its own.
    Postgres,
}

/// One database.
#[derive(Debug, Clone)]
pub struct Db {
    engine: Engine,
    /// Opens readers; of PostgreSQL, everything.
    place: Place,
    write: AnyPool,
    read: AnyPool,
    committed: watch::Sender<u64>,
    memory: Arc<Memory>,
}

/// Where a database is.
#[derive(Debug, Clone)]
struct Place {
    url: String,
    /// The schema; SQLite has none.
    schema: String,
    /// The epoch that whoever connects is in; none: an administrator.
    epoch: Option<u32>,
}

/// One step in the life of a schema: its name, and its SQL, which both engines take.
pub type Migration = (&'static str, &'static str);

const KIT_MIGRATIONS: &[Migration] = &[
    ("0001_create_messaging", include_str!("../migrations/0001_create_messaging.sql")),
    ("0002_create_shelf", include_str!("../migrations/0002_create_shelf.sql")),
    ("0003_create_relay", include_str!("../migrations/0003_create_relay.sql")),
    ("0005_create_epoch", include_str!("../migrations/0005_create_epoch.sql")),
    ("0006_create_heads", include_str!("../migrations/0006_create_heads.sql")),
    ("0008_add_owner", include_str!("../migrations/0008_add_owner.sql")),
];

impl Db {
    /// Opens (or makes) the SQLite file at `path`, with kit's tables.
    pub async fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        // What SQLite makes beside it, it makes as open as this.
        files::make_private_file(path).map_err(|source| StoreError::File {
            doing: "making the database",
            path: path.display().to_string(),
            source,
        })?;
        let url = sqlite::url(path, "rwc");
        // FULL: an acknowledged commit survives power loss; NORMAL may lose the last ones.
        let memory = Arc::<Memory>::default();
        let write = pool(
            &memory,
            1,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
            PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;"
                .to_owned(),
        )
        .connect(&url)
        .await
        .map_err(StoreError::database("opening the database"))?;
        let place = Place { url, schema: String::new(), epoch: None };
        let read = sqlite::readers(&memory, &place.url).await?;
        let committed = watch::Sender::new(0);
        let db = Self { engine: Engine::Sqlite, place, write, read, committed, memory };
        db.migrate_kit().await?;
        Ok(db)
    }

    /// The SQLite file at `path` as it is, to look into: nothing is made and nothing brought up to date.
    pub async fn look_into_sqlite(path: &Path) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let memory = Arc::<Memory>::default();
        let place = Place { url: sqlite::url(path, "rw"), schema: String::new(), epoch: None };
        let read = sqlite::readers(&memory, &place.url).await?;
        let committed = watch::Sender::new(0);
        Ok(Self { engine: Engine::Sqlite, place, write: read.clone(), read, committed, memory })
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The same database with readers of its own, which whoever else reads cannot use up.
    pub async fn with_own_readers(&self) -> Result<Self, StoreError> {
        let read = match self.engine {
            Engine::Sqlite => sqlite::readers(&self.memory, &self.place.url).await?,
            Engine::Postgres => {
                postgres::readers(&self.memory, &self.place, PUBLIC_CONNECTIONS).await?
            }
        };
        Ok(Self { read, ..self.clone() })
    }

    /// Brings kit's tables up to date.
    pub async fn migrate_kit(&self) -> Result<(), StoreError> {
        self.migrate("kit", KIT_MIGRATIONS).await?;
        match self.engine {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => self.migrate("kit", postgres::MIGRATIONS).await,
        }
    }

    /// Brings a service's tables up to date: runs what has not run yet, each in a transaction.
    /// Where nothing is left to do, nothing is asked of the database that a service may not do.
    pub async fn migrate(&self, service: &str, migrations: &[Migration]) -> Result<(), StoreError> {
        let failed = || StoreError::database("migrating");
        let done = self.list_migrations(service).await.unwrap_or_default();
        let left = migrations.iter().filter(|(name, _)| !done.iter().any(|known| known == name));
        for (name, sql) in left {
            let mut tx = self.begin_write().await?;
            sqlx::query("CREATE TABLE IF NOT EXISTS migration (service TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (service, name))")
                .execute(&mut *tx)
                .await
                .map_err(failed())?;
            let is_new = sqlx::query(
                "INSERT INTO migration (service, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(service)
            .bind(*name)
            .execute(&mut *tx)
            .await
            .map_err(failed())?
            .rows_affected()
                == 1;
            if is_new {
                sqlx::raw_sql(*sql).execute(&mut *tx).await.map_err(failed())?;
            }
            tx.commit().await.map_err(failed())?;
        }
        Ok(())
    }

    /// What was run already. Fails where nothing ever was.
    async fn list_migrations(&self, service: &str) -> Result<Vec<String>, StoreError> {
        let mut tx = self.begin_read().await?;
        sqlx::query("SELECT name FROM migration WHERE service = $1 ORDER BY name LIMIT 1000")
            .bind(service)
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::database("reading what was migrated"))?
            .iter()
            .map(|row| text(row, "name"))
            .collect()
    }

    /// Asks the database for the time. How far `clock` is ahead of its own, in microseconds; none: the
    /// database has no clock but this machine's.
    pub async fn clock_ahead(&self, clock: &Clock) -> Result<Option<i64>, StoreError> {
        let failed = || StoreError::database("asking for the time");
        let mut tx = self.begin_read().await?;
        let sql = match self.engine {
            Engine::Sqlite => "SELECT 0 AS micros",
            Engine::Postgres => {
                "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS micros"
            }
        };
        let (begun, sent) = (clock.now(), Instant::now());
        let row = tx.fetch_one(sql).await.map_err(failed())?;
        // It looked at its clock in the middle of the way there and back.
        let there = i64::try_from(sent.elapsed().as_micros() / 2).unwrap_or(i64::MAX);
        let theirs = integer(&row, "micros")?;
        Ok((self.engine == Engine::Postgres).then(|| begun.as_micros() + there - theirs))
    }

    /// A writing transaction; it waits until every other of this service (on SQLite: of this file)
    /// has ended, so that what it reads is still so when it writes.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        let known = self.memory.known();
        // IMMEDIATE, so that a read that turns into a write cannot fail.
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        let mut tx = self.memory.begin(self.write.begin_with(begin)).await?;
        if self.engine == Engine::Postgres {
            postgres::wait_for_turn(&mut tx, &self.place.schema).await?;
        }
        self.compare(&mut tx, known).await?;
        Ok(tx)
    }

    /// A reading transaction: everything read in it is from one instant.
    pub async fn begin_read(&self) -> Result<Tx, StoreError> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        };
        let known = self.memory.known();
        let mut tx = self.memory.begin(self.read.begin_with(begin)).await?;
        self.compare(&mut tx, known).await?;
        Ok(tx)
    }

    /// Commits, and wakes whoever waits for facts and jobs.
    pub async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        self.commit_quietly(tx).await?;
        self.wake();
        Ok(())
    }

    /// Commits without waking anybody in this process.
    pub async fn commit_quietly(&self, tx: Tx) -> Result<(), StoreError> {
        tx.commit().await.map_err(StoreError::database("committing"))
    }

    /// Wakes whoever waits for facts and jobs.
    pub fn wake(&self) {
        self.committed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Changes whenever this process committed something, or heard that another did.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// Waits until every connection is back and closes them.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// A pool whose connections begin with these settings.
fn pool(memory: &Arc<Memory>, size: u32, settings: String) -> AnyPoolOptions {
    let memory = Arc::clone(memory);
    AnyPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A transaction that the engine rolled back by itself, as SQLite does on a full disk, counts
        // as open for ever, and the connection refuses to begin another: it is opened anew.
        .before_acquire(|connection, _| {
            let is_whole = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_whole) })
        })
        .after_connect(move |connection, _| {
            let settings = sqlx::AssertSqlSafe(settings.clone());
            let memory = Arc::clone(&memory);
            Box::pin(async move {
                let set = connection.execute(sqlx::raw_sql(settings)).await;
                if set.as_ref().is_err_and(postgres::says_moved) {
                    memory.note_moved();
                }
                set.map(drop)
            })
        })
}

/// A TEXT column.
pub fn text(row: &AnyRow, column: &'static str) -> Result<String, StoreError> {
    row.try_get(column).map_err(StoreError::database("reading a text column"))
}

/// A TEXT column that may be null.
pub fn maybe_text(row: &AnyRow, column: &'static str) -> Result<Option<String>, StoreError> {
    row.try_get(column).map_err(StoreError::database("reading a text column"))
}

/// A BIGINT column.
pub fn integer(row: &AnyRow, column: &'static str) -> Result<i64, StoreError> {
    row.try_get(column).map_err(StoreError::database("reading a number column"))
}

/// A BIGINT column that may be null.
pub fn maybe_integer(row: &AnyRow, column: &'static str) -> Result<Option<i64>, StoreError> {
    row.try_get(column).map_err(StoreError::database("reading a number column"))
}

/// A TEXT column that holds a value of ours, parsed.
pub fn parsed<T: TryFrom<String>>(
    row: &AnyRow,
    table: &'static str,
    column: &'static str,
) -> Result<T, StoreError> {
    let text = text(row, column)?;
    T::try_from(text.clone()).map_err(|_| StoreError::Corrupt { table, key: text, column })
}

/// A TEXT column that holds JSON of ours.
pub fn json<T: serde::de::DeserializeOwned>(
    row: &AnyRow,
    column: &'static str,
) -> Result<T, StoreError> {
    serde_json::from_str(&text(row, column)?)
        .map_err(|source| StoreError::Json { what: column, source })
}

/// A value as JSON for a TEXT column.
pub fn to_json(value: &impl serde::Serialize, what: &'static str) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Json { what, source })
}

/// A generation as two columns, both null or neither.
pub fn split(generation: Option<Generation>) -> (Option<i64>, Option<i64>) {
    (generation.map(|g| i64::from(g.epoch)), generation.map(|g| i64::from(g.n)))
}

/// A generation from two columns, both null or neither.
pub fn generation(
    row: &AnyRow,
    epoch: &'static str,
    n: &'static str,
) -> Result<Option<Generation>, StoreError> {
    let corrupt = |column| StoreError::Corrupt { table: "generation", key: String::new(), column };
    match (maybe_integer(row, epoch)?, maybe_integer(row, n)?) {
        (Some(e), Some(number)) => Ok(Some(Generation {
            epoch: u32::try_from(e).map_err(|_| corrupt(epoch))?,
            n: u32::try_from(number).map_err(|_| corrupt(n))?,
        })),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn readers_of_its_own_cannot_be_used_up_by_others() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open_sqlite(&folder.path().join("test.db")).await.unwrap();
        let public = db.with_own_readers().await.unwrap();
        let mut taken = vec![];
        for _ in 0..READERS {
            taken.push(public.begin_read().await.unwrap());
        }
        assert!(public.read.try_acquire().is_none());
        db.begin_read().await.unwrap();
    }
    #[tokio::test]
    async fn a_full_database_leaves_the_writer_whole() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open_sqlite(&folder.path().join("test.db")).await.unwrap();
        let mut tx = db.begin_write().await.unwrap();
        // Of this connection alone: as if the disk had been full for a moment.
        let row = tx.fetch_one("SELECT page_count FROM pragma_page_count()").await.unwrap();
        let limit = format!("PRAGMA max_page_count = {}", integer(&row, "page_count").unwrap());
        tx.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(limit))).await.unwrap();
        let full = sqlx::query("INSERT INTO cursor (handler, source, pos) VALUES ($1, 'a', 1)")
            .bind("x".repeat(1 << 20))
            .execute(&mut *tx)
            .await;
        assert!(full.unwrap_err().to_string().contains("full"));
        drop(tx);
        for _ in 0..3 {
            let tx = db.begin_write().await.unwrap();
            db.commit(tx).await.unwrap();
        }
    }
}
