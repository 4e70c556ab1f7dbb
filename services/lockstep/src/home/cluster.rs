//! A deployment whose services run apart: where they find each other, and their secrets, one file
//! each, so that a machine is given those of its own services and no others.
//!
//! ```text
//! HOME/keys/nats/SERVICE.nk          seed of the service's nkey, and admin.nk
//! HOME/keys/nats.env                 the public halves, as deploy/nats-users.conf asks for them
//! HOME/keys/postgres/SERVICE         password of the role lockstep_SERVICE
//! ```

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use lockstep_kit::{
    bus::{Address, admin::Size},
    files,
    http::encode_path,
    ids::Ids,
    keys,
};
use lockstep_proto::{digest::hex, signed::PublicKey};
use serde::{Deserialize, Serialize};

use super::Home;
use crate::services;

/// Who administers the stream.
pub const ADMIN: &str = "admin";

/// `[cluster]` of `lockstep.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterSettings {
    /// Console's public key: who signs actor headers.
    pub console_key: PublicKey,
    /// Release's public keys, earlier ones too: who signs channel commands.
    pub release_keys: Vec<PublicKey>,
    /// Where PostgreSQL is: `host:port/database`.
    pub postgres: String,
    /// Certificates of the authority that PostgreSQL's is from; relative to the deployment's folder.
    /// With it, nobody connects without TLS, nor to a server of another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgres_ca: Option<PathBuf>,
    /// Where the public meets the portal, for reading back: an address without a slash at the end.
    pub public_address: String,
    /// Where whoever administers people meets console, if `staff` does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_address: Option<String>,
    /// The stream.
    pub nats: NatsSettings,
    /// Where the processes of drafting, approval and release listen for console.
    pub upstreams: BTreeMap<String, Vec<String>>,
}

/// NATS.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsSettings {
    /// The servers.
    pub servers: Vec<String>,
    /// Their monitors, such as `http://n1:8222`: what `lockstep doctor` asks whether they sync.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub monitors: Vec<String>,
    /// Certificates of the authority that the servers' are from; relative to the deployment's folder.
    /// With it, nobody connects without TLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// On how many of them each fact lies.
    pub replicas: usize,
    /// Bytes the stream holds at most; full, it refuses and the outboxes keep.
    pub bytes_max: i64,
}

impl NatsSettings {
    /// How large the stream is.
    pub fn size(&self) -> Size {
        Size { replicas: self.replicas, bytes_max: self.bytes_max }
    }
}

impl ClusterSettings {
    /// How `service` reaches PostgreSQL.
    pub fn postgres_url(&self, home: &Home, service: &str) -> anyhow::Result<String> {
        let password = home.secret(&format!("keys/postgres/{service}"))?;
        let tls = self.postgres_ca.as_ref().map(|ca| {
            let ca = encode_path(&home.join(ca).to_string_lossy());
            format!("?sslmode=verify-full&sslrootcert={ca}")
        });
        let (role, tls) = (role(service), tls.unwrap_or_default());
        Ok(format!("postgres://{role}:{password}@{}{tls}", self.postgres))
    }

    /// How `service` reaches the stream.
    pub fn nats_address(&self, home: &Home, service: &str) -> anyhow::Result<Address> {
        let seed = home.secret(&format!("keys/nats/{service}.nk"))?;
        let ca = self.nats.ca.as_ref().map(|ca| home.join(ca));
        Ok(Address { servers: self.nats.servers.clone(), seed: Some(seed), ca })
    }
}

/// The role that a service connects to PostgreSQL as.
pub fn role(service: &str) -> String {
    format!("lockstep_{service}")
}

impl Home {
    /// Makes a new deployment one whose services run apart: keys, secrets and settings. The
    /// addresses are those of one machine; they are to be set in `lockstep.toml`.
    pub fn init_cluster(mut self) -> anyhow::Result<Self> {
        let console = keys::load_or_make(&self.join("keys/console.key"))?.public();
        let release = keys::load_or_make(&self.join("keys/release.key"))?.public();
        let mut names = String::new();
        for user in services::ALL.into_iter().chain([ADMIN]) {
            let pair = nkeys::KeyPair::new_user();
            let seed = pair.seed().context("an nkey")?;
            self.keep_secret(&format!("keys/nats/{user}.nk"), &seed)?;
            names.push_str(&format!("NKEY_{}={}\n", user.to_uppercase(), pair.public_key()));
        }
        files::write_durably(&self.join("keys/nats.env"), names.as_bytes())?;
        for service in services::ALL {
            let password = hex(&Ids.random::<24>()?);
            self.keep_secret(&format!("keys/postgres/{service}"), &password)?;
        }
        let upstream = |port: u16| vec![format!("http://127.0.0.1:{port}")];
        self.settings.cluster = Some(ClusterSettings {
            console_key: console,
            release_keys: vec![release],
            postgres: "127.0.0.1:5432/lockstep".to_owned(),
            postgres_ca: None,
            public_address: format!("http://{}", self.settings.public),
            staff_address: None,
            nats: NatsSettings {
                servers: vec!["nats://127.0.0.1:4222".to_owned()],
                monitors: vec![],
                ca: None,
                replicas: 3,
                bytes_max: 4 << 30,
            },
            upstreams: services::OWNERS
                .into_iter()
                .zip(7021..)
                .map(|(service, port)| (service.to_owned(), upstream(port)))
                .collect(),
        });
        self.save()?;
        Ok(self)
    }

    fn keep_secret(&self, path: &str, text: &str) -> anyhow::Result<()> {
        let path = self.join(path);
        files::write_secret(&path, text)
            .with_context(|| format!("{} 无法写入 / cannot be written", path.display()))
    }

    /// One of the secrets that lie beside the settings.
    pub(crate) fn secret(&self, path: &str) -> anyhow::Result<String> {
        read_secret(&self.join(path))
    }
}

fn read_secret(path: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(path).with_context(|| {
        format!(
            "{} 无法读取：本机须有该服务的密钥文件 / cannot be read: this machine needs the \
             service's secret",
            path.display()
        )
    })?;
    Ok(text.trim().to_owned())
}
