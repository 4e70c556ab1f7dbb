//! For drafters: confirming, checking and submitting bundles.

use std::{collections::BTreeMap, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use lockstep_gate::{
    bundle::{self, Content, Submission},
    codes::{self, Code},
};
use lockstep_kit::ids::Ids;
use lockstep_proto::{
    finding::{Finding, Severity},
    http::{Submit, Submitted},
    ids::BundleId,
    manifest::Manifest,
};
use reqwest::Method;

use crate::{
    cli::Caller,
    client::{Client, Failure},
    folder,
    identity::Identity,
    print,
};

/// What no settings mend in a text.
pub(super) const UNFIT_TEXT: [&Code; 12] = [
    &codes::BAD_ENCODING,
    &codes::TOO_LARGE,
    &codes::EMPTY_TEXT,
    &codes::OLD_FORMAT,
    &codes::BAD_DOCX,
    &codes::MOJIBAKE,
    &codes::PICTURES_ONLY,
    &codes::BAD_PATH,
    &codes::CLASSIFIED,
    &codes::REVISIONS,
    &codes::COMMENTS,
    &codes::HIDDEN_TEXT,
];

/// What the gate says about a folder's files under these codes.
pub(super) fn about_files(files: &bundle::Files, codes: &[&Code]) -> Vec<Finding> {
    let findings = match bundle::read(files) {
        Ok(content) => content.warnings,
        Err(findings) => findings,
    };
    let is_named = |finding: &Finding| codes.iter().any(|code| code.id == finding.code);
    findings.into_iter().filter(is_named).collect()
}

/// A content as it would be sealed were it submitted now, for the first time, by nobody in particular.
pub(super) fn draft_of(content: &Content) -> Manifest {
    content.draft(Submission {
        bundle: Ids.fresh(),
        revision: 1,
        submission: Ids.fresh(),
        revises: None,
        after_dark: None,
        submitters: vec![],
    })
}

/// Texts and settings must be readable: what the interpretation is pinned to is what people read.
pub(super) fn confirm(path: &Path) -> anyhow::Result<()> {
    let unfit = [&UNFIT_TEXT[..], &[&codes::BAD_SETTINGS, &codes::NO_FILE]].concat();
    if path.is_dir() {
        let mut findings = about_files(&folder::read(path)?, &unfit);
        findings.retain(|finding| finding.severity == Severity::Block);
        if !findings.is_empty() {
            return Err(Failure::Findings(findings).into());
        }
    }
    let digest = folder::confirm(path)?;
    say!("解读已对应到政策文本 / the interpretation is pinned to the policy's text");
    say!("  {digest}");
    print::next(&["check", &path.to_string_lossy()]);
    Ok(())
}

/// A folder makes one bundle and its revisions; another one `anew` only.
pub(super) async fn submit(
    path: &Path,
    (revises, anew): (Option<BundleId>, bool),
    caller: &Caller,
) -> anyhow::Result<Submitted> {
    let identity = Identity::load(&caller.who.identity)?;
    let earlier = folder::find_submitted(path, &identity.deployment)?;
    if let Some(earlier) = earlier.filter(|_| revises.is_none() && !anew) {
        let detail = format!(
            "该目录已提交为 {earlier}：更正请加 --revises {earlier}，另建新包请加 --anew / \
             this folder was submitted before: --revises {earlier} makes a revision, --anew \
             another bundle"
        );
        return Err(Failure::refused("submitted_before", detail).into());
    }
    let client = Client::new(&identity.server, Some(identity.token))?;
    let submitted = send(&client, path, revises).await?;
    // It is done, whether we can remember it or not.
    if let Err(error) = folder::remember(path, &identity.deployment, &submitted.bundle) {
        eprintln!("提醒 warning: {error:#}");
    }
    Ok(submitted)
}

/// Sends a folder.
pub(crate) async fn send(
    client: &Client,
    path: &Path,
    revises: Option<BundleId>,
) -> anyhow::Result<Submitted> {
    let files: BTreeMap<String, String> =
        folder::read(path)?.into_iter().map(|(path, bytes)| (path, BASE64.encode(bytes))).collect();
    Ok(client.command(Method::POST, "/bundles", &Submit { revises, files }).await?)
}
