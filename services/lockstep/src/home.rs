//! A deployment's folder: settings, keys, database, blobs.
//!
//! ```text
//! HOME/lockstep.toml    settings            HOME/keys/      root, console, release (0600),
//!                                               release.pub.json (earlier ones too)
//! HOME/data/            database, blobs     HOME/people/    identity files made by `person add`
//! HOME/site/            the static channel  HOME/run.json   where a running server listens
//! HOME/safe/            what a restore must not forget; belongs on another disk
//! ```

mod blobs;
mod cluster;
mod layers;
mod sound;

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use lockstep_gate::profile;
use lockstep_kit::{files, ids::Ids, keys, safe::Safe};
use lockstep_proto::{
    ids::{ChannelName, DeploymentId},
    signed::{PrivateKey, PublicKey},
};
use serde::{Deserialize, Serialize};

use layers::Layers;
pub(crate) use layers::without_passwords;

use crate::theme::ThemeSettings;

pub use blobs::{BlobSettings, BucketSettings};
pub use cluster::{ADMIN, ClusterSettings, NatsSettings, role};

/// The settings' file, in the deployment's folder.
const FILE: &str = "lockstep.toml";

/// A deployment's folder.
#[derive(Debug, Clone)]
pub struct Home {
    /// Where it is.
    pub path: PathBuf,
    /// What `lockstep.toml` says, and environment and flags over it.
    pub settings: HomeSettings,
}

/// `lockstep.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeSettings {
    /// This deployment; made by `init`, never changed.
    pub deployment: DeploymentId,
    /// The root key's public half.
    pub root: PublicKey,
    /// How public pages name the site.
    pub site_name: String,
    /// Where staff connect; keep it on loopback or behind a proxy of yours.
    pub staff: SocketAddr,
    /// Where the public connects.
    pub public: SocketAddr,
    /// Rises at a restore; never goes back.
    pub epoch: u32,
    /// The portal's channel.
    pub portal: PortalSettings,
    /// The static folder's channel.
    pub folder: FolderSettings,
    /// The rule.
    #[serde(default, skip_serializing_if = "GateSettings::is_default")]
    pub gate: GateSettings,
    /// How pages, pictures and print look.
    #[serde(default, skip_serializing_if = "ThemeSettings::is_plain")]
    pub theme: ThemeSettings,
    /// Where blobs lie.
    #[serde(default)]
    pub blobs: BlobSettings,
    /// What lies outside the backup.
    #[serde(default)]
    pub safe: SafeSettings,
    /// What is told to others about what the services do.
    #[serde(default, skip_serializing_if = "TelemetrySettings::is_silent")]
    pub telemetry: TelemetrySettings,
    /// Services in processes of their own; none: all in one, with nothing else installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterSettings>,
}

/// The rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateSettings {
    /// The profile 检查规则 that drafting checks by and that new cases are under.
    pub profile: String,
    /// Files of lexicons 词库 besides the starter; relative to the home.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lexicons: Vec<PathBuf>,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self { profile: profile::DEFAULT.to_owned(), lexicons: vec![] }
    }
}

impl GateSettings {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The portal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalSettings {
    /// How orders name it.
    pub channel: ChannelName,
    /// Readers get nothing once something that release said has not been heard for so long: it may
    /// be an order to withdraw.
    #[serde(default = "dark_after_seconds")]
    pub dark_after_seconds: u64,
}

fn dark_after_seconds() -> u64 {
    60
}

/// A folder that some web server serves.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSettings {
    /// How orders name it.
    pub channel: ChannelName,
    /// The folder that is served; relative to the deployment's folder.
    pub root: PathBuf,
    /// On the same file system, not served.
    pub staging: PathBuf,
}

/// The safe 库外存根: what a restore must not forget. It belongs on another disk than the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafeSettings {
    /// A folder; relative to the deployment's folder.
    pub folder: PathBuf,
}

impl Default for SafeSettings {
    fn default() -> Self {
        Self { folder: PathBuf::from("safe") }
    }
}

/// What is told to others.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    /// Where an OpenTelemetry collector takes OTLP over HTTP, such as `http://127.0.0.1:4318`; none:
    /// nobody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otlp: Option<String>,
}

impl TelemetrySettings {
    fn is_silent(&self) -> bool {
        self.otlp.is_none()
    }
}

/// Where a running server listens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Running {
    /// Staff.
    pub staff: String,
    /// Public.
    pub public: String,
}

impl Home {
    /// Makes a deployment: settings and the root key. Refuses a folder that holds one.
    pub fn init(path: &Path, site_name: &str) -> anyhow::Result<Self> {
        let file = path.join(FILE);
        if file.exists() {
            bail!("{} 已存在 / there is a deployment already", file.display());
        }
        let root = keys::make(&path.join("keys/root.key"))?;
        let name = |text: &str| text.parse().context("a name of ours");
        let settings = HomeSettings {
            deployment: Ids.fresh(),
            root: root.public(),
            site_name: site_name.to_owned(),
            staff: SocketAddr::from(([127, 0, 0, 1], 7010)),
            public: SocketAddr::from(([127, 0, 0, 1], 7011)),
            epoch: 1,
            portal: PortalSettings {
                channel: name("portal")?,
                dark_after_seconds: dark_after_seconds(),
            },
            folder: FolderSettings {
                channel: name("folder")?,
                root: PathBuf::from("site"),
                staging: PathBuf::from("site-staging"),
            },
            gate: GateSettings::default(),
            theme: ThemeSettings::default(),
            blobs: BlobSettings::default(),
            safe: SafeSettings::default(),
            telemetry: TelemetrySettings::default(),
            cluster: None,
        };
        let home = Self { path: path.to_owned(), settings };
        home.save()?;
        Ok(home)
    }

