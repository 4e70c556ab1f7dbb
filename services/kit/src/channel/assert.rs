//! Making the newest command so: checked against the evidence, carried out at the place, written
//! down, told. A bundle has one job to show and one to hide, which may run at once: both do what is
//! newest, and the shelf's fence and the disk's lock keep them apart.

use std::collections::BTreeMap;

use async_trait::async_trait;
use lockstep_gate::{
    channel::{Act, Placed, Wanted},
    codes, permit,
    verdict::Facts,
};
use lockstep_proto::{
    facts::{self, Fact},
    finding::Finding,
    ids::BundleId,
    release::{Generation, Hide, Permit},
    signed::Signed,
};

use super::{Channel, Command, held_of, stage::get_row, store};
use crate::{
    db::Tx,
    error::StoreError,
    failpoint, health,
    jobs::{Job, JobError, Worker},
    outbox::Context,
    register,
};

/// The kind of these jobs.
pub(super) const KIND: &str = "assert";

pub(super) struct AssertWorker(pub(super) Channel);

#[async_trait]
impl Worker for AssertWorker {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(channel) = self;
        let bundle: BundleId = job
            .key
            .parse()
            .map_err(|_| JobError::Failed(format!("{:?} 不是政策包 / is no bundle", job.key)))?;
        let mut tx = channel.deps.db.begin_read().await?;
        let row = store::find_row(&mut tx, &channel.name, &bundle).await?;
        drop(tx);
        match row.as_ref().and_then(|row| row.command.clone()) {
            None => finish_only(channel, job).await,
            Some(Command::Show { permit }) => show(channel, job, &bundle, &permit).await,
            Some(Command::Hide { hide }) => hide_now(channel, job, &bundle, &hide).await,
        }
    }
}

async fn finish_only(channel: &Channel, job: &Job) -> Result<(), JobError> {
    let mut tx = channel.deps.db.begin_write().await?;
    channel.deps.finish(&mut tx, job).await?;
    Ok(channel.deps.db.commit_quietly(tx).await?)
}

async fn show(
    channel: &Channel,
    job: &Job,
    bundle: &BundleId,
    permit: &Signed<Permit>,
) -> Result<(), JobError> {
    let permission = &permit.statement().predicate;
    let placed = Placed { generation: permission.generation, edition: permission.edition.clone() };
    let wanted = Wanted::Shown(placed.clone());
    let named = permission.channels.get(&channel.name);
    health::check_clock(&channel.deps).await?;
    let mut tx = channel.deps.db.begin_write().await?;
    let row = get_row(&mut tx, channel, bundle).await?;
    match row.decide(&wanted, named) {
        Act::Ignore => {
            tx.rollback().await.map_err(StoreError::database("rolling back"))?;
            return finish_only(channel, job).await;
        }
        Act::NotStaged => {
            // Its stage may still be under way: the look comes back to it.
            let why = vec![codes::NOT_STAGED.about(&channel.name)];
            return refuse(channel, job, tx, &row, placed.generation, why).await;
        }
        Act::Again => {
            tx.rollback().await.map_err(StoreError::database("rolling back"))?;
            channel.adapter.show(bundle, &placed).await?;
        }
        Act::Do => {
            if let Err(findings) = admit(channel, &mut tx, permit, &placed).await? {
                return refuse(channel, job, tx, &row, placed.generation, findings).await;
            }
            tx.rollback().await.map_err(StoreError::database("rolling back"))?;
            let at = format!("{} {}", channel.name, placed.generation);
            failpoint::crash("unflipped", &at);
            match channel.adapter.show(bundle, &placed).await {
                Err(JobError::NotHeld(why)) => {
                    let why = codes::NOT_STAGED.about(format!("{} {why}", channel.name));
                    let tx = channel.deps.db.begin_write().await?;
                    return refuse(channel, job, tx, &row, placed.generation, vec![why]).await;
                }
                done => done?,
            }
            failpoint::crash("flipped", &at);
        }
    }
    settle(channel, job, bundle, wanted, named, None).await
}

