//! The OCSF file.

use std::{collections::BTreeSet, io::Write as _, path::Path};

use serde_json::Value;

use super::facts;
use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

on_both! {
    /// Every event is there once, in order, as its class wants it, and tells no more than it must.
    async fn every_event_is_told_as_its_class_wants_it(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.ocsf.json");
        let shop = Shop::start_with(database, &[("SECURITY_LOG__OCSF_FILE", path.to_str().unwrap())]).await;
        shop.lives_a_day().await;
        let told = shop.tell().await;
        let events = lines(&path);
        let mut sequence: Vec<u64> = Vec::new();
        let mut classes = BTreeSet::new();
        for event in &events {
            facts::check(event);
            sequence.push(event["metadata"]["sequence"].as_u64().unwrap());
            classes.insert(event["class_uid"].as_u64().unwrap());
        }
        assert_eq!(sequence, (0..events.len() as u64).collect::<Vec<_>>());
        assert!(told >= events.len());
        assert_eq!(classes, BTreeSet::from([2005, 3001, 3002, 6003]));
        let of_kind = |kind: &str| {
            let found = events.iter().find(|event| event["message"] == kind);
            found.unwrap_or_else(|| panic!("no {kind}"))
        };
        assert_eq!(of_kind("sign_in.failed")["status_id"], 2);
        assert_eq!(of_kind("order.filled")["api"]["operation"], "order.filled");
        assert_eq!(of_kind("session.reuse_detected")["severity_id"], 5);

        let text = std::fs::read_to_string(&path).unwrap();
        for secret in ["@example.com", "Ana", PASSWORD, "not my password", "1000.00", "KO"] {
            assert!(!text.contains(secret), "the file says {secret}");
        }
    }
}

on_both! {
    /// A restart goes on where it was, also after a crash in the middle of a line.
    async fn a_restart_goes_on(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.ocsf.json");
        let shop = Shop::start_with(database, &[("SECURITY_LOG__OCSF_FILE", path.to_str().unwrap())]).await;
        shop.customer("ana").await;
        shop.tell().await;
        let before = lines(&path).len();
        write!(std::fs::OpenOptions::new().append(true).open(&path).unwrap(), "{{\"half a li").unwrap();
        let again = shop.second().await;
        again.later(60);
        again.customer("ben").await;
        again.tell().await;
        let events = lines(&path);
        let numbers: Vec<_> = events.iter().map(|event| event["metadata"]["sequence"].as_u64().unwrap()).collect();
        assert!(events.len() > before);
        assert_eq!(numbers, (0..events.len() as u64).collect::<Vec<_>>());
    }
}

on_both! {
    /// A file that cannot be written holds up nothing, and misses nothing once it can.
    async fn a_file_that_cannot_be_written_misses_nothing(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not yet there").join("events.ocsf.json");
        let shop = Shop::start_with(database, &[
            ("SECURITY_LOG__OCSF_FILE", path.to_str().unwrap()),
            ("SECURITY_LOG__LINES", "none"),
        ]).await;
        shop.lives_a_day().await;
        assert_eq!(shop.tell().await, 0);
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        // Within the pause it is not tried again.
        assert_eq!(shop.tell().await, 0);
        shop.later(1);
        let told = shop.tell().await;
        assert_eq!(lines(&path).len(), told);
        assert!(told > 10);
    }
}
