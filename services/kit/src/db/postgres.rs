//! What PostgreSQL does its own way: schemas, turns of writers, waking other processes.

use std::{sync::Arc, time::Duration};

use sqlx::{AnyConnection, AnyPool, Connection as _, Executor as _, postgres::PgListener};
use tokio_util::sync::CancellationToken;

use super::{Db, Engine, Memory, Migration, Place, Tx, pool};
use crate::error::StoreError;

/// Writers that may wait for their turn at once.
const WRITERS: u32 = 2;
/// Readers of services and staff.
const READERS: u32 = 3;
/// Connections of one process of a service: writers, readers, and one that listens.
pub const CONNECTIONS: u32 = WRITERS + READERS + 1;
/// Connections of the portal's besides, for the public.
pub const PUBLIC_CONNECTIONS: u32 = 4;
/// How long to wait before listening again.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// What other engines do not have.
pub(super) const MIGRATIONS: &[Migration] =
    &[("0004_wake", include_str!("../../migrations/0004_wake.postgres.sql"))];

/// A paused process must not keep the others waiting for ever: its transaction is ended by the
/// server, and whoever waited takes its turn. All well above what a transaction of ours takes.
const LIMITS: &str = "SET lock_timeout = '8s'; SET idle_in_transaction_session_timeout = '5s'; \
    SET statement_timeout = '30s'; SET synchronous_commit = on;";

/// What tells a database from a copy of it, as an expression in SQL: the cluster, its timeline, which
/// changes when a copy takes over or a backup is recovered, and a table, which a dump makes anew. A
/// copy that only follows has no answer, and is no place to work on.
pub(crate) const IDENTITY: &str =
    "(SELECT CAST(system_identifier AS TEXT) FROM pg_control_system())
    || '.' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
    || '.' || CAST(CAST(CAST('epoch' AS REGCLASS) AS OID) AS TEXT)";

/// The code of the error by which a connection is refused to another database than the epoch began in.
const MOVED: &str = "LS001";

/// Every connection asks first whether the database is still the one that the epoch began in: what
/// took over under the same address may have lost what was committed.
fn guard(epoch: Option<u32>) -> String {
    epoch.map_or_else(String::new, |epoch| {
        format!(
            "DO $$ BEGIN
                IF to_regclass('epoch') IS NOT NULL THEN
                    IF EXISTS (SELECT FROM epoch WHERE epoch.epoch > {epoch}
                               OR (epoch.epoch = {epoch} AND database <> {IDENTITY})) THEN
                        RAISE EXCEPTION '数据库已被恢复或切换：请运行 lockstep restore / the database was \
                            restored or failed over: run `lockstep restore`' USING ERRCODE = '{MOVED}';
                    END IF;
                END IF;
            END $$;"
        )
    })
}

/// Whether a connection was refused by the guard.
pub(super) fn says_moved(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.as_deref() == Some(MOVED)
}

/// How a server is set.
#[derive(Debug)]
pub struct Server {
    /// Such as 150004.
    pub version: i64,
    /// What has to be on, lest what was committed be lost.
    pub durable: Vec<(String, String)>,
    /// Connections that are not kept for administrators.
    pub connections: i64,
}

impl Db {
    /// Opens a service's schema on a PostgreSQL server, for an administrator. Its tables are made by
    /// [`Self::create`] and the migrations; a service's role may not.
    pub async fn open_postgres(url: &str, schema: &str) -> Result<Self, StoreError> {
        Self::connect_postgres(url, schema, None).await
    }

    /// The same for a service that is in an epoch: no connection is made to a database that was
    /// restored or failed over since the epoch began, at any time.
    pub async fn open_postgres_in(url: &str, schema: &str, epoch: u32) -> Result<Self, StoreError> {
        Self::connect_postgres(url, schema, Some(epoch)).await
    }

