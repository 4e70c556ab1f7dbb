//! Entering an epoch. After a restore, or a failover that lost commits, rows are older than what
//! readers saw: withdrawals that they forgot are taken again from the safe, bundles that showed what
//! nobody knows any more are held, and the deployment as a whole is held until every channel was
//! compared and a person has looked.

use std::collections::BTreeMap;

use lockstep_kit::{
    StoreError, Tx,
    epoch::{Entered, EpochError},
    outbox::Context,
    safe::SafeError,
};
use lockstep_proto::{
    facts::{self, Fact},
    ids::{BundleId, TraceId},
};

use crate::{
    Release, compare,
    domain::{Event, NothingToWithdraw, Phase},
    kept::{self, Kept, OfBundle},
    steps::{self, Note, StepError},
    store,
};

/// Why release must not begin.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// The database is not the one of this epoch.
    #[error(transparent)]
    Epoch(#[from] EpochError),
    /// Without the safe nobody knows what was forgotten.
    #[error(transparent)]
    Safe(#[from] SafeError),
    /// The rows are older than what was shown: an older database was put in place.
    #[error(
        "政策包 {bundle} 的发布记录早于已公开的内容，数据库应为旧备份：请运行 lockstep restore / the row of \
         {bundle} is older than what readers saw; an older database was put in place: run \
         `lockstep restore`"
    )]
    Behind {
        /// The first bundle.
        bundle: BundleId,
    },
    /// The database knows nothing, and the deployment is not new.
    #[error(
        "数据库是空的，而本部署并非新建：请运行 lockstep restore / the database is empty and the deployment \
         is not new: run `lockstep restore`"
    )]
    Empty,
    /// A row could not be taken into the epoch.
    #[error("发布记录无法转入新的一期 / a row cannot be taken into the epoch")]
    Step(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// State could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<StepError> for EnterError {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Store(error) => Self::Store(error),
            other @ StepError::Nothing(_) => Self::Step(other.into()),
        }
    }
}

/// The epoch of a new deployment.
const FIRST: u32 = 1;

/// Why a bundle is held that showed what nobody knows any more.
const FORGOTTEN: &str = "恢复前曾公开更新的版次，备份中没有；请核对后决定是否继续 / showed something newer \
    before the restore, which the backup does not hold; look before it goes on";

/// Why every bundle is held after the safe was lost.
const SAFE_LOST: &str = "库外存根已丢失，备份之后的撤回可能已被遗忘；请核对后决定是否继续 / the safe was lost, \
    and with it withdrawals since the backup; look before it goes on";

impl Release {
    /// Enters the epoch of the settings; must be done before anything else.
    pub async fn enter(&self) -> Result<(), EnterError> {
        // Read before the rows: what is kept meanwhile is of rows that are at least as new.
        let listed = kept::list(self).await;
        let (mut tx, entered) = lockstep_kit::epoch::enter(&self.deps).await?;
        match entered {
            Entered::First => self.begin(listed)?,
            Entered::Same => match listed {
                Ok(kept) => self.refuse_if_behind(&mut tx, &kept).await?,
                // Whoever has to withdraw something now must not wait for it.
                Err(error) => tracing::error!("{}", lockstep_kit::Chain(&error)),
            },
            Entered::Raised => self.raise(&mut tx, listed?).await?,
        }
        self.deps.db.commit(tx).await?;
        Ok(())
    }

    /// A new deployment: its first epoch, and nothing was ever kept. Anything else has lost its
    /// database.
    fn begin(
        &self,
        listed: Result<BTreeMap<BundleId, OfBundle>, SafeError>,
    ) -> Result<(), EnterError> {
        let is_new = match listed {
            Ok(kept) => kept.is_empty(),
            Err(SafeError::Missing { .. }) => true,
            Err(error) => return Err(error.into()),
        };
        if !is_new || self.deps.settings.epoch > FIRST {
            return Err(EnterError::Empty);
        }
        Ok(self.safe.make()?)
    }

    async fn refuse_if_behind(
        &self,
        tx: &mut Tx,
        kept: &BTreeMap<BundleId, OfBundle>,
    ) -> Result<(), EnterError> {
        for (bundle, of) in kept {
            let Some(newest) = of.newest_of(self.deps.settings.epoch) else { continue };
            let row = store::find_row(tx, bundle).await?;
            if row.is_none_or(|row| row.state.generation < newest) {
                return Err(EnterError::Behind { bundle: bundle.clone() });
            }
        }
        Ok(())
    }

