//! `stockade keys …`, run as a program beside the data, and killed at its work.

use std::process::{Output, Stdio};

use serde_json::Value;
use stockade::core::{bookkeeping::bookkeep, change::Core};
use stockade_platform::{
    db::Tx,
    vault::{MasterKey, Vault},
};
use uuid::Uuid;

use crate::{
    on_both,
    support::{database::Database as Fresh, process::program},
};

/// Base64 of 32 bytes that count up from 1, and of 32 others.
const OLD: &str = "old:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const NEW: &str = "new:8fLz9PX29/j5+vv8/f4AAQIDBAUGBwgJCgsMDQ4PEBE=";

/// The program with its own data folder and these master keys.
struct CommandLine<'d> {
    database: &'d Fresh,
    data: tempfile::TempDir,
}

impl<'d> CommandLine<'d> {
    fn on(database: &'d Fresh) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        Self { database, data }
    }

    fn command(&self, masters: &str, arguments: &[&str]) -> std::process::Command {
        let mut command = program(self.database, self.data.path());
        command
            .env("STOCKADE_SECRETS__MASTER_KEYS", masters)
            .arg("keys")
            .args(arguments);
        command
    }

    fn run(&self, masters: &str, arguments: &[&str]) -> Output {
        self.command(masters, arguments)
            .output()
            .expect("the program runs")
    }

    #[track_caller]
    fn prints(&self, masters: &str, arguments: &[&str]) -> String {
        let output = self.run(masters, arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    }

    #[track_caller]
    fn json(&self, masters: &str, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.prints(masters, arguments)).expect("JSON")
    }

    #[track_caller]
    fn fails(&self, masters: &str) -> String {
        let output = self.run(masters, &["status"]);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).expect("text")
    }
}

on_both! {
    /// Status, rotation, status; afterwards the old key is gone from the settings, and only then may it be.
    async fn keys_are_rotated(database: Database) {
        let stockade = CommandLine::on(&database);
        assert!(stockade.prints(OLD, &["status"]).contains("2 data keys are wrapped by old"));
        let both = format!("{NEW},{OLD}");
        let why = stockade.fails(NEW);
        assert!(why.contains("\"old\"") && why.contains("not among the given keys"), "{why}");
        let said = stockade.prints(&both, &["status"]);
        assert!(said.ends_with("2 are left to rotate: run `stockade keys rotate`\n"), "{said}");
        let rotated = stockade.json(&both, &["rotate", "--json"]);
        assert_eq!((&rotated["current"], &rotated["rewrapped"]), (&"new".into(), &2.into()));
        let said = stockade.prints(&both, &["rotate"]);
        assert_eq!(said, "0 data keys rewrapped with new; 2 were before\n");
        let status = stockade.json(NEW, &["status", "--json"]);
        assert_eq!((&status["to_rotate"], &status["wrapped_by"][0]["master_key"]), (&0.into(), &"new".into()));
    }
}

on_both! {
    /// SIGKILL in the middle: every key still opens, and the next run does what was left.
    async fn a_killed_rotation_is_resumed(database: Database) {
        let stockade = CommandLine::on(&database);
        stockade.prints(OLD, &["status"]);
        let master = MasterKey::from_bytes(&(1..33).collect::<Vec<u8>>()).unwrap();
        let vault = Vault::new([("old".to_owned(), master)], "old").unwrap();
        let core = Core::open(&database.location, stockade_platform::clock::Clock::System, vault).await.unwrap();
        for chunk in 0..20 {
            let here = core.clone();
            bookkeep(&core.db, async move |tx: &mut Tx| {
                for n in 0..200 {
                    here.keys.create(tx, Uuid::from_u128(0x1000 + chunk * 200 + n)).await?;
                }
                Ok(())
            }).await.unwrap();
        }
        let both = format!("{NEW},{OLD}");
        let mut child = stockade.command(&both, &["rotate"]).stdout(Stdio::null()).spawn().unwrap();
        while stockade::core::keys::status(&core).await.unwrap().wrapped_by.iter().all(|by| by.master_key == "old") {
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        drop(core);
        let status = stockade.json(&both, &["status", "--json"]);
        assert_eq!(status["data_keys"], 4_002);
        let left = status["to_rotate"].as_i64().unwrap();
        assert!(left < 4_002, "{left}");
        assert_eq!(stockade.json(&both, &["rotate", "--json"])["rewrapped"], left);
        assert_eq!(stockade.json(NEW, &["status", "--json"])["to_rotate"], 0);
    }
}

on_both! {
    /// A passphrase gives the same key each time, with a salt that the database keeps; another passphrase is refused.
    async fn a_passphrase_serves_as_a_master_key(database: Database) {
        let stockade = CommandLine::on(&database);
        let words = "words:passphrase:six words that nobody guesses";
        for _ in 0..2 {
            assert!(stockade.prints(words, &["status"]).contains("2 data keys are wrapped by words"));
        }
        let why = stockade.fails("words:passphrase:six words that somebody guesses");
        assert!(why.contains("the key given under this name does not open them"), "{why}");
        assert!(!why.contains("somebody"), "{why}");
        let both = format!("{NEW},{words}");
        assert_eq!(stockade.json(&both, &["rotate", "--json"])["rewrapped"], 2);
    }
}
