//! Facts through a real server: once each, in the order of their source, whatever the stream loses.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lockstep_proto::{
    envelope::Envelope,
    facts::{Fact, channel::Joined},
};
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{admin::Size, *};
use crate::{
    Deps, Tx,
    dispatch::{self, HandleError, Handler, Transport},
    outbox::Context,
    testing::{self, Nats, Postgres},
};

const ROOMY: Size = Size { replicas: 1, bytes_max: 64 << 20 };

/// Two services of a deployment, `source` and `hearer`, each in a schema of its own.
struct World {
    nats: Nats,
    source: Deps,
    hearer: Deps,
    stop: CancellationToken,
    tasks: TaskTracker,
    heard: Arc<Mutex<Vec<String>>>,
    folder: TempDir,
    _postgres: Postgres,
}

/// Writes down whom it hears of. Fails for keys that begin with `sick`.
struct Hearing(Arc<Mutex<Vec<String>>>);

#[async_trait]
impl Handler for Hearing {
    fn name(&self) -> &'static str {
        "hearer"
    }

    fn hears(&self, fact: &Fact) -> bool {
        matches!(fact, Fact::ChannelJoined(_))
    }

    async fn handle(&self, _: &mut Tx, envelope: &Envelope) -> Result<(), HandleError> {
        if envelope.key.starts_with("sick") {
            return Err(HandleError::Refused("sick".to_owned()));
        }
        self.0.lock().unwrap().push(envelope.key.clone());
        Ok(())
    }
}

impl World {
    async fn begin(size: Size) -> Self {
        let (nats, postgres) = (Nats::start(), Postgres::start());
        let folder = tempfile::tempdir().unwrap();
        let source = testing::deps("source", postgres.fresh().await, folder.path());
        let hearer = testing::deps("hearer", postgres.fresh().await, folder.path());
        let world = Self {
            nats,
            source,
            hearer,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            heard: Arc::default(),
            folder,
            _postgres: postgres,
        };
        world.make_stream(size).await;
        world
    }

    async fn bus(&self, deps: &Deps) -> Bus {
        Bus::connect(&deps.service, &self.nats.address()).await.unwrap()
    }

    async fn make_stream(&self, size: Size) {
        let admin = self.bus(&self.source).await;
        admin.make_stream(size, &[("hearer", &["source"])]).await.unwrap();
    }

    /// A process of `source`, whose relay takes leases under this name.
    async fn relay_as(&self, boot_id: &str) -> CancellationToken {
        let deps = Deps { boot_id: boot_id.to_owned(), ..self.source.clone() };
        let (bus, stop) = (self.bus(&deps).await, self.stop.child_token());
        self.tasks.spawn(relay(deps, bus, stop.clone()));
        stop
    }

    /// A process of `hearer`.
    async fn hear(&self) {
        let transport = Transport::JetStream(Box::new(self.bus(&self.hearer).await));
        let deps = Deps { transport, ..self.hearer.clone() };
        let handler = Arc::new(Hearing(Arc::clone(&self.heard)));
        self.tasks.spawn(dispatch::run(deps, handler, self.stop.child_token()));
    }

    async fn append(&self, keys: impl IntoIterator<Item = String>) {
        for key in keys {
            let mut tx = self.source.db.begin_write().await.unwrap();
            let fact = Joined { channel: testing::name(&key), incarnation: testing::name("life") };
            let context = Context::of(&key, &testing::name("trace"));
            self.source.append(&mut tx, context, Fact::ChannelJoined(fact)).await.unwrap();
            self.source.db.commit(tx).await.unwrap();
        }
    }

    /// A copy of the server's store as it is now.
    fn keep_store(&mut self) -> PathBuf {
        self.nats.kill();
        let kept = self.folder.path().join("kept");
        copy(&self.nats.store(), &kept);
        self.nats.start_again();
        kept
    }

    /// The server comes back with that copy.
    fn put_back_store(&mut self, kept: &Path) {
        self.nats.kill();
        std::fs::remove_dir_all(self.nats.store()).unwrap();
        copy(kept, &self.nats.store());
        self.nats.start_again();
    }

    /// SQL on the database of `source` or `hearer`.
    async fn sql(deps: &Deps, sql: &'static str) {
        let mut tx = deps.db.begin_write().await.unwrap();
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        deps.db.commit(tx).await.unwrap();
    }