    async fn connect_postgres(
        url: &str,
        schema: &str,
        epoch: Option<u32>,
    ) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let place = Place { url: url.to_owned(), schema: schema.to_owned(), epoch };
        // A pool would try again for as long as it may, and then only say that it is late.
        let mut first = AnyConnection::connect(&place.url).await.map_err(no_entry)?;
        first.execute(raw(settings(&place, ""))).await.map_err(|error| {
            // What PostgreSQL says of the guard's lines helps nobody.
            if says_moved(&error) { StoreError::Moved } else { failed()(error) }
        })?;
        first.close().await.map_err(failed())?;
        let memory = Arc::<Memory>::default();
        let write = connect(&memory, &place, WRITERS, LIMITS).await?;
        let read = readers(&memory, &place, READERS).await?;
        let committed = tokio::sync::watch::Sender::new(0);
        Ok(Self { engine: Engine::Postgres, place, write, read, committed, memory })
    }

    /// Makes the schema, if it is not there, and brings kit's tables up to date. For administrators.
    pub async fn create(&self) -> Result<(), StoreError> {
        let sql = format!("CREATE SCHEMA IF NOT EXISTS {}", quoted(&self.place.schema));
        self.administer(sql, "making a schema").await?;
        self.migrate_kit().await
    }

    /// Makes the role that a service connects as, if it is not there, and grants it the rows of this
    /// schema's tables, and nothing else. Whoever is granted nothing does not come in. For
    /// administrators.
    pub async fn grant(&self, role: &str, password: &str) -> Result<(), StoreError> {
        let (schema, name) = (quoted(&self.place.schema), quoted(role));
        let (role, password) = (literal(role), literal(password));
        // What is granted on a database lies in one row: administrators take turns at it.
        let sql = format!(
            "SELECT pg_advisory_xact_lock(hashtextextended('grant', 0));
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {role}) THEN
                    CREATE ROLE {name};
                END IF;
                EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
                EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), {role});
            END $$;
            ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {password};
            GRANT USAGE ON SCHEMA {schema} TO {name};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name};
            REVOKE ALL ON SCHEMA public FROM PUBLIC;"
        );
        self.administer(sql, "making a role").await
    }

    /// Shows this schema's service how far the service of another schema has written, and nothing
    /// else of its tables. For administrators, after [`Self::grant`].
    pub async fn show_head(&self, role: &str, source: &str) -> Result<(), StoreError> {
        let (schema, role, source) = (quoted(&self.place.schema), quoted(role), quoted(source));
        // A view of sums takes no writes, whatever was granted on it.
        let sql = format!(
            "CREATE OR REPLACE VIEW {schema}.heads AS
                 SELECT source, MAX(pos) AS pos FROM {source}.source_head GROUP BY source;
             REVOKE ALL ON {schema}.heads FROM {role};
             GRANT SELECT ON {schema}.heads TO {role};"
        );
        self.administer(sql, "showing how far a source is").await
    }

    /// Roles whose names begin so and that are connected now. For administrators.
    pub async fn list_sessions(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let mut tx = self.begin_read().await?;
        sqlx::query(
            "SELECT DISTINCT CAST(usename AS TEXT) AS role FROM pg_stat_activity
             WHERE starts_with(CAST(usename AS TEXT), $1) ORDER BY role",
        )
        .bind(prefix)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::database("listing who is connected"))?
        .iter()
        .map(|row| super::text(row, "role"))
        .collect()
    }

    /// What the server is and how it is set.
    pub async fn server(&self) -> Result<Server, StoreError> {
        let mut tx = self.begin_read().await?;
        let row = sqlx::query(
            "SELECT CAST(current_setting('server_version_num') AS BIGINT) AS version,
                 current_setting('fsync') AS fsync,
                 current_setting('full_page_writes') AS full_page_writes,
                 current_setting('synchronous_commit') AS synchronous_commit,
                 CAST(current_setting('max_connections') AS BIGINT)
                     - CAST(current_setting('superuser_reserved_connections') AS BIGINT)
                     AS connections",
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::database("asking how the server is set"))?;
        let durable = ["fsync", "full_page_writes", "synchronous_commit"]
            .map(|name| super::text(&row, name).map(|value| (name.to_owned(), value)));
        Ok(Server {
            version: super::integer(&row, "version")?,
            durable: durable.into_iter().collect::<Result<_, _>>()?,
            connections: super::integer(&row, "connections")?,
        })
    }

    async fn administer(&self, sql: String, doing: &'static str) -> Result<(), StoreError> {
        raw(sql).execute(&self.write).await.map(drop).map_err(StoreError::database(doing))
    }

    /// Hears of other processes' commits until stopped. A wake-up that is lost costs a tick.
    pub async fn listen(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let heard = tokio::select! {
                () = stop.cancelled() => return,
                heard = self.hear() => heard,
            };
            if let Err(error) = heard {
                tracing::warn!("listening for commits broke off: {error}");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LISTEN_AGAIN) => {}
            }
        }
    }

    async fn hear(&self) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect(&self.place.url).await?;
        listener.listen(&format!("lockstep_{}", self.place.schema)).await?;
        loop {
            // `None`: the connection was lost and is there again; something may have been missed.
            listener.try_recv().await?;
            self.wake();
        }
    }
}

