//! What people give, and what they see of it.

use serde_json::{Value, json};
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

const PATH: &str = "/api/v1/profile";

/// Everything that can be given.
pub(super) fn whole(ssn: &str) -> Value {
    json!({
        "ssn": ssn,
        "ein": "12-3456789",
        "itin": null,
        "bank_account": { "routing_number": "021001208", "account_number": "000123456789", "kind": "checking" },
        "birth_date": "1990-01-31",
        "address": {
            "line1": "1 Main St", "line2": null, "city": "Springfield", "region": "IL", "postal_code": "62701", "country": "US"
        },
        "phone": "+1 202 555 0143",
    })
}

impl Customer<'_> {
    pub async fn gives(&self, profile: Value) -> Value {
        // A second passes, so that entries have an order.
        self.shop.later(1);
        self.shop
            .put(PATH)
            .bearer(&self.tokens.access)
            .json(profile)
            .send()
            .await
            .expect(200)
    }
}

on_both! {
    /// All of it is given, and only masks come back. A field left out stays, null takes it away.
    async fn what_is_given_is_shown_masked(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let nothing = ana.get(PATH).send().await.expect(200);
        assert!(nothing.as_object().unwrap().values().all(Value::is_null), "{nothing}");

        let given = ana.gives(whole("536-90-4399")).await;
        let masked = json!({
            "ssn": "XXX-XX-4399",
            "ein": "XX-XXX6789",
            "itin": null,
            "bank_account": { "routing_number": "021001208", "account_number": "XXXXXXXX6789", "kind": "checking" },
            "birth_date": "1990-XX-XX",
            "address": {
                "line1": "XXXX", "line2": null, "city": "XXXX", "region": "IL", "postal_code": "62XXX", "country": "US"
            },
            "phone": "+XXXXXXX0143",
            "updated_at": shop.now().to_string(),
        });
        assert_eq!(given, masked);
        assert_eq!(ana.get(PATH).send().await.expect(200), masked);

        let changed = ana.gives(json!({ "phone": null, "ein": "98-7654321" })).await;
        assert_eq!((&changed["phone"], &changed["ein"]), (&Value::Null, &json!("XX-XXX4321")));
        assert_eq!(changed["ssn"], "XXX-XX-4399");
        shop.get(PATH).send().await.refused(401, "token.missing");
        let ben = shop.customer("ben").await;
        assert_eq!(ben.get(PATH).send().await.expect(200)["ssn"], Value::Null);
    }
}

on_both! {
    /// The log names the fields and holds none of their values; neither does the database in clear.
    async fn values_are_nowhere_in_clear(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        ana.gives(whole("536-90-4399")).await;
        ana.gives(json!({ "phone": null })).await;
        shop.number_the_log().await;
        let mine = ana.get("/api/v1/audit/mine").send().await.expect(200);
        let newest = &mine["items"][0];
        assert_eq!(newest["kind"], "profile.changed");
        assert_eq!(newest["details"], json!({ "fields": [], "removed": ["phone"] }));
        let text = mine.to_string();
        for value in ["536-90-4399", "536904399", "000123456789", "1990-01-31", "Springfield", "2025550143"] {
            assert!(!text.contains(value), "{value}");
        }
        let stored: Vec<u8> = crate::audit::log::one::<(Vec<u8>,)>(&shop.app.core, "SELECT ssn FROM profiles").await.0;
        assert!(!stored.windows(4).any(|part| part == b"4399"));
        shop.log_is_whole().await;
    }
}

