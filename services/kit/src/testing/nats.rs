//! NATS servers for tests.

use std::{
    ffi::OsStr,
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    process::{Child, Command},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{free_addresses, script};
use crate::bus::Address;

/// A nats-server of this test's own, which can be killed and started again.
#[derive(Debug)]
pub struct Nats {
    folder: TempDir,
    listen: SocketAddr,
    monitor: SocketAddr,
    /// What `deploy/nats-common.conf` asks for; nothing: settings of this test's own.
    environment: Vec<(String, String)>,
    server: String,
    child: Option<Child>,
}

/// The settings of a deployment, without those of a cluster.
const DEPLOYED: [(&str, &str); 3] = [
    ("nats.conf", "include ./nats-common.conf"),
    ("nats-common.conf", include_str!("../../../../deploy/nats-common.conf")),
    ("nats-users.conf", include_str!("../../../../deploy/nats-users.conf")),
];

impl Nats {
    /// Starts one on a free port, with an empty store.
    pub fn start() -> Self {
        Self::begin(&[], vec![])
    }

    /// The same of a version that is too old for us.
    pub fn start_old() -> Self {
        Self::begin(&["old".as_ref()], vec![])
    }

    /// Starts one with the users of `deploy/nats-users.conf`, whose keys are these: `NKEY_…` each.
    pub fn start_as_deployed(keys: Vec<(String, String)>) -> Self {
        Self::begin(&[], keys)
    }

    fn begin(which: &[&OsStr], keys: Vec<(String, String)>) -> Self {
        let (folder, server) = (tempfile::tempdir().unwrap(), script("nats-server", which));
        let [listen, monitor] = free_addresses();
        let mut environment = keys;
        if !environment.is_empty() {
            let store = folder.path().join("store").display().to_string();
            let values = [
                ("NATS_NAME", "test".to_owned()),
                ("NATS_LISTEN", listen.to_string()),
                ("NATS_MONITOR", monitor.to_string()),
                ("NATS_STORE", store),
            ];
            environment.extend(values.map(|(name, value)| (name.to_owned(), value)));
        }
        let mut nats = Self { folder, listen, monitor, environment, server, child: None };
        nats.start_again();
        nats
    }

    /// Starts it where it was, with the store it had.
    pub fn start_again(&mut self) {
        let here = self.folder.path();
        if self.environment.is_empty() {
            let settings = format!(
                "listen: \"{}\"\nhttp: \"{}\"\njetstream {{\n store_dir: \"{}\"\n}}\n",
                self.listen,
                self.monitor,
                self.store().display()
            );
            std::fs::write(here.join("nats.conf"), settings).unwrap();
        } else {
            for (name, text) in DEPLOYED {
                std::fs::write(here.join(name), text).unwrap();
            }
        }
        let log = std::fs::File::create(here.join("log")).unwrap();
        let mut command = Command::new(&self.server);
        command.arg("-c").arg(here.join("nats.conf")).envs(self.environment.clone()).stderr(log);
        let child = self.child.insert(command.spawn().unwrap());
        let begun = Instant::now();
        while TcpStream::connect(self.listen).is_err() {
            let is_alive = child.try_wait().unwrap().is_none();
            let log = || std::fs::read_to_string(here.join("log")).unwrap();
            assert!(is_alive && begun.elapsed() < Duration::from_secs(30), "{}", log());
            std::thread::yield_now();
        }
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Where it keeps its streams.
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// Where it says how it is set.
    pub fn monitor(&self) -> String {
        format!("http://{}", self.monitor)
    }

    /// How to reach it.
    pub fn address(&self) -> Address {
        Address { servers: vec![format!("nats://{}", self.listen)], seed: None, ca: None }
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().ok();
            child.wait().ok();
        }
    }
}
