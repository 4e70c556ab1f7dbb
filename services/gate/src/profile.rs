//! Profiles: what an agency or legal basis settles about the rule. No profile loosens the pair.

use std::sync::LazyLock;

use lockstep_proto::{
    digest::Digest,
    document::{BadDocument, Document},
    finding::{Finding, Severity},
    sign_off::{Chain, ChainSchema, Profile},
};

use crate::{calendar, codes, window::DAYS_MAX};

/// The profile of whoever names none.
pub const DEFAULT: &str = "shanghai";

/// The profiles that come with us, in the order in which they are named to people.
const TEXTS: [(&str, &str); 3] = [
    (DEFAULT, include_str!("../profiles/shanghai.toml")),
    ("strict", include_str!("../profiles/strict.toml")),
    ("state-council-2016-80", include_str!("../profiles/state-council-2016-80.toml")),
];

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadProfile {
    /// There is none of this name.
    #[error("没有此检查规则 / there is no profile {0:?}; there are {names}", names = names().join(", "))]
    Unknown(String),
    /// The file is not a profile.
    #[error("检查规则无法读取 / the profile cannot be read")]
    Unreadable(#[source] toml::de::Error),
    /// A profile without steps, or with two of one name, has no chain.
    #[error(
        "检查规则 {0} 至少要有一个审批环节，名称各不相同 / profile {0} must have at least one step, each with a name of its own"
    )]
    Steps(String),
    /// It weighs a code that there is not.
    #[error("检查规则 {0}：没有代码 {1} / profile {0}: there is no code {1}")]
    NoCode(String, String),
    /// It would make a warning of what no profile may.
    #[error(
        "检查规则 {0}：{1} 在任何检查规则下都不通过，不能改为提醒 / profile {0}: {1} blocks in every profile"
    )]
    Fixed(String, String),
    /// It counts by a calendar that there is not, or more parts or days than there are.
    #[error("检查规则 {0}：{1} 超出范围或不存在 / profile {0}: {1} is out of range or not there")]
    Value(String, &'static str),
    /// It cannot be written as a document.
    #[error("检查规则无法写出 / the profile cannot be written")]
    Unwritable(#[source] BadDocument),
}

/// A profile and its chain.
pub type Known = (Document<Profile>, Document<Chain>);

/// The names of the profiles that there are.
pub fn names() -> [&'static str; 3] {
    TEXTS.map(|(name, _)| name)
}

/// The profile of this name, and its chain.
pub fn find(name: &str) -> Result<Known, BadProfile> {
    let text = TEXTS.iter().find(|(known, _)| *known == name);
    let (_, text) = text.ok_or_else(|| BadProfile::Unknown(name.to_owned()))?;
    parse(text)
}

/// The default profile and its chain.
pub fn shanghai() -> Result<Known, BadProfile> {
    find(DEFAULT)
}

/// Whether a profile is one that this program knows.
pub fn is_known(profile: &Digest) -> bool {
    static KNOWN: LazyLock<Vec<Digest>> = LazyLock::new(|| {
        let known = names().into_iter().filter_map(|name| find(name).ok());
        known.map(|(profile, _)| profile.digest().clone()).collect()
    });
    KNOWN.contains(profile)
}

/// Reads a profile's text (TOML).
pub fn parse(text: &str) -> Result<Known, BadProfile> {
    let profile: Profile = toml::from_str(text).map_err(BadProfile::Unreadable)?;
    let name = || profile.name.clone();
    let mut steps: Vec<_> = profile.steps.iter().map(|step| &step.name).collect();
    steps.sort();
    steps.dedup();
    if profile.steps.is_empty() || steps.len() != profile.steps.len() {
        return Err(BadProfile::Steps(name()));
    }
    for (code, severity) in &profile.severity {
        if !codes::ALL.iter().any(|known| known.id == code) {
            return Err(BadProfile::NoCode(name(), code.clone()));
        }
        if *severity == Severity::Warning && is_fixed(code) {
            return Err(BadProfile::Fixed(name(), code.clone()));
        }
    }
    let values = [
        ("calendar", profile.calendar.as_deref().is_none_or(|name| calendar::find(name).is_some())),
        ("excerpt_per_mille", profile.excerpt_per_mille.is_none_or(|share| share <= 1000)),
        (
            "brief.working_days",
            profile.brief.as_ref().is_none_or(|brief| (1..=DAYS_MAX).contains(&brief.working_days)),
        ),
    ];
    if let Some((key, _)) = values.iter().find(|(_, is_sound)| !is_sound) {
        return Err(BadProfile::Value(name(), key));
    }
    let chain = Chain { schema: ChainSchema, steps: profile.steps.clone() };
    let chain = Document::new(chain).map_err(BadProfile::Unwritable)?;
    Ok((Document::new(profile).map_err(BadProfile::Unwritable)?, chain))
}

/// Whether no profile may make a warning of it: whatever blocks by itself. A profile asks for more than
/// the rule, never for less.
pub fn is_fixed(code: &str) -> bool {
    codes::ALL.iter().any(|known| known.id == code && known.severity == Severity::Block)
}

/// What a code weighs under a profile.
pub fn severity(profile: &Profile, code: &codes::Code) -> Severity {
    match profile.severity.get(code.id) {
        Some(Severity::Warning) if is_fixed(code.id) => code.severity,
        Some(severity) => *severity,
        None => code.severity,
    }
}

/// Findings as a profile weighs them; where none is known, as the codes do. Whatever a profile says,
/// what is fixed is not weakened.
pub fn weigh(profile: Option<&Profile>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(profile) = profile else { return findings };
    let weigh = |finding: Finding| match profile.severity.get(&finding.code) {
        Some(Severity::Warning) if is_fixed(&finding.code) => finding,
        Some(severity) => Finding { severity: *severity, ..finding },
        None => finding,
    };
    findings.into_iter().map(weigh).collect()
}

#[cfg(test)]
mod tests;
