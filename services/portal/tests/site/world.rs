//! The portal over a database whose rows are written as the channel writes them.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use lockstep_gate::channel::{Placed, Shelf, Wanted};
use lockstep_kit::{
    Deps,
    channel::{
        Filled, edition_of,
        lag::Lag,
        store::{self, HeldEdition, Row},
    },
    http::encode_path,
    pages::{Look, Pages},
    testing::{at, for_each_engine, name, sample},
};
use lockstep_portal::Behind;
use lockstep_proto::{
    digest::Digest,
    document::Document,
    facts::Fact,
    ids::{BundleId, ChannelName},
    manifest::{Member, Role},
    release::{Evidence, Generation},
};
use tower::ServiceExt as _;

/// The address of the attachment has characters that are escaped.
pub(crate) const ATTACHMENT: &str = "attachments/附件 1.pdf";

pub(crate) const LONG_PICTURE: &str = "rendered/long.png";
pub(crate) const BROCHURE: &str = "rendered/brochure.pdf";

/// The portal, its rows written as the channel writes them.
pub(crate) struct World {
    deps: Deps,
    router: Router,
}

/// An answer, whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn portal() -> ChannelName {
    name("portal")
}

pub(crate) fn policy_mark(version: u32) -> String {
    format!("【政策第{version}版】")
}

pub(crate) fn interpretation_mark(version: u32) -> String {
    format!("【解读第{version}版】")
}

pub(crate) fn evidence(bundle: &BundleId, version: u32) -> Evidence {
    let Fact::CaseGranted(granted) = sample("case.granted.v1").fact else { panic!("no grant") };
    let mut manifest = granted.evidence.manifest.clone().into_value();
    (manifest.bundle, manifest.revision) = (bundle.clone(), version);
    for member in manifest.members.iter_mut().filter(|member| member.role == Role::Attachment) {
        ATTACHMENT.clone_into(&mut member.path);
    }
    for (path, role, media_type) in [
        ("rendered/charts/spending.png", Role::ChartPicture, "image/png"),
        (LONG_PICTURE, Role::LongPicture, "image/png"),
        (BROCHURE, Role::Brochure, "application/pdf"),
    ] {
        let media_type = media_type.to_owned();
        let digest = Digest::of(path.as_bytes());
        let member = Member { path: path.to_owned(), role, media_type, size: 12, digest };
        manifest.members.push(member);
    }
    manifest.members.sort_by(|a, b| a.path.cmp(&b.path));
    Evidence { manifest: Document::new(manifest).unwrap(), ..granted.evidence }
}

/// A member's bytes: texts bear their mark.
pub(crate) fn bytes(role: Role, version: u32) -> Vec<u8> {
    let text = match role {
        Role::Policy | Role::PolicyFragment => policy_mark(version),
        Role::Interpretation | Role::InterpretationFragment => interpretation_mark(version),
        Role::Data
        | Role::Attachment
        | Role::Chart
        | Role::ChartPicture
        | Role::LongPicture
        | Role::Brochure => format!("{role:?} {version}"),
    };
    format!("<p>{text}</p>\n").into_bytes()
}

pub(crate) fn edition(bundle: &str, version: u32) -> Digest {
    edition_of(&evidence(&name(bundle), version)).unwrap()
}

/// The pinned address of a version.
pub(crate) fn pinned(bundle: &str, version: u32) -> String {
    format!("/p/{bundle}/{}", edition(bundle, version).hex())
}

/// Every address of an edition, without its current one.
pub(crate) fn addresses(bundle: &str, version: u32) -> Vec<String> {
    let pinned = pinned(bundle, version);
    let parts = ["policy", "interpretation", "edition.json"].map(|part| format!("{pinned}/{part}"));
    let members = evidence(&name(bundle), version).manifest.members.clone();
    let raw = members.iter().map(|member| format!("{pinned}/raw/{}", encode_path(&member.path)));
    [pinned.clone()].into_iter().chain(parts).chain(raw).collect()
}

