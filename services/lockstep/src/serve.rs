//! `serve all`: every service in this process, over one SQLite file.

use std::{collections::BTreeMap, fs, net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use lockstep_console::Console;
use lockstep_kit::{
    Db, Deps, Settings,
    blobs::Blobs,
    channel::Channel,
    clock::Clock,
    dispatch::{self, Handler, Transport},
    files,
    http::{self, Upstream},
    ids::Ids,
    jobs::{self, Worker},
    keys,
    pages::Pages,
};
use lockstep_proto::ids::Source;
use lockstep_release::{Outside, Release, folder::FolderAdapter};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::home::{Home, Running};

/// How to serve.
#[derive(Debug, Clone)]
pub struct How {
    /// Where staff connect, if not where the settings say.
    pub staff: Option<SocketAddr>,
    /// Where the public connects, if not where the settings say.
    pub public: Option<SocketAddr>,
    /// The time of day.
    pub clock: Clock,
    /// How facts travel.
    pub transport: Transport,
}

/// Every service of a deployment, running.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub running: Running,
    /// Its services' surroundings, for tests and tools in the same process.
    pub deps: Deps,
    public_db: Db,
    stop: CancellationToken,
    tasks: TaskTracker,
    run_file: PathBuf,
    _lock: fs::File,
}

struct Listeners {
    staff: TcpListener,
    public: TcpListener,
}

impl Server {
    /// Starts every service. Refuses a folder that another process serves.
    pub async fn start(home: &Home, how: How) -> anyhow::Result<Self> {
        let lock = lock(home)?;
        let listeners = Listeners {
            staff: bind(how.staff.unwrap_or(home.settings.staff)).await?,
            public: bind(how.public.unwrap_or(home.settings.public)).await?,
        };
        let running = Running {
            staff: format!("http://{}", listeners.staff.local_addr()?),
            public: format!("http://{}", listeners.public.local_addr()?),
        };
        let console_key = keys::load_or_make(&home.join("keys/console.key"))?;
        let release_key = keys::load_or_make(&home.join("keys/release.key"))?;
        let settings = Settings {
            deployment: home.settings.deployment.clone(),
            root: home.settings.root.clone(),
            console: console_key.public(),
            release: keys::keep_public(&home.join("keys/release.pub.json"), &release_key.public())?,
            channels: vec![
                home.settings.portal.channel.clone(),
                home.settings.folder.channel.clone(),
            ],
            epoch: home.settings.epoch,
            site_name: home.settings.site_name.clone(),
        };
        files::make_folder(&home.join("data"))
            .context("数据目录无法建立 / data folder cannot be made")?;
        let boot_id: lockstep_proto::ids::EventId = Ids.fresh();
        let deps = Deps {
            service: source("lockstep")?,
            db: Db::open_sqlite(&home.join("data/lockstep.db")).await?,
            clock: how.clock,
            ids: Ids,
            blobs: Blobs::new(home.join("data/blobs")),
            transport: how.transport,
            settings: Arc::new(settings),
            boot_id: boot_id.to_string(),
        };
        lockstep_drafting::migrate(&deps).await?;
        lockstep_approval::migrate(&deps).await?;
        lockstep_release::migrate(&deps).await?;
        // The lock says that no other process uses this database: every lease in it is dead.
        jobs::free_leases(&deps).await?;

        // Readers of their own for the public: its load must not keep services from theirs.
        let public_db = deps.db.with_own_readers().await?;
        let server = Self {
            running,
            deps,
            public_db,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            run_file: home.join("run.json"),
            _lock: lock,
        };
        server.spawn_all(home, listeners, (console_key, release_key)).await?;
        let text =
            serde_json::to_vec(&server.running).context("run.json 无法写入 / cannot be written")?;
        files::write_durably(&server.run_file, &text)
            .context("run.json 无法写入 / cannot be written")?;
        Ok(server)
    }

