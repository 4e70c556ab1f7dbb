//! The SQL of epochs, and of what is kept outside.

use lockstep_kit::{Tx, db, error::StoreError};
use lockstep_proto::{
    ids::BundleId,
    release::{Addressees, Generation},
    time::Timestamp,
};
use sqlx::any::AnyRow;

/// An epoch that a restore began.
#[derive(Debug, Clone)]
pub(crate) struct Epoch {
    pub(crate) number: u32,
    /// The channels there were, with the lives they had.
    pub(crate) lives: Addressees,
    /// Withdrawn after the backup was made.
    pub(crate) withdrawn: Vec<BundleId>,
    /// Shown after the backup was made, and nobody knows what.
    pub(crate) forgotten: Vec<BundleId>,
    /// What readers still see and should not.
    pub(crate) differences: Vec<String>,
    pub(crate) is_compared: bool,
    pub(crate) is_resumed: bool,
}

pub(crate) async fn save_epoch(tx: &mut Tx, epoch: &Epoch) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO release_epoch (epoch, lives, withdrawn, forgotten, differences)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(i64::from(epoch.number))
    .bind(db::to_json(&epoch.lives, "lives")?)
    .bind(db::to_json(&epoch.withdrawn, "withdrawn bundles")?)
    .bind(db::to_json(&epoch.forgotten, "forgotten bundles")?)
    .bind(db::to_json(&epoch.differences, "differences")?)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("beginning an epoch"))
}

/// What channels said before counts for nothing: none of them shows anything now.
pub(crate) async fn forget_answers(tx: &mut Tx) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM release_answer")
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("forgetting what channels said"))
}

/// The newest epoch that a restore began; none: there never was one.
pub(crate) async fn find_newest_epoch(tx: &mut Tx) -> Result<Option<Epoch>, StoreError> {
    sqlx::query("SELECT * FROM release_epoch ORDER BY epoch DESC LIMIT 1")
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading epochs"))?
        .map(|row| Epoch::try_from(&row))
        .transpose()
}

/// The newest epoch, while nobody has let the deployment go on in it.
pub(crate) async fn find_held_epoch(tx: &mut Tx) -> Result<Option<Epoch>, StoreError> {
    Ok(find_newest_epoch(tx).await?.filter(|epoch| !epoch.is_resumed))
}

/// When a person let the deployment go on in the newest epoch.
pub(crate) async fn find_resumed_at(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query("SELECT resumed_at FROM release_epoch ORDER BY epoch DESC LIMIT 1")
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading epochs"))?;
    let at = row.map(|row| db::maybe_integer(&row, "resumed_at")).transpose()?;
    Ok(at.flatten().map(Timestamp::from_micros))
}

/// Notes what the comparison found; `compared_at`: nothing.
pub(crate) async fn save_comparison(
    tx: &mut Tx,
    epoch: u32,
    differences: &[String],
    compared_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE release_epoch SET differences = $1, compared_at = $2 WHERE epoch = $3")
        .bind(db::to_json(&differences, "differences")?)
        .bind(compared_at.map(Timestamp::as_micros))
        .bind(i64::from(epoch))
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("noting a comparison"))
}

/// A person lets the deployment go on, if everything is compared. Says whether it is.
pub(crate) async fn save_resumed(
    tx: &mut Tx,
    epoch: u32,
    at: Timestamp,
) -> Result<bool, StoreError> {
    sqlx::query(
        "UPDATE release_epoch SET resumed_at = COALESCE(resumed_at, $1)
         WHERE epoch = $2 AND compared_at IS NOT NULL",
    )
    .bind(at.as_micros())
    .bind(i64::from(epoch))
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
    .map_err(StoreError::database("letting the deployment go on"))
}

/// Notes that a withdrawal is kept outside.
pub(crate) async fn save_kept(
    tx: &mut Tx,
    bundle: &BundleId,
    generation: Generation,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO release_kept (bundle, epoch, n) VALUES ($1, $2, $3)
         ON CONFLICT (bundle) DO UPDATE SET epoch = excluded.epoch, n = excluded.n";
    save(tx, sql, bundle, generation).await
}

/// The newest withdrawal of a bundle that is kept outside.
pub(crate) async fn find_kept(
    tx: &mut Tx,
    bundle: &BundleId,
) -> Result<Option<Generation>, StoreError> {
    find(tx, "SELECT epoch, n FROM release_kept WHERE bundle = $1", bundle).await
}

/// Notes that a bundle was dark which release does not know.
pub(crate) async fn save_lost(
    tx: &mut Tx,
    bundle: &BundleId,
    generation: Generation,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO release_lost (bundle, epoch, n) VALUES ($1, $2, $3)
         ON CONFLICT (bundle) DO UPDATE SET epoch = excluded.epoch, n = excluded.n
         WHERE excluded.epoch > release_lost.epoch
            OR (excluded.epoch = release_lost.epoch AND excluded.n > release_lost.n)";
    save(tx, sql, bundle, generation).await
}

/// Under which generation a bundle that release did not know was dark.
pub(crate) async fn find_lost(
    tx: &mut Tx,
    bundle: &BundleId,
) -> Result<Option<Generation>, StoreError> {
    find(tx, "SELECT epoch, n FROM release_lost WHERE bundle = $1", bundle).await
}

async fn save(
    tx: &mut Tx,
    sql: &'static str,
    bundle: &BundleId,
    generation: Generation,
) -> Result<(), StoreError> {
    sqlx::query(sql)
        .bind(bundle.as_str())
        .bind(i64::from(generation.epoch))
        .bind(i64::from(generation.n))
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("noting a withdrawal"))
}

async fn find(
    tx: &mut Tx,
    sql: &'static str,
    bundle: &BundleId,
) -> Result<Option<Generation>, StoreError> {
    let row = sqlx::query(sql)
        .bind(bundle.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading withdrawals"))?;
    row.map_or(Ok(None), |row| db::generation(&row, "epoch", "n"))
}

impl TryFrom<&AnyRow> for Epoch {
    type Error = StoreError;
    fn try_from(row: &AnyRow) -> Result<Self, StoreError> {
        let corrupt =
            |_| StoreError::Corrupt { table: "release_epoch", key: String::new(), column: "epoch" };
        Ok(Self {
            number: u32::try_from(db::integer(row, "epoch")?).map_err(corrupt)?,
            lives: db::json(row, "lives")?,
            withdrawn: db::json(row, "withdrawn")?,
            forgotten: db::json(row, "forgotten")?,
            differences: db::json(row, "differences")?,
            is_compared: db::maybe_integer(row, "compared_at")?.is_some(),
            is_resumed: db::maybe_integer(row, "resumed_at")?.is_some(),
        })
    }
}
