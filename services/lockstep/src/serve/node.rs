//! One process: which services it runs, on which database, and how they reach the others.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::Router;
use lockstep_console::Console;
use lockstep_explainer::theme::Theme;
use lockstep_kit::{
    Db, Deps, Settings, StoreError,
    blobs::Blobs,
    bus::{self, Bus},
    channel::{Channel, lag::Lag},
    child::{Child, Limits},
    dispatch::{self, Handler, Transport},
    epoch, files,
    health::Health,
    http::{self, Upstream},
    ids::Ids,
    jobs::{self, Worker},
    keys,
    metrics::{self, Measure, Measured, Metrics},
    pages::Pages,
    trace,
};
use lockstep_portal::{Behind, HANDLER, whole};
use lockstep_proto::{ids::Source, signed::PrivateKey};
use lockstep_release::{Outside, Release, folder::FolderAdapter};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument as _;

use super::{DATABASE, How};
use crate::home::{Home, Running, role};

/// Where this process listens; each only if a service needs it.
pub(super) struct Listeners {
    pub(super) staff: Option<TcpListener>,
    pub(super) public: Option<TcpListener>,
    pub(super) listen: Option<TcpListener>,
}

/// What is under way.
pub(super) struct Started {
    pub(super) deps: Deps,
    pub(super) databases: Vec<Db>,
    pub(super) stop: CancellationToken,
    pub(super) tasks: TaskTracker,
}

