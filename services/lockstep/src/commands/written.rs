//! What `lockstep render` wrote to a folder: charts that the bundle no longer has do not stay there, and nothing else
//! is ever removed.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, ErrorKind},
    path::{Component, Path, PathBuf},
};

use anyhow::Context as _;
use lockstep_proto::digest::Digest;

/// Lies in the folder: a digest and a path a line.
const LIST: &str = ".lockstep-rendered";

/// Stands for the digest of a file that is not written yet; no file has it.
const UNFINISHED: &str = "-";

/// Holds what is not whole yet: a full disk leaves what was there before as it was.
const STAGED: &str = ".lockstep-rendering";

/// The files of one folder, by path, with the digests of what was written.
pub(super) struct Written<'o> {
    out: &'o Path,
    before: BTreeMap<String, String>,
    now: BTreeMap<String, String>,
}

impl<'o> Written<'o> {
    /// What an earlier run wrote there.
    pub(super) fn of(out: &'o Path) -> Self {
        let list = fs::read_to_string(out.join(LIST)).unwrap_or_default();
        let lines = list.lines().filter_map(|line| line.split_once(' '));
        let before = lines.map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect();
        Self { out, before, now: BTreeMap::new() }
    }

    /// Whether this folder is nobody's but ours to write a file in: there is none, or we wrote it.
    pub(super) fn may_write(&self, path: &str) -> bool {
        self.before.contains_key(path) || !self.out.join(path).exists()
    }

    /// Writes a file, that is to be there when all are written.
    pub(super) fn write(&mut self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        write(self.out, &self.staged().join(path), bytes)?;
        self.now.insert(path.to_owned(), Digest::of(bytes).to_string());
        Ok(())
    }

    fn staged(&self) -> PathBuf {
        self.out.join(STAGED)
    }

    /// Puts in their places what is written by now.
    fn place(&self) -> anyhow::Result<()> {
        let staged = self.staged();
        for path in self.now.keys().filter(|path| staged.join(path).is_file()) {
            let place = self.out.join(path);
            let moved = fs::create_dir_all(place.parent().unwrap_or(&place))
                .and_then(|()| fs::rename(staged.join(path), &place));
            moved.map_err(|error| unwritable(self.out, &place, error))?;
        }
        Ok(())
    }

    /// Writes down what will be written, before it is: what a full disk leaves half written is ours to write again.
    pub(super) fn begin<'p>(&mut self, paths: impl Iterator<Item = &'p str>) -> anyhow::Result<()> {
        for path in paths {
            self.before.entry(path.to_owned()).or_insert_with(|| UNFINISHED.to_owned());
        }
        write(self.out, &self.out.join(LIST), listed(&self.before).as_bytes())
    }

    /// Removes what an earlier run wrote and this one did not, if nobody changed it since.
    pub(super) fn remove_old(&mut self) -> anyhow::Result<()> {
        self.place()?;
        for (path, digest) in std::mem::take(&mut self.before) {
            let is_within =
                Path::new(&path).components().all(|c| matches!(c, Component::Normal(_)));
            let file = self.out.join(&path);
            if self.now.contains_key(&path) || !is_within || !file.is_file() {
                continue;
            }
            let is_ours =
                fs::read(&file).is_ok_and(|bytes| Digest::of(&bytes).to_string() == digest);
            if is_ours {
                fs::remove_file(&file)
                    .with_context(|| format!("{} 无法删除 / cannot be removed", file.display()))?;
                say!("  已删去旧的 / removed the older  {path}");
            }
        }
        Ok(())
    }

    /// Nothing of ours is there any more.
    pub(super) fn forget(&self) -> anyhow::Result<()> {
        let list = self.out.join(LIST);
        if !list.is_file() {
            return Ok(());
        }
        fs::remove_file(&list)
            .with_context(|| format!("{} 无法删除 / cannot be removed", list.display()))
    }

    /// Writes down what is there now, for the next run.
    pub(super) fn keep(mut self) -> anyhow::Result<()> {
        self.place()?;
        self.before.append(&mut self.now);
        self.before.retain(|_, digest| digest != UNFINISHED);
        write(self.out, &self.out.join(LIST), listed(&self.before).as_bytes())
    }
}

