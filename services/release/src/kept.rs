//! What release keeps in the safe, outside the backup: what is about to be shown, and what was
//! withdrawn. A restored database forgot what came after its backup; here it lies still.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use lockstep_kit::{
    StoreError, failpoint,
    jobs::{Job, JobError, Worker},
    safe::SafeError,
};
use lockstep_proto::{
    digest::Digest,
    facts::Fact,
    ids::BundleId,
    release::{Generation, Withdrawal},
    signed::Signed,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{Release, advance::advance, domain, domain::Phase, jobs, store, store::Row};

/// How long a person who withdraws waits for the safe; the job keeps on trying.
const PATIENCE: Duration = Duration::from_secs(5);
/// The kind of jobs that keep a withdrawal.
pub(crate) const KEEP: &str = "keep";
/// Below this everything of ours lies.
const BELOW: &str = "kept";

/// Something that must not be forgotten.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) bundle: BundleId,
    pub(crate) manifest: Digest,
    pub(crate) generation: Generation,
    pub(crate) at: Timestamp,
    #[serde(flatten)]
    pub(crate) what: What,
}

/// What it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum What {
    /// The edition is about to be shown under this generation.
    Show { edition: Digest },
    /// Nothing is shown from this generation on.
    Hide { reason: String },
    /// A person's order to withdraw this generation; the one after it shows nothing.
    Order { order: Box<Signed<Withdrawal>> },
}

impl Kept {
    /// Shows and hides of one generation are one file each, however often they are kept.
    fn name(&self) -> String {
        let what = match self.what {
            What::Show { .. } => "show",
            What::Hide { .. } => "hide",
            What::Order { .. } => "order",
        };
        let Generation { epoch, n } = self.generation;
        format!("{BELOW}/{}/{epoch:010}-{n:010}-{what}.json", self.bundle)
    }

    fn show(row: &Row, edition: &Digest, at: Timestamp) -> Self {
        Self {
            bundle: row.bundle.clone(),
            manifest: row.manifest().clone(),
            generation: row.state.generation,
            at,
            what: What::Show { edition: edition.clone() },
        }
    }

    fn order(order: &Signed<Withdrawal>) -> Self {
        let statement = order.statement();
        Self {
            bundle: statement.bundle.clone(),
            manifest: statement.manifest.clone(),
            generation: statement.generation,
            at: statement.at,
            what: What::Order { order: Box::new(order.clone()) },
        }
    }
}

pub(crate) async fn keep(release: &Release, kept: &Kept) -> Result<(), JobError> {
    let bytes = serde_json::to_vec(kept)
        .map_err(|source| StoreError::Json { what: "what is kept", source })?;
    release.safe.keep(kept.name(), bytes).await.map_err(|error| later(&error))
}

/// The safe is somebody else's: what needs it waits for as long as that takes.
fn later(error: &SafeError) -> JobError {
    JobError::Later(lockstep_kit::Chain(error).to_string())
}

/// Keeps what is about to be shown, before it is committed.
pub(crate) async fn keep_show(release: &Release, row: &Row) -> Result<(), JobError> {
    let Some(edition) = &row.edition else { return Ok(()) };
    keep(release, &Kept::show(row, edition, release.deps.clock.now())).await
}

/// Keeps a person's order, before it is recorded. A safe that is out of reach must not keep a policy
/// on air: the job keeps the withdrawal later, and nothing counts as dark before.
pub(crate) async fn keep_order(release: &Release, order: &Signed<Withdrawal>) {
    let kept = Kept::order(order);
    let keeping = tokio::time::timeout(PATIENCE, keep(release, &kept));
    let done = keeping.await.unwrap_or_else(|_| Err(later(&SafeError::CutOff)));
    if let Err(error) = done {
        let bundle = &order.statement().bundle;
        tracing::error!(bundle.id = %bundle, "the order to withdraw {bundle} is not kept yet: {error}");
    }
}

