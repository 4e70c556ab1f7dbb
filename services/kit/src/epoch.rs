//! The epoch: which of the deployment's lives a service's rows are of. A database that was restored,
//! or a copy that took over and lost commits, knows nothing of what happened since; so what follows is
//! told apart by an epoch from outside of it (`lockstep restore`), and each service begins it here.

use lockstep_proto::ids::Source;

use crate::{
    db::{self, Db, Engine, Tx},
    deps::Deps,
    error::StoreError,
};

/// How a service comes to the epoch of its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// It was in it already.
    Same,
    /// There was none before: a new deployment.
    First,
    /// Its rows are of an earlier one.
    Raised,
}

/// Why a service must not work on this database.
#[derive(Debug, thiserror::Error)]
pub enum EpochError {
    /// The settings are older than the database.
    #[error(
        "lockstep.toml 的 epoch 为 {ours}，数据库已是 {known}：请用恢复之后的 lockstep.toml / the epoch \
         in lockstep.toml is {ours}, the database's is {known}: take the lockstep.toml that \
         `lockstep restore` wrote"
    )]
    Older {
        /// The settings'.
        ours: u32,
        /// The database's.
        known: u32,
    },
    /// It is not the database that this epoch began in.
    #[error(
        "数据库已被恢复或切换，可能丢失了提交：请运行 lockstep restore / the database was restored or \
         failed over since and may have lost commits: run `lockstep restore`"
    )]
    Moved,
    /// The rows are another deployment's, or its channels have other names.
    #[error(
        "数据库属于另一部署，或渠道名称与设置不同 / the database belongs to another deployment, or its channels          have other names than in lockstep.toml: its is “{theirs}”, ours “{ours}”"
    )]
    Foreign {
        /// What the settings say: the deployment and its channels.
        ours: String,
        /// What the database says.
        theirs: String,
    },
    /// State could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Enters the epoch of the settings, in a transaction in which the service does what is due then.
/// Refuses a database that is not the one this epoch began in, and one that is not ours.
pub async fn enter(deps: &Deps) -> Result<(Tx, Entered), EpochError> {
    let (ours, owner) = (deps.settings.epoch, owner(deps));
    let mut tx = deps.db.begin_write().await?;
    let here = identity(&deps.db, &mut tx).await?;
    let entered = match find(&mut tx, &deps.service).await? {
        None => Entered::First,
        Some(Known { owner: theirs, .. }) if !theirs.is_empty() && theirs != owner => {
            return Err(EpochError::Foreign { ours: owner, theirs });
        }
        Some(Known { epoch: known, .. }) if known > ours => {
            return Err(EpochError::Older { ours, known });
        }
        Some(Known { epoch, .. }) if epoch < ours => Entered::Raised,
        Some(Known { database, .. }) if database != here => return Err(EpochError::Moved),
        Some(Known { owner, .. }) if owner.is_empty() => Entered::Same,
        Some(_) => return Ok((tx, Entered::Same)),
    };
    sqlx::query(
        "INSERT INTO epoch (service, epoch, database, owner) VALUES ($1, $2, $3, $4)
         ON CONFLICT (service) DO UPDATE SET epoch = excluded.epoch, database = excluded.database,
             owner = excluded.owner",
    )
    .bind(deps.service.as_str())
    .bind(i64::from(ours))
    .bind(here)
    .bind(owner)
    .execute(&mut *tx)
    .await
    .map_err(StoreError::database("entering an epoch"))?;
    Ok((tx, entered))
}

/// Whether the database of a service is in this epoch, or beyond it.
pub(crate) async fn is_known(deps: &Deps, epoch: u32) -> Result<bool, StoreError> {
    let mut tx = deps.db.begin_read().await?;
    Ok(find(&mut tx, &deps.service).await?.is_some_and(|known| known.epoch >= epoch))
}

/// Whose rows a service writes: with other channels, orders would be taken in by nobody.
fn owner(deps: &Deps) -> String {
    let channels = deps.settings.channels.iter().map(|name| format!(" {name}"));
    deps.settings.deployment.to_string() + &channels.collect::<String>()
}

/// What a database knows of the epoch it is in.
struct Known {
    epoch: u32,
    database: String,
    owner: String,
}

async fn find(tx: &mut Tx, service: &Source) -> Result<Option<Known>, StoreError> {
    let row = sqlx::query("SELECT epoch, database, owner FROM epoch WHERE service = $1")
        .bind(service.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading the epoch"))?;
    row.map(|row| {
        let epoch = u32::try_from(db::integer(&row, "epoch")?).map_err(|_| {
            StoreError::Corrupt { table: "epoch", key: service.to_string(), column: "epoch" }
        })?;
        let (database, owner) = (db::text(&row, "database")?, db::text(&row, "owner")?);
        Ok(Known { epoch, database, owner })
    })
    .transpose()
}

/// What tells this database from a copy of it. A file of SQLite has nothing of the kind: there,
/// release compares with what is kept outside.
async fn identity(db: &Db, tx: &mut Tx) -> Result<String, StoreError> {
    if db.engine() == Engine::Sqlite {
        return Ok(String::new());
    }
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {} AS identity", db::IDENTITY)))
        .fetch_one(&mut **tx)
        .await
        .map_err(StoreError::database("asking the database who it is"))?;
    db::text(&row, "identity")
}

#[cfg(test)]
mod tests;
