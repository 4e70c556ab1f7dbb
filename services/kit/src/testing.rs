//! For tests of store functions: a fresh database of every engine, and a clock that the test sets.
//! For stories: a look at the jobs that wait.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails"
)]

mod disk;
mod nats;
mod s3;

pub use disk::SmallDisk;
pub use nats::Nats;
pub use s3::S3;

use std::{
    array,
    ffi::OsStr,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use lockstep_gate::wording::Lexicons;
use lockstep_proto::{envelope::Envelope, ids::EventId, signed::PrivateKey, time::Timestamp};
use tempfile::TempDir;

use crate::{
    Db, Deps, Settings,
    blobs::Blobs,
    clock::Clock,
    db::{self, Engine},
    dispatch::Transport,
    ids::Ids,
    metrics::Metrics,
};

/// A PostgreSQL server: the one that `scripts/test` started, or one of this test's own.
#[derive(Debug)]
pub struct Postgres {
    url: String,
    own: Option<TempDir>,
}

impl Postgres {
    /// Finds one or starts one.
    pub fn start() -> Self {
        if let Some(url) = std::env::var_os("LOCKSTEP_TEST_POSTGRES") {
            return Self { url: url.into_string().unwrap(), own: None };
        }
        Self::start_own()
    }

    /// Starts one that this test may kill.
    pub fn start_own() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // The server may run as somebody else.
        let everyone = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), everyone).unwrap();
        let server = folder.path().join("server");
        let url = script("postgres", &["start".as_ref(), server.as_os_str()]);
        Self { url, own: Some(folder) }
    }

    /// Copies the server as it is now.
    pub fn copy(&self) {
        let [server, copy] = self.places();
        script("postgres", &["copy".as_ref(), server.as_os_str(), copy.as_os_str()]);
    }

    /// The server dies, and the copy takes over under its address. What was committed since the copy
    /// was made is lost.
    pub fn fail_over(&self) {
        let [server, copy] = self.places();
        script("postgres", &["kill".as_ref(), server.as_os_str()]);
        script("postgres", &["promote".as_ref(), copy.as_os_str()]);
    }

    fn places(&self) -> [PathBuf; 2] {
        let folder = self.own.as_ref().expect("a server of the test's own").path();
        ["server", "copy"].map(|name| folder.join(name))
    }

    /// The superuser's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A fresh schema with kit's tables.
    pub async fn fresh(&self) -> Db {
        let id: EventId = Ids.fresh();
        let db = Db::open_postgres(&self.url, &format!("test-{id}")).await.unwrap();
        db.create().await.unwrap();
        db
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        for place in self.own.iter().flat_map(|_| self.places()) {
            if place.join("data/postmaster.pid").exists() {
                script("postgres", &["stop".as_ref(), place.as_os_str()]);
            }
        }
    }
}

/// What one of `scripts/` says.
/// Addresses on loopback that nobody else is given: each is free until its server listens there, and
/// while that is down.
pub fn free_addresses<const N: usize>() -> [SocketAddr; N] {
    let said = script("free-ports", &[N.to_string().as_ref()]);
    let mut ports = said.lines().map(|port| port.parse().unwrap());
    array::from_fn(|_| (Ipv4Addr::LOCALHOST, ports.next().unwrap()).into())
}

fn script(name: &str, arguments: &[&OsStr]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts").join(name);
    let said = Command::new(path).args(arguments).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

async fn open(engine: Engine, folder: &Path, postgres: &Postgres) -> Db {
    match engine {
        Engine::Sqlite => Db::open_sqlite(&folder.join("test.db")).await.unwrap(),
        Engine::Postgres => postgres.fresh().await,
    }
}

/// Runs `test` once per engine, each time as `service` on a database of its own that holds kit's
/// tables. The clock stands at 2026-12-01T00:00:00Z.
pub async fn for_each_engine(service: &str, test: impl AsyncFn(Deps)) {
    let postgres = Postgres::start();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        // Seen only where the test fails.
        println!("on {engine:?}");
        let folder = tempfile::tempdir().unwrap();
        let db = open(engine, folder.path(), &postgres).await;
        let deps = deps(service, db.clone(), folder.path());
        test(deps).await;
        db.close().await;
    }
}

/// What `service` is given on this database. The clock stands at 2026-12-01T00:00:00Z.
pub fn deps(service: &str, db: Db, folder: &Path) -> Deps {
    let settings = Settings {
        deployment: name("deployment"),
        root: root_key().public(),
        console: console_key().public(),
        release: vec![release_key().public()],
        channels: vec![name("portal"), name("folder")],
        profile: "shanghai".to_owned(),
        lexicons: Arc::new(Lexicons::new(vec![]).unwrap()),
        epoch: 1,
        site_name: "测试".to_owned(),
    };
    Deps {
        service: name(service),
        db,
        clock: Clock::set_to(at("2026-12-01T00:00:00Z")),
        ids: Ids,
        blobs: Blobs::new(folder.join("blobs")),
        transport: Transport::Local,
        metrics: Metrics::new().unwrap(),
        settings: Arc::new(settings),
        boot_id: "boot".to_owned(),
    }
}

/// A job that waits.
#[derive(Debug)]
pub struct WaitingJob {
    /// When it is tried, or tried again.
    pub due_at: Timestamp,
    /// What kept it last.
    pub last_error: Option<String>,
}

/// The job of this kind that waits for a bundle.
pub async fn find_waiting_job(db: &Db, kind: &str, bundle: &str) -> Option<WaitingJob> {
    let mut tx = db.begin_read().await.unwrap();
    let row = sqlx::query(
        "SELECT due_at, last_error FROM job WHERE kind = $1 AND key = $2 AND done_at IS NULL
         ORDER BY job_id LIMIT 1",
    )
    .bind(kind)
    .bind(bundle)
    .fetch_optional(&mut *tx)
    .await
    .unwrap()?;
    Some(WaitingJob {
        due_at: Timestamp::from_micros(db::integer(&row, "due_at").unwrap()),
        last_error: db::maybe_text(&row, "last_error").unwrap(),
    })
}

/// A job of `service` that nobody does, and that failed before.
pub async fn insert_sick_job(db: &Db, service: &str) {
    let mut tx = db.begin_write().await.unwrap();
    sqlx::query(
        "INSERT INTO job (job_id, service, kind, key, payload, trace, due_at, attempt_count)
         VALUES ('sick', $1, 'sick', 'sick', '', 'sick', 0, 1)",
    )
    .bind(service)
    .execute(&mut *tx)
    .await
    .unwrap();
    db.commit(tx).await.unwrap();
}

/// The deployment's root key.
pub fn root_key() -> PrivateKey {
    PrivateKey::from_seed([1; 32])
}

/// The console's key.
pub fn console_key() -> PrivateKey {
    PrivateKey::from_seed([2; 32])
}

/// Release's key.
pub fn release_key() -> PrivateKey {
    PrivateKey::from_seed([3; 32])
}

/// A name or id of any of our types.
pub fn name<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("{text:?} is no name"))
}

/// An instant.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The golden sample of a fact's type, such as `case.granted.v1`.
pub fn sample(type_name: &str) -> Envelope {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../proto/samples/facts");
    let text = std::fs::read_to_string(format!("{folder}/{type_name}.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}
