//! A Redis of the test's own: a free port, an empty folder, and an end with the test.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use ::redis::{Client, cmd};
use tempfile::TempDir;

use super::Redis;

/// A running `redis-server`, stopped when dropped.
pub(super) struct RedisServer {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl RedisServer {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Somebody else may take a free port before Redis does; then another is tried.
        for _ in 0..20 {
            let port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            if let Some(child) = spawn(port, &folder) {
                return Self { child, port, folder };
            }
        }
        panic!("redis-server does not start; its messages stand above");
    }

    fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// A new instance's connection. All use the same prefix, as the instances of one installation do.
    pub(super) async fn connect(&self) -> Redis {
        self.connect_as("stockade-test:").await
    }

    /// A connection under another prefix. It waits long, because a busy machine is no outage.
    pub(super) async fn connect_as(&self, prefix: &str) -> Redis {
        Redis::connect_with(&self.address(), prefix, Duration::from_secs(30))
            .await
            .unwrap()
    }

    /// Stops it without giving it time to say goodbye or to save.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again on the same port and folder.
    pub(super) fn restart(&mut self) {
        self.child = spawn(self.port, &self.folder).expect("the port is still free");
    }

    /// Writes everything to disk; the next start reads it back.
    pub(super) async fn save(&self) {
        cmd("SAVE")
            .query_async::<()>(&mut self.connection().await)
            .await
            .unwrap();
    }

    /// Shortens the life of every key, as if that much time had passed.
    pub(super) async fn age_keys(&self, by: Duration) {
        let mut connection = self.connection().await;
        let keys: Vec<String> = cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
        for key in keys {
            let left: i64 = cmd("PTTL").arg(&key).query_async(&mut connection).await.unwrap();
            assert_ne!(left, -1, "{key} would stay for ever");
            if key.contains("rate:") {
                // A rate's key also says when it is paid for.
                let paid: i64 = cmd("GET").arg(&key).query_async(&mut connection).await.unwrap();
                let paid = paid - by.as_micros() as i64;
                let kept = cmd("SET").arg(&key).arg(paid).arg("KEEPTTL").clone();
                kept.query_async::<()>(&mut connection).await.unwrap();
            }
            let left = left - by.as_millis() as i64;
            cmd("PEXPIRE")
                .arg(&key)
                .arg(left)
                .query_async::<()>(&mut connection)
                .await
                .unwrap();
        }
    }

    /// Runs one command as an operator would.
    pub(super) async fn command(&self, words: &[&str]) {
        cmd(words[0])
            .arg(&words[1..])
            .query_async::<()>(&mut self.connection().await)
            .await
            .unwrap();
    }

    /// How often it was given this command.
    pub(super) async fn calls(&self, command: &str) -> u64 {
        let mut ask = cmd("INFO");
        ask.arg("commandstats");
        let told: String = ask.query_async(&mut self.connection().await).await.unwrap();
        let start = format!("cmdstat_{command}:calls=");
        let calls = told.lines().find_map(|line| line.strip_prefix(&start));
        calls.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
    }

    async fn connection(&self) -> ::redis::aio::MultiplexedConnection {
        Client::open(self.address())
            .unwrap()
            .get_multiplexed_async_connection()
            .await
            .unwrap()
    }
}

/// The process, once it says that it accepts connections; none when it ends before that.
fn spawn(port: u16, folder: &TempDir) -> Option<Child> {
    let mut child = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
        .arg("--dir")
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("these tests need redis-server: install it, on Debian with `apt-get install redis-server`");
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while output.read_line(&mut said).unwrap() > 0 {
        if said.contains("Ready to accept connections") {
            // Redis goes on writing, and must not meet a closed pipe.
            std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
            return Some(child);
        }
    }
    eprintln!("{said}");
    child.wait().unwrap();
    None
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have been killed by the test already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
