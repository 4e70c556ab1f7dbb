//! Carrying out what [`crate::domain`] decides: the row, its commands and its facts, in one
//! transaction.

use lockstep_gate::channel::Placed;
use lockstep_kit::{
    StoreError, Tx, channel::edition_of, db, dispatch::is_parked, jobs::NewJob, outbox::Context,
};
use lockstep_proto::{
    digest::Digest,
    facts::{self, Fact},
    finding::Finding,
    ids::{BundleId, TraceId},
    order::Window,
    release::{Addressees, Evidence, Hide, HideSchema, Hold, HoldSchema},
    signed::Signed,
    time::Timestamp,
};

use crate::{
    Release,
    domain::{Event, NothingToWithdraw, Phase, State, Step},
    jobs,
    store::{self, Row},
};

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

impl Row {
    /// When the order's window begins.
    pub(crate) fn not_before(&self) -> Option<Timestamp> {
        match self.evidence.order.as_ref().map(|order| &order.window) {
            Some(Window::Instants { not_before, .. }) => Some(*not_before),
            Some(Window::WorkingDays { .. }) | None => None,
        }
    }

    /// What is to be shown, under the generation in force.
    pub(crate) fn placed(&self) -> Option<Placed> {
        let edition = self.edition.clone()?;
        Some(Placed { generation: self.state.generation, edition })
    }

    fn manifest(&self) -> &Digest {
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
    let is_unregistered =
        !evidence.manifest.metadata.slots.is_empty() && evidence.registration.is_none();
    let (mut row, seen) = match store::find_row(tx, &bundle).await? {
        // The same grant again.
        Some(row) if *row.manifest() == manifest => return Ok(()),
        Some(row) => {
            let seen = row.state;
            (row, Some(seen))
        }
        None => (new_row(release, &evidence, trace), None),
    };
    row.trace.clone_from(trace);
    // A correction of what went dark was drafted before: it needs a new case.
    if row.state.phase == Phase::Dark && evidence.manifest.revises.is_some() {
        let reason =
            "所更正的文件已撤回，须重新提交审批 / what it corrects was withdrawn; submit anew";
        return Ok(say_stopped(release, tx, &row, &manifest, row.state, reason).await?);
    }
    let note = Note { evidence: Some(evidence), ..Note::default() };
    take(release, tx, &mut row, seen, Event::Granted { is_unregistered }, note).await?;
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
        first_permitted: None,
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
        Step::Queue => row.next_evidence = note.evidence,
        Step::Decline => {
            if let Some(evidence) = note.evidence {
                let manifest = evidence.manifest.digest();
                let reason = "撤回进行中，须重新提交审批 / a withdrawal is under way; submit anew";
                say_stopped(release, tx, row, manifest, before, reason).await?;
            }
            return Ok(step);
        }
        Step::Adopt => adopt(row, note.evidence),
        Step::Begin(..) => {
            let is_under_way = matches!(
                before.phase,
                Phase::Registering | Phase::Staging | Phase::Staged | Phase::Blocked
            );
            if is_under_way && seen.is_some() && !before.was_permitted {
                let manifest = row.manifest().clone();
                let reason = "已被新版次取代 / replaced by a newer revision";
                say_stopped(release, tx, row, &manifest, before, reason).await?;
            }
            adopt(row, note.evidence);
            row.state = before.apply(step);
            (row.edition, row.command, row.asked_at) = (None, None, None);
        }
        Step::Stage(_) => {
            adopt(row, note.evidence);
            row.state = before.apply(step);
        }
        Step::Move(_) | Step::Withdraw(_) => row.state = before.apply(step),
    }
    if before.phase != row.state.phase || before.generation != row.state.generation {
        row.since = release.deps.clock.now();
        row.reason = note.reason;
        row.findings = note.findings;
    }
    match step {
        Step::Begin(_, Phase::Staging) | Step::Stage(_) => order_hold(release, tx, row).await?,
        Step::Withdraw(_) => order_hide(release, tx, row, event).await?,
        Step::Move(phase) => enter(release, tx, row, phase, note.permit).await?,
        Step::Nothing | Step::Queue | Step::Decline | Step::Adopt | Step::Begin(..) => {}
    }
    tracing::info!(bundle.id = %row.bundle, release.generation = %row.state.generation,
        "release of {} is {} as {}", row.bundle, row.state.phase.name(), row.state.generation);
    store::save_row(tx, row, seen).await?;
    Box::pin(begin_next(release, tx, row)).await?;
    Ok(step)
}

