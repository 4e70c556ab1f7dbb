//! `lockstep diff`: what differs between two revisions, or two texts.

mod text;

use std::{io::IsTerminal as _, path::Path};

use lockstep_gate::diff::{self, Diff, Revision};
use lockstep_proto::{finding::Finding, http::Problem};

use super::outline;
use crate::{client::Failure, folder, print};

pub(super) fn diff(old: &Path, new: &Path, json: bool) -> anyhow::Result<()> {
    let diff = compare(old, new).map_err(told).inspect_err(|error| {
        if !json && let Some(Failure::Unusable(problem)) = error.downcast_ref() {
            print::findings(&problem.findings);
        }
        print::unusable(error, json);
    })?;
    if json {
        say!("{}", serde_json::to_string(&diff)?);
    } else {
        let is_colored = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        say!("{}", text::write(&diff, is_colored).trim_end());
    }
    // All was said above.
    if diff.is_empty() { Ok(()) } else { Err(Failure::Findings(vec![]).into()) }
}

fn compare(old: &Path, new: &Path) -> anyhow::Result<Diff> {
    match (is_bundle(old), is_bundle(new)) {
        (true, true) => Ok(diff::revisions(&read_bundle(old)?, &read_bundle(new)?, None)),
        (false, false) => {
            let (old, new) = (outline::read(old)?, outline::read(new)?);
            // What differs may be what a revision would add.
            print::findings(&old.findings);
            print::findings(&new.findings);
            Ok(diff::texts(&old.text, &new.text))
        }
        _ => anyhow::bail!(
            "须同为政策包，或同为单个文本 / compare two bundles or two texts: {} {}",
            old.display(),
            new.display()
        ),
    }
}

fn is_bundle(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    path.is_dir() || extension.eq_ignore_ascii_case("zip")
}

fn read_bundle(path: &Path) -> anyhow::Result<Revision> {
    let files = folder::read(path)?;
    Revision::read(&files).map_err(|found| Failure::Findings(in_bundle(path, found)).into())
}

/// Two bundles have members of the same name.
fn in_bundle(path: &Path, found: Vec<Finding>) -> Vec<Finding> {
    let within = |member: String| path.join(member).display().to_string();
    found.into_iter().map(|f| Finding { member: f.member.map(within), ..f }).collect()
}

/// What cannot be read cannot be compared: that is no difference.
fn told(error: anyhow::Error) -> anyhow::Error {
    match error.downcast() {
        Ok(Failure::Findings(findings)) => Failure::Unusable(Problem {
            code: "unusable".to_owned(),
            detail: "无法比较 / cannot be compared".to_owned(),
            findings,
        })
        .into(),
        Ok(failure) => failure.into(),
        Err(error) => error,
    }
}
