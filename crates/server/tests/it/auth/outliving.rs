//! What nobody finished goes after its time, and nothing that still counts goes with it.

use serde_json::json;
use stockade::features::auth;
use stockade_platform::db::{DbResult, Reader, sql};

use crate::{on_both, support::shop::Shop};

/// Where something waits to be finished.
const WAITING: [&str; 5] = [
    "sign_in_challenges",
    "step_ups",
    "passkey_ceremonies",
    "registrations",
    "refresh_tokens",
];

async fn waiting(shop: &Shop) -> Vec<i64> {
    let counted: DbResult<Vec<i64>> = shop
        .app
        .read(async |reader: &mut Reader| {
            let mut counts = Vec::new();
            for table in WAITING {
                counts.push(sql(format!("SELECT COUNT(*) FROM {table}")).one(reader).await?);
            }
            Ok(counts)
        })
        .await;
    counted.unwrap()
}

on_both! {
    /// Sign-ins, step-ups, passkeys and registrations that were begun and left; a session that outlives them.
    async fn what_nobody_finished_goes(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        shop.challenge(&ana.email).await;
        let refused = ana.get("/api/v1/profile/export").send().await.refused(403, "step_up.required");
        shop.begin_step_up(&ana.tokens, &refused).await;
        shop.passkey_challenge().await;
        shop.register("ben@example.com", "a quiet harbour at dusk").await;
        auth::prune(&shop.app).await.unwrap();
        assert_eq!(waiting(&shop).await, [1, 1, 1, 1, 1]);
        shop.later(3 * 86_400);
        let session = shop.sign_in_with(&ana.email, &app).await;
        shop.passkey_challenge().await;
        auth::prune(&shop.app).await.unwrap();
        assert_eq!(waiting(&shop).await, [0, 0, 1, 0, 2], "the younger ceremony and both refresh tokens live");
        shop.refresh(session["refresh_token"].as_str().unwrap()).send().await.expect(200);
        shop.later(10 * 86_400);
        auth::prune(&shop.app).await.unwrap();
        assert_eq!(waiting(&shop).await, [0, 0, 0, 0, 0]);
        let old = json!({ "challenge": "gone", "code": "123456" });
        shop.post("/api/v1/auth/login/2fa").json(old).send().await.refused(401, "challenge.invalid");
    }
}
