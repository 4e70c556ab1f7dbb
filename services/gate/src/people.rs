//! Who may do what: persons and keys, as the deployment root key signed them.

use std::collections::BTreeMap;

use lockstep_proto::{
    digest::Digest,
    ids::{PersonId, Role},
    people::{KeyRecord, KeyRevocation, PersonRecord},
    sign_off::Chain,
    signed::{PublicKey, Signed, Statement},
};

/// Persons and keys that are known here. Whoever fills it has checked the root's signatures.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    persons: BTreeMap<PersonId, PersonRecord>,
    keys: BTreeMap<Digest, Key>,
}

/// A key that is known here.
#[derive(Debug, Clone)]
pub struct Key {
    /// Whose.
    pub person: PersonId,
    /// The public part.
    pub public: PublicKey,
    /// Whether it ended.
    pub is_revoked: bool,
}

impl Directory {
    /// Takes a person's record in, unless a later one is known.
    pub fn record_person(&mut self, record: PersonRecord) {
        if self.persons.get(&record.person).is_none_or(|known| known.at <= record.at) {
            self.persons.insert(record.person.clone(), record);
        }
    }

    /// Takes a key in.
    pub fn record_key(&mut self, record: KeyRecord) {
        let key = Key { person: record.person, public: record.public, is_revoked: false };
        self.keys.entry(key.public.id()).or_insert(key);
    }

    /// Ends a key. Returns whether the key is known.
    pub fn revoke_key(&mut self, revocation: &KeyRevocation) -> bool {
        self.keys.get_mut(&revocation.key).is_some_and(|key| {
            key.is_revoked = true;
            true
        })
    }

    /// Everyone, by id.
    pub fn persons(&self) -> impl Iterator<Item = &PersonRecord> {
        self.persons.values()
    }

    /// A person's keys that are in force.
    pub fn keys_of(&self, person: &PersonId) -> impl Iterator<Item = &PublicKey> {
        let of = move |key: &&Key| key.person == *person && !key.is_revoked;
        self.keys.values().filter(of).map(|key| &key.public)
    }

    /// The person, if known.
    pub fn find_person(&self, person: &PersonId) -> Option<&PersonRecord> {
        self.persons.get(person)
    }

    /// The key, if known.
    pub fn find_key(&self, id: &Digest) -> Option<&Key> {
        self.keys.get(id)
    }

    /// Whether the person holds the role now.
    pub fn holds(&self, person: &PersonId, role: &Role) -> bool {
        self.find_person(person).is_some_and(|record| record.roles.contains(role))
    }

    /// Whether the person holds the role of the chain's last step 签发: who ordered the release may
    /// also end it.
    pub fn may_order(&self, person: &PersonId, chain: &Chain) -> bool {
        chain.last().is_some_and(|step| self.holds(person, &step.role))
    }

    /// Whether a key of this person that is in force made the signature, and is the one that the
    /// statement itself names.
    pub fn is_signed_by<T: Statement>(
        &self,
        person: &PersonId,
        named: &Digest,
        signed: &Signed<T>,
    ) -> bool {
        named == signed.key_id()
            && self.find_key(signed.key_id()).is_some_and(|key| {
                key.person == *person && !key.is_revoked && signed.verify(&key.public).is_ok()
            })
    }
}
