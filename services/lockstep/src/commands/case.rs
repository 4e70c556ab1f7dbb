//! For approvers, registrars and whoever watches.

use std::{
    collections::BTreeMap,
    fs,
    io::{IsTerminal as _, Write as _},
    path::Path,
};

use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep_kit::clock::Clock;
use lockstep_proto::{
    digest::Digest,
    edition::{Slot, SlotValue},
    http::{Case, Draft, Release, Status, Stop},
    ids::BundleId,
    order::{Channels, Proposal, Window},
    sign_off::Decision,
};
use reqwest::Method;

use crate::{
    cli::{MaybeOrder, OrderArgs, Who},
    client::Client,
    identity::Identity,
    print, statements,
};

fn open(who: &Who) -> anyhow::Result<(Identity, Client)> {
    let identity = Identity::load(&who.identity)?;
    let client = Client::new(&identity.server, Some(identity.token.clone()));
    Ok((identity, client))
}

pub(super) async fn fetch(bundle: &BundleId, out: &Path, who: &Who) -> anyhow::Result<()> {
    let (_, client) = open(who)?;
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
        fs::create_dir_all(path.parent().unwrap_or(out))?;
        fs::write(&path, bytes)
            .with_context(|| format!("{} 无法写入 / cannot be written", path.display()))?;
    }
    fs::write(out.join("manifest.json"), case.manifest.text())?;
    println!("{}  {}", case.manifest.digest(), out.display());
    Ok(())
}

pub(super) async fn sign(
    bundle: &BundleId,
    manifest: Option<Digest>,
    (order, yes): (MaybeOrder, bool),
    who: &Who,
) -> anyhow::Result<()> {
    let (identity, client) = open(who)?;
    let case: Case = client.get(&format!("/bundles/{bundle}/case")).await?;
    // What was read is what is signed: a newer revision may have come in since.
    if manifest.is_some_and(|read| read != *case.manifest.digest()) {
        bail!(
            "待签清单已变为 {}，请重新阅读 / there is another revision by now; read it first",
            case.manifest.digest()
        );
    }
    let order = match (order.not_before, order.not_after) {
        (Some(not_before), Some(not_after)) => {
            Some(proposal(OrderArgs { not_before, not_after, channels: order.channels }))
        }
        _ => None,
    };
    println!("{}", case.manifest.metadata.title);
    println!("  清单 manifest  {}", case.manifest.digest());
    println!("  版次 revision  {}", case.manifest.revision);
    if let Some(step) = &case.next_step {
        println!("  环节 step      {step}");
        if case.chain.last().is_some_and(|last| last.name == *step) {
            println!(
                "  发布令 order   {}",
                print::window(order.as_ref().unwrap_or(&case.proposal))
            );
        }
    }
    println!("  全文 texts     lockstep fetch {bundle} --out …");
    let body =
        statements::sign_off(&identity, &case, Decision::Signed, order, Clock::System.now())?;
    if !yes && !is_agreed()? {
        println!("未签批 / not signed");
        return Ok(());
    }
    let case: Case =
        client.command(Method::POST, &format!("/bundles/{bundle}/sign-offs"), &body).await?;
    match &case.next_step {
        Some(step) => println!("已签批；下一环节 {step} / signed; next step {step}"),
        None => println!("已签发 / signed; the chain is complete"),
    }
    Ok(())
}

fn is_agreed() -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("非交互环境请加 --yes / not at a terminal: add --yes");
    }
    print!("一并签批政策与解读？sign both texts in one act? [y/N] ");
    std::io::stdout().flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes" | "是"))
}

pub(super) async fn give_back(bundle: &BundleId, reason: String, who: &Who) -> anyhow::Result<()> {
    let (identity, client) = open(who)?;
    let case: Case = client.get(&format!("/bundles/{bundle}/case")).await?;
    let decision = Decision::Returned { reason };
    let body = statements::sign_off(&identity, &case, decision, None, Clock::System.now())?;
    let _: Case =
        client.command(Method::POST, &format!("/bundles/{bundle}/sign-offs"), &body).await?;
    println!("已退回 / returned");
    Ok(())
}

pub(super) async fn register(bundle: &BundleId, slots: &[String], who: &Who) -> anyhow::Result<()> {
    let (identity, client) = open(who)?;
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
    let _: Case =
        client.command(Method::PUT, &format!("/bundles/{bundle}/registration"), &body).await?;
    println!("已登记 / registered");
    Ok(())
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
pub(super) async fn order(bundle: &BundleId, order: OrderArgs, who: &Who) -> anyhow::Result<()> {
    let (identity, client) = open(who)?;
    let case: Case = client.get(&format!("/bundles/{bundle}/case")).await?;
    let order = proposal(order);
    if case.next_step.is_some() {
        let address = format!("/bundles/{bundle}/proposal");
        let _: Case = client.command(Method::PUT, &address, &order).await?;
        println!("已改拟发布令，待签发 / proposed; the last step signs it");
    } else {
        let body = statements::reorder(&identity, &case, order, Clock::System.now())?;
        let address = format!("/bundles/{bundle}/sign-offs");
        let _: Case = client.command(Method::POST, &address, &body).await?;
        println!("已另签发布令 / another order is signed");
    }
    Ok(())
}

pub(super) async fn status(bundle: Option<BundleId>, json: bool, who: &Who) -> anyhow::Result<()> {
    let (_, client) = open(who)?;
    match bundle {
        None => {
            let drafts = client.get::<Vec<Draft>>("/bundles").await.map_err(Into::into);
            if json {
                return print::json(drafts);
            }
            print::bundles(&drafts?);
        }
        Some(bundle) => {
            let status = client.get::<Status>(&format!("/bundles/{bundle}")).await;
            let status = status.map_err(Into::into);
            if json {
                return print::json(status);
            }
            print::status(&status?);
        }
    }
    Ok(())
}

pub(super) async fn stop(bundle: &BundleId, reason: String, who: &Who) -> anyhow::Result<()> {
    let (_, client) = open(who)?;
    let body = Stop { reason };
    let _: Draft = client.command(Method::POST, &format!("/bundles/{bundle}/stop"), &body).await?;
    println!("已请求停止，由发布服务裁定 / asked to stop; release decides");
    Ok(())
}

pub(super) async fn withdraw(
    bundle: &BundleId,
    reason: &str,
    json: bool,
    who: &Who,
) -> anyhow::Result<()> {
    let ordered = order_withdrawal(bundle, reason, who).await;
    if json {
        return print::json(ordered);
    }
    println!("撤回令已下达：{} / withdrawal ordered", ordered?.phase);
    Ok(())
}

async fn order_withdrawal(bundle: &BundleId, reason: &str, who: &Who) -> anyhow::Result<Release> {
    let (identity, client) = open(who)?;
    let release: Release = client.get(&format!("/bundles/{bundle}/release")).await?;
    let body = statements::withdrawal(&identity, &release, reason, Clock::System.now())?;
    let address = format!("/bundles/{bundle}/withdrawal");
    Ok(client.command(Method::POST, &address, &body).await?)
}

pub(super) async fn resume(bundle: &BundleId, who: &Who) -> anyhow::Result<()> {
    let (_, client) = open(who)?;
    let release: Release =
        client.command(Method::POST, &format!("/bundles/{bundle}/resume"), &()).await?;
    println!("继续：{} / goes on", release.phase);
    Ok(())
}
