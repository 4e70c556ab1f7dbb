//! The portal's place is its database and blobs: holding is storing filled members; showing and
//! hiding is the shelf's row alone, one act.

use async_trait::async_trait;
use lockstep_gate::channel::Placed;
use lockstep_kit::{
    Deps,
    channel::{Adapter, Staged, store},
    jobs::JobError,
};
use lockstep_proto::{
    ids::{BundleId, ChannelName, Incarnation},
    release::Hide,
};

pub(crate) struct PortalAdapter {
    pub(crate) deps: Deps,
    pub(crate) channel: ChannelName,
}

#[async_trait]
impl Adapter for PortalAdapter {
    async fn life(&self) -> Result<Incarnation, JobError> {
        let mut tx = self.deps.db.begin_read().await?;
        let known = store::find_life(&mut tx, &self.channel).await?;
        Ok(known.unwrap_or_else(|| self.deps.ids.fresh()))
    }

    async fn stage(&self, staged: &Staged<'_>) -> Result<(), JobError> {
        for (filled, bytes) in staged.members {
            let digest = self.deps.blobs.put(bytes.clone()).await?;
            let read = self.deps.blobs.find(&digest).await?;
            if digest != filled.digest || read.as_ref() != Some(bytes) {
                let path = &filled.member.path;
                return Err(JobError::Failed(format!(
                    "{path} 读回的与写入的不同 / differs when read back"
                )));
            }
        }
        Ok(())
    }

    async fn show(&self, _: &BundleId, _: &Placed) -> Result<(), JobError> {
        Ok(())
    }

    async fn hide(&self, _: &Hide) -> Result<(), JobError> {
        Ok(())
    }
}
