//! A deployment for a test.

mod acts;

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use lockstep::{
    client::{Client, Failure},
    home::Home,
    identity::Identity,
    serve::{How, Server},
    statements,
};
use lockstep_kit::{
    Db, Deps,
    clock::Clock,
    dispatch::Transport,
    files, keys,
    outbox::{self, Stored},
    testing::free_addresses,
};
use lockstep_proto::{
    envelope::Envelope,
    facts::Fact,
    http::{PostKey, PutPerson, Release, Status},
    ids::BundleId,
    time::Timestamp,
};
use reqwest::Method;
use tempfile::TempDir;

use crate::cluster::Cluster;

/// How long a condition may take before the test fails. Generous: machines are shared and slow, and where
/// the clock goes on by each look, a lease of a minute takes a hundred and fifty of them.
const DEADLINE: Duration = Duration::from_mins(3);
/// How far the clock goes on between two looks: about twice as fast as ours, so that leases run out
/// soon and are still renewed in time.
const TICK_MS: i64 = 400;

/// The people of every test deployment and what they may do.
const PEOPLE: [(&str, &str); 5] = [
    ("drafter", "drafter"),
    ("reviewer", "reviewer"),
    ("issuer", "issuer"),
    ("registrar", "registrar"),
    ("second-issuer", "issuer"),
];

/// The handlers of a deployment.
const HANDLERS: [&str; 6] = ["drafting", "explainer", "approval", "release", "portal", "folder"];

enum Process {
    None,
    Child(Child),
    Here(Box<Server>),
    Apart(Cluster),
}

/// A deployment in a temporary folder.
pub struct Site {
    /// Its folder.
    pub home: Home,
    /// The clock that everything here reads.
    pub clock: TestClock,
    /// What a child is given in its environment besides.
    pub environment: Vec<(&'static str, String)>,
    addresses: [SocketAddr; 2],
    process: Process,
    identities: BTreeMap<&'static str, Identity>,
    folder: TempDir,
}

/// A clock that stands until the test moves it; child processes read it from a file.
#[derive(Debug, Clone)]
pub struct TestClock {
    path: PathBuf,
    here: Clock,
}

impl TestClock {
    fn new(path: PathBuf, at: Timestamp) -> anyhow::Result<Self> {
        let clock = Self { path, here: Clock::set_to(at) };
        clock.set(at)?;
        Ok(clock)
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.here.now()
    }

    /// Moves it.
    pub fn set(&self, at: Timestamp) -> anyhow::Result<()> {
        files::write_durably(&self.path, at.as_micros().to_string().as_bytes())?;
        self.here.set(at);
        Ok(())
    }

    /// Moves it forward.
    pub fn advance(&self, millis: i64) -> anyhow::Result<()> {
        self.set(self.now().plus_millis(millis))
    }
}

impl Site {
    /// A new deployment, not yet served. Its clock stands at 2026-12-01T00:00:00Z.
    pub fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let home = Home::init(&folder.path().join("home"), "测试站点")?;
        let clock = TestClock::new(folder.path().join("clock"), "2026-12-01T00:00:00Z".parse()?)?;
        Ok(Self {
            home,
            clock,
            environment: vec![],
            addresses: free_addresses(),
            process: Process::None,
            identities: BTreeMap::new(),
            folder,
        })
    }

    /// A deployment served by a child process, with its people.
    pub async fn with_child(failpoints: &str) -> anyhow::Result<Self> {
        let mut site = Self::new()?;
        site.start_child(failpoints).await?;
        site.add_people().await?;
        Ok(site)
    }

    /// A deployment served in this process, with its people.
    pub async fn in_process(transport: Transport) -> anyhow::Result<Self> {
        let mut site = Self::new()?;
        site.start_here(transport).await?;
        site.add_people().await?;
        Ok(site)
    }

    /// A deployment whose services run apart, two processes of each, with its people.
    pub async fn apart() -> anyhow::Result<Self> {
        Self::start_apart(vec![]).await
    }

    /// The same, with TLS to NATS and PostgreSQL, and blobs in a bucket; `bucket` holds what
    /// `scripts/cluster` asks for.
    pub async fn apart_by_tls(bucket: &Path) -> anyhow::Result<Self> {
        let bucket = bucket.to_owned();
        Self::start_apart(vec![("CLUSTER_TLS", "1".into()), ("CLUSTER_BUCKET", bucket)]).await
    }

