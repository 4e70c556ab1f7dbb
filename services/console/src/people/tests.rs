//! Who is let in: tokens, records and what is told of them.

use std::sync::Arc;

use axum::response::IntoResponse as _;
use lockstep_kit::{
    http::Upstream,
    outbox,
    testing::{at, console_key, for_each_engine, name, root_key},
};
use lockstep_proto::{
    people::{KeyRecord, KeyRevocation, KeySchema, PersonRecord, PersonSchema, RevocationSchema},
    signed::{PrivateKey, Signed, Statement},
};

use super::*;

async fn on_consoles(test: impl AsyncFn(Console)) {
    for_each_engine("console", async |deps| {
        let nowhere = || Upstream::Local(axum::Router::new());
        test(Console {
            deps,
            key: Arc::new(console_key()),
            drafting: nowhere(),
            approval: nowhere(),
            release: nowhere(),
        })
        .await;
    })
    .await;
}

fn a_person(person: &str, token: &str) -> PersonRecord {
    PersonRecord {
        schema: PersonSchema,
        deployment: name("deployment"),
        person: name(person),
        name: person.to_owned(),
        agency: "示例局".to_owned(),
        roles: vec![name("reviewer")],
        token: Digest::of(token.as_bytes()),
        at: at("2026-12-01T00:00:00Z"),
    }
}

fn later(record: PersonRecord) -> PersonRecord {
    PersonRecord { at: at("2026-12-02T00:00:00Z"), ..record }
}

fn key(seed: u8) -> PrivateKey {
    PrivateKey::from_seed([seed; 32])
}

fn signed<T: Statement>(statement: T) -> Signed<T> {
    Signed::new(statement, &root_key()).unwrap()
}

async fn put(console: &Console, person: PersonRecord) -> StatusCode {
    record((console, &name("trace")), Fact::PersonRecorded(signed(person)), |_| Ok(()))
        .await
        .unwrap()
}

async fn put_key(console: &Console, person: &str, seed: u8) {
    let key = KeyRecord {
        schema: KeySchema,
        deployment: name("deployment"),
        person: name(person),
        public: key(seed).public(),
        at: at("2026-12-01T00:00:00Z"),
    };
    let body = Json(PostKey { record: signed(key) });
    post_key(State(console.clone()), Extension(name("trace")), body).await.unwrap();
}

async fn whose(console: &Console, token: &str) -> Option<String> {
    let mut tx = console.deps.db.begin_read().await.unwrap();
    let person = find_by_token(console, &mut tx, token).await.unwrap();
    person.map(|person| person.to_string())
}

async fn told(console: &Console, person: &str) -> usize {
    let mut tx = console.deps.db.begin_read().await.unwrap();
    outbox::list_of_key(&mut tx, person, 99).await.unwrap().len()
}

