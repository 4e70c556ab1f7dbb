//! What is not heard is noticed, since when, and until it is heard.

use lockstep_proto::{digest::Digest, facts::drafting::StopRequested};

use super::*;
use crate::{
    dispatch::{self, ATTEMPTS_MAX, Handler},
    outbox::{self, Context},
    testing::{for_each_engine, name, sample},
};

const HANDLER: &str = "portal";

async fn say(deps: &Deps, source: &str, fact: Fact) {
    let mut tx = deps.db.begin_write().await.unwrap();
    let source = deps.of_service(name(source));
    source.append(&mut tx, Context::of("bundle", &name("trace")), fact).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

fn any_fact() -> Fact {
    Fact::BundleStopRequested(StopRequested {
        bundle: name("bundle"),
        manifest: Digest::of(b"manifest"),
        by: name("drafter"),
        reason: String::new(),
    })
}

async fn hear(deps: &Deps, pos: i64) {
    let mut tx = deps.db.begin_write().await.unwrap();
    outbox::save_cursor(&mut tx, HANDLER, RELEASE, pos).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

fn heads(lag: &Lag) -> Vec<i64> {
    lag.0.lock().unwrap().ahead.iter().map(|(head, _)| *head).collect()
}

/// Since when each head that is not reached is there.
fn times(lag: &Lag) -> Vec<Option<Instant>> {
    lag.0.lock().unwrap().ahead.iter().map(|(_, since)| *since).collect()
}

const LONG: Duration = Duration::from_hours(1);

#[tokio::test]
async fn what_is_not_heard_is_old_from_when_it_was_first_seen() {
    for_each_engine("portal", async |deps| {
        let lag = Lag::default();
        assert!(lag.is_over(LONG), "nobody has looked");
        lag.look(&deps, HANDLER).await.unwrap();
        assert!(heads(&lag).is_empty() && !lag.is_over(LONG));
        // What others say is not to the point.
        say(&deps, "drafting", any_fact()).await;
        say(&deps, "release", any_fact()).await;
        let since = Instant::now();
        lag.look(&deps, HANDLER).await.unwrap();
        lag.look(&deps, HANDLER).await.unwrap();
        say(&deps, "release", any_fact()).await;
        lag.look(&deps, HANDLER).await.unwrap();
        assert_eq!(heads(&lag), [1, 2]);
        let seen = times(&lag);
        assert!(seen[0].unwrap() >= since && seen[1] > seen[0]);
        assert!(!lag.is_over(LONG) && lag.is_over(Duration::ZERO));
        hear(&deps, 1).await;
        lag.look(&deps, HANDLER).await.unwrap();
        assert_eq!((heads(&lag), times(&lag)), (vec![2], vec![seen[1]]));
        hear(&deps, 2).await;
        lag.look(&deps, HANDLER).await.unwrap();
        assert!(heads(&lag).is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_waits_when_a_process_begins_may_have_waited_for_ever() {
    for_each_engine("portal", async |deps| {
        say(&deps, "release", any_fact()).await;
        let lag = Lag::default();
        lag.look(&deps, HANDLER).await.unwrap();
        assert!(lag.is_over(LONG));
        // What comes later is younger, and does not make it so.
        say(&deps, "release", any_fact()).await;
        lag.look(&deps, HANDLER).await.unwrap();
        assert!(lag.is_over(LONG));
        hear(&deps, 1).await;
        lag.look(&deps, HANDLER).await.unwrap();
        assert!(!lag.is_over(LONG));
    })
    .await;
}

#[tokio::test]
async fn a_head_that_is_not_releases_says_nothing() {
    for_each_engine("portal", async |deps| {
        let lag = Lag::default();
        hear(&deps, 7).await;
        assert!(lag.look(&deps, HANDLER).await.is_err());
        assert!(lag.is_over(LONG));
    })
    .await;
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_as_good_as_one_that_is_behind() {
    for_each_engine("portal", async |deps| {
        let lag = Lag::default();
        lag.look(&deps, HANDLER).await.unwrap();
        let looked_at = lag.0.lock().unwrap().at;
        deps.db.close().await;
        assert!(lag.look(&deps, HANDLER).await.is_err());
        assert_eq!(lag.0.lock().unwrap().at, looked_at);
        let age = lag.age();
        assert!(age > Some(Duration::ZERO) && lag.age() > age);
    })
    .await;
}

#[tokio::test]
async fn heads_beyond_the_limit_count_as_the_oldest_of_them() {
    for_each_engine("portal", async |deps| {
        let lag = Lag::default();
        lag.look(&deps, HANDLER).await.unwrap();
        for _ in 0..HEADS_MAX {
            say(&deps, "release", any_fact()).await;
            lag.look(&deps, HANDLER).await.unwrap();
        }
        let last = *times(&lag).last().unwrap();
        for _ in 0..3 {
            say(&deps, "release", any_fact()).await;
            lag.look(&deps, HANDLER).await.unwrap();
        }
        let heads = heads(&lag);
        assert_eq!((heads.len(), heads.first()), (HEADS_MAX, Some(&1)));
        assert_eq!(heads.last().copied(), i64::try_from(HEADS_MAX + 3).ok());
        assert_eq!(times(&lag).last(), Some(&last));
    })
    .await;
}

/// Refuses everything.
struct Sick;

#[async_trait::async_trait]
impl Handler for Sick {
    fn name(&self) -> &'static str {
        HANDLER
    }

    fn hears(&self, _: &Fact) -> bool {
        true
    }

    async fn handle(&self, _: &mut Tx, _: &Envelope) -> Result<(), dispatch::HandleError> {
        Err(dispatch::HandleError::Refused("sick".to_owned()))
    }
}

#[tokio::test]
async fn an_order_to_withdraw_that_cannot_be_taken_in_is_unheeded() {
    for_each_engine("portal", async |deps| {
        let unheeded = async || {
            let mut tx = deps.db.begin_read().await.unwrap();
            let at_most = Duration::from_mins(1);
            list_unheeded(&mut tx, &deps, HANDLER, at_most).await.unwrap()
        };
        let take = async || {
            let mut tx = deps.db.begin_read().await.unwrap();
            let facts = outbox::list_after_cursor(&mut tx, HANDLER, 99).await.unwrap();
            drop(tx);
            for fact in facts {
                dispatch::process_once(&deps, &Sick, &fact).await.unwrap();
            }
            for _ in 0..ATTEMPTS_MAX {
                deps.clock.set(deps.clock.now().plus_millis(5_000));
                dispatch::retry_parked(&deps, &Sick, &CancellationToken::new()).await.unwrap();
            }
        };
        // Another fact that waits keeps nothing up that is to go.
        say(&deps, "release", any_fact()).await;
        take().await;
        deps.clock.set(deps.clock.now().plus_millis(120_000));
        assert_eq!(unheeded().await, BTreeSet::new());

        say(&deps, "release", sample("release.withdrawing.v1").fact).await;
        take().await;
        assert_eq!(unheeded().await, BTreeSet::new());
        deps.clock.set(deps.clock.now().plus_millis(60_000));
        let all = BTreeSet::from(["bundle".to_owned()]);
        assert_eq!(unheeded().await, all);
        // Also by a clock that stepped back.
        deps.clock.set(deps.clock.now().plus_millis(-7_200_000));
        assert_eq!(unheeded().await, all);
    })
    .await;
}
