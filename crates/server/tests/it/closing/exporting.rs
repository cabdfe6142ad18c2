//! The export of all one's data.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{people::text, shop::Shop},
};

const EXPORT: &str = "/api/v1/profile/export";

on_both! {
    /// Everything that is kept of her, in clear, nothing of anybody else's, and no secret.
    async fn all_data_are_taken_away(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        let ben = shop.customer("ben").await.with_cash(500).await;
        ben.gives_ssn("536-90-4398").await;
        ana.gives_ssn("536-90-4399").await;
        for _ in 0..3 {
            ana.signed_post("/api/v1/portfolio/buy", json!({ "symbol": "KO", "qty": "1" })).send().await.expect(201);
        }
        shop.number_the_log().await;
        ana.get(EXPORT).send().await.refused(403, "step_up.required");
        let answer = ana.stepped_up(ana.get(EXPORT)).await.send().await;
        assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"stockade-export.json\"");
        let all = answer.expect(200);
        assert_eq!((&all["account"]["id"], &all["account"]["email"]), (&json!(ana.id), &json!("ana@example.com")));
        assert_eq!(all["profile"]["ssn"], "536-90-4399");
        let count = |list: &str| all[list].as_array().unwrap_or_else(|| panic!("{list}")).len();
        assert_eq!((count("sessions"), count("transfers"), count("orders")), (1, 1, 3));
        assert_eq!(all["signing_keys"][0]["name"], "session");
        assert_eq!(all["orders"][0]["fills"].as_array().unwrap().len(), 1);
        let mut cash = 0_i64;
        for line in all["ledger_lines"].as_array().unwrap() {
            if line["asset"] == "cash:USD" {
                let amount = text(&line["amount"]).replace('.', "");
                cash += amount.parse::<i64>().unwrap();
            }
        }
        let now = ana.get("/api/v1/cash").send().await.expect(200);
        assert_eq!(cash, text(&now["balance"]).replace('.', "").parse::<i64>().unwrap());
        let mine = ana.get("/api/v1/audit/mine?limit=100").send().await.expect(200);
        assert!(count("audit_entries") >= 5 && count("audit_entries") <= mine["items"].as_array().unwrap().len());
        let whole = all.to_string();
        for foreign in [ben.id.as_str(), "536-90-4398", "ben@example.com", ana.key.secret.as_str(), "$argon2"] {
            assert!(!whole.contains(foreign), "{foreign}");
        }
        assert!(shop.kinds_about(&ana.id).await.contains(&"profile.exported".to_owned()));
    }
}

on_both! {
    /// What signs her in is named, and nothing that would sign in as her.
    async fn ways_to_sign_in_are_taken_away(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut added = ana.add_passkey("my phone").await;
        let by_mail = json!({ "items": [{ "kind": "sign_ins", "by_mail": true }] });
        ana.put("/api/v1/notifications").json(by_mail).send().await.expect(200);
        let proven = shop.stepped_up_by(&mut added.device, &ana.tokens, ana.get(EXPORT)).await;
        let all = proven.send().await.expect(200);
        assert_eq!(all["passkeys"][0]["name"], "my phone");
        assert_eq!(all["second_factors"], json!({ "methods": ["passkey", "backup_code"], "backup_codes_left": 10 }));
        assert_eq!(all["linked_sign_ins"], json!([]));
        let devices = all["devices"].as_array().unwrap();
        assert_eq!(devices.len(), 1);
        assert_eq!(all["sessions"][0]["device_id"], devices[0]["id"]);
        let chosen = all["notifications"].as_array().unwrap().iter().find(|kind| kind["kind"] == "sign_ins").unwrap();
        assert_eq!(chosen["by_mail"], true);
        for code in &added.backup_codes {
            assert!(!all.to_string().contains(&text(code)));
        }
    }
}

on_both! {
    /// Each field in clear wants a step-up of its own, and is on record by name alone.
    async fn fields_are_revealed_under_step_up(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        ana.gives_ssn("536-90-4399").await;
        let path = "/api/v1/profile/reveal";
        let ask = |fields: Value| ana.post(path).json(json!({ "fields": fields }));
        ask(json!(["ssn"])).send().await.refused(403, "step_up.required");
        let proven = ana.stepped_up(ask(json!(["ssn", "phone", "ssn"]))).await;
        // The proof is for these fields, once.
        let more = proven.clone().json(json!({ "fields": ["ssn", "birth_date"] }));
        more.send().await.refused(403, "step_up.required");
        let shown = proven.clone().send().await.expect(200);
        assert_eq!(shown, json!({ "ssn": "536-90-4399", "phone": null }));
        proven.send().await.refused(403, "step_up.required");
        ask(json!(["password"])).send().await.refused(422, "request.invalid");
        shop.number_the_log().await;
        let mine = ana.get("/api/v1/audit/mine?limit=100").send().await.expect(200);
        let revealed: Vec<&Value> =
            mine["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "profile.revealed").collect();
        assert_eq!(revealed.len(), 1);
        assert_eq!(revealed[0]["details"], json!({ "fields": ["ssn", "phone"] }));
        assert!(!mine.to_string().contains("536-90-4399"));
    }
}
