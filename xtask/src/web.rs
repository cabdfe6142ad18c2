//! The web UI: its build, its checks, its tests. Node is needed only here; the server carries the finished files.

use crate::debian::{self, CHROMIUM};
use crate::generated;
use crate::process::{Done, Failure, built, cargo, output, root, run};
use std::path::{Path, PathBuf};
use std::process::Command;

const NODE: u32 = 20;

/// Builds the UI where Node is; without it the server still runs, and its page says how to get the UI.
pub(crate) fn build() -> Done {
    if !has_node() {
        eprintln!("xtask: without Node {NODE} or newer the web UI is not built; the API works all the same");
        return Ok(());
    }
    install(&web())?;
    run(npm(&["run", "--silent", "build"]).current_dir(web()))
}

/// Builds the UI for delivery, with types made anew; a program without it is not delivered.
pub(crate) fn build_for_delivery() -> Done {
    if !has_node() {
        return Err(Failure::Said(format!(
            "Node {NODE} or newer is missing, and a program without its web UI is not to be delivered; \
             `cargo build --release -p stockade` builds one"
        )));
    }
    generated::make(&[])?;
    run(npm(&["run", "--silent", "build"]).current_dir(web()))?;
    if !web().join("dist/index.html").exists() {
        return Err(Failure::Said(
            "the web UI's build left no web/dist/index.html".into(),
        ));
    }
    Ok(())
}

/// What the UI's sources must pass. Needs Node; without it, they are left out.
pub(crate) fn lint() -> Done {
    if !has_node() {
        eprintln!("xtask: without Node {NODE} or newer the web UI is not checked");
        return Ok(());
    }
    install(&web())?;
    run(npm(&["run", "--silent", "check"]).current_dir(web()))
}

/// The UI's tests, and its stories in a browser against the program of the debug build.
pub(crate) fn test() -> Done {
    if !has_node() {
        eprintln!("xtask: without Node {NODE} or newer the web UI is not tested");
        return Ok(());
    }
    debian::provide(&[CHROMIUM])?;
    install(&web())?;
    for script in ["test", "build", "sizes"] {
        run(npm(&["run", "--silent", script]).current_dir(web()))?;
    }
    // The server serves what was built just now.
    run(&mut cargo("build -p stockade --bin stockade"))?;
    let binary = built("debug", "stockade")?;
    run(npm(&["run", "--silent", "e2e"])
        .current_dir(web())
        .env("STOCKADE_BIN", binary))
}

/// The README's pictures, of what this program serves.
pub(crate) fn screenshots(binary: &Path) -> Done {
    run(npm(&["run", "--silent", "screenshots"])
        .current_dir(web())
        .env("STOCKADE_BIN", binary))
}

/// Brings the packages that a folder's lock file names, unless they are there, and runs none of their scripts.
pub(crate) fn install(folder: &Path) -> Done {
    if installed(folder) {
        return Ok(());
    }
    run(npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))
}

pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments);
    command
}

pub(crate) fn web() -> PathBuf {
    root().join("web")
}

/// Where the Postman collection is, and what runs it.
pub(crate) fn postman() -> PathBuf {
    root().join("postman")
}

pub(crate) fn has_node() -> bool {
    let version = output(Command::new("node").arg("--version")).unwrap_or_default();
    major(&version).is_some_and(|major| major >= NODE)
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
