//! Release's SQL. Every write to a bundle's row is a compare-and-set on generation and phase.

use std::collections::BTreeMap;

use lockstep_gate::channel::Placed;
use lockstep_kit::{Tx, db, error::StoreError};
use lockstep_proto::{
    digest::Digest,
    facts::Fact,
    finding::Finding,
    ids::{BundleId, ChannelName, Incarnation, TraceId},
    release::{Addressees, Evidence, Generation, Receipt, Withdrawal},
    signed::Signed,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;

use crate::domain::State;

mod epoch;
mod measure;

pub(crate) use epoch::{
    Epoch, find_held_epoch, find_kept, find_lost, find_newest_epoch, find_resumed_at,
    forget_answers, save_comparison, save_epoch, save_kept, save_lost, save_resumed,
};
pub(crate) use measure::{count_held, count_phases, list_queued, list_unpermitted};

/// Bundles looked at in one pass; the next pass goes on behind them.
const DUE_MAX: i64 = 100;

/// A bundle as release knows it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) bundle: BundleId,
    pub(crate) state: State,
    pub(crate) evidence: Evidence,
    /// Once registered.
    pub(crate) edition: Option<Digest>,
    /// The newest command, as the fact that carries it.
    pub(crate) command: Option<Fact>,
    pub(crate) asked_at: Option<Timestamp>,
    /// What passed the gate last, and was not confirmed dark since.
    pub(crate) passed: Option<Passed>,
    pub(crate) next_evidence: Option<Evidence>,
    pub(crate) reason: Option<String>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) trace: TraceId,
    pub(crate) since: Timestamp,
}

/// An edition that passed the gate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Passed {
    pub(crate) edition: Digest,
    pub(crate) evidence: Evidence,
    pub(crate) first_permitted_at: Timestamp,
}

/// What a channel last said about a bundle.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) staged: Option<StagedAnswer>,
    pub(crate) receipt: Option<Receipt>,
    pub(crate) refused: Vec<Finding>,
}

/// What a channel holds ready.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StagedAnswer {
    pub(crate) incarnation: Incarnation,
    pub(crate) generation: Generation,
    pub(crate) edition: Digest,
}

impl StagedAnswer {
    pub(crate) fn placed(&self) -> Placed {
        Placed { generation: self.generation, edition: self.edition.clone() }
    }
}

pub(crate) async fn find_row(tx: &mut Tx, bundle: &BundleId) -> Result<Option<Row>, StoreError> {
    sqlx::query("SELECT * FROM release_bundle WHERE bundle = $1")
        .bind(bundle.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading a release"))?
        .map(|row| Row::try_from(&row))
        .transpose()
}

/// A row that is there.
pub(crate) async fn get_row(tx: &mut Tx, bundle: &BundleId) -> Result<Row, StoreError> {
    find_row(tx, bundle).await?.ok_or_else(|| StoreError::Corrupt {
        table: "release_bundle",
        key: bundle.to_string(),
        column: "bundle",
    })
}

/// Every bundle that was ever granted, in the order of their ids.
pub(crate) async fn list_bundles(tx: &mut Tx) -> Result<Vec<BundleId>, StoreError> {
    sqlx::query("SELECT bundle FROM release_bundle ORDER BY bundle")
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::database("listing bundles"))?
        .iter()
        .map(|row| db::parsed(row, "release_bundle", "bundle"))
        .collect()
}

