//! The public routes: a list, a pair page per edition, both texts at pinned addresses, raw members.
//!
//! The current address shows what the row shows. A pinned address returns only its own edition, or
//! a notice. Whatever else is asked for gets the same page, byte for byte.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Path, Request, State as Extract, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use lockstep_kit::{
    Deps, StoreError, Tx,
    blobs::BlobError,
    channel::{
        Filled,
        lag::{self, Lag},
        store::{self, HeldEdition, Row},
    },
    pages::{Addresses, Edition, Fragments, Item, PageError, Pages, Site},
};
use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, ChannelName},
    manifest::Role,
    release::{Evidence, Generation},
    time::Timestamp,
};

use crate::HANDLER;

mod answer;

use answer::Answer;
pub(crate) use answer::unavailable;

/// Pairs on the list; older ones are reached by their addresses.
const LIST_MAX: i64 = 200;
/// How long a reader waits to be told that the portal is behind.
const LOOK_TIME: Duration = Duration::from_secs(1);
/// Blobs that took longer than this may have been withdrawn meanwhile.
const SLOW: Duration = Duration::from_secs(1);

/// How far behind release the portal may be and still serve.
#[derive(Debug, Clone)]
pub struct Behind {
    /// How far it is.
    pub lag: Lag,
    /// Beyond this readers get nothing: what is not heard may be an order to withdraw.
    pub at_most: Duration,
}

#[derive(Clone)]
struct Portal {
    deps: Deps,
    channel: ChannelName,
    pages: Arc<Pages>,
    behind: Behind,
    site: Site,
}

/// Who publishes.
pub(crate) fn site(deps: &Deps) -> Site {
    Site { name: deps.settings.site_name.clone(), home: "/".to_owned() }
}

pub(crate) fn router(
    deps: Deps,
    channel: ChannelName,
    pages: Arc<Pages>,
    behind: Behind,
) -> Router {
    let limit = (behind.clone(), deps.clone());
    let site = site(&deps);
    Router::new()
        .route("/", get(list))
        .route("/p/{bundle}", get(current))
        .route("/p/{bundle}/{edition}", get(pinned))
        .route("/p/{bundle}/{edition}/{part}", get(part))
        .route("/p/{bundle}/{edition}/raw/{*path}", get(raw))
        .fallback(missing)
        .with_state(Portal { deps, channel, pages, behind, site })
        .layer(middleware::from_fn_with_state(limit, serve_unless_behind))
}

/// Dark as a whole rather than without bound what may have been withdrawn.
async fn serve_unless_behind(
    Extract((behind, deps)): Extract<(Behind, Deps)>,
    request: Request,
    next: Next,
) -> Response {
    if is_behind(&behind, &deps).await {
        return unavailable();
    }
    let response = next.run(request).await;
    // This process may have slept meanwhile.
    if is_behind(&behind, &deps).await { unavailable() } else { response }
}

/// As last seen; and where that is too far, as it is now.
async fn is_behind(behind: &Behind, deps: &Deps) -> bool {
    if deps.db.has_moved() {
        return true;
    }
    if !behind.lag.is_over(behind.at_most) {
        return false;
    }
    let looked = tokio::time::timeout(LOOK_TIME, behind.lag.look(deps, HANDLER)).await;
    !matches!(looked, Ok(Ok(()))) || behind.lag.is_over(behind.at_most)
}

/// What keeps a page from being made. Readers learn nothing of it.
#[derive(Debug, thiserror::Error)]
enum SiteError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Page(#[from] PageError),
    #[error("member {0} of a shown edition is not in the store")]
    Lost(String),
    #[error("what was read is not shown any more")]
    Gone,
}

type Answered = Result<Answer, SiteError>;

/// An edition that readers may get, and how it stands to what is shown now.
struct Readable {
    held: HeldEdition,
    generation: Generation,
    is_current: bool,
}

/// What stands at a bundle's addresses.
enum Standing {
    /// Nothing a reader may know of.
    Unknown,
    /// Withdrawn.
    Dark { what: Box<Item>, since: Timestamp, reason: Option<String> },
    /// Readers saw it, and will again: it is held back since a restore, or since its disk was lost.
    Restoring,
    /// An edition.
    Shown(Box<Readable>),
}