async fn hide_now(
    channel: &Channel,
    job: &Job,
    bundle: &BundleId,
    hide: &Signed<Hide>,
) -> Result<(), JobError> {
    let statement = hide.statement();
    let wanted = Wanted::Nothing(statement.generation);
    let named = statement.channels.get(&channel.name);
    let mut tx = channel.deps.db.begin_write().await?;
    let row = get_row(&mut tx, channel, bundle).await?;
    tx.rollback().await.map_err(StoreError::database("rolling back"))?;
    if row.decide(&wanted, named) == Act::Ignore {
        return finish_only(channel, job).await;
    }
    let at = format!("{} {}", channel.name, statement.generation);
    failpoint::crash("unflipped", &at);
    channel.adapter.hide(statement).await?;
    failpoint::crash("flipped", &at);
    settle(channel, job, bundle, wanted, named, Some(statement)).await
}

/// Writes down what is shown now and says so, unless something newer came meanwhile.
async fn settle(
    channel: &Channel,
    job: &Job,
    bundle: &BundleId,
    wanted: Wanted,
    named: Option<&lockstep_proto::ids::Incarnation>,
    hide: Option<&Hide>,
) -> Result<(), JobError> {
    let now = channel.deps.clock.now();
    let mut tx = channel.deps.db.begin_write().await?;
    let mut row = get_row(&mut tx, channel, bundle).await?;
    match row.decide(&wanted, named) {
        Act::Ignore | Act::NotStaged => {}
        Act::Again => channel.say_receipt(&mut tx, bundle, &row, &job.trace).await?,
        Act::Do => {
            let seen = row.shelf.fence;
            if let Wanted::Shown(placed) = &wanted {
                store::mark_shown(&mut tx, &channel.name, &placed.edition, now).await?;
                (row.shown_since, row.dark_since, row.dark_reason) = (Some(now), None, None);
            } else {
                // A notice stands only where something was shown, be it on a disk that is gone.
                let last = store::find_last_shown(&mut tx, &channel.name, bundle).await?;
                let was_shown = row.dark_since.is_some() || last.is_some();
                row.dark_since = was_shown.then_some(row.dark_since.unwrap_or(now));
                row.dark_reason = hide.filter(|_| was_shown).map(|hide| hide.reason.clone());
                row.shown_since = None;
                store::mark_withdrawn(&mut tx, &channel.name, bundle, now).await?;
            }
            row.shelf = row.shelf.apply(wanted);
            store::save_shelf(&mut tx, &channel.name, &row, seen).await?;
            channel.say_receipt(&mut tx, bundle, &row, &job.trace).await?;
        }
    }
    channel.deps.finish(&mut tx, job).await?;
    channel.deps.db.commit(tx).await?;
    Ok(())
}

/// Whether the gate, asked here with this channel's own knowledge, says yes.
async fn admit(
    channel: &Channel,
    tx: &mut Tx,
    permit: &Signed<Permit>,
    placed: &Placed,
) -> Result<Result<(), Vec<Finding>>, JobError> {
    let Some(held) = store::find_edition(tx, &channel.name, &placed.edition).await? else {
        return Ok(Err(vec![codes::NOT_STAGED.about(&channel.name)]));
    };
    let directory = register::directory(&channel.deps, tx).await?;
    let digests = held_of(&held.filled);
    let settings = &channel.deps.settings;
    let own = permit::Own {
        channel: &channel.name,
        staged: &BTreeMap::from([(channel.name.clone(), placed.clone())]),
        facts: Facts::of(&settings.deployment, &held.evidence, &digests, &directory),
        now: channel.deps.clock.now(),
    };
    let verdict = permit::admit(permit, &settings.release, &held.evidence, &own);
    Ok(verdict.map(drop).map_err(|blocked| blocked.findings))
}

/// Reports a refusal once per generation; the look tries again for as long as it is wanted.
async fn refuse(
    channel: &Channel,
    job: &Job,
    mut tx: Tx,
    row: &store::Row,
    generation: Generation,
    findings: Vec<Finding>,
) -> Result<(), JobError> {
    if store::save_refusal(&mut tx, &channel.name, &row.bundle, generation).await? {
        tracing::info!(bundle.id = %row.bundle, channel.name = %channel.name,
            "channel {} refuses generation {generation} of {}", channel.name, row.bundle);
        let refused = facts::channel::Refused {
            channel: channel.name.clone(),
            incarnation: row.shelf.incarnation.clone(),
            bundle: row.bundle.clone(),
            generation,
            findings,
        };
        let context = Context::of(&row.bundle, &job.trace).at(generation);
        channel.deps.append(&mut tx, context, Fact::ChannelRefused(refused)).await?;
    }
    channel.deps.finish(&mut tx, job).await?;
    channel.deps.db.commit(tx).await?;
    Ok(())
}
