//! Staff at the audit log, over HTTP: who may, what they find, and what is kept of their reading.

use serde_json::Value;
use stockade_domain::roles::Role;

use super::attacker::Attacker;
use crate::{
    on_both,
    support::{
        people::{PASSWORD, Tokens, text},
        shop::Shop,
    },
};

const LOGS: &str = "/api/admin/security/audit-logs";
const VERIFY: &str = "/api/admin/security/audit-logs/verify-chain";

async fn entries(shop: &Shop, reader: &Tokens, query: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{LOGS}?limit=7{query}{cursor}");
        let page = shop.get(&path).bearer(&reader.access).send().await.expect(200);
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

on_both! {
    /// Auditors, analysts and administrators may; nobody else, and that is on record.
    async fn only_some_may_read_it(database: Database) {
        let shop = Shop::start(database).await;
        for role in [Role::Auditor, Role::Analyst, Role::Admin] {
            let reader = shop.staff(role).await;
            shop.get(LOGS).bearer(&reader.access).send().await.expect(200);
            shop.post(VERIFY).bearer(&reader.access).send().await.expect(200);
        }
        let operator = shop.staff(Role::Operator).await;
        let ana = shop.customer("ana").await;
        for token in [&operator.access, &ana.tokens.access] {
            shop.get(LOGS).bearer(token).send().await.refused(403, "role.not_allowed");
            shop.post(VERIFY).bearer(token).send().await.refused(403, "role.not_allowed");
        }
        shop.get(LOGS).send().await.refused(401, "token.missing");
        shop.number_the_log().await;
        let admin = shop.sign_in("admin@example.com", PASSWORD).await;
        let refused = entries(&shop, &admin, &format!("&kind=access.refused&user={}", ana.id)).await;
        let mut paths: Vec<_> = refused.iter().map(|entry| text(&entry["details"]["path"])).collect();
        paths.sort_unstable();
        assert_eq!(paths, [LOGS, VERIFY]);
        shop.log_is_whole().await;
    }
}

on_both! {
    /// Reading is on record: about whom, and with which filters; to that person as the staff's.
    async fn reading_is_on_record(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let auditor = shop.staff(Role::Auditor).await;
        shop.number_the_log().await;
        shop.later(1);
        let about_ana = entries(&shop, &auditor, &format!("&user={}&kind=sign_in.succeeded", ana.id)).await;
        assert_eq!(about_ana.len(), 1);
        assert_eq!((&about_ana[0]["subject"], &about_ana[0]["kind"]), (&ana.id.as_str().into(), &"sign_in.succeeded".into()));

        shop.number_the_log().await;
        let mine = ana.get("/api/v1/audit/mine").send().await.expect(200);
        let newest = &mine["items"][0];
        assert_eq!((&newest["kind"], &newest["actor"]), (&"audit.read".into(), &"staff".into()));
        assert_eq!((&newest["ip"], &newest["request_id"]), (&Value::Null, &Value::Null));
        let reads = entries(&shop, &auditor, "&kind=audit.read").await;
        assert_eq!(reads.len(), 1, "its own reading is not in the answer");
        assert_ne!(reads[0]["actor"], "staff");
        assert_eq!(reads[0]["details"]["kind"], "sign_in.succeeded");
    }
}

on_both! {
    /// The filters, over HTTP.
    async fn filters(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        shop.customer("ben").await;
        let admin = shop.staff(Role::Admin).await;
        shop.number_the_log().await;
        let all = entries(&shop, &admin, "").await;
        assert!(all.len() > 7, "more than a page");
        let before = shop.now();
        shop.later(60);
        let (from, ana_id) = (shop.now(), ana.id.clone());
        let request = text(&all.iter().find(|entry| entry["request_id"].is_string()).unwrap()["request_id"]);
        ana.with_cash(10).await;
        shop.number_the_log().await;
        let same = |found: &[Value], test: &dyn Fn(&Value) -> bool| !found.is_empty() && found.iter().all(test);
        let recent = entries(&shop, &admin, &format!("&from={from}&user={ana_id}")).await;
        assert!(same(&recent, &|entry| entry["kind"].as_str().unwrap().starts_with("deposit.")), "{recent:?}");
        let family = entries(&shop, &admin, &format!("&user={ana_id}&kind=deposit.*")).await;
        assert!(same(&family, &|entry| entry["kind"] == "deposit.settled"), "{family:?}");
        let old = entries(&shop, &admin, &format!("&to={from}")).await;
        let others = |found: &[Value]| found.iter().filter(|entry| entry["kind"] != "audit.read").cloned().collect::<Vec<_>>();
        assert_eq!(others(&old), others(&all));
        let of_request = entries(&shop, &admin, &format!("&request_id={request}")).await;
        assert!(same(&of_request, &|entry| entry["request_id"] == request.as_str()));
        assert_eq!(entries(&shop, &admin, &format!("&from={from}&to={before}")).await, Vec::<Value>::new());

        for wrong in ["cursor=x", "cursor=x&user=01900000-0000-7000-8000-000000000000", "cursor=-1"] {
            let path = format!("{LOGS}?{wrong}");
            shop.get(&path).bearer(&admin.access).send().await.refused(422, "page.unknown_cursor");
        }
        for wrong in ["from=yesterday", "user=ana", "limit=-1", "page=2"] {
            let path = format!("{LOGS}?{wrong}");
            shop.get(&path).bearer(&admin.access).send().await.refused(422, "request.invalid_query");
        }
    }
}

on_both! {
    /// Verifying over HTTP names damage, and the outcome is on record.
    async fn verifying_names_damage(database: Database) {
        let location = database.location.clone();
        let shop = Shop::start(database).await;
        let auditor = shop.staff(Role::Auditor).await;
        shop.customer("ana").await;
        shop.number_the_log().await;
        let sound = shop.post(VERIFY).bearer(&auditor.access).send().await.expect(200);
        assert_eq!((&sound["valid"], &sound["problems"]), (&true.into(), &Value::Array(vec![])));
        shop.number_the_log().await;

        Attacker::unhindered_at(&location).await.alter(1).await;
        let damaged = shop.post(VERIFY).bearer(&auditor.access).send().await.expect(200);
        assert_eq!(damaged["valid"], false);
        assert_eq!((&damaged["problems"][0]["kind"], &damaged["problems"][0]["seq"]), (&"altered_entry".into(), &1.into()));
        shop.number_the_log().await;
        let verified = entries(&shop, &auditor, "&kind=audit.verified").await;
        let outcomes: Vec<_> = verified.iter().map(|entry| (&entry["outcome"], &entry["details"]["kinds"])).collect();
        let failure: Value = serde_json::json!(["altered_entry"]);
        assert_eq!(outcomes, [(&"failure".into(), &failure), (&"success".into(), &serde_json::json!([]))]);
    }
}
