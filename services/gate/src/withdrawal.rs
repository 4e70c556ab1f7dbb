//! Who may withdraw what: a withdrawal 撤回 is signed like a sign-off, by whoever may order the
//! release, and names what is in force.

use lockstep_proto::{
    digest::Digest,
    ids::{BundleId, DeploymentId, PersonId},
    release::{Generation, Withdrawal},
    sign_off::Chain,
    signed::Signed,
};

use crate::people::Directory;

/// What may be withdrawn now.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'a> {
    /// This deployment.
    pub deployment: &'a DeploymentId,
    /// The bundle.
    pub bundle: &'a BundleId,
    /// What readers see, or what is on its way to them.
    pub manifest: &'a Digest,
    /// The generation in force.
    pub generation: Generation,
    /// The chain whose last step ordered it.
    pub chain: &'a Chain,
}

/// Why a withdrawal does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not by whoever may order.
    #[error("{0} 不具备签发环节的角色 / does not hold the last step's role")]
    WrongRole(PersonId),
    /// Not signed by this person, or not about this bundle.
    #[error("撤回令的签名无效 / the withdrawal's signature does not hold")]
    BadSignature,
    /// Another manifest or generation is in force by now.
    #[error("发布代次已变为 {0}，请重新确认 / the generation is {0} by now; look again")]
    Stale(Generation),
}

/// Whether `person` may withdraw by this statement what is in force.
pub fn check(
    withdrawal: &Signed<Withdrawal>,
    person: &PersonId,
    in_force: &InForce<'_>,
    directory: &Directory,
) -> Result<(), Refusal> {
    let statement = withdrawal.statement();
    if !directory.may_order(person, in_force.chain) {
        return Err(Refusal::WrongRole(person.clone()));
    }
    let is_own = statement.person == *person
        && statement.deployment == *in_force.deployment
        && statement.bundle == *in_force.bundle
        && directory.is_signed_by(person, &statement.key, withdrawal);
    if !is_own {
        return Err(Refusal::BadSignature);
    }
    // What the person looked at is what goes dark, nothing that came since.
    let is_in_force =
        statement.manifest == *in_force.manifest && statement.generation == in_force.generation;
    if is_in_force { Ok(()) } else { Err(Refusal::Stale(in_force.generation)) }
}

#[cfg(test)]
mod tests {
    use lockstep_proto::{
        document::Document,
        people::{KeyRecord, KeySchema, PersonRecord, PersonSchema},
        release::WithdrawalSchema,
        sign_off::ChainSchema,
        signed::{Algorithm, PrivateKey},
        time::Timestamp,
    };

    use super::*;
    use crate::profile;

    fn key(person: &str) -> PrivateKey {
        let seed = u8::try_from(person.len()).unwrap();
        PrivateKey::from_seed([seed; 32])
    }

    fn directory() -> Directory {
        let (deployment, at) = ("d".parse().unwrap(), Timestamp::from_micros(0));
        let mut directory = Directory::default();
        for (person, role) in [("gu", "issuer"), ("shen", "reviewer")] {
            directory.record_person(PersonRecord {
                schema: PersonSchema,
                deployment: DeploymentId::clone(&deployment),
                person: person.parse().unwrap(),
                name: person.to_owned(),
                agency: "示例局".to_owned(),
                roles: vec![role.parse().unwrap()],
                token: Digest::of(person.as_bytes()),
                at,
            });
            directory.record_key(KeyRecord {
                schema: KeySchema,
                deployment: deployment.clone(),
                person: person.parse().unwrap(),
                public: key(person).public(),
                at,
            });
        }
        directory
    }

    /// What is said of a withdrawal by `gu` that `change` made otherwise and `signer` signed.
    fn said(change: fn(&mut Withdrawal), signer: &str, brought_by: &str) -> Result<(), Refusal> {
        let manifest = Digest::of(b"manifest");
        let generation = Generation { epoch: 1, n: 2 };
        let (_, chain) = profile::shanghai().unwrap();
        let mut statement = Withdrawal {
            schema: WithdrawalSchema,
            deployment: "d".parse().unwrap(),
            bundle: "b".parse().unwrap(),
            manifest: manifest.clone(),
            generation,
            reason: "有误".to_owned(),
            person: "gu".parse().unwrap(),
            key: key(signer).public().id(),
            algorithm: Algorithm::Ed25519,
            at: Timestamp::from_micros(0),
        };
        change(&mut statement);
        let in_force = InForce {
            deployment: &"d".parse().unwrap(),
            bundle: &"b".parse().unwrap(),
            manifest: &manifest,
            generation,
            chain: &chain,
        };
        let signed = Signed::new(statement, &key(signer)).unwrap();
        check(&signed, &brought_by.parse().unwrap(), &in_force, &directory())
    }

    /// What is wrong with it, who signs, and what is changed before.
    type Row = (&'static str, &'static str, fn(&mut Withdrawal));

    #[test]
    fn only_who_may_order_withdraws_and_only_what_is_in_force() {
        assert_eq!(said(|_| {}, "gu", "gu"), Ok(()));
        assert_eq!(said(|_| {}, "gu", "shen"), Err(Refusal::WrongRole("shen".parse().unwrap())));
        let rows: [Row; 6] = [
            ("another's key", "shen", |_| {}),
            ("a key nobody knows", "nobody", |_| {}),
            ("another key named", "gu", |w| w.key = key("shen").public().id()),
            ("another's statement", "gu", |w| w.person = "shen".parse().unwrap()),
            ("another deployment", "gu", |w| w.deployment = "e".parse().unwrap()),
            ("another bundle", "gu", |w| w.bundle = "c".parse().unwrap()),
        ];
        for (what, signer, change) in rows {
            assert_eq!(said(change, signer, "gu"), Err(Refusal::BadSignature), "{what}");
        }
        let stale = Err(Refusal::Stale(Generation { epoch: 1, n: 2 }));
        assert_eq!(said(|w| w.generation.n = 1, "gu", "gu"), stale);
        assert_eq!(said(|w| w.manifest = Digest::of(b"other"), "gu", "gu"), stale);
    }

    #[test]
    fn a_chain_without_steps_lets_nobody_order() {
        let empty = Document::new(Chain { schema: ChainSchema, steps: vec![] }).unwrap();
        assert!(!directory().may_order(&"gu".parse().unwrap(), &empty));
    }
}
