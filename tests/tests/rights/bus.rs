//! NATS: a user publishes its own service's facts, pulls its own consumer, and nothing else.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_nats::{Client, ConnectOptions, Event, jetstream};
use lockstep::home::ADMIN;

use super::*;

/// A service's user, as somebody who took its seed would use it.
struct User {
    client: Client,
    said: Arc<Mutex<Vec<String>>>,
    sentinels: usize,
}

impl User {
    async fn connect(servers: &Servers, service: &str) -> Self {
        let cluster = servers.home.settings.cluster.as_ref().unwrap();
        let address = cluster.nats_address(&servers.home, service).unwrap();
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&said);
        let client = ConnectOptions::with_nkey(address.seed.unwrap())
            .custom_inbox_prefix(format!("_INBOX_{service}"))
            .event_callback(move |event| {
                if let Event::ServerError(error) = event {
                    heard.lock().unwrap().push(error.to_string().to_lowercase());
                }
                async {}
            })
            .connect(&address.servers)
            .await
            .unwrap();
        Self { client, said, sentinels: 0 }
    }

    /// What the server refused of everything that was sent until now. It answers in order: once it
    /// has refused what nobody may, it has refused all that it will.
    async fn refused(&mut self) -> Vec<String> {
        self.sentinels += 1;
        let sentinel = format!("sentinel.{}", self.sentinels);
        self.client.publish(sentinel.clone(), "".into()).await.unwrap();
        self.client.flush().await.unwrap();
        let begun = Instant::now();
        while !self.said.lock().unwrap().iter().any(|said| said.contains(&sentinel)) {
            assert!(begun.elapsed() < Duration::from_mins(1), "{sentinel} is not refused");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        std::mem::take(&mut *self.said.lock().unwrap())
    }

    /// Which of these subjects it may publish to after all.
    async fn publishable(&mut self, subjects: &[String]) -> Vec<String> {
        let inbox = self.client.new_inbox();
        for subject in subjects {
            let sent = self.client.publish_with_reply(subject.clone(), inbox.clone(), "".into());
            sent.await.unwrap();
        }
        let refused = self.refused().await;
        let is_refused = |subject: &String| {
            let words = format!("publish to \"{}\"", subject.to_lowercase());
            refused.iter().any(|said| said.contains(&words))
        };
        subjects.iter().filter(|subject| !is_refused(subject)).cloned().collect()
    }

    /// Which of these subjects it may listen to after all.
    async fn audible(&mut self, subjects: &[String]) -> Vec<String> {
        let mut held = vec![];
        for subject in subjects {
            held.push(self.client.subscribe(subject.clone()).await.unwrap());
        }
        let refused = self.refused().await;
        let is_refused = |subject: &String| {
            let words = format!("subscription to \"{}\"", subject.to_lowercase());
            refused.iter().any(|said| said.contains(&words))
        };
        subjects.iter().filter(|subject| !is_refused(subject)).cloned().collect()
    }
}

fn heard_by(service: &str) -> &'static [&'static str] {
    services::HEARS.iter().find(|(name, _)| *name == service).map_or(&[], |(_, sources)| *sources)
}

/// What this service's user must not publish to.
fn forbidden(service: &str) -> Vec<String> {
    let mut subjects: Vec<String> = [
        "lockstep",
        "missing.lockstep",
        "$JS.API.INFO",
        "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.LIST",
        "$JS.API.STREAM.CREATE.MINE",
        "$JS.API.STREAM.CREATE.LOCKSTEP",
        "$JS.API.STREAM.UPDATE.LOCKSTEP",
        "$JS.API.STREAM.DELETE.LOCKSTEP",
        "$JS.API.STREAM.PURGE.LOCKSTEP",
        "$JS.API.STREAM.MSG.GET.LOCKSTEP",
        "$JS.API.STREAM.MSG.DELETE.LOCKSTEP",
        "$JS.API.STREAM.SNAPSHOT.LOCKSTEP",
        "$JS.API.STREAM.RESTORE.LOCKSTEP",
        "$JS.API.STREAM.LEADER.STEPDOWN.LOCKSTEP",
        "$JS.API.DIRECT.GET.LOCKSTEP",
        "$JS.API.META.LEADER.STEPDOWN",
        "$JS.API.CONSUMER.NAMES.LOCKSTEP",
        "$JS.API.CONSUMER.LIST.LOCKSTEP",
        "$JS.API.CONSUMER.CREATE.LOCKSTEP",
        "$JS.API.CONSUMER.CREATE.LOCKSTEP.mine",
        "$JS.API.CONSUMER.CREATE.LOCKSTEP.mine.lockstep.>",
        "$JS.API.CONSUMER.DURABLE.CREATE.LOCKSTEP.mine",
        "$SYS.REQ.SERVER.PING",
    ]
    .map(str::to_owned)
    .into();
    // Release hears everybody, and warns of a full stream.
    if service != "release" {
        subjects.push("$JS.API.STREAM.INFO.LOCKSTEP".to_owned());
    }
    // Its own too: it may use its consumer, not change it.
    for consumer in services::ALL {
        for verb in ["DELETE", "PAUSE", "UNPIN", "LEADER.STEPDOWN", "CREATE", "DURABLE.CREATE"] {
            subjects.push(format!("$JS.API.CONSUMER.{verb}.LOCKSTEP.{consumer}"));
        }
        if consumer != service || heard_by(service).is_empty() {
            for verb in ["INFO", "MSG.NEXT"] {
                subjects.push(format!("$JS.API.CONSUMER.{verb}.LOCKSTEP.{consumer}"));
            }
            subjects.push(format!("$JS.ACK.LOCKSTEP.{consumer}.1.1.1.1.0"));
            subjects.push(format!("$JS.ACK._.account.LOCKSTEP.{consumer}.1.1.1.1.0.token"));
        }
        if !heard_by(service).contains(&consumer) {
            subjects.push(format!("missing.lockstep.{consumer}"));
        }
        if consumer != service {
            subjects.push(format!("lockstep.{consumer}.b.any.v1"));
            subjects.push(format!("$JS.API.DIRECT.GET.LOCKSTEP.lockstep.{consumer}.b.any.v1"));
            subjects.push(format!("_INBOX_{consumer}.stolen"));
        }
    }
    subjects
}