    async fn raise(
        &self,
        tx: &mut Tx,
        mut kept: BTreeMap<BundleId, OfBundle>,
    ) -> Result<(), EnterError> {
        store::forget_answers(tx).await?;
        let was_safe_lost = self.safe.was_lost(self.deps.settings.epoch).await?;
        let (mut withdrawn, mut forgotten) = (vec![], vec![]);
        for bundle in store::list_bundles(tx).await? {
            let mut of = kept.remove(&bundle).unwrap_or_default();
            let recorded = store::list_withdrawals(tx, &bundle).await?;
            of.count_orders(|generation| recorded.contains(&generation.to_string()));
            let lost = self.take_over(tx, &bundle, &of).await?;
            if was_safe_lost {
                store::save_hold(tx, &bundle, "restore", SAFE_LOST).await?;
            }
            if lost.hidden.is_some() {
                withdrawn.push(bundle.clone());
            }
            if lost.shown {
                forgotten.push(bundle);
            }
        }
        // What is left belongs to bundles that began after the backup was made.
        for (bundle, mut of) in kept {
            of.count_orders(|_| false);
            if let Some(hidden) = of.hidden() {
                store::save_lost(tx, &bundle, hidden.generation).await?;
                self.say_dark(tx, hidden, &self.deps.ids.fresh()).await?;
                withdrawn.push(bundle.clone());
            }
            forgotten.push(bundle);
        }
        let report = store::Epoch {
            number: self.deps.settings.epoch,
            lives: store::list_channels(tx).await?,
            withdrawn,
            forgotten,
            differences: vec![],
            is_compared: false,
            is_resumed: false,
        };
        tracing::warn!(
            "epoch {} begins; {} withdrawals are taken again, {} bundles were forgotten; the \
             deployment is held",
            report.number,
            report.withdrawn.len(),
            report.forgotten.len()
        );
        store::save_epoch(tx, &report).await?;
        compare::ask(self, tx).await?;
        Ok(())
    }

    /// Takes a bundle's row into the epoch, with what it forgot.
    async fn take_over(
        &self,
        tx: &mut Tx,
        bundle: &BundleId,
        of: &OfBundle,
    ) -> Result<crate::domain::Lost, EnterError> {
        let mut row = store::get_row(tx, bundle).await?;
        let (seen, lost) = (row.state, row.state.lost(of.generations()));
        row.state = row.state.in_epoch(self.deps.settings.epoch);
        store::save_row(tx, &row, Some(seen)).await?;
        if lost.shown {
            store::save_hold(tx, bundle, "restore", FORGOTTEN).await?;
        }
        let Some((dark, hidden)) = lost.hidden.zip(of.hidden()) else { return Ok(lost) };
        let (seen, reason) = (row.state, hidden.what.reason().to_owned());
        let note = Note { reason: Some(reason), ..Note::default() };
        let event = Event::WithdrawalOrdered;
        match steps::take(self, tx, &mut row, Some(seen), event, note).await {
            Ok(_) | Err(StepError::Nothing(NothingToWithdraw)) => {}
            Err(error) => return Err(error.into()),
        }
        if row.state.phase != Phase::Withdrawing {
            let seen = row.state;
            row.state = row.state.darkened(dark);
            store::save_row(tx, &row, Some(seen)).await?;
            self.say_dark(tx, hidden, &row.trace).await?;
        }
        Ok(lost)
    }

    /// Tells whoever forgot it that a bundle was dark.
    async fn say_dark(
        &self,
        tx: &mut Tx,
        hidden: &Kept,
        trace: &TraceId,
    ) -> Result<(), StoreError> {
        let ended = facts::release::Ended {
            bundle: hidden.bundle.clone(),
            manifest: hidden.manifest.clone(),
            generation: hidden.generation,
            reason: hidden.what.reason().to_owned(),
        };
        let context = Context::of(&hidden.bundle, trace).at(hidden.generation);
        self.deps.append(tx, context, Fact::ReleaseDark(ended)).await.map(drop)
    }
}

/// The job that compares, as long as there is something to compare.
pub(crate) async fn ask_to_compare(release: &Release, tx: &mut Tx) -> Result<(), StoreError> {
    let epoch = store::find_held_epoch(tx).await?;
    if epoch.is_some_and(|epoch| !epoch.is_compared) {
        compare::ask(release, tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