    async fn number(deps: &Deps, sql: &'static str) -> i64 {
        let mut tx = deps.db.begin_read().await.unwrap();
        let row = sqlx::query(sql).fetch_one(&mut *tx).await.unwrap();
        crate::db::integer(&row, "number").unwrap()
    }

    async fn wait(what: &str, is_so: impl AsyncFn() -> bool) {
        let begun = Instant::now();
        while !is_so().await {
            assert!(begun.elapsed() < Duration::from_mins(1), "no {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until just these were heard, in this order.
    async fn wait_heard(&self, keys: &[String]) {
        Self::wait("silence", async || self.heard.lock().unwrap().len() >= keys.len()).await;
        assert_eq!(*self.heard.lock().unwrap(), keys);
    }

    async fn wait_published(&self) {
        let left = "SELECT COUNT(*) AS number FROM outbox WHERE stream_seq IS NULL";
        Self::wait("empty outbox", async || Self::number(&self.source, left).await == 0).await;
    }

    async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn keys(numbers: std::ops::Range<u32>) -> Vec<String> {
    numbers.map(|n| format!("k{n}")).collect()
}

#[tokio::test]
async fn a_server_that_takes_less_than_a_fact_may_be_is_told() {
    let nats = Nats::start();
    let bus = Bus::connect(&"release".parse().unwrap(), &nats.address()).await.unwrap();
    let told = bus.check_payload().unwrap_err();
    assert!(matches!(told, BusError::SmallPayload { found: 1_048_576, .. }), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_come_once_and_in_order_to_two_processes() {
    let world = World::begin(ROOMY).await;
    world.relay_as("a").await;
    world.relay_as("b").await;
    world.hear().await;
    world.hear().await;
    world.append(keys(0..50)).await;
    world.wait_heard(&keys(0..50)).await;
    world.wait_published().await;
    let inbox = "SELECT COUNT(*) AS number FROM inbox";
    assert_eq!(World::number(&world.hearer, inbox).await, 50);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sick_bundle_keeps_no_other_waiting() {
    let world = World::begin(ROOMY).await;
    world.relay_as("a").await;
    world.hear().await;
    world.append(["sick-1".to_owned(), "k0".to_owned(), "sick-1".to_owned()]).await;
    world.append(keys(1..5)).await;
    world.wait_heard(&keys(0..5)).await;
    let parked = "SELECT COUNT(*) AS number FROM parked";
    assert_eq!(World::number(&world.hearer, parked).await, 2);
    world.end().await;
}

/// The server comes back with an older copy of its store, as after a power loss or a restore.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_tail_is_published_again() {
    let mut world = World::begin(ROOMY).await;
    world.relay_as("a").await;
    world.append(keys(0..10)).await;
    world.wait_published().await;
    let kept = world.keep_store();
    world.append(keys(10..30)).await;
    world.wait_published().await;
    world.put_back_store(&kept);
    world.hear().await;
    world.wait_heard(&keys(0..30)).await;
    world.end().await;
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().unwrap().success());
}

/// A hole in the middle: acknowledged once, not there. Nobody but the hearer can notice.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_fact_is_asked_for_and_comes_in_its_place() {
    let world = World::begin(ROOMY).await;
    world.append(keys(0..6)).await;
    // The relay believes that these are in the stream.
    World::sql(&world.source, "UPDATE outbox SET stream_seq = 1 WHERE pos IN (3, 4)").await;
    world.hear().await;
    world.append(keys(6..8)).await;
    let relay = world.relay_as("a").await;
    world.wait_heard(&keys(0..8)).await;
    let ahead = "SELECT COUNT(*) AS number FROM ahead";
    World::wait("empty shelf", async || World::number(&world.hearer, ahead).await == 0).await;
    relay.cancel();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_costs_time_and_nothing_else() {
    let mut world = World::begin(ROOMY).await;
    world.relay_as("a").await;
    world.hear().await;
    world.append(keys(0..3)).await;
    world.wait_heard(&keys(0..3)).await;
    world.nats.kill();
    world.append(keys(3..6)).await;
    world.nats.start_again();
    world.wait_heard(&keys(0..6)).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_stream_refuses_and_the_outbox_keeps() {
    let world = World::begin(Size { replicas: 1, bytes_max: 4_000 }).await;
    world.relay_as("a").await;
    world.hear().await;
    world.append(keys(0..40)).await;
    let waits = "SELECT COUNT(*) AS number FROM outbox WHERE stream_seq IS NULL";
    World::wait("refusal", async || {
        let waiting = World::number(&world.source, waits).await;
        waiting > 0 && !world.heard.lock().unwrap().is_empty()
    })
    .await;
    world.make_stream(ROOMY).await;
    world.wait_heard(&keys(0..40)).await;
    world.end().await;
}

/// One relay dies with its lease; another takes over when that has ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_takes_over_after_another() {
    let world = World::begin(ROOMY).await;
    world.hear().await;
    let first = world.relay_as("a").await;
    world.append(keys(0..3)).await;
    world.wait_heard(&keys(0..3)).await;
    first.cancel();
    world.relay_as("b").await;
    world.append(keys(3..6)).await;
    world.source.clock.set(world.source.clock.now().plus_millis(60_000));
    world.wait_heard(&keys(0..6)).await;
    world.end().await;
}

/// What is not what its subject's source may publish is nobody's fact.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_fact_is_dropped() {
    let world = World::begin(ROOMY).await;
    world.hear().await;
    world.append(keys(0..1)).await;
    let bus = world.bus(&world.source).await;
    let mut tx = world.source.db.begin_read().await.unwrap();
    let fact = store::list_unpublished(&mut tx, "source", 1).await.unwrap().remove(0);
    drop(tx);
    for (subject, text) in [
        ("lockstep.source.other.channel.joined.v1", fact.envelope.clone()),
        (
            "lockstep.source.k0.channel.joined.v1",
            fact.envelope.replace("\"source\"", "\"release\""),
        ),
        ("lockstep.source.k0.channel.joined.v1", "no JSON".to_owned()),
    ] {
        bus.jetstream.publish(subject, text.into()).await.unwrap().await.unwrap();
    }
    world.relay_as("a").await;
    world.append(keys(1..2)).await;
    world.wait_heard(&keys(0..2)).await;
    world.end().await;
}

/// Who may not publish as `source` has the server do it: an answer can be asked to go anywhere.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_sent_into_the_stream_is_no_fact() {
    let world = World::begin(ROOMY).await;
    world.hear().await;
    let envelope = testing::sample("channel.joined.v1");
    let envelope = Envelope {
        id: testing::name("ghost"),
        source: testing::name("source"),
        pos: 1,
        key: "ghost".to_owned(),
        ..envelope
    };
    let payload = serde_json::to_vec(&envelope).unwrap();
    let bus = world.bus(&world.source).await;
    bus.jetstream.publish("lockstep.other.x", payload.into()).await.unwrap().await.unwrap();
    let ask = format!("$JS.API.DIRECT.GET.{STREAM}.lockstep.other.x");
    let astray = "lockstep.source.ghost.channel.joined.v1";
    bus.client.publish_with_reply(ask, astray, "".into()).await.unwrap();
    bus.client.flush().await.unwrap();
    let stream = bus.jetstream.get_stream_no_info(STREAM).await.unwrap();
    World::wait("ghost", async || stream.direct_get_last_for_subject(astray).await.is_ok()).await;
    world.append(keys(0..2)).await;
    world.relay_as("a").await;
    world.wait_heard(&keys(0..2)).await;
    world.end().await;
}

fn in_epoch(deps: &Deps, epoch: u32) -> Deps {
    let settings = crate::Settings { epoch, ..(*deps.settings).clone() };
    Deps { settings: Arc::new(settings), ..deps.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sleeper_publishes_after_a_restore_is_dropped() {
    let mut world = World::begin(ROOMY).await;
    world.relay_as("before").await;
    world.append(keys(0..1)).await;
    world.wait_published().await;
    world.stop.cancel();
    world.tasks.close();
    world.tasks.wait().await;
    // The stream is made anew, and everything that nobody took in is published in the new epoch.
    let admin = world.bus(&world.source).await;
    admin.make_stream_anew(ROOMY, &[("hearer", &["source"])]).await.unwrap();
    let taken_in = admin::find_cursor(&world.hearer.db, "hearer", "source").await.unwrap();
    admin::publish_anew(&world.source.db, "source", taken_in).await.unwrap();
    // Meanwhile one that slept through it publishes a fact that was forgotten: its place, the second,
    // belongs to another by now.
    let ghost = Stored {
        source: "source".to_owned(),
        pos: 2,
        event_id: "ghost".to_owned(),
        key: "ghost".to_owned(),
        type_name: "channel.joined.v1".to_owned(),
        envelope: String::new(),
    };
    let envelope = testing::sample("channel.joined.v1");
    let envelope = Envelope {
        id: testing::name("ghost"),
        source: testing::name("source"),
        pos: 2,
        key: "ghost".to_owned(),
        ..envelope
    };
    let payload = serde_json::to_vec(&envelope).unwrap();
    let headers = headers(&ghost, "ghost", 1);
    let sent = admin.jetstream.publish_with_headers(subject(&ghost), headers, payload.into()).await;
    sent.unwrap().await.unwrap();

    (world.stop, world.tasks) = (CancellationToken::new(), TaskTracker::new());
    world.source = in_epoch(&world.source, 2);
    world.hearer = in_epoch(&world.hearer, 2);
    world.append(keys(1..3)).await;
    // The lease of the one before ends by the clock.
    world.source.clock.set(world.source.clock.now().plus_millis(60_000));
    world.relay_as("after").await;
    world.hear().await;
    world.wait_heard(&keys(0..3)).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_names_an_epoch_that_there_is_not_holds_nobody_up_for_long() {
    let world = World::begin(ROOMY).await;
    let bus = world.bus(&world.source).await;
    for number in 1..=3 {
        let ghost = Stored {
            source: "source".to_owned(),
            pos: number,
            event_id: format!("ghost-{number}"),
            key: "ghost".to_owned(),
            type_name: "channel.joined.v1".to_owned(),
            envelope: String::new(),
        };
        let headers = headers(&ghost, &ghost.event_id, 9);
        let sent = bus.jetstream.publish_with_headers(subject(&ghost), headers, "{}".into()).await;
        sent.unwrap().await.unwrap();
    }
    world.append(keys(0..2)).await;
    world.relay_as("a").await;
    world.hear().await;
    world.wait_heard(&keys(0..2)).await;
    world.end().await;
}

/// A process that slept through the restore publishes, under the epoch that has ended, a fact that was
/// not forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_sleeper_publishes_and_nobody_forgot_still_comes() {
    let mut world = World::begin(ROOMY).await;
    world.append(keys(0..2)).await;
    let admin = world.bus(&world.source).await;
    let mut tx = world.source.db.begin_read().await.unwrap();
    let facts = store::list_unpublished(&mut tx, "source", 2).await.unwrap();
    drop(tx);
    for fact in &facts {
        let headers = headers(fact, &format!("{}.1", fact.event_id), 1);
        let text = fact.envelope.clone();
        let sent = admin.jetstream.publish_with_headers(subject(fact), headers, text.into()).await;
        sent.unwrap().await.unwrap();
    }
    world.source = in_epoch(&world.source, 2);
    world.hearer = in_epoch(&world.hearer, 2);
    world.relay_as("after").await;
    world.hear().await;
    world.wait_heard(&keys(0..2)).await;
    world.end().await;
}

/// A fact that was published again lies above newer ones; the stream loses its tail, and all of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_tail_is_found_lost_behind_a_fact_that_was_published_again() {
    let mut world = World::begin(ROOMY).await;
    world.relay_as("a").await;
    world.append(keys(0..10)).await;
    world.wait_published().await;
    let kept = world.keep_store();
    world.append(keys(10..20)).await;
    world.wait_published().await;
    // Somebody missed the third for a moment.
    let bus = world.bus(&world.hearer).await;
    bus.ask_again("source", Missing { from: 3, to: 3 }).await.unwrap();
    let moved = "SELECT COUNT(*) AS number FROM outbox WHERE pos = 3 AND stream_seq > 20";
    World::wait("again", async || World::number(&world.source, moved).await == 1).await;
    world.put_back_store(&kept);
    world.hear().await;
    world.wait_heard(&keys(0..20)).await;
    world.end().await;
}
