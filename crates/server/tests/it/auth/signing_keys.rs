//! Signing keys: made under step-up, shown once, scoped, revocable.

use serde_json::{Value, json};
use stockade::features::auth;
use stockade_platform::db::{DbResult, Reader, sql};

use crate::{
    on_both,
    support::{
        people::{PASSWORD, SigningKey, text},
        shop::Shop,
    },
};

const DEPOSITS: &str = "/api/v1/cash/deposits";

fn hundred() -> Value {
    json!({ "amount": "100.00", "currency": "USD" })
}

on_both! {
    /// Making a key takes a step-up, however recent the sign-in.
    async fn a_key_takes_a_step_up(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let refused = ana.post("/api/v1/signing-keys").json(json!({ "name": "bot" })).send().await;
        refused.refused(403, "step_up.required");
        shop.signing_key(&ana.tokens, json!({ "name": "bot" })).await;
    }
}

on_both! {
    /// The secret is shown once and lies sealed; the list says when a key was last used.
    async fn the_secret_is_shown_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_key().await;
        assert_eq!(ana.key.secret.len(), 43);
        let sealed: Vec<u8> = shop.app.read(async |reader: &mut Reader| -> DbResult<_> {
            sql("SELECT sealed_secret FROM signing_keys WHERE session_id IS NULL").one(reader).await
        }).await.unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains(&ana.key.secret));
        let list = ana.get("/api/v1/signing-keys").send().await.expect(200);
        assert_eq!(list["items"][0]["last_used_at"], Value::Null);
        assert!(list["items"][0].get("secret").is_none());
        shop.later(60);
        ana.signed_post(DEPOSITS, hundred()).send().await.expect(201);
        let used = ana.get("/api/v1/signing-keys").send().await.expect(200);
        assert_eq!(used["items"][0]["last_used_at"], json!(shop.now().to_string()));
        assert_eq!(used["items"][0]["scopes"], json!(["trade", "cash"]));
    }
}

on_both! {
    /// A revoked key signs nothing any more, on this instance and on another that remembers it.
    async fn a_revoked_key_is_dead(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_key().await;
        let ben = shop.customer("ben").await;
        let other = shop.second().await;
        ana.signed_post(DEPOSITS, hundred()).at(&other).send().await.expect(201);
        let path = format!("/api/v1/signing-keys/{}", ana.key.id);
        ben.delete(&path).send().await.refused(404, "signing_key.unknown");
        ana.delete(&path).send().await.expect(204);
        ana.delete(&path).send().await.refused(404, "signing_key.unknown");
        ana.signed_post(DEPOSITS, hundred()).send().await.refused(401, "signature.unknown_key");
        ana.signed_post(DEPOSITS, hundred()).at(&other).send().await.refused(401, "signature.replayed");
        ben.signed_post(DEPOSITS, hundred()).send().await.expect(201);
    }
}

on_both! {
    /// A key signs for its scopes only, and lives for its time only.
    async fn a_key_keeps_to_its_scopes_and_its_time(database: Database) {
        let shop = Shop::start_with(database, &[("SIGNING__KEY_DAYS", "1")]).await;
        let ana = shop.customer("ana").await.with_key().await;
        let trader = shop.signing_key(&ana.tokens, json!({ "name": "bot", "scopes": ["trade"] })).await;
        ana.post(DEPOSITS).json(hundred()).signed(&trader).send().await.refused(403, "signature.scope");
        let buy = ana.post("/api/v1/portfolio/buy").json(json!({ "symbol": "KO", "qty": "1" })).signed(&trader);
        buy.send().await.refused(409, "order.not_enough_cash");
        for scopes in [json!([]), json!(["root"])] {
            let ask = json!({ "name": "bot", "scopes": scopes });
            ana.post("/api/v1/signing-keys").json(ask).send().await.refused(422, "request.invalid");
        }
        shop.later(86_400);
        let later = shop.sign_in("ana@example.com", PASSWORD).await;
        let deposit = shop.post(DEPOSITS).bearer(&later.access).json(hundred()).signed(&ana.key);
        deposit.send().await.refused(401, "signature.unknown_key");
    }
}

on_both! {
    /// A session's key signs in its session, is replaced when asked for again, and dies with it.
    async fn a_session_key_dies_with_its_session(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_key().await;
        let session_key = async || {
            let made = ana.post("/api/v1/auth/session-key").send().await.expect(201);
            SigningKey { id: text(&made["id"]), secret: text(&made["secret"]) }
        };
        let first = session_key().await;
        let deposit = |key: &SigningKey| ana.post(DEPOSITS).json(hundred()).signed(key);
        deposit(&first).send().await.expect(201);
        let second = session_key().await;
        deposit(&first).send().await.refused(401, "signature.unknown_key");
        deposit(&second).send().await.expect(201);

        let elsewhere = shop.sign_in("ana@example.com", PASSWORD).await;
        let there = |key: &SigningKey| shop.post(DEPOSITS).bearer(&elsewhere.access).json(hundred()).signed(key).send();
        there(&second).await.refused(401, "signature.unknown_key");
        there(&ana.key).await.expect(201);
        ana.post("/api/v1/auth/logout").send().await.expect(204);
        there(&second).await.refused(401, "signature.unknown_key");
        there(&ana.key).await.expect(201);
        // Keys of sessions are not listed.
        let list = shop.get("/api/v1/signing-keys").bearer(&elsewhere.access).send().await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }
}

on_both! {
    /// Nobody has more than 25 keys.
    async fn keys_are_few(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        // Nobody is mailed codes without end, so half an hour passes between two keys.
        for number in 1..=25 {
            shop.later(1_800);
            let tokens = shop.sign_in("ana@example.com", PASSWORD).await;
            shop.signing_key(&tokens, json!({ "name": format!("key {number}") })).await;
        }
        shop.later(1_800);
        let ana = ana.again().await;
        let one_more = ana.post("/api/v1/signing-keys").json(json!({ "name": "one more" }));
        shop.stepped_up(&ana.tokens, one_more).await.send().await.refused(409, "signing_key.too_many");
    }
}

on_both! {
    /// The last use of a key survives a restart once it was written down.
    async fn last_uses_are_written_down(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_key().await;
        ana.signed_post(DEPOSITS, hundred()).send().await.expect(201);
        assert_eq!(auth::write_last_uses(&shop.app).await.unwrap(), 1);
        assert_eq!(auth::write_last_uses(&shop.app).await.unwrap(), 0);
        let list = ana.get("/api/v1/signing-keys").at(&shop.second().await).send().await.expect(200);
        assert_eq!(list["items"][0]["last_used_at"], json!(shop.now().to_string()));
    }
}