    async fn spawn_all(
        &self,
        home: &Home,
        listeners: Listeners,
        (console_key, release_key): (
            lockstep_proto::signed::PrivateKey,
            lockstep_proto::signed::PrivateKey,
        ),
    ) -> anyhow::Result<()> {
        let of = |name: &str| anyhow::Ok(self.deps.of_service(source(name)?));
        let pages = Arc::new(Pages::new()?);
        let (portal, folder) = (&home.settings.portal, &home.settings.folder);
        let root = home.join(&folder.root);

        let drafting = of("drafting")?;
        let explainer = of("explainer")?;
        let approval = of("approval")?;
        let outside = BTreeMap::from([
            (portal.channel.clone(), Outside::Portal(self.running.public.clone())),
            (folder.channel.clone(), Outside::Folder(root.clone())),
        ]);
        let release = Release {
            deps: of("release")?,
            key: Arc::new(release_key),
            outside: Arc::new(outside),
        };
        let portal_deps = of("portal")?;
        let site = lockstep_portal::channel(portal_deps.clone(), portal.channel.clone());
        let folder_deps = of("folder")?;
        let adapter = FolderAdapter::new(
            folder_deps.clone(),
            root,
            home.join(&folder.staging),
            Arc::clone(&pages),
        );
        let name = folder.channel.clone();
        let folder = Channel::new(folder_deps.clone(), name, "folder", Arc::new(adapter));
        for channel in [&site, &folder] {
            // A sick channel joins later; it must not keep people from withdrawing on the others.
            if let Err(error) = channel.join().await {
                tracing::error!(error = %lockstep_kit::Chain(&error), "a channel cannot join yet");
            }
        }

        let console = Console {
            deps: of("console")?,
            key: Arc::new(console_key),
            drafting: Upstream::Local(lockstep_drafting::router(drafting.clone())),
            approval: Upstream::Local(lockstep_approval::router(approval.clone())),
            release: Upstream::Local(release.router()),
        };
        let public_deps = Deps { db: self.public_db.clone(), ..portal_deps.clone() };
        let public = lockstep_portal::router(public_deps, portal.channel.clone(), pages);
        let (limits, stop) = (lockstep_portal::Limits::default(), self.stop.clone());
        self.serve(http::serve(listeners.staff, console.router(), stop.clone()));
        self.serve(lockstep_portal::serve(listeners.public, public, limits, stop));

        self.handle(&drafting, lockstep_drafting::handler(drafting.clone()));
        self.handle(&explainer, lockstep_explainer::handler(explainer.clone()));
        self.handle(&approval, lockstep_approval::handler(approval.clone()));
        self.handle(&release.deps, release.handler());
        self.handle(&portal_deps, Arc::new(site.clone()));
        self.handle(&folder_deps, Arc::new(folder.clone()));
        self.work(&explainer, lockstep_explainer::workers(explainer.clone()));
        self.work(&approval, lockstep_approval::workers(approval.clone()));
        self.work(&release.deps, release.workers());
        self.work(&portal_deps, site.workers());
        self.work(&folder_deps, folder.workers());
        self.tasks.spawn(release.run(self.stop.clone()));
        self.tasks.spawn(site.run(self.stop.clone()));
        self.tasks.spawn(folder.run(self.stop.clone()));
        Ok(())
    }

    fn serve(&self, serving: impl Future<Output = std::io::Result<()>> + Send + 'static) {
        self.tasks.spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!("a listener ended: {error}");
            }
        });
    }

    fn handle(&self, deps: &Deps, handler: Arc<dyn Handler>) {
        self.tasks.spawn(dispatch::run(deps.clone(), handler, self.stop.clone()));
    }

    fn work(&self, deps: &Deps, workers: Vec<Arc<dyn Worker>>) {
        self.tasks.spawn(jobs::run(deps.clone(), workers, self.stop.clone()));
    }

    /// Finishes what is under way and ends.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.public_db.close().await;
        self.deps.db.close().await;
        // The next start writes it anew; without it, commands say that nothing is running.
        std::fs::remove_file(&self.run_file).ok();
    }
}

/// Serves until a signal; the first drains, the second ends at once.
pub async fn until_signal(server: Server) -> anyhow::Result<()> {
    signal().await?;
    eprintln!("正在结束 / finishing what is under way; once more ends at once");
    tokio::select! {
        () = server.stop() => Ok(()),
        again = signal() => { again?; bail!("已立即结束 / ended at once") }
    }
}

async fn signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn source(name: &str) -> anyhow::Result<Source> {
    name.parse().context("a service's name")
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} 无法监听（可能已被占用） / cannot be listened on; set another in lockstep.toml or by --staff, --public"))
}

/// One process per deployment folder.
fn lock(home: &Home) -> anyhow::Result<fs::File> {
    let path = home.join("lock");
    let file = fs::File::create(&path)
        .with_context(|| format!("{} 无法建立 / cannot be made", path.display()))?;
    if file.try_lock().is_err() {
        bail!("{} 已有服务在运行 / another process serves this folder", home.path.display());
    }
    Ok(file)
}
