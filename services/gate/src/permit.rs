//! Permits: made only of an [`Admitted`] release, and checked by every channel itself.

use lockstep_proto::{
    finding::Finding,
    ids::ChannelName,
    release::{Addressees, Evidence, Permission, Permit},
    signed::{PublicKey, Signed},
    time::Timestamp,
};

use crate::{
    channel::Placed,
    codes,
    verdict::{Admitted, Blocked, Facts, Release, Staging, decide},
};

/// The permit for what the gate has just admitted. `None` where the facts lack what admission
/// rests on; [`decide`] admits no such facts.
pub fn write(
    _admitted: &Admitted<Release>,
    facts: &Facts<'_>,
    channels: Addressees,
    now: Timestamp,
) -> Option<Permit> {
    let staging = facts.staging?;
    let first_permitted_at = staging.first_permitted_at.unwrap_or(now);
    Some(Permit::new(Permission {
        deployment: facts.deployment.clone(),
        bundle: facts.manifest.bundle.clone(),
        manifest: facts.digest?.clone(),
        edition: staging.placed.edition.clone(),
        order: facts.order?.digest().clone(),
        generation: staging.placed.generation,
        channels,
        first_permitted_at,
        // The clock may have been set back since.
        issued_at: now.max(first_permitted_at),
    }))
}

/// What a channel asks before it shows anything: is the permit release's, does it fit the evidence
/// and what this channel holds, and does the gate say yes here and now?
pub fn admit(
    permit: &Signed<Permit>,
    release_keys: &[PublicKey],
    evidence: &Evidence,
    own: &Own<'_>,
) -> Result<Admitted<Release>, Blocked> {
    let permission = &permit.statement().predicate;
    let placed = Placed { generation: permission.generation, edition: permission.edition.clone() };
    let order = evidence.order.as_ref();
    let checks = [
        ("签名 signature", release_keys.iter().any(|key| permit.verify(key).is_ok())),
        ("主体 subject", permit.statement().is_consistent()),
        ("部署 deployment", permission.deployment == *own.facts.deployment),
        ("政策包 bundle", permission.bundle == evidence.manifest.bundle),
        ("清单 manifest", permission.manifest == *evidence.manifest.digest()),
        (
            "发布令 order",
            Some(&permission.order) == order.map(lockstep_proto::document::Document::digest),
        ),
        ("定稿 edition", own.staged.get(own.channel) == Some(&placed)),
        ("时刻 instants", permission.first_permitted_at <= permission.issued_at),
    ];
    let findings: Vec<Finding> = checks
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(what, _)| codes::BAD_PERMIT.about(what))
        .collect();
    if !findings.is_empty() {
        return Err(Blocked { findings });
    }
    let staging = Staging {
        placed: &placed,
        staged: own.staged,
        asker: Some(own.channel),
        first_permitted_at: Some(permission.first_permitted_at),
    };
    decide::<Release>(&Facts { staging: Some(staging), ..own.facts }, own.now)
}

/// What a channel knows itself.
#[derive(Debug)]
pub struct Own<'a> {
    /// Its name.
    pub channel: &'a ChannelName,
    /// What it holds ready, under its name.
    pub staged: &'a std::collections::BTreeMap<ChannelName, Placed>,
    /// The evidence, what it holds, whom it knows.
    pub facts: Facts<'a>,
    /// Its own clock.
    pub now: Timestamp,
}
