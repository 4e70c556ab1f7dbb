//! What all channels share: commands of release are checked, written down, and made so. Each
//! channel decides itself from the evidence, on its own copy of persons and keys and its own clock;
//! an [`Adapter`] does what is particular to a place.
//!
//! The handler only writes down what is wanted; jobs carry it out and say what is shown: per bundle
//! one to show and one to hide, kept apart by the shelf's fence and the disk's lock. Wanted states
//! are asserted again until the fence has reached them.

mod assert;
mod check;
pub mod lag;
pub mod stage;
pub mod store;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use lockstep_gate::channel::{Act, Placed, Shelf, Wanted};
use lockstep_proto::{
    digest::Digest,
    document::BadDocument,
    edition::Edition,
    envelope::Envelope,
    facts::{self, Fact},
    ids::{BundleId, ChannelName, Incarnation, TraceId},
    manifest::Member,
    release::{Evidence, Generation, Hide, Hold, Permit, Receipt},
    signed::{Signed, Statement},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{
    db::{self, Tx},
    deps::Deps,
    dispatch::{HandleError, Handler},
    epoch::{self, Entered, EpochError},
    error::{Chain, StoreError},
    jobs::{JobError, NewJob, Worker},
    outbox::Context,
    register,
};

/// How often a channel looks whether commands wait to be carried out: the window, or a key that
/// has not been heard of yet, may have kept it from one.
const LOOK: Duration = Duration::from_millis(500);

/// What is particular to a place.
#[async_trait]
pub trait Adapter: Send + Sync + 'static {
    /// The life of the place's disk; made when the place is found empty.
    async fn life(&self) -> Result<Incarnation, JobError>;

    /// Holds an edition ready where no reader gets it, reads it back and compares. All members'
    /// bytes are verified and filled.
    async fn stage(&self, edition: &Staged<'_>) -> Result<(), JobError>;

    /// Makes the staged edition what readers see, in one act. May be called again. A place that
    /// carried out a newer generation must refuse; one that does not hold every byte of what was
    /// staged says [`JobError::NotHeld`].
    async fn show(&self, bundle: &BundleId, placed: &Placed) -> Result<(), JobError>;

    /// Whether readers see the edition as it was held ready. What differs is taken from them before
    /// this answers. For places that can be damaged.
    async fn check(&self, _: &BundleId, _: &Placed) -> Result<bool, JobError> {
        Ok(true)
    }

    /// Makes readers see nothing but a dated notice. May be called again. A place that carried out
    /// a newer generation must refuse.
    async fn hide(&self, hide: &Hide) -> Result<(), JobError>;
}

/// An edition about to be held ready.
#[derive(Debug)]
pub struct Staged<'a> {
    /// Which, under which generation.
    pub placed: &'a Placed,
    /// What it rests on.
    pub evidence: &'a Evidence,
    /// Its members, slots filled.
    pub members: &'a [(Filled, Vec<u8>)],
}

/// A member as readers get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// As the manifest lists it.
    pub member: Member,
    /// Digest of its bytes with slots filled.
    pub digest: Digest,
    /// Size of these bytes.
    pub size: u64,
}

/// The newest show or hide command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "wants", rename_all = "snake_case")]
pub enum Command {
    /// Show what is staged.
    Show {
        /// Why that is allowed.
        permit: Box<Signed<Permit>>,
    },
    /// Show nothing.
    Hide {
        /// The order.
        hide: Box<Signed<Hide>>,
    },
}

/// One channel of this deployment.
#[derive(Clone)]
pub struct Channel {
    deps: Deps,
    name: ChannelName,
    handler_name: &'static str,
    adapter: Arc<dyn Adapter>,
}

/// Where one look after another has come to, in the order of bundles.
#[derive(Debug, Default)]
struct Pass {
    /// The last bundle whose command waits, while more may wait behind it.
    waiting: Option<BundleId>,
    /// The last shown bundle that was checked.
    checked: Option<BundleId>,
}

impl Channel {
    /// The channel `name`; facts are written by `deps.service`.
    pub fn new(
        deps: Deps,
        name: ChannelName,
        handler_name: &'static str,
        adapter: Arc<dyn Adapter>,
    ) -> Self {
        Self { deps, name, handler_name, adapter }
    }

    /// Enters the epoch of the settings; must be done before anything else. In a new one the place
    /// begins another life, dark.
    pub async fn enter(&self) -> Result<(), EpochError> {
        let (mut tx, entered) = epoch::enter(&self.deps).await?;
        if entered == Entered::Raised {
            store::end_life(&mut tx, &self.name).await?;
        }
        Ok(self.deps.db.commit(tx).await?)
    }

