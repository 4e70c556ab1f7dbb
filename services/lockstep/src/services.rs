//! The services there are, and whose facts each of them hears.

use anyhow::bail;
use lockstep_kit::bus::admin::Consumer;

/// Every service, in the order in which they start. The static folder is a channel of its own: it
/// runs where its disk is.
pub const ALL: [&str; 7] =
    ["console", "drafting", "explainer", "approval", "release", "portal", "folder"];

/// The services whose routes console passes commands on to.
pub const OWNERS: [&str; 3] = ["drafting", "approval", "release"];

/// Each service's handler, and the services whose facts it hears, whole. Console hears nobody.
pub const HEARS: [Consumer; 6] = [
    ("drafting", &["console", "explainer", "approval", "release"]),
    ("explainer", &["drafting"]),
    ("approval", &["console", "drafting", "release"]),
    // Whoever gives up on a bundle says so to release.
    ("release", &["console", "drafting", "explainer", "approval", "release", "portal", "folder"]),
    ("portal", &["console", "release"]),
    ("folder", &["console", "release"]),
];

/// The services that these words name; `all` is every one.
pub fn named(words: &[String]) -> anyhow::Result<Vec<&'static str>> {
    if words.iter().any(|word| word == "all") {
        return Ok(ALL.to_vec());
    }
    if let Some(unknown) = words.iter().find(|word| !ALL.contains(&word.as_str())) {
        bail!("没有服务 {unknown} / there is no such service; there are: all, {}", ALL.join(", "));
    }
    Ok(ALL.into_iter().filter(|service| words.iter().any(|word| word == service)).collect())
}
