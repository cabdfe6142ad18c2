//! A machine below a temporary folder: the layout that the scripts expect, an environment for production, releases, and
//! a service manager that does with the unit file what systemd would.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use stockade_platform::{db::Location, random};
use tokio::net::TcpListener;

use crate::support::{database::Database, people::PASSWORD};

/// The scripts call it `systemctl`. It starts what ExecStart of the unit names, with the unit's environment.
const SYSTEMCTL: &str = r#"#!/usr/bin/env bash
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
unit="$root/etc/systemd/system/stockade.service" pid_file="$root/run/pid"
running() { [[ -s "$pid_file" ]] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }
of_unit() { sed -n "s/^$1=//p" "$unit"; }
start() {
  read -r -a command <<<"$(of_unit ExecStart)"
  (
    cd "$root$(of_unit WorkingDirectory)"
    while IFS='=' read -r name value; do [[ -z "$name" || "$name" == \#* ]] || export "$name=$value"; done \
      < <(of_unit Environment; cat "$root$(of_unit EnvironmentFile)")
    exec setsid "$root${command[0]}" "${command[@]:1}" </dev/null >>"$root/run/output" 2>&1
  ) &
  echo $! >"$pid_file"
  sleep 0.3
  running
}
stop() {
  running || return 0
  kill -TERM "$(cat "$pid_file")"
  while running; do sleep 0.05; done
}
case "$1 ${*: -1}" in
  "start stockade.service") running || start ;;
  "stop stockade.service") stop ;;
  "restart stockade.service") stop; start ;;
  "is-active stockade.service") if running; then echo active; else echo inactive; exit 3; fi ;;
  "is-active "*) ;;
  "daemon-reload "*) ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
"#;

/// A machine of one's own. Its server ends with it.
pub struct Machine {
    folder: tempfile::TempDir,
    pub port: u16,
}

/// A release archive to be.
pub struct Release {
    name: String,
    /// The text of its program, a shell script in front of the one that was built.
    program: String,
    forged: bool,
    changed: bool,
}

/// How a command ended, and all it said.
pub struct Ended {
    code: i32,
    pub output: String,
}

