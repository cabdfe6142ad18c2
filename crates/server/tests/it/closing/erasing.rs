//! Erasure rehearsed: what goes, what stays, and that every proof made before still holds.

use std::{num::NonZeroUsize, path::Path};

use auditlog::{Proof, VerifyingKey, export::ExportReader, verify::verify_export};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use stockade::core::audit::{checkpoint, export::export};
use stockade_domain::roles::Role;

use super::PROFILE;
use crate::{
    audit::{attacker::Attacker, log},
    on_both,
    support::{
        people::{Customer, PASSWORD, text},
        shop::Shop,
    },
};

/// Every proof that somebody can take away of their own entries: leaf and proof.
async fn proofs(shop: &Shop, of: &Customer<'_>) -> Vec<(Vec<u8>, Proof)> {
    shop.number_the_log().await;
    let mine = of.get("/api/v1/audit/mine?limit=100").send().await.expect(200);
    let mut proofs = Vec::new();
    for entry in mine["items"].as_array().unwrap() {
        let path = format!("/api/v1/audit/mine/{}/proof", text(&entry["id"]));
        let answer = of.get(&path).send().await.expect(200);
        let leaf = STANDARD.decode(text(&answer["leaf"])).unwrap();
        proofs.push((leaf, text(&answer["proof"]).parse().unwrap()));
    }
    proofs
}

/// Exports the log with payloads and lets the offline verifier judge it, with a head that was kept from before.
async fn judged_offline(shop: &Shop, key: &VerifyingKey, kept: &str) -> (auditlog::Report, String) {
    shop.number_the_log().await;
    let folder = tempfile::tempdir().unwrap();
    export(&shop.app.core, &shop.app.log_key, folder.path(), true, |_, _| ())
        .await
        .unwrap();
    let reader = ExportReader::open(folder.path()).unwrap();
    let report = verify_export(reader, key, &[kept.to_owned()], NonZeroUsize::MIN, |_| ()).unwrap();
    (report, text_below(&folder.path().join("payloads")))
}

/// Everything that the files of a folder hold.
fn text_below(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let text = |path: std::path::PathBuf| match path.is_dir() {
        true => text_below(&path),
        false => std::fs::read_to_string(path).unwrap(),
    };
    entries.map(text).collect()
}

on_both! {
    /// The rehearsal: proofs and a head from before, erasure, then the whole log offline.
    async fn every_proof_made_before_still_holds(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let ben = shop.customer("ben").await.with_cash(50).await;
        ana.gives_ssn("536-90-4399").await;
        ana.withdraw(10_000).await;
        let (hers, his) = (proofs(&shop, &ana).await, proofs(&shop, &ben).await);
        assert!(hers.len() >= 5, "{}", hers.len());
        let kept = checkpoint::sign(&shop.app.core, &shop.app.log_key).await.unwrap().unwrap().note;
        let key = shop.app.log_key.verifying_key();
        let about_her = shop.kinds_about(&ana.id).await.len() as u64;

        ana.erased().await;

        let (report, payloads) = judged_offline(&shop, key, &kept).await;
        assert!(report.valid, "{:?}", report.problems);
        assert!(report.erased >= about_her, "{} of {about_her}", report.erased);
        assert!(payloads.contains("\"erased\":true"));
        for (leaf, proof) in hers.iter().chain(&his) {
            proof.verify(leaf, key).unwrap();
        }
        shop.books_agree().await;
        shop.log_is_whole().await;

        // Staff find that she was erased, and of all else that it is no more.
        let auditor = shop.staff(Role::Auditor).await;
        let path = format!("/api/admin/security/audit-logs?user={}&limit=100", ana.id);
        let found = shop.get(&path).bearer(&auditor.access).send().await.expect(200);
        let (open, erased): (Vec<&Value>, Vec<&Value>) =
            found["items"].as_array().unwrap().iter().partition(|entry| entry["erased"] == false);
        assert!(erased.len() as u64 >= about_her);
        assert!(erased.iter().all(|entry| entry["details"] == Value::Null && entry["actor"] == Value::Null));
        let mut kinds: Vec<&str> = open.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["person.erased", "session.revoked"]);
        assert!(open.iter().all(|entry| entry["ip"] == Value::Null && entry["user_agent"] == Value::Null));
    }
}

