//! For approvers, registrars and whoever watches.

use std::{
    collections::BTreeMap,
    fs,
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep_kit::clock::Clock;
use lockstep_proto::{
    digest::Digest,
    edition::{Slot, SlotValue},
    finding::Finding,
    http::{Case, Deployment, Draft, Person, Release, Status, Stop},
    ids::{BundleId, PersonId},
    order::{Channels, Proposal, Window},
    sign_off::{Decision, SignOff},
    signed::Signed,
    time::Timestamp,
};
use reqwest::Method;
use serde::Serialize;

use crate::{
    cli::{Caller, MaybeOrder, OrderArgs},
    client::{Client, Failure},
    home::Home,
    identity::Identity,
    print, statements,
};

fn open(caller: &Caller) -> anyhow::Result<(Identity, Client)> {
    let identity = Identity::load(&caller.who.identity)?;
    let client = Client::new(&identity.server, Some(identity.token.clone()))?;
    Ok((identity, client))
}

/// What was fetched, and where it lies.
#[derive(Debug, Serialize)]
pub(super) struct Fetched {
    pub(super) manifest: Digest,
    pub(super) folder: PathBuf,
    /// What was left out of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) findings: Vec<Finding>,
}

pub(super) async fn fetch(
    bundle: &BundleId,
    out: PathBuf,
    caller: &Caller,
) -> anyhow::Result<Fetched> {
    let (_, client) = open(caller)?;
    if out.exists() {
        bail!("{} 已存在 / is there already", out.display());
    }
    let case: Case = client.get(&format!("/bundles/{bundle}/case")).await?;
    for member in &case.manifest.members {
        let address = format!("/bundles/{bundle}/members/{}", member.digest.hex());
        let text: String = client.get(&address).await?;
        let bytes = BASE64.decode(text).context("成员不是 base64 / a member is not base64")?;
        if Digest::of(&bytes) != member.digest {
            bail!("{} 与清单不符 / is not what the manifest lists", member.path);
        }
        let path = out.join(&member.path);
        fs::create_dir_all(path.parent().unwrap_or(&out))?;
        fs::write(&path, bytes)
            .with_context(|| format!("{} 无法写入 / cannot be written", path.display()))?;
    }
    fs::write(out.join("manifest.json"), case.manifest.text())?;
    let manifest = case.manifest.digest().clone();
    let findings = left_out(&client, bundle, &manifest).await?;
    Ok(Fetched { manifest, folder: out, findings })
}

/// What was left out of this manifest when it was rendered: who signs it is told.
async fn left_out(
    client: &Client,
    bundle: &BundleId,
    manifest: &Digest,
) -> anyhow::Result<Vec<Finding>> {
    let Status { draft, .. } = client.get(&format!("/bundles/{bundle}")).await?;
    let is_it = draft.state == "in_review" && draft.manifest.as_ref() == Some(manifest);
    Ok(if is_it { draft.findings } else { vec![] })
}

pub(super) async fn sign(
    bundle: &BundleId,
    manifest: Option<Digest>,
    (order, yes): (MaybeOrder, bool),
    caller: &Caller,
) -> anyhow::Result<Case> {
    let (identity, client) = open(caller)?;
    let case: Case = client.get(&format!("/bundles/{bundle}/case")).await?;
    if case.next_step.is_none() {
        let status: Status = client.get(&format!("/bundles/{bundle}")).await?;
        if is_being_prepared(&status.draft, case.manifest.digest()) {
            let detail = format!(
                "第 {} 版正在制作，尚未送审，请稍后再试 / revision {} is still being prepared: try again \
                 in a moment",
                status.draft.revision, status.draft.revision
            );
            return Err(Failure::refused("preparing", detail).into());
        }
    }
    // What was read is what is signed: a newer revision may have come in since.
    if manifest.is_some_and(|read| read != *case.manifest.digest()) {
        let detail = format!(
            "待签清单为 {}（第 {} 版），与所给清单不符，请重新阅读 / what waits to be signed is not the \
             manifest you named; read it first",
            case.manifest.digest(),
            case.manifest.revision
        );
        return Err(Failure::refused("stale", detail).into());
    }
    if let Some(detail) = signed_already(&case, &identity.person) {
        return Err(Failure::refused("signed_already", detail).into());
    }
    let order = match (order.not_before, order.not_after) {
        (Some(not_before), Some(not_after)) => {
            Some(proposal(OrderArgs { not_before, not_after, channels: order.channels }))
        }
        _ => None,
    };
    let proposed = order.as_ref().unwrap_or(&case.proposal).clone();
    let body =
        statements::sign_off(&identity, &case, Decision::Signed, order, Clock::System.now())?;
    let findings = left_out(&client, bundle, case.manifest.digest()).await?;
    let tell = || {
        describe(&case, &proposed, caller);
        print::findings(&findings);
    };
    if !yes {
        tell();
        if !is_agreed("一并签批政策与解读？sign both texts in one act?")? {
            let detail = "未签批，未提交任何内容 / not signed, nothing was sent".to_owned();
            return Err(Failure::refused("declined", detail).into());
        }
    }
    let address = format!("/bundles/{bundle}/sign-offs");
    let signed = client.command(Method::POST, &address, &body).await?;
    // Nobody is asked: what is said was signed, and a refusal stands alone.
    if yes {
        tell();
    }
    Ok(signed)
}

/// That this person has signed, and what it waits for.
fn signed_already(case: &Case, person: &PersonId) -> Option<String> {
    let next = case.next_step.as_ref()?;
    let is_theirs = |signed: &&Signed<SignOff>| {
        let statement = signed.statement();
        statement.person == *person && statement.decision == Decision::Signed
    };
    let signed = case.sign_offs.iter().find(is_theirs)?.statement();
    let [own, next] = [&signed.step, next].map(print::step);
    Some(format!(
        "您已签批（{own}，{}），现待 {next} / you have signed; now it waits for {next}",
        signed.at.beijing()
    ))
}

/// Whether a newer revision than the case's, of this manifest, is on its way to a case of its own.
fn is_being_prepared(draft: &Draft, of_case: &Digest) -> bool {
    let is_newer = draft.manifest.as_ref() != Some(of_case);
    draft.state == "rendering" || (draft.state == "in_review" && is_newer)
}

/// What is about to be signed. Beside the answer, which programs read.
fn describe(case: &Case, order: &Proposal, caller: &Caller) {
    eprintln!("{}", case.manifest.metadata.title);
    eprintln!("  清单 manifest  {}", case.manifest.digest());
    eprintln!("  版次 revision  {}", case.manifest.revision);
    if let Some(step) = &case.next_step {
        eprintln!("  环节 step      {}", print::step(step));
        if case.chain.last().is_some_and(|last| last.name == *step) {
            eprintln!("  发布令 order   {}", print::window(order));
            if is_at_once(&case.manifest.metadata.slots, &order.window, Clock::System.now()) {
                eprintln!(
                    "  注意 mind      签后立即发布，不再询问 / it is released at once, nobody is asked again"
                );
            }
        }
    }
    let bundle = case.manifest.bundle.as_str();
    let out = format!("{bundle}-{}", case.manifest.revision);
    let fetch = ["fetch", bundle, "--out", &out, "--as", &caller.path()];
    eprintln!("  全文 texts     {}", print::command(&fetch));
}

/// Whether the last signature releases without anybody being asked again: nothing is left to register or to wait for.
fn is_at_once(slots: &[Slot], window: &Window, now: Timestamp) -> bool {
    let is_open = match window {
        Window::Instants { not_before, .. } => *not_before <= now,
        Window::WorkingDays { .. } => false,
    };
    slots.is_empty() && is_open
}

fn is_agreed(question: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("非交互环境请加 --yes / not at a terminal: add --yes");
    }
    eprint!("{question} [y/N] ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes" | "是"))
}

