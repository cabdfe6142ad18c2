//! What a person sees of the record, over HTTP, and the proofs they can take away.

use auditlog::{Proof, VerifyingKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::log;
use crate::{
    on_both,
    support::{people::text, shop::Shop},
};

fn kinds(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| text(&entry["kind"]))
        .collect()
}

on_both! {
    /// One's own entries, newest first, page by page, with where they were made from.
    async fn one_sees_ones_own_entries(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ben = shop.customer("ben").await;
        shop.number_the_log().await;
        let all = ana.get("/api/v1/audit/mine").send().await.expect(200);
        assert_eq!(all["next_cursor"], Value::Null);
        let expected = shop.kinds_about(&ana.id).await;
        assert!(expected.len() >= 3, "{expected:?}");
        assert_eq!(kinds(&all), expected.iter().rev().cloned().collect::<Vec<_>>());
        assert!(all["items"].as_array().unwrap().iter().all(|entry| entry["subject"] == ana.id.as_str()));

        let mut paged = Vec::new();
        let mut path = "/api/v1/audit/mine?limit=1".to_owned();
        loop {
            let page = ana.get(&path).send().await.expect(200);
            paged.extend(kinds(&page));
            match page["next_cursor"].as_str() {
                Some(cursor) => path = format!("/api/v1/audit/mine?limit=1&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(paged, kinds(&all));
        let ids = |page: &Value| page["items"].as_array().unwrap().iter().map(|e| text(&e["id"])).collect::<Vec<_>>();
        let his = ben.get("/api/v1/audit/mine").send().await.expect(200);
        assert!(ids(&his).iter().all(|id| !ids(&all).contains(id)));
        shop.get("/api/v1/audit/mine").send().await.refused(401, "token.missing");
        ana.get("/api/v1/audit/mine?of=ben").send().await.refused(422, "request.invalid_query");
    }
}

on_both! {
    /// A proof holds offline; somebody else's entry, and what is no entry, has none.
    async fn one_takes_a_proof_away(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ben = shop.customer("ben").await;
        shop.number_the_log().await;
        let mine = ana.get("/api/v1/audit/mine").send().await.expect(200);
        for entry in mine["items"].as_array().unwrap() {
            let path = format!("/api/v1/audit/mine/{}/proof", text(&entry["id"]));
            let answer = ana.get(&path).send().await.expect(200);
            let key: VerifyingKey = text(&answer["key"]).parse().unwrap();
            let leaf = STANDARD.decode(text(&answer["leaf"])).unwrap();
            let proof: Proof = text(&answer["proof"]).parse().unwrap();
            assert_eq!(proof.verify(&leaf, &key).unwrap().origin, "stockade");
            assert_eq!(answer["entry"], *entry);
            ben.get(&path).send().await.refused(404, "audit.unknown_entry");
        }
        for nothing in ["x", "01900000-0000-7000-8000-000000000000"] {
            ana.get(&format!("/api/v1/audit/mine/{nothing}/proof")).send().await.refused(404, "audit.unknown_entry");
        }
    }
}

on_both! {
    /// Before it is numbered, an entry asks for a moment's patience.
    async fn a_proof_may_have_to_wait(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        if shop.app.core.db.numbers_at_group_end() {
            return;
        }
        let waiting: uuid::Uuid = log::one(
            &shop.app.core,
            "SELECT i.entry_id FROM audit_inbox i JOIN audit_payloads p ON p.entry_id = i.entry_id
             WHERE p.subject_id IS NOT NULL",
        ).await;
        let answer = ana.get(&format!("/api/v1/audit/mine/{waiting}/proof")).send().await;
        assert_eq!(answer.headers["retry-after"], "1");
        answer.refused(409, "audit.not_yet_numbered");
        shop.number_the_log().await;
        ana.get(&format!("/api/v1/audit/mine/{waiting}/proof")).send().await.expect(200);
    }
}