/// What pages tell of an edition at its addresses here.
pub(crate) fn edition(
    evidence: &Evidence,
    placed: (&Digest, Generation),
    shown_at: Option<Timestamp>,
    filled: &[Filled],
) -> Edition {
    let bundle = &evidence.manifest.bundle;
    let pinned = format!("/p/{bundle}/{}", placed.0.hex());
    let at = Addresses { pinned: &pinned, members: "/raw/", has_views: true };
    let mut edition = Edition::new(evidence, placed, shown_at, filled, at);
    edition.current_href = Some(format!("/p/{bundle}"));
    edition
}

impl Portal {
    /// What stands at the current address, or at the pinned one of `edition`. Read from the row,
    /// at every request, in one transaction.
    async fn stand(
        &self,
        bundle: &BundleId,
        edition: Option<&Digest>,
    ) -> Result<Standing, SiteError> {
        let mut tx = self.deps.db.begin_read().await?;
        let row = store::find_public_row(&mut tx, &self.channel, bundle).await?;
        let shown = row.as_ref().and_then(|row| row.shelf.shown.as_ref());
        let asked = edition.or(shown.map(|shown| &shown.edition)).cloned();
        let held = match &asked {
            Some(edition) => {
                store::find_shown_edition(&mut tx, &self.channel, bundle, edition).await?
            }
            None => store::find_last_shown(&mut tx, &self.channel, bundle).await?,
        };
        let unheeded = self.unheeded(&mut tx).await?;
        Ok(match (held, row) {
            (None, _) => Standing::Unknown,
            (Some(_), _) if unheeded.contains(bundle.as_str()) => Standing::Restoring,
            (Some(held), Some(row)) => stand(&row, held),
            // The row went with a disk; what readers saw is known still.
            (Some(HeldEdition { evidence, withdrawn_at: Some(at), .. }), None) => {
                dark(&evidence, bundle, (at, None))
            }
            (Some(_), None) => Standing::Restoring,
        })
    }

    /// Bundles that stay dark: an order about them waits, and cannot be taken in.
    async fn unheeded(&self, tx: &mut Tx) -> Result<BTreeSet<String>, StoreError> {
        lag::list_unheeded(tx, &self.deps, HANDLER, self.behind.at_most).await
    }

    fn edition(readable: &Readable) -> Edition {
        let held = &readable.held;
        let placed = (&held.edition, readable.generation);
        let mut edition = edition(&held.evidence, placed, held.first_shown_at, &held.filled);
        edition.superseded = !readable.is_current;
        edition
    }