/// The services of this process, not yet at work.
pub(super) struct Node<'a> {
    home: &'a Home,
    running: Running,
    /// Each service with its surroundings, in the order of [`crate::services::ALL`].
    services: Vec<(&'static str, Deps)>,
    metrics: Metrics,
    child: Child,
    theme: Theme,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl<'a> Node<'a> {
    /// Opens databases and connections. Embedded, tables are brought up to date; apart, that is an
    /// administrator's (`lockstep migrate`), and tables that are not there are an error.
    pub(super) async fn open(
        home: &'a Home,
        how: How,
        running: Running,
        named: &[&'static str],
    ) -> anyhow::Result<Self> {
        files::make_private_folder(&home.join("data"))
            .context("数据目录无法建立 / data folder cannot be made")?;
        let settings = Arc::new(settings(home)?);
        let boot_id: lockstep_proto::ids::EventId = Ids.fresh();
        let shared = match &home.settings.cluster {
            None => {
                // SQLite is opened by URL, where a relative path's first part would be a host:
                // no spaces.
                let path = std::path::absolute(home.join(DATABASE))?;
                Some(Db::open_sqlite(&path).await?)
            }
            Some(_) => None,
        };
        let metrics = Metrics::new()?;
        let blobs = blobs(home, named).await?;
        let mut services = vec![];
        for service in named {
            let (db, transport) = match (&shared, &home.settings.cluster) {
                (Some(db), _) => (db.clone(), how.transport.clone()),
                (None, Some(cluster)) => {
                    let url = cluster.postgres_url(home, service)?;
                    let epoch = home.settings.epoch;
                    let db = Db::open_postgres_in(&url, service, epoch);
                    let db = db.await.with_context(|| {
                        let (role, place) = (role(service), &cluster.postgres);
                        format!("以 {role} 连接 {place} / connecting to {place} as {role}")
                    })?;
                    let address = cluster.nats_address(home, service)?;
                    let bus = Bus::connect(&source(service)?, &address).await?;
                    bus.check(&source(service)?).await?;
                    (db, Transport::JetStream(Box::new(bus)))
                }
                (None, None) => anyhow::bail!("no database"),
            };
            let deps = Deps {
                service: source(service)?,
                db,
                clock: how.clock.clone(),
                ids: Ids,
                blobs: blobs.clone(),
                transport,
                metrics: metrics.clone(),
                settings: Arc::clone(&settings),
                boot_id: boot_id.to_string(),
            };
            migrate(service, &deps.db).await.context(
                "数据表未就绪，请先运行 lockstep migrate / tables are not up to date: run \
                 `lockstep migrate` first",
            )?;
            services.push((*service, deps));
        }
        if shared.is_some()
            && let Some((_, deps)) = services.first()
        {
            // The lock says that no other process uses this folder: every lease in it is dead, and
            // nobody finishes what a crash cut off.
            jobs::free_leases(deps).await?;
            let folder = &home.settings.folder;
            let places =
                [Some(&*folder.root), Some(&*folder.staging), home.settings.blobs.folder()];
            for place in places.into_iter().flatten() {
                files::sweep(&home.join(place));
            }
        }
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let child = Child::new(how.program, Limits::default());
        let theme = home.theme()?;
        Ok(Self { home, running, services, metrics, child, theme, stop, tasks })
    }

    /// Sets every service to work.
    pub(super) async fn spawn_all(self, listeners: Listeners) -> anyhow::Result<Started> {
        let pages = Arc::new(self.home.pages()?);
        let mut databases: Vec<Db> =
            self.services.iter().map(|(_, deps)| deps.db.clone()).collect();
        let mut routes = Routes::default();
        let health = Health::new(self.stop.clone());
        let metrics = self.metrics.clone();
        let measures = self.measures()?;
        self.tasks.spawn(metrics::run(metrics.clone(), measures, self.stop.clone()));
        let mut console = None;
        let Listeners { staff, mut public, listen } = listeners;
        for (service, deps) in &self.services {
            self.enter(service, deps, &pages).await?;
        }
        for (_, deps) in &self.services {
            deps.db.remember();
        }
        for (service, deps) in &self.services {
            self.run_engine(deps);
            let safe = (*service == "release").then(|| self.home.safe());
            self.tasks.spawn(health.clone().watch(deps.clone(), safe));
            match *service {
                "console" => console = Some(deps.clone()),
                "drafting" => {
                    routes
                        .add(service, lockstep_drafting::router(deps.clone(), self.child.clone()));
                    self.handle(deps, lockstep_drafting::handler(deps.clone()));
                }
                "explainer" => {
                    self.handle(deps, lockstep_explainer::handler(deps.clone()));
                    self.work(
                        deps,
                        lockstep_explainer::workers(
                            deps.clone(),
                            self.child.clone(),
                            self.theme.clone(),
                        ),
                    );
                }
                "approval" => {
                    routes.add(service, lockstep_approval::router(deps.clone()));
                    self.handle(deps, lockstep_approval::handler(deps.clone()));
                    self.work(deps, lockstep_approval::workers(deps.clone()));
                }
                "release" => {
                    let release = self.release(deps)?;
                    routes.add(service, release.router());
                    self.handle(deps, release.handler());
                    self.work(deps, release.workers());
                    let run = release.run(self.stop.clone());
                    self.tasks.spawn(run.instrument(trace::of_service(service)));
                }
                "portal" => {
                    let settings = &self.home.settings.portal;
                    let name = settings.channel.clone();
                    let lag = self.watch_lag(deps, HANDLER).await;
                    self.run_channel(deps, self.portal(deps, &pages)).await;
                    let (stop, health) = (self.stop.clone(), health.clone());
                    let whole = whole::watch(deps.clone(), name.clone(), health, stop);
                    self.tasks.spawn(whole.instrument(trace::of_service(service)));
                    // Readers of their own for the public: its load must not keep services from
                    // theirs.
                    let db = deps.db.with_own_readers().await?;
                    databases.push(db.clone());
                    let deps = Deps { db, blobs: deps.blobs.with_cache(), ..deps.clone() };
                    let behind = Behind { lag, at_most: self.behind_max() };
                    let router = lockstep_portal::router(deps, name, Arc::clone(&pages), behind);
                    if let Some(listener) = public.take() {
                        let public = (router, metrics.clone());
                        let (limits, stop) =
                            (lockstep_portal::Limits::default(), self.stop.clone());
                        self.serve(lockstep_portal::serve(listener, public, limits, stop));
                    }
                }
                _ => {
                    // Who serves the folder is not ours to stop: people are told.
                    self.watch_lag(deps, "folder").await;
                    self.run_channel(deps, self.folder(deps, &pages)).await;
                }
            }
        }
        if let (Some(deps), Some(listener)) = (console, staff) {
            let mut router = self.console(deps, &routes)?.router().merge(health.router());
            // Embedded, this is the internal listener.
            if self.home.settings.cluster.is_none() {
                router = router.merge(metrics.router(&health));
            }
            let router = metrics.counting("staff", router);
            self.serve(http::serve(listener, router, self.stop.clone()));
        }
        if let Some(listener) = listen {
            let about = health.router().merge(metrics.router(&health));
            let router = metrics.counting("internal", routes.merged(about));
            self.serve(http::serve(listener, router, self.stop.clone()));
        }
        let first = self.services.into_iter().next().context("no service is named")?;
        Ok(Started { deps: first.1, databases, stop: self.stop, tasks: self.tasks })
    }

    /// Enters the epoch of the settings, before anything is done in it.
    async fn enter(&self, service: &str, deps: &Deps, pages: &Arc<Pages>) -> anyhow::Result<()> {
        match service {
            "release" => self.release(deps)?.enter().await?,
            "portal" => self.portal(deps, pages).enter().await?,
            "folder" => {
                self.adapter(deps, pages).claim().await.map_err(anyhow::Error::msg)?;
                self.folder(deps, pages).enter().await?;
            }
            _ => {
                let (tx, _) = epoch::enter(deps).await?;
                deps.db.commit(tx).await?;
            }
        }
        Ok(())
    }

    /// Who reads each service's gauges.
    fn measures(&self) -> anyhow::Result<Vec<Measured>> {
        let measures = self.services.iter().map(|(service, deps)| {
            let measure: Arc<dyn Measure> = match *service {
                "approval" => lockstep_approval::measures(deps.clone()),
                "release" => Arc::new(self.release(deps)?),
                _ => Arc::new(deps.clone()),
            };
            let heard = crate::services::HEARS.iter().find(|(handler, _)| handler == service);
            let hears = heard.map_or(&[][..], |(_, sources)| *sources);
            Ok(Measured { service, hears, measure })
        });
        measures.collect()
    }

    /// How far behind release a channel may be.
    fn behind_max(&self) -> Duration {
        Duration::from_secs(self.home.settings.portal.dark_after_seconds)
    }

    /// Watches how far behind release a channel is; looked at once already, if the database answers.
    async fn watch_lag(&self, deps: &Deps, handler: &'static str) -> Lag {
        let lag = Lag::default();
        if let Err(error) = lag.look(deps, handler).await {
            tracing::warn!(error = %lockstep_kit::Chain(&error), "{handler} cannot tell how far it is");
        }
        let watch = lag.clone().watch(deps.clone(), handler, self.behind_max(), self.stop.clone());
        self.tasks.spawn(watch.instrument(trace::of_service(handler)));
        lag
    }

    fn portal(&self, deps: &Deps, pages: &Arc<Pages>) -> Channel {
        let name = self.home.settings.portal.channel.clone();
        lockstep_portal::channel(deps.clone(), name, Arc::clone(pages))
    }

    /// What a service needs besides its own work: its relay, and to be woken by other processes.
    fn run_engine(&self, deps: &Deps) {
        if let Transport::JetStream(bus) = &deps.transport {
            let relay = bus::relay(deps.clone(), (**bus).clone(), self.stop.clone());
            self.tasks.spawn(relay.instrument(trace::of_service(deps.service.as_str())));
            let (db, stop) = (deps.db.clone(), self.stop.clone());
            self.tasks.spawn(async move { db.listen(&stop).await });
        }
    }

    fn release(&self, deps: &Deps) -> anyhow::Result<Release> {
        let (portal, folder) = (&self.home.settings.portal, &self.home.settings.folder);
        let public = match &self.home.settings.cluster {
            None => self.running.public.clone(),
            Some(cluster) => cluster.public_address.clone(),
        };
        let outside = BTreeMap::from([
            (portal.channel.clone(), Outside::Portal(public)),
            (folder.channel.clone(), Outside::Folder(self.home.join(&folder.root))),
        ]);
        let key = Arc::new(key(self.home, "release")?);
        let (deps, safe) = (deps.clone(), self.home.safe());
        Ok(Release { deps, key, safe, outside: Arc::new(outside) })
    }

    fn adapter(&self, deps: &Deps, pages: &Arc<Pages>) -> FolderAdapter {
        let folder = &self.home.settings.folder;
        let (root, staging) = (self.home.join(&folder.root), self.home.join(&folder.staging));
        FolderAdapter::new(deps.clone(), root, staging, Arc::clone(pages))
    }

    fn folder(&self, deps: &Deps, pages: &Arc<Pages>) -> Channel {
        let channel = self.home.settings.folder.channel.clone();
        Channel::new(deps.clone(), channel, "folder", Arc::new(self.adapter(deps, pages)))
    }

    async fn run_channel(&self, deps: &Deps, channel: Channel) {
        // A sick channel joins later; it must not keep people from withdrawing on the others.
        if let Err(error) = channel.join().await {
            tracing::error!(error = %lockstep_kit::Chain(&error), "a channel cannot join yet");
        }
        self.handle(deps, Arc::new(channel.clone()));
        self.work(deps, channel.workers());
        let run = channel.run(self.stop.clone());
        self.tasks.spawn(run.instrument(trace::of_service(deps.service.as_str())));
    }

    fn console(&self, deps: Deps, routes: &Routes) -> anyhow::Result<Console> {
        let upstream = |service: &str| -> anyhow::Result<Upstream> {
            if let Some(router) = routes.0.get(service) {
                return Ok(Upstream::Local(router.clone()));
            }
            let cluster = self.home.settings.cluster.as_ref();
            let addresses = cluster.and_then(|cluster| cluster.upstreams.get(service));
            let addresses = addresses.filter(|addresses| !addresses.is_empty());
            addresses.cloned().map(Upstream::remote).with_context(|| {
                format!(
                    "lockstep.toml [cluster.upstreams] 缺少 {service} / lacks the addresses of \
                     {service}"
                )
            })
        };
        Ok(Console {
            deps,
            key: Arc::new(key(self.home, "console")?),
            drafting: upstream("drafting")?,
            approval: upstream("approval")?,
            release: upstream("release")?,
        })
    }

    fn serve(&self, serving: impl Future<Output = std::io::Result<()>> + Send + 'static) {
        self.tasks.spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!("a listener ended: {error}");
            }
        });
    }

    fn handle(&self, deps: &Deps, handler: Arc<dyn Handler>) {
        let run = dispatch::run(deps.clone(), handler, self.stop.clone());
        self.tasks.spawn(run.instrument(trace::of_service(deps.service.as_str())));
    }

    fn work(&self, deps: &Deps, workers: Vec<Arc<dyn Worker>>) {
        self.tasks.spawn(jobs::run(deps.clone(), workers, self.stop.clone()));
    }
}