    /// Tells release that the channel is there and with which disk. A disk that was lost is
    /// another life: nothing that was held counts any more.
    pub async fn join(&self) -> Result<Incarnation, JobError> {
        let life = self.adapter.life().await?;
        let mut tx = self.deps.db.begin_write().await?;
        if store::find_life(&mut tx, &self.name).await?.as_ref() != Some(&life) {
            store::begin_life(&mut tx, &self.name, &life).await?;
            let trace = self.deps.ids.trace();
            let joined =
                facts::channel::Joined { channel: self.name.clone(), incarnation: life.clone() };
            let context = Context::of(&self.name, &trace);
            self.deps.append(&mut tx, context, Fact::ChannelJoined(joined)).await?;
        }
        self.deps.db.commit(tx).await?;
        Ok(life)
    }

    /// Carries out what waits, until stopped.
    pub async fn run(self, stop: CancellationToken) {
        let mut pass = Pass::default();
        loop {
            if let Err(error) = self.look(&mut pass).await {
                tracing::warn!(error = %Chain(&error), channel.name = %self.name,
                    "looking at channel {} failed; the next look tries again", self.name);
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Joins (the disk may have been lost while running), asks again for what waits, and looks
    /// whether one bundle more is shown as it should be.
    async fn look(&self, pass: &mut Pass) -> Result<(), JobError> {
        self.join().await?;
        self.ask_for_waiting(&mut pass.waiting).await?;
        self.check_next(&mut pass.checked).await
    }

    async fn ask_for_waiting(&self, after: &mut Option<BundleId>) -> Result<(), JobError> {
        let from = after.take();
        let mut tx = self.deps.db.begin_read().await?;
        let is_idle = store::list_waiting(&mut tx, &self.name, from.as_ref()).await?.is_empty();
        drop(tx);
        if is_idle {
            return Ok(());
        }
        // Read again as the writer: what was carried out meanwhile is not asked for twice.
        let mut tx = self.deps.db.begin_write().await?;
        for (bundle, command, trace) in
            store::list_waiting(&mut tx, &self.name, from.as_ref()).await?
        {
            self.ask_to_assert(&mut tx, &bundle, &command, &trace).await?;
            *after = Some(bundle);
        }
        Ok(self.deps.db.commit(tx).await?)
    }

    /// The workers that do this channel's jobs.
    pub fn workers(&self) -> Vec<Arc<dyn Worker>> {
        vec![
            Arc::new(stage::StageWorker(self.clone())),
            Arc::new(assert::AssertWorker(self.clone())),
        ]
    }

    async fn ask_to_assert(
        &self,
        tx: &mut Tx,
        bundle: &BundleId,
        command: &Command,
        trace: &TraceId,
    ) -> Result<(), StoreError> {
        // What is wanted is read when the job runs: a late job does what is newest.
        let id = self.assert_job(bundle, command);
        let job = NewJob {
            id: id.clone(),
            kind: assert::KIND,
            key: bundle.as_str(),
            payload: String::new(),
            trace,
        };
        self.deps.ask_again(tx, job).await?;
        // Going dark waits for nothing that hangs; a show that is late is only late.
        self.deps.set_urgent(tx, &id, matches!(command, Command::Hide { .. })).await
    }

    /// Whether release signed it, for this deployment.
    fn is_from_release<T: Statement>(&self, command: &Signed<T>) -> bool {
        self.deps.settings.release.iter().any(|key| command.verify(key).is_ok())
    }

    async fn hold(
        &self,
        tx: &mut Tx,
        hold: &Signed<Hold>,
        evidence: &Evidence,
        trace: &TraceId,
    ) -> Result<(), HandleError> {
        let statement = hold.statement();
        let edition = edition_of(evidence).map_err(StoreError::from)?;
        let fits = self.is_from_release(hold)
            && statement.deployment == self.deps.settings.deployment
            && statement.bundle == evidence.manifest.bundle
            && statement.manifest == *evidence.manifest.digest()
            && statement.edition == edition;
        if !fits {
            return Err(HandleError::Refused(
                "备稿指令无效 / hold command does not hold".to_owned(),
            ));
        }
        let placed = Placed { generation: statement.generation, edition };
        let shelf = store::get_shelf(tx, &self.name, &statement.bundle).await?;
        let named = statement.channels.get(&self.name);
        match shelf.decide(&Wanted::Held(placed.clone()), named) {
            Act::Ignore | Act::NotStaged => Ok(()),
            Act::Again => Ok(self.say_staged(tx, &statement.bundle, &shelf, placed, trace).await?),
            Act::Do => {
                let wish = stage::Wish {
                    placed_generation: placed.generation,
                    placed_edition: placed.edition,
                    life: shelf.incarnation,
                    evidence: evidence.clone(),
                };
                let job = NewJob {
                    id: format!("stage:{}:{}:{}", self.name, statement.bundle, wish.key()),
                    kind: stage::KIND,
                    key: statement.bundle.as_str(),
                    payload: db::to_json(&wish, "stage job")?,
                    trace,
                };
                Ok(self.deps.ask_again(tx, job).await?)
            }
        }
    }

    async fn command(
        &self,
        tx: &mut Tx,
        bundle: &BundleId,
        generation: Generation,
        command: &Command,
        trace: &TraceId,
    ) -> Result<(), HandleError> {
        // An older command than the newest known one is void; the same one is asserted again.
        if store::save_command(tx, &self.name, bundle, generation, command, trace).await? {
            self.ask_to_assert(tx, bundle, command, trace).await?;
            self.deps.hurry(tx, &self.assert_job(bundle, command)).await?;
        }
        Ok(())
    }

    /// One job per bundle to show and one to hide: going dark does not wait for a show that hangs.
    fn assert_job(&self, bundle: &BundleId, command: &Command) -> String {
        let wants = match command {
            Command::Show { .. } => "show",
            Command::Hide { .. } => "hide",
        };
        format!("{wants}:{}:{bundle}", self.name)
    }

    async fn say_staged(
        &self,
        tx: &mut Tx,
        bundle: &BundleId,
        shelf: &Shelf,
        placed: Placed,
        trace: &TraceId,
    ) -> Result<(), StoreError> {
        let context = Context::of(bundle, trace).at(placed.generation);
        let staged = facts::channel::Staged {
            channel: self.name.clone(),
            incarnation: shelf.incarnation.clone(),
            bundle: bundle.clone(),
            generation: placed.generation,
            edition: placed.edition,
        };
        self.deps.append(tx, context, Fact::ChannelStaged(staged)).await.map(drop)
    }

    /// Says what this channel shows, under the generation of its fence.
    async fn say_receipt(
        &self,
        tx: &mut Tx,
        bundle: &BundleId,
        row: &store::Row,
        trace: &TraceId,
    ) -> Result<(), StoreError> {
        let Some(generation) = row.shelf.fence else { return Ok(()) };
        let since = row.shown_since.or(row.dark_since).unwrap_or_else(|| self.deps.clock.now());
        let edition = row.shelf.shown.as_ref().map(|shown| shown.edition.clone());
        let receipt = Receipt {
            channel: self.name.clone(),
            incarnation: row.shelf.incarnation.clone(),
            bundle: bundle.clone(),
            generation,
            edition,
            since,
        };
        let is_shown = receipt.edition.is_some();
        let receipted = facts::channel::Receipted { receipt };
        let fact =
            if is_shown { Fact::ChannelShown(receipted) } else { Fact::ChannelHidden(receipted) };
        self.deps.append(tx, Context::of(bundle, trace).at(generation), fact).await.map(drop)
    }
}

#[async_trait]
impl Handler for Channel {
    fn name(&self) -> &'static str {
        self.handler_name
    }

    fn hears(&self, fact: &Fact) -> bool {
        register::hears(fact)
            || matches!(
                fact,
                Fact::ReleaseStaging(_) | Fact::ReleasePermitted(_) | Fact::ReleaseWithdrawing(_)
            )
    }

    /// A withdrawal is never held: it makes every earlier command of its bundle void.
    fn overtakes(&self, fact: &Fact) -> bool {
        matches!(fact, Fact::ReleaseWithdrawing(_))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a handler hears a few of all facts")]
    async fn handle(&self, tx: &mut Tx, envelope: &Envelope) -> Result<(), HandleError> {
        let trace = &envelope.trace;
        match &envelope.fact {
            Fact::ReleaseStaging(data) => self.hold(tx, &data.hold, &data.evidence, trace).await,
            Fact::ReleasePermitted(data) => {
                if !self.is_from_release(&data.permit) {
                    return Err(HandleError::Refused(
                        "放行凭证不是发布服务签署 / permit is not release's".to_owned(),
                    ));
                }
                let permission = &data.permit.statement().predicate;
                if !permission.channels.contains_key(&self.name) {
                    return Ok(());
                }
                let command = Command::Show { permit: Box::new(data.permit.clone()) };
                self.command(tx, &permission.bundle, permission.generation, &command, trace).await
            }
            Fact::ReleaseWithdrawing(data) => {
                let hide = data.hide.statement();
                let is_ours = hide.deployment == self.deps.settings.deployment;
                if !is_ours || !self.is_from_release(&data.hide) {
                    return Err(HandleError::Refused(
                        "撤下指令不是发布服务签署 / hide command is not release's".to_owned(),
                    ));
                }
                let command = Command::Hide { hide: Box::new(data.hide.clone()) };
                self.command(tx, &hide.bundle, hide.generation, &command, trace).await
            }
            fact => register::handle(&self.deps, tx, fact).await.map(drop),
        }
    }
}

/// The edition that evidence makes.
pub fn edition_of(evidence: &Evidence) -> Result<Digest, BadDocument> {
    Edition::digest(evidence.manifest.digest(), evidence.registration.as_ref())
}

/// Path to digest of members as the manifest lists them, for what was verified when it was staged.
fn held_of(filled: &[Filled]) -> BTreeMap<String, Digest> {
    filled.iter().map(|f| (f.member.path.clone(), f.member.digest.clone())).collect()
}
