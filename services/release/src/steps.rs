//! Carrying out what [`crate::domain`] decides: the row, its commands and its facts, in one
//! transaction.

use lockstep_gate::{channel::Placed, rules::published, window};
use lockstep_kit::{StoreError, Tx, channel::edition_of, outbox::Context};
use lockstep_proto::{
    digest::Digest,
    facts::{self, Fact},
    finding::Finding,
    ids::{ChannelName, TraceId},
    release::{Addressees, Evidence, Hide, HideSchema, Hold, HoldSchema},
    signed::Signed,
    time::Timestamp,
};

use crate::{
    Release,
    advance::{ask, ask_gate_if_due},
    domain::{Event, NothingToWithdraw, Phase, State, Step},
    kept,
    store::{self, Row},
};

/// Why a grant ended that another one took the place of.
const REPLACED: &str = "已被新版次取代 / replaced by a newer revision";
/// Why a grant ended that was drafted before a withdrawal.
const WITHDRAWN: &str = "起草后该政策包已撤回或正在撤回，须重新提交审批 / the bundle was withdrawn, or is \
    being withdrawn, since it was drafted; submit anew";

/// What comes with an event.
#[derive(Debug, Default)]
pub(crate) struct Note {
    /// The evidence that was granted, reordered or registered.
    pub(crate) evidence: Option<Evidence>,
    /// Why, for people.
    pub(crate) reason: Option<String>,
    /// What the gate said.
    pub(crate) findings: Vec<Finding>,
    /// The permit's fact, with [`Event::Admitted`].
    pub(crate) permit: Option<Fact>,
}

/// Why an event changes nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    /// State could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing is released.
    #[error(transparent)]
    Nothing(#[from] NothingToWithdraw),
}

/// When an order's window ends.
pub(crate) fn not_after(evidence: &Evidence) -> Option<Timestamp> {
    window::of(evidence).map(|bounds| bounds.not_after)
}

impl Row {
    /// When the order's window begins.
    pub(crate) fn not_before(&self) -> Option<Timestamp> {
        window::of(&self.evidence).map(|bounds| bounds.not_before)
    }

    /// When it ends.
    pub(crate) fn not_after(&self) -> Option<Timestamp> {
        not_after(&self.evidence)
    }

    /// What is to be shown, under the generation in force.
    pub(crate) fn placed(&self) -> Option<Placed> {
        let edition = self.edition.clone()?;
        Some(Placed { generation: self.state.generation, edition })
    }

    /// What readers may see, or else what is on its way to them.
    pub(crate) fn visible_manifest(&self) -> &Digest {
        self.passed.as_ref().map_or(self.manifest(), |passed| passed.evidence.manifest.digest())
    }

    /// The channels on which an earlier edition may be seen: those of the order that passed last.
    pub(crate) fn lit(&self) -> Vec<ChannelName> {
        let order = self.passed.iter().filter_map(|passed| passed.evidence.order.as_ref());
        order.flat_map(|order| order.channels.all()).cloned().collect()
    }

    /// The row is about what readers may see again. What it was about.
    fn give_back(&mut self) -> Result<Evidence, StoreError> {
        let passed = self.passed.clone().ok_or_else(|| self.corrupt("passed"))?;
        self.edition = Some(passed.edition);
        Ok(std::mem::replace(&mut self.evidence, passed.evidence))
    }

    /// For what must be there and is not.
    pub(crate) fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: "release_bundle", key: self.bundle.to_string(), column }
    }

    pub(crate) fn manifest(&self) -> &Digest {
        self.evidence.manifest.digest()
    }
}

