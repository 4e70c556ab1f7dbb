//! A fact is handled once; what cannot be handled waits in order and keeps nobody else.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks at a few of many")]

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use lockstep_proto::{digest::Digest, facts::drafting::StopRequested};

use super::{parking::retry_due, *};
use crate::{
    outbox::Context,
    testing::{for_each_engine, name},
};

/// Hears stop requests and writes each down again under the key `noted`; fails for bundles whose
/// name begins as the sick one's.
struct Noting {
    deps: Deps,
    name: &'static str,
    sick: Mutex<&'static str>,
    tries: AtomicUsize,
}

#[async_trait]
impl Handler for Noting {
    fn name(&self) -> &'static str {
        self.name
    }

    fn hears(&self, fact: &Fact) -> bool {
        matches!(fact, Fact::BundleStopRequested(_))
    }

    fn overtakes(&self, fact: &Fact) -> bool {
        matches!(fact, Fact::BundleStopRequested(data) if data.reason == "overtakes")
    }

    async fn handle(&self, tx: &mut Tx, envelope: &Envelope) -> Result<(), HandleError> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        let context = Context::of("noted", &envelope.trace);
        self.deps.append(tx, context, envelope.fact.clone()).await?;
        let (is_sick, is_outage) = {
            let sick = self.sick.lock().unwrap();
            (envelope.key.starts_with(*sick), *sick == "database")
        };
        if is_outage {
            let source = sqlx::Error::PoolTimedOut;
            return Err(StoreError::Database { doing: "testing", source }.into());
        }
        let overtakes = self.overtakes(&envelope.fact);
        if is_sick && !overtakes { Err(HandleError::Refused("sick".to_owned())) } else { Ok(()) }
    }
}

fn noting(deps: &Deps, sick: &'static str) -> Noting {
    let deps = deps.of_service(name("noting"));
    Noting { deps, name: "noting", sick: Mutex::new(sick), tries: AtomicUsize::new(0) }
}

impl Noting {
    fn tries(&self) -> usize {
        self.tries.load(Ordering::SeqCst)
    }

    fn is_well(&self) {
        self.is_sick("nobody");
    }

    fn is_sick(&self, bundle: &'static str) {
        *self.sick.lock().unwrap() = bundle;
    }

    /// Takes everything after the cursor in.
    async fn take(&self, deps: &Deps) -> Vec<Outcome> {
        let mut tx = deps.db.begin_read().await.unwrap();
        let facts = outbox::list_after_cursor(&mut tx, self.name, 99).await.unwrap();
        drop(tx);
        let mut outcomes = vec![];
        for fact in facts.iter().filter(|fact| fact.source == "source") {
            outcomes.push(process_once(deps, self, fact).await.unwrap());
        }
        outcomes
    }

    async fn retry(&self, deps: &Deps) {
        retry_due(deps, self, &CancellationToken::new()).await.unwrap();
    }
}

/// A stop request for this bundle is written by another service.
async fn say(deps: &Deps, bundle: &str, reason: &str) {
    let asked = StopRequested {
        bundle: name(bundle),
        manifest: Digest::of(b"manifest"),
        by: name("drafter"),
        reason: reason.to_owned(),
    };
    let mut tx = deps.db.begin_write().await.unwrap();
    let context = Context::of(bundle, &name("trace"));
    let source = deps.of_service(name("source"));
    source.append(&mut tx, context, Fact::BundleStopRequested(asked)).await.unwrap();
    deps.db.commit(tx).await.unwrap();
}

async fn list(deps: &Deps, key: &str) -> Vec<Fact> {
    let mut tx = deps.db.begin_read().await.unwrap();
    let facts = outbox::list_of_key(&mut tx, key, 99).await.unwrap();
    let read = |fact: &Stored| serde_json::from_str::<Envelope>(&fact.envelope).unwrap().fact;
    facts.iter().map(read).collect()
}

/// The reasons of what was noted, in order.
async fn noted(deps: &Deps) -> Vec<String> {
    let reason = |fact| match fact {
        Fact::BundleStopRequested(data) => Some(data.reason),
        _ => None,
    };
    list(deps, "noted").await.into_iter().filter_map(reason).collect()
}

async fn waits(deps: &Deps, handler: &str, key: &str) -> bool {
    let mut tx = deps.db.begin_read().await.unwrap();
    is_parked(&mut tx, handler, key).await.unwrap()
}

fn pass(deps: &Deps, millis: i64) {
    deps.clock.set(deps.clock.now().plus_millis(millis));
}

