//! The safe 库外存根: a small store outside the backup set. What a restored database must not have
//! forgotten lies here too: which epochs were ever begun, and what was shown and withdrawn since.
//!
//! ```text
//! SAFE/deployment          whose safe this is: one that is empty, or not mounted, is not taken for it
//! SAFE/epochs/0000000002   one for each epoch that was begun
//! SAFE/lost/0000000002     an epoch before which the safe itself was lost
//! SAFE/kept/BUNDLE/…       what release keeps
//! ```

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use lockstep_proto::ids::DeploymentId;

use crate::files;

/// A mount that hangs counts as one that is not there.
const PATIENCE: Duration = Duration::from_secs(20);
const MARK: &str = "deployment";
const EPOCHS: &str = "epochs";
const LOST: &str = "lost";

/// The safe of a deployment.
#[derive(Debug, Clone)]
pub struct Safe {
    folder: PathBuf,
    deployment: DeploymentId,
}

/// Why the safe cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SafeError {
    /// It is not there, or it is another deployment's.
    #[error(
        "{path} 不是本部署的库外存根（未挂载？）/ is not this deployment's safe: is it mounted? [safe] in \
         lockstep.toml says where it is"
    )]
    Missing {
        /// Where it should be.
        path: String,
    },
    /// The file system failed.
    #[error("{path} 库外存根无法读写 / the safe failed while {doing}")]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The work was cut off.
    #[error("库外存根存取中断 / work at the safe was cut off")]
    CutOff,
}

fn failed<'p>(path: &'p Path, doing: &'static str) -> impl FnOnce(io::Error) -> SafeError + 'p {
    move |source| SafeError::Io { doing, path: path.display().to_string(), source }
}

impl Safe {
    /// The safe at `folder`.
    pub fn new(folder: PathBuf, deployment: DeploymentId) -> Self {
        Self { folder, deployment }
    }

    /// Makes it, if there is none yet: for new deployments.
    pub fn make(&self) -> Result<(), SafeError> {
        let mark = self.folder.join(MARK);
        if mark.exists() {
            return self.check();
        }
        files::make_private_folder(&self.folder)
            .and_then(|()| files::write_durably(&mark, self.deployment.as_str().as_bytes()))
            .map_err(failed(&mark, "marking it"))
    }

    /// Whether it is there, and this deployment's.
    pub fn check(&self) -> Result<(), SafeError> {
        let mark = self.folder.join(MARK);
        match std::fs::read_to_string(&mark) {
            Ok(text) if text.trim() == self.deployment.as_str() => Ok(()),
            Ok(_) => Err(SafeError::Missing { path: self.folder.display().to_string() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(SafeError::Missing { path: self.folder.display().to_string() })
            }
            Err(error) => Err(failed(&mark, "reading its mark")(error)),
        }
    }

    /// The same, off the async threads; what hangs is not waited for.
    pub async fn reach(&self) -> Result<(), SafeError> {
        self.blocking(|_| Ok(())).await
    }

    /// Keeps bytes under a name such as `kept/BUNDLE/…`; when this returns they survive a crash. What
    /// is kept under that name already stays.
    pub async fn keep(&self, name: String, bytes: Vec<u8>) -> Result<(), SafeError> {
        self.blocking(move |safe| {
            let path = safe.folder.join(name);
            if path.exists() {
                return Ok(());
            }
            files::write_durably(&path, &bytes).map_err(failed(&path, "keeping"))
        })
        .await
    }

    /// Everything that is kept below a name, by its path within, in order.
    pub async fn list(&self, below: &'static str) -> Result<Vec<(String, Vec<u8>)>, SafeError> {
        self.blocking(move |safe| {
            let mut found = vec![];
            collect(&safe.folder.join(below), "", &mut found)?;
            found.sort();
            Ok(found)
        })
        .await
    }

    /// Begins an epoch that is above `known` and above every epoch that was ever begun.
    pub async fn begin_epoch(&self, known: u32) -> Result<u32, SafeError> {
        let begun = self.list(EPOCHS).await?;
        let newest = begun.iter().filter_map(|(name, _)| name.parse().ok()).max().unwrap_or(0);
        self.blocking(move |safe| {
            let mut epoch = known.max(newest).saturating_add(1);
            loop {
                let path = safe.folder.join(EPOCHS).join(format!("{epoch:010}"));
                match begin(&path) {
                    Ok(()) => return Ok(epoch),
                    // Somebody else has just begun it.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => epoch += 1,
                    Err(error) => return Err(failed(&path, "beginning an epoch")(error)),
                }
            }
        })
        .await
    }

    /// Makes it anew, because the old one is lost for good: whoever enters `epoch` knows that much may
    /// be forgotten.
    pub async fn make_anew(&self, epoch: u32) -> Result<(), SafeError> {
        self.make()?;
        self.keep(format!("{EPOCHS}/{epoch:010}"), b"begun".to_vec()).await?;
        self.keep(format!("{LOST}/{epoch:010}"), b"lost".to_vec()).await
    }

    /// Whether an earlier safe was lost before `epoch` began.
    pub async fn was_lost(&self, epoch: u32) -> Result<bool, SafeError> {
        let lost = self.list(LOST).await?;
        Ok(lost.iter().any(|(name, _)| name.parse() == Ok(epoch)))
    }

    /// Works on it, if it is there: a folder that is merely not mounted must not look like an empty
    /// safe.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, SafeError> + Send + 'static,
    ) -> Result<T, SafeError> {
        let safe = self.clone();
        let checked = move || {
            safe.check()?;
            work(&safe)
        };
        let working = tokio::task::spawn_blocking(checked);
        let done = tokio::time::timeout(PATIENCE, working).await;
        done.map_err(|_| SafeError::CutOff)?.map_err(|_| SafeError::CutOff)?
    }
}

