//! Errors of storage, and how causes are printed.

use std::fmt;

use lockstep_proto::{document::BadDocument, envelope::ENVELOPE_BYTES_MAX};

/// Something went wrong with stored state.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("数据库操作失败 / database failed while {doing}")]
    Database {
        /// What we were doing.
        doing: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The database does not let us in.
    #[error("{why}")]
    NoEntry {
        /// Why, and what to do.
        why: &'static str,
        /// What it said.
        #[source]
        source: sqlx::Error,
    },
    /// It is another database, or an older one, than the epoch began in or this process has worked on.
    #[error(
        "数据库已被恢复、替换或切换，可能忘记了撤回：请停止全部服务并运行 lockstep restore / the database was \
         put back, replaced or failed over, and may have forgotten a withdrawal: stop every service \
         and run `lockstep restore`"
    )]
    Moved,
    /// A row breaks a rule of ours.
    #[error("表 table {table}，行 row {key}：{column} 已损坏 / is corrupt")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row.
        key: String,
        /// The column.
        column: &'static str,
    },
    /// A document of ours cannot be written or read.
    #[error("文书无法生成 / a document cannot be made")]
    Document(#[from] BadDocument),
    /// A value cannot be written as JSON, or a stored one not read.
    #[error("{what} 不是本系统的 JSON / is no JSON of ours")]
    Json {
        /// What it is.
        what: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// Files of ours could not be read or written.
    #[error("{path} 无法读写 / file failed while {doing}")]
    File {
        /// What we were doing.
        doing: &'static str,
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A fact that the bus would not carry.
    #[error(
        "{what} 有 {bytes} 字节，总线最多传送 {ENVELOPE_BYTES_MAX} 字节：请缩短所写的文字 / has {bytes} bytes, more than the \
         {ENVELOPE_BYTES_MAX} that the bus carries: shorten what is written"
    )]
    TooLarge {
        /// The fact's type.
        what: &'static str,
        /// As JSON.
        bytes: usize,
    },
    /// The row changed since it was read: somebody else was faster.
    #[error("{what} 已被他人改动，请重试 / changed meanwhile; look again")]
    Stale {
        /// What changed.
        what: String,
    },
}

impl StoreError {
    /// For `map_err`: a database error while `doing` something.
    pub fn database(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    /// Whether the database itself is out of order, so that nothing can be written now: wait and
    /// try again, rather than blame the bundle.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other error is the statement's fault"
    )]
    pub fn is_outage(&self) -> bool {
        use sqlx::Error;
        if matches!(self, Self::Moved) {
            return true;
        }
        let Self::Database { source, .. } = self else { return false };
        match source {
            Error::Io(_)
            | Error::Tls(_)
            | Error::PoolTimedOut
            | Error::PoolClosed
            | Error::WorkerCrashed
            | Error::BeginFailed => true,
            // SQLite: busy, locked, out of memory, read-only, I/O, full, cannot open. PostgreSQL:
            // classes 08 connection, 40 rollback, 53 resources, 57 operator, 58 system; 25P03 idle
            // for too long (we were paused), 55P03 a lock that somebody paused holds.
            Error::Database(error) => error.code().is_some_and(|code| {
                let sqlite = code.parse::<u32>().map(|code| code & 0xff);
                matches!(sqlite, Ok(5 | 6 | 7 | 8 | 10 | 13 | 14))
                    || matches!(&*code, "25P03" | "55P03")
                    || (code.len() == 5
                        && ["08", "40", "53", "57", "58"]
                            .iter()
                            .any(|class| code.starts_with(class)))
            }),
            _ => false,
        }
    }
}

/// Prints an error with all its causes: `a: b: c`.
pub struct Chain<'a>(pub &'a dyn std::error::Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