impl Drop for Written<'_> {
    fn drop(&mut self) {
        // What cannot be removed now is when the next run ends.
        fs::remove_dir_all(self.staged()).ok();
    }
}

fn listed(files: &BTreeMap<String, String>) -> String {
    files.iter().fold(String::new(), |lines, (path, digest)| lines + &format!("{digest} {path}\n"))
}

fn write(out: &Path, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        fs::write(path, bytes)
    };
    write().map_err(|error| unwritable(out, path, error))
}

/// Why nothing can be written to the folder that was asked for, and what to do; of our own files in it nobody knows.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others are told as they say themselves")]
fn unwritable(out: &Path, path: &Path, error: io::Error) -> anyhow::Error {
    let is_ours = path.ends_with(LIST) || path.starts_with(out.join(STAGED));
    let place = if is_ours { out } else { path }.display();
    let why = match error.kind() {
        ErrorKind::PermissionDenied => {
            "没有写入的权限，请换一个目录 / no right to write there: take another folder"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "磁盘已满，请腾出空间后再试；原有的文件没有改动 / the disk is full: make room and try again; what was there is as it was"
        }
        ErrorKind::ReadOnlyFilesystem => {
            "磁盘是只读的，请换一个目录 / the disk is read-only: take another folder"
        }
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
            "路径上有同名的文件，不是目录，请换一个目录 / a file lies on the way: take another folder"
        }
        _ => {
            return anyhow::Error::new(error).context(format!(
                "{place} 无法写入，请换一个目录 / cannot be written, take another folder"
            ));
        }
    };
    anyhow::anyhow!("{place} 无法写入 / cannot be written: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_half_written_may_be_written_again() -> anyhow::Result<()> {
        let out = tempfile::tempdir()?;
        let mut first = Written::of(out.path());
        assert!(first.may_write("a.png"));
        first.begin(["a.png", "b.png"].into_iter())?;
        // The disk is full now: no `keep`.
        fs::write(out.path().join("a.png"), b"half")?;
        let mut second = Written::of(out.path());
        assert!(second.may_write("a.png") && second.may_write("b.png"));
        second.begin(["a.png"].into_iter())?;
        second.write("a.png", b"whole")?;
        second.remove_old()?;
        second.keep()?;
        let mut third = Written::of(out.path());
        assert!(third.may_write("a.png"));
        // What is not ours is still not overwritten.
        fs::write(out.path().join("b.png"), b"theirs")?;
        assert!(!third.may_write("b.png"));
        third.remove_old()?;
        assert!(!out.path().join("a.png").exists() && out.path().join("b.png").exists());
        Ok(())
    }

    #[test]
    fn what_breaks_off_leaves_what_was_there() -> anyhow::Result<()> {
        let out = tempfile::tempdir()?;
        let mut first = Written::of(out.path());
        first.begin(["a.png", "b/c.png"].into_iter())?;
        first.write("a.png", b"old")?;
        first.write("b/c.png", b"old")?;
        first.keep()?;
        let mut second = Written::of(out.path());
        second.begin(["a.png"].into_iter())?;
        second.write("a.png", b"new")?;
        // The disk is full now.
        drop(second);
        assert_eq!(fs::read(out.path().join("a.png"))?, b"old");
        let there: Vec<_> = fs::read_dir(out.path())?.collect::<Result<_, _>>()?;
        assert_eq!(there.len(), 3, "{there:?}");
        Ok(())
    }

    #[test]
    fn where_nothing_can_be_written_says_what_to_do() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("out");
        fs::write(&file, b"mine")?;
        let mut written = Written::of(&file);
        let why = format!("{:#}", written.begin(["a.png"].into_iter()).unwrap_err());
        assert!(why.contains("请换一个目录") && why.contains("out 无法写入"), "{why}");
        assert!(!why.contains("os error") && !why.contains(".lockstep"), "{why}");
        Ok(())
    }
}
