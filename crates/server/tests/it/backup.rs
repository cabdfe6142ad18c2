//! Backups of a real server under load, put back elsewhere; and a log that was put back behind what was signed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use stockade_platform::db::Location;

use crate::{
    on_both,
    support::{
        database::Database,
        people::{PASSWORD, text},
        process::{Client, Process, program, request},
    },
};

/// Base64 of 32 bytes.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const OTHER_KEY: &str = "AgIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

on_both! {
    /// A sealed backup is taken while orders come in. Put back elsewhere it holds every order that was acknowledged
    /// before it began, its books agree, and its log is valid.
    async fn heavy_a_backup_under_load_can_be_restored(database: Database) {
        let process = Process::start_with(database, &[("BACKUP__KEY", KEY)]).await;
        let ana = customer(&process).await;
        let stop = Arc::new(AtomicBool::new(false));
        let load: Vec<_> = (0..8).map(|line| tokio::spawn(keep_buying(ana.clone(), line, Arc::clone(&stop)))).collect();
        let before = orders(&ana).await;
        let folder = tempfile::tempdir().unwrap();
        let made = tokio::task::block_in_place(|| backup(&process, folder.path(), &[]));
        let backup = PathBuf::from(text(&made["folder"]));
        stop.store(true, Ordering::SeqCst);
        for line in load {
            line.await.unwrap();
        }
        assert_eq!(made["manifest"]["sealed"], true);
        let file = fs::read(backup.join(text(&made["manifest"]["file"]))).unwrap();
        assert!(!file.windows(6).any(|part| part == b"SQLite" || part == b"PGDMP\x01"), "in clear");

        let elsewhere = Elsewhere::like(&process).await;
        let (_, refused) = elsewhere.command(&["restore", path(&backup)], &[]);
        assert!(refused.contains("set backup.key"), "{refused}");
        let (_, refused) = elsewhere.command(&["restore", path(&backup)], &[("BACKUP__KEY", OTHER_KEY)]);
        assert!(refused.contains("another key"), "{refused}");
        let key = [("BACKUP__KEY", KEY)];
        let (done, said) = elsewhere.command(&["restore", path(&backup)], &key);
        assert!(done, "{said}");
        let (valid, said) = elsewhere.command(&["audit", "verify"], &key);
        assert!(valid, "{said}");
        let (agree, said) = elsewhere.command(&["ledger", "verify", "--json"], &key);
        assert!(agree, "{said}");
        let report: Value = serde_json::from_str(&said).unwrap();
        assert!(report["postings"].as_i64().unwrap() >= before, "{report} {before}");

        // It serves, and is no longer empty.
        let (_, refused) = elsewhere.command(&["restore", path(&backup)], &key);
        assert!(refused.contains("is not empty"), "{refused}");
    }
}

on_both! {
    /// A database that a server uses is not replaced, and a damaged backup is not put back.
    async fn what_lives_is_not_overwritten(database: Database) {
        let mut process = Process::start(database).await;
        let folder = tempfile::tempdir().unwrap();
        let made = backup(&process, folder.path(), &["--keep", "1"]);
        let backup = PathBuf::from(text(&made["folder"]));
        let restore = |process: &Process, more: &[&str]| output(&process.command_of(&[&["restore", path(&backup)], more].concat()));
        let (done, said) = restore(&process, &["--replace"]);
        assert!(!done && said.contains("is in use"), "{said}");
        assert!(process.stop().success());
        let (done, said) = restore(&process, &[]);
        assert!(!done && said.contains("--replace"), "{said}");

        let file = backup.join(text(&made["manifest"]["file"]));
        let whole = fs::read(&file).unwrap();
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 1;
        fs::write(&file, damaged).unwrap();
        let (done, said) = restore(&process, &["--replace"]);
        assert!(!done && said.contains("checksum"), "{said}");
        fs::write(&file, whole).unwrap();
        let (done, said) = restore(&process, &["--replace"]);
        assert!(done && said.contains("is kept as"), "{said}");
        process.start_again().await;
    }
}