/// Takes a new grant in: the row begins here.
pub(crate) async fn grant(
    release: &Release,
    tx: &mut Tx,
    evidence: Evidence,
    trace: &TraceId,
) -> Result<(), StepError> {
    let bundle = evidence.manifest.bundle.clone();
    let manifest = evidence.manifest.digest().clone();
    let is_unregistered = window::waits_for_registration(&evidence);
    let (mut row, seen) = match store::find_row(tx, &bundle).await? {
        // The same grant again.
        Some(row) if *row.manifest() == manifest => return Ok(()),
        Some(row) => {
            let seen = row.state;
            (row, Some(seen))
        }
        None => {
            let mut row = new_row(release, &evidence, trace);
            if let Some(dark) = store::find_lost(tx, &bundle).await? {
                row.state = row.state.darkened(dark);
            }
            (row, None)
        }
    };
    row.trace.clone_from(trace);
    let event = Event::Granted { is_unregistered, after_dark: evidence.manifest.after_dark };
    let note = Note { evidence: Some(evidence), ..Note::default() };
    take(release, tx, &mut row, seen, event, note).await?;
    // A drafter may have asked to stop before the grant was heard of.
    if *row.manifest() == manifest
        && let Some(reason) = store::find_stop(tx, &bundle, &manifest).await?
    {
        let seen = row.state;
        let note = Note { reason: Some(reason), ..Note::default() };
        take(release, tx, &mut row, Some(seen), Event::StopAsked, note).await?;
    }
    Ok(())
}

fn new_row(release: &Release, evidence: &Evidence, trace: &TraceId) -> Row {
    Row {
        bundle: evidence.manifest.bundle.clone(),
        state: State::before_all(release.deps.settings.epoch),
        evidence: evidence.clone(),
        edition: None,
        command: None,
        asked_at: None,
        passed: None,
        next_evidence: None,
        reason: None,
        findings: vec![],
        trace: trace.clone(),
        since: release.deps.clock.now(),
    }
}

/// Takes an event in: decides, writes row and facts. `seen` is the state the row was read in.
pub(crate) async fn take(
    release: &Release,
    tx: &mut Tx,
    row: &mut Row,
    seen: Option<State>,
    event: Event,
    note: Note,
) -> Result<Step, StepError> {
    let step = row.state.decide(event)?;
    let before = row.state;
    match step {
        Step::Nothing => return Ok(step),
        Step::Queue => {
            if let Some(waited) = std::mem::replace(&mut row.next_evidence, note.evidence) {
                say_stopped(release, tx, row, waited.manifest.digest(), before, REPLACED).await?;
            }
        }
        Step::Decline => {
            if let Some(evidence) = note.evidence {
                let manifest = evidence.manifest.digest();
                say_stopped(release, tx, row, manifest, before, WITHDRAWN).await?;
            }
            return Ok(step);
        }
        Step::Adopt => adopt(row, note.evidence),
        Step::Begin(..) => {
            if before.is_under_way() && seen.is_some() {
                let manifest = row.manifest().clone();
                say_stopped(release, tx, row, &manifest, before, REPLACED).await?;
            }
            adopt(row, note.evidence);
            row.state = before.apply(step);
            (row.edition, row.command, row.asked_at) = (None, None, None);
        }
        Step::Stage(_) => {
            adopt(row, note.evidence);
            row.state = before.apply(step);
        }
        Step::Restore(_) => {
            let ended = row.give_back()?;
            if event == Event::StopAsked {
                let reason = note.reason.clone().unwrap_or_default();
                say_stopped(release, tx, row, ended.manifest.digest(), before, &reason).await?;
            } else {
                row.next_evidence = Some(ended);
            }
            row.state = before.apply(step);
        }
        Step::Withdraw(_) => {
            // What is withdrawn is what readers see; a correction that was on its way ends.
            if before.is_under_way() && before.may_show {
                let ended = row.give_back()?;
                say_stopped(release, tx, row, ended.manifest.digest(), before, WITHDRAWN).await?;
            }
            row.state = before.apply(step);
        }
        Step::Move(_) | Step::PermitAgain => row.state = before.apply(step),
    }
    if before.phase != row.state.phase || before.generation != row.state.generation {
        row.since = release.deps.clock.now();
        row.reason = note.reason;
        row.findings = note.findings;
    }
    match step {
        Step::Begin(_, Phase::Staging) | Step::Stage(_) | Step::Restore(_) => {
            order_hold(release, tx, row).await?;
        }
        Step::Withdraw(_) => order_hide(release, tx, row, event).await?,
        Step::Move(phase) => enter(release, tx, row, phase, note.permit).await?,
        Step::PermitAgain => {
            if let Some(permit) = note.permit {
                command(release, tx, row, permit).await?;
            }
        }
        Step::Nothing | Step::Queue | Step::Decline | Step::Adopt | Step::Begin(..) => {}
    }
    tracing::info!(bundle.id = %row.bundle, release.generation = %row.state.generation,
        "release of {} is {} as {}", row.bundle, row.state.phase.name(), row.state.generation);
    store::save_row(tx, row, seen).await?;
    Box::pin(block_what_leaves_out(release, tx, row)).await?;
    Box::pin(begin_next(release, tx, row)).await?;
    Ok(step)
}

