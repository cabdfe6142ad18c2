//! The web UI's build. Node is needed only here; the server carries the finished files.

use crate::process::{Done, output, root, run};
use std::path::Path;
use std::process::Command;

const NODE: u32 = 20;

/// Builds the UI. Without Node the server still runs, and its page says how to get the UI.
pub(crate) fn build() -> Done {
    let web = root().join("web");
    if !web.join("package.json").exists() {
        return Ok(());
    }
    let version = output(Command::new("node").arg("--version")).unwrap_or_default();
    if major(&version).is_none_or(|major| major < NODE) {
        eprintln!("xtask: without Node {NODE} or newer the web UI is not built; the API works all the same");
        return Ok(());
    }
    install(&web)?;
    run(Command::new("npm")
        .args(["run", "--silent", "build"])
        .current_dir(&web))
}

/// Brings the packages that a folder's lock file names, unless they are there.
pub(crate) fn install(folder: &Path) -> Done {
    if installed(folder) {
        return Ok(());
    }
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder))
}

/// Whether `npm ci` has run since the lock file last changed.
fn installed(web: &Path) -> bool {
    let changed = |file: &str| web.join(file).metadata().and_then(|file| file.modified()).ok();
    changed("node_modules/.package-lock.json") >= changed("package-lock.json")
}

/// 20 for `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary::Folder;
    use std::fs::{File, FileTimes};
    use std::time::{Duration, SystemTime};

    #[test]
    fn versions_are_read() {
        assert_eq!(major("v20.11.1"), Some(20));
        assert_eq!(major(""), None);
        assert_eq!(major("20"), None);
    }

    #[test]
    fn a_newer_lock_file_asks_for_a_new_install() {
        let web = Folder::new().expect("a folder");
        let write = |name: &str, age: u64| {
            let file = File::create(web.path().join(name)).expect("a file");
            let then = SystemTime::UNIX_EPOCH + Duration::from_secs(age);
            file.set_times(FileTimes::new().set_modified(then))
                .expect("its time");
        };
        write("package-lock.json", 100);
        assert!(!installed(web.path()));
        std::fs::create_dir(web.path().join("node_modules")).expect("a folder");
        write("node_modules/.package-lock.json", 100);
        assert!(installed(web.path()));
        write("package-lock.json", 101);
        assert!(!installed(web.path()));
    }
}
