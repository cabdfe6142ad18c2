//! A real export, which tests may damage, and the built program that judges it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use auditlog::export::{ExportWriter, PayloadLine, Secret};
use auditlog::tile::{entries_path, push_to_bundle, split_bundle};
use auditlog::{Appender, NewEntry, SigningKey};
use serde_json::Value;
use tempfile::TempDir;

use crate::log::{entry, id, payload, salt};

/// Entries in the export: two full bundles and a partial one.
pub(crate) const SIZE: u64 = 700;

/// An export in a folder that goes away with it.
pub(crate) struct Export {
    folder: TempDir,
}

/// What the program said about one problem: kind, first and last entry.
pub(crate) type Found = (String, Option<u64>, Option<u64>);

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed("log.example/audit", &[1; 32]).unwrap()
}

/// The leaves of a log whose entries this makes.
pub(crate) fn leaves(size: u64, entry: impl Fn(u64) -> NewEntry) -> (Appender, Vec<Vec<u8>>) {
    let mut appender = Appender::new();
    let numbered = appender.number(1_700_000_000_000_000, (0..size).map(entry));
    (
        appender,
        numbered.entries.into_iter().map(|stored| stored.leaf).collect(),
    )
}

/// The checkpoint of the undamaged log when it had this many entries.
pub(crate) fn checkpoint(size: u64) -> String {
    let head = leaves(size, entry).0.head();
    key().sign(head.size, head.root)
}

/// The payload line of the n-th entry; every tenth is erased.
pub(crate) fn payload_line(n: u64) -> PayloadLine {
    let secret = Secret {
        payload: payload(n),
        salt: salt(n),
    };
    PayloadLine {
        seq: n,
        id: id(n),
        content: (n % 10 != 3).then_some(secret),
    }
}

impl Export {
    /// The undamaged log.
    pub(crate) fn new() -> Export {
        let (appender, leaves) = leaves(SIZE, entry);
        Export::of(&leaves, &key().sign(SIZE, appender.head().root))
    }

    /// Any leaves, with the tiles that follow from them.
    pub(crate) fn of(leaves: &[Vec<u8>], checkpoint: &str) -> Export {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = ExportWriter::create(folder.path()).unwrap();
        for (n, leaf) in (0..).zip(leaves) {
            writer.leaf(leaf).unwrap();
            writer.payload(&payload_line(n));
        }
        writer.finish(checkpoint).unwrap();
        Export { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    /// Changes the bytes of a file.
    pub(crate) fn edit(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.path(name)).unwrap();
        change(&mut bytes);
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Changes the leaves of one bundle and nothing else.
    pub(crate) fn edit_bundle(&self, index: u64, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
        let width = if index == SIZE / 256 {
            SIZE as usize % 256
        } else {
            256
        };
        self.edit(&entries_path(index, width), |bytes| {
            let mut leaves: Vec<_> = split_bundle(bytes).0.into_iter().map(<[u8]>::to_vec).collect();
            change(&mut leaves);
            bytes.clear();
            leaves.iter().for_each(|leaf| push_to_bundle(bytes, leaf));
        });
    }

    /// Changes the leaves of the whole export, bundle boundaries aside, and nothing else.
    pub(crate) fn edit_leaves(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
        let mut all = Vec::new();
        (0..3).for_each(|index| self.edit_bundle(index, |leaves| all.append(leaves)));
        change(&mut all);
        assert_eq!(all.len() as u64, SIZE);
        (0..3).for_each(|index| {
            self.edit_bundle(index, |leaves| leaves.extend(all.drain(..all.len().min(256))))
        });
    }

    /// Takes every tile of hashes away, so that only chain and checkpoint can tell.
    pub(crate) fn remove_tiles(&self) {
        fs::remove_dir_all(self.path("tile/0")).unwrap();
        fs::remove_dir_all(self.path("tile/1")).unwrap();
    }

    /// Runs the program on this export with the kept checkpoints.
    pub(crate) fn verify(&self, kept: &[&str], more: &[&str]) -> Output {
        let mut arguments = vec![self.folder.path().display().to_string(), "--key".into()];
        arguments.push(key().verifying_key().to_string());
        for (number, note) in kept.iter().enumerate() {
            let file = self.path(&format!("kept-{number}"));
            fs::write(&file, note).unwrap();
            arguments.extend(["--checkpoint".into(), file.display().to_string()]);
        }
        arguments.extend(more.iter().map(|&argument| argument.to_owned()));
        run(&arguments)
    }

    /// The program's report, after checking that its exit code agrees with it.
    pub(crate) fn report(&self, kept: &[&str]) -> Value {
        let output = self.verify(kept, &["--json"]);
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(
            output.status.code(),
            Some(if report["valid"] == true { 0 } else { 1 })
        );
        assert_eq!(report["valid"] == true, report["problem_count"] == 0);
        report
    }

    /// The problems that the program names.
    pub(crate) fn problems(&self, kept: &[&str]) -> Vec<Found> {
        let report = self.report(kept);
        let problems = report["problems"].as_array().unwrap().iter();
        problems
            .map(|p| {
                (
                    p["kind"].as_str().unwrap().to_owned(),
                    p["seq"].as_u64(),
                    p["through"].as_u64(),
                )
            })
            .collect()
    }
}

pub(crate) fn run(arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stockade-verify"))
        .args(arguments)
        .output()
        .unwrap()
}
