//! The history checker: DESIGN §0 over everything that watchers saw. It finds no violation, or it
//! says which.

use std::collections::BTreeMap;

use lockstep_proto::release::Generation;

/// Where something was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// The portal's current address.
    PortalCurrent,
    /// The portal's list.
    PortalList,
    /// An address of the portal with a digest in it.
    PortalPinned(String),
    /// The folder's current page.
    FolderCurrent,
    /// The folder's current `edition.json`.
    FolderObject,
    /// The folder's list.
    FolderList,
    /// An edition's page in the folder.
    FolderPinned(String),
}

/// One response.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Where.
    pub place: Where,
    /// The newest version whose window might have been open when the answer was complete; 0: none.
    pub allowed: u32,
    /// HTTP status; 200 for files.
    pub status: u16,
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

    fn is_raw(&self) -> bool {
        matches!(&self.place, Where::PortalPinned(path) if path.contains("/raw/"))
    }
}

/// Every violation of the invariant in what was seen.
pub fn violations(history: &[Seen]) -> Vec<String> {
    let mut found = vec![];
    let mut newest: BTreeMap<&Where, (u32, Option<Generation>)> = BTreeMap::new();
    let mut was_dark: BTreeMap<&Where, bool> = BTreeMap::new();
    for seen in history {
        // Embargo: nothing before the window, not even its name.
        let newest_seen = seen.policies.iter().chain(&seen.interpretations).max();
        if newest_seen.is_some_and(|version| *version > seen.allowed)
            || (seen.allowed == 0 && seen.is_listed)
        {
            found.push(format!("before the window: {seen:?}"));
        }
        // Unit: a policy comes with its own interpretation, whole, and never two editions in one.
        // Raw members at pinned addresses are bound instead: the story follows their links.
        if !seen.is_raw() {
            if seen.policies != seen.interpretations {
                found.push(format!("half or mixed pair: {seen:?}"));
            }
            if seen.policies.len() > 1 {
                found.push(format!("two editions in one: {seen:?}"));
            }
        }
        if !seen.is_current() {
            continue;
        }
        // Monotone: neither the version nor the generation at a current address goes back.
        let entry = newest.entry(&seen.place).or_insert((0, None));
        if let Some(version) = seen.policies.first() {
            if *version < entry.0 || seen.generation < entry.1 {
                found.push(format!("went back from {entry:?}: {seen:?}"));
            }
            if was_dark.get(&seen.place).copied().unwrap_or_default() {
                found.push(format!("shown again after dark: {seen:?}"));
            }
            *entry = (*version, seen.generation);
        } else if entry.0 > 0 && (seen.status == 410 || matches!(seen.place, Where::FolderCurrent))
        {
            was_dark.insert(&seen.place, true);
        }
        // Once shown, a current address answers with a pair or with the notice, never with nothing.
        if entry.0 > 0 && seen.status == 404 {
            found.push(format!("vanished: {seen:?}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(place: Where, policies: &[u32], interpretations: &[u32]) -> Seen {
        Seen {
            place,
            allowed: 2,
            status: 200,
            generation: None,
            policies: policies.to_vec(),
            interpretations: interpretations.to_vec(),
            is_listed: true,
        }
    }

    #[test]
    fn each_kind_of_violation_is_found() {
        let current = || Where::PortalCurrent;
        let good = [seen(current(), &[1], &[1]), seen(current(), &[2], &[2])];
        assert_eq!(violations(&good), Vec::<String>::new());
        let half = [seen(current(), &[1], &[])];
        let mixed = [seen(Where::FolderCurrent, &[1], &[2])];
        let back = [seen(current(), &[2], &[2]), seen(current(), &[1], &[1])];
        let early = [Seen { allowed: 0, ..seen(Where::PortalList, &[], &[]) }];
        let dark = Seen { status: 410, ..seen(current(), &[], &[]) };
        let again = [seen(current(), &[1], &[1]), dark, seen(current(), &[2], &[2])];
        let gone = Seen { status: 404, ..seen(current(), &[], &[]) };
        let vanished = [seen(current(), &[1], &[1]), gone];
        for history in [&half[..], &mixed, &back, &early, &again, &vanished] {
            assert_eq!(violations(history).len(), 1, "{history:?}");
        }
    }
}
