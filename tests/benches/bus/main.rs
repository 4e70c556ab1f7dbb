//! How long a fact takes from the begin of the transaction that appends it to the commit of what it
//! causes in another service, and how many a second can go on; in both modes, beside what disk,
//! databases and stream do alone in the same run.
//!
//! `cargo bench -p lockstep-tests --bench bus -- FACTS`

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

mod limits;
mod servers;

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lockstep_kit::{
    Db, Deps, Tx,
    bus::{
        self, Bus,
        admin::{self, Size},
    },
    dispatch::{self, HandleError, Handler, Transport},
    outbox::Context,
    testing::{self, Postgres},
};
use lockstep_proto::{
    envelope::Envelope,
    facts::{Fact, channel::Joined},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use servers::Servers;

const SOURCE: &str = "source";
const HEARER: &str = "hearer";

/// A handler that does nothing, and says when: before its transaction is committed.
struct Noting {
    db: Db,
    /// The count of commits that this database had then.
    handled: Mutex<Option<u64>>,
}

#[async_trait]
impl Handler for Noting {
    fn name(&self) -> &'static str {
        HEARER
    }

    fn hears(&self, _: &Fact) -> bool {
        true
    }

    async fn handle(&self, _: &mut Tx, _: &Envelope) -> Result<(), HandleError> {
        *self.handled.lock().unwrap() = Some(*self.db.commits().borrow());
        Ok(())
    }
}

/// Two services, one hearing the other.
struct Pair {
    source: Deps,
    hearer: Deps,
    noting: Arc<Noting>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Pair {
    fn new(source: Deps, hearer: Deps) -> Self {
        let noting = Arc::new(Noting { db: hearer.db.clone(), handled: Mutex::default() });
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let handler: Arc<dyn Handler> = noting.clone();
        tasks.spawn(dispatch::run(hearer.clone(), handler, stop.clone()));
        Self { source, hearer, noting, stop, tasks }
    }

    async fn append(&self) {
        let mut tx = self.source.db.begin_write().await.unwrap();
        let (channel, incarnation) = (testing::name("channel"), testing::name("life"));
        let context = Context::of("channel", &testing::name("trace"));
        let fact = Fact::ChannelJoined(Joined { channel, incarnation });
        self.source.append(&mut tx, context, fact).await.unwrap();
        self.source.db.commit(tx).await.unwrap();
    }

    /// One fact, from the begin of its transaction to the commit of its handling.
    async fn one(&self) -> Duration {
        *self.noting.handled.lock().unwrap() = None;
        let mut commits = self.hearer.db.commits();
        let begun = Instant::now();
        self.append().await;
        loop {
            let count = *commits.borrow_and_update();
            if self.noting.handled.lock().unwrap().is_some_and(|handled| count > handled) {
                return begun.elapsed();
            }
            commits.changed().await.unwrap();
        }
    }

    /// Many facts as fast as they go, one transaction each, until the last is handled. Facts a second.
    async fn rate(&self, count: i64) -> f64 {
        let from = self.cursor().await;
        let begun = Instant::now();
        for _ in 0..count {
            self.append().await;
        }
        while self.cursor().await < from + count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        per_second(count, begun.elapsed())
    }

    async fn cursor(&self) -> i64 {
        admin::find_cursor(&self.hearer.db, HEARER, SOURCE).await.unwrap()
    }

    async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// A row of the table that is printed.
fn print(what: &str, mut times: Vec<Duration>, rate: f64) {
    times.sort();
    let at = |percent: usize| {
        let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(index).map_or(0.0, Duration::as_secs_f64) * 1e3
    };
    println!("| {what} | {:.2} | {:.2} | {rate:.0} |", at(50), at(99));
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a figure for people")]
fn per_second(count: i64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

async fn measure(what: &str, pair: &Pair, count: i64) {
    // What is made at the first time is made.
    for _ in 0..20 {
        pair.one().await;
    }
    let mut times = vec![];
    for _ in 0..count {
        times.push(pair.one().await);
    }
    let rate = pair.rate(count).await;
    print(what, times, rate);
}

async fn embedded(folder: &Path, count: i64) {
    let db = Db::open_sqlite(&folder.join("bench.db")).await.unwrap();
    limits::commits("SQLite: one row, committed", &db, count).await;
    let deps = |service| testing::deps(service, db.clone(), folder);
    let pair = Pair::new(deps(SOURCE), deps(HEARER));
    measure("**embedded: appended → handled**", &pair, count).await;
    pair.end().await;
    db.close().await;
}

async fn apart(folder: &Path, count: i64) {
    let (postgres, servers) = (Postgres::start_own(), Servers::start().await);
    let (one, other) = (postgres.fresh().await, postgres.fresh().await);
    limits::commits("PostgreSQL: one row, committed", &one, count).await;
    limits::stream("JetStream: published, acknowledged, received", &servers, count).await;
    let (source, mut hearer) =
        (testing::deps(SOURCE, one, folder), testing::deps(HEARER, other, folder));
    let bus = async |service| Bus::connect(&testing::name(service), &servers.address()).await;
    let admin = bus(SOURCE).await.unwrap();
    let size = Size { replicas: 3, bytes_max: 256 << 20 };
    admin.make_stream(size, &[(HEARER, &[SOURCE])]).await.unwrap();
    hearer.transport = Transport::JetStream(Box::new(bus(HEARER).await.unwrap()));
    let pair = Pair::new(source.clone(), hearer);
    pair.tasks.spawn(bus::relay(source, admin, pair.stop.clone()));
    measure("**apart: appended → handled**", &pair, count).await;
    pair.end().await;
}

#[tokio::main]
async fn main() {
    let count = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(2_000);
    let folder = tempfile::tempdir().unwrap();
    println!("| {count} each | p50 ms | p99 ms | per second |\n|---|---|---|---|");
    limits::syncs("disk: 4 KiB, synced", folder.path(), count);
    embedded(folder.path(), count).await;
    apart(folder.path(), count).await;
}