/// Writes a row. `seen` is the state that was read; none: the row must not exist.
pub(crate) async fn save_row(
    tx: &mut Tx,
    row: &Row,
    seen: Option<State>,
) -> Result<(), StoreError> {
    let seen = seen.unwrap_or_else(|| State::before_all(0));
    let passed = row.passed.as_ref().map(|passed| db::to_json(passed, "passed")).transpose()?;
    let (dark_epoch, dark_n) = db::split(row.state.dark);
    let optional = |value: Option<&Evidence>| {
        value.map(|evidence| db::to_json(evidence, "evidence")).transpose()
    };
    let command = row.command.as_ref().map(|fact| db::to_json(fact, "command")).transpose()?;
    let done = sqlx::query(
        "INSERT INTO release_bundle (bundle, epoch, n, phase, passed, evidence, edition,
             not_before, command, asked_at, dark_epoch, dark_n, next_evidence, reason, findings,
             trace, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (bundle) DO UPDATE SET epoch = excluded.epoch, n = excluded.n,
             phase = excluded.phase, passed = excluded.passed, evidence = excluded.evidence,
             edition = excluded.edition, not_before = excluded.not_before,
             command = excluded.command, asked_at = excluded.asked_at,
             dark_epoch = excluded.dark_epoch, dark_n = excluded.dark_n,
             next_evidence = excluded.next_evidence, reason = excluded.reason,
             findings = excluded.findings, trace = excluded.trace, since = excluded.since
         WHERE release_bundle.epoch = $18 AND release_bundle.n = $19
             AND release_bundle.phase = $20",
    )
    .bind(row.bundle.as_str())
    .bind(i64::from(row.state.generation.epoch))
    .bind(i64::from(row.state.generation.n))
    .bind(row.state.phase.name())
    .bind(passed)
    .bind(db::to_json(&row.evidence, "evidence")?)
    .bind(row.edition.as_ref().map(|edition| edition.as_str().to_owned()))
    .bind(row.not_before().map(Timestamp::as_micros))
    .bind(command)
    .bind(row.asked_at.map(Timestamp::as_micros))
    .bind(dark_epoch)
    .bind(dark_n)
    .bind(optional(row.next_evidence.as_ref())?)
    .bind(row.reason.clone())
    .bind(db::to_json(&row.findings, "findings")?)
    .bind(row.trace.as_str())
    .bind(row.since.as_micros())
    .bind(i64::from(seen.generation.epoch))
    .bind(i64::from(seen.generation.n))
    .bind(seen.phase.name())
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("writing a release"))?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale { what: format!("release of {}", row.bundle) })
    }
}

/// Bundles with something to do: a window to look at, a command to say again, receipts to settle.
/// As many as one pass looks at, after this one in the order of their ids.
pub(crate) async fn list_due(
    tx: &mut Tx,
    now: Timestamp,
    asked_before: Timestamp,
    after: Option<&BundleId>,
) -> Result<Vec<BundleId>, StoreError> {
    sqlx::query(
        "SELECT bundle FROM release_bundle WHERE bundle > $4
         AND ((phase = 'staged' AND not_before <= $1)
              OR (phase IN ('staging', 'permitted', 'withdrawing') AND asked_at < $2))
         ORDER BY bundle LIMIT $3",
    )
    .bind(now.as_micros())
    .bind(asked_before.as_micros())
    .bind(DUE_MAX)
    .bind(after.map(BundleId::as_str).unwrap_or_default())
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("listing releases that are due"))?
    .iter()
    .map(|row| db::parsed(row, "release_bundle", "bundle"))
    .collect()
}

/// All bundles that a channel's new disk may concern.
pub(crate) async fn list_wanted(tx: &mut Tx) -> Result<Vec<(BundleId, TraceId)>, StoreError> {
    sqlx::query(
        "SELECT bundle, trace FROM release_bundle WHERE phase NOT IN ('stopped', 'dark')
         ORDER BY bundle",
    )
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("listing what channels should show"))?
    .iter()
    .map(|row| {
        let bundle = db::parsed(row, "release_bundle", "bundle")?;
        Ok((bundle, db::parsed(row, "release_bundle", "trace")?))
    })
    .collect()
}

/// Notes a channel's life. Says whether that is news: the first one, or another than before.
pub(crate) async fn save_channel(
    tx: &mut Tx,
    channel: &ChannelName,
    life: &Incarnation,
) -> Result<bool, StoreError> {
    let known = list_channels(tx).await?.get(channel).cloned();
    sqlx::query(
        "INSERT INTO release_channel (channel, incarnation) VALUES ($1, $2)
         ON CONFLICT (channel) DO UPDATE SET incarnation = excluded.incarnation",
    )
    .bind(channel.as_str())
    .bind(life.as_str())
    .execute(&mut **tx)
    .await
    .map_err(StoreError::database("noting a channel"))?;
    Ok(known.as_ref() != Some(life))
}

