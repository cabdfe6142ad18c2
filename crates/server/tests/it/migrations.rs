//! The schema's way from its first version with rows to the newest, a migration that is killed, and a newer schema.

use std::{process::Stdio, time::Duration};

use serde_json::{Value, json};
use stockade::core::{
    actor::Actor,
    audit,
    bookkeeping::bookkeep,
    change::{Change, Core},
    event::AuditEvent,
    migrations::ALL,
};
use stockade_platform::{
    clock::Clock,
    db::{Db, DbResult, Query, Tx, migrate, sql},
    random,
};
use uuid::Uuid;

use crate::{
    on_both,
    support::{
        database::vault,
        process::{Process, program, request},
    },
};

/// The first schema that held people, money and orders.
const FIRST: usize = 5;

/// The key of the tests' vault, as a setting.
const MASTER_KEY: &str = "test:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwg=";

/// A bcrypt hash as other programs make them, and its password.
const HASH: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const PASSWORD: &str = "U*U";

on_both! {
    /// Somebody from the first days signs in after every upgrade, and finds cash, order and log as they were.
    async fn rows_survive_every_upgrade(database: Database) {
        let location = database.location.clone();
        migrate::run(&location, &ALL[..FIRST]).await.unwrap();
        let (user, account, order) = (id(), id(), id());
        {
            let db = Db::open(&location, audit::recording(Clock::System)).unwrap();
            bookkeep(&db, async move |tx: &mut Tx| -> DbResult<()> {
                for row in rows(user, account, order) {
                    row.run(tx).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
        }
        for known in FIRST + 1..=ALL.len() {
            assert_eq!(migrate::waiting(&location, &ALL[..known]).await.unwrap(), 1);
            assert_eq!(migrate::run(&location, &ALL[..known]).await.unwrap(), 1);
            assert_eq!(migrate::version(&location).await.unwrap(), ALL[known - 1].version);
        }
        {
            let core = Core::open(&location, Clock::System, vault()).await.unwrap();
            let commit = async |change: &mut Change<'_>| change.commit(AuditEvent::done("request.replayed"), ());
            core.change(Actor::program("test"), commit).await.unwrap();
        }
        let process = Process::start_with(database, &[("SECRETS__MASTER_KEYS", MASTER_KEY)]).await;
        let ask = async |method: &str, path: &str, access: &str, body: &Value| {
            let bearer = ("authorization", format!("Bearer {access}"));
            request(process.port, method, path, &[bearer], &body.to_string()).await.unwrap()
        };
        let login = json!({ "email": "ana@example.com", "password": PASSWORD });
        let (status, session) = request(process.port, "POST", "/api/v1/auth/login", &[], &login.to_string()).await.unwrap();
        assert_eq!(status, 200, "{session}");
        let access = session["access_token"].as_str().unwrap();
        let (_, cash) = ask("GET", "/api/v1/cash", access, &Value::Null).await;
        assert_eq!(cash["balance"], "100.00", "{cash}");
        let (_, found) = ask("GET", &format!("/api/v1/orders/{order}"), access, &Value::Null).await;
        assert_eq!((found["symbol"].as_str(), found["status"].as_str()), (Some("KO"), Some("canceled")), "{found}");
        let (agree, said) = process.command(&["ledger", "verify"], "");
        assert!(agree, "{said}");
        let (valid, said) = process.command(&["audit", "verify"], "");
        assert!(valid, "{said}");
    }
}

on_both! {
    /// However early or late a migration is killed, the schema is the old one or the new one, and running again mends it.
    async fn a_killed_migration_runs_again(database: Database) {
        let newest = ALL.last().unwrap().version;
        let data = tempfile::tempdir().unwrap();
        let migrate = || {
            let mut command = program(&database, data.path());
            command.arg("migrate").stdout(Stdio::null());
            command
        };
        let mut done = false;
        for step in 0..40u64 {
            let mut child = migrate().spawn().unwrap();
            tokio::time::sleep(Duration::from_millis(step * 3)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            let version = migrate::version(&database.location).await.unwrap();
            assert!(version == 0 || version == newest, "{version}");
            assert!(!done || version == newest, "a migration was lost");
            done = version == newest;
        }
        assert!(migrate().status().unwrap().success());
        assert_eq!(migrate::version(&database.location).await.unwrap(), newest);
        assert_eq!(migrate::waiting(&database.location, ALL).await.unwrap(), 0);
    }
}

on_both! {
    /// A program does not touch a schema that a newer one has made.
    async fn a_newer_schema_is_refused(database: Database) {
        migrate::run(&database.location, ALL).await.unwrap();
        {
            let db = Db::open(&database.location, audit::recording(Clock::System)).unwrap();
            bookkeep(&db, async |tx: &mut Tx| {
                sql("INSERT INTO schema_migrations (version, name) VALUES ($1, $2)").bind(9_999i64).bind("next").run(tx).await
            })
            .await
            .unwrap();
        }
        let data = tempfile::tempdir().unwrap();
        for arguments in [&["serve", "--bind", "127.0.0.1:0"][..], &["migrate"], &["migrate", "--check"], &["backup"]] {
            let ended = program(&database, data.path()).args(arguments).output().unwrap();
            let said = String::from_utf8_lossy(&ended.stderr);
            assert!(!ended.status.success() && said.contains("run the newer program"), "{arguments:?}: {said}");
        }
    }
}

fn id() -> Uuid {
    random::uuid_v7(Clock::System.now())
}

/// A person with 100.00 from outside and an order taken back, as the program of the first schema wrote them.
fn rows(user: Uuid, account: Uuid, order: Uuid) -> Vec<Query> {
    let now = Clock::System.now();
    let (posting, transfer) = (id(), id());
    let line = |number: i64, account: Uuid, side: &'static str, amount: i64| {
        sql(
            "INSERT INTO ledger_lines (posting_id, line, kind, cause_id, account_id, side, asset, amount)
             VALUES ($1, $2, 'deposit', $3, $4, $5, 'cash:USD', $6)",
        )
        .bind(posting)
        .bind(number)
        .bind(transfer)
        .bind(account)
        .bind(side)
        .bind(amount)
    };
    let (_, key) = vault().new_data_key();
    vec![
        sql("INSERT INTO data_keys (subject_id, kek_id, wrapped) VALUES ($1, $2, $3)")
            .bind(user)
            .bind(key.kek_id)
            .bind(key.bytes),
        sql("INSERT INTO users (id, email, password_hash, role, created_at) VALUES ($1, 'ana@example.com', $2, 'customer', $3)")
            .bind(user)
            .bind(HASH)
            .bind(now),
        sql("INSERT INTO accounts (id, owner_id, currency, opened_at) VALUES ($1, $2, 'USD', $3)")
            .bind(account)
            .bind(user)
            .bind(now),
        sql("INSERT INTO balances (account_id, asset, available, held) VALUES ($1, 'cash:USD', 10000, 0)").bind(account),
        line(0, Uuid::nil(), "external", -10_000),
        line(1, account, "available", 10_000),
        sql("INSERT INTO transfers (id, account_id, kind, status, amount, currency, created_at)
             VALUES ($1, $2, 'deposit', 'settled', 10000, 'USD', $3)")
        .bind(transfer)
        .bind(account)
        .bind(now),
        sql("INSERT INTO orders (account_id, id, symbol, side, order_type, time_in_force, qty, currency, status, filled_qty,
                 filled_amount, reserved, submitted_at, canceled_at, updated_at)
             VALUES ($1, $2, 'KO', 'sell', 'market', 'day', 1000000000, 'USD', 'canceled', 0, 0, 1000000000, $3, $3, $3)")
        .bind(account)
        .bind(order)
        .bind(now),
    ]
}