/// What was granted meanwhile begins once the release under way has ended.
async fn begin_next(release: &Release, tx: &mut Tx, row: &mut Row) -> Result<(), StepError> {
    let is_again =
        row.state.was_permitted && matches!(row.state.phase, Phase::Staging | Phase::Staged);
    if is_again || matches!(row.state.phase, Phase::Permitted | Phase::Withdrawing) {
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
            row.first_permitted = None;
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
        let reason = "撤回进行中，须重新提交审批 / a withdrawal is under way; submit anew";
        say_stopped(release, tx, row, evidence.manifest.digest(), row.state, reason).await?;
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
    Ok(command(release, tx, row, fact).await?)
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

/// Looks at what channels answered and takes the step it makes possible.
pub(crate) async fn advance(
    release: &Release,
    tx: &mut Tx,
    bundle: &BundleId,
) -> Result<(), StepError> {
    let Some(mut row) = store::find_row(tx, bundle).await? else { return Ok(()) };
    let seen = row.state;
    let lives = store::list_channels(tx).await?;
    let answers = store::list_answers(tx, bundle).await?;
    let placed = row.placed();
    let order = row.evidence.order.as_ref();
    let required = order.map(|order| order.channels.required.as_slice()).unwrap_or_default();
    match row.state.phase {
        Phase::Staging => {
            let is_staged = required.iter().all(|channel| {
                let staged = answers.get(channel).and_then(|answer| answer.staged.as_ref());
                staged.is_some_and(|staged| {
                    lives.get(channel) == Some(&staged.incarnation)
                        && Some(staged.placed()) == placed
                })
            });
            if is_staged {
                take(release, tx, &mut row, Some(seen), Event::AllStaged, Note::default()).await?;
            }
        }
        Phase::Staged => ask_gate_if_due(release, tx, &row).await?,
        Phase::Permitted => {
            let is_shown = required.iter().all(|channel| {
                let receipt = answers.get(channel).and_then(|answer| answer.receipt.as_ref());
                receipt.is_some_and(|receipt| {
                    lives.get(channel) == Some(&receipt.incarnation)
                        && receipt.generation == row.state.generation
                        && receipt.edition == row.edition
                })
            });
            if is_shown {
                ask(release, tx, &row, jobs::READ_BACK).await?;
            }
        }
        Phase::Withdrawing => {
            let Some(Fact::ReleaseWithdrawing(command)) = &row.command else { return Ok(()) };
            let is_dark = command.hide.statement().channels.iter().all(|(channel, life)| {
                let receipt = answers.get(channel).and_then(|answer| answer.receipt.as_ref());
                receipt.is_some_and(|receipt| {
                    receipt.incarnation == *life
                        && receipt.generation == row.state.generation
                        && receipt.edition.is_none()
                })
            });
            if is_dark {
                let note = Note { reason: row.reason.clone(), ..Note::default() };
                take(release, tx, &mut row, Some(seen), Event::AllHidden, note).await?;
            }
        }
        Phase::Registering
        | Phase::Completed
        | Phase::Dark
        | Phase::Stopped
        | Phase::Blocked
        | Phase::Failed => {}
    }
    Ok(())
}

/// Asks the gate once the window has begun and nothing holds the bundle.
async fn ask_gate_if_due(release: &Release, tx: &mut Tx, row: &Row) -> Result<(), StoreError> {
    let now = release.deps.clock.now();
    let is_due = row.not_before().is_some_and(|not_before| not_before <= now);
    let is_held = !store::list_holds(tx, &row.bundle).await?.is_empty()
        || is_parked(tx, "release", row.bundle.as_str()).await?;
    if is_due && !is_held {
        ask(release, tx, row, jobs::ASK_GATE).await?;
    }
    Ok(())
}

async fn ask(
    release: &Release,
    tx: &mut Tx,
    row: &Row,
    kind: &'static str,
) -> Result<(), StoreError> {
    let job = NewJob {
        id: format!("{kind}:{}:{}", row.bundle, row.state.generation),
        kind,
        key: row.bundle.as_str(),
        payload: db::to_json(&row.state.generation, "generation")?,
        trace: &row.trace,
    };
    release.deps.ask_again(tx, job).await
}