/// An order that leaves out a channel with an earlier edition is blocked when it begins, not only
/// when its window does: the last step has that much more time to sign another.
async fn block_what_leaves_out(
    release: &Release,
    tx: &mut Tx,
    row: &mut Row,
) -> Result<(), StepError> {
    let Some(order) = row.evidence.order.as_ref().filter(|_| row.state.phase == Phase::Staging)
    else {
        return Ok(());
    };
    let findings = published::find_left_out(&order.channels, &row.lit());
    if findings.is_empty() {
        return Ok(());
    }
    let (seen, note) = (Some(row.state), Note { findings, ..Note::default() });
    take(release, tx, row, seen, Event::Refused, note).await.map(drop)
}

/// What was granted meanwhile begins once the release under way has ended.
async fn begin_next(release: &Release, tx: &mut Tx, row: &mut Row) -> Result<(), StepError> {
    if row.state.is_busy() {
        return Ok(());
    }
    let Some(evidence) = row.next_evidence.take() else { return Ok(()) };
    // The row without its queue is written first: the grant finds it so.
    store::save_row(tx, row, Some(row.state)).await?;
    let trace = row.trace.clone();
    grant(release, tx, evidence, &trace).await
}

fn adopt(row: &mut Row, evidence: Option<Evidence>) {
    if let Some(evidence) = evidence {
        row.evidence = evidence;
    }
}

/// A phase's own facts, when it is entered.
async fn enter(
    release: &Release,
    tx: &mut Tx,
    row: &mut Row,
    phase: Phase,
    permit: Option<Fact>,
) -> Result<(), StepError> {
    let deps = &release.deps;
    let context = Context::of(&row.bundle, &row.trace).at(row.state.generation);
    let ended = facts::release::Ended {
        bundle: row.bundle.clone(),
        manifest: row.manifest().clone(),
        generation: row.state.generation,
        reason: row.reason.clone().unwrap_or_default(),
    };
    let fact = match phase {
        Phase::Staged => {
            return Ok(ask_gate_if_due(release, tx, row).await?);
        }
        Phase::Permitted => {
            row.command.clone_from(&permit);
            row.asked_at = Some(deps.clock.now());
            let Some(permit) = permit else { return Ok(()) };
            permit
        }
        Phase::Completed => Fact::ReleaseCompleted(completed(tx, row).await?),
        Phase::Stopped => Fact::ReleaseStopped(ended),
        Phase::Failed => Fact::ReleaseFailed(ended),
        Phase::Blocked => Fact::ReleaseBlocked(facts::release::Blocked {
            bundle: row.bundle.clone(),
            manifest: row.manifest().clone(),
            generation: row.state.generation,
            findings: row.findings.clone(),
        }),
        Phase::Dark => {
            row.passed = None;
            Fact::ReleaseDark(ended)
        }
        Phase::Registering | Phase::Staging | Phase::Withdrawing => return Ok(()),
    };
    deps.append(tx, context, fact).await?;
    Ok(())
}

