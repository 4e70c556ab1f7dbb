//! NATS servers for tests.

use std::{
    ffi::OsStr,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::script;
use crate::bus::Address;

/// A nats-server of this test's own, which can be killed and started again.
#[derive(Debug)]
pub struct Nats {
    folder: TempDir,
    port: u16,
    monitor: u16,
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
        let (port, monitor) = (free_port(), free_port());
        let mut environment = keys;
        if !environment.is_empty() {
            let store = folder.path().join("store").display().to_string();
            let (listen, monitor) = (at_loopback(port), at_loopback(monitor));
            let values = [
                ("NATS_NAME", "test".to_owned()),
                ("NATS_LISTEN", listen),
                ("NATS_MONITOR", monitor),
                ("NATS_STORE", store),
            ];
            environment.extend(values.map(|(name, value)| (name.to_owned(), value)));
        }
        let mut nats = Self { folder, port, monitor, environment, server, child: None };
        nats.start_again();
        nats
    }

    /// Starts it where it was, with the store it had.
    pub fn start_again(&mut self) {
        let here = self.folder.path();
        if self.environment.is_empty() {
            let settings = format!(
                "listen: \"{}\"\nhttp: \"{}\"\njetstream {{\n store_dir: \"{}\"\n}}\n",
                at_loopback(self.port),
                at_loopback(self.monitor),
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
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
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
        format!("http://{}", at_loopback(self.monitor))
    }

    /// How to reach it.
    pub fn address(&self) -> Address {
        Address {
            servers: vec![format!("nats://{}", at_loopback(self.port))],
            seed: None,
            ca: None,
        }
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

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn at_loopback(port: u16) -> String {
    format!("127.0.0.1:{port}")
}
