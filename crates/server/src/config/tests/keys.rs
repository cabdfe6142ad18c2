//! Keys of development: made once, kept for their owner alone, never replaced.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Barrier, thread};

use secrecy::ExposeSecret;

use super::{Desk, key};
use crate::{
    config::{Config, keys::Keys},
    core::keys::MasterKeySource,
};

/// A desk whose data folder is the desk's own.
fn desk() -> (Desk, Config) {
    let desk = Desk::new();
    let data = desk.path().join("data");
    let desk = desk.set("STOCKADE_DATA_DIR", data.to_str().unwrap());
    let config = desk.config();
    (desk, config)
}

fn bytes(keys: &Keys) -> [[u8; 32]; 3] {
    let MasterKeySource::Key(master) = &keys.master[0].source else {
        panic!("a passphrase");
    };
    [master, &keys.token, &keys.audit].map(|key| *key.expose_secret())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn they_are_made_once_and_differ() {
    let (desk, config) = desk();
    let first = bytes(&config.keys().unwrap());
    assert_eq!(first, bytes(&config.keys().unwrap()));
    assert!(first[0] != first[1] && first[1] != first[2] && first[0] != first[2]);
    let folder = desk.path().join("data/keys");
    assert_eq!(mode(&folder), 0o700);
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["audit_key", "master_keys", "token_key"]);
    names
        .iter()
        .for_each(|name| assert_eq!(mode(&folder.join(name)), 0o600));
}

#[test]
fn a_kept_file_is_what_the_setting_takes() {
    let (desk, config) = desk();
    let made = bytes(&config.keys().unwrap());
    let file = |name: &str| {
        desk.path()
            .join("data/keys")
            .join(name)
            .to_str()
            .unwrap()
            .to_owned()
    };
    let production = Desk::production()
        .unset("STOCKADE_SECRETS__MASTER_KEYS")
        .unset("STOCKADE_SECRETS__TOKEN_KEY")
        .unset("STOCKADE_SECRETS__AUDIT_KEY")
        .set("STOCKADE_SECRETS__MASTER_KEYS_FILE", &file("master_keys"))
        .set("STOCKADE_SECRETS__TOKEN_KEY_FILE", &file("token_key"))
        .set("STOCKADE_SECRETS__AUDIT_KEY_FILE", &file("audit_key"));
    assert_eq!(made, bytes(&production.config().keys().unwrap()));
}

#[test]
fn a_given_key_counts_and_is_not_written() {
    let (desk, _) = desk();
    let desk = desk.set("STOCKADE_SECRETS__TOKEN_KEY", &key(9));
    let keys = desk.config().keys().unwrap();
    assert_eq!(keys.token.expose_secret()[..2], [9, 10]);
    assert!(!desk.path().join("data/keys/token_key").exists());
    assert!(desk.path().join("data/keys/audit_key").exists());
}

#[test]
fn production_writes_none() {
    let desk = Desk::production();
    let desk = desk.set("STOCKADE_DATA_DIR", "unwritten");
    let mut config = desk.config();
    config.data_dir = desk.path().join("unwritten");
    config.keys().unwrap();
    assert!(!config.data_dir.exists());
}

#[test]
fn a_damaged_file_is_named_and_left_alone() {
    let (desk, config) = desk();
    config.keys().unwrap();
    let path = desk.path().join("data/keys/token_key");
    fs::write(&path, "canary").unwrap();
    let error = config.keys().unwrap_err().to_string();
    assert!(
        error.contains("token_key") && !error.contains("canary"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "canary");
}

#[test]
fn those_who_start_together_share_the_same_keys() {
    let (desk, config) = desk();
    let start = Barrier::new(8);
    let all: Vec<_> = thread::scope(|scope| {
        let begin = || {
            start.wait();
            bytes(&config.keys().unwrap())
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(begin)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(all.iter().all(|keys| *keys == all[0]));
    assert_eq!(fs::read_dir(desk.path().join("data/keys")).unwrap().count(), 3);
}

#[test]
fn a_master_key_may_be_a_passphrase() {
    let text = format!("2026:passphrase:six words that nobody guesses,2025:{}", key(1));
    let desk = Desk::production().set("STOCKADE_SECRETS__MASTER_KEYS", &text);
    let keys = desk.config().keys().unwrap();
    let MasterKeySource::Passphrase(words) = &keys.master[0].source else {
        panic!("a key");
    };
    assert_eq!(words.expose_secret(), "six words that nobody guesses");
    assert!(matches!(keys.master[1].source, MasterKeySource::Key(_)));
    assert!(!format!("{keys:?}").contains("nobody"));

    let short = desk.set("STOCKADE_SECRETS__MASTER_KEYS", "2026:passphrase:fifteen letters");
    let problems = short.problems();
    assert!(
        problems.contains("secrets.master_keys") && problems.contains("fewer than 16"),
        "{problems}"
    );
    assert!(!problems.contains("fifteen"), "{problems}");
    let twice = "a:passphrase:six words that nobody guesses,b:passphrase:six words that nobody guesses";
    let twice = Desk::production().set("STOCKADE_SECRETS__MASTER_KEYS", twice);
    assert!(twice.problems().contains("already holds"));
}

/// Outside development nothing is made and nothing weak is taken: a key must be given, and be one.
#[test]
fn production_refuses_missing_and_placeholder_master_keys() {
    let missing = Desk::production().unset("STOCKADE_SECRETS__MASTER_KEYS");
    assert!(
        missing
            .problems()
            .contains("secrets.master_keys (default): must be set in production")
    );
    let zeros = format!("2026:{}=", "A".repeat(43));
    let placeholder = Desk::production().set("STOCKADE_SECRETS__MASTER_KEYS", &zeros);
    assert!(
        placeholder.problems().contains("a placeholder"),
        "{}",
        placeholder.problems()
    );
}
