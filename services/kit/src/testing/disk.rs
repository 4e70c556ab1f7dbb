//! A disk that a test can fill.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A file system of its own, in memory.
#[derive(Debug)]
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one at `place` that holds so much; none where that is not allowed.
    pub fn mount(place: &Path, kilobytes: u32) -> Option<Self> {
        std::fs::create_dir_all(place).unwrap();
        let size = format!("size={kilobytes}k");
        let mut mount = Command::new("mount");
        let done = mount.args(["-t", "tmpfs", "-o", &size, "none"]).arg(place).output();
        done.is_ok_and(|done| done.status.success()).then(|| Self(place.to_owned()))
    }

    /// Takes all the room there is; gives the file that takes it.
    pub fn fill(&self) -> PathBuf {
        let path = self.0.join("filler");
        std::fs::write(&path, vec![0; 64 << 20]).unwrap_err();
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: whoever wrote there may not have ended yet.
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}
