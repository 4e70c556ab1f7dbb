//! The SQL of shelves.

use lockstep_gate::channel::{Act, Placed, Shelf, Wanted};
use lockstep_proto::{
    ids::{BundleId, ChannelName, Incarnation, TraceId},
    release::{Generation, Hide},
    time::Timestamp,
};
use sqlx::any::AnyRow;

use super::Command;
use crate::{
    db::{self, Tx},
    error::StoreError,
};

mod editions;

pub use editions::{
    HeldEdition, find_edition, find_last_shown, find_shown_edition, mark_shown, mark_withdrawn,
    save_edition,
};

/// Bundles looked at in one pass; the next pass goes on behind them.
const WAITING_MAX: i64 = 100;

/// A shelf with what surrounds it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The bundle.
    pub bundle: BundleId,
    /// The fence, what is staged, what is shown.
    pub shelf: Shelf,
    /// Since when the shown edition is shown.
    pub shown_since: Option<Timestamp>,
    /// Since when nothing is shown, where something was.
    pub dark_since: Option<Timestamp>,
    /// What the notice gives as the reason.
    pub dark_reason: Option<String>,
    /// The newest command.
    pub command: Option<Command>,
}

impl Row {
    /// What to do about `wanted`, as [`Shelf::decide`]; but from the order to withdraw on, nothing
    /// may newly show it.
    pub fn decide(&self, wanted: &Wanted, named: Option<&Incarnation>) -> Act {
        match (wanted, &self.command) {
            (Wanted::Shown(_), Some(Command::Hide { .. })) => Act::Ignore,
            (Wanted::Shown(_) | Wanted::Held(_) | Wanted::Nothing(_), _) => {
                self.shelf.decide(wanted, named)
            }
        }
    }

    /// The order to show nothing that is the newest command, while it is not carried out yet.
    pub fn ordered_hide(&self) -> Option<&Hide> {
        let Some(Command::Hide { hide }) = &self.command else { return None };
        let hide = hide.statement();
        self.shelf.fence.is_none_or(|fence| hide.generation > fence).then_some(hide)
    }
}

/// The life of the channel's disk, as last seen.
pub async fn find_life(
    tx: &mut Tx,
    channel: &ChannelName,
) -> Result<Option<Incarnation>, StoreError> {
    sqlx::query("SELECT incarnation FROM channel_life WHERE channel = $1")
        .bind(channel.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading a channel's life"))?
        .map(|row| db::parsed(&row, "channel_life", "incarnation"))
        .transpose()
}

/// A new disk: shelves are empty.
pub async fn begin_life(
    tx: &mut Tx,
    channel: &ChannelName,
    life: &Incarnation,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO channel_life (channel, incarnation) VALUES ($1, $2)
         ON CONFLICT (channel) DO UPDATE SET incarnation = excluded.incarnation",
    )
    .bind(channel.as_str())
    .bind(life.as_str())
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("beginning a channel's life"))?;
    empty_shelves(tx, channel).await
}

/// The place's life is over: nothing is shown, and the next one to be found there is another.
pub async fn end_life(tx: &mut Tx, channel: &ChannelName) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM channel_life WHERE channel = $1")
        .bind(channel.as_str())
        .execute(&mut **tx)
        .await
        .map_err(StoreError::database("ending a channel's life"))?;
    empty_shelves(tx, channel).await
}

/// Nothing is held and nothing is shown; that something was withdrawn is still told.
async fn empty_shelves(tx: &mut Tx, channel: &ChannelName) -> Result<(), StoreError> {
    let failed = || StoreError::database("emptying shelves");
    sqlx::query("DELETE FROM shelf WHERE channel = $1 AND dark_since IS NULL")
        .bind(channel.as_str())
        .execute(&mut **tx)
        .await
        .map_err(failed())?;
    sqlx::query(
        "UPDATE shelf SET fence_epoch = NULL, fence_n = NULL, staged_epoch = NULL, staged_n = NULL,
             staged_edition = NULL, command = NULL, command_epoch = NULL, command_n = NULL,
             refused_epoch = NULL, refused_n = NULL
         WHERE channel = $1",
    )
    .bind(channel.as_str())
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(failed())
}

/// The shelf of a bundle; an empty one where there is none yet.
pub async fn get_shelf(
    tx: &mut Tx,
    channel: &ChannelName,
    bundle: &BundleId,
) -> Result<Shelf, StoreError> {
    match find_row(tx, channel, bundle).await? {
        Some(row) => Ok(row.shelf),
        None => Ok(Shelf::new(get_life(tx, channel).await?)),
    }
}

