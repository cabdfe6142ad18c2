//! The demonstration: months are lived through the program's own doors, and afterwards everything holds that holds for a
//! real database.

use std::{path::Path, time::Duration};

use serde_json::json;
use stockade::{
    app::App,
    config::{Config, Inputs},
    core::audit::verify,
    demo::{DemoError, FEWEST_CUSTOMERS, FEWEST_DAYS, Summary, Wanted, fill},
    features::ledger,
};
use stockade_domain::roles::Role;
use stockade_platform::{clock::Clock, db::Location};
use tempfile::TempDir;

use crate::{
    on_both,
    support::{database::Database, shop::Shop},
};

const UNTIL: &str = "2026-06-01T12:00:00Z";

fn small(seed: u64) -> Wanted {
    Wanted {
        seed,
        customers: FEWEST_CUSTOMERS,
        days: 30,
        until: UNTIL.parse().unwrap(),
        outside_development: false,
    }
}

fn config(database: &Database, data: &Path) -> Config {
    let url = match &database.location {
        Location::Sqlite { path, .. } => format!("sqlite:{}", path.display()),
        Location::Postgres { url, .. } => url.clone(),
    };
    let environment = [
        ("STOCKADE_DATA_DIR", data.display().to_string()),
        ("STOCKADE_DATABASE__URL", url),
        ("STOCKADE_DATABASE__POOL_SIZE", "6".to_owned()),
        ("STOCKADE_DATABASE__POOL_OVERFLOW", "2".to_owned()),
    ];
    let inputs = Inputs {
        start_dir: data.to_owned(),
        environment: environment.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        ..Inputs::default()
    };
    Config::load(&inputs).unwrap_or_else(|problems| panic!("{problems}"))
}

async fn lived(database: &Database, data: &TempDir, seed: u64) -> Result<Summary, DemoError> {
    fill(config(database, data.path()), small(seed), |_| {}).await
}

/// Who came, and how often what happened: all but the secrets.
fn outcome(summary: &Summary) -> String {
    let people: Vec<_> = summary
        .sign_ins
        .iter()
        .map(|one| (one.role, &one.email))
        .collect();
    format!("{people:?} {:?}", summary.happened)
}

on_both! {
    /// A small history: everything in it happens, the books agree, the log is whole, and there is no second one.
    async fn a_history_holds(database: Database) {
        let data = tempfile::tempdir().unwrap();
        let summary = lived(&database, &data, 7).await.unwrap();
        let happened = |what: &str| summary.happened.get(what).copied().unwrap_or_default();
        assert_eq!(happened("customers"), FEWEST_CUSTOMERS as u64, "{summary:?}");
        for (what, times) in [
            ("password sprays", 2),
            ("takeovers", 1),
            ("accounts restored", 1),
            ("mules", 1),
            ("accounts restricted by the desk", 1),
            ("lockouts", 1),
            ("orders taken back", 1),
            ("policies proposed", 1),
        ] {
            assert!(happened(what) >= times, "{what}: {summary:?}");
        }
        for what in ["orders filled at once", "orders held", "withdrawals held", "reviews approved", "reviews rejected",
            "incidents confirmed", "incidents that were false alarms", "deposits", "step-ups", "second steps"] {
            assert!(happened(what) >= 1, "{what}: {summary:?}");
        }
        let staff: Vec<_> = summary.sign_ins.iter().filter(|one| one.role != "customer").collect();
        assert!(staff.len() == 5 && staff.iter().all(|one| one.totp_secret.is_some()), "{staff:?}");

        let app = App::start(config(&database, data.path()), Clock::manual(UNTIL.parse().unwrap())).await.unwrap();
        let books = ledger::verify(&app, |_| {}).await.unwrap();
        assert!(books.valid && books.postings > 50, "{books:#?}");
        let log = verify::verify(&app.core, &app.log_key, Vec::new(), |_, _| {}).await.unwrap();
        assert!(log.valid && log.pending == 0, "{log:#?}");
        assert!(!data.path().join("demo-mail").exists(), "its mails are gone");
        drop(app);

        let again = lived(&database, &data, 8).await.unwrap_err();
        assert!(again.to_string().contains("has customers already"), "{again}");

        // The same seed on another database, be it of the other kind, comes to the same.
        let other = Database::fresh(Kind::Sqlite).await;
        let folder = tempfile::tempdir().unwrap();
        let twin = lived(&other, &folder, 7).await.unwrap();
        assert_eq!(outcome(&summary), outcome(&twin));
        assert_ne!(summary.sign_ins[0].password, twin.sign_ins[0].password, "secrets never follow from a seed");
    }
}

on_both! {
    /// From the browser: an administrator fills the new platform in, watches it, and is told once who can sign in.
    async fn a_new_platform_is_filled_from_the_browser(database: Database) {
        let shop = Shop::start(database).await;
        let admin = shop.staff(Role::Admin).await;
        let at = |path: &str| format!("/api/admin/demo{path}");
        let analyst = shop.staff(Role::Analyst).await;
        let ask = json!({ "customers": FEWEST_CUSTOMERS, "days": FEWEST_DAYS });
        shop.post(&at("")).bearer(&analyst.access).json(ask.clone()).send().await.refused(403, "role.not_allowed");
        shop.post(&at("")).bearer(&admin.access).json(json!({ "days": 2 })).send().await.refused(422, "demo.invalid");
        let standing = async || shop.get(&at("")).bearer(&admin.access).send().await.expect(200);
        assert_eq!(standing().await["state"], "available");
        let begun = shop.post(&at("")).bearer(&admin.access).json(ask.clone()).send().await.expect(202);
        assert_eq!(begun["state"], "running");
        shop.post(&at("")).bearer(&admin.access).json(ask.clone()).send().await.refused(409, "demo.unavailable");
        let done = loop {
            let standing = standing().await;
            if standing["state"] != "running" {
                break standing;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        assert_eq!((&done["state"], &done["happened"]["customers"]), (&json!("done"), &json!(FEWEST_CUSTOMERS)), "{done}");
        let tell = async || shop.post(&at("/sign-ins")).bearer(&admin.access).send().await;
        let told = tell().await.expect(200);
        assert!(told["items"].as_array().unwrap().len() > 5, "{told}");
        tell().await.refused(410, "demo.told");
        shop.post(&at("")).bearer(&admin.access).json(ask).send().await.refused(409, "demo.unavailable");
        shop.books_agree().await;
        shop.log_is_whole().await;
    }
}
