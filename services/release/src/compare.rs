//! After a restore: whether every channel began anew and shows nothing. Until that is so, and a person
//! has looked, the deployment is held: nothing is released, withdrawals go on.

use async_trait::async_trait;
use lockstep_kit::{
    StoreError, Tx,
    jobs::{Job, JobError, NewJob, Worker},
};
use lockstep_proto::ids::ChannelName;

use crate::{
    Release, jobs, outside,
    store::{self, Epoch},
};

/// The kind of jobs that compare.
pub(crate) const COMPARE: &str = "compare";
/// Differences that are told; there may be as many as bundles.
const TOLD_MAX: usize = 20;

/// Asks for the comparison, at once.
pub(crate) async fn ask(release: &Release, tx: &mut Tx) -> Result<(), StoreError> {
    let deps = &release.deps;
    let id = format!("{COMPARE}:{}", deps.settings.epoch);
    let job = NewJob {
        id: id.clone(),
        kind: COMPARE,
        key: "deployment",
        payload: String::new(),
        trace: &deps.ids.trace(),
    };
    deps.ask_again(tx, job).await?;
    deps.hurry(tx, &id).await
}

pub(crate) struct Compare(pub(crate) Release);

#[async_trait]
impl Worker for Compare {
    fn kind(&self) -> &'static str {
        COMPARE
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(release) = self;
        let deps = &release.deps;
        let mut tx = deps.db.begin_read().await?;
        let epoch = store::find_held_epoch(&mut tx).await?;
        let missing = match &epoch {
            Some(epoch) => list_missing(release, &mut tx, epoch).await?,
            None => vec![],
        };
        let bundles = store::list_bundles(&mut tx).await?;
        drop(tx);
        let Some(epoch) = epoch.filter(|epoch| !epoch.is_compared) else {
            return jobs::finish(release, job).await;
        };
        if !missing.is_empty() {
            return Err(JobError::Later(missing.join("; ")));
        }
        let mut differences = vec![];
        for (channel, place) in release.outside.iter() {
            for bundle in &bundles {
                if let Some(edition) = outside::shown(place, bundle).await? {
                    differences.push(format!("{channel}：{bundle} {}", edition.short()));
                }
            }
        }
        let is_equal = differences.is_empty();
        differences.truncate(TOLD_MAX);
        let mut tx = deps.db.begin_write().await?;
        let compared_at = is_equal.then(|| deps.clock.now());
        store::save_comparison(&mut tx, epoch.number, &differences, compared_at).await?;
        if is_equal {
            deps.finish(&mut tx, job).await?;
        }
        deps.db.commit(tx).await?;
        if is_equal {
            tracing::warn!("every channel is compared; a person may let the deployment go on");
            return Ok(());
        }
        Err(JobError::Later(format!(
            "渠道仍显示不应显示的内容 / readers still see what they should not: {}",
            differences.join("; ")
        )))
    }
}

/// What must come before the comparison, in words: channels that did not begin anew yet.
pub(crate) async fn list_missing(
    release: &Release,
    tx: &mut Tx,
    epoch: &Epoch,
) -> Result<Vec<String>, StoreError> {
    let lives = store::list_channels(tx).await?;
    let is_there = |channel: &&ChannelName| {
        lives.get(*channel).is_some_and(|life| epoch.lives.get(*channel) != Some(life))
    };
    let missing = release.deps.settings.channels.iter().filter(|channel| !is_there(channel));
    Ok(missing
        .map(|channel| format!("渠道 {channel} 尚未加入 / channel has not joined anew"))
        .collect())
}