impl Machine {
    pub async fn new(database: &Database) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = free.local_addr().expect("its address").port();
        let machine = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            port,
        };
        for folder in ["bin", "run", "etc/stockade", "var/lib/stockade", "releases"] {
            fs::create_dir_all(machine.root().join(folder)).expect("a folder");
        }
        executable(&machine.root().join("bin/systemctl"), SYSTEMCTL);
        machine.sh("openssl genpkey -algorithm ed25519 -out run/key.pem 2>/dev/null
            openssl pkey -in run/key.pem -pubout -out etc/stockade/release.pem
            openssl genpkey -algorithm ed25519 -out run/other.pem 2>/dev/null");
        let url = match &database.location {
            Location::Sqlite { .. } => format!(
                "sqlite:{}",
                machine.root().join("var/lib/stockade/s.db").display()
            ),
            Location::Postgres { url, .. } => url.clone(),
        };
        let key =
            || base64::Engine::encode(&base64::engine::general_purpose::STANDARD, random::bytes::<32>());
        let text = format!(
            "# Made for a test.\nSTOCKADE_ENV=production\nSTOCKADE_SERVER__BIND=127.0.0.1:{port}\n\
             STOCKADE_SERVER__PUBLIC_URL=https://stockade.example.com\nSTOCKADE_SERVER__BEHIND_PROXY=true\n\
             STOCKADE_DATA_DIR={}\nSTOCKADE_DATABASE__URL={url}\nSTOCKADE_SECRETS__MASTER_KEYS=one:{}\n\
             STOCKADE_SECRETS__TOKEN_KEY={}\nSTOCKADE_SECRETS__AUDIT_KEY={}\nSTOCKADE_BACKUP__KEY={}\n\
             STOCKADE_LOG__LEVEL=error\nSTOCKADE_RATE_LIMIT__SCALE=1000\n",
            machine.root().join("var/lib/stockade").display(),
            key(),
            key(),
            key(),
            key(),
        );
        machine.write_environment(&text, 0o600);
        machine
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn environment(&self) -> String {
        fs::read_to_string(self.root().join("etc/stockade/stockade.env")).expect("the environment")
    }

    pub fn write_environment(&self, text: &str, mode: u32) {
        let path = self.root().join("etc/stockade/stockade.env");
        fs::write(&path, text).expect("to write");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("its mode");
    }

    pub fn deploy(&self, release: &Release) -> Ended {
        let archive = self.pack(release);
        self.script("deploy.sh", &["--archive", archive.to_str().expect("a path")], "")
    }

    pub fn deploy_git(&self, reference: &str, test: &str) -> Ended {
        self.script(
            "deploy.sh",
            &["--git", reference, "--build", "./build", "--test", test],
            "",
        )
    }

    pub fn rollback(&self, arguments: &[&str], input: &str) -> Ended {
        self.script("rollback.sh", arguments, input)
    }

    /// The release that `current` points to.
    pub fn running(&self) -> PathBuf {
        fs::read_link(self.root().join("opt/stockade/current")).expect("a release")
    }

    /// Tells one run of the server from the next.
    pub fn server_id(&self) -> String {
        fs::read_to_string(self.root().join("run/pid")).expect("a server")
    }

    /// The deployments' backups, oldest first.
    pub fn backups(&self) -> Vec<String> {
        let Ok(folder) = fs::read_dir(self.root().join("var/backups/stockade/deploy")) else {
            return Vec::new();
        };
        let mut names: Vec<_> = folder
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("a name")
            })
            .collect();
        names.sort();
        names
    }

    pub fn copy_backup(&self, from: &str, to: &str) {
        self.sh(&format!("cd var/backups/stockade/deploy && cp -r {from} {to}"));
    }

    pub fn only_folder_in(&self, path: &str) -> String {
        let mut folders = fs::read_dir(self.root().join(path)).expect("a folder");
        let folder = folders.next().expect("one").expect("an entry").path();
        assert!(folders.next().is_none());
        folder.display().to_string()
    }

    pub fn make_customer(&self, email: &str) {
        let arguments = [
            "admin",
            "create",
            "--email",
            email,
            "--role",
            "customer",
            "--password-stdin",
        ];
        run(self.program().args(arguments), PASSWORD).exits(0);
    }

    /// A command of the running release, with the service's environment.
    pub fn stockade(&self, arguments: &[&str]) -> Ended {
        run(self.program().args(arguments), "")
    }

    /// A repository whose build needs no compiler.
    pub fn clone_repository(&self) {
        fs::create_dir_all(self.root().join("repository")).expect("a folder");
        let program = Release::good("git").program;
        for (name, text) in [
            (
                "build",
                "#!/bin/sh\nset -e\nmkdir -p target/release\ncp program target/release/stockade\ncp program target/release/stockade-verify\n",
            ),
            ("test", "#!/bin/sh\ntarget/release/stockade --version\n"),
            ("program", program.as_str()),
        ] {
            executable(&self.root().join("repository").join(name), text);
        }
        let deploy = deploy();
        self.sh(&format!(
            "cp -r {} repository/deploy; cd repository; git init -q -b main; git add -A
             git -c user.name=t -c user.email=t@example.com commit -q -m first
             mkdir -p ../opt/stockade; git clone -q . ../opt/stockade/source",
            deploy.display()
        ));
    }

    /// Nobody but the service's user reads a database file, whoever made it.
    pub fn keeps_its_data_private(&self) {
        self.sh("test -z \"$(find var/lib/stockade -name '*.db*' -perm /go+rwx)\"");
    }

    fn program(&self) -> Command {
        let mut command = Command::new(self.root().join("opt/stockade/current/bin/stockade"));
        let environment = self.environment();
        command.envs(environment.lines().filter_map(|line| line.split_once('=')));
        command.current_dir(self.root());
        command
    }

    /// Packs, sums and signs the release as `deploy.sh` wants it.
    fn pack(&self, release: &Release) -> PathBuf {
        let Release { name, .. } = release;
        let folder = self.root().join("releases").join(name);
        fs::create_dir_all(folder.join("bin")).expect("a folder");
        for program in ["stockade", "stockade-verify"] {
            executable(&folder.join("bin").join(program), &release.program);
        }
        let key = if release.forged { "other" } else { "key" };
        let after = if release.changed {
            format!("echo >>{name}.tgz")
        } else {
            String::new()
        };
        self.sh(&format!(
            "cp -r {} releases/{name}/deploy; cd releases; tar -czf {name}.tgz {name}; sha256sum {name}.tgz >{name}.tgz.sha256
             openssl pkeyutl -sign -inkey ../run/{key}.pem -rawin -in {name}.tgz.sha256 -out {name}.tgz.sha256.sig; {after}",
            deploy().display()
        ));
        folder.with_extension("tgz")
    }

    fn script(&self, name: &str, arguments: &[&str], input: &str) -> Ended {
        #[expect(clippy::disallowed_methods, reason = "not a setting: where programs are")]
        let programs = std::env::var_os("PATH").expect("a path");
        let path = std::env::join_paths(
            [self.root().join("bin")]
                .into_iter()
                .chain(std::env::split_paths(&programs)),
        );
        let user = Command::new("id").arg("-un").output().expect("id").stdout;
        let mut command = Command::new(deploy().join(name));
        command
            .env("PATH", path.expect("a path"))
            .arg("--root")
            .arg(self.root())
            .args(["--wait", "30", "--user", String::from_utf8_lossy(&user).trim()])
            .args(arguments);
        run(&mut command, input)
    }

    fn sh(&self, script: &str) {
        run(
            Command::new("sh").args(["-ec", script]).current_dir(self.root()),
            "",
        )
        .exits(0);
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let pid = fs::read_to_string(self.root().join("run/pid")).unwrap_or_default();
        if !pid.is_empty() {
            let _ = Command::new("kill")
                .args(["-KILL", pid.trim()])
                .stderr(Stdio::null())
                .status();
        }
    }
}