    async fn member(&self, held: &HeldEdition, role: Role) -> Result<String, SiteError> {
        let filled = held.filled.iter().find(|filled| filled.member.role == role);
        let filled = filled.ok_or_else(|| SiteError::Lost(format!("{role:?}")))?;
        let bytes = self.deps.blobs.find(&filled.digest).await?;
        let bytes = bytes.ok_or_else(|| SiteError::Lost(filled.member.path.clone()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Whether it is still to be shown, where reading it took its time.
    async fn check_still(
        &self,
        bundle: &BundleId,
        readable: &Readable,
        begun: Instant,
    ) -> Result<(), SiteError> {
        if begun.elapsed() < SLOW {
            return Ok(());
        }
        match self.stand(bundle, Some(&readable.held.edition)).await? {
            Standing::Shown(_) => Ok(()),
            Standing::Unknown | Standing::Dark { .. } | Standing::Restoring => Err(SiteError::Gone),
        }
    }

    /// The name of the view that a text is bound to, once it is known to be readable: half a pair
    /// is not served while the other half is lost.
    async fn other_half(
        &self,
        held: &HeldEdition,
        role: Role,
    ) -> Result<Option<&'static str>, SiteError> {
        let (name, fragment) = match role {
            Role::Policy | Role::PolicyFragment => ("interpretation", Role::InterpretationFragment),
            Role::Interpretation | Role::InterpretationFragment => ("policy", Role::PolicyFragment),
            Role::Data
            | Role::Attachment
            | Role::Chart
            | Role::ChartPicture
            | Role::LongPicture
            | Role::Brochure => return Ok(None),
        };
        self.member(held, fragment).await?;
        Ok(Some(name))
    }

    /// The pair page, or the notice, or nothing.
    async fn pair_page(&self, bundle: &BundleId, edition: Option<&Digest>) -> Answered {
        match self.stand(bundle, edition).await? {
            Standing::Unknown => self.missing(),
            Standing::Restoring => self.restoring(),
            Standing::Dark { what, since, reason } => {
                let is_current = edition.is_none();
                self.notice(&what, since, reason.as_deref(), is_current)
            }
            Standing::Shown(readable) => {
                let begun = Instant::now();
                let policy = self.member(&readable.held, Role::PolicyFragment).await?;
                let interpretation =
                    self.member(&readable.held, Role::InterpretationFragment).await?;
                self.check_still(bundle, &readable, begun).await?;
                let texts = Fragments { policy: &policy, interpretation: &interpretation };
                let page = self.pages.pair(&self.site, &Self::edition(&readable), texts)?;
                Ok(Answer::page(page).of(&readable.held.edition, readable.generation))
            }
        }
    }

    fn missing(&self) -> Answered {
        let page = self.pages.missing(&self.site)?;
        Ok(Answer::page(page).of_none().with_status(StatusCode::NOT_FOUND))
    }

    fn restoring(&self) -> Answered {
        let page = self.pages.restoring(&self.site)?;
        Ok(Answer::page(page).of_none().with_status(StatusCode::SERVICE_UNAVAILABLE))
    }

    fn notice(
        &self,
        what: &Item,
        since: Timestamp,
        reason: Option<&str>,
        is_current: bool,
    ) -> Answered {
        let page = self.pages.notice(&self.site, Some(what), (since, reason), is_current)?;
        Ok(Answer::page(page).of_none().with_status(StatusCode::GONE))
    }
}

fn dark(
    evidence: &Evidence,
    bundle: &BundleId,
    (since, reason): (Timestamp, Option<String>),
) -> Standing {
    let what = Box::new(Item::new(evidence, format!("/p/{bundle}")));
    Standing::Dark { what, since, reason }
}

/// The table of what readers get, from the row and the edition that was asked for, which they saw.
fn stand(row: &Row, held: HeldEdition) -> Standing {
    if let Some(at) = held.withdrawn_at {
        let since = row.dark_since.unwrap_or(at);
        return dark(&held.evidence, &row.bundle, (since, row.dark_reason.clone()));
    }
    // Dark from the order on, also where the channel cannot write down that it is.
    if let Some(hide) = row.ordered_hide() {
        return dark(&held.evidence, &row.bundle, (hide.at, Some(hide.reason.clone())));
    }
    match &row.shelf.shown {
        None => Standing::Restoring,
        Some(shown) => Standing::Shown(Box::new(Readable {
            is_current: shown.edition == held.edition,
            generation: shown.generation,
            held,
        })),
    }
}

async fn list(Extract(portal): Extract<Portal>, headers: HeaderMap) -> Response {
    let answered = async {
        let mut tx = portal.deps.db.begin_read().await?;
        let unheeded = portal.unheeded(&mut tx).await?;
        let rows = store::list_shown(&mut tx, &portal.channel, LIST_MAX).await?;
        let mut items = vec![];
        for row in rows.iter().filter(|row| !unheeded.contains(row.bundle.as_str())) {
            let Some(shown) = &row.shelf.shown else { continue };
            let (bundle, edition) = (&row.bundle, &shown.edition);
            let held = store::find_shown_edition(&mut tx, &portal.channel, bundle, edition).await?;
            if let Some(Standing::Shown(readable)) = held.map(|held| stand(row, held)) {
                let edition = Portal::edition(&readable);
                items.push(edition.item(format!("/p/{}", row.bundle)));
            }
        }
        Ok(Answer::page(portal.pages.list(&portal.site, &items)?))
    };
    answer::respond(answered.await, &headers)
}

/// The parts of an address; what is no text at all is as unknown as any other.
type Asked<T> = Result<Path<T>, PathRejection>;

async fn current(
    Extract(portal): Extract<Portal>,
    asked: Asked<String>,
    headers: HeaderMap,
) -> Response {
    let answered = match asked.ok().and_then(|Path(bundle)| bundle.parse().ok()) {
        Some(bundle) => portal.pair_page(&bundle, None).await,
        None => portal.missing(),
    };
    answer::respond(answered, &headers)
}

fn parse(bundle: &str, edition: &str) -> Option<(BundleId, Digest)> {
    // As the header says it, or its digits alone as our addresses have it.
    let edition = edition.parse().or_else(|_| Digest::from_hex(edition)).ok()?;
    Some((bundle.parse().ok()?, edition))
}

/// The same, with what stands behind the edition.
fn parse_all(asked: Asked<(String, String, String)>) -> Option<(BundleId, Digest, String)> {
    let Path((bundle, edition, rest)) = asked.ok()?;
    let (bundle, edition) = parse(&bundle, &edition)?;
    Some((bundle, edition, rest))
}

async fn pinned(
    Extract(portal): Extract<Portal>,
    asked: Asked<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let asked = asked.ok().and_then(|Path((bundle, edition))| parse(&bundle, &edition));
    let answered = match asked {
        Some((bundle, edition)) => portal.pair_page(&bundle, Some(&edition)).await,
        None => portal.missing(),
    };
    answer::respond(answered, &headers)
}

/// One text alone, bound to the other; or the edition as data.
async fn part(
    Extract(portal): Extract<Portal>,
    asked: Asked<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let is_part = |part: &str| matches!(part, "policy" | "interpretation" | "edition.json");
    let Some((bundle, digest, part)) = parse_all(asked).filter(|(.., part)| is_part(part)) else {
        return answer::respond(portal.missing(), &headers);
    };
    let answered = async {
        let readable = match portal.stand(&bundle, Some(&digest)).await? {
            Standing::Unknown => return portal.missing(),
            Standing::Restoring => return portal.restoring(),
            Standing::Dark { what, since, reason } => {
                return portal.notice(&what, since, reason.as_deref(), false);
            }
            Standing::Shown(readable) => readable,
        };
        let begun = Instant::now();
        let pinned = format!("/p/{bundle}/{}", digest.hex());
        let answer = if part == "edition.json" {
            Answer::json(&answer::about(&readable.held, readable.generation))
        } else {
            let is_policy = part == "policy";
            let role = if is_policy { Role::PolicyFragment } else { Role::InterpretationFragment };
            let html = portal.member(&readable.held, role).await?;
            let other = portal.other_half(&readable.held, role).await?;
            let edition = Portal::edition(&readable);
            let page = portal.pages.view(&portal.site, &edition, is_policy, &html)?;
            Answer::page(page).bound(other, &pinned)
        };
        portal.check_still(&bundle, &readable, begun).await?;
        Ok(answer.of(&digest, readable.generation))
    };
    answer::respond(answered.await, &headers)
}

/// A member's bytes, slots filled, nothing else.
async fn raw(
    Extract(portal): Extract<Portal>,
    asked: Asked<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let Some((bundle, digest, path)) = parse_all(asked) else {
        return answer::respond(portal.missing(), &headers);
    };
    let answered = async {
        let readable = match portal.stand(&bundle, Some(&digest)).await? {
            Standing::Unknown => return portal.missing(),
            Standing::Restoring => return portal.restoring(),
            Standing::Dark { what, since, reason } => {
                return portal.notice(&what, since, reason.as_deref(), false);
            }
            Standing::Shown(readable) => readable,
        };
        let Some(filled) = readable.held.filled.iter().find(|f| f.member.path == path) else {
            return portal.missing();
        };
        let begun = Instant::now();
        let bytes = portal.deps.blobs.find(&filled.digest).await?;
        let bytes = bytes.ok_or_else(|| SiteError::Lost(path.clone()))?;
        let pinned = format!("/p/{bundle}/{}", digest.hex());
        let other = portal.other_half(&readable.held, filled.member.role).await?;
        portal.check_still(&bundle, &readable, begun).await?;
        let answer = Answer::member(bytes, &filled.member).bound(other, &pinned);
        Ok(answer.of(&digest, readable.generation))
    };
    answer::respond(answered.await, &headers)
}

async fn missing(Extract(portal): Extract<Portal>, headers: HeaderMap) -> Response {
    answer::respond(portal.missing(), &headers)
}
