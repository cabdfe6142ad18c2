//! A folder of our own below the system's temporary folder, removed with all it holds when dropped.

use crate::process::Failure;
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The folder. Its path is short: a Unix socket's path must stay below 108 bytes.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder. It is never one that existed before, so nobody can have prepared it.
    pub(crate) fn new() -> Result<Self, Failure> {
        let parent = std::env::temp_dir();
        for attempt in 0.. {
            let path = parent.join(format!("stockade-{}-{attempt}", std::process::id()));
            match DirBuilder::new().mode(0o755).create(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(taken) if taken.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Failure::of(&format!("cannot make {}", path.display()), error)),
            }
        }
        Err(Failure::Said(format!("no free name in {}", parent.display())))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("xtask: cannot remove {}: {error}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_differ_and_both_go() {
        let (one, two) = (Folder::new().expect("a folder"), Folder::new().expect("another"));
        assert_ne!(one.path(), two.path());
        fs::write(one.path().join("file"), "content").expect("a file in it");
        let paths = [one.path().to_owned(), two.path().to_owned()];
        drop((one, two));
        assert!(paths.iter().all(|path| !path.exists()));
    }
}