/// The routes of services in this process.
#[derive(Default)]
struct Routes(BTreeMap<&'static str, Router>);

impl Routes {
    fn add(&mut self, service: &'static str, router: Router) {
        self.0.insert(service, trace::following(service, router));
    }

    /// All of them on one listener, with what is said about the process itself.
    fn merged(self, about: Router) -> Router {
        self.0.into_values().fold(about, Router::merge)
    }
}

/// Brings a service's own tables up to date; kit's first, at PostgreSQL.
pub(crate) async fn migrate(service: &str, db: &Db) -> Result<(), StoreError> {
    db.migrate_kit().await?;
    match service {
        "drafting" => lockstep_drafting::migrate(db).await?,
        "approval" => lockstep_approval::migrate(db).await?,
        "explainer" => lockstep_explainer::migrate(db).await?,
        "release" => lockstep_release::migrate(db).await?,
        // They keep nothing but what kit keeps for them.
        _ => {}
    }
    Ok(())
}

/// Where the blobs of these services lie. Console keeps none: its machine gets no keys to them.
async fn blobs(home: &Home, named: &[&str]) -> anyhow::Result<Blobs> {
    if named == ["console"] {
        return Ok(Blobs::new(home.join("data/blobs")));
    }
    let blobs = home.blobs()?;
    for service in named {
        blobs.check_for(service).await.context(
            "内容存储不可用，请核对 lockstep.toml 的 [blobs] 与 keys/blobs.toml / blobs cannot be \
             stored: see [blobs] in lockstep.toml, and keys/blobs.toml",
        )?;
    }
    Ok(blobs)
}

/// What every service knows. Embedded, the keys are made at the first start.
fn settings(home: &Home) -> anyhow::Result<Settings> {
    let (console, release) = match &home.settings.cluster {
        None => {
            let release = keys::load_or_make(&home.join("keys/release.key"))?.public();
            let console = keys::load_or_make(&home.join("keys/console.key"))?.public();
            (console, keys::keep_public(&home.join("keys/release.pub.json"), &release)?)
        }
        Some(cluster) => (cluster.console_key.clone(), cluster.release_keys.clone()),
    };
    Ok(Settings {
        deployment: home.settings.deployment.clone(),
        root: home.settings.root.clone(),
        console,
        release,
        channels: vec![home.settings.portal.channel.clone(), home.settings.folder.channel.clone()],
        profile: home.settings.gate.profile.clone(),
        lexicons: Arc::new(home.lexicons()?),
        epoch: home.settings.epoch,
        site_name: home.settings.site_name.clone(),
    })
}

/// A service's own private key.
fn key(home: &Home, service: &str) -> anyhow::Result<PrivateKey> {
    Ok(keys::load(&home.join(format!("keys/{service}.key")))?)
}

fn source(name: &str) -> anyhow::Result<Source> {
    name.parse().context("a service's name")
}
