//! A command under one id is carried out once.

use lockstep_proto::digest::Digest;

use super::*;
use crate::testing::{for_each_engine, name};

/// A request of this person under this id.
fn act(person: &str, command: &str, request: &str) -> Act<()> {
    Act {
        person: name(person),
        command: name(command),
        trace: name("trace"),
        request: Digest::of(request.as_bytes()),
        body: (),
    }
}

async fn save(deps: &Deps, act: &Act<()>, answer: &str) -> Result<(), StoreError> {
    let mut tx = deps.db.begin_write().await.unwrap();
    deps.save_answer(&mut tx, act, &answer).await?;
    deps.db.commit(tx).await
}

async fn find(deps: &Deps, act: &Act<()>) -> Option<String> {
    deps.find_answer(act).await.unwrap()
}

#[tokio::test]
async fn a_retry_gets_the_first_answer() {
    for_each_engine("a", async |deps| {
        let asked = act("lin", "c", "request");
        assert_eq!(find(&deps, &asked).await, None);
        save(&deps, &asked, "first").await.unwrap();
        assert_eq!(find(&deps, &asked).await.as_deref(), Some("first"));
        assert_eq!(find(&deps, &act("lin", "other", "request")).await, None);
    })
    .await;
}

#[tokio::test]
async fn two_at_once_are_carried_out_once() {
    for_each_engine("a", async |deps| {
        let asked = act("lin", "c", "request");
        save(&deps, &asked, "first").await.unwrap();
        let second = save(&deps, &asked, "second").await;
        assert!(matches!(second, Err(StoreError::Stale { .. })), "{second:?}");
        assert_eq!(find(&deps, &asked).await.as_deref(), Some("first"));
    })
    .await;
}

#[tokio::test]
async fn an_id_stands_for_one_person_and_one_request() {
    for_each_engine("a", async |deps| {
        save(&deps, &act("lin", "c", "request"), "first").await.unwrap();
        for other in [act("wang", "c", "request"), act("lin", "c", "another request")] {
            let found = deps.find_answer::<(), String>(&other).await;
            assert!(
                matches!(found, Err(ApiError::Conflict { code: "command_id_reused", .. })),
                "{found:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn each_service_counts_for_itself() {
    for_each_engine("a", async |deps| {
        let asked = act("lin", "c", "request");
        save(&deps, &asked, "first").await.unwrap();
        let other = deps.of_service(name("b"));
        assert_eq!(find(&other, &asked).await, None);
        save(&other, &asked, "second").await.unwrap();
        assert_eq!(find(&other, &asked).await.as_deref(), Some("second"));
    })
    .await;
}

#[tokio::test]
async fn an_answer_whose_effect_did_not_commit_is_none() {
    for_each_engine("a", async |deps| {
        let asked = act("lin", "c", "request");
        let mut tx = deps.db.begin_write().await.unwrap();
        deps.save_answer(&mut tx, &asked, &"lost").await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(find(&deps, &asked).await, None);
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_second_of_two_at_once_is_answered_as_the_first() {
    for_each_engine("a", async |deps| {
        let asked = act("lin", "c", "request");
        // The other is carried out between the look for an answer and our own try.
        let done = deps.once(&asked, async {
            save(&deps, &asked, "first").await?;
            Err::<String, _>(ApiError::Conflict { code: "stale", detail: String::new() })
        });
        let (status, Json(answer)) = done.await.unwrap();
        assert_eq!((status, answer.as_str()), (StatusCode::OK, "first"));
        let again = deps.once(&asked, async { Ok("not carried out".to_owned()) });
        assert_eq!(again.await.unwrap().1.0, "first");
        // What is refused to the only one is refused.
        let other = act("lin", "d", "request");
        let refused = ApiError::Conflict { code: "stale", detail: String::new() };
        assert!(deps.once::<_, String>(&other, async { Err(refused) }).await.is_err());
    })
    .await;
}
