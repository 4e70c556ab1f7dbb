//! A static folder that some web server serves: an `atomic` channel. An edition is staged outside
//! the served root, renamed in as a whole, and shown by one rename of the bundle's `current`
//! symlink. The index follows a show and precedes a hide.
//!
//! ```text
//! ROOT/index.html                            the list
//! ROOT/b/BUNDLE/current -> shown/GENERATION-EDITION     or -> withdrawn
//! ROOT/b/BUNDLE/editions/EDITION -> ../shown/…          the pinned address
//! ROOT/b/BUNDLE/shown/GENERATION-EDITION/    index.html (both texts), edition.json (both texts
//!                                            raw, the evidence), members/… (all other members)
//! ROOT/b/BUNDLE/withdrawn/                   the dated notice, the row of what was withdrawn
//! STAGING/                                   beside ROOT: staged editions and their digests,
//!                                            fences, what was shown
//! ```
//!
//! Pages name their generation; an edition that is shown again under a newer one is therefore a
//! folder of its own, and `current` still changes in one act.
//!
//! The disk holds its own fence, so that no stale worker can bring an older generation back.

mod disk;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use lockstep_gate::channel::Placed;
use lockstep_kit::{
    Deps,
    channel::{Adapter, Staged},
    failpoint,
    jobs::JobError,
    pages::{Addresses, Edition, Fragments, Item, Pages, Site},
};
use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, Incarnation},
    manifest::{Member, Role},
    release::Hide,
};

use disk::{Disk, DiskError, File, PAGE, TEXTS};

/// The folder below an edition that holds the members other than the two texts.
pub(crate) const MEMBERS: &str = "members";

/// The static folder's adapter.
#[derive(Debug, Clone)]
pub struct FolderAdapter {
    deps: Deps,
    disk: Arc<Mutex<Disk>>,
    pages: Arc<Pages>,
    site: Site,
}

impl FolderAdapter {
    /// A folder served from `root`; `staging` lies on the same file system, outside `root`.
    pub fn new(deps: Deps, root: PathBuf, staging: PathBuf, pages: Arc<Pages>) -> Self {
        let site = Site { name: deps.settings.site_name.clone(), home: "/".to_owned() };
        let disk = Arc::new(Mutex::new(Disk { root, staging }));
        Self { deps, disk, pages, site }
    }

    /// Takes the folder as this channel's, before anything else. Refuses, in words, one that holds what
    /// is not ours, and to leave one that still shows something; a disk that is sick is looked at again later.
    pub async fn claim(&self) -> Result<(), String> {
        let claimed = self.with_disk("claim".to_owned(), |_, disk| match disk.claim() {
            Err(error @ (DiskError::Foreign { .. } | DiskError::Left { .. })) => {
                Ok(Err(error.to_string()))
            }
            claimed => claimed.map(Ok),
        });
        claimed.await.unwrap_or_else(|error| {
            tracing::error!(error = %lockstep_kit::Chain(&error), "the folder cannot be looked at yet");
            Ok(())
        })
    }

    /// Disk work, one at a time, off the async threads. `step` is its name for tests.
    async fn with_disk<T: Send + 'static>(
        &self,
        step: String,
        work: impl FnOnce(&Self, &Disk) -> Result<T, DiskError> + Send + 'static,
    ) -> Result<T, JobError> {
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            // A worker that panicked left files that the next act checks or writes anew.
            let disk = this.disk.lock().unwrap_or_else(PoisonError::into_inner);
            // No other thread of ours can hold the lock at these points: a process that falls asleep
            // there keeps its twin off nothing.
            failpoint::crash("unlocked", &step);
            let lock = disk.lock()?;
            let done = work(&this, &disk);
            drop(lock);
            failpoint::crash("freed", &step);
            done
        });
        let done = done
            .await
            .map_err(|_| JobError::Failed("磁盘操作中断 / disk work was cut off".to_owned()))?;
        done.map_err(|error| {
            let why = lockstep_kit::Chain(&error).to_string();
            match error {
                DiskError::NotStaged(_) | DiskError::Damaged { .. } => JobError::NotHeld(why),
                DiskError::Busy { .. } => JobError::Later(why),
                DiskError::Io { .. }
                | DiskError::Differs { .. }
                | DiskError::Fenced { .. }
                | DiskError::Newer { .. }
                | DiskError::Foreign { .. }
                | DiskError::Left { .. }
                | DiskError::Page(_) => JobError::Failed(why),
            }
        })
    }

    /// The list of what the disk shows.
    fn index(&self, items: &[Item]) -> Result<Vec<u8>, DiskError> {
        let page = self.pages.list(&self.site, items);
        page.map(String::into_bytes).map_err(|error| DiskError::Page(error.to_string()))
    }
}

#[async_trait]
impl Adapter for FolderAdapter {
    async fn life(&self) -> Result<Incarnation, JobError> {
        let fresh: Incarnation = self.deps.ids.fresh();
        let epoch = self.deps.settings.epoch;
        self.with_disk("life".to_owned(), move |this, disk| {
            let life = disk.life(fresh, epoch)?;
            if !disk.root.join(PAGE).exists() {
                disk.write_index(&this.index(&disk.list(None)?)?)?;
            }
            Ok(life)
        })
        .await
    }

    async fn stage(&self, staged: &Staged<'_>) -> Result<(), JobError> {
        let bundle = staged.evidence.manifest.bundle.clone();
        let placed = staged.placed.clone();
        let files = edition_files(self, staged)?;
        self.with_disk(format!("stage {}", staged.placed.generation), move |_, disk| {
            disk.stage(&bundle, &placed, &files)
        })
        .await
    }

