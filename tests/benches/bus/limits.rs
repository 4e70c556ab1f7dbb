//! What disk, database and stream do alone.

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use async_nats::jetstream::{self, consumer::pull, stream::Config};
use futures::StreamExt as _;
use lockstep_kit::Db;

use crate::{per_second, print, servers::Servers};

/// Bytes of a fact, about.
const PAYLOAD: [u8; 512] = [b'x'; 512];

fn report(what: &str, times: Vec<Duration>, count: i64) {
    let sum = times.iter().sum();
    print(what, times, per_second(count, sum));
}

pub(crate) fn syncs(what: &str, folder: &Path, count: i64) {
    let mut file = File::create(folder.join("bench")).unwrap();
    let mut times = vec![];
    for _ in 0..count {
        let begun = Instant::now();
        file.write_all(&[0; 4096]).unwrap();
        file.sync_data().unwrap();
        times.push(begun.elapsed());
    }
    report(what, times, count);
}

pub(crate) async fn commits(what: &str, db: &Db, count: i64) {
    let text = String::from_utf8_lossy(&PAYLOAD).into_owned();
    let mut times = vec![];
    for number in 0..count {
        let begun = Instant::now();
        let mut tx = db.begin_write().await.unwrap();
        sqlx::query("INSERT INTO inbox (handler, event_id, done_at) VALUES ($1, $2, 0)")
            .bind(&text)
            .bind(number.to_string())
            .execute(&mut *tx)
            .await
            .unwrap();
        db.commit_quietly(tx).await.unwrap();
        times.push(begun.elapsed());
    }
    report(what, times, count);
}

pub(crate) async fn stream(what: &str, servers: &Servers, count: i64) {
    let client = async_nats::connect(servers.address().servers).await.unwrap();
    let context = jetstream::new(client);
    let (name, subjects) = ("LIMITS".to_owned(), vec!["limits".to_owned()]);
    let config = Config { name, subjects, num_replicas: 3, ..Config::default() };
    let stream = context.create_stream(config).await.unwrap();
    let durable_name = Some("limits".to_owned());
    let consumer = pull::Config { durable_name, ..pull::Config::default() };
    let consumer = stream.create_consumer(consumer).await.unwrap();
    let mut messages = consumer.messages().await.unwrap();
    let mut times = vec![];
    for _ in 0..count {
        let begun = Instant::now();
        let published = context.publish("limits", PAYLOAD.to_vec().into()).await.unwrap();
        published.await.unwrap();
        messages.next().await.unwrap().unwrap().ack().await.unwrap();
        times.push(begun.elapsed());
    }
    report(what, times, count);
}
