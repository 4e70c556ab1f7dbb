//! Release's slow work: asking the gate, and reading back from outside.

use std::collections::BTreeMap;

use async_trait::async_trait;
use lockstep_gate::{
    channel::Placed,
    codes, permit,
    verdict::{self, Facts, Staging, decide},
};
use lockstep_kit::{
    StoreError,
    channel::stage::read_filled,
    failpoint, health,
    jobs::{Job, JobError, Worker},
    register,
};
use lockstep_proto::{
    facts::{Fact, release::Permitted},
    finding::{Finding, Severity},
    ids::{BundleId, ChannelName},
    release::{Addressees, Generation},
    signed::Signed,
};

use crate::{
    Outside, Release,
    advance::{is_held, waits_for},
    domain::{Event, Phase},
    kept,
    steps::{self, Note, StepError},
    store::{self, Answer, Passed, Row},
};

/// The kind of jobs that ask the gate.
pub(crate) const ASK_GATE: &str = "ask_gate";
/// How long the gate is not asked again where the safe or the clock keeps it from being asked: a release
/// follows soon, and the log stays readable.
const GATE_LATER_MS: i64 = 3_000;
/// How often a difference is looked at again before it counts.
const LOOKS: i64 = 3;
/// The kind of jobs that read back.
pub(crate) const READ_BACK: &str = "read_back";
/// The kind of jobs that tell a channel with a new disk what is wanted of it.
pub(crate) const REJOIN: &str = "rejoin";

/// Asks the gate inside the window; its yes becomes a permit, committed before any channel flips.
pub(crate) struct AskGate(pub(crate) Release);

#[async_trait]
impl Worker for AskGate {
    fn kind(&self) -> &'static str {
        ASK_GATE
    }

    fn later_ms(&self) -> i64 {
        GATE_LATER_MS
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(release) = self;
        let deps = &release.deps;
        let phases = [Phase::Staging, Phase::Staged, Phase::Permitted, Phase::Completed];
        let Some(row) = current(release, job, &phases).await? else {
            return finish(release, job).await;
        };
        health::check_clock(deps).await?;
        let held = deps.blobs.read_held(&row.evidence.manifest).await?;
        if row.state.phase != Phase::Staging {
            kept::keep_show(release, &row).await?;
        }

        let mut tx = deps.db.begin_write().await?;
        let Some(mut row) = store::find_row(&mut tx, &row.bundle)
            .await?
            .filter(|fresh| fresh.state == row.state && fresh.edition == row.edition)
        else {
            drop(tx);
            return finish(release, job).await;
        };
        let directory = register::directory(deps, &mut tx).await?;
        let lives = store::list_channels(&mut tx).await?;
        let answers = store::list_answers(&mut tx, &row.bundle).await?;
        let staged = list_staged(&answers, &lives);
        let now = deps.clock.now();
        // While a channel is still to hold it, only the end of the window is the gate's matter.
        let is_past = row.not_after().is_some_and(|not_after| not_after < now);
        let is_ready = if row.state.phase == Phase::Staging {
            is_past && !row.state.was_permitted
        } else {
            row.state.phase != Phase::Staged || waits_for(&row, &answers, &lives)?.is_empty()
        };
        let on_hold = is_held(&mut tx, &row.bundle).await?;
        let Some(placed) = row.placed().filter(|_| is_ready) else {
            drop(tx);
            return finish(release, job).await;
        };
        let first = row.passed.as_ref().filter(|passed| passed.edition == placed.edition);
        let first_permitted_at = first.map(|passed| passed.first_permitted_at);
        let staging = Staging { placed: &placed, staged: &staged, asker: None, first_permitted_at };
        let evidence = row.evidence.clone();
        let facts = Facts::of(&deps.settings.deployment, &evidence, &held, &directory);
        let lit = row.lit();
        let facts = Facts { staging: Some(staging), lit: &lit, ..facts };
        // A key that is not heard of yet means: later; only a revoked one blocks.
        let keys = evidence.sign_offs.iter().map(Signed::key_id);
        let keys = keys.chain(evidence.registration.as_ref().map(Signed::key_id));
        if let Some(key) = keys.into_iter().find(|key| directory.find_key(key).is_none()) {
            return Err(JobError::Failed(format!(
                "密钥 {key} 尚未收到 / the key is not heard of yet"
            )));
        }
        let seen = Some(row.state);
        let (event, note) = match decide::<verdict::Release>(&facts, now) {
            // The clock went back: the window is still to come.
            Err(blocked) if is_early(&blocked.findings) => {
                drop(tx);
                return finish(release, job).await;
            }
            Err(blocked) => {
                (Event::Refused, Note { findings: blocked.findings, ..Note::default() })
            }
            // A hold keeps it from going out, not from being blocked.
            Ok(_) if on_hold => {
                drop(tx);
                return finish(release, job).await;
            }
            Ok(admitted) => {
                let channels: Addressees = lives
                    .into_iter()
                    .filter(|(name, _)| staged.get(name) == Some(&placed))
                    .collect();
                let permit = permit::write(&admitted, &facts, channels, now).ok_or_else(|| {
                    JobError::Failed("放行凭证缺少依据 / the permit lacks facts".to_owned())
                })?;
                let permit = Signed::new(permit, &release.key).map_err(StoreError::from)?;
                let fact = Fact::ReleasePermitted(Permitted { permit });
                row.passed = Some(Passed {
                    edition: placed.edition.clone(),
                    evidence: evidence.clone(),
                    first_permitted_at: first_permitted_at.unwrap_or(now),
                });
                (Event::Admitted, Note { permit: Some(fact), ..Note::default() })
            }
        };
        steps::take(release, &mut tx, &mut row, seen, event, note).await.map_err(failed)?;
        deps.finish(&mut tx, job).await?;
        let generation = row.state.generation.to_string();
        failpoint::crash("gate_passed", &generation);
        deps.db.commit_quietly(tx).await?;
        failpoint::crash("permitted", &generation);
        deps.db.wake();
        Ok(())
    }
}

