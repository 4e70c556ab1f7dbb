//! Watchers: they ask every channel all the while and record what comes back.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use lockstep_proto::{ids::BundleId, release::Generation};
use tokio_util::task::TaskTracker;

use crate::{
    bundles::{interpretation_mark, policy_mark},
    history::{Seen, Where},
    site::Site,
};

/// Records what every channel shows of one bundle.
pub struct Watch {
    seen: Arc<Mutex<Vec<Seen>>>,
    allowed: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
    tasks: TaskTracker,
}

/// What a watcher looks for.
#[derive(Clone)]
struct Looker {
    name: String,
    bundle: BundleId,
    public: String,
    served: PathBuf,
    seen: Arc<Mutex<Vec<Seen>>>,
    allowed: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    /// Begins to watch. Until [`Watch::open`] nothing may be seen.
    pub fn begin(site: &Site, name: &str, bundle: &BundleId) -> Self {
        let looker = Looker {
            name: name.to_owned(),
            bundle: bundle.clone(),
            public: site.public(),
            served: site.served(),
            seen: Arc::default(),
            allowed: Arc::default(),
            stop: Arc::default(),
        };
        let (seen, allowed, stop) =
            (looker.seen.clone(), looker.allowed.clone(), looker.stop.clone());
        let tasks = TaskTracker::new();
        tasks.spawn(looker.clone().watch_portal());
        tasks.spawn_blocking(move || looker.watch_folder());
        tasks.close();
        Self { seen, allowed, stop, tasks }
    }

    /// From now on versions up to this one may be seen: called before the clock is moved.
    pub fn open(&self, version: u32) {
        self.allowed.store(version, Ordering::SeqCst);
    }

    /// How many responses were recorded so far.
    pub fn count(&self) -> usize {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Ends the watch and gives what was seen, in order per place.
    pub async fn end(mut self) -> Vec<Seen> {
        self.stop.store(true, Ordering::SeqCst);
        std::mem::take(&mut self.tasks).wait().await;
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A test that fails must not wait for its watchers.
impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

impl Looker {
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    fn record(
        &self,
        place: Where,
        allowed: u32,
        status: u16,
        generation: Option<Generation>,
        body: &str,
    ) {
        let versions = |mark: fn(&str, u32) -> String| {
            (1..=3).filter(|v| body.contains(&mark(&self.name, *v))).collect()
        };
        let seen = Seen {
            place,
            allowed,
            status,
            generation,
            policies: versions(policy_mark),
            interpretations: versions(interpretation_mark),
            is_listed: body.contains(self.bundle.as_str()),
        };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }

    async fn watch_portal(self) {
        let Ok(http) = reqwest::Client::builder().timeout(Duration::from_secs(5)).build() else {
            return;
        };
        let mut pinned: Vec<String> = vec![];
        while !self.is_over() {
            let current = format!("/p/{}", self.bundle);
            let mut places =
                vec![(Where::PortalCurrent, current), (Where::PortalList, "/".to_owned())];
            places.extend(
                pinned.iter().map(|path| (Where::PortalPinned(path.clone()), path.clone())),
            );
            for (place, path) in places {
                // Whatever was not allowed when the question was asked was not allowed.
                let Ok(response) = http.get(format!("{}{path}", self.public)).send().await else {
                    tokio::task::yield_now().await;
                    continue;
                };
                let status = response.status().as_u16();
                let header = |name: &str| {
                    response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned)
                };
                let generation = header("lockstep-generation").and_then(|text| parse(&text));
                let edition = header("lockstep-edition");
                let Ok(body) = response.text().await else { continue };
                let allowed = self.allowed.load(Ordering::SeqCst);
                self.record(place, allowed, status, generation, &body);
                if let Some(hex) = edition.as_deref().and_then(|e| e.strip_prefix("sha256:")) {
                    let base = format!("/p/{}/{hex}", self.bundle);
                    if !pinned.contains(&base) {
                        pinned.push(format!("{base}/raw/policy.md"));
                        pinned.push(format!("{base}/raw/interpretation.md"));
                        pinned.push(base);
                    }
                }
            }
        }
    }

    fn watch_folder(self) {
        let bundle = self.served.join("b").join(self.bundle.as_str());
        while !self.is_over() {
            // A reader's request resolves the symlink once; so does one open of one file.
            for (place, path) in [
                (Where::FolderCurrent, bundle.join("current/index.html")),
                (Where::FolderObject, bundle.join("current/edition.json")),
                (Where::FolderList, self.served.join("index.html")),
            ] {
                if let Ok(body) = std::fs::read_to_string(path) {
                    let allowed = self.allowed.load(Ordering::SeqCst);
                    self.record(place, allowed, 200, None, &body);
                }
            }
            let editions = std::fs::read_dir(bundle.join("editions")).into_iter().flatten();
            for entry in editions.flatten() {
                if let Ok(body) = std::fs::read_to_string(entry.path().join("index.html")) {
                    let allowed = self.allowed.load(Ordering::SeqCst);
                    let name = entry.file_name().to_string_lossy().into_owned();
                    self.record(Where::FolderPinned(name), allowed, 200, None, &body);
                }
            }
            std::thread::yield_now();
        }
    }
}

fn parse(text: &str) -> Option<Generation> {
    let (epoch, n) = text.split_once('.')?;
    Some(Generation { epoch: epoch.parse().ok()?, n: n.parse().ok()? })
}