impl World {
    async fn begin(deps: Deps) -> Self {
        let mut tx = deps.db.begin_write().await.unwrap();
        store::begin_life(&mut tx, &portal(), &name("life")).await.unwrap();
        deps.db.commit(tx).await.unwrap();
        Self::new(deps, Duration::from_mins(10)).await
    }

    /// The same place, served by a portal that may not be behind at all, and looked a moment ago.
    pub(crate) async fn impatient(&self) -> Self {
        Self::new(self.deps.clone(), Duration::ZERO).await
    }

    async fn new(deps: Deps, at_most: Duration) -> Self {
        let lag = Lag::default();
        lag.look(&deps, lockstep_portal::HANDLER).await.unwrap();
        let behind = Behind { lag, at_most };
        let pages = Arc::new(Pages::new(Look::default()).unwrap());
        let router = lockstep_portal::router(deps.clone(), portal(), pages, behind);
        Self { deps, router }
    }

    /// Holds a version ready.
    pub(crate) async fn stage(&self, bundle: &str, n: u32, version: u32) {
        let evidence = evidence(&name(bundle), version);
        let mut filled = vec![];
        for member in &evidence.manifest.members {
            let bytes = bytes(member.role, version);
            let size = u64::try_from(bytes.len()).unwrap();
            let digest = self.deps.blobs.put(bytes).await.unwrap();
            filled.push(Filled { member: member.clone(), digest, size });
        }
        let edition = edition_of(&evidence).unwrap();
        let held = HeldEdition {
            edition: edition.clone(),
            evidence,
            filled,
            first_shown_at: None,
            withdrawn_at: None,
        };
        let mut tx = self.deps.db.begin_write().await.unwrap();
        store::save_edition(&mut tx, &portal(), &held).await.unwrap();
        self.deps.db.commit(tx).await.unwrap();
        let placed = Placed { generation: Generation { epoch: 1, n }, edition };
        self.apply(bundle, Wanted::Held(placed)).await;
    }

    /// Shows a version, staged before.
    pub(crate) async fn show(&self, bundle: &str, n: u32, version: u32) {
        self.stage(bundle, n, version).await;
        let placed =
            Placed { generation: Generation { epoch: 1, n }, edition: edition(bundle, version) };
        self.apply(bundle, Wanted::Shown(placed)).await;
    }

    pub(crate) async fn hide(&self, bundle: &str, n: u32) {
        self.apply(bundle, Wanted::Nothing(Generation { epoch: 1, n })).await;
    }

    /// Writes a row as the channel's job does.
    async fn apply(&self, bundle: &str, wanted: Wanted) {
        let now = at("2026-12-02T00:00:01Z");
        let bundle: BundleId = name(bundle);
        let mut tx = self.deps.db.begin_write().await.unwrap();
        let found = store::find_row(&mut tx, &portal(), &bundle).await.unwrap();
        let mut row = found.unwrap_or_else(|| Row {
            bundle: bundle.clone(),
            shelf: Shelf::new(name("life")),
            shown_since: None,
            dark_since: None,
            dark_reason: None,
            command: None,
        });
        match &wanted {
            Wanted::Held(_) => {}
            Wanted::Shown(placed) => {
                store::mark_shown(&mut tx, &portal(), &placed.edition, now).await.unwrap();
                (row.shown_since, row.dark_since, row.dark_reason) = (Some(now), None, None);
            }
            Wanted::Nothing(_) => {
                let was_shown = row.shelf.shown.is_some();
                row.dark_since = was_shown.then_some(now);
                row.dark_reason = was_shown.then(|| "文件有误".to_owned());
                store::mark_withdrawn(&mut tx, &portal(), &bundle, now).await.unwrap();
            }
        }
        let seen = row.shelf.fence;
        row.shelf = row.shelf.apply(wanted);
        store::save_shelf(&mut tx, &portal(), &row, seen).await.unwrap();
        self.deps.db.commit(tx).await.unwrap();
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, known: &[&str]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for tags in known {
            request = request.header(header::IF_NONE_MATCH, *tags);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }
}

/// On every engine.
pub(crate) async fn on_portals(test: impl AsyncFn(&World)) {
    for_each_engine("portal", async |deps| test(&World::begin(deps).await).await).await;
}
