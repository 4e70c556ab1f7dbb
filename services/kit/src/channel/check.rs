//! Whether what is shown is still what was held ready: a disk can damage it at any time. What differs
//! goes out at once, and is held and shown anew from the store.

use lockstep_proto::ids::BundleId;

use super::{Channel, Command, Staged, stage::read_filled, store};
use crate::jobs::JobError;

impl Channel {
    /// Checks the shown bundle behind `after`; behind the last one, nothing, and the next check
    /// begins anew.
    pub(super) async fn check_next(&self, after: &mut Option<BundleId>) -> Result<(), JobError> {
        let mut tx = self.deps.db.begin_read().await?;
        let next = store::find_next_shown(&mut tx, &self.name, after.take().as_ref()).await?;
        let Some(row) = next else { return Ok(()) };
        *after = Some(row.bundle.clone());
        let (Some(placed), Some(command)) = (&row.shelf.shown, &row.command) else { return Ok(()) };
        // While a newer command is carried out, the place is ahead of the row.
        if command.generation() != placed.generation {
            return Ok(());
        }
        let held = store::find_edition(&mut tx, &self.name, &placed.edition).await?;
        drop(tx);
        if self.adapter.check(&row.bundle, placed).await? {
            return Ok(());
        }
        tracing::error!(bundle.id = %row.bundle, channel.name = %self.name,
            "{} on channel {} is not as it was held ready; it is held and shown anew",
            row.bundle, self.name);
        let Some(held) = held else { return Ok(()) };
        let members = read_filled(&self.deps.blobs, &held.evidence).await?;
        let staged = Staged { placed, evidence: &held.evidence, members: &members };
        self.adapter.stage(&staged).await?;
        let trace = self.deps.ids.trace();
        let mut tx = self.deps.db.begin_write().await?;
        self.ask_to_assert(&mut tx, &row.bundle, command, &trace).await?;
        self.deps.hurry(&mut tx, &self.assert_job(&row.bundle, command)).await?;
        Ok(self.deps.db.commit(tx).await?)
    }
}

impl Command {
    fn generation(&self) -> lockstep_proto::release::Generation {
        match self {
            Self::Show { permit } => permit.statement().predicate.generation,
            Self::Hide { hide } => hide.statement().generation,
        }
    }
}