/// The life of a channel that has joined.
pub async fn get_life(tx: &mut Tx, channel: &ChannelName) -> Result<Incarnation, StoreError> {
    find_life(tx, channel).await?.ok_or_else(|| StoreError::Corrupt {
        table: "channel_life",
        key: channel.to_string(),
        column: "incarnation",
    })
}

const COLUMNS: &str = "SELECT l.incarnation, s.* FROM shelf s JOIN channel_life l ON l.channel = s.channel WHERE s.channel = $1";

/// A bundle's row.
pub async fn find_row(
    tx: &mut Tx,
    channel: &ChannelName,
    bundle: &BundleId,
) -> Result<Option<Row>, StoreError> {
    sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} AND s.bundle = $2")))
        .bind(channel.as_str())
        .bind(bundle.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading a shelf"))?
        .map(|row| Row::try_from(&row))
        .transpose()
}

/// A bundle's row, for readers: only where they see or saw the bundle. One that is only held ready
/// is to them as one that there is not, also by the time it takes.
pub async fn find_public_row(
    tx: &mut Tx,
    channel: &ChannelName,
    bundle: &BundleId,
) -> Result<Option<Row>, StoreError> {
    let sql = format!(
        "{COLUMNS} AND s.bundle = $2 AND (s.shown_edition IS NOT NULL OR s.dark_since IS NOT NULL)"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(channel.as_str())
        .bind(bundle.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading a shelf"))?
        .map(|row| Row::try_from(&row))
        .transpose()
}

/// What is shown, newest first.
pub async fn list_shown(
    tx: &mut Tx,
    channel: &ChannelName,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let sql = format!(
        "{COLUMNS} AND s.shown_edition IS NOT NULL ORDER BY s.shown_since DESC, s.bundle LIMIT $2"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(channel.as_str())
        .bind(limit)
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::database("listing what is shown"))?
        .iter()
        .map(Row::try_from)
        .collect()
}

/// The first bundle after this one, in the order of their ids, of which something is shown.
pub async fn find_next_shown(
    tx: &mut Tx,
    channel: &ChannelName,
    after: Option<&BundleId>,
) -> Result<Option<Row>, StoreError> {
    let sql = format!(
        "{COLUMNS} AND s.shown_edition IS NOT NULL AND s.bundle > $2 ORDER BY s.bundle LIMIT 1"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(channel.as_str())
        .bind(after.map(BundleId::as_str).unwrap_or_default())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("looking for what is shown"))?
        .map(|row| Row::try_from(&row))
        .transpose()
}

/// Bundles whose newest command was not carried out yet. As many as one pass looks at, after this
/// one in the order of their ids.
pub async fn list_waiting(
    tx: &mut Tx,
    channel: &ChannelName,
    after: Option<&BundleId>,
) -> Result<Vec<(BundleId, Command, TraceId)>, StoreError> {
    sqlx::query(
        "SELECT bundle, command, trace FROM shelf WHERE channel = $1 AND command IS NOT NULL
         AND (fence_epoch IS NULL OR command_epoch > fence_epoch
              OR (command_epoch = fence_epoch AND command_n > fence_n))
         AND bundle > $3
         ORDER BY bundle LIMIT $2",
    )
    .bind(channel.as_str())
    .bind(WAITING_MAX)
    .bind(after.map(BundleId::as_str).unwrap_or_default())
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("listing commands that wait"))?
    .iter()
    .map(|row| {
        let bundle = db::parsed(row, "shelf", "bundle")?;
        Ok((bundle, db::json(row, "command")?, db::parsed(row, "shelf", "trace")?))
    })
    .collect()
}

/// Writes a command down unless a newer one is known. Says whether it is the newest now.
pub async fn save_command(
    tx: &mut Tx,
    channel: &ChannelName,
    bundle: &BundleId,
    generation: Generation,
    command: &Command,
    trace: &TraceId,
) -> Result<bool, StoreError> {
    sqlx::query(
        "INSERT INTO shelf (channel, bundle, command, command_epoch, command_n, trace)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (channel, bundle) DO UPDATE SET command = excluded.command,
             command_epoch = excluded.command_epoch, command_n = excluded.command_n,
             trace = excluded.trace
         WHERE shelf.command_epoch IS NULL OR excluded.command_epoch > shelf.command_epoch
             OR (excluded.command_epoch = shelf.command_epoch
                 AND excluded.command_n >= shelf.command_n)",
    )
    .bind(channel.as_str())
    .bind(bundle.as_str())
    .bind(db::to_json(command, "command")?)
    .bind(i64::from(generation.epoch))
    .bind(i64::from(generation.n))
    .bind(trace.as_str())
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
    .map_err(StoreError::database("writing a command down"))
}

/// Writes back what changed, if the fence is still the one that was read.
pub async fn save_shelf(
    tx: &mut Tx,
    channel: &ChannelName,
    row: &Row,
    seen_fence: Option<Generation>,
) -> Result<(), StoreError> {
    let (fence_epoch, fence_n) = db::split(row.shelf.fence);
    let staged = row.shelf.staged.as_ref();
    let shown = row.shelf.shown.as_ref();
    let (staged_epoch, staged_n) = db::split(staged.map(|placed| placed.generation));
    let (shown_epoch, shown_n) = db::split(shown.map(|placed| placed.generation));
    let (seen_epoch, seen_n) = db::split(seen_fence);
    let done = sqlx::query(
        "INSERT INTO shelf (channel, bundle, fence_epoch, fence_n, staged_epoch, staged_n,
             staged_edition, shown_epoch, shown_n, shown_edition, shown_since, dark_since,
             dark_reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (channel, bundle) DO UPDATE SET fence_epoch = excluded.fence_epoch,
             fence_n = excluded.fence_n, staged_epoch = excluded.staged_epoch,
             staged_n = excluded.staged_n, staged_edition = excluded.staged_edition,
             shown_epoch = excluded.shown_epoch, shown_n = excluded.shown_n,
             shown_edition = excluded.shown_edition, shown_since = excluded.shown_since,
             dark_since = excluded.dark_since, dark_reason = excluded.dark_reason
         WHERE COALESCE(shelf.fence_epoch, -1) = COALESCE($14, -1)
             AND COALESCE(shelf.fence_n, -1) = COALESCE($15, -1)",
    )
    .bind(channel.as_str())
    .bind(row.bundle.as_str())
    .bind(fence_epoch)
    .bind(fence_n)
    .bind(staged_epoch)
    .bind(staged_n)
    .bind(staged.map(|placed| placed.edition.as_str().to_owned()))
    .bind(shown_epoch)
    .bind(shown_n)
    .bind(shown.map(|placed| placed.edition.as_str().to_owned()))
    .bind(row.shown_since.map(Timestamp::as_micros))
    .bind(row.dark_since.map(Timestamp::as_micros))
    .bind(row.dark_reason.clone())
    .bind(seen_epoch)
    .bind(seen_n)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("writing a shelf"))?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale { what: format!("shelf of {}", row.bundle) })
    }
}