pub(super) async fn give_back(
    bundle: &BundleId,
    reason: String,
    caller: &Caller,
) -> anyhow::Result<Case> {
    let (identity, client) = open(caller)?;
    let case: Case = client.get(&format!("/bundles/{bundle}/case")).await?;
    let decision = Decision::Returned { reason };
    let body = statements::sign_off(&identity, &case, decision, None, Clock::System.now())?;
    Ok(client.command(Method::POST, &format!("/bundles/{bundle}/sign-offs"), &body).await?)
}

pub(super) async fn register(
    bundle: &BundleId,
    slots: &[String],
    caller: &Caller,
) -> anyhow::Result<Case> {
    let (identity, client) = open(caller)?;
    let case: Case = client.get(&format!("/bundles/{bundle}/case")).await?;
    let mut filled: BTreeMap<Slot, SlotValue> = BTreeMap::new();
    for one in slots {
        let (name, value) = one
            .split_once('=')
            .with_context(|| format!("{one:?} 须为 留空项=值 / is not SLOT=VALUE"))?;
        let slot = Slot::ALL.into_iter().find(|slot| slot.name() == name);
        let slot = slot.with_context(|| {
            format!("{name:?} 不是留空项 / is no slot (文号, 成文日期, 印发日期, 索引号)")
        })?;
        filled.insert(slot, SlotValue::try_from(value.to_owned())?);
    }
    let body = statements::registration(&identity, &case, filled, Clock::System.now())?;
    Ok(client.command(Method::PUT, &format!("/bundles/{bundle}/registration"), &body).await?)
}

