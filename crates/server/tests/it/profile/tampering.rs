//! Somebody with full rights on the database and no keys changes, moves and swaps sealed fields.

use serde_json::{Value, json};
use stockade_domain::roles::Role;
use uuid::Uuid;

use super::giving::whole;
use crate::{
    audit::attacker::Attacker,
    on_both,
    support::{people::Customer, shop::Shop},
};

const PATH: &str = "/api/v1/profile";

/// Ana's profile cannot be read, which is said and on record as what it is; nothing of it is shown.
async fn is_noticed(shop: &Shop, ana: &Customer<'_>, column: &str) {
    shop.later(1);
    let problem = ana.get(PATH).send().await.refused(500, "vault.tampered");
    assert_eq!(problem.get("ssn"), None);
    shop.number_the_log().await;
    let mine = ana.get("/api/v1/audit/mine?limit=1").send().await.expect(200);
    let entry = &mine["items"][0];
    assert_eq!(
        (&entry["kind"], &entry["outcome"]),
        (&json!("vault.tampered"), &json!("failure"))
    );
    assert_eq!(entry["details"], json!({ "table": "profiles", "column": column }));
}

on_both! {
    /// A ciphertext that is changed, moved to another column or row, or taken from somebody else does not open.
    async fn a_changed_or_moved_field_does_not_open(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        ben.gives(whole("536-90-4398")).await;
        let attacker = Attacker::at(shop.location()).await;
        let id = |person: &Customer<'_>| attacker.uuid(person.id.parse::<Uuid>().unwrap());
        let (hers, his) = (id(&ana), id(&ben));
        let attacks = [
            // Two fields of hers change places.
            (format!("UPDATE profiles SET ssn = ein, ein = ssn WHERE user_id = {hers}"), "ssn"),
            // His field, under her name.
            (format!("UPDATE profiles SET phone = (SELECT phone FROM profiles WHERE user_id = {his}) WHERE user_id = {hers}"), "phone"),
            // His whole row, and his key with it.
            (format!("UPDATE profiles SET ssn = (SELECT ssn FROM profiles WHERE user_id = {his}), ein = NULL, bank_account = NULL,
                birth_date = NULL, address = NULL, phone = NULL WHERE user_id = {hers}"), "ssn"),
            // Cut short, and emptied.
            (format!("UPDATE profiles SET address = substr(address, 1, 60) WHERE user_id = {hers}"), "address"),
            (format!("UPDATE profiles SET birth_date = substr(birth_date, 1, 0) WHERE user_id = {hers}"), "birth_date"),
        ];
        for (attack, column) in attacks {
            ana.gives(whole("536-90-4399")).await;
            ana.get(PATH).send().await.expect(200);
            attacker.run(&attack).await.unwrap();
            is_noticed(&shop, &ana, column).await;
        }
        // She gives it anew, and it is hers again.
        ana.gives(whole("536-90-4399")).await;
        assert_eq!(ana.get(PATH).send().await.expect(200)["ssn"], "XXX-XX-4399");
        shop.log_is_whole().await;
    }
}

on_both! {
    /// A field of somebody else's that was tampered with is noticed in passing, and stops nobody.
    async fn other_peoples_damage_is_not_ones_own(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        ana.gives(json!({ "ssn": "536-90-4399", "ein": "12-3456789" })).await;
        let attacker = Attacker::at(shop.location()).await;
        attacker.run("UPDATE profiles SET ssn = ein").await.unwrap();
        assert_eq!(ben.gives(json!({ "ssn": "536-90-4399" })).await["ssn"], "XXX-XX-4399");
        let auditor = shop.staff(Role::Auditor).await;
        shop.number_the_log().await;
        let found = |kind: &str| {
            let path = format!("/api/admin/security/audit-logs?kind={kind}");
            shop.get(&path).bearer(&auditor.access).send()
        };
        let tampered = found("vault.tampered").await.expect(200);
        assert_eq!(tampered["items"][0]["subject"], json!(ana.id));
        let duplicates = found("profile.duplicate_identity").await.expect(200);
        assert_eq!(duplicates["items"], Value::Array(Vec::new()));
    }
}
