//! This machine: secrets, folders, disks, the embedded database, and what the public sees.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use lockstep_kit::{Chain, Db, db, files, keys};
use lockstep_portal::whole;

use super::Report;
use crate::{
    home::{ADMIN, BlobSettings, ClusterSettings, Home},
    serve::DATABASE,
    services,
};

/// Less free space than this is hardly any.
const FREE_LITTLE: u64 = 5 << 30;
/// Less than this, and the next bundles do not fit.
const FREE_NONE: u64 = 1 << 30;
/// How long an address may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The services whose secrets lie here.
pub(super) fn list_services(home: &Home) -> Vec<&'static str> {
    let is_here = |service: &&str| home.join(format!("keys/postgres/{service}")).exists();
    services::ALL.into_iter().filter(is_here).collect()
}

pub(super) async fn look(report: &mut Report, home: &Home, services: &[&str]) {
    look_at_secrets(report, home, services);
    let is_readable = if let Some(cluster) = &home.settings.cluster {
        look_at_keys(report, home, cluster, services);
        if services.contains(&"console") {
            look_at_upstreams(report, cluster).await;
        }
        true
    } else {
        look_at_sqlite(report, home).await
    };
    look_at_folders(report, home, services);
    look_at_bucket(report, home, services).await;
    if is_readable && services.contains(&"portal") {
        look_at_shown(report, home).await;
    }
    look_at_public(report, home).await;
}

fn look_at_secrets(report: &mut Report, home: &Home, services: &[&str]) {
    let mut needed = vec![];
    if home.settings.cluster.is_some() {
        if services.is_empty() {
            let detail = "本机没有任何服务的密钥 / no service's secrets are on this machine: copy \
                          keys/postgres/SERVICE and keys/nats/SERVICE.nk here";
            report.wrong("secrets", detail);
        }
        for service in services {
            needed.extend([format!("postgres/{service}"), format!("nats/{service}.nk")]);
            if matches!(*service, "console" | "release") {
                needed.push(format!("{service}.key"));
            }
        }
    }
    if home.settings.blobs.folder().is_none() {
        needed.push("blobs.toml".to_owned());
    }
    let others = ["root.key".to_owned(), "console.key".to_owned(), "release.key".to_owned()];
    let admin = format!("nats/{ADMIN}.nk");
    let others = others.into_iter().chain([admin]).filter(|name| !needed.contains(name));
    let others: Vec<_> = others.filter(|name| home.join("keys").join(name).exists()).collect();
    let (mut is_well, count) = (true, needed.len() + others.len());
    for name in needed.into_iter().chain(others) {
        let path = home.join("keys").join(name);
        let wrong = match fs::metadata(&path) {
            Err(error) => format!("{} 无法读取 / cannot be read: {error}", path.display()),
            Ok(about) if about.permissions().mode() & 0o077 != 0 => format!(
                "{0} 他人可读，请 chmod 600 {0} / others may read it: chmod 600",
                path.display()
            ),
            Ok(_) => continue,
        };
        is_well = false;
        report.wrong("secrets", wrong);
    }
    if is_well && count > 0 {
        report.well(
            "secrets",
            format!("{count} 个密钥文件，只有所有者可读 / only their owner reads them"),
        );
    }
}

/// Whether our private keys are the ones that the settings tell everybody of.
fn look_at_keys(report: &mut Report, home: &Home, cluster: &ClusterSettings, services: &[&str]) {
    let console = std::slice::from_ref(&cluster.console_key);
    let known = [("console", console), ("release", cluster.release_keys.as_slice())];
    for (service, known) in known.into_iter().filter(|(service, _)| services.contains(service)) {
        // What cannot be read is said with the other secrets.
        let Ok(key) = keys::load(&home.join(format!("keys/{service}.key"))) else { continue };
        if !known.contains(&key.public()) {
            let detail = format!(
                "keys/{service}.key 与 lockstep.toml [cluster] 中的公钥不符，他人不会承认 / is not the key \
                 that lockstep.toml names: nobody will believe it"
            );
            report.wrong(&format!("key {service}"), detail);
        }
    }
}

