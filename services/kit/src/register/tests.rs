//! Persons and keys: only what the root key signed, the latest record of each.

use lockstep_proto::{
    people::{KeySchema, PersonSchema, RevocationSchema},
    signed::PrivateKey,
};

use super::*;
use crate::testing::{at, for_each_engine, name, root_key};

const EARLY: &str = "2026-12-01T00:00:00Z";
const LATE: &str = "2026-12-02T00:00:00Z";

fn a_person() -> PersonRecord {
    PersonRecord {
        schema: PersonSchema,
        deployment: name("deployment"),
        person: name("lin"),
        name: "林".to_owned(),
        agency: "示例局".to_owned(),
        roles: vec![name("drafter")],
        token: lockstep_proto::digest::Digest::of(b"token"),
        at: at(EARLY),
    }
}

fn key() -> PrivateKey {
    PrivateKey::from_seed([9; 32])
}

fn a_key() -> KeyRecord {
    let (schema, deployment, person) = (KeySchema, name("deployment"), name("lin"));
    KeyRecord { schema, deployment, person, public: key().public(), at: at(EARLY) }
}

fn a_revocation() -> KeyRevocation {
    KeyRevocation {
        schema: RevocationSchema,
        deployment: name("deployment"),
        person: name("lin"),
        key: key().public().id(),
        reason: "lost".to_owned(),
        at: at(LATE),
    }
}

fn signed<T: Statement>(statement: T) -> Signed<T> {
    Signed::new(statement, &root_key()).unwrap()
}

async fn take(deps: &Deps, fact: Fact) -> Result<Taken, HandleError> {
    let mut tx = deps.db.begin_write().await.unwrap();
    let taken = handle(deps, &mut tx, &fact).await?;
    deps.db.commit(tx).await.unwrap();
    Ok(taken)
}

async fn known(deps: &Deps) -> Directory {
    let mut tx = deps.db.begin_read().await.unwrap();
    directory(deps, &mut tx).await.unwrap()
}

async fn roles(deps: &Deps) -> Vec<String> {
    let directory = known(deps).await;
    let person = directory.find_person(&name("lin")).unwrap();
    person.roles.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn nothing_enters_that_the_root_key_did_not_sign() {
    for_each_engine("a", async |deps| {
        let forger = PrivateKey::from_seed([66; 32]);
        let person = Fact::PersonRecorded(Signed::new(a_person(), &forger).unwrap());
        let key = Fact::KeyRecorded(Signed::new(a_key(), &forger).unwrap());
        take(&deps, Fact::KeyRecorded(signed(a_key()))).await.unwrap();
        let revoked = Fact::KeyRevoked(Signed::new(a_revocation(), &forger).unwrap());
        for fact in [person, key, revoked] {
            let taken = take(&deps, fact).await;
            assert!(matches!(taken, Err(HandleError::Refused(_))), "{taken:?}");
        }
        let directory = known(&deps).await;
        assert_eq!(directory.persons().count(), 0);
        assert_eq!(directory.keys_of(&name("lin")).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_enters_from_another_deployment() {
    for_each_engine("a", async |deps| {
        let other = || name("another");
        for fact in [
            Fact::PersonRecorded(signed(PersonRecord { deployment: other(), ..a_person() })),
            Fact::KeyRecorded(signed(KeyRecord { deployment: other(), ..a_key() })),
            Fact::KeyRevoked(signed(KeyRevocation { deployment: other(), ..a_revocation() })),
        ] {
            let taken = take(&deps, fact).await;
            assert!(matches!(taken, Err(HandleError::Refused(_))), "{taken:?}");
        }
        assert_eq!(known(&deps).await.persons().count(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_latest_record_of_a_person_stands() {
    for_each_engine("a", async |deps| {
        let moved = PersonRecord { roles: vec![name("reviewer")], at: at(LATE), ..a_person() };
        let moved = || Fact::PersonRecorded(signed(moved.clone()));
        let first = || Fact::PersonRecorded(signed(a_person()));
        assert_eq!(take(&deps, first()).await.unwrap(), Taken::New);
        assert_eq!(take(&deps, first()).await.unwrap(), Taken::Known);
        assert_eq!(take(&deps, moved()).await.unwrap(), Taken::New);
        assert_eq!(roles(&deps).await, ["reviewer"]);
        let late = Taken::Late { known: at(LATE) };
        assert_eq!(take(&deps, first()).await.unwrap(), late);
        assert_eq!(roles(&deps).await, ["reviewer"], "an older record came back");
        // Of two of one instant the first stands.
        let left = PersonRecord { roles: vec![], at: at(LATE), ..a_person() };
        assert_eq!(take(&deps, Fact::PersonRecorded(signed(left))).await.unwrap(), late);
        assert_eq!(roles(&deps).await, ["reviewer"]);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_is_out_of_force_whatever_came_first() {
    for_each_engine("a", async |deps| {
        take(&deps, Fact::KeyRevoked(signed(a_revocation()))).await.unwrap();
        take(&deps, Fact::KeyRecorded(signed(a_key()))).await.unwrap();
        let directory = known(&deps).await;
        assert!(directory.find_key(&key().public().id()).unwrap().is_revoked);
        assert_eq!(directory.keys_of(&name("lin")).count(), 0);
        // Nor does recording the key anew bring it back.
        let anew = KeyRecord { at: at("2026-12-03T00:00:00Z"), ..a_key() };
        take(&deps, Fact::KeyRecorded(signed(anew))).await.unwrap();
        assert_eq!(known(&deps).await.keys_of(&name("lin")).count(), 0);
    })
    .await;
}

#[tokio::test]
async fn each_service_has_its_own_copy() {
    for_each_engine("a", async |deps| {
        let other = deps.of_service(name("b"));
        let fact = || Fact::PersonRecorded(signed(a_person()));
        take(&deps, fact()).await.unwrap();
        assert_eq!(known(&other).await.persons().count(), 0);
        assert_eq!(take(&other, fact()).await.unwrap(), Taken::New);
    })
    .await;
}

#[tokio::test]
async fn other_facts_are_left_alone() {
    for_each_engine("a", async |deps| {
        let joined = crate::testing::sample("channel.joined.v1").fact;
        assert!(!hears(&joined));
        assert_eq!(take(&deps, joined).await.unwrap(), Taken::Known);
    })
    .await;
}