    /// Writes `lockstep.toml`.
    pub fn save(&self) -> anyhow::Result<()> {
        let file = self.join(FILE);
        let text =
            toml::to_string(&self.settings).context("设置无法写入 / settings cannot be written")?;
        files::write_durably(&file, text.as_bytes())
            .with_context(|| format!("{} 无法写入 / cannot be written", file.display()))
    }

    /// Another epoch, in `lockstep.toml` too; whatever else people wrote there stays as it is.
    pub(crate) fn save_epoch(&mut self, epoch: u32) -> anyhow::Result<()> {
        let file = self.join(FILE);
        let text = fs::read_to_string(&file).and_then(|text| {
            let mut document: toml_edit::DocumentMut = text.parse().map_err(io::Error::other)?;
            document.insert("epoch", toml_edit::value(i64::from(epoch)));
            Ok(document.to_string())
        });
        text.and_then(|text| files::write_durably(&file, text.as_bytes()))
            .with_context(|| format!("{} 无法写入 / cannot be written", file.display()))?;
        self.settings.epoch = epoch;
        Ok(())
    }

    /// Writes what a file says into the settings; whatever it does not name stays.
    pub fn with_settings(mut self, file: &Path) -> anyhow::Result<Self> {
        let wrong = || format!("{} 有误 / is not right", file.display());
        let text = fs::read_to_string(file)
            .with_context(|| format!("{} 无法读取 / cannot be read", file.display()))?;
        let mut settings = toml::Table::try_from(&self.settings)?;
        merge(&mut settings, toml::from_str(&text).with_context(wrong)?);
        self.settings = settings.try_into().with_context(wrong)?;
        self.save()?;
        Ok(self)
    }

    /// Opens a deployment's folder.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        Self::open_with(path, &[])
    }

    /// The same; flags such as `staff=…` win over its file and the environment.
    pub fn open_with(path: &Path, flags: &[String]) -> anyhow::Result<Self> {
        let file = path.join(FILE);
        let settings = Layers::read(&file, flags)?.settle()?;
        let home = Self { path: path.to_owned(), settings };
        home.check().with_context(|| format!("{} 有误 / is not right", file.display()))?;
        Ok(home)
    }

    /// What the settings come to as TOML, without secrets, each with where it was said.
    pub(crate) fn show(path: &Path, flags: &[String]) -> anyhow::Result<String> {
        let layers = Layers::read(&path.join(FILE), flags)?;
        layers.show(&layers.settle::<HomeSettings>()?)
    }

    /// A path within the folder.
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.path.join(path)
    }

    /// The root key. Only whoever runs the deployment needs it.
    pub fn root_key(&self) -> anyhow::Result<PrivateKey> {
        Ok(keys::load(&self.join("keys/root.key"))?)
    }

    /// What lies outside the backup.
    pub fn safe(&self) -> Safe {
        let settings = &self.settings;
        Safe::new(self.join(&settings.safe.folder), settings.deployment.clone())
    }

    /// Where the running server listens. Apart, that is what the settings say.
    pub fn running(&self) -> anyhow::Result<Running> {
        if let Some(cluster) = &self.settings.cluster {
            let HomeSettings { staff, public, .. } = self.settings;
            let [staff, public] = [staff, public].map(|address| format!("http://{address}"));
            let staff = cluster.staff_address.clone().unwrap_or(staff);
            return Ok(Running { staff, public });
        }
        let file = self.join("run.json");
        let text = fs::read_to_string(&file).with_context(|| {
            format!(
                "{} 无法读取：服务未启动？/ cannot be read: is `lockstep serve all` running?",
                file.display()
            )
        })?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} 有误 / is not right", file.display()))
    }
}

/// Table by table, but for `[blobs]`: one way to store them takes the place of another.
fn merge(settings: &mut toml::Table, with: toml::Table) {
    for (name, value) in with {
        match (settings.get_mut(&name), value) {
            (Some(toml::Value::Table(table)), toml::Value::Table(with)) if name != "blobs" => {
                merge(table, with);
            }
            (_, value) => {
                settings.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_changes_what_it_names_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::init(&folder.path().join("home"), "测试").unwrap();
        let (made, file) = (home.settings.clone(), folder.path().join("with.toml"));
        let with =
            "[folder]\nroot = \"elsewhere\"\n[blobs]\nendpoint = \"http://s3\"\nbucket = \"b\"\n";
        fs::write(&file, with).unwrap();
        let settings = home.clone().with_settings(&file).unwrap().settings;
        assert_eq!(settings.folder.root, Path::new("elsewhere"));
        assert_eq!(settings.folder.staging, made.folder.staging);
        assert_eq!((settings.root, settings.public), (made.root, made.public));
        // What named a folder before names a bucket alone.
        assert!(matches!(Home::open(&home.path).unwrap().settings.blobs, BlobSettings::Bucket(_)));
        fs::write(&file, "[folder]\nrot = \"x\"\n").unwrap();
        let error = format!("{:#}", home.with_settings(&file).unwrap_err());
        assert!(error.contains("with.toml") && error.contains("rot"), "{error}");
    }
}
