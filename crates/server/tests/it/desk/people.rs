//! Looking people up.

use serde_json::{Value, json};
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{
        people::{PASSWORD, Tokens, text},
        shop::Shop,
    },
};

const USERS: &str = "/api/admin/users";

async fn found(shop: &Shop, staff: &Tokens, query: &str) -> Vec<String> {
    let path = format!("{USERS}?{query}");
    let page = shop.get(&path).bearer(&staff.access).send().await.expect(200);
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| text(&person["email"]))
        .collect()
}

on_both! {
    /// By name, address, role and id; what stands for anything elsewhere means itself; customers find nobody.
    async fn people_are_found(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Analyst).await;
        let ana = shop.join("ana@example.com", PASSWORD).await;
        let ben = shop.join("b_n@example.com", PASSWORD).await;
        assert_eq!(found(&shop, &una, "").await, ["b_n@example.com", "ana@example.com", "analyst@example.com"]);
        assert_eq!(found(&shop, &una, "query=B_N").await, ["b_n@example.com"]);
        assert_eq!(found(&shop, &una, "query=n%25").await, [""; 0]);
        assert_eq!(found(&shop, &una, "role=analyst").await, ["analyst@example.com"]);
        assert_eq!(found(&shop, &una, &format!("ids={ana},{ben}&query=ana%40")).await, ["ana@example.com"]);
        assert_eq!(found(&shop, &una, &format!("limit=1&cursor={ben}")).await, ["ana@example.com"]);
        let page = shop.get(&format!("{USERS}?ids={ana}")).bearer(&una.access).send().await.expect(200);
        let person = &page["items"][0];
        assert_eq!((&person["name"], &person["role"], &person["restricted_at"]), (&json!("Ana"), &json!("customer"), &Value::Null));
        for wrong in ["ids=ana", "role=root", "name=ana"] {
            let status = shop.get(&format!("{USERS}?{wrong}")).bearer(&una.access).send().await.status;
            assert_eq!(status, 422, "{wrong}");
        }
        let cem = shop.join_and_sign_in("cem").await;
        shop.get(USERS).bearer(&cem).send().await.refused(403, "role.not_allowed");
    }
}