on_both! {
    /// A restored log is behind what was signed. The server does not start and the log does not verify, until an
    /// administrator has said on record that this is as it should be.
    async fn a_restored_log_is_noticed(database: Database) {
        let mut process = Process::start(database).await;
        let ana = customer(&process).await;
        let folder = tempfile::tempdir().unwrap();
        let made = backup(&process, folder.path(), &[]);
        let backup = text(&made["folder"]);
        buy(&ana, "after-the-backup").await;
        let (signed, note) = process.command(&["audit", "checkpoint"], "");
        assert!(signed);
        assert!(process.stop().success());
        let (done, said) = output(&process.command_of(&["restore", &backup, "--replace"]));
        assert!(done, "{said}");

        let (served, said) = output(&process.command_of(&["serve", "--bind", "127.0.0.1:0"]));
        assert!(!served && said.contains("the database is older than its log"), "{said}");
        let (valid, said) = output(&process.command_of(&["audit", "verify"]));
        assert!(!valid && said.contains("truncated_tail"), "{said}");
        let (done, said) = output(&process.command_of(&["audit", "reanchor", "--reason", " "]));
        assert!(!done && said.contains("--reason"), "{said}");

        let reason = "the disk failed";
        let (done, said) = output(&process.command_of(&["audit", "reanchor", "--reason", reason]));
        assert!(done, "{said}");
        process.start_again().await;
        let (valid, said) = process.command(&["audit", "verify"], "");
        assert!(valid, "{said}");
        // Who kept a checkpoint elsewhere still sees it, and the log says why.
        let kept = folder.path().join("kept");
        fs::write(&kept, note).unwrap();
        let (valid, _) = process.command(&["audit", "verify", "--checkpoint", path(&kept)], "");
        assert!(!valid);
        let (agree, said) = process.command(&["ledger", "verify"], "");
        assert!(agree, "{said}");
        // On PostgreSQL the entry is numbered once the server has the lease for it.
        for turn in 0.. {
            let export = folder.path().join(format!("export-{turn}"));
            let (done, said) = process.command(&["audit", "export", path(&export)], "");
            assert!(done, "{said}");
            if payloads(&export).contains(reason) {
                break;
            }
            assert!(turn < 100, "the reason is not in the log");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

on_both! {
    /// A backup holds the keys of people who were erased after it. Before the restored server serves, they are erased again.
    async fn who_was_erased_stays_erased(database: Database) {
        let mut process = Process::start(database).await;
        let ana = process.customer("ana@example.com").await;
        process.customer("ben@example.com").await;
        let folder = tempfile::tempdir().unwrap();
        let backup = text(&backup(&process, folder.path(), &[])["folder"]);
        erase(&process, &ana).await;
        let list = process.data_dir().join("erased");
        until(|| fs::read_to_string(&list).is_ok_and(|text| text.lines().count() == 1)).await;
        assert!(process.stop().success());
        let (done, said) = output(&process.command_of(&["restore", &backup, "--replace"]));
        assert!(done, "{said}");
        let (done, said) = output(&process.command_of(&["audit", "reanchor", "--reason", "a rehearsal"]));
        assert!(done, "{said}");
        process.start_again().await;
        assert_eq!(sign_in(&process, "ana@example.com").await, 401);
        assert_eq!(sign_in(&process, "ben@example.com").await, 200);
        let (valid, said) = process.command(&["audit", "verify", "--json"], "");
        assert!(valid, "{said}");
        let report: Value = serde_json::from_str(&said).unwrap();
        assert!(report["erased"].as_u64().unwrap() > 0, "{report}");
    }
}

/// She erases herself, with her password and a mailed code.
async fn erase(process: &Process, ana: &Client) {
    let (_, refused) = ana
        .send("DELETE", "/api/v1/profile", "")
        .await
        .expect("an answer");
    let operation = json!({ "operation": refused["operation"] }).to_string();
    let (_, begun) = ana
        .send("POST", "/api/v1/auth/step-up", &operation)
        .await
        .expect("an answer");
    let mut code = None;
    let mails = process.data_dir().join("mail");
    until(|| {
        let mut texts = fs::read_dir(&mails)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|mail| fs::read_to_string(mail.path()).ok());
        code = texts.find_map(|mail| mail.split_once("Your code is ")?.1.get(..8).map(str::to_owned));
        code.is_some()
    })
    .await;
    let proof = json!({ "challenge": begun["challenge"], "code": code, "password": PASSWORD }).to_string();
    let (_, proven) = ana
        .send("POST", "/api/v1/auth/step-up/verify", &proof)
        .await
        .expect("an answer");
    // The answer has no body, and so no length.
    ana.send_with("DELETE", "/api/v1/profile", ("x-step-up", text(&proven["proof"])))
        .await;
}

async fn sign_in(process: &Process, email: &str) -> u16 {
    let login = json!({ "email": email, "password": PASSWORD }).to_string();
    request(process.port, "POST", "/api/v1/auth/login", &[], &login)
        .await
        .expect("an answer")
        .0
}

async fn until(mut holds: impl FnMut() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it never came to that");
}

async fn customer(process: &Process) -> Client {
    let ana = process.customer("ana@example.com").await;
    let deposit = json!({"amount": "1000000.00", "currency": "USD"});
    let made = ana
        .signed_post("/api/v1/cash/deposits", "deposit", &deposit)
        .await;
    assert_eq!(made.map(|answer| answer.0), Some(201));
    ana
}

async fn buy(ana: &Client, key: &str) {
    let order = json!({"symbol": "KO", "qty": "1"});
    let (status, order) = ana
        .signed_post("/api/v1/portfolio/buy", key, &order)
        .await
        .expect("an answer");
    assert_eq!(status, 201, "{order}");
}

async fn keep_buying(ana: Client, line: usize, stop: Arc<AtomicBool>) {
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        buy(&ana, &format!("{line}-{number}")).await;
    }
}

/// Orders that are in the books by now.
async fn orders(ana: &Client) -> i64 {
    for _ in 0..600 {
        let (_, portfolio) = ana.get("/api/v1/portfolio").await;
        let bought = portfolio["positions"][0]["qty"]
            .as_str()
            .and_then(|qty| qty.parse().ok());
        if let Some(bought @ 20..) = bought {
            return bought;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing is bought");
}

fn backup(process: &Process, folder: &Path, more: &[&str]) -> Value {
    let arguments = [&["backup", path(folder), "--json"], more].concat();
    let (done, said) = process.command(&arguments, "");
    assert!(done, "{said}");
    serde_json::from_str(&said).unwrap()
}

fn output(command: &Command) -> (bool, String) {
    let mut again = Command::new(command.get_program());
    again
        .args(command.get_args())
        .current_dir(command.get_current_dir().unwrap());
    again.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let ended = again.output().unwrap();
    let text = [ended.stdout, ended.stderr].concat();
    (
        ended.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What the entries of an export say, in clear.
fn payloads(export: &Path) -> String {
    let coded = text_below(export);
    let decoded = coded.split('"').filter_map(|text| STANDARD.decode(text).ok());
    decoded
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

fn text_below(export: &Path) -> String {
    let mut text = String::new();
    let mut folders = vec![export.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => text.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap())),
            }
        }
    }
    text
}

/// Another machine with the same keys and an empty database.
struct Elsewhere {
    data: tempfile::TempDir,
    database: Database,
}

impl Elsewhere {
    async fn like(process: &Process) -> Self {
        let data = tempfile::tempdir().unwrap();
        let copied = Command::new("cp")
            .arg("-r")
            .arg(process.data_dir().join("keys"))
            .arg(data.path())
            .status();
        assert!(copied.unwrap().success());
        let kind = process.database_kind();
        let mut database = Database::fresh(kind).await;
        if let Location::Sqlite { path, .. } = &mut database.location {
            *path = data.path().join("restored.db");
        }
        Self { data, database }
    }

    fn command(&self, arguments: &[&str], settings: &[(&str, &str)]) -> (bool, String) {
        let mut command = program(&self.database, self.data.path());
        command.args(arguments).envs(
            settings
                .iter()
                .map(|(name, value)| (format!("STOCKADE_{name}"), value)),
        );
        output(&command)
    }
}