/// What it must not listen to.
fn secret(service: &str) -> Vec<String> {
    let everything =
        [">", "*.>", "lockstep.>", "missing.>", "$JS.>", "$SYS.>", "_INBOX.>", "_INBOX_*.>"];
    let mut subjects: Vec<String> = everything.map(str::to_owned).into();
    for other in services::ALL {
        // Facts come by the consumer alone, its own too.
        subjects.push(format!("lockstep.{other}.>"));
    }
    for other in others(service) {
        subjects.push(format!("_INBOX_{other}.>"));
        subjects.push(format!("missing.lockstep.{other}"));
        subjects.push(format!("$JS.API.CONSUMER.MSG.NEXT.LOCKSTEP.{other}"));
    }
    subjects
}

/// The newest message of the stream, for its administrator.
async fn last_sequence(admin: &jetstream::Context) -> u64 {
    admin.get_stream("LOCKSTEP").await.unwrap().cached_info().state.last_sequence
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_publishes_its_own_facts_and_pulls_its_own_consumer() {
    let servers = Servers::start().unwrap();
    let admin = jetstream::new(User::connect(&servers, ADMIN).await.client);
    for (count, service) in (0..).zip(services::ALL) {
        let mut user = User::connect(&servers, service).await;
        let nothing = Vec::<String>::new();
        assert_eq!(user.publishable(&forbidden(service)).await, nothing, "{service} publishes");
        assert_eq!(user.audible(&secret(service)).await, nothing, "{service} listens");
        // Not one of all these came into the stream.
        assert_eq!(last_sequence(&admin).await, count, "{service}");

        // And what it is there for, it can do.
        let own = jetstream::new(user.client.clone());
        let subject = format!("lockstep.{service}.b.any.v1");
        own.publish(subject.clone(), service.into()).await.unwrap().await.unwrap();
        let stream = own.get_stream_no_info("LOCKSTEP").await.unwrap();
        let last = stream.direct_get_last_for_subject(subject).await.unwrap();
        assert_eq!(last.payload, service.as_bytes());
        if !heard_by(service).is_empty() {
            own.get_consumer_from_stream::<jetstream::consumer::pull::Config, _, _>(
                service, "LOCKSTEP",
            )
            .await
            .unwrap();
        }
        // Of that, the server refused nothing.
        assert_eq!(user.refused().await.len(), 1, "{service}");
    }
}

/// An answer may be asked to go anywhere, and the server sends it under its own name: whoever may look
/// up its own facts can have them put under another's name. What is put there so bears a mark, by which
/// consumers know it (`kit::bus`).
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_sent_astray_is_marked() {
    let servers = Servers::start().unwrap();
    let admin = jetstream::new(User::connect(&servers, ADMIN).await.client);
    let user = User::connect(&servers, "portal").await;
    let own = jetstream::new(user.client.clone());
    own.publish("lockstep.portal.b.any.v1", "forged".into()).await.unwrap().await.unwrap();
    let ask = "$JS.API.DIRECT.GET.LOCKSTEP.lockstep.portal.b.any.v1";
    let astray = "lockstep.release.b.release.completed.v1";
    user.client.publish_with_reply(ask, astray, "".into()).await.unwrap();
    user.client.flush().await.unwrap();
    let begun = Instant::now();
    while last_sequence(&admin).await < 2 {
        assert!(begun.elapsed() < Duration::from_mins(1), "the server does that no more");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let stream = admin.get_stream("LOCKSTEP").await.unwrap();
    let put = stream.get_raw_message(2).await.unwrap();
    assert_eq!((put.subject.as_str(), &put.payload[..]), (astray, &b"forged"[..]));
    assert!(put.headers.get("Nats-Stream").is_some());
    // What is published as it should be bears none.
    assert!(stream.get_raw_message(1).await.unwrap().headers.get("Nats-Stream").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_a_key_of_the_deployment() {
    let servers = Servers::start().unwrap();
    let address = servers.nats.address();
    assert!(ConnectOptions::new().connect(&address.servers).await.is_err());
    let elsewhere = Servers::start().unwrap();
    let cluster = elsewhere.home.settings.cluster.as_ref().unwrap();
    for user in services::ALL.into_iter().chain([ADMIN]) {
        let seed = cluster.nats_address(&elsewhere.home, user).unwrap().seed.unwrap();
        let error = ConnectOptions::with_nkey(seed).connect(&address.servers).await.unwrap_err();
        assert_eq!(error.kind(), async_nats::ConnectErrorKind::AuthorizationViolation);
    }
}
