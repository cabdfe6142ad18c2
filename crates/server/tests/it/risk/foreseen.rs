//! What an instance works out before a unit begins counts only while the database says the same.

use serde_json::json;
use stockade::features::auth;
use stockade_domain::{risk::Policy, roles::Role};

use super::{buy, decisions, read};
use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

on_both! {
    /// Somebody trades on two instances in turn. Each foresees from what it last stored itself, and none leaves out what
    /// happened at the other: every order of the hour counts, in its own decision and in the next.
    async fn orders_on_two_instances_all_count(database: Database) {
        let shop = Shop::start(database).await;
        let (other, una) = (shop.second().await, shop.staff(Role::Analyst).await);
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        for at in [&shop, &shop, &other, &other, &shop, &other, &shop, &shop] {
            shop.later(1);
            assert_eq!(buy(&ana, at, "10.00").await, 201);
        }
        let list = format!("/api/admin/security/decisions?kind=transaction&user={}", ana.id);
        let listed = shop.get(&list).bearer(&una.access).send().await.expect(200);
        let mut counts = Vec::new();
        for decision in listed["items"].as_array().unwrap() {
            let path = format!("/api/admin/security/decisions/{}", text(&decision["id"]));
            let told = shop.get(&path).bearer(&una.access).send().await.expect(200);
            let facts = told["facts"].as_array().unwrap();
            let count = facts.iter().find(|fact| fact["name"] == "in_last_hour");
            counts.push(count.unwrap()["value"].clone());
        }
        assert_eq!(json!(counts), json!([8, 7, 6, 5, 4, 3, 2, 1]));
        let report = stockade::features::risk::replay(&shop.app, |_| {}).await.unwrap();
        assert_eq!(report.different, 0);
    }
}

on_both! {
    /// A policy decides from its approval on, whatever was foreseen by the one before; and what is refused for lack of cash
    /// leaves no decision behind.
    async fn a_new_policy_decides_at_once(database: Database) {
        let shop = Shop::start(database).await;
        let admin = shop.staff(Role::Admin).await;
        auth::create_staff(&shop.app, "second@example.com", PASSWORD, Role::Admin).await.unwrap();
        let second = shop.sign_in("second@example.com", PASSWORD).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        assert_eq!(buy(&ana, &shop, "10.00").await, 201);
        let before = decisions(&shop).await.len();
        assert_eq!(buy(&ana, &shop, "95.00").await, 409);
        assert_eq!(decisions(&shop).await.len(), before);

        let policies = "/api/admin/security/policies";
        let text = Policy::default_policy().text().replace("name = \"default\"", "name = \"renamed\"");
        let proposal = json!({ "text": text, "note": "a name of its own" });
        let proposed = shop.post(policies).bearer(&admin.access).json(proposal).send().await.expect(201);
        let approve = format!("{policies}/{}/approve", proposed["id"].as_str().unwrap());
        shop.post(&approve).bearer(&second.access).send().await.expect(200);
        shop.later(1);
        assert_eq!(buy(&ana, &shop, "10.00").await, 201);
        let hashes: Vec<(String,)> = read(&shop, "SELECT policy_hash FROM risk_decisions ORDER BY id DESC LIMIT 1").await;
        assert_eq!(json!(hashes[0].0), proposed["hash"]);
    }
}
