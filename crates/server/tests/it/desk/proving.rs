//! Staff at proofs of anybody's entries, and at the policy that decides.

use auditlog::{Proof, VerifyingKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

const LOGS: &str = "/api/admin/security/audit-logs";

on_both! {
    /// An entry about somebody else is proved to staff, with all it says; that is on record, and not for customers.
    async fn any_entry_is_proved(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Auditor).await;
        let ana = shop.customer("ana").await;
        shop.number_the_log().await;
        let page = shop.get(&format!("{LOGS}?kind=sign_in.succeeded&user={}", ana.id)).bearer(&una.access).send().await.expect(200);
        let entry = &page["items"][0];
        let path = format!("{LOGS}/{}/proof", text(&entry["id"]));
        let proof = shop.get(&path).bearer(&una.access).send().await.expect(200);
        let key: VerifyingKey = text(&proof["key"]).parse().unwrap();
        let leaf = STANDARD.decode(text(&proof["leaf"])).unwrap();
        let checkpoint = text(&proof["proof"]).parse::<Proof>().unwrap().verify(&leaf, &key).unwrap();
        assert!(checkpoint.size > entry["seq"].as_u64().unwrap());
        assert!(proof["payload"].is_string());
        shop.get(&path).bearer(&ana.tokens.access).send().await.refused(403, "role.not_allowed");
        let unknown = "01900000-0000-7000-8000-000000000000";
        shop.get(&format!("{LOGS}/{unknown}/proof")).bearer(&una.access).send().await.refused(404, "audit.unknown_entry");
        shop.number_the_log().await;
        let read = shop.get(&format!("{LOGS}?kind=audit.proved")).bearer(&una.access).send().await.expect(200);
        assert_eq!(read["items"][0]["details"]["entry"], entry["id"]);
        shop.log_is_whole().await;
    }
}

on_both! {
    /// A verification says how far it has come; the policy that decides is there to be read and compared.
    async fn what_decides_can_be_read(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Auditor).await;
        shop.post(&format!("{LOGS}/verify-chain")).bearer(&una.access).send().await.expect(200);
        let progress = shop.get(&format!("{LOGS}/verify-chain")).bearer(&una.access).send().await.expect(200);
        assert_eq!(progress["checked"], progress["of"]);
        assert_eq!((&progress["last"]["valid"], &progress["last"]["problems"]), (&json!(true), &json!(0)));
        let live = shop.get("/api/admin/security/policies/live").bearer(&una.access).send().await.expect(200);
        let policies = shop.get("/api/admin/security/policies").bearer(&una.access).send().await.expect(200);
        assert_eq!(live["hash"], policies["live"]);
        assert!(text(&live["text"]).contains("impossible_travel"));
        shop.join("ana@example.com", PASSWORD).await;
        let ana = shop.sign_in("ana@example.com", PASSWORD).await;
        shop.get("/api/admin/security/policies/live").bearer(&ana.access).send().await.refused(403, "role.not_allowed");
    }
}
