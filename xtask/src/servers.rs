//! PostgreSQL, Redis and a mail server for the length of one command.
//!
//! A second process of ours, the keeper, starts and stops the servers. It lives in a process group of its own, so
//! Ctrl-C does not reach it, and it reads from a pipe that only we hold. However we end (done, failed, interrupted,
//! killed), the pipe closes; then the keeper stops the servers it started and removes their folder.

use crate::process::{Done, Failure};
use crate::temporary::Folder;
use crate::{debian, postgres, redis, smtp};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

/// The keeper's command name; not for people.
pub(crate) const KEEP: &str = "--keep-servers";

/// Running servers. Dropping this stops them and waits until they and their files are gone.
pub(crate) struct Servers {
    keeper: Child,
    /// The pipe whose end tells the keeper to stop.
    hold: Option<ChildStdin>,
    postgres_url: String,
    postgres_socket_url: String,
    redis_url: String,
    smtp_folder: String,
}

impl Servers {
    /// Starts all, after installing what is missing or saying what to install.
    pub(crate) fn start() -> Result<Self, Failure> {
        debian::provide(&[debian::POSTGRESQL, debian::REDIS, debian::SMTP, debian::OPENSSL])?;
        let me = std::env::current_exe().map_err(|error| Failure::of("cannot find myself", error))?;
        let mut keeper = Command::new(me)
            .arg(KEEP)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| Failure::of("cannot start the servers' keeper", error))?;
        let hold = keeper.stdin.take();
        let mut said = keeper
            .stdout
            .take()
            .map(BufReader::new)
            .into_iter()
            .flat_map(BufRead::lines);
        let mut line = || said.next().and_then(Result::ok).unwrap_or_default();
        let servers = Self {
            postgres_url: line(),
            redis_url: line(),
            smtp_folder: line(),
            postgres_socket_url: line(),
            keeper,
            hold,
        };
        if servers.postgres_socket_url.is_empty() {
            return Err(Failure::Said("the servers did not start".into()));
        }
        Ok(servers)
    }

    /// Names the servers to a command of the tests.
    pub(crate) fn name_to_tests(&self, command: &mut Command) {
        command.env("STOCKADE_TEST_POSTGRES_URL", &self.postgres_url);
        command.env("STOCKADE_TEST_REDIS_URL", &self.redis_url);
    }

    /// Names the servers to the benchmark.
    pub(crate) fn name_to_bench(&self, command: &mut Command) {
        command.env("STOCKADE_BENCH_POSTGRES_URL", &self.postgres_socket_url);
        command.env("STOCKADE_BENCH_REDIS_URL", &self.redis_url);
    }

    /// Names the mail server's folder to a command of the tests.
    pub(crate) fn name_post_to(&self, command: &mut Command) {
        command.env("STOCKADE_TEST_SMTP_FOLDER", &self.smtp_folder);
    }

    /// Names the keeper to a command of the tests, whose stories of outages stop servers of their own.
    pub(crate) fn name_keeper_to(command: &mut Command) -> Done {
        let me = std::env::current_exe().map_err(|error| Failure::of("cannot find myself", error))?;
        command.env("STOCKADE_TEST_KEEPER", me);
        Ok(())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        drop(self.hold.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("xtask: lost sight of the servers' keeper: {error}");
        }
    }
}

/// The keeper: starts the servers, prints their URLs, and stops them when its input ends. Until then it does what it is
/// told there, a line each, and answers each with a line: `stop` or `start`, then `postgres` or `redis`.
pub(crate) fn keep() -> Done {
    // Dropped from the last to the first: the servers before the folder they write to.
    let folder = Folder::new()?;
    let mut postgres = postgres::start(folder.path())?;
    let mut redis = redis::start(folder.path())?;
    let smtp = smtp::start(folder.path())?;
    let mut out = std::io::stdout();
    let mut tell = |line: &str| writeln!(out, "{line}").and_then(|()| out.flush()).is_ok();
    let smtp_folder = smtp.folder.display().to_string();
    let urls = [&postgres.url, &redis.url, &smtp_folder, &postgres.socket_url];
    let urls = urls.map(String::as_str).join("\n");
    // A pipe that is broken or at its end means the same: nobody is left.
    let mut there = tell(&urls);
    let mut orders = std::io::stdin().lines().map_while(Result::ok);
    while there && let Some(order) = orders.next() {
        match order.as_str() {
            "stop postgres" => postgres.stop(),
            "start postgres" => postgres.start_again()?,
            "stop redis" => redis.stop(),
            "start redis" => redis.start_again()?,
            unknown => return Err(Failure::Said(format!("no such order: {unknown}"))),
        }
        there = tell("done");
    }
    Ok(())
}