/// Makes a file that must not be there yet, durably.
fn begin(path: &Path) -> io::Result<()> {
    let folder = files::parent_of(path);
    files::make_folder(folder)?;
    let mut file = std::fs::File::create_new(path)?;
    file.write_all(b"begun")?;
    file.sync_all()?;
    files::sync_folder(folder)
}

fn collect(folder: &Path, name: &str, found: &mut Vec<(String, Vec<u8>)>) -> Result<(), SafeError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(folder, "listing")(error)),
    };
    for entry in entries {
        let entry = entry.map_err(failed(folder, "listing"))?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let name = if name.is_empty() { file.clone() } else { format!("{name}/{file}") };
        let path = entry.path();
        if path.is_dir() {
            collect(&path, &name, found)?;
        } else if !file.starts_with('.') {
            // What begins with a dot was being written when a crash came.
            found.push((name, std::fs::read(&path).map_err(failed(&path, "reading"))?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(folder: &Path) -> Safe {
        Safe::new(folder.join("safe"), "d".parse().unwrap())
    }

    #[tokio::test]
    async fn what_is_kept_is_listed_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let safe = safe(folder.path());
        safe.make().unwrap();
        assert!(safe.list("kept").await.unwrap().is_empty());
        for name in ["kept/b/2", "kept/a/1", "kept/b/1"] {
            safe.keep(name.to_owned(), name.as_bytes().to_vec()).await.unwrap();
        }
        safe.keep("kept/a/1".to_owned(), b"again".to_vec()).await.unwrap();
        let found = safe.list("kept").await.unwrap();
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a/1", "b/1", "b/2"]);
        assert_eq!(found.first().map(|(_, bytes)| &bytes[..]), Some(&b"kept/a/1"[..]));
    }

    #[tokio::test]
    async fn no_epoch_is_begun_twice() {
        let folder = tempfile::tempdir().unwrap();
        let safe = safe(folder.path());
        safe.make().unwrap();
        assert_eq!(safe.begin_epoch(1).await.unwrap(), 2);
        // Restored again from the same backup, which knows of none.
        assert_eq!(safe.begin_epoch(1).await.unwrap(), 3);
        assert_eq!(safe.begin_epoch(9).await.unwrap(), 10);
        let many = futures::future::join_all((0..8).map(|_| safe.begin_epoch(1))).await;
        let mut epochs: Vec<u32> = many.into_iter().map(Result::unwrap).collect();
        epochs.sort_unstable();
        assert_eq!(epochs, (11..19).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_safe_that_is_not_mounted_is_not_taken_for_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let safe = safe(folder.path());
        std::fs::create_dir(folder.path().join("safe")).unwrap();
        assert!(matches!(safe.list("kept").await, Err(SafeError::Missing { .. })));
        assert!(matches!(safe.begin_epoch(1).await, Err(SafeError::Missing { .. })));
        safe.make().unwrap();
        let other = Safe::new(folder.path().join("safe"), "e".parse().unwrap());
        assert!(matches!(other.make(), Err(SafeError::Missing { .. })));
    }
}