fn proposal(order: OrderArgs) -> Proposal {
    let mut required = order.channels;
    required.sort();
    let OrderArgs { not_before, not_after, .. } = order;
    Proposal {
        window: Window::Instants { not_before, not_after },
        channels: Channels { required, optional: vec![] },
    }
}

/// Before the last step signs, another order is proposed; after it, the last step signs another.
pub(super) async fn order(
    bundle: &BundleId,
    order: OrderArgs,
    caller: &Caller,
) -> anyhow::Result<Case> {
    let (identity, client) = open(caller)?;
    let case: Case = client.get(&format!("/bundles/{bundle}/case")).await?;
    let order = proposal(order);
    if case.next_step.is_some() {
        let address = format!("/bundles/{bundle}/proposal");
        return Ok(client.command(Method::PUT, &address, &order).await?);
    }
    let body = statements::reorder(&identity, &case, order, Clock::System.now())?;
    Ok(client.command(Method::POST, &format!("/bundles/{bundle}/sign-offs"), &body).await?)
}

pub(super) async fn list(caller: &Caller) -> anyhow::Result<Vec<Draft>> {
    Ok(open(caller)?.1.get("/bundles").await?)
}

pub(super) async fn status(bundle: &BundleId, caller: &Caller) -> anyhow::Result<Status> {
    Ok(open(caller)?.1.get(&format!("/bundles/{bundle}")).await?)
}

/// Everyone, for their names; none where they cannot be had.
pub(super) async fn people(caller: &Caller) -> Vec<Person> {
    let Ok((_, client)) = open(caller) else { return vec![] };
    client.get("/people").await.unwrap_or_default()
}

pub(super) async fn stop(
    bundle: &BundleId,
    reason: String,
    caller: &Caller,
) -> anyhow::Result<Draft> {
    let (_, client) = open(caller)?;
    let address = format!("/bundles/{bundle}/stop");
    Ok(client.command(Method::POST, &address, &Stop { reason }).await?)
}

