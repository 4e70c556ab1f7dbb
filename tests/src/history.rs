//! The history checker: DESIGN §0 over everything that watchers saw of one bundle, from its
//! submission until it went dark. It finds no violation, or it says which.

use std::collections::{BTreeMap, BTreeSet};

use lockstep_proto::release::Generation;

/// Where something was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// The portal's current address.
    PortalCurrent,
    /// The portal's list.
    PortalList,
    /// An address of the portal with an edition's digest in it.
    PortalPinned {
        /// The digest's digits.
        edition: String,
        /// One of [`PARTS`].
        part: &'static str,
    },
    /// The folder's current page.
    FolderCurrent,
    /// The folder's current `edition.json`.
    FolderObject,
    /// The folder's list.
    FolderList,
    /// An edition's page in the folder.
    FolderPinned(String),
}

/// What follows an edition's pinned address: the pair, each text alone, the edition as data.
pub const PARTS: [&str; 6] =
    ["", "/policy", "/interpretation", "/edition.json", "/raw/policy.md", "/raw/interpretation.md"];

/// One response.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Where.
    pub place: Where,
    /// The newest version whose window might have been open when the answer was complete; 0: none.
    pub allowed: u32,
    /// HTTP status; 200 for files.
    pub status: u16,
    /// The edition that the response names, the digest's digits.
    pub edition: Option<String>,
    /// As the response names it.
    pub generation: Option<Generation>,
    /// Versions of the policy it holds.
    pub policies: Vec<u32>,
    /// Versions of the interpretation it holds.
    pub interpretations: Vec<u32>,
    /// Whether it names the bundle.
    pub is_listed: bool,
}

impl Seen {
    fn is_current(&self) -> bool {
        matches!(self.place, Where::PortalCurrent | Where::FolderCurrent | Where::FolderObject)
    }

    fn is_list(&self) -> bool {
        matches!(self.place, Where::PortalList | Where::FolderList)
    }

    /// One text alone, bound to the other by links: the story follows them.
    fn is_bound(&self) -> bool {
        matches!(&self.place, Where::PortalPinned { part, .. } if !matches!(*part, "" | "/edition.json"))
    }

    /// A texts' version, of whichever text it holds.
    fn version(&self) -> Option<u32> {
        self.policies.iter().chain(&self.interpretations).max().copied()
    }
}

/// Every violation of the invariant in what was seen, in order per channel.
pub fn violations(history: &[Seen]) -> Vec<String> {
    let mut checker = Checker::default();
    for seen in history {
        checker.embargo(seen);
        checker.unit(seen);
        if seen.is_current() {
            checker.monotone(seen);
        }
        checker.lists(seen);
        checker.pinned(seen);
    }
    checker.found
}

#[derive(Default)]
struct Checker<'h> {
    found: Vec<String>,
    /// The newest version and generation at each current address.
    newest: BTreeMap<&'h Where, (u32, Option<Generation>)>,
    /// Current addresses that went dark.
    dark: BTreeSet<&'h Where>,
    /// Editions that the portal's current address named, or that were met after it showed them.
    released: BTreeSet<&'h str>,
    /// Answers of pinned addresses that the current address has yet to bear out.
    unproven: Vec<&'h Seen>,
    /// Editions that a pinned address showed, with the versions each address held.
    pinned: BTreeMap<&'h Where, (&'h [u32], &'h [u32])>,
    /// Editions that a pinned address said are withdrawn.
    gone: BTreeSet<&'h str>,
}

impl<'h> Checker<'h> {
    fn say(&mut self, what: &str, seen: &Seen) {
        self.found.push(format!("{what}: {seen:?}"));
    }

    /// Nothing before the window, not even the bundle's name, or that there is an edition.
    fn embargo(&mut self, seen: &Seen) {
        let is_told = seen.allowed == 0
            && (seen.is_listed || (!seen.is_list() && matches!(seen.status, 200 | 410)));
        if is_told || seen.version().is_some_and(|version| version > seen.allowed) {
            self.say("before the window", seen);
        }
    }

