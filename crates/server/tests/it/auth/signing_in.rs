//! Signing in, and what a failure gives away: nothing.

use serde_json::{Value, json};
use stockade::core::{actor::Actor, change::Change, event::AuditEvent};
use stockade_platform::db::sql;

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

/// A problem without what differs from request to request.
fn without_id(mut problem: Value) -> Value {
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}

on_both! {
    /// Unknown address, wrong password and disabled account get one answer.
    async fn failures_look_alike(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        shop.join("ben@example.com", PASSWORD).await;
        disable(&shop, "ben@example.com").await;
        let mut answers = Vec::new();
        for (email, password) in [
            ("ana@example.com", "a wrong password"),
            ("eve@example.com", PASSWORD),
            ("ben@example.com", PASSWORD),
            ("not an address", PASSWORD),
            ("ana@example.com", ""),
            ("ana@example.com", &"x".repeat(10_000)),
        ] {
            answers.push(without_id(shop.login(email, password).send().await.refused(401, "sign_in.failed")));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
}

on_both! {
    /// The same password typed on another keyboard, and the address in other letters, are the same.
    async fn spelling_does_not_matter(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("jose@example.com", "une journ\u{e9}e \u{e0} Orl\u{e9}ans").await;
        shop.sign_in(" JOSE@Example.com ", "une journe\u{301}e a\u{300} Orle\u{301}ans").await;
    }
}

on_both! {
    /// What a device says of itself is read strictly and bounded.
    async fn a_device_may_introduce_itself(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let login = |device: Value| {
            let ask = json!({ "email": "ana@example.com", "password": PASSWORD, "device": device });
            shop.post("/api/v1/auth/login").json(ask).send()
        };
        let device = json!({ "user_agent": "Stories/1", "screen": "2560x1440x24", "timezone": "Europe/Oslo",
            "languages": ["nb", "en"], "platform": "Linux", "plugins": [] });
        login(device).await.expect(200);
        login(json!({})).await.expect(200);
        login(json!({ "shoe_size": "44" })).await.refused(422, "request.invalid");
        login(json!({ "platform": "x".repeat(5_000) })).await.refused(422, "device.too_long");
    }
}

on_both! {
    /// Somebody disabled is out at the next refresh, and cannot come back.
    async fn a_disabled_account_cannot_refresh(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let tokens = shop.sign_in("ana@example.com", PASSWORD).await;
        disable(&shop, "ana@example.com").await;
        shop.refresh(&tokens.refresh).send().await.refused(401, "refresh.ended");
        shop.login("ana@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
    }
}

async fn disable(shop: &Shop, email: &'static str) {
    shop.app
        .change(Actor::program("story"), async move |change: &mut Change<'_>| {
            let now = change.now();
            sql("UPDATE users SET disabled_at = $2 WHERE email = $1")
                .bind(email)
                .bind(now)
                .run(change)
                .await?;
            change.commit(AuditEvent::done("story.told"), ())
        })
        .await
        .unwrap();
}