pub(super) async fn withdraw(
    bundle: &BundleId,
    reason: &str,
    yes: bool,
    caller: &Caller,
) -> anyhow::Result<Release> {
    let (identity, client) = open(caller)?;
    let release: Release = client.get(&format!("/bundles/{bundle}/release")).await?;
    let so_already = match release.phase.as_str() {
        "withdrawing" => Some(("withdrawing", "正在撤回中 / is being withdrawn already")),
        "dark" => Some(("dark", "已撤回 / nothing is released: it is dark already")),
        _ => None,
    };
    if let Some((code, so_already)) = so_already {
        let detail = format!("{bundle} {so_already}（{}）", release.since.beijing());
        return Err(Failure::refused(code, detail).into());
    }
    let draft: Draft = client.get(&format!("/bundles/{bundle}/draft")).await?;
    eprintln!("{}", draft.title);
    eprintln!("  现状 state     {}", print::state(&release.phase));
    eprintln!("  清单 manifest  {}", release.withdrawn_manifest());
    eprintln!("  公告 notice    {reason}");
    if !yes && !is_agreed("从所有渠道撤回？withdraw it from every channel?")? {
        let detail = "未撤回，未提交任何内容 / not withdrawn, nothing was sent".to_owned();
        return Err(Failure::refused("declined", detail).into());
    }
    let body = statements::withdrawal(&identity, &release, reason, Clock::System.now())?;
    let address = format!("/bundles/{bundle}/withdrawal");
    Ok(client.command(Method::POST, &address, &body).await?)
}

pub(super) async fn resume(bundle: &BundleId, caller: &Caller) -> anyhow::Result<Release> {
    let (_, client) = open(caller)?;
    let Status { release, held, .. } = client.get(&format!("/bundles/{bundle}")).await?;
    let waits = release.is_some_and(|release| matches!(&*release.phase, "failed" | "blocked"));
    if held.is_empty() && !waits {
        let detail = format!("{bundle} 未被搁置，无需继续 / nothing of it is held");
        return Err(Failure::refused("not_held", detail).into());
    }
    Ok(client.command(Method::POST, &format!("/bundles/{bundle}/resume"), &()).await?)
}

/// After a restore: the deployment goes on, once every channel is compared.
pub(super) async fn resume_deployment(home: &Home, caller: &Caller) -> anyhow::Result<Deployment> {
    let (_, client) = open(caller)?;
    let deployment: Deployment = client.get("/deployment").await?;
    if !deployment.is_held {
        let detail = "部署未被搁置，无需继续 / the deployment is not held".to_owned();
        return Err(Failure::refused("not_held", detail).into());
    }
    let body = statements::resumption(home, deployment.epoch, Clock::System.now())?;
    Ok(client.command(Method::POST, "/deployment/resumption", &body).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_revision_is_prepared_until_it_has_its_own_case() {
        let (old, new) = (Digest::of(b"old"), Digest::of(b"new"));
        let is_prepared = |state: &str, manifest: Option<&Digest>| {
            let draft = Draft {
                bundle: "bundle".parse().unwrap(),
                title: String::new(),
                revision: 2,
                state: state.to_owned(),
                manifest: manifest.cloned(),
                submitted_by: "lin".parse().unwrap(),
                submitted_at: Clock::System.now(),
                findings: vec![],
            };
            is_being_prepared(&draft, &old)
        };
        assert!(is_prepared("rendering", Some(&old)) && is_prepared("rendering", None));
        assert!(is_prepared("in_review", Some(&new)));
        for state in ["returned", "dropped", "granted", "in_review"] {
            assert!(!is_prepared(state, Some(&old)), "{state}");
        }
    }

    #[test]
    fn the_last_signature_releases_at_once_where_nothing_is_waited_for() {
        let now = Clock::System.now();
        let [before, after] = [-1, 1].map(|by| Timestamp::from_micros(now.as_micros() + by));
        let instants = |not_before| Window::Instants { not_before, not_after: after };
        assert!(is_at_once(&[], &instants(before), now) && is_at_once(&[], &instants(now), now));
        assert!(!is_at_once(&[], &instants(after), now), "its time has not come");
        assert!(
            !is_at_once(&[Slot::Number], &instants(before), now),
            "a number is registered first"
        );
        assert!(!is_at_once(&[], &Window::WorkingDays { days: 3 }, now), "the day is registered");
    }
}