impl Release {
    pub fn good(name: &str) -> Self {
        Self::new(name, "")
    }

    pub fn that_does_not_serve() -> Self {
        Self::new("sick", "[ \"$1\" != serve ] || exit 1\n")
    }

    pub fn that_fails_its_test() -> Self {
        Self::new("broken", "[ \"$3\" != migrate ] || exit 1\n")
    }

    /// Brings a step that no released program knows.
    pub fn that_migrates_and_does_not_serve(database: &Database) -> Self {
        let step = "INSERT INTO schema_migrations (version, name) VALUES (9999, 'next')";
        let migrate = match &database.location {
            Location::Sqlite { .. } => format!(
                "python3 -c \"import os, sqlite3; c = sqlite3.connect(os.environ['STOCKADE_DATABASE__URL'][7:]); \
                 c.execute(\\\"{step}\\\"); c.commit()\""
            ),
            Location::Postgres { .. } => format!("psql -q \"$STOCKADE_DATABASE__URL\" -c \"{step}\""),
        };
        Self::new(
            "next",
            &format!(
                "case \"$*\" in 'migrate --check') echo '1 migrations have not run'; exit;;\n\
                 migrate) {migrate}; exit;;\nserve) exit 1;; esac\n"
            ),
        )
    }

    pub fn signed_by_somebody_else(mut self) -> Self {
        self.forged = true;
        self
    }

    pub fn changed_after_signing(mut self) -> Self {
        self.changed = true;
        self
    }

    fn new(name: &str, first: &str) -> Self {
        let built = env!("CARGO_BIN_EXE_stockade");
        Self {
            name: name.to_owned(),
            program: format!("#!/bin/sh\n{first}exec {built} \"$@\"\n"),
            forged: false,
            changed: false,
        }
    }
}

impl Ended {
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}", self.output);
        self
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(
            self.output.contains(words),
            "{words:?} is missing in: {}",
            self.output
        );
        self
    }
}

fn run(command: &mut Command, input: &str) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program that starts");
    // Who does not read it may be gone already.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    let ended = child.wait_with_output().expect("its output");
    let said = [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    Ended {
        code: ended.status.code().unwrap_or(-1),
        output: said.concat(),
    }
}

fn executable(path: &Path, text: &str) {
    fs::write(path, text).expect("to write");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("its mode");
}

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy")
}
