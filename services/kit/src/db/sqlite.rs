//! What SQLite does its own way: a file that is copied and checked while others use it.

use std::{path::Path, sync::Arc};

use sqlx::{AnyConnection, AnyPool, Connection as _, Executor as _};

use super::{Memory, READERS, pool, text};
use crate::{error::StoreError, files};

/// Copies a SQLite file as it is at one instant, while others read and write it. The copy is whole and
/// synced when this returns.
pub async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), StoreError> {
    sqlx::any::install_default_drivers();
    let failed = || StoreError::database("copying the database");
    // `rw`: it must be there, and is not made up to date.
    let mut source = AnyConnection::connect(&url(from, "rw")).await.map_err(failed())?;
    let begin = "PRAGMA busy_timeout = 5000;";
    // It may be empty already.
    files::make_private_file(to).map_err(|source| StoreError::File {
        doing: "making the copy",
        path: to.display().to_string(),
        source,
    })?;
    source.execute(sqlx::raw_sql(begin)).await.map_err(failed())?;
    sqlx::query("VACUUM INTO $1")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut source)
        .await
        .map_err(failed())?;
    source.close().await.map_err(failed())?;
    let mut copy = AnyConnection::connect(&url(to, "rw")).await.map_err(failed())?;
    let row = copy.fetch_one("PRAGMA integrity_check").await.map_err(failed())?;
    copy.close().await.map_err(failed())?;
    if text(&row, "integrity_check")? != "ok" {
        return Err(StoreError::Corrupt {
            table: "sqlite",
            key: from.display().to_string(),
            column: "integrity_check",
        });
    }
    let sync = || -> std::io::Result<()> {
        std::fs::File::open(to)?.sync_all()?;
        files::sync_folder(files::parent_of(to))
    };
    sync().map_err(|source| StoreError::File {
        doing: "syncing the copy",
        path: to.display().to_string(),
        source,
    })
}

/// Whether a SQLite file is whole; it is not made up to date.
pub async fn check_sqlite(path: &Path) -> Result<(), StoreError> {
    sqlx::any::install_default_drivers();
    let failed = || StoreError::database("checking the database");
    let mut db = AnyConnection::connect(&url(path, "rw")).await.map_err(failed())?;
    db.execute(sqlx::raw_sql("PRAGMA busy_timeout = 5000;")).await.map_err(failed())?;
    let row = db.fetch_one("PRAGMA quick_check(1)").await.map_err(failed())?;
    db.close().await.map_err(failed())?;
    match text(&row, "quick_check")?.as_str() {
        "ok" => Ok(()),
        _ => Err(StoreError::Corrupt {
            table: "sqlite",
            key: path.display().to_string(),
            column: "quick_check",
        }),
    }
}

pub(super) fn url(path: &Path, mode: &str) -> String {
    // Only what a URL would read otherwise is escaped.
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("sqlite://{path}?mode={mode}")
}

pub(super) async fn readers(memory: &Arc<Memory>, url: &str) -> Result<AnyPool, StoreError> {
    pool(memory, READERS, "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000;".to_owned())
        .connect(url)
        .await
        .map_err(StoreError::database("opening the database"))
}