/// Console passes commands on to whichever process of an owner answers.
async fn look_at_upstreams(report: &mut Report, cluster: &ClusterSettings) {
    let known = services::OWNERS;
    for unknown in cluster.upstreams.keys().filter(|name| !known.contains(&name.as_str())) {
        let detail = format!(
            "lockstep.toml [cluster.upstreams] 中的 {unknown} 不是可转发的服务 / console passes \
             nothing on to {unknown}"
        );
        report.wrong("upstreams", detail);
    }
    for owner in known {
        let what = format!("upstreams {owner}");
        let addresses = cluster.upstreams.get(owner).map(Vec::as_slice).unwrap_or_default();
        let mut silent = vec![];
        for address in addresses {
            if !matches!(ask(&format!("{address}/healthz")).await, Ok(status) if status.is_success())
            {
                silent.push(address.as_str());
            }
        }
        let detail = format!("{} 没有应答 / do not answer", silent.join(", "));
        match (addresses.len(), silent.len()) {
            (0, _) => {
                let detail = format!(
                    "lockstep.toml [cluster.upstreams] 缺少 {owner} / lacks the addresses of {owner}"
                );
                report.wrong(&what, detail);
            }
            (_, 0) => report.well(&what, "都有应答 / all of them answer"),
            (all, silent) if silent < all => report.mind(&what, detail),
            _ => report
                .wrong(&what, format!("{detail}：命令无法办理 / no command can be carried out")),
        }
    }
}

/// The status of the answer that comes from an address.
async fn ask(address: &str) -> reqwest::Result<reqwest::StatusCode> {
    let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
    Ok(client.get(address).send().await?.status())
}

/// Says whether it can be read.
async fn look_at_sqlite(report: &mut Report, home: &Home) -> bool {
    let path = home.join(DATABASE);
    if !path.exists() {
        report.mind("database", "尚未建立，首次启动时建立 / none yet: the first start makes it");
        return false;
    }
    let path = std::path::absolute(&path).unwrap_or(path);
    let checked = db::check_sqlite(&path).await;
    match &checked {
        Ok(()) => report.well("database", format!("{} 完好 / is whole", path.display())),
        Err(error) => report.wrong(
            "database",
            format!(
                "{} 有损：停止服务并从备份恢复 / is damaged: stop, and restore a backup: {}",
                path.display(),
                Chain(error)
            ),
        ),
    }
    checked.is_ok()
}

fn look_at_folders(report: &mut Report, home: &Home, services: &[&str]) {
    let settings = &home.settings;
    let (root, staging) = (home.join(&settings.folder.root), home.join(&settings.folder.staging));
    let safe = home.join(&settings.safe.folder);
    let mut disks = BTreeMap::new();
    // Services make their folders when they start, and this one with them.
    let has_run = home.join("data").exists();
    let mut look = |report: &mut Report, what: &str, path: &Path| match files::probe(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let path = path.display();
            if has_run {
                let detail = format!("{path} 不存在：未挂载？ / is not there: is it mounted?");
                report.wrong(what, detail);
            } else {
                let detail = format!(
                    "{path} 尚不存在，首次启动时建立；应挂载的请先挂载 / is not there yet: the first \
                     start makes it; what is to be mounted has to be mounted before"
                );
                report.mind(what, detail);
            }
        }
        Ok(()) => {
            report.well(what, format!("{} 可写 / can be written", path.display()));
            disks.entry(device_of(path)).or_insert_with(|| path.to_owned());
        }
        Err(error) => {
            let path = path.display();
            report.wrong(
                what,
                format!("{path} 不可写，请检查权限与挂载 / cannot be written: {error}"),
            );
        }
    };
    if let Some(blobs) = settings.blobs.folder() {
        look(report, "blobs", &home.join(blobs));
    }
    if services.contains(&"folder") {
        // Readers see the root: nothing is tried there.
        if root.exists()
            && let Err(error) = rustix::fs::access(&root, rustix::fs::Access::WRITE_OK)
        {
            let detail = format!("{} 不可写 / cannot be written: {error}", root.display());
            report.wrong("folder", detail);
        } else if has_run && !root.exists() {
            let detail =
                format!("{} 不存在：未挂载？ / is not there: is it mounted?", root.display());
            report.wrong("folder", detail);
        }
        look(report, "folder", &staging);
        if device_of(&root) != device_of(&staging) {
            let detail = format!(
                "{} 与 {} 不在同一文件系统，无法一次换上 / are on two file systems: an edition could not be \
                 put in place by one rename",
                root.display(),
                staging.display()
            );
            report.wrong("folder", detail);
        }
    }
    if services.contains(&"release") {
        match home.safe().check() {
            Ok(()) => look(report, "safe", &safe),
            // Release makes it when it first starts.
            Err(_) if !has_run && !safe.exists() => look(report, "safe", &safe),
            Err(error) => report.wrong("safe", Chain(&error).to_string()),
        }
        // Apart, the database is on another machine.
        if settings.cluster.is_none() && device_of(&safe) == device_of(&home.join(DATABASE)) {
            let detail = format!(
                "{} 与数据库在同一磁盘：磁盘损坏时两者同失，请将 [safe] folder 移至另一块磁盘 / is on the \
                 database's disk, and is lost with it: put [safe] folder on another",
                safe.display()
            );
            report.mind("safe", detail);
        }
    }
    for path in disks.into_values() {
        look_at_space(report, &path);
    }
}