/// Keeps a withdrawal: until then nothing counts as dark.
pub(crate) struct KeepHide(pub(crate) Release);

#[async_trait]
impl Worker for KeepHide {
    fn kind(&self) -> &'static str {
        KEEP
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(release) = self;
        let deps = &release.deps;
        let Some(row) = jobs::current(release, job, &[Phase::Withdrawing]).await? else {
            return jobs::finish(release, job).await;
        };
        let Some(Fact::ReleaseWithdrawing(command)) = &row.command else {
            return Err(row.corrupt("command").into());
        };
        let hide = command.hide.statement();
        let kept = Kept {
            bundle: row.bundle.clone(),
            manifest: hide.manifest.clone(),
            generation: hide.generation,
            at: hide.at,
            what: What::Hide { reason: hide.reason.clone() },
        };
        keep(release, &kept).await?;
        failpoint::crash("kept", &hide.generation.to_string());
        let mut tx = deps.db.begin_write().await?;
        store::save_kept(&mut tx, &row.bundle, hide.generation).await?;
        deps.finish(&mut tx, job).await?;
        advance(release, &mut tx, &row.bundle).await.map_err(jobs::failed)?;
        Ok(deps.db.commit(tx).await?)
    }
}

/// What is kept of one bundle.
#[derive(Debug, Default)]
pub(crate) struct OfBundle {
    shown: Option<Generation>,
    hidden: Option<Kept>,
    orders: Vec<Signed<Withdrawal>>,
}

/// What is kept, by bundle.
pub(crate) async fn list(release: &Release) -> Result<BTreeMap<BundleId, OfBundle>, SafeError> {
    let mut bundles: BTreeMap<BundleId, OfBundle> = BTreeMap::new();
    for (name, bytes) in release.safe.list(BELOW).await? {
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| SafeError::Io {
            doing: "reading what is kept",
            path: format!("{BELOW}/{name}"),
            source: error.into(),
        })?;
        let of = bundles.entry(kept.bundle.clone()).or_default();
        match &kept.what {
            What::Show { .. } => of.shown = of.shown.max(Some(kept.generation)),
            What::Hide { .. } => of.note_hidden(kept),
            What::Order { order } => of.orders.push((**order).clone()),
        }
    }
    Ok(bundles)
}

impl OfBundle {
    fn note_hidden(&mut self, kept: Kept) {
        if self.hidden.as_ref().is_none_or(|known| known.generation < kept.generation) {
            self.hidden = Some(kept);
        }
    }

    /// Takes the orders that release did not record for withdrawals: each shows nothing from the
    /// generation after the one it withdraws.
    pub(crate) fn count_orders(&mut self, is_recorded: impl Fn(Generation) -> bool) {
        for order in std::mem::take(&mut self.orders) {
            let statement = order.statement();
            if is_recorded(statement.generation) {
                continue;
            }
            self.note_hidden(Kept {
                bundle: statement.bundle.clone(),
                manifest: statement.manifest.clone(),
                generation: statement.generation.next(),
                at: statement.at,
                what: What::Hide { reason: statement.reason.clone() },
            });
        }
    }

    /// The newest withdrawal.
    pub(crate) fn hidden(&self) -> Option<&Kept> {
        self.hidden.as_ref()
    }

    /// As the protocol asks for it.
    pub(crate) fn generations(&self) -> domain::Kept {
        let hidden = self.hidden.as_ref().map(|kept| kept.generation);
        domain::Kept { shown: self.shown, hidden }
    }

    /// The newest generation of an epoch that is kept; orders aside, which come before their
    /// generation.
    pub(crate) fn newest_of(&self, epoch: u32) -> Option<Generation> {
        let domain::Kept { shown, hidden } = self.generations();
        shown.into_iter().chain(hidden).filter(|generation| generation.epoch == epoch).max()
    }
}

impl What {
    /// What the public notice gave as the reason.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Hide { reason } => reason,
            Self::Order { order } => &order.statement().reason,
            Self::Show { .. } => "",
        }
    }
}