/// Every channel that joined, with the life of its disk.
pub(crate) async fn list_channels(tx: &mut Tx) -> Result<Addressees, StoreError> {
    sqlx::query("SELECT channel, incarnation FROM release_channel ORDER BY channel LIMIT 1000")
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::database("listing channels"))?
        .iter()
        .map(|row| {
            Ok((
                db::parsed(row, "release_channel", "channel")?,
                db::parsed(row, "release_channel", "incarnation")?,
            ))
        })
        .collect()
}

/// What every channel last said about a bundle.
pub(crate) async fn list_answers(
    tx: &mut Tx,
    bundle: &BundleId,
) -> Result<BTreeMap<ChannelName, Answer>, StoreError> {
    sqlx::query("SELECT * FROM release_answer WHERE bundle = $1 ORDER BY channel LIMIT 1000")
        .bind(bundle.as_str())
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::database("reading channels' answers"))?
        .iter()
        .map(|row| {
            let answer = Answer {
                staged: maybe_json(row, "staged")?,
                receipt: maybe_json(row, "receipt")?,
                refused: maybe_json(row, "refused")?.unwrap_or_default(),
            };
            Ok((db::parsed(row, "release_answer", "channel")?, answer))
        })
        .collect()
}

/// What a channel said, by column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Said {
    /// It holds an edition ready.
    Staged,
    /// What it shows.
    Receipt,
    /// It refuses a command.
    Refused,
}

/// Notes what a channel said of a bundle under a generation; not where a newer receipt came first,
/// which overtakes what is parked.
pub(crate) async fn save_answer(
    tx: &mut Tx,
    (bundle, channel, generation): (&BundleId, &ChannelName, Generation),
    said: Said,
    json: &impl Serialize,
) -> Result<(), StoreError> {
    let known = list_answers(tx, bundle).await?.remove(channel).and_then(|answer| answer.receipt);
    if known.is_some_and(|known| known.generation > generation) {
        return Ok(());
    }
    let sql = match said {
        Said::Staged => {
            "INSERT INTO release_answer (bundle, channel, staged) VALUES ($1, $2, $3)
             ON CONFLICT (bundle, channel) DO UPDATE SET staged = excluded.staged, refused = NULL"
        }
        Said::Receipt => {
            "INSERT INTO release_answer (bundle, channel, receipt) VALUES ($1, $2, $3)
             ON CONFLICT (bundle, channel) DO UPDATE SET receipt = excluded.receipt, refused = NULL"
        }
        Said::Refused => {
            "INSERT INTO release_answer (bundle, channel, refused) VALUES ($1, $2, $3)
             ON CONFLICT (bundle, channel) DO UPDATE SET refused = excluded.refused"
        }
    };
    sqlx::query(sql)
        .bind(bundle.as_str())
        .bind(channel.as_str())
        .bind(db::to_json(json, "answer")?)
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("noting a channel's answer"))
}

pub(crate) async fn save_hold(
    tx: &mut Tx,
    bundle: &BundleId,
    handler: &str,
    why: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO release_hold (bundle, handler, why) VALUES ($1, $2, $3)
         ON CONFLICT (bundle, handler) DO UPDATE SET why = excluded.why",
    )
    .bind(bundle.as_str())
    .bind(handler)
    .bind(why)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("holding a bundle"))
}

pub(crate) async fn delete_holds(tx: &mut Tx, bundle: &BundleId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM release_hold WHERE bundle = $1")
        .bind(bundle.as_str())
        .execute(&mut **tx)
        .await
        .map(drop)
        .map_err(StoreError::database("letting a bundle go on"))
}

