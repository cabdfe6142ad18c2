//! PostgreSQL and Redis of a story's own, which it may stop and start again.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::database::Database;

/// Running servers; they end with this value.
pub struct Servers {
    keeper: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    postgres_url: String,
    pub redis_url: String,
}

impl Servers {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test command names its servers' keeper in the environment"
    )]
    pub fn start() -> Self {
        let keeper = std::env::var("STOCKADE_TEST_KEEPER").expect(
            "STOCKADE_TEST_KEEPER names the program that keeps servers; `cargo xtask test` says which",
        );
        let mut keeper = Command::new(keeper)
            .arg("--keep-servers")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the keeper starts");
        let (orders, printed) = (keeper.stdin.take(), keeper.stdout.take());
        let mut answers = BufReader::new(printed.expect("its output"));
        let postgres_url = line(&mut answers);
        let redis_url = line(&mut answers);
        // The mail server's folder and PostgreSQL's socket, which no story of outages needs.
        line(&mut answers);
        line(&mut answers);
        Self {
            keeper,
            orders,
            answers,
            postgres_url,
            redis_url,
        }
    }

    /// A fresh database on this PostgreSQL.
    pub async fn database(&self) -> Database {
        Database::on_server(&self.postgres_url).await
    }

    /// Stops a server as a crash would: PostgreSQL has to recover from its log, and Redis loses all it held.
    pub fn stop(&mut self, server: &str) {
        self.tell(&format!("stop {server}"));
    }

    /// Starts it again at the same address.
    pub fn start_again(&mut self, server: &str) {
        self.tell(&format!("start {server}"));
    }

    fn tell(&mut self, order: &str) {
        let orders = self.orders.as_mut().expect("its input");
        writeln!(orders, "{order}").expect("the keeper listens");
        assert_eq!(line(&mut self.answers), "done", "{order}");
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // The end of its input tells the keeper to stop the servers and to remove their files.
        drop(self.orders.take());
        let _ = self.keeper.wait();
    }
}

fn line(answers: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    answers.read_line(&mut line).expect("the keeper's answer");
    line.trim_end().to_owned()
}