fn is_early(findings: &[Finding]) -> bool {
    let mut blocking = findings.iter().filter(|finding| finding.severity == Severity::Block);
    blocking.all(|finding| finding.code == codes::TOO_EARLY.id)
}

fn list_staged(
    answers: &BTreeMap<ChannelName, Answer>,
    lives: &Addressees,
) -> BTreeMap<ChannelName, Placed> {
    answers
        .iter()
        .filter_map(|(channel, answer)| {
            // What a channel held on a disk it lost does not count.
            let staged = answer.staged.as_ref();
            let staged = staged.filter(|s| lives.get(channel) == Some(&s.incarnation))?;
            Some((channel.clone(), staged.placed()))
        })
        .collect()
}

/// Reads what is shown, from outside, and compares every member with what was approved.
pub(crate) struct ReadBack(pub(crate) Release);

#[async_trait]
impl Worker for ReadBack {
    fn kind(&self) -> &'static str {
        READ_BACK
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(release) = self;
        let phases = [Phase::Permitted, Phase::Failed];
        let Some(row) = current(release, job, &phases).await? else {
            return finish(release, job).await;
        };
        let mut differences = vec![];
        let order = row.evidence.order.as_ref();
        let required = order.map(|order| order.channels.required.as_slice()).unwrap_or_default();
        for channel in required {
            let Some(outside) = release.outside.get(channel) else {
                return Err(JobError::Failed(format!(
                    "设置中没有渠道 {channel} / no such channel in the settings"
                )));
            };
            differences.extend(compare(release, &row, channel, outside).await?);
        }
        // A hiccup is no difference: it has to be there at every one of several looks.
        if !differences.is_empty() && job.attempt_count < LOOKS {
            return Err(JobError::Failed(differences.join("; ")));
        }
        let mut tx = release.deps.db.begin_write().await?;
        let fresh = store::find_row(&mut tx, &row.bundle).await?;
        if let Some(mut fresh) = fresh.filter(|fresh| fresh.state == row.state) {
            let seen = Some(fresh.state);
            let event = Event::ReadBack { is_equal: differences.is_empty() };
            let reason = (!differences.is_empty()).then(|| differences.join("; "));
            let note = Note { reason, ..Note::default() };
            steps::take(release, &mut tx, &mut fresh, seen, event, note).await.map_err(failed)?;
        }
        release.deps.finish(&mut tx, job).await?;
        failpoint::crash("unsettled", &row.state.generation.to_string());
        release.deps.db.commit(tx).await?;
        Ok(())
    }
}

