//! Watchers: they ask every channel all the while and record what comes back.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use lockstep_proto::{digest::Digest, ids::BundleId, release::Generation};
use tokio_util::task::TaskTracker;

use crate::{
    bundles::{interpretation_mark, policy_mark},
    history::{PARTS, Seen, Where},
    site::Site,
};

/// Records what every channel shows of one bundle.
pub struct Watch {
    seen: Arc<Mutex<Vec<Seen>>>,
    editions: Arc<Mutex<Vec<String>>>,
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
    /// Editions whose pinned addresses are asked too, the digests' digits.
    editions: Arc<Mutex<Vec<String>>>,
    allowed: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    /// Begins to watch. Until [`Watch::open`] nothing may be seen.
    pub fn begin(site: &Site, name: &str, bundle: &BundleId) -> Self {
        Self::begin_open(site, name, bundle, 0)
    }

    /// Begins to watch what may be seen already, up to this version: the first answer may come before
    /// anybody could call [`Watch::open`].
    pub fn begin_open(site: &Site, name: &str, bundle: &BundleId, version: u32) -> Self {
        let looker = Looker {
            name: name.to_owned(),
            bundle: bundle.clone(),
            public: site.public(),
            served: site.served(),
            seen: Arc::default(),
            editions: Arc::default(),
            allowed: Arc::new(AtomicU32::new(version)),
            stop: Arc::default(),
        };
        let (seen, editions) = (looker.seen.clone(), looker.editions.clone());
        let (allowed, stop) = (looker.allowed.clone(), looker.stop.clone());
        let tasks = TaskTracker::new();
        tasks.spawn(looker.clone().watch_portal());
        tasks.spawn_blocking(move || looker.watch_folder());
        tasks.close();
        Self { seen, editions, allowed, stop, tasks }
    }

    /// From now on versions up to this one may be seen: called before the clock is moved.
    pub fn open(&self, version: u32) {
        self.allowed.store(version, Ordering::SeqCst);
    }

    /// From now on the pinned addresses of this edition are asked too, as by somebody who knows its
    /// digest. Editions that the portal names are learned by themselves.
    pub fn learn(&self, edition: &Digest) {
        learn(&self.editions, edition.hex());
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

    fn record(&self, place: Where, status: u16, named: Named, body: &str) {
        // Whatever was not allowed when the answer was complete was not allowed.
        let allowed = self.allowed.load(Ordering::SeqCst);
        let versions = |mark: fn(&str, u32) -> String| {
            (1..=3).filter(|v| body.contains(&mark(&self.name, *v))).collect()
        };
        let seen = Seen {
            place,
            allowed,
            status,
            edition: named.edition,
            generation: named.generation,
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
        let mut round = 0;
        while !self.is_over() {
            round += 1;
            for (place, path) in self.places(round) {
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
                let edition = edition.and_then(|e| e.strip_prefix("sha256:").map(str::to_owned));
                let Ok(body) = response.text().await else { continue };
                if let Some(hex) = &edition {
                    learn(&self.editions, hex);
                }
                self.record(place, status, Named { edition, generation }, &body);
            }
        }
    }

    /// What is asked of the portal in this round, with its path: the current address and the list
    /// each time, pinned ones by turns.
    fn places(&self, round: usize) -> Vec<(Where, String)> {
        let current = format!("/p/{}", self.bundle);
        let editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let pinned = editions.iter().flat_map(|edition| PARTS.map(|part| (edition, part)));
        let turn = round % (editions.len() * PARTS.len()).max(1);
        let pinned = pinned.skip(turn).take(1).map(|(edition, part)| {
            let place = Where::PortalPinned { edition: edition.clone(), part };
            (place, format!("{current}/{edition}{part}"))
        });
        let pinned = pinned.collect::<Vec<_>>();
        let always = [(Where::PortalCurrent, current), (Where::PortalList, "/".to_owned())];
        always.into_iter().chain(pinned).collect()
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
                    self.record(place, 200, Named::default(), &body);
                }
            }
            let editions = std::fs::read_dir(bundle.join("editions")).into_iter().flatten();
            for entry in editions.flatten() {
                if let Ok(body) = std::fs::read_to_string(entry.path().join("index.html")) {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    self.record(Where::FolderPinned(name), 200, Named::default(), &body);
                }
            }
            std::thread::yield_now();
        }
    }
}

/// What a response's headers name.
#[derive(Debug, Default)]
struct Named {
    edition: Option<String>,
    generation: Option<Generation>,
}

fn learn(editions: &Mutex<Vec<String>>, hex: &str) {
    let mut editions = editions.lock().unwrap_or_else(PoisonError::into_inner);
    if !editions.iter().any(|known| known == hex) {
        editions.push(hex.to_owned());
    }
}

fn parse(text: &str) -> Option<Generation> {
    let (epoch, n) = text.split_once('.')?;
    Some(Generation { epoch: epoch.parse().ok()?, n: n.parse().ok()? })
}
