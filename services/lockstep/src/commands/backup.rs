//! Backup and restore.
//!
//! ```text
//! DIR/backup.json     whose it is, when it was made, what the database must be
//! DIR/lockstep.db     the database, as at one instant
//! DIR/blobs/          every blob that it names, and perhaps newer ones
//! ```
//!
//! Keys, settings and the safe are not in it: they are to be kept elsewhere.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use lockstep_kit::{
    blobs::{BlobError, Blobs},
    clock::Clock,
    db, files,
};
use lockstep_proto::{digest::Digest, ids::DeploymentId, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    home::Home,
    print,
    serve::{self, DATABASE},
};

const ABOUT: &str = "backup.json";
const COPY: &str = "lockstep.db";
const BLOBS: &str = "blobs";

/// `backup.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    schema: String,
    deployment: DeploymentId,
    epoch: u32,
    at: Timestamp,
    /// Digest of the database's file.
    database: Digest,
    blob_count: usize,
}

const SCHEMA: &str = "lockstep.backup/1";

/// Makes a backup; services may be running.
pub(super) async fn backup(home: &Home, folder: &Path) -> anyhow::Result<()> {
    refuse_cluster(home)?;
    if folder.exists() {
        bail!("{} 已存在，请另选目录 / is there already: choose another", folder.display());
    }
    // Under its name there is a whole backup or none.
    let aside = folder.with_extension("partial");
    if aside.exists() {
        fs::remove_dir_all(&aside)
            .with_context(|| format!("{} 无法清理 / cannot be cleared", aside.display()))?;
    }
    let failed = || format!("{} 无法写入 / cannot be written", aside.display());
    files::make_private_folder(&aside).with_context(failed)?;
    let copy = aside.join(COPY);
    // First the database, then the blobs: a blob is written before anything names it, and none is
    // ever deleted.
    db::copy_sqlite(&home.join(DATABASE), &copy).await.with_context(|| {
        format!("数据库无法备份到 {} / the database cannot be copied", copy.display())
    })?;
    let blob_count = copy_blobs(&home.blobs()?, &Blobs::new(aside.join(BLOBS))).await?;
    let about = About {
        schema: SCHEMA.to_owned(),
        deployment: home.settings.deployment.clone(),
        epoch: home.settings.epoch,
        at: Clock::System.now(),
        database: digest_of(&copy)?,
        blob_count,
    };
    let text = serde_json::to_vec_pretty(&about)?;
    files::write_durably(&aside.join(ABOUT), &text).with_context(failed)?;
    fs::rename(&aside, folder).with_context(failed)?;
    files::sync_folder(files::parent_of(folder)).with_context(failed)?;
    say!("已备份 / backed up: {}", folder.display());
    say!("  数据库 database  {}", about.database);
    say!("  内容 blobs       {}", about.blob_count);
    say!(
        "  未包含 keys/、lockstep.toml 与库外存根 {}，请另行保管 / keys/, lockstep.toml and the safe are \
         not in it: keep them elsewhere",
        home.settings.safe.folder.display()
    );
    Ok(())
}

fn refuse_cluster(home: &Home) -> anyhow::Result<()> {
    if home.settings.cluster.is_some() {
        bail!(
            "服务分开运行时，请备份 PostgreSQL 与内容存储，见 deploy/restore.md / services apart: back up \
             PostgreSQL and the blobs, as deploy/restore.md says"
        );
    }
    Ok(())
}

/// Copies every blob, and says how many there are; one that is damaged is left out and said, after
/// the others.
async fn copy_blobs(from: &Blobs, to: &Blobs) -> anyhow::Result<usize> {
    let (mut count, mut damaged) = (0, vec![]);
    for digest in from.list().await? {
        match from.find(&digest).await {
            Ok(Some(bytes)) => {
                to.put(bytes).await?;
                count += 1;
            }
            Ok(None) | Err(BlobError::Damaged { .. }) => damaged.push(digest.hex().to_owned()),
            Err(error) => return Err(error.into()),
        }
    }
    if !damaged.is_empty() {
        bail!(
            "以下内容已损坏，请先从上一份备份补回 / these blobs are damaged; mend them from an earlier \
             backup first: {}",
            damaged.join(", ")
        );
    }
    Ok(count)
}

fn digest_of(path: &Path) -> anyhow::Result<Digest> {
    let read = || Digest::of_reader(fs::File::open(path)?);
    read().with_context(|| format!("{} 无法读取 / cannot be read", path.display()))
}