    async fn start_apart(environment: Vec<(&'static str, PathBuf)>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = TestClock::new(folder.path().join("clock"), "2026-12-01T00:00:00Z".parse()?)?;
        let cluster = Cluster::start(folder.path(), &clock.path, environment).await?;
        let home = Home::open(&cluster.home())?;
        let addresses = [home.settings.staff, home.settings.public];
        let mut site = Self {
            home,
            clock,
            environment: vec![],
            addresses,
            process: Process::Apart(cluster),
            identities: BTreeMap::new(),
            folder,
        };
        site.add_people().await?;
        Ok(site)
    }

    /// The deployment's parts, where its services run apart.
    pub fn cluster(&self) -> anyhow::Result<&Cluster> {
        match &self.process {
            Process::Apart(cluster) => Ok(cluster),
            Process::Here(_) | Process::Child(_) | Process::None => bail!("nothing runs apart"),
        }
    }

    /// Starts the server as a child; returns once it answers.
    pub async fn start_child(&mut self, failpoints: &str) -> anyhow::Result<()> {
        let [staff, public] = self.addresses.map(|address| address.to_string());
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("server.log"))?;
        let child = Command::new(under_test()?)
            .args(["serve", "all", "--staff", &staff, "--public", &public, "--home"])
            .arg(&self.home.path)
            .env("LOCKSTEP_CLOCK_FILE", &self.clock.path)
            .env("LOCKSTEP_LOG", "info")
            .env("FAILPOINTS", failpoints)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        self.process = Process::Child(child);
        self.wait_ready().await
    }

    /// Starts the server in this process.
    pub async fn start_here(&mut self, transport: Transport) -> anyhow::Result<()> {
        let [staff, public] = self.addresses;
        let how = How {
            staff: Some(staff),
            public: Some(public),
            listen: None,
            clock: self.clock.here.clone(),
            transport,
            program: under_test()?,
        };
        self.process = Process::Here(Box::new(Server::start(&self.home, how).await?));
        Ok(())
    }

    async fn wait_ready(&mut self) -> anyhow::Result<()> {
        let client = Client::new(&self.staff(), None)?;
        let started = Instant::now();
        loop {
            // Any answer is an answer; only an unreachable server is not.
            match client.get::<serde_json::Value>("/healthz").await {
                Err(Failure::Unreachable { .. }) => {}
                _ => return Ok(()),
            }
            if started.elapsed() > DEADLINE || self.is_dead()? {
                bail!("the server does not start:\n{}", self.log());
            }
            pause().await;
        }
    }

    /// What the child said.
    pub fn log(&self) -> String {
        if let Process::Apart(cluster) = &self.process {
            return cluster.log();
        }
        fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// Whether the child has ended.
    pub fn is_dead(&mut self) -> anyhow::Result<bool> {
        match &mut self.process {
            Process::Child(child) => Ok(child.try_wait()?.is_some()),
            Process::None => Ok(true),
            Process::Here(_) | Process::Apart(_) => Ok(false),
        }
    }

    /// Waits until the child died of its failpoint.
    pub async fn wait_dead(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        while !self.is_dead()? {
            if started.elapsed() > DEADLINE {
                bail!("the failpoint was not reached:\n{}", self.log());
            }
            pause().await;
        }
        self.process = Process::None;
        Ok(())
    }

    /// Ends the server in good order (here) or kills it (child).
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        match std::mem::replace(&mut self.process, Process::None) {
            Process::None => {}
            Process::Here(server) => server.stop().await,
            Process::Child(mut child) => {
                child.kill()?;
                child.wait()?;
            }
            Process::Apart(cluster) => cluster.stop()?,
        }
        Ok(())
    }

    /// The surroundings of the services that run in this process.
    pub fn deps(&self) -> anyhow::Result<&Deps> {
        match &self.process {
            Process::Here(server) => Ok(&server.deps),
            Process::Child(_) | Process::None | Process::Apart(_) => {
                bail!("no service runs in this process")
            }
        }
    }

    /// How many facts there are, of every source.
    pub async fn fact_count(&self) -> anyhow::Result<usize> {
        let mut tx = self.deps()?.db.begin_read().await?;
        // A handler that there is not has passed none of them.
        Ok(outbox::list_after_cursor(&mut tx, "nobody", 100_000).await?.len())
    }

    /// Waits until every handler has taken in every fact.
    pub async fn wait_heard(&self) -> anyhow::Result<()> {
        let db = self.deps()?.db.clone();
        self.wait("silence", async || {
            let mut tx = db.begin_read().await.ok()?;
            for handler in HANDLERS {
                let left = outbox::list_after_cursor(&mut tx, handler, 1).await.ok()?;
                left.is_empty().then_some(())?;
            }
            Some(())
        })
        .await
    }

    /// Where staff connect.
    pub fn staff(&self) -> String {
        format!("http://{}", self.addresses[0])
    }

    /// Where the public connects.
    pub fn public(&self) -> String {
        format!("http://{}", self.addresses[1])
    }

    /// The served root of the static folder.
    pub fn served(&self) -> PathBuf {
        self.home.join(&self.home.settings.folder.root)
    }