/// Who gave up on a bundle, and why.
pub(crate) async fn list_holds(tx: &mut Tx, bundle: &BundleId) -> Result<Vec<String>, StoreError> {
    sqlx::query(
        "SELECT handler, why FROM release_hold WHERE bundle = $1 ORDER BY handler LIMIT 100",
    )
    .bind(bundle.as_str())
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::database("reading holds"))?
    .iter()
    .map(|row| Ok(format!("{}: {}", db::text(row, "handler")?, db::text(row, "why")?)))
    .collect()
}

pub(crate) async fn save_stop(
    tx: &mut Tx,
    bundle: &BundleId,
    manifest: &Digest,
    reason: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO release_stop (bundle, manifest, reason) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(bundle.as_str())
    .bind(manifest.as_str())
    .bind(reason)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("noting a stop request"))
}

/// Why this manifest's release was asked to stop, if it was.
pub(crate) async fn find_stop(
    tx: &mut Tx,
    bundle: &BundleId,
    manifest: &Digest,
) -> Result<Option<String>, StoreError> {
    sqlx::query("SELECT reason FROM release_stop WHERE bundle = $1 AND manifest = $2")
        .bind(bundle.as_str())
        .bind(manifest.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::database("reading stop requests"))?
        .map(|row| db::text(&row, "reason"))
        .transpose()
}

pub(crate) async fn save_withdrawal(
    tx: &mut Tx,
    withdrawal: &Signed<Withdrawal>,
) -> Result<(), StoreError> {
    let statement = withdrawal.statement();
    sqlx::query(
        "INSERT INTO release_withdrawal (bundle, generation, record) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(statement.bundle.as_str())
    .bind(statement.generation.to_string())
    .bind(db::to_json(withdrawal, "withdrawal")?)
    .execute(&mut **tx)
    .await
    .map(drop)
    .map_err(StoreError::database("recording a withdrawal"))
}

/// The generations of a bundle whose withdrawal was ordered, as they are written.
pub(crate) async fn list_withdrawals(
    tx: &mut Tx,
    bundle: &BundleId,
) -> Result<Vec<String>, StoreError> {
    sqlx::query("SELECT generation FROM release_withdrawal WHERE bundle = $1 ORDER BY generation")
        .bind(bundle.as_str())
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::database("listing withdrawals"))?
        .iter()
        .map(|row| db::text(row, "generation"))
        .collect()
}

fn maybe_json<T: serde::de::DeserializeOwned>(
    row: &AnyRow,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    match db::maybe_text(row, column)? {
        None => Ok(None),
        Some(_) => db::json(row, column).map(Some),
    }
}

impl TryFrom<&AnyRow> for Row {
    type Error = StoreError;
    fn try_from(row: &AnyRow) -> Result<Self, StoreError> {
        let corrupt =
            |column| StoreError::Corrupt { table: "release_bundle", key: String::new(), column };
        let at = |column| -> Result<Option<Timestamp>, StoreError> {
            Ok(db::maybe_integer(row, column)?.map(Timestamp::from_micros))
        };
        let edition = match db::maybe_text(row, "edition")? {
            None => None,
            Some(_) => db::parsed(row, "release_bundle", "edition").map(Some)?,
        };
        let passed: Option<Passed> = maybe_json(row, "passed")?;
        Ok(Self {
            bundle: db::parsed(row, "release_bundle", "bundle")?,
            state: State {
                may_show: passed.is_some(),
                was_permitted: passed.as_ref().map(|passed| &passed.edition) == edition.as_ref()
                    && edition.is_some(),
                dark: db::generation(row, "dark_epoch", "dark_n")?,
                generation: db::generation(row, "epoch", "n")?.ok_or_else(|| corrupt("epoch"))?,
                phase: db::parsed(row, "release_bundle", "phase")?,
            },
            evidence: db::json(row, "evidence")?,
            edition,
            command: maybe_json(row, "command")?,
            asked_at: at("asked_at")?,
            passed,
            next_evidence: maybe_json(row, "next_evidence")?,
            reason: db::maybe_text(row, "reason")?,
            findings: db::json(row, "findings")?,
            trace: db::parsed(row, "release_bundle", "trace")?,
            since: at("since")?.ok_or_else(|| corrupt("since"))?,
        })
    }
}

#[cfg(test)]
mod tests;
