//! Sign-ins in figures.

use serde_json::{Value, json};
use stockade::features::sign_ins;
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{
        people::{PASSWORD, Tokens},
        shop::Shop,
    },
};

const FIGURES: &str = "/api/admin/security/dashboard/sign-ins";
const ANA: &str = "ana@example.com";

async fn figures(shop: &Shop, staff: &Tokens) -> Value {
    shop.number_the_log().await;
    sign_ins::follow_log(&shop.app).await.unwrap();
    shop.get(FIGURES).bearer(&staff.access).send().await.expect(200)
}

on_both! {
    /// Who came in, who was asked for more and came in, who was kept out: each is counted once, and once a whole day lies
    /// before they are what is usual.
    async fn sign_ins_are_counted(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Analyst).await;
        shop.join(ANA, PASSWORD).await;
        shop.sign_in(ANA, PASSWORD).await;
        for _ in 0..3 {
            shop.login(ANA, "a wrong password").send().await.refused(401, "sign_in.failed");
        }
        let login = shop.login(ANA, PASSWORD).header("x-device-id", "another");
        shop.later(1);
        let answer = login.clone().send().await.expect(200);
        assert_eq!(answer["status"], "second_factor_required");
        shop.with_mailed_code(login, answer).await;
        let found = figures(&shop, &una).await;
        let day = json!({ "allowed": 2, "stepped_up": 1, "passed": 1, "blocked": 3 });
        assert_eq!((&found["day"], &found["usual"]), (&day, &Value::Null));
        let reasons: Vec<&str> = found["reasons"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
        assert!(reasons.contains(&"unknown_device"), "{reasons:?}");
        let slots = found["slots"].as_array().unwrap();
        let blocked: i64 = slots.iter().map(|slot| slot["blocked"].as_i64().unwrap()).sum();
        assert_eq!((slots.len(), blocked), (48, 3));
        // Nothing is counted twice.
        assert_eq!(figures(&shop, &una).await["day"], day);

        // The half hour in which it happened is now the first of the day before.
        shop.later(2 * 86_400 - 1_800);
        let una = shop.sign_in("analyst@example.com", PASSWORD).await;
        let found = figures(&shop, &una).await;
        assert_eq!(found["usual"]["blocked"], 3);
        let ben = shop.join_and_sign_in("ben").await;
        shop.get(FIGURES).bearer(&ben).send().await.refused(403, "role.not_allowed");
    }
}
