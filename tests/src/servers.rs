//! The servers that services apart need, and a deployment that fits them, with no service running.

use std::{fs, process::Command};

use anyhow::{Context as _, bail};
use lockstep::home::{ClusterSettings, Home};
use lockstep_kit::testing::{Nats, Postgres};
use tempfile::TempDir;

use crate::site::under_test;

/// One NATS server with the users of `deploy/`, one PostgreSQL server, and a deployment.
#[derive(Debug)]
pub struct Servers {
    /// The deployment.
    pub home: Home,
    /// NATS.
    pub nats: Nats,
    /// PostgreSQL.
    pub postgres: Postgres,
    folder: TempDir,
}

impl Servers {
    /// Starts them; stream, schemas and roles are made as an administrator makes them.
    pub fn start() -> anyhow::Result<Self> {
        let servers = Self::start_empty()?;
        let mut command = Command::new(under_test()?);
        command.args(["migrate", "--postgres", servers.postgres.url(), "--home"]);
        let done = command.arg(&servers.home.path).output()?;
        if !done.status.success() {
            bail!("{}", String::from_utf8_lossy(&done.stderr));
        }
        Ok(servers)
    }

    /// Starts them; nothing is made in them.
    pub fn start_empty() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let home = Home::init(&folder.path().join("home"), "测试站点")?.init_cluster()?;
        let keys = fs::read_to_string(home.join("keys/nats.env"))?;
        let keys = keys.lines().filter_map(|line| line.split_once('='));
        let keys = keys.map(|(name, key)| (name.to_owned(), key.to_owned())).collect();
        let (nats, postgres) = (Nats::start_as_deployed(keys), Postgres::start_own());
        let mut servers = Self { home, nats, postgres, folder };
        let (addresses, url) = (servers.nats.address().servers, servers.postgres.url().to_owned());
        let (_, place) = url.split_once('@').context("no address")?;
        servers.change(|cluster| {
            cluster.nats.servers = addresses;
            cluster.nats.replicas = 1;
            cluster.nats.bytes_max = 64 << 20;
            place.clone_into(&mut cluster.postgres);
        })?;
        Ok(servers)
    }

    /// Writes other settings.
    pub fn change(&mut self, change: impl FnOnce(&mut ClusterSettings)) -> anyhow::Result<()> {
        let cluster = self.home.settings.cluster.as_mut().context("no [cluster]")?;
        change(cluster);
        self.home.save()
    }

    /// A place for other files.
    pub fn scratch(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}
