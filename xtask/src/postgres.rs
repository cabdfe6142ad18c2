//! A private PostgreSQL server: a new cluster in our folder, on a free port of 127.0.0.1, open to everyone there.
//!
//! - Settings that decide durability keep their defaults, so what tests and benchmarks see is real.
//! - Text sorts by ICU's English rules unless a column says otherwise. Stockade wants binary order everywhere,
//!   so a column that forgets `COLLATE "C"` shows.
//! - PostgreSQL refuses to run as root; then it runs as the user `postgres`, which its package makes.

use crate::daemon::{Daemon, on_a_free_port};
use crate::process::{Done, Failure, found, is_root, output, succeeds};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian keeps one folder a major version here, and puts none of their programs on the PATH.
const DEBIAN: &str = "/usr/lib/postgresql";
const ACCOUNT: &str = "postgres";

/// The server and the URL of its first database.
pub(crate) struct Postgres {
    server: Option<Daemon>,
    cluster: Cluster,
    port: u16,
    /// `postgres://` URL of a superuser, who may make databases.
    pub(crate) url: String,
    /// The same by its Unix socket, as a server on the same machine is best reached.
    pub(crate) socket_url: String,
}

impl Postgres {
    /// Stops it as a crash would, losing all that was not yet safe.
    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    /// Serves again on the same port, after recovering from its log.
    pub(crate) fn start_again(&mut self) -> Done {
        self.server = Some(self.cluster.serve(self.port)?);
        Ok(())
    }
}

/// Makes a cluster below `folder` and serves it.
pub(crate) fn start(folder: &Path) -> Result<Postgres, Failure> {
    let cluster = Cluster::make(folder)?;
    let socket = cluster.home.display().to_string().replace('/', "%2F");
    on_a_free_port(|port| {
        Ok(Postgres {
            server: Some(cluster.serve(port)?),
            cluster: cluster.clone(),
            port,
            url: format!("postgres://stockade@127.0.0.1:{port}/postgres"),
            socket_url: format!("postgres://stockade@{socket}:{port}/postgres"),
        })
    })
}

/// The files of a server and the programs that work on them.
#[derive(Clone)]
struct Cluster {
    programs: PathBuf,
    home: PathBuf,
    root: bool,
}

impl Cluster {
    fn make(folder: &Path) -> Result<Self, Failure> {
        let Some(programs) = programs() else {
            return Err(Failure::Said(
                "PostgreSQL's initdb and postgres are not installed".into(),
            ));
        };
        let home = folder.join("postgres");
        std::fs::create_dir(&home).map_err(|error| Failure::of("cannot make PostgreSQL's folder", error))?;
        let root = is_root();
        if root {
            if !succeeds(Command::new("id").arg(ACCOUNT)) {
                return Err(Failure::Said(format!(
                    "PostgreSQL does not run as root, and there is no user `{ACCOUNT}` to run it as"
                )));
            }
            output(Command::new("chown").arg(ACCOUNT).arg(&home))?;
        }
        let cluster = Self { programs, home, root };
        output(
            cluster
                .program("initdb")
                .args(["--username=stockade", "--auth=trust", "--no-sync"])
                .args(["--encoding=UTF8", "--locale-provider=icu", "--icu-locale=en-US"]),
        )?;
        Ok(cluster)
    }

    fn serve(&self, port: u16) -> Result<Daemon, Failure> {
        let mut command = self.program("postgres");
        command.args(["-p", &port.to_string()]);
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]);
        command
            .arg("-c")
            .arg(format!("unix_socket_directories={}", self.home.display()));
        // Else each statement gives its memory back to the system, which clears it for the next (docs/DATABASE.md).
        command.env("MALLOC_TRIM_THRESHOLD_", "67108864");
        command.env("MALLOC_TOP_PAD_", "4194304");
        // SIGQUIT: at once, without writing back what the log holds.
        Daemon::start("PostgreSQL", command, "QUIT")
    }

    /// One of PostgreSQL's programs, to work on these files.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if self.root {
            let (user, group) = (format!("--reuid={ACCOUNT}"), format!("--regid={ACCOUNT}"));
            let mut command = Command::new("setpriv");
            command.args([&user, &group, "--init-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // The account may not be allowed into our working folder, and we wait for an English sentence.
        command.current_dir(&self.home).env("LC_ALL", "C");
        command.arg("-D").arg(self.home.join("data"));
        command
    }
}

/// Whether the server's programs are on this machine.
pub(crate) fn installed() -> bool {
    programs().is_some()
}

/// The folder of the newest version's programs; an empty path when they are on the PATH.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let newest = versions
        .map(|version| version.path().join("bin"))
        .filter(|programs| programs.join("initdb").exists() && programs.join("postgres").exists())
        .max_by_key(|programs| major(programs));
    newest.or_else(|| (found("initdb") && found("postgres")).then(PathBuf::new))
}

/// The major version in `…/VERSION/bin`, as a number: 9 is older than 15.
fn major(programs: &Path) -> u32 {
    let version = programs
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    version.and_then(|version| version.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        let newest = ["/x/9/bin", "/x/15/bin", "/x/notes/bin"].map(Path::new);
        assert_eq!(
            newest.into_iter().max_by_key(|path| major(path)),
            Some(Path::new("/x/15/bin"))
        );
    }
}
