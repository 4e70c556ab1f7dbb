//! Files that must survive a crash: written aside, synced, renamed, the folder synced.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

/// What the name of a file aside holds between the name to be and the write's own number.
const ASIDE: &str = ".new-";

/// What a probe writes: more than a full disk has left by chance.
const PROBE_BYTES: usize = 16 << 10;

/// Writes `bytes` to `path` so that after a crash there is the whole file or none. Several may
/// write the same path at once: one of them is there in the end, whole.
pub fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folder(parent_of(path))?;
    write_in_folder(path, bytes, None)
}

/// The same for what a web server reads, whoever it runs as and whatever the umask is: the folders that
/// are made for it are open to it too.
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_public_folder(parent_of(path))?;
    write_in_folder(path, bytes, Some(0o644))
}

fn write_in_folder(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    static WRITE_COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = parent_of(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // A name for each write: two that share one would rename each other's file away.
    let count = WRITE_COUNT.fetch_add(1, Ordering::Relaxed);
    let aside = path.with_file_name(format!(".{name}{ASIDE}{}-{count}", std::process::id()));
    let done = write_synced(&aside, bytes, mode).and_then(|()| fs::rename(&aside, path));
    if done.is_err() {
        // On a full disk every try would leave another one behind.
        fs::remove_file(&aside).ok();
    }
    done?;
    sync_folder(folder)
}

/// Copies a file so that after a crash there is the whole copy or none.
pub fn copy_durably(from: &Path, to: &Path) -> io::Result<()> {
    make_folder(parent_of(to))?;
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let aside = to.with_file_name(format!(".{name}{ASIDE}copy"));
    fs::copy(from, &aside)?;
    File::open(&aside)?.sync_all()?;
    fs::rename(&aside, to)?;
    sync_folder(parent_of(to))
}

/// Whether `folder` takes a file now: one is written, unsynced, and removed again. It has the name of
/// what is written aside, which is nobody's and swept.
pub fn probe(folder: &Path) -> io::Result<()> {
    static PROBE_COUNT: AtomicU64 = AtomicU64::new(0);
    let count = PROBE_COUNT.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!(".probe{ASIDE}{}-{count}", std::process::id()));
    let done = fs::write(&path, [b'.'; PROBE_BYTES]);
    // What was written in part takes room too.
    let removed = fs::remove_file(&path);
    done.and(removed)
}

fn write_synced(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    let mut file = File::create(path)?;
    if let Some(mode) = mode {
        file.set_permissions(Permissions::from_mode(mode))?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// Removes what writes that a crash cut off left aside in `folder` and below it. Right only while
/// nobody writes there. What cannot be removed stays.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_aside =
            name.to_str().is_some_and(|name| name.starts_with('.') && name.contains(ASIDE));
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => sweep(&entry.path()),
            Ok(kind) if kind.is_file() && is_aside => {
                fs::remove_file(entry.path()).ok();
            }
            Ok(_) | Err(_) => {}
        }
    }
}

/// Writes a secret: readable by its owner alone from the first byte on, as is a folder made for it.
pub fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    let folder = parent_of(path);
    make_private_folder(folder)?;
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(folder)
}

/// Makes an empty file that its owner alone reads and writes; what is there already stays as it is.
pub fn make_private_file(path: &Path) -> io::Result<()> {
    match File::options().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// Makes a folder, and those above it, so that after a crash they are still where they were made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    make_folders(path, None)
}

/// The same, and everybody may read in those that are made.
pub fn make_public_folder(path: &Path) -> io::Result<()> {
    make_folders(path, Some(0o755))
}

/// The same, and its owner alone reads in it. One that is there already stays as it is.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    make_folder(parent_of(path))?;
    make_one(path, |path| DirBuilder::new().mode(0o700).create(path))
}

fn make_folders(path: &Path, mode: Option<u32>) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    make_folders(parent_of(path), mode)?;
    make_one(path, |path| {
        fs::create_dir(path)?;
        // The umask takes from what a folder is made with.
        mode.map_or(Ok(()), |mode| fs::set_permissions(path, Permissions::from_mode(mode)))
    })
}

fn make_one(path: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    match make(path) {
        // Somebody else was faster; whether they have synced it yet is not known.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        done => done?,
    }
    sync_folder(parent_of(path))
}

/// The folder a path lies in.
pub fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes renames and new names inside `folder` durable.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_with_those_above_them_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c");
        for _ in 0..2 {
            make_folder(&path).unwrap();
            assert!(path.is_dir());
        }
        write_durably(&path.join("d/file"), b"text").unwrap();
        assert_eq!(fs::read(path.join("d/file")).unwrap(), b"text");
        assert!(make_folder(&path.join("d/file/e")).is_err());
    }

    #[test]
    fn who_may_read_is_said_when_it_is_made_and_never_changed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        let mode = |path: &str| fs::metadata(at(path)).unwrap().permissions().mode() & 0o777;
        make_private_folder(&at("private")).unwrap();
        make_private_file(&at("private/file")).unwrap();
        write_secret(&at("secrets/key"), "text").unwrap();
        // Made as if the umask let nobody else in.
        make_private_folder(&at("site")).unwrap();
        write_public(&at("site/b/page"), b"text").unwrap();
        let modes = ["private", "private/file", "secrets", "secrets/key"].map(mode);
        assert_eq!(modes, [0o700, 0o600, 0o700, 0o600]);
        assert_eq!(["site/b", "site/b/page"].map(mode), [0o755, 0o644]);

        for (path, open) in [("private", 0o750), ("private/file", 0o640)] {
            fs::set_permissions(at(path), Permissions::from_mode(open)).unwrap();
        }
        make_private_folder(&at("private")).unwrap();
        make_private_file(&at("private/file")).unwrap();
        assert_eq!(["private", "private/file"].map(mode), [0o750, 0o640]);
        assert!(make_private_folder(&at("private/file")).is_err());
    }

    #[test]
    fn a_file_is_written_by_many_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        write_durably(&path, b"text").unwrap();
                    }
                });
            }
        });
        assert_eq!(fs::read(&path).unwrap(), b"text");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
    #[test]
    fn a_write_that_fails_leaves_nothing_aside() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        assert!(write_durably(&taken, b"text").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_crash_left_aside_is_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let kept = ["a/file", "a/.hidden", "b/x.new-1"].map(|name| folder.path().join(name));
        let left = ["a/.file.new-7-0", ".b.new-7-1"].map(|name| folder.path().join(name));
        for path in kept.iter().chain(&left) {
            write_durably(path, b"text").unwrap();
        }
        sweep(folder.path());
        assert!(kept.iter().all(|path| path.exists()));
        assert!(!left.iter().any(|path| path.exists()));
        sweep(&folder.path().join("nowhere"));
    }
}
