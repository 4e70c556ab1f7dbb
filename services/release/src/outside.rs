//! Seeing a channel as readers see it.

use std::{collections::BTreeMap, path::PathBuf};

use lockstep_kit::{
    http::{client_for, encode_path},
    jobs::JobError,
};
use lockstep_proto::{digest::Digest, ids::BundleId};

use reqwest::header::HeaderValue;

use crate::{Outside, folder, store::Row};

/// What readers get.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The edition at the current address.
    pub(crate) edition: Option<Digest>,
    /// Path to digest of the bytes that came back.
    pub(crate) members: BTreeMap<String, Digest>,
}

/// Header in which the portal names the edition a response carries.
const EDITION_HEADER: &str = "lockstep-edition";
/// Header in which the portal says that it has looked, and shows no edition.
const SHOWS_HEADER: &str = "lockstep-shows";
/// Its only value.
const NOTHING: &str = "nothing";

/// The edition at a bundle's current address; whatever else is there, and be it a notice, is none.
pub(crate) async fn shown(place: &Outside, bundle: &BundleId) -> Result<Option<Digest>, JobError> {
    match place {
        Outside::Portal(url) => {
            let response = client(url)?.get(format!("{url}/p/{bundle}")).send().await;
            let response = response.map_err(|error| {
                JobError::Later(format!("{url} 无法访问 / is out of reach: {error}"))
            })?;
            let header = |name| {
                response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok())
            };
            match (header(EDITION_HEADER), header(SHOWS_HEADER)) {
                (Some(text), _) => text.parse().map(Some).map_err(|_| {
                    JobError::Later(format!("{url} 的标头有误 / names no edition of ours: {text}"))
                }),
                (None, Some(NOTHING)) => Ok(None),
                // An answer that does not come from the portal's own rows proves nothing.
                (None, _) => Err(JobError::Later(format!(
                    "{url}/p/{bundle} 返回 / answers {} and does not say what it shows",
                    response.status()
                ))),
            }
        }
        Outside::Folder(root) => {
            let current = folder::current(root, bundle);
            tokio::task::spawn_blocking(move || folder::shown_edition(&current))
                .await
                .map_err(|_| JobError::Failed("读取中断 / reading was cut off".to_owned()))
        }
    }
}

fn client(url: &str) -> Result<reqwest::Client, JobError> {
    let timeout = std::time::Duration::from_secs(10);
    client_for(url)
        .timeout(timeout)
        .build()
        .map_err(|error| JobError::Failed(format!("无法发起 HTTP 请求 / no HTTP client: {error}")))
}

pub(crate) async fn portal(
    url: &str,
    bundle: &BundleId,
    edition: &Digest,
    row: &Row,
) -> Result<Seen, JobError> {
    let client = client(url)?;
    let fetch = async |path: String| {
        let response = client.get(format!("{url}{path}")).send().await;
        let response = response.map_err(|error| {
            JobError::Later(format!("{path} 无法访问 / is out of reach: {error}"))
        })?;
        let status = response.status();
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(JobError::Later(format!("{path} 返回 / answers {status}")));
        }
        Ok(response)
    };
    let current = fetch(format!("/p/{bundle}")).await?;
    let header = current.headers().get(EDITION_HEADER).and_then(|value| value.to_str().ok());
    let mut seen =
        Seen { edition: header.and_then(|text| text.parse().ok()), members: BTreeMap::new() };
    for member in &row.evidence.manifest.members {
        let path = format!("/p/{bundle}/{}/raw/{}", edition.hex(), encode_path(&member.path));
        let response = fetch(path.clone()).await?;
        if response.status().is_success() {
            let bytes = response.bytes().await;
            let bytes = bytes.map_err(|error| {
                JobError::Failed(format!("{path} 读取中断 / broke off: {error}"))
            })?;
            seen.members.insert(member.path.clone(), Digest::of(&bytes));
        }
    }
    Ok(seen)
}

/// A folder's edition: what its current address leads to, and what the files there hold.
pub(crate) async fn folder(root: PathBuf, bundle: &BundleId, row: &Row) -> Result<Seen, JobError> {
    let current = folder::current(&root, bundle);
    let members = row.evidence.manifest.members.clone();
    let work = move || Seen {
        edition: folder::shown_edition(&current),
        members: folder::read_members(&current, &members),
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| JobError::Failed("读取中断 / reading was cut off".to_owned()))
}
