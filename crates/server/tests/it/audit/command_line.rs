//! `stockade audit …`, run as a program beside the data.

use std::{
    num::NonZeroUsize,
    path::Path,
    process::{Command, Output},
};

use auditlog::{
    VerifyingKey, checkpoint,
    export::ExportReader,
    verify::{Report, verify_export},
};
use serde_json::Value;

use super::{attacker::Attacker, log};
use crate::{
    on_both,
    support::{database::Database, process::program},
};

/// The program with its own data folder, in which it makes its keys.
struct CommandLine<'d> {
    database: &'d Database,
    data: tempfile::TempDir,
}

impl<'d> CommandLine<'d> {
    fn on(database: &'d Database) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        Self { database, data }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command: Command = program(self.database, self.data.path());
        command
            .arg("audit")
            .args(arguments)
            .output()
            .expect("the program runs")
    }

    /// What a command prints that succeeds.
    #[track_caller]
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    }

    /// What a command prints that ends with exit code 1.
    #[track_caller]
    fn fails(&self, arguments: &[&str]) -> (String, String) {
        let output = self.run(arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        (text(output.stdout), text(output.stderr))
    }

    /// Numbers what the commands put on record, as a server beside them would.
    async fn number(&self) {
        log::number(&self.database.open("").await).await;
    }

    fn key(&self) -> VerifyingKey {
        self.prints(&["key"]).trim_end().parse().expect("a verifying key")
    }

    fn read(&self, folder: &Path) -> Report {
        let reader = ExportReader::open(folder).expect("an export");
        verify_export(reader, &self.key(), &[], NonZeroUsize::MIN, |_| ())
            .expect("an export that can be read")
    }
}

on_both! {
    /// Sign, keep, export, verify: each answers on standard output, and is on record.
    async fn a_log_is_signed_exported_and_verified(database: Database) {
        let stockade = CommandLine::on(&database);
        let (_, why) = stockade.fails(&["checkpoint"]);
        assert!(why.contains("the log is empty"), "{why}");
        for _ in 0..2 {
            let said = stockade.prints(&["verify"]);
            assert!(said.ends_with("valid: the log is complete and unaltered\n"), "{said}");
        }
        stockade.number().await;
        let note = stockade.prints(&["checkpoint"]);
        assert_eq!(checkpoint::open(&note, &stockade.key()).unwrap().size, 2);
        let kept = stockade.data.path().join("kept");
        std::fs::write(&kept, &note).unwrap();

        let (full, bare) = (stockade.data.path().join("full"), stockade.data.path().join("bare"));
        let said = stockade.prints(&["export", full.to_str().unwrap()]);
        assert!(said.contains("stockade-verify"), "{said}");
        stockade.number().await;
        stockade.prints(&["export", bare.to_str().unwrap(), "--no-payloads"]);
        let (full, bare) = (stockade.read(&full), stockade.read(&bare));
        assert_eq!((full.valid, full.payloads == full.entries), (true, true));
        assert_eq!((bare.valid, bare.payloads), (true, 0));
        assert!(bare.entries > full.entries, "the export before it is on record");
        stockade.number().await;

        let said = stockade.prints(&["verify", "--json", "--checkpoint", kept.to_str().unwrap()]);
        let report: Value = serde_json::from_str(&said).unwrap();
        assert_eq!((&report["valid"], &report["entries"]), (&true.into(), &4.into()));
        assert!(report["kept_confirmed"].as_u64().unwrap() >= 1, "{said}");
        let (_, why) = stockade.fails(&["verify", "--checkpoint", "no such file"]);
        assert!(why.contains("no such file"), "{why}");
        let (_, why) = stockade.fails(&["export", stockade.data.path().to_str().unwrap()]);
        assert!(why.contains("is not empty"), "{why}");
    }
}

on_both! {
    /// Damage is named, and the exit code says so; no head is signed over it.
    async fn damage_is_told_by_the_exit_code(database: Database) {
        let stockade = CommandLine::on(&database);
        for _ in 0..3 {
            stockade.prints(&["verify"]);
        }
        stockade.number().await;
        stockade.prints(&["checkpoint"]);
        stockade.prints(&["verify"]);
        stockade.number().await;
        Attacker::unhindered(&database).await.alter(1).await;
        let (said, _) = stockade.fails(&["verify"]);
        assert!(said.contains("\n  altered_entry: "), "{said}");
        assert!(said.ends_with("damaged: 1 problem\n"), "{said}");
        let (said, _) = stockade.fails(&["verify", "--json"]);
        let report: Value = serde_json::from_str(&said).unwrap();
        assert_eq!((&report["valid"], &report["problems"][0]["seq"]), (&false.into(), &1.into()));
        let (said, why) = stockade.fails(&["checkpoint"]);
        assert!(said.is_empty() && why.contains("does not continue"), "{said}{why}");
    }
}