    /// A policy comes with its own interpretation, whole, and never two editions in one.
    fn unit(&mut self, seen: &Seen) {
        if !seen.is_bound() && seen.policies != seen.interpretations {
            self.say("half or mixed pair", seen);
        }
        if seen.policies.len() > 1 || seen.interpretations.len() > 1 {
            self.say("two editions in one", seen);
        }
    }

    /// Neither the version nor the generation at a current address goes back; once shown, it
    /// answers with a pair or with the notice; once dark, it stays dark.
    fn monotone(&mut self, seen: &'h Seen) {
        let (version, generation) = self.newest.get(&seen.place).copied().unwrap_or((0, None));
        if let Some(shown) = seen.policies.first() {
            if *shown < version || seen.generation < generation {
                self.say(&format!("went back from {version} {generation:?}"), seen);
            }
            if self.dark.contains(&seen.place) {
                self.say("shown again after dark", seen);
            }
            self.newest.insert(&seen.place, (*shown, seen.generation));
        } else if seen.status == 410 || (version > 0 && seen.place == Where::FolderCurrent) {
            self.dark.insert(&seen.place);
        }
        if version > 0 && seen.status == 404 {
            self.say("vanished", seen);
        }
    }

    /// A list names nothing that its channel has darkened.
    fn lists(&mut self, seen: &Seen) {
        let is_dark = match seen.place {
            Where::PortalList => self.dark.contains(&Where::PortalCurrent),
            Where::FolderList => self.dark.contains(&Where::FolderCurrent),
            Where::PortalCurrent
            | Where::PortalPinned { .. }
            | Where::FolderCurrent
            | Where::FolderObject
            | Where::FolderPinned(_) => false,
        };
        if is_dark && seen.is_listed {
            self.say("listed after dark", seen);
        }
    }

    /// A pinned address returns its own edition and no other, from the moment the current address
    /// shows it; after dark the notice, for ever.
    fn pinned(&mut self, seen: &'h Seen) {
        match &seen.place {
            Where::PortalCurrent => self.bear_out(seen),
            Where::PortalPinned { edition, .. } => match seen.status {
                200 => self.shown_pinned(seen, edition),
                410 => {
                    self.gone.insert(edition);
                }
                404 if self.released.contains(edition.as_str()) => {
                    self.say("pinned address vanished", seen);
                }
                // Out of order for a moment; or not released yet, and nobody is told.
                _ => {}
            },
            Where::PortalList
            | Where::FolderCurrent
            | Where::FolderObject
            | Where::FolderList
            // The folder moves its editions in before the flip and out after it: that they are
            // whole is all that is asked of them.
            | Where::FolderPinned(_) => {}
        }
    }

    fn shown_pinned(&mut self, seen: &'h Seen, edition: &'h str) {
        if self.dark.contains(&Where::PortalCurrent) || self.gone.contains(edition) {
            self.say("pinned address shown after dark", seen);
        }
        let texts = (seen.policies.as_slice(), seen.interpretations.as_slice());
        let first = *self.pinned.entry(&seen.place).or_insert(texts);
        if first != texts || seen.edition.as_deref() != Some(edition) {
            self.say("pinned address holds another edition", seen);
        }
        if !self.released.contains(edition) {
            self.unproven.push(seen);
        }
    }

    /// The flip may lie between two questions: the answer after a pinned address's first must be
    /// that edition, a newer generation, or the notice.
    fn bear_out(&mut self, seen: &'h Seen) {
        if !matches!(seen.status, 200 | 404 | 410) {
            return;
        }
        for early in std::mem::take(&mut self.unproven) {
            let is_released = match seen.status {
                200 => seen.edition == early.edition || seen.generation > early.generation,
                410 => true,
                _ => false,
            };
            if !is_released {
                self.say("pinned address shown before its release", early);
            } else if let Some(edition) = &early.edition {
                self.released.insert(edition);
            }
        }
        if let (200, Some(edition)) = (seen.status, &seen.edition) {
            self.released.insert(edition);
        }
    }
}

#[cfg(test)]
mod tests;
