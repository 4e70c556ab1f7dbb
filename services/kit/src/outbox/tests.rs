//! The outbox: places without gaps, cursors that only rise.

use lockstep_proto::facts::channel::Joined;

use super::*;
use crate::testing::{for_each_engine, name};

fn joined(channel: &str) -> (Context, Fact) {
    let fact = Joined { channel: name(channel), incarnation: name("life") };
    (Context::of(channel, &name("trace")), Fact::ChannelJoined(fact))
}

async fn append(deps: &Deps, key: &str) -> u64 {
    let mut tx = deps.db.begin_write().await.unwrap();
    let (context, fact) = joined(key);
    let pos = deps.append(&mut tx, context, fact).await.unwrap().pos;
    deps.db.commit(tx).await.unwrap();
    pos
}

async fn save(deps: &Deps, handler: &str, source: &str, pos: i64) {
    let mut tx = deps.db.begin_write().await.unwrap();
    save_cursor(&mut tx, handler, source, pos).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

/// Source, place and key of what lies after a handler's cursors.
async fn left(deps: &Deps, handler: &str, limit: i64) -> Vec<String> {
    let mut tx = deps.db.begin_read().await.unwrap();
    let facts = list_after_cursor(&mut tx, handler, limit).await.unwrap();
    facts.iter().map(|fact| format!("{} {} {}", fact.source, fact.pos, fact.key)).collect()
}

#[tokio::test]
async fn a_rollback_leaves_no_gap() {
    for_each_engine("a", async |deps| {
        assert_eq!(append(&deps, "x").await, 1);
        let mut tx = deps.db.begin_write().await.unwrap();
        let (context, fact) = joined("lost");
        assert_eq!(deps.append(&mut tx, context, fact).await.unwrap().pos, 2);
        tx.rollback().await.unwrap();
        assert_eq!(append(&deps, "y").await, 2);
        assert_eq!(left(&deps, "h", 9).await, ["a 1 x", "a 2 y"]);
    })
    .await;
}

/// One that the bus refuses would keep the relay from all that comes after it.
#[tokio::test]
async fn a_fact_that_the_bus_would_not_carry_is_refused_and_leaves_no_gap() {
    for_each_engine("a", async |deps| {
        for (bytes, fits) in [(ENVELOPE_BYTES_MAX / 2, true), (ENVELOPE_BYTES_MAX, false)] {
            let mut tx = deps.db.begin_write().await.unwrap();
            let (context, fact) = joined("x");
            let context = Context { key: "k".repeat(bytes), ..context };
            let appended = deps.append(&mut tx, context, fact).await;
            match appended {
                Ok(_) => assert!(fits),
                Err(StoreError::TooLarge { what, .. }) => {
                    assert!(!fits && what == "channel.joined.v1", "{what}");
                }
                Err(error) => panic!("{error}"),
            }
            tx.rollback().await.unwrap();
        }
        assert_eq!(append(&deps, "y").await, 1);
    })
    .await;
}

#[tokio::test]
async fn each_source_counts_for_itself() {
    for_each_engine("a", async |deps| {
        append(&deps, "x").await;
        append(&deps, "y").await;
        assert_eq!(append(&deps.of_service(name("b")), "z").await, 1);
        assert_eq!(left(&deps, "h", 9).await, ["a 1 x", "b 1 z", "a 2 y"]);
    })
    .await;
}

#[tokio::test]
async fn what_lies_in_the_outbox_is_what_was_written() {
    for_each_engine("a", async |deps| {
        let mut tx = deps.db.begin_write().await.unwrap();
        let (context, fact) = joined("x");
        let generation = Generation { epoch: 1, n: 7 };
        let written = deps.append(&mut tx, context.at(generation), fact).await.unwrap();
        let stored = list_of_key(&mut tx, "x", 9).await.unwrap().remove(0);
        assert_eq!(serde_json::from_str::<Envelope>(&stored.envelope).unwrap(), written);
        assert_eq!(stored.event_id, written.id.as_str());
        assert_eq!(stored.type_name, "channel.joined.v1");
        assert_eq!((written.generation, written.at), (Some(generation), deps.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn a_handler_gets_what_lies_after_its_own_cursor_of_each_source() {
    for_each_engine("a", async |deps| {
        let other = deps.of_service(name("b"));
        for key in ["x", "y"] {
            append(&deps, key).await;
            append(&other, key).await;
        }
        save(&deps, "h", "a", 2).await;
        save(&deps, "h", "b", 1).await;
        save(&deps, "other", "b", 2).await;
        assert_eq!(left(&deps, "h", 9).await, ["b 2 y"]);
        assert_eq!(left(&deps, "other", 9).await, ["a 1 x", "a 2 y"]);
        assert_eq!(left(&deps, "new", 3).await, ["a 1 x", "b 1 x", "a 2 y"]);
    })
    .await;
}

#[tokio::test]
async fn a_cursor_never_goes_back() {
    for_each_engine("a", async |deps| {
        for key in ["x", "y", "z"] {
            append(&deps, key).await;
        }
        save(&deps, "h", "a", 2).await;
        save(&deps, "h", "a", 1).await;
        assert_eq!(left(&deps, "h", 9).await, ["a 3 z"]);
        save(&deps, "h", "a", 3).await;
        assert_eq!(left(&deps, "h", 9).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_keys_facts_are_listed_without_others() {
    for_each_engine("a", async |deps| {
        for key in ["x", "y", "x"] {
            append(&deps, key).await;
        }
        let mut tx = deps.db.begin_read().await.unwrap();
        let places = |facts: Vec<Stored>| facts.iter().map(|fact| fact.pos).collect::<Vec<_>>();
        assert_eq!(places(list_of_key(&mut tx, "x", 9).await.unwrap()), [1, 3]);
        assert_eq!(places(list_of_key(&mut tx, "x", 1).await.unwrap()), [1]);
    })
    .await;
}
