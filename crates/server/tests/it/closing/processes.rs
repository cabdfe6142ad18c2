//! Erasure between two real processes on one PostgreSQL and one Redis: what one of them still holds in its memory opens
//! nothing once the other has erased the person, not even with a copy of the key's row put back.

use std::{
    path::Path,
    process::{Child, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    audit::attacker::Attacker,
    support::{
        database::{Database, Kind, run},
        people::{PASSWORD, text},
        process::{program, request},
        shop::redis_url,
    },
};

/// One `stockade serve` among several.
struct Instance {
    child: Child,
    port: u16,
}

impl Instance {
    async fn start(database: &Database, data: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let child = program(database, data)
            .env("STOCKADE_REDIS__URL", redis_url())
            .env("STOCKADE_SERVER__PUBLIC_URL", "http://localhost:8000")
            .args(["serve", "--bind", &format!("127.0.0.1:{port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let instance = Self { child, port };
        until("the server is ready", async || {
            matches!(
                request(port, "GET", "/health/ready", &[], "").await,
                Some((200, _))
            )
        })
        .await;
        instance
    }

    /// One request; its status and what it says.
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, String)], body: Value) -> (u16, Value) {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        request(self.port, method, path, headers, &body)
            .await
            .expect("an answer")
    }

    async fn sign_in(&self, email: &str) -> [(&'static str, String); 1] {
        let login = json!({ "email": email, "password": PASSWORD });
        let (status, session) = self.ask("POST", "/api/v1/auth/login", &[], login).await;
        assert_eq!(status, 200, "{session}");
        [(
            "authorization",
            format!("Bearer {}", text(&session["access_token"])),
        )]
    }

    /// What staff find about somebody, newest first.
    async fn found(&self, auditor: &[(&str, String)], person: &str) -> Vec<Value> {
        let path = format!("/api/admin/security/audit-logs?user={person}&limit=100");
        let (status, page) = self.ask("GET", &path, auditor, Value::Null).await;
        assert_eq!(status, 200, "{page}");
        page["items"].as_array().unwrap().clone()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for what happens in another process.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came to that {what}");
}

fn make(database: &Database, data: &Path, email: &str, role: &str) {
    let made = program(database, data)
        .args([
            "admin",
            "create",
            "--email",
            email,
            "--password-stdin",
            "--role",
            role,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write as _;
            child.stdin.take().unwrap().write_all(PASSWORD.as_bytes())?;
            child.wait()
        });
    assert!(made.unwrap().success());
}

/// The code of the mail that step-up sends.
async fn mailed_code(data: &Path) -> String {
    let mut code = None;
    until("the code is mailed", async || {
        let mails = std::fs::read_dir(data.join("mail"))
            .into_iter()
            .flatten()
            .flatten();
        code = mails
            .filter_map(|mail| std::fs::read_to_string(mail.path()).ok())
            .find_map(|mail| mail.split_once("Your code is ")?.1.get(..8).map(str::to_owned));
        code.is_some()
    })
    .await;
    code.unwrap()
}

/// The one erases what the other has in its memory.
#[test]
fn no_process_opens_what_another_has_erased() {
    run(Kind::Postgres, async |database: Database| {
        let data = tempfile::tempdir().unwrap();
        let here = Instance::start(&database, data.path()).await;
        let there = Instance::start(&database, data.path()).await;
        make(&database, data.path(), "ana@example.com", "customer");
        make(&database, data.path(), "auditor@example.com", "auditor");
        let (ana, auditor) = (
            here.sign_in("ana@example.com").await,
            here.sign_in("auditor@example.com").await,
        );
        let profile = json!({ "ssn": "536-90-4399" });
        let (status, given) = here.ask("PUT", "/api/v1/profile", &ana, profile).await;
        assert_eq!((status, &given["ssn"]), (200, &json!("XXX-XX-4399")));
        let (_, me) = here.ask("GET", "/api/v1/auth/me", &ana, Value::Null).await;
        let id = text(&me["id"]);
        // The first process opens what is about her: it has her key.
        until("her entries are numbered", async || {
            here.found(&auditor, &id).await.len() >= 3
        })
        .await;
        let before = here.found(&auditor, &id).await;
        assert!(before.iter().all(|entry| entry["erased"] == false), "{before:#?}");

        let attacker = Attacker::on(&database).await;
        for table in ["data_keys", "profiles"] {
            let copy = format!("CREATE TABLE {table}_kept AS SELECT * FROM {table}");
            attacker.run(&copy).await.unwrap();
        }
        erase(&there, &ana, data.path()).await;

        let (status, refused) = here.ask("GET", "/api/v1/profile", &ana, Value::Null).await;
        assert_eq!((status, &refused["code"]), (401, &json!("token.revoked")));
        let after = here.found(&auditor, &id).await;
        assert!(erased(&after) >= before.len(), "{after:#?}");
        // What is recorded about her from now on can be read, so the first process has let go of her key.
        until("the first process has heard of it", async || {
            let newest = &here.found(&auditor, &id).await[0];
            newest["kind"] == "audit.read" && newest["erased"] == false
        })
        .await;
        for table in ["data_keys", "profiles"] {
            let back = format!("INSERT INTO {table} SELECT * FROM {table}_kept ON CONFLICT DO NOTHING");
            attacker.run(&back).await.unwrap();
        }
        for instance in [&here, &there] {
            let found = instance.found(&auditor, &id).await;
            assert!(erased(&found) >= before.len(), "{found:#?}");
        }
        let anew = Instance::start(&database, data.path()).await;
        assert!(erased(&anew.found(&auditor, &id).await) >= before.len());
    });
}

/// The entries that can no longer be read.
fn erased(entries: &[Value]) -> usize {
    entries.iter().filter(|entry| entry["erased"] == true).count()
}

/// She erases herself, with her password and a mailed code.
async fn erase(at: &Instance, ana: &[(&'static str, String); 1], data: &Path) {
    let (_, refused) = at.ask("DELETE", "/api/v1/profile", ana, Value::Null).await;
    assert_eq!(refused["code"], "step_up.required", "{refused}");
    let operation = json!({ "operation": refused["operation"] });
    let (_, begun) = at.ask("POST", "/api/v1/auth/step-up", ana, operation).await;
    let code = mailed_code(data).await;
    let proof = json!({ "challenge": begun["challenge"], "code": code, "password": PASSWORD });
    let (_, proven) = at.ask("POST", "/api/v1/auth/step-up/verify", ana, proof).await;
    let with_proof = [ana[0].clone(), ("x-step-up", text(&proven["proof"]))];
    // The answer has no body, and so no length.
    request(at.port, "DELETE", "/api/v1/profile", &with_proof, "").await;
}