#[tokio::test]
async fn a_token_opens_the_door_for_its_own_person() {
    on_consoles(async |console| {
        put(&console, a_person("lin", "lins")).await;
        put(&console, a_person("wang", "wangs")).await;
        assert_eq!(whose(&console, "lins").await.as_deref(), Some("lin"));
        assert_eq!(whose(&console, "wangs").await.as_deref(), Some("wang"));
        for wrong in ["", "lin", "LINS", Digest::of(b"lins").as_str()] {
            assert_eq!(whose(&console, wrong).await, None, "{wrong:?} opens the door");
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_record_ends_the_old_token() {
    on_consoles(async |console| {
        put(&console, a_person("lin", "old")).await;
        put(&console, later(a_person("lin", "new"))).await;
        assert_eq!(whose(&console, "old").await, None);
        assert_eq!(whose(&console, "new").await.as_deref(), Some("lin"));
    })
    .await;
}

#[tokio::test]
async fn whoever_left_is_not_let_in() {
    on_consoles(async |console| {
        put(&console, a_person("lin", "token")).await;
        let left = PersonRecord { roles: vec![], ..later(a_person("lin", "token")) };
        put(&console, left).await;
        assert_eq!(whose(&console, "token").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_record_is_told_once() {
    on_consoles(async |console| {
        let person = || a_person("lin", "token");
        assert_eq!(put(&console, later(person())).await, StatusCode::CREATED);
        assert_eq!(put(&console, later(person())).await, StatusCode::OK, "the same again");
        assert_eq!(told(&console, "lin").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_record_that_comes_too_late_is_no_success() {
    on_consoles(async |console| {
        put(&console, later(a_person("lin", "token"))).await;
        // Signed while the clock was behind; whoever did must not believe that the roles are gone.
        let left = PersonRecord { roles: vec![], ..a_person("lin", "token") };
        let late =
            record((&console, &name("trace")), Fact::PersonRecorded(signed(left)), |_| Ok(()))
                .await;
        let late = late.unwrap_err();
        assert!(late.to_string().contains("2026-12-02T00:00:00"), "{late}");
        assert_eq!(late.into_response().status(), StatusCode::CONFLICT);
        assert_eq!(whose(&console, "token").await.as_deref(), Some("lin"));
        assert_eq!(told(&console, "lin").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_the_root_key_did_not_sign_is_told_nobody() {
    on_consoles(async |console| {
        let forged = Signed::new(a_person("lin", "token"), &key(66)).unwrap();
        let answer =
            record((&console, &name("trace")), Fact::PersonRecorded(forged), |_| Ok(())).await;
        assert!(matches!(answer, Err(ApiError::Forbidden(_))), "{answer:?}");
        assert_eq!(whose(&console, "token").await, None);
        assert_eq!(told(&console, "lin").await, 0);
    })
    .await;
}

#[tokio::test]
async fn everyone_is_listed_with_the_keys_in_force() {
    on_consoles(async |console| {
        put(&console, a_person("wang", "2")).await;
        put(&console, a_person("lin", "1")).await;
        for (person, seed) in [("lin", 11), ("lin", 12), ("wang", 13)] {
            put_key(&console, person, seed).await;
        }
        let revocation = KeyRevocation {
            schema: RevocationSchema,
            deployment: name("deployment"),
            person: name("lin"),
            key: key(11).public().id(),
            reason: "lost".to_owned(),
            at: at("2026-12-02T00:00:00Z"),
        };
        let revoke = async |revocation| {
            let body = Json(PostRevocation { record: signed(revocation) });
            post_revocation(State(console.clone()), Extension(name("trace")), body).await
        };
        revoke(revocation.clone()).await.unwrap();
        let of_another = KeyRevocation { key: key(13).public().id(), ..revocation };
        let answer = revoke(of_another).await;
        assert!(matches!(answer, Err(ApiError::Conflict { code: "no_key", .. })), "{answer:?}");
        let mut tx = console.deps.db.begin_read().await.unwrap();
        let listed = list(&console, &mut tx).await.unwrap();
        let listed: Vec<_> =
            listed.into_iter().map(|person| (person.person.to_string(), person.keys)).collect();
        assert_eq!(
            listed,
            [
                ("lin".to_owned(), vec![key(12).public()]),
                ("wang".to_owned(), vec![key(13).public()])
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_recorded_person_is_replaced_on_purpose_only() {
    on_consoles(async |console| {
        let put = async |record: PersonRecord, is_new_only: bool| {
            let mut headers = HeaderMap::new();
            if is_new_only {
                headers.insert(header::IF_NONE_MATCH, header::HeaderValue::from_static("*"));
            }
            let body = Json(PutPerson { record: signed(record) });
            put_person(State(console.clone()), Extension(name("trace")), headers, body).await
        };
        assert_eq!(put(a_person("lin", "old"), true).await.unwrap(), StatusCode::CREATED);
        assert_eq!(put(a_person("lin", "old"), true).await.unwrap(), StatusCode::OK, "a retry");
        let answer = put(later(a_person("lin", "new")), true).await;
        let is_refused = matches!(answer, Err(ApiError::Conflict { code: "person_exists", .. }));
        assert!(is_refused, "{answer:?}");
        assert_eq!(whose(&console, "old").await.as_deref(), Some("lin"));
        put(later(a_person("lin", "new")), false).await.unwrap();
        assert_eq!(whose(&console, "new").await.as_deref(), Some("lin"));
    })
    .await;
}

#[tokio::test]
async fn nobody_unknown_has_keys() {
    on_consoles(async |console| {
        let record = signed(KeyRecord {
            schema: KeySchema,
            deployment: name("deployment"),
            person: name("lni"),
            public: key(11).public(),
            at: at("2026-12-01T00:00:00Z"),
        });
        let answer =
            post_key(State(console.clone()), Extension(name("trace")), Json(PostKey { record }))
                .await;
        assert!(matches!(answer, Err(ApiError::Conflict { code: "no_person", .. })), "{answer:?}");
        assert_eq!(told(&console, "lni").await, 0);
    })
    .await;
}