    /// A place for bundle folders.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.path().join("bundles").join(name)
    }

    /// Records people and their keys.
    pub async fn add_people(&mut self) -> anyhow::Result<()> {
        let client = Client::new(&self.staff(), None)?;
        for (name, role) in PEOPLE {
            let path = self.folder.path().join("people").join(format!("{name}.toml"));
            let identity = Identity::new(
                self.staff(),
                self.home.settings.deployment.clone(),
                (name.parse()?, "示例局".to_owned()),
                statements::token()?,
                path,
            );
            let roles = vec![role.parse()?];
            let record = statements::person(&self.home, &identity, name, roles, self.clock.now())?;
            let address = format!("/people/{name}");
            let () = client.command(Method::PUT, &address, &PutPerson { record }).await?;
            identity.save()?;
            let key = keys::make(&identity.key_path())?.public();
            let record = statements::key(&self.home, &identity.person, key, self.clock.now())?;
            let () = client.command(Method::POST, "/keys", &PostKey { record }).await?;
            self.identities.insert(name, identity);
        }
        Ok(())
    }

    /// A person's identity.
    pub fn identity(&self, name: &str) -> anyhow::Result<&Identity> {
        self.identities.get(name).with_context(|| format!("nobody is called {name}"))
    }

    /// The staff door, as this person.
    pub fn client(&self, name: &str) -> anyhow::Result<Client> {
        Ok(Client::new(&self.staff(), Some(self.identity(name)?.token.clone()))?)
    }

    /// Everything the services say.
    pub async fn status(&self, bundle: &BundleId) -> anyhow::Result<Status> {
        Ok(self.client("reviewer")?.get(&format!("/bundles/{bundle}")).await?)
    }

    /// Waits until the release of `generation` (its number) is in this phase.
    pub async fn wait_phase(
        &self,
        bundle: &BundleId,
        phase: &str,
        n: u32,
    ) -> anyhow::Result<Release> {
        self.wait(&format!("phase {phase} of generation {n}"), async || {
            let status = self.status(bundle).await.ok()?;
            let release = status.release?;
            // Drafting hears of an end a moment later; what follows may need it to.
            let is_heard = match phase {
                "completed" => status.draft.state == "released",
                "dark" | "stopped" => status.draft.state == phase,
                _ => true,
            };
            (is_heard && release.phase == phase && release.generation.n == n).then_some(release)
        })
        .await
    }

    /// Waits for drafting's state.
    pub async fn wait_state(&self, bundle: &BundleId, state: &str) -> anyhow::Result<Status> {
        self.wait(&format!("state {state}"), async || {
            let status = self.status(bundle).await.ok()?;
            (status.draft.state == state).then_some(status)
        })
        .await
    }

    /// The same as [`Self::wait`], while the clock goes on for whoever waits by it.
    pub async fn wait_ticking<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> Option<T>,
    ) -> anyhow::Result<T> {
        self.wait(what, async || {
            self.clock.advance(TICK_MS).ok()?;
            look().await
        })
        .await
    }

    /// Waits until `look` finds what it looks for.
    pub async fn wait<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> Option<T>,
    ) -> anyhow::Result<T> {
        let started = Instant::now();
        loop {
            if let Some(found) = look().await {
                return Ok(found);
            }
            if started.elapsed() > DEADLINE {
                bail!("no {what} within {DEADLINE:?}\n{}", self.log());
            }
            pause().await;
        }
    }

    /// Every fact of a bundle, read from the outbox itself.
    pub async fn facts(&self, key: &str) -> anyhow::Result<Vec<Envelope>> {
        if let Process::Apart(cluster) = &self.process {
            return cluster.facts(&[key]).await;
        }
        let db = Db::open_sqlite(&self.home.join("data/lockstep.db")).await?;
        let mut tx = db.begin_read().await?;
        let stored = outbox::list_of_key(&mut tx, key, 10_000).await?;
        drop(tx);
        db.close().await;
        parsed(&stored)
    }

    /// How many of a bundle's facts are such.
    pub async fn count_facts(
        &self,
        bundle: &BundleId,
        is_counted: impl Fn(&Fact) -> bool,
    ) -> anyhow::Result<usize> {
        let facts = self.facts(bundle.as_str()).await?;
        Ok(facts.iter().filter(|envelope| is_counted(&envelope.fact)).count())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Process::Child(child) = &mut self.process {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// Facts as they were written.
pub(crate) fn parsed(stored: &[Stored]) -> anyhow::Result<Vec<Envelope>> {
    stored.iter().map(|fact| Ok(serde_json::from_str(&fact.envelope)?)).collect()
}

/// Between two looks at a condition: not a duration that anything depends on.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// The binary under test, beside this test's own.
pub fn under_test() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folder = here.parent().and_then(Path::parent).context("where are the binaries?")?;
    let path = folder.join("lockstep-under-test");
    if path.exists() { Ok(path) } else { bail!("{} is not built", path.display()) }
}
