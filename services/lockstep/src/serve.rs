//! `serve`: services in this process. All of them over one SQLite file, or some of a deployment whose
//! services run apart, each with its own role at PostgreSQL and its own user of the stream.

mod node;

use std::{fs, net::SocketAddr, path::PathBuf};

use anyhow::{Context as _, bail};
use lockstep_kit::{Db, Deps, clock::Clock, dispatch::Transport, files};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    home::{Home, Running},
    services,
};
use node::{Listeners, Node};

pub(crate) use node::migrate;

/// Where the database lies, below the deployment's folder.
pub(crate) const DATABASE: &str = "data/lockstep.db";

/// How to serve.
#[derive(Debug, Clone)]
pub struct How {
    /// Where staff connect, if not where the settings say.
    pub staff: Option<SocketAddr>,
    /// Where the public connects, if not where the settings say.
    pub public: Option<SocketAddr>,
    /// Where console connects to services that run apart.
    pub listen: Option<SocketAddr>,
    /// The time of day.
    pub clock: Clock,
    /// How facts travel where all services share one process.
    pub transport: Transport,
    /// The program that reads and renders what people upload, in processes of their own: this one.
    pub program: PathBuf,
}

/// This program, whatever has been installed over it since it was started.
pub(crate) const THIS_PROGRAM: &str = "/proc/self/exe";

/// Services of a deployment, running.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub running: Running,
    /// The first service's surroundings, for tests and tools in the same process.
    pub deps: Deps,
    databases: Vec<Db>,
    stop: CancellationToken,
    tasks: TaskTracker,
    run_file: Option<PathBuf>,
    _lock: Option<fs::File>,
}

impl Server {
    /// Starts every service in this process. Refuses a folder that another process serves.
    pub async fn start(home: &Home, how: How) -> anyhow::Result<Self> {
        Self::start_these(home, how, &services::ALL).await
    }

    /// Starts some services. Apart only where the settings say where everything is.
    pub async fn start_these(
        home: &Home,
        how: How,
        named: &[&'static str],
    ) -> anyhow::Result<Self> {
        let is_apart = home.settings.cluster.is_some();
        if !is_apart && named.len() < services::ALL.len() {
            bail!(
                "lockstep.toml 中没有 [cluster]，只能 serve all / without [cluster] in \
                 lockstep.toml only `serve all` is possible; see `lockstep init --cluster`"
            );
        }
        let serves = |service: &str| named.contains(&service);
        // One process per folder of SQLite; at PostgreSQL any number.
        let lock = if is_apart { None } else { Some(lock(home)?) };
        let mut listeners = Listeners { staff: None, public: None, listen: None };
        if serves("console") {
            listeners.staff = Some(bind(how.staff.unwrap_or(home.settings.staff)).await?);
        }
        if serves("portal") {
            listeners.public = Some(bind(how.public.unwrap_or(home.settings.public)).await?);
        }
        if let Some(address) = how.listen {
            listeners.listen = Some(bind(address).await?);
        } else if let Some(owner) = named.iter().find(|name| services::OWNERS.contains(name))
            && !serves("console")
        {
            bail!("{owner} 须以 --listen 指定地址 / needs --listen: console connects there");
        }
        let address = |listener: Option<&TcpListener>, otherwise: SocketAddr| {
            let bound = listener.and_then(|listener| listener.local_addr().ok());
            format!("http://{}", bound.unwrap_or(otherwise))
        };
        let running = Running {
            staff: address(listeners.staff.as_ref(), home.settings.staff),
            public: address(listeners.public.as_ref(), home.settings.public),
        };
        let node = Node::open(home, how, running.clone(), named).await?;
        let run_file = (!is_apart).then(|| home.join("run.json"));
        let started = node.spawn_all(listeners).await?;
        if let Some(path) = &run_file {
            let text =
                serde_json::to_vec(&running).context("run.json 无法写入 / cannot be written")?;
            files::write_durably(path, &text).context("run.json 无法写入 / cannot be written")?;
        }
        Ok(Self {
            running,
            deps: started.deps,
            databases: started.databases,
            stop: started.stop,
            tasks: started.tasks,
            run_file,
            _lock: lock,
        })
    }

    /// Finishes what is under way and ends.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        for db in &self.databases {
            db.close().await;
        }
        // The next start writes it anew; without it, commands say that nothing is running.
        if let Some(path) = &self.run_file {
            fs::remove_file(path).ok();
        }
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

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "{address} 无法监听（可能已被占用） / cannot be listened on; set another in \
             lockstep.toml or by --staff, --public, --listen"
        )
    })
}

/// One process per deployment folder.
pub(crate) fn lock(home: &Home) -> anyhow::Result<fs::File> {
    let path = home.join("lock");
    let file = fs::File::create(&path)
        .with_context(|| format!("{} 无法建立 / cannot be made", path.display()))?;
    if file.try_lock().is_err() {
        bail!("{} 已有服务在运行 / another process serves this folder", home.path.display());
    }
    Ok(file)
}