#[tokio::test]
async fn a_fact_is_handled_once_by_each_handler() {
    for_each_engine("noting", async |deps| {
        say(&deps, "a", "1").await;
        let mut tx = deps.db.begin_read().await.unwrap();
        let fact = outbox::list_of_key(&mut tx, "a", 1).await.unwrap().remove(0);
        drop(tx);
        let first = noting(&deps, "nobody");
        let second = Noting { name: "another", ..noting(&deps, "nobody") };
        for (handler, outcome) in
            [(&first, Outcome::Done), (&first, Outcome::Duplicate), (&second, Outcome::Done)]
        {
            assert_eq!(process_once(&deps, handler, &fact).await.unwrap(), outcome);
        }
        assert_eq!((first.tries(), second.tries()), (1, 1));
        assert_eq!(noted(&deps).await, ["1", "1"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_heard_is_passed_by() {
    for_each_engine("noting", async |deps| {
        let source = deps.of_service(name("source"));
        let joined = crate::testing::sample("channel.joined.v1").fact;
        let mut tx = deps.db.begin_write().await.unwrap();
        source.append(&mut tx, Context::of("a", &name("trace")), joined).await.unwrap();
        deps.db.commit(tx).await.unwrap();
        let handler = noting(&deps, "nobody");
        assert_eq!(handler.take(&deps).await, [Outcome::Unheard]);
        assert_eq!((handler.take(&deps).await, handler.tries()), (vec![], 0));
    })
    .await;
}

#[tokio::test]
async fn a_failure_undoes_the_effect_and_keeps_the_fact() {
    for_each_engine("noting", async |deps| {
        say(&deps, "sick", "1").await;
        let handler = noting(&deps, "sick");
        assert_eq!(handler.take(&deps).await, [Outcome::Parked]);
        assert_eq!(handler.take(&deps).await, [], "the cursor stands still");
        assert_eq!(noted(&deps).await, Vec::<String>::new());
        assert!(waits(&deps, "noting", "sick").await);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_out_of_order_is_blamed_on_nobody() {
    for_each_engine("noting", async |deps| {
        say(&deps, "a", "1").await;
        let handler = noting(&deps, "database");
        let mut tx = deps.db.begin_read().await.unwrap();
        let fact = outbox::list_of_key(&mut tx, "a", 1).await.unwrap().remove(0);
        drop(tx);
        assert!(process_once(&deps, &handler, &fact).await.is_err());
        assert!(!waits(&deps, "noting", "a").await);
        handler.is_well();
        assert_eq!(handler.take(&deps).await, [Outcome::Done]);
    })
    .await;
}

#[tokio::test]
async fn later_facts_of_a_sick_bundle_wait_behind_it_and_others_go_on() {
    for_each_engine("noting", async |deps| {
        for (bundle, reason) in [("sick", "1"), ("well", "2"), ("sick", "3")] {
            say(&deps, bundle, reason).await;
        }
        let handler = noting(&deps, "sick");
        let outcomes = handler.take(&deps).await;
        assert_eq!(outcomes, [Outcome::Parked, Outcome::Done, Outcome::Parked]);
        assert_eq!(noted(&deps).await, ["2"]);
        assert_eq!(handler.tries(), 2, "what waits behind was tried");
    })
    .await;
}

#[tokio::test]
async fn what_makes_earlier_facts_void_overtakes_them() {
    for_each_engine("noting", async |deps| {
        for reason in ["1", "overtakes", "3"] {
            say(&deps, "sick", reason).await;
        }
        let handler = noting(&deps, "sick");
        let outcomes = handler.take(&deps).await;
        assert_eq!(outcomes, [Outcome::Parked, Outcome::Done, Outcome::Parked]);
        assert_eq!(noted(&deps).await, ["overtakes"]);
    })
    .await;
}

#[tokio::test]
async fn one_handlers_sick_bundle_keeps_no_other_handler() {
    for_each_engine("noting", async |deps| {
        say(&deps, "sick", "1").await;
        noting(&deps, "sick").take(&deps).await;
        let other = Noting { name: "another", ..noting(&deps, "nobody") };
        assert_eq!(other.take(&deps).await, [Outcome::Done]);
        assert!(!waits(&deps, "another", "sick").await);
        pass(&deps, 60_000);
        other.retry(&deps).await;
        assert_eq!(other.tries(), 1, "it retried what another handler parked");
    })
    .await;
}

#[tokio::test]
async fn a_type_that_is_not_known_waits_for_a_newer_build() {
    for_each_engine("noting", async |deps| {
        say(&deps, "a", "1").await;
        let mut tx = deps.db.begin_read().await.unwrap();
        let mut fact = outbox::list_of_key(&mut tx, "a", 1).await.unwrap().remove(0);
        drop(tx);
        fact.envelope = fact.envelope.replace("bundle.stop_requested.v1", "bundle.unheard_of.v9");
        let handler = noting(&deps, "nobody");
        assert_eq!(process_once(&deps, &handler, &fact).await.unwrap(), Outcome::Parked);
        assert!(waits(&deps, "noting", "a").await);
    })
    .await;
}

#[tokio::test]
async fn what_was_parked_is_taken_in_in_its_order_once_it_is_due() {
    for_each_engine("noting", async |deps| {
        for (bundle, reason) in [("sick", "1"), ("sick", "2"), ("sick", "3")] {
            say(&deps, bundle, reason).await;
        }
        let handler = noting(&deps, "sick");
        handler.take(&deps).await;
        handler.is_well();
        pass(&deps, 199);
        handler.retry(&deps).await;
        assert_eq!(noted(&deps).await, Vec::<String>::new(), "it was not due");
        pass(&deps, 1);
        handler.retry(&deps).await;
        assert_eq!(noted(&deps).await, ["1", "2", "3"]);
        assert!(!waits(&deps, "noting", "sick").await);
        say(&deps, "sick", "4").await;
        assert_eq!(handler.take(&deps).await, [Outcome::Done]);
    })
    .await;
}

#[tokio::test]
async fn only_the_first_of_a_bundles_parked_facts_is_tried() {
    for_each_engine("noting", async |deps| {
        say(&deps, "sick", "1").await;
        say(&deps, "sick", "2").await;
        let handler = noting(&deps, "sick");
        handler.take(&deps).await;
        pass(&deps, 200);
        handler.retry(&deps).await;
        assert_eq!(handler.tries(), 2);
        assert_eq!(noted(&deps).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn what_waited_behind_is_due_at_once_and_another_bundles_facts_are_not() {
    for_each_engine("noting", async |deps| {
        let handler = noting(&deps, "sick");
        say(&deps, "sick-a", "1").await;
        handler.take(&deps).await;
        pass(&deps, 150);
        for (bundle, reason) in [("sick-a", "2"), ("sick-b", "3"), ("sick-b", "4")] {
            say(&deps, bundle, reason).await;
        }
        handler.take(&deps).await;
        handler.is_well();
        pass(&deps, 50);
        handler.retry(&deps).await;
        assert_eq!(noted(&deps).await, ["1", "2"]);
    })
    .await;
}

#[tokio::test]
async fn a_bundle_goes_on_although_another_stays_sick() {
    for_each_engine("noting", async |deps| {
        for (bundle, reason) in [("sick-a", "1"), ("sick-b", "2"), ("sick-b", "3")] {
            say(&deps, bundle, reason).await;
        }
        let handler = noting(&deps, "sick");
        handler.take(&deps).await;
        handler.is_sick("sick-a");
        pass(&deps, 200);
        handler.retry(&deps).await;
        assert_eq!(noted(&deps).await, ["2", "3"]);
    })
    .await;
}

#[tokio::test]
async fn a_failure_counts_for_its_own_handler_and_fact() {
    for_each_engine("noting", async |deps| {
        let first = noting(&deps, "sick");
        let second = Noting { name: "another", ..noting(&deps, "sick") };
        for (bundle, reason) in [("sick-a", "1"), ("sick-b", "2")] {
            say(&deps, bundle, reason).await;
            first.take(&deps).await;
            second.take(&deps).await;
            pass(&deps, 150);
        }
        // The first bundle fails again before the second's turn has come.
        pass(&deps, -100);
        first.retry(&deps).await;
        first.is_well();
        pass(&deps, 150);
        first.retry(&deps).await;
        assert_eq!(noted(&deps).await, ["2"]);
        second.is_well();
        second.retry(&deps).await;
        assert_eq!(noted(&deps).await, ["2", "1", "2"], "the other handler's turn was put off");
    })
    .await;
}

#[tokio::test]
async fn waits_grow_and_the_fifth_failure_is_told_once() {
    for_each_engine("noting", async |deps| {
        say(&deps, "sick", "1").await;
        let handler = noting(&deps, "sick");
        handler.take(&deps).await;
        let told = async || {
            let facts = list(&deps, "sick").await;
            facts.iter().filter(|fact| matches!(fact, Fact::HandlingStuck(_))).count()
        };
        for (tries, wait) in [(2, 200), (3, 800), (4, 1600), (5, 3200), (6, 60_000), (7, 60_000)] {
            pass(&deps, wait - 1);
            handler.retry(&deps).await;
            assert_eq!(handler.tries(), tries - 1, "tried before {wait} ms had passed");
            assert_eq!(told().await, usize::from(tries > 5));
            pass(&deps, 1);
            handler.retry(&deps).await;
            assert_eq!(handler.tries(), tries);
        }
        assert_eq!(told().await, 1);
        let stuck = list(&deps, "sick").await.into_iter().find_map(|fact| match fact {
            Fact::HandlingStuck(stuck) => Some(stuck),
            _ => None,
        });
        let stuck = stuck.unwrap();
        assert_eq!((stuck.handler.as_str(), stuck.why.as_str()), ("noting", "sick"));
        assert_eq!(stuck.bundle, Some(name("sick")));
        // It is tried on, in case the cause was mended.
        handler.is_well();
        pass(&deps, 60_000);
        handler.retry(&deps).await;
        assert_eq!(noted(&deps).await, ["1"]);
    })
    .await;
}