/// How what a channel shows differs from what was approved. Unreachable is an error: tried again.
async fn compare(
    release: &Release,
    row: &Row,
    channel: &ChannelName,
    outside: &Outside,
) -> Result<Vec<String>, JobError> {
    let edition = row
        .edition
        .clone()
        .ok_or_else(|| JobError::Failed("没有定稿 / there is no edition".to_owned()))?;
    let seen = match outside {
        Outside::Portal(url) => crate::outside::portal(url, &row.bundle, &edition, row).await?,
        Outside::Folder(path) => crate::outside::folder(path.clone(), &row.bundle, row).await?,
    };
    let mut differences = vec![];
    if seen.edition.as_ref() != Some(&edition) {
        differences.push(format!(
            "{channel}：现行地址显示的不是定稿 {} / the current address does not show this edition",
            edition.short()
        ));
    }
    for (filled, _) in read_filled(&release.deps.blobs, &row.evidence).await? {
        let path = &filled.member.path;
        if seen.members.get(path) != Some(&filled.digest) {
            differences.push(format!("{channel}：{path} 与定稿不同 / differs from the edition"));
        }
    }
    Ok(differences)
}

/// A channel has a new disk: what is wanted of it is said again, one bundle at a time.
pub(crate) struct Rejoin(pub(crate) Release);

#[async_trait]
impl Worker for Rejoin {
    fn kind(&self) -> &'static str {
        REJOIN
    }

    async fn work(&self, job: &Job) -> Result<(), JobError> {
        let Self(release) = self;
        let channel = ChannelName::try_from(job.payload.clone())
            .map_err(|_| JobError::Failed(format!("{:?} 不是渠道 / is no channel", job.payload)))?;
        let mut tx = release.deps.db.begin_write().await?;
        let lives = store::list_channels(&mut tx).await?;
        let row = store::find_row(&mut tx, &bundle_of(job)?).await?;
        if let Some(mut row) = row.filter(|row| row.names_another_life(&channel, &lives)) {
            let note = Note { reason: row.reason.clone(), ..Note::default() };
            let seen = Some(row.state);
            let event = Event::Rejoined;
            steps::take(release, &mut tx, &mut row, seen, event, note).await.map_err(failed)?;
        }
        release.deps.finish(&mut tx, job).await?;
        Ok(release.deps.db.commit(tx).await?)
    }
}

impl Row {
    /// Whether the newest command is for this channel, but not for the disk that it has now.
    fn names_another_life(&self, channel: &ChannelName, lives: &Addressees) -> bool {
        let order = self.evidence.order.as_ref();
        let is_wanted = self.state.phase == Phase::Withdrawing
            || order.is_some_and(|order| order.channels.name(channel));
        let named = match &self.command {
            Some(Fact::ReleaseStaging(hold)) => hold.hold.statement().channels.get(channel),
            Some(Fact::ReleasePermitted(permitted)) => {
                permitted.permit.statement().predicate.channels.get(channel)
            }
            Some(Fact::ReleaseWithdrawing(hide)) => hide.hide.statement().channels.get(channel),
            _ => None,
        };
        is_wanted && named != lives.get(channel)
    }
}

fn bundle_of(job: &Job) -> Result<BundleId, JobError> {
    job.key
        .parse()
        .map_err(|_| JobError::Failed(format!("{:?} 不是政策包 / is no bundle", job.key)))
}

/// The row, if the job still speaks of its generation and it is still in one of these phases.
pub(crate) async fn current(
    release: &Release,
    job: &Job,
    phases: &[Phase],
) -> Result<Option<Row>, JobError> {
    let generation: Generation = serde_json::from_str(&job.payload)
        .map_err(|source| StoreError::Json { what: "generation", source })?;
    let bundle = bundle_of(job)?;
    let mut tx = release.deps.db.begin_read().await?;
    let row = store::find_row(&mut tx, &bundle).await?;
    Ok(row.filter(|row| row.state.generation == generation && phases.contains(&row.state.phase)))
}

pub(crate) async fn finish(release: &Release, job: &Job) -> Result<(), JobError> {
    let mut tx = release.deps.db.begin_write().await?;
    release.deps.finish(&mut tx, job).await?;
    Ok(release.deps.db.commit_quietly(tx).await?)
}

pub(crate) fn failed(error: StepError) -> JobError {
    match error {
        StepError::Store(error) => JobError::Store(error),
        StepError::Nothing(error) => JobError::Failed(error.to_string()),
    }
}