async fn completed(tx: &mut Tx, row: &Row) -> Result<facts::release::Completed, StoreError> {
    let answers = store::list_answers(tx, &row.bundle).await?;
    let receipts: Vec<_> = answers
        .into_values()
        .filter_map(|answer| answer.receipt)
        .filter(|receipt| receipt.generation == row.state.generation)
        .collect();
    let instants = || receipts.iter().map(|receipt| receipt.since);
    let skew_ms = match (instants().min(), instants().max()) {
        (Some(first), Some(last)) => last.millis_since(first),
        _ => 0,
    };
    Ok(facts::release::Completed {
        bundle: row.bundle.clone(),
        manifest: row.manifest().clone(),
        edition: edition_of(&row.evidence)?,
        generation: row.state.generation,
        receipts,
        skew_ms,
    })
}

async fn say_stopped(
    release: &Release,
    tx: &mut Tx,
    row: &Row,
    manifest: &Digest,
    state: State,
    reason: &str,
) -> Result<(), StoreError> {
    let stopped = facts::release::Ended {
        bundle: row.bundle.clone(),
        manifest: manifest.clone(),
        generation: state.generation,
        reason: reason.to_owned(),
    };
    let context = Context::of(&row.bundle, &row.trace).at(state.generation);
    release.deps.append(tx, context, Fact::ReleaseStopped(stopped)).await.map(drop)
}

/// Channels that joined and that the order names.
async fn addressees(tx: &mut Tx, row: &Row) -> Result<Addressees, StoreError> {
    let mut channels = store::list_channels(tx).await?;
    let order = row.evidence.order.as_ref();
    channels.retain(|channel, _| order.is_some_and(|order| order.channels.name(channel)));
    Ok(channels)
}

/// Commands every channel of the order to hold the edition.
async fn order_hold(release: &Release, tx: &mut Tx, row: &mut Row) -> Result<(), StepError> {
    let edition = edition_of(&row.evidence).map_err(StoreError::from)?;
    row.edition = Some(edition.clone());
    let hold = Hold {
        schema: HoldSchema,
        deployment: release.deps.settings.deployment.clone(),
        bundle: row.bundle.clone(),
        manifest: row.manifest().clone(),
        edition,
        generation: row.state.generation,
        channels: addressees(tx, row).await?,
    };
    let hold = Signed::new(hold, &release.key).map_err(StoreError::from)?;
    let staging = facts::release::Staging { hold, evidence: row.evidence.clone() };
    Ok(command(release, tx, row, Fact::ReleaseStaging(staging)).await?)
}

/// Commands every channel there is to show nothing. What was granted meanwhile goes with it.
async fn order_hide(
    release: &Release,
    tx: &mut Tx,
    row: &mut Row,
    event: Event,
) -> Result<(), StepError> {
    if let Some(evidence) = row.next_evidence.take() {
        say_stopped(release, tx, row, evidence.manifest.digest(), row.state, WITHDRAWN).await?;
    }
    let hide = Hide {
        schema: HideSchema,
        deployment: release.deps.settings.deployment.clone(),
        bundle: row.bundle.clone(),
        manifest: row.manifest().clone(),
        generation: row.state.generation,
        channels: store::list_channels(tx).await?,
        reason: public_reason(row, event),
        at: release.deps.clock.now(),
    };
    let hide = Signed::new(hide, &release.key).map_err(StoreError::from)?;
    let fact = Fact::ReleaseWithdrawing(facts::release::Withdrawing { hide });
    command(release, tx, row, fact).await?;
    // Nothing counts as dark before a restore could no longer forget it.
    Ok(ask(release, tx, row, kept::KEEP).await?)
}

/// What the notice says. A drafter's reason to stop is not meant for the public.
fn public_reason(row: &Row, event: Event) -> String {
    match (event, &row.command) {
        (Event::WithdrawalOrdered, _) => row.reason.clone().unwrap_or_default(),
        (_, Some(Fact::ReleaseWithdrawing(earlier))) => earlier.hide.statement().reason.clone(),
        _ => "发布程序中止".to_owned(),
    }
}

pub(crate) async fn command(
    release: &Release,
    tx: &mut Tx,
    row: &mut Row,
    fact: Fact,
) -> Result<(), StoreError> {
    let context = Context::of(&row.bundle, &row.trace).at(row.state.generation);
    release.deps.append(tx, context, fact.clone()).await?;
    row.command = Some(fact);
    row.asked_at = Some(release.deps.clock.now());
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests;
