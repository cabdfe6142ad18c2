//! The Postman collection, run by newman against the real program: its tour with signed orders, then everything that reads.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    on_both,
    support::{people::PASSWORD, process::Process},
};

on_both! {
    /// Each request is answered as the collection expects, and with a wrong password the first one is not.
    async fn heavy_the_collection_runs(database: Database) {
        let process = Process::start(database).await;
        process.customer("ana@example.com").await;
        let run = |password: &str| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../postman");
            let newman = folder.join("node_modules/newman/bin/newman.js");
            assert!(newman.exists(), "`npm ci` in postman/ brings newman; `cargo xtask test` runs it");
            let ended = Command::new("node")
                .arg(newman)
                .args(["run", "stockade.postman_collection.json", "--environment", "stockade.postman_environment.json"])
                .args(["--env-var", &format!("base_url=http://127.0.0.1:{}", process.port)])
                .args(["--env-var", &format!("password={password}"), "--env-var", "reads_only=yes"])
                .args(["--timeout-request", "30000", "--color", "off", "--bail", "failure"])
                .current_dir(folder)
                .stdin(Stdio::null())
                .output()
                .expect("Node runs");
            (ended.status.success(), String::from_utf8_lossy(&ended.stdout).into_owned())
        };
        let (fine, said) = run(PASSWORD);
        assert!(fine, "{said}");
        assert!(said.contains("It is all on record"), "{said}");
        let (fine, said) = run("not the password");
        assert!(!fine && said.contains("status 200"), "{said}");
    }
}