/// Notes that a generation's command was refused and reported. Says whether that is news.
pub async fn save_refusal(
    tx: &mut Tx,
    channel: &ChannelName,
    bundle: &BundleId,
    generation: Generation,
) -> Result<bool, StoreError> {
    sqlx::query(
        "UPDATE shelf SET refused_epoch = $1, refused_n = $2 WHERE channel = $3 AND bundle = $4
         AND (refused_epoch IS NULL OR refused_epoch <> $1 OR refused_n <> $2)",
    )
    .bind(i64::from(generation.epoch))
    .bind(i64::from(generation.n))
    .bind(channel.as_str())
    .bind(bundle.as_str())
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
    .map_err(StoreError::database("noting a refusal"))
}

fn placed(
    row: &AnyRow,
    epoch: &'static str,
    n: &'static str,
    edition: &'static str,
) -> Result<Option<Placed>, StoreError> {
    let Some(generation) = db::generation(row, epoch, n)? else { return Ok(None) };
    Ok(Some(Placed { generation, edition: db::parsed(row, "shelf", edition)? }))
}

impl TryFrom<&AnyRow> for Row {
    type Error = StoreError;
    fn try_from(row: &AnyRow) -> Result<Self, StoreError> {
        let at = |column| -> Result<_, StoreError> {
            Ok(db::maybe_integer(row, column)?.map(Timestamp::from_micros))
        };
        let command = match db::maybe_text(row, "command")? {
            None => None,
            Some(_) => Some(db::json(row, "command")?),
        };
        Ok(Self {
            bundle: db::parsed(row, "shelf", "bundle")?,
            shelf: Shelf {
                incarnation: db::parsed(row, "shelf", "incarnation")?,
                fence: db::generation(row, "fence_epoch", "fence_n")?,
                staged: placed(row, "staged_epoch", "staged_n", "staged_edition")?,
                shown: placed(row, "shown_epoch", "shown_n", "shown_edition")?,
            },
            shown_since: at("shown_since")?,
            dark_since: at("dark_since")?,
            dark_reason: db::maybe_text(row, "dark_reason")?,
            command,
        })
    }
}

#[cfg(test)]
mod tests;
