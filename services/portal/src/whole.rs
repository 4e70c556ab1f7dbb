//! Whether the store holds every member of what is shown: readers get 503 where one is missing or
//! damaged, and somebody has to put it back.

use std::{collections::BTreeMap, fmt, time::Duration};

use lockstep_kit::{
    Chain, Db, Deps, StoreError,
    blobs::{BlobError, Blobs},
    channel::store::{self, HeldEdition},
    health::{Health, Reason},
};
use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, ChannelName},
};
use tokio_util::sync::CancellationToken;

use crate::HANDLER;

/// Between two bundles that are looked at, once all were: a look reads every byte.
const EVERY: Duration = Duration::from_secs(3);

/// A member of what is shown that readers cannot get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Of which bundle.
    pub bundle: BundleId,
    /// Where in it.
    pub path: String,
    /// The bytes that should be there.
    pub digest: Digest,
    /// Other bytes are there, or none that can be read; else none at all.
    pub is_damaged: bool,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bundle, path, digest, is_damaged } = self;
        let (how, is) =
            if *is_damaged { ("已损坏", "is damaged") } else { ("缺失", "is missing") };
        write!(
            f,
            "{bundle} 的 {path}（{digest}）{how}，读者只见 503：请从备份的 blobs 目录补回同名文件 {}，或撤回后重新提交 / \
             {path} of {bundle} {is}, readers get 503: put the file of that name back from a backup's \
             blobs, or withdraw and submit anew",
            digest.hex()
        )
    }
}

/// Why nobody can say whether it is whole.
#[derive(Debug, thiserror::Error)]
pub enum WholeError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store of blobs failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

/// What is broken of everything that is shown, in the order of bundles.
pub async fn list_broken(
    db: &Db,
    blobs: &Blobs,
    channel: &ChannelName,
) -> Result<Vec<Broken>, WholeError> {
    let (mut broken, mut after) = (vec![], None);
    while let Some((bundle, held)) = find_next(db, channel, after.as_ref()).await? {
        broken.extend(look_at(blobs, &bundle, held.as_ref()).await?);
        after = Some(bundle);
    }
    Ok(broken)
}

/// Looks at one bundle after another until stopped, and says what is broken where readiness is said.
pub async fn watch(deps: Deps, channel: ChannelName, health: Health, stop: CancellationToken) {
    let mut known = BTreeMap::<BundleId, Vec<Broken>>::new();
    let (mut after, mut is_first) = (None::<BundleId>, true);
    while !stop.is_cancelled() {
        let looked = async {
            let Some((bundle, held)) = find_next(&deps.db, &channel, after.as_ref()).await? else {
                return Ok::<_, WholeError>(None);
            };
            let broken = look_at(&deps.blobs, &bundle, held.as_ref()).await?;
            Ok(Some((bundle, broken)))
        };
        match looked.await {
            Ok(Some((bundle, broken))) => {
                // What lies between is not shown any more.
                let is_before =
                    |known: &BundleId| after.as_ref().is_some_and(|after| known <= after);
                known.retain(|known, _| *known >= bundle || is_before(known));
                note(&mut known, &bundle, broken);
                after = Some(bundle);
            }
            Ok(None) => {
                known.retain(|known, _| after.as_ref().is_some_and(|after| known <= after));
                (after, is_first) = (None, false);
            }
            // Database and blobs are looked at by readiness itself.
            Err(error) => {
                tracing::debug!(error = %Chain(&error), "cannot tell whether what is shown is whole");
                is_first = false;
            }
        }
        let reason = |broken: &Broken| Reason {
            service: HANDLER.to_owned(),
            what: "members".to_owned(),
            detail: broken.to_string(),
        };
        health.mind(known.values().flatten().map(reason).collect());
        if is_first {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Logs what is new.
fn note(known: &mut BTreeMap<BundleId, Vec<Broken>>, bundle: &BundleId, broken: Vec<Broken>) {
    let before = known.remove(bundle).unwrap_or_default();
    for one in broken.iter().filter(|one| !before.contains(one)) {
        tracing::error!(bundle.id = %bundle, "{one}");
    }
    if !broken.is_empty() {
        known.insert(bundle.clone(), broken);
    }
}

/// The first shown bundle after this one, with the edition that it shows.
async fn find_next(
    db: &Db,
    channel: &ChannelName,
    after: Option<&BundleId>,
) -> Result<Option<(BundleId, Option<HeldEdition>)>, StoreError> {
    let mut tx = db.begin_read().await?;
    let Some(row) = store::find_next_shown(&mut tx, channel, after).await? else { return Ok(None) };
    let held = match &row.shelf.shown {
        Some(shown) => store::find_edition(&mut tx, channel, &shown.edition).await?,
        None => None,
    };
    Ok(Some((row.bundle, held)))
}

async fn look_at(
    blobs: &Blobs,
    bundle: &BundleId,
    held: Option<&HeldEdition>,
) -> Result<Vec<Broken>, BlobError> {
    let mut broken = vec![];
    for filled in held.map(|held| held.filled.as_slice()).unwrap_or_default() {
        let is_damaged = match blobs.find(&filled.digest).await {
            Ok(Some(_)) => continue,
            Ok(None) => false,
            Err(error) if error.is_outage() => return Err(error),
            Err(_) => true,
        };
        let (path, digest) = (filled.member.path.clone(), filled.digest.clone());
        broken.push(Broken { bundle: bundle.clone(), path, digest, is_damaged });
    }
    Ok(broken)
}
