//! Profiles: what an agency or legal basis settles about the rule.

use std::sync::LazyLock;

use lockstep_proto::{
    digest::Digest,
    document::{BadDocument, Document},
    sign_off::{Chain, ChainSchema, Profile},
};

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadProfile {
    /// The file is not a profile.
    #[error("profile cannot be read")]
    Unreadable(#[source] toml::de::Error),
    /// A profile without steps, or with two of one name, has no chain.
    #[error("profile {0} must have at least one step, each with a name of its own")]
    Steps(String),
    /// It cannot be written as a document.
    #[error("profile cannot be written")]
    Unwritable(#[source] BadDocument),
}

/// The default profile and its chain.
pub fn shanghai() -> Result<(Document<Profile>, Document<Chain>), BadProfile> {
    parse(include_str!("../profiles/shanghai.toml"))
}

/// Whether a profile is one that this program knows.
pub fn is_known(profile: &Digest) -> bool {
    static KNOWN: LazyLock<Option<Digest>> =
        LazyLock::new(|| shanghai().ok().map(|(profile, _)| profile.digest().clone()));
    KNOWN.as_ref() == Some(profile)
}

/// Reads a profile's text (TOML).
pub fn parse(text: &str) -> Result<(Document<Profile>, Document<Chain>), BadProfile> {
    let profile: Profile = toml::from_str(text).map_err(BadProfile::Unreadable)?;
    let mut names: Vec<_> = profile.steps.iter().map(|step| &step.name).collect();
    names.sort();
    names.dedup();
    if profile.steps.is_empty() || names.len() != profile.steps.len() {
        return Err(BadProfile::Steps(profile.name));
    }
    let chain = Chain { schema: ChainSchema, steps: profile.steps.clone() };
    let chain = Document::new(chain).map_err(BadProfile::Unwritable)?;
    Ok((Document::new(profile).map_err(BadProfile::Unwritable)?, chain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_profile_has_a_chain_of_two() {
        let (profile, chain) = shanghai().unwrap();
        assert_eq!(profile.name, "shanghai");
        assert_eq!(chain.steps.len(), 2);
    }
}