on_both! {
    /// Every field at fault is named with a code of its own, and nothing is stored.
    async fn every_fault_is_named(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let put = |body| shop.put(PATH).bearer(&ana.tokens.access).json(body).send();
        let wrong = json!({
            "ssn": "666-12-3456",
            "ein": "07-1234567",
            "itin": "123-45-6789",
            "bank_account": { "routing_number": "021001207", "account_number": "1", "kind": "gold" },
            "birth_date": "2010-01-31",
            "address": { "line1": "", "city": "Oslo", "region": "ZZ", "postal_code": "1", "country": "US" },
            "phone": "2025550143",
        });
        let problem = put(wrong).await.refused(422, "profile.invalid");
        let found: Vec<(&str, &str)> = problem["errors"].as_array().unwrap().iter()
            .map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        assert_eq!(found, [
            ("ssn", "ssn.never_issued"),
            ("ein", "ein.never_issued"),
            ("itin", "itin.never_issued"),
            ("bank_account.routing_number", "bank_account.routing_check_digit"),
            ("bank_account.account_number", "bank_account.account_number"),
            ("bank_account.kind", "bank_account.kind"),
            ("birth_date", "birth_date.too_young"),
            ("address.line1", "address.line1"),
            ("address.region", "address.region"),
            ("address.postal_code", "address.postal_code"),
            ("phone", "phone.not_international"),
        ]);
        assert!(!problem.to_string().contains("021001207"));
        put(json!({ "ssn": "536-90-4399", "phone": "1" })).await.refused(422, "profile.invalid");
        assert_eq!(ana.get(PATH).send().await.expect(200)["ssn"], Value::Null);
        // What came masked cannot be sent back, nobody's id can be smuggled in, and types are checked.
        put(json!({ "ssn": "XXX-XX-4399" })).await.refused(422, "profile.invalid");
        put(json!({ "user_id": ana.id })).await.refused(422, "request.invalid");
        put(json!({ "ssn": 536_904_399 })).await.refused(422, "request.invalid");
    }
}

on_both! {
    /// The same number on two accounts: neither learns of it, staff do, however it was written.
    async fn one_person_with_two_accounts_is_noticed(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben, eve) = (shop.customer("ana").await, shop.customer("ben").await, shop.customer("eve").await);
        ana.gives(json!({ "ssn": "536-90-4399", "itin": "912-70-3456" })).await;
        ben.gives(json!({ "ssn": "536-90-4398" })).await;
        let answer = eve.gives(json!({ "ssn": "536904399" })).await;
        let own = ana.gives(json!({ "ssn": "536 90 4399" })).await;
        assert_eq!((&answer["ssn"], &own["ssn"]), (&json!("XXX-XX-4399"), &json!("XXX-XX-4399")));
        ana.gives(json!({ "ssn": null })).await;
        ben.gives(json!({ "ssn": "536-90-4399", "itin": "912-70-3456" })).await;

        for person in [&ana, &ben, &eve] {
            assert!(!shop.kinds_about(&person.id).await.contains(&"profile.duplicate_identity".to_owned()));
        }
        let path = "/api/admin/security/audit-logs?kind=profile.duplicate_identity";
        let auditor = shop.staff(Role::Auditor).await;
        let found = shop.get(path).bearer(&auditor.access).send().await.expect(200);
        let details: Vec<&Value> = found["items"].as_array().unwrap().iter().map(|entry| &entry["details"]).collect();
        assert_eq!(details, [
            &json!({ "field": "itin", "account": ben.id, "others": [ana.id] }),
            &json!({ "field": "ssn", "account": ben.id, "others": [eve.id] }),
            &json!({ "field": "ssn", "account": ana.id, "others": [eve.id] }),
            &json!({ "field": "ssn", "account": eve.id, "others": [ana.id] }),
        ]);
        assert!(found["items"].as_array().unwrap().iter().all(|entry| entry["subject"] == Value::Null));
    }
}

on_both! {
    /// Two who give one number at the same moment are noticed, too.
    async fn duplicates_do_not_slip_through_together(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        tokio::join!(ana.gives(json!({ "ssn": "536-90-4399" })), ben.gives(json!({ "ssn": "536-90-4399" })));
        let auditor = shop.staff(Role::Auditor).await;
        shop.number_the_log().await;
        let path = "/api/admin/security/audit-logs?kind=profile.duplicate_identity";
        let found = shop.get(path).bearer(&auditor.access).send().await.expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
    }
}