async fn look_at_bucket(report: &mut Report, home: &Home, services: &[&str]) {
    let BlobSettings::Bucket(bucket) = &home.settings.blobs else { return };
    let name = format!("{} / {}", bucket.endpoint, bucket.bucket);
    let checked = match home.blobs() {
        Ok(blobs) => {
            let mut found = Ok(());
            for service in services {
                found = found.and(blobs.check_for(service).await);
            }
            found.map_err(|error| Chain(&error).to_string())
        }
        Err(error) => Err(format!("{error:#}")),
    };
    match checked {
        Ok(()) => report.well("blobs", format!("{name} 可用 / can be used")),
        Err(why) => report.wrong("blobs", why),
    }
}

/// Whether the store holds every byte of what readers are to see.
async fn look_at_shown(report: &mut Report, home: &Home) {
    // What cannot be opened is said with databases and blobs.
    let (Some(db), Ok(blobs)) = (open(home).await, home.blobs()) else { return };
    match whole::list_broken(&db, &blobs, &home.settings.portal.channel).await {
        Ok(broken) if broken.is_empty() => {
            report.well("shown", "已发布的内容完好 / what is shown is whole");
        }
        Ok(broken) => {
            for one in broken {
                report.wrong("shown", one.to_string());
            }
        }
        Err(error) => {
            report.wrong("shown", format!("无法核对 / cannot be verified: {}", Chain(&error)));
        }
    }
    db.close().await;
}

/// The portal's database, if it is there.
async fn open(home: &Home) -> Option<Db> {
    if let Some(cluster) = &home.settings.cluster {
        return super::servers::open(home, cluster, "portal").await.ok();
    }
    let path = std::path::absolute(home.join(DATABASE)).ok()?;
    Db::look_into_sqlite(&path).await.ok()
}

fn look_at_space(report: &mut Report, path: &Path) {
    let Ok(about) = rustix::fs::statvfs(nearest_there(path)) else { return };
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    let gib = free / (1 << 30);
    let detail =
        format!("{} 所在磁盘剩余 {gib} GiB / {gib} GiB are free on its disk", path.display());
    match free {
        ..FREE_NONE => report.wrong("disk", detail),
        FREE_NONE..FREE_LITTLE => report.mind("disk", detail),
        FREE_LITTLE.. => report.well("disk", detail),
    }
}

/// The nearest part of a path that is there.
fn nearest_there(path: &Path) -> PathBuf {
    path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/")).to_owned()
}

fn device_of(path: &Path) -> Option<u64> {
    fs::metadata(nearest_there(path)).ok().map(|about| about.dev())
}

async fn look_at_public(report: &mut Report, home: &Home) {
    let address = match (&home.settings.cluster, home.running()) {
        (Some(cluster), _) => cluster.public_address.clone(),
        (None, Ok(running)) => running.public,
        (None, Err(_)) => {
            report.mind("public", "服务未启动 / nothing is running");
            return;
        }
    };
    match ask(&format!("{address}/")).await {
        Ok(status) if status.is_success() => {
            report.well("public", format!("{address} 有应答 / answers"));
        }
        Ok(status) => report.wrong("public", format!("{address} 应答 {status} / answers {status}")),
        Err(error) => {
            let error = Chain(&error);
            let detail = format!(
                "{address} 没有应答：portal 未启动，或地址、代理有误 / does not answer: is the portal \
                 running, are address and proxy right? {error}"
            );
            report.wrong("public", detail);
        }
    }
}