pub(super) async fn readers(
    memory: &Arc<Memory>,
    place: &Place,
    size: u32,
) -> Result<AnyPool, StoreError> {
    connect(memory, place, size, "SET statement_timeout = '30s';").await
}

async fn connect(
    memory: &Arc<Memory>,
    place: &Place,
    size: u32,
    limits: &str,
) -> Result<AnyPool, StoreError> {
    pool(memory, size, settings(place, limits)).connect(&place.url).await.map_err(failed())
}

/// What every connection begins with.
fn settings(place: &Place, limits: &str) -> String {
    format!("SET search_path = {}; {limits} {}", quoted(&place.schema), guard(place.epoch))
}

fn raw(sql: String) -> sqlx::RawSql {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
}

fn failed() -> impl FnOnce(sqlx::Error) -> StoreError {
    StoreError::database("opening the database")
}

/// Why a server does not let us in, in words.
fn no_entry(source: sqlx::Error) -> StoreError {
    let code = source.as_database_error().and_then(|error| error.code().map(Into::into));
    let code: Option<String> = code;
    let why = match (&source, code.as_deref()) {
        // A handshake that failed comes as a line that did.
        _ if matches!(source, sqlx::Error::Tls(_))
            || source.to_string().contains("certificate") =>
        {
            "PostgreSQL 的证书不可信，或不提供 TLS / PostgreSQL's certificate is not trusted, or it speaks \
             no TLS: see postgres_ca, and the names in the certificate"
        }
        (sqlx::Error::Io(_), _) => {
            "无法连接 PostgreSQL：请确认其已启动 / PostgreSQL cannot be reached: is it running?"
        }
        (_, Some("28P01")) => {
            "PostgreSQL 拒绝密码：请重新运行 lockstep migrate / PostgreSQL refuses the password: run \
             `lockstep migrate` again with keys/postgres of this deployment"
        }
        (_, Some("28000")) => {
            "PostgreSQL 不接受此角色或未加密的连接 / PostgreSQL takes no such role, or no connection without TLS: \
             `lockstep migrate` makes the role, postgres_ca asks for TLS"
        }
        (_, Some("3D000")) => "没有此数据库，请先建立 / there is no such database: make it first",
        (_, Some("53300")) => {
            "PostgreSQL 的连接已满 / PostgreSQL has no connection left: raise max_connections"
        }
        _ => "无法使用 PostgreSQL / PostgreSQL cannot be used",
    };
    StoreError::NoEntry { why, source }
}

/// Waits until no other writer of this schema is at work.
pub(super) async fn wait_for_turn(tx: &mut Tx, schema: &str) -> Result<(), StoreError> {
    sqlx::query("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(schema)
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("waiting for other writers"))
}

/// A name as SQL takes it whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL takes it whatever it holds.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests;
