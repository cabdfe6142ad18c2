//! The desk's view of risk: recent sign-ins with reasons, explanations, and decisions that come out the same again.

use serde_json::{Value, json};
use stockade::features::risk;
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{
        people::{PASSWORD, Tokens, text},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";
const DESK: &str = "/api/admin/security";

async fn ask(shop: &Shop, staff: &Tokens, path: &str) -> Value {
    shop.get(&format!("{DESK}{path}"))
        .bearer(&staff.access)
        .send()
        .await
        .expect(200)
}

/// Somebody signs in as usual, and a stranger who knows the password tries after some guesses.
async fn a_stranger_tries(shop: &Shop) {
    shop.join(ANA, PASSWORD).await;
    let on = |device: &str, password: &str| {
        shop.later(1);
        shop.login(ANA, password).header("x-device-id", device)
    };
    on("desk", PASSWORD).send().await.expect(200);
    for _ in 0..3 {
        on("a thief's", "a wrong password")
            .send()
            .await
            .refused(401, "sign_in.failed");
    }
    on("a thief's", PASSWORD).send().await.expect(200);
}

on_both! {
    /// The dashboard shows scores and reasons, by filters and page by page; customers see none of it.
    async fn the_dashboard_shows_scores_and_reasons(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Analyst).await;
        a_stranger_tries(&shop).await;
        let dashboard = ask(&shop, &una, "/dashboard/auth?min_score=0.5").await;
        let rows = dashboard["sign_ins"]["items"].as_array().unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((&rows[0]["email"], &rows[0]["score"]), (&json!(ANA), &json!(0.6)));
        assert_eq!((&rows[0]["level"], &rows[0]["fate"]), (&json!("medium"), &json!("challenged")));
        let codes: Vec<_> = rows[0]["reasons"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["failures", "unknown_device"]);

        let user = text(&rows[0]["user_id"]);
        let first = ask(&shop, &una, &format!("/decisions?user={user}&limit=1")).await;
        assert_eq!(first["items"][0]["fate"], "challenged");
        let cursor = text(&first["next_cursor"]);
        let second = ask(&shop, &una, &format!("/decisions?user={user}&limit=1&cursor={cursor}")).await;
        assert_eq!((&second["items"][0]["fate"], &second["next_cursor"]), (&json!("done"), &Value::Null));
        for none in ["kind=transaction", "fate=refused", "to=2026-01-01T00:00:00Z", "from=2027-01-01T00:00:00Z"] {
            assert_eq!(ask(&shop, &una, &format!("/decisions?{none}")).await["items"], json!([]), "{none}");
        }
        let ben = shop.join_and_sign_in("ben").await;
        for path in ["/decisions", "/lists", "/policies"] {
            shop.get(&format!("{DESK}{path}")).bearer(&ben).send().await.refused(403, "role.not_allowed");
        }
    }
}

on_both! {
    /// A decision is explained to its last fact, and comes out the same from what is stored, also on another instance
    /// after a restart. Whoever looked is on record.
    async fn a_decision_is_explained_and_found_again(database: Database) {
        let shop = Shop::start(database).await;
        let una = shop.staff(Role::Analyst).await;
        a_stranger_tries(&shop).await;
        let risky = ask(&shop, &una, "/decisions?min_score=0.5").await;
        let id = text(&risky["items"][0]["id"]);
        let why = ask(&shop, &una, &format!("/decisions/{id}")).await;
        assert_eq!((&why["score"], &why["action"], &why["reproduced"]), (&json!(0.6), &json!("second_factor"), &json!(true)));
        assert_eq!(why["would_pass"], json!(["from a device that is known"]));
        let failures = &why["terms"][0]["evidence"][0];
        assert_eq!((&failures["name"], &failures["value"]), (&json!("failures_15m"), &json!(3)));
        assert!(text(&failures["meaning"]).contains("failed sign-ins"));
        let unheard = why["unheard"].as_array().unwrap();
        assert!(unheard.iter().any(|rule| rule["code"] == "impossible_travel"), "places are unknown here: {unheard:?}");
        let nobody = "/api/admin/security/decisions/01890000-0000-7000-8000-000000000000";
        shop.get(nobody).bearer(&una.access).send().await.refused(404, "decision.unknown");

        let again = shop.second().await;
        let report = risk::replay(&again.app, |_| {}).await.unwrap();
        assert_eq!((report.decisions, report.different), (3, 0));
        let kinds = shop.all_kinds().await;
        assert!(kinds.iter().any(|kind| kind == "risk.decision_read"));
        shop.log_is_whole().await;
    }
}