/// Puts a backup in place, under a new epoch. No service may be running.
pub(super) async fn restore(home: Home, folder: &Path, safe_is_lost: bool) -> anyhow::Result<()> {
    refuse_cluster(&home)?;
    let _lock = serve::lock(&home)?;
    let (about, blobs) = (read_about(&home, folder).await?, home.blobs()?);
    blobs.check_writable().await?;
    let mut home = home;
    let epoch = begin_epoch(&mut home, about.epoch, safe_is_lost).await?;
    let failed = |path: &Path| format!("{} 无法写入 / cannot be written", path.display());
    // What the store holds whole already stays as it is; nothing is deleted.
    copy_blobs(&Blobs::new(folder.join(BLOBS)), &blobs).await?;
    let database = home.join(DATABASE);
    let aside = database.with_extension("restored");
    files::copy_durably(&folder.join(COPY), &aside).with_context(|| failed(&aside))?;
    // What was there is moved, not deleted.
    let old = home.join(format!("data/before-epoch-{epoch}"));
    files::make_folder(&old).with_context(|| failed(&old))?;
    for name in ["lockstep.db-wal", "lockstep.db-shm", "lockstep.db"] {
        let (path, kept) = (database.with_file_name(name), old.join(name));
        if path.exists() {
            fs::rename(&path, &kept).with_context(|| failed(&kept))?;
        }
    }
    fs::rename(&aside, &database).with_context(|| failed(&database))?;
    files::sync_folder(files::parent_of(&database)).with_context(|| failed(&database))?;
    say!("已恢复 / restored: {} → {}", about.at.beijing(), home.path.display());
    say!("  第 {epoch} 期 epoch；原数据库移至 / what was there is in {}", old.display());
    tell_what_follows(&home);
    Ok(())
}

async fn read_about(home: &Home, folder: &Path) -> anyhow::Result<About> {
    let path = folder.join(ABOUT);
    let text = fs::read(&path).with_context(|| {
        format!(
            "{} 无法读取：不是完整的备份？/ cannot be read: is it a whole backup?",
            path.display()
        )
    })?;
    let about: About = serde_json::from_slice(&text)
        .with_context(|| format!("{} 有误 / is not right", path.display()))?;
    if about.schema != SCHEMA || about.deployment != home.settings.deployment {
        bail!("{} 不是本部署的备份 / is not a backup of this deployment", folder.display());
    }
    let copy = folder.join(COPY);
    if digest_of(&copy)? != about.database {
        bail!("{} 已损坏 / is damaged", copy.display());
    }
    let blobs = Blobs::new(folder.join(BLOBS));
    let digests = blobs.list().await?;
    if digests.len() < about.blob_count {
        bail!(
            "{} 缺少 {} 个内容文件 / lacks blobs",
            folder.display(),
            about.blob_count - digests.len()
        );
    }
    for digest in digests {
        blobs.find(&digest).await.with_context(|| folder.display().to_string())?;
    }
    Ok(about)
}

/// Minutes since 1970: above every epoch that was counted up from one.
const MINUTE_MICROS: i64 = 60_000_000;

/// Begins an epoch that never was and writes it into the settings, before anything is touched: a
/// restore that is cut off leaves the deployment held, and is done again.
pub(super) async fn begin_epoch(
    home: &mut Home,
    known: u32,
    safe_is_lost: bool,
) -> anyhow::Result<u32> {
    let (safe, known) = (home.safe(), home.settings.epoch.max(known));
    let epoch = if safe_is_lost {
        let minutes = u32::try_from(Clock::System.now().as_micros() / MINUTE_MICROS)?;
        let epoch = minutes.max(known + 1);
        safe.make_anew(epoch).await?;
        epoch
    } else {
        safe.begin_epoch(known).await.context(
            "库外存根确已丢失时，以 --safe-lost 恢复，每个政策包将逐一搁置待核对 / if the safe is lost for good: \
             --safe-lost, and every bundle is held until a person has looked",
        )?
    };
    home.save_epoch(epoch)?;
    Ok(epoch)
}

/// What the operator does next.
pub(super) fn tell_what_follows(home: &Home) {
    say!(
        "  启动后：本站与文件夹先全部下线，备份之后的撤回令重新执行，核对各渠道后由人恢复发布 / once started: \
         our channels begin dark, withdrawals since the backup are carried out again, every channel \
         is compared, and a person lets it go on"
    );
    say!(
        "  备份之后吊销的密钥、停止的发布、新登记的人员须重新办理 / keys revoked, releases stopped and \
         people recorded since the backup are to be done again"
    );
    let path = home.path.to_string_lossy();
    if home.settings.cluster.is_none() {
        print::next(&["serve", "all", "--home", &path]);
    }
    print::next(&["resume", "--deployment", "--as", "FILE", "--home", &path]);
}