    async fn show(&self, bundle: &BundleId, placed: &Placed) -> Result<(), JobError> {
        let (bundle, placed) = (bundle.clone(), placed.clone());
        let at = self.deps.clock.now();
        self.with_disk(format!("show {}", placed.generation), move |this, disk| {
            disk.show(&bundle, &placed, at)?;
            disk.write_index(&this.index(&disk.list(None)?)?)
        })
        .await
    }

    async fn check(&self, bundle: &BundleId, placed: &Placed) -> Result<bool, JobError> {
        let (bundle, placed) = (bundle.clone(), placed.clone());
        self.with_disk(format!("check {}", placed.generation), move |_, disk| {
            disk.check(&bundle, &placed)
        })
        .await
    }

    async fn hide(&self, hide: &Hide) -> Result<(), JobError> {
        let hide = hide.clone();
        self.with_disk(format!("hide {}", hide.generation), move |this, disk| {
            // The index first; but what is wrong with other bundles must not keep this one lit.
            let index = disk
                .list(Some(&hide.bundle))
                .and_then(|items| this.index(&items))
                .and_then(|page| disk.write_index(&page));
            disk.hide(&hide.bundle, hide.generation, |item| {
                let page = this.pages.notice(&this.site, item, (hide.at, Some(&hide.reason)), true);
                page.map(String::into_bytes).map_err(|error| DiskError::Page(error.to_string()))
            })?;
            index
        })
        .await
    }
}

/// The files of one edition: the page with both texts, one file with both texts raw, the rest.
fn edition_files(adapter: &FolderAdapter, staged: &Staged<'_>) -> Result<Vec<File>, JobError> {
    let text_of = |role: Role| {
        staged
            .members
            .iter()
            .find(|(filled, _)| filled.member.role == role)
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
            .unwrap_or_default()
    };
    let filled: Vec<_> = staged.members.iter().map(|(filled, _)| filled.clone()).collect();
    let bundle = &staged.evidence.manifest.bundle;
    let pinned = format!("/b/{bundle}/editions/{}", staged.placed.edition.hex());
    let at = Addresses { pinned: &pinned, members: "/members/", has_views: false };
    let placed = (&staged.placed.edition, staged.placed.generation);
    // The day it will be shown is not known yet.
    let mut edition = Edition::new(staged.evidence, placed, None, &filled, at);
    // The same file stands at the current and at the pinned address, and outlives a correction.
    let current = format!("/b/{bundle}/current/");
    edition.is_file = true;
    edition.current_href = Some(current.clone());
    let (policy, interpretation) =
        (text_of(Role::PolicyFragment), text_of(Role::InterpretationFragment));
    let page = adapter
        .pages
        .pair(
            &adapter.site,
            &edition,
            Fragments { policy: &policy, interpretation: &interpretation },
        )
        .map_err(|error| JobError::Failed(error.to_string()))?;
    // Whatever carries the policy holds the interpretation too: raw texts and fragments travel in
    // one file, not beside each other.
    let texts: BTreeMap<String, String> = staged
        .members
        .iter()
        .filter(|(filled, _)| filled.member.role.has_slots())
        .map(|(filled, bytes)| {
            (filled.member.path.clone(), String::from_utf8_lossy(bytes).into_owned())
        })
        .collect();
    let object = disk::Object {
        edition: staged.placed.edition.clone(),
        generation: staged.placed.generation,
        item: edition.item(current),
        texts,
    };
    let object = serde_json::to_vec(&object).map_err(|error| {
        JobError::Failed(format!("edition.json 无法写入 / cannot be written: {error}"))
    })?;
    let mut files = vec![
        File { path: PathBuf::from(PAGE), bytes: page.into_bytes() },
        File { path: PathBuf::from(TEXTS), bytes: object },
    ];
    files.extend(staged.members.iter().filter(|(f, _)| !f.member.role.has_slots()).map(
        |(filled, bytes)| File {
            path: Path::new(MEMBERS).join(&filled.member.path),
            bytes: bytes.clone(),
        },
    ));
    Ok(files)
}

/// A bundle's current address on disk.
pub(crate) fn current(root: &Path, bundle: &BundleId) -> PathBuf {
    root.join("b").join(bundle.as_str()).join("current")
}

/// The edition that a current address leads to; none after a withdrawal.
pub(crate) fn shown_edition(current: &Path) -> Option<Digest> {
    let target = std::fs::read_link(current).ok()?;
    disk::edition_of(target.file_name()?.to_str()?)
}

/// Path to digest of the members that readers of a current address get. A fragment that the page
/// does not hold is left out.
pub(crate) fn read_members(current: &Path, members: &[Member]) -> BTreeMap<String, Digest> {
    let page = std::fs::read_to_string(current.join(PAGE)).unwrap_or_default();
    let object: Option<disk::Object> = std::fs::read(current.join(TEXTS))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let texts = object.map(|object| object.texts).unwrap_or_default();
    members
        .iter()
        .filter_map(|member| {
            let bytes = if member.role.has_slots() {
                let text = texts.get(&member.path)?.clone();
                let is_in_page = !member.role.is_rendered() || page.contains(text.as_str());
                is_in_page.then(|| text.into_bytes())?
            } else {
                std::fs::read(current.join(MEMBERS).join(&member.path)).ok()?
            };
            Some((member.path.clone(), Digest::of(&bytes)))
        })
        .collect()
}