on_both! {
    /// Nothing lets her in any more, nothing names her, and her address is free.
    async fn nothing_personal_is_left(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_key().await;
        let elsewhere = shop.sign_in("ana@example.com", PASSWORD).await;
        ana.gives_ssn("536-90-4399").await;
        let by_mail = json!({ "items": [{ "kind": "sign_ins", "by_mail": true }] });
        ana.put("/api/v1/notifications").json(by_mail).send().await.expect(200);
        ana.erased().await;
        for tokens in [&ana.tokens, &elsewhere] {
            shop.me(&tokens.access).send().await.refused(401, "token.revoked");
            shop.refresh(&tokens.refresh).send().await.refused(401, "refresh.invalid");
        }
        shop.login("ana@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
        let core = &shop.app.core;
        for (table, column) in [
            ("profiles", "user_id"),
            ("signing_keys", "owner_id"),
            ("step_ups", "user_id"),
            ("devices", "user_id"),
            ("notification_choices", "owner_id"),
            ("refresh_tokens", "session_id"),
        ] {
            let query: &'static str = format!("SELECT COUNT({column}) FROM {table}").leak();
            assert_eq!(log::one::<i64>(core, query).await, 0, "{table}");
        }
        let left: (String, Option<String>, String) =
            log::one(core, "SELECT email, name, password_hash FROM users").await;
        assert!(left.0.starts_with("erased-") && left.1.is_none() && left.2.is_empty(), "{left:?}");
        let named: i64 = log::one(core, "SELECT COUNT(*) FROM sessions WHERE ip IS NOT NULL OR user_agent IS NOT NULL").await;
        assert_eq!(named, 0);

        let again = shop.customer("ana").await;
        assert_ne!(again.id, ana.id);
        assert_eq!(again.get(PROFILE).send().await.expect(200)["ssn"], Value::Null);
        // The index went with her: the number counts as new.
        again.gives_ssn("536-90-4399").await;
        shop.number_the_log().await;
        let duplicates: i64 = log::one(core, "SELECT COUNT(*) FROM profiles").await;
        assert_eq!(duplicates, 1);
        let auditor = shop.staff(Role::Auditor).await;
        let path = "/api/admin/security/audit-logs?kind=profile.duplicate_identity";
        let found = shop.get(path).bearer(&auditor.access).send().await.expect(200);
        assert_eq!(found["items"], json!([]));
    }
}

on_both! {
    /// Who still has something is told what, and everything stays as it was, sessions and keys included.
    async fn an_account_that_is_not_empty_stays(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        ana.gives_ssn("536-90-4399").await;
        ana.signed_post("/api/v1/portfolio/buy", json!({ "symbol": "KO", "qty": "1" })).send().await.expect(201);
        let order = json!({ "symbol": "KO", "side": "buy", "qty": "1", "type": "limit", "time_in_force": "gtc", "limit_price": "1.00" });
        ana.signed_post("/api/v1/orders", order).send().await.expect(201);
        let request = ana.stepped_up(ana.delete(PROFILE)).await;
        let problem = request.send().await.refused(409, "closing.not_empty");
        let mut codes: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["closing.cash_left", "closing.open_orders", "closing.positions_left"]);
        assert_eq!(ana.get(PROFILE).send().await.expect(200)["ssn"], "XXX-XX-4399");
        let deposit = json!({ "amount": "1.00", "currency": "USD" });
        ana.signed_post("/api/v1/cash/deposits", deposit).send().await.expect(201);
        shop.sign_in("ana@example.com", PASSWORD).await;
        assert!(shop.kinds_about(&ana.id).await.contains(&"person.erasure_refused".to_owned()));
        shop.books_agree().await;
    }
}

on_both! {
    /// Without step-up nobody is erased, and a proof for one person's erasure erases nobody else.
    async fn erasure_takes_a_step_up(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        ana.delete(PROFILE).send().await.refused(403, "step_up.required");
        shop.delete(PROFILE).send().await.refused(401, "token.missing");
        let hers = eve.stepped_up(eve.delete(PROFILE)).await;
        hers.clone().bearer(&ana.tokens.access).send().await.refused(403, "step_up.required");
        ana.get(PROFILE).send().await.expect(200);
        hers.send().await.expect(204);
        shop.me(&ana.tokens.access).send().await.expect(200);
    }
}

on_both! {
    /// A copy of the database from before does not bring her data back beside the program: the subject counts as erased.
    async fn a_restored_key_row_is_not_used(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let id: uuid::Uuid = ana.id.parse().unwrap();
        let attacker = Attacker::at(shop.location()).await;
        attacker.run("CREATE TABLE backup AS SELECT * FROM data_keys").await.unwrap();
        ana.erased().await;
        let hers = attacker.uuid(id);
        attacker.run(&format!("INSERT INTO data_keys SELECT * FROM backup WHERE subject_id = {hers}")).await.unwrap();
        let core = shop.app.core.clone();
        let key = shop.app.read(async move |reader: &mut stockade_platform::db::Reader| core.keys.of(reader, id).await).await;
        let key: Result<_, stockade_platform::db::DbError> = key;
        assert!(key.unwrap().is_none());
    }
}
