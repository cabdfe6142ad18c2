//! API keys: made under step-up, shown once, scoped, expiring, tied to networks, revoked at once on every instance.

use serde_json::{Value, json};
use stockade::features::api_keys;
use stockade_platform::db::{DbResult, Reader, sql};

use super::key_for;
use crate::{
    on_both,
    support::{
        people::{PASSWORD, tokens},
        shop::Shop,
    },
};

const KEYS: &str = "/api/v1/api-keys";
const PORTFOLIO: &str = "/api/v1/portfolio";
const DEPOSITS: &str = "/api/v1/cash/deposits";

on_both! {
    /// Making one takes a step-up; the key is shown once, and what is stored opens nothing.
    async fn a_key_is_made_under_step_up_and_shown_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        ana.post(KEYS).json(key_for("account:read")).send().await.refused(403, "step_up.required");
        let (id, key) = shop.api_key(&ana.tokens, key_for("account:read")).await;
        assert!(key.starts_with("stk_") && key.len() == 76, "{key}");
        let list = ana.get(KEYS).send().await.expect(200);
        let listed = &list["items"][0];
        assert_eq!((listed["id"].as_str(), listed.get("key")), (Some(id.as_str()), None));
        assert_eq!(listed["hint"], key[..10]);
        assert_eq!(listed["last_used_at"], Value::Null);
        let stored: Vec<u8> = shop.app.read(async |reader: &mut Reader| -> DbResult<_> {
            sql("SELECT secret_hash FROM api_keys").one(reader).await
        }).await.unwrap();
        assert!(stored.len() == 32 && !key.contains(&hex::encode(&stored)));
        shop.log_is_whole().await;
        assert!(shop.kinds_about(&ana.id).await.contains(&"api_key.created".to_owned()));
    }
}

on_both! {
    /// A key with the right scope is let in, its use is noted, and a financial request is signed as well.
    async fn a_key_lets_a_program_in(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_key().await;
        let ask = json!({ "name": "bot", "scopes": ["account:read", "cash"] });
        let (_, key) = shop.api_key(&ana.tokens, ask).await;
        shop.later(60);
        for _ in 0..2 {
            shop.get(PORTFOLIO).header("x-api-key", &key).send().await.expect(200);
        }
        let deposit = || {
            let ask = json!({ "amount": "100.00", "currency": "USD" });
            shop.post(DEPOSITS).header("x-api-key", &key).json(ask)
        };
        deposit().send().await.refused(401, "signature.missing");
        deposit().signed(&ana.key).send().await.expect(201);
        let used = ana.get(KEYS).send().await.expect(200);
        assert_eq!(used["items"][0]["last_used_at"], json!(shop.now().to_string()));
        assert_eq!(api_keys::write_last_uses(&shop.app).await.unwrap(), 1);
        assert_eq!(api_keys::write_last_uses(&shop.app).await.unwrap(), 0);
        let again = ana.get(KEYS).at(&shop.second().await).send().await.expect(200);
        assert_eq!(again["items"][0]["last_used_at"], used["items"][0]["last_used_at"]);
    }
}

on_both! {
    /// What is no key, another scope, and what needs a person: each is refused by name.
    async fn a_key_goes_no_further_than_its_scopes(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_key().await;
        let (id, key) = shop.api_key(&ana.tokens, key_for("account:read")).await;
        let with = |path: &str| shop.get(path).header("x-api-key", &key);
        with("/api/v1/assets").send().await.refused(403, "api_key.scope");
        with("/api/admin/security/audit-logs").send().await.refused(403, "role.not_allowed");
        let ask = json!({ "amount": "100.00", "currency": "USD" });
        shop.post(DEPOSITS).header("x-api-key", &key).json(ask).signed(&ana.key).send().await
            .refused(403, "api_key.scope");
        for (method, path) in [
            ("POST", KEYS),
            ("GET", KEYS),
            ("DELETE", &format!("{KEYS}/{id}")),
            ("POST", "/api/v1/signing-keys"),
            ("POST", "/api/v1/auth/session-key"),
            ("POST", "/api/v1/auth/password/change"),
            ("POST", "/api/v1/auth/step-up"),
            ("POST", "/api/v1/auth/2fa/disable"),
            ("DELETE", "/api/v1/profile"),
        ] {
            let ask = match method {
                "POST" => shop.post(path),
                "DELETE" => shop.delete(path),
                _ => shop.get(path),
            };
            ask.header("x-api-key", &key).send().await.refused(403, "api_key.needs_person");
        }
        let mistyped = format!("{}{}", &key[..75], if key.ends_with('0') { "1" } else { "0" });
        let nobodys = "stk_0000000000000000000000000000000000000000000000000000000000000000";
        for wrong in [mistyped.as_str(), nobodys, "", "stk_", &ana.tokens.access] {
            shop.get(PORTFOLIO).header("x-api-key", wrong).send().await.refused(401, "api_key.invalid");
        }
        // A key is none where a token belongs, and of two credentials neither counts.
        shop.get(PORTFOLIO).bearer(&key).send().await.refused(401, "token.invalid");
        with(PORTFOLIO).bearer(&ana.tokens.access).send().await.refused(401, "token.ambiguous");
        with(PORTFOLIO).send().await.expect(200);
    }
}

on_both! {
    /// Asked for badly, no key is made.
    async fn a_key_that_makes_no_sense_is_refused(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        for ask in [
            json!({ "name": "bot" }),
            json!({ "name": "bot", "scopes": [] }),
            json!({ "name": "bot", "scopes": ["root"] }),
            json!({ "name": "bot", "scopes": ["trade"], "role": "admin" }),
        ] {
            ana.post(KEYS).json(ask).send().await.refused(422, "request.invalid");
        }
        for (ask, code) in [
            (json!({ "name": " ", "scopes": ["trade"] }), "name.invalid"),
            (json!({ "name": "bot", "scopes": ["trade"], "networks": ["10.0.0.0/33"] }), "api_key.networks"),
            (json!({ "name": "bot", "scopes": ["trade"], "expires_in_days": 0 }), "api_key.life"),
            (json!({ "name": "bot", "scopes": ["trade"], "expires_in_days": 367 }), "api_key.life"),
        ] {
            let ask = shop.stepped_up(&ana.tokens, ana.post(KEYS).json(ask)).await;
            ask.send().await.refused(422, code);
        }
        assert_eq!(ana.get(KEYS).send().await.expect(200)["items"], json!([]));
    }
}

on_both! {
    /// A key that lists networks is refused from elsewhere, on record, and welcome from there.
    async fn a_key_keeps_to_its_networks(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ask = json!({ "name": "bot", "scopes": ["account:read"], "networks": ["203.0.113.7", "2001:db8::/32"] });
        let (_, key) = shop.api_key(&ana.tokens, ask).await;
        let from = |address: &str| shop.get(PORTFOLIO).header("x-api-key", &key).from(address);
        from("203.0.113.7").send().await.expect(200);
        from("2001:db8:ffff::1").send().await.expect(200);
        from("203.0.113.8").send().await.refused(403, "api_key.network");
        // A header does not move anybody, as long as no trusted proxy sends it.
        from("203.0.113.8").header("x-forwarded-for", "203.0.113.7").send().await.refused(403, "api_key.network");
        assert!(shop.kinds_about(&ana.id).await.contains(&"api_key.refused".to_owned()));
    }
}

on_both! {
    /// A key lives for its time.
    async fn a_key_expires(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ask = json!({ "name": "bot", "scopes": ["account:read"], "expires_in_days": 1 });
        let (_, key) = shop.api_key(&ana.tokens, ask).await;
        shop.later(86_399 - 1);
        shop.get(PORTFOLIO).header("x-api-key", &key).send().await.expect(200);
        shop.later(2);
        shop.get(PORTFOLIO).header("x-api-key", &key).send().await.refused(401, "api_key.invalid");
        let tokens = shop.sign_in("ana@example.com", PASSWORD).await;
        assert_eq!(shop.get(KEYS).bearer(&tokens.access).send().await.expect(200)["items"], json!([]));
    }
}

on_both! {
    /// A revoked key is dead from the answer on, also on an instance that remembers it; nobody revokes another's.
    async fn a_revoked_key_is_dead_everywhere(database: Database) {
        let shop = Shop::start_with_redis(database).await;
        let other = shop.second().await;
        let ana = shop.customer("ana").await;
        let ben = shop.customer("ben").await;
        let (id, key) = shop.api_key(&ana.tokens, key_for("account:read")).await;
        let ask = || shop.get(PORTFOLIO).header("x-api-key", &key);
        ask().send().await.expect(200);
        ask().at(&other).send().await.expect(200);
        let path = format!("{KEYS}/{id}");
        ben.delete(&path).send().await.refused(404, "api_key.unknown");
        ana.delete(&path).send().await.expect(204);
        ask().send().await.refused(401, "api_key.invalid");
        ask().at(&other).send().await.refused(401, "api_key.invalid");
        ana.delete(&path).send().await.refused(404, "api_key.unknown");
        assert_eq!(ana.get(KEYS).send().await.expect(200)["items"], json!([]));
    }
}

on_both! {
    /// Without shared state the database is asked, so a revocation holds at once all the same.
    async fn a_revoked_key_is_dead_without_redis(database: Database) {
        let shop = Shop::start(database).await;
        let other = shop.second().await;
        let ana = shop.customer("ana").await;
        let (id, key) = shop.api_key(&ana.tokens, key_for("account:read")).await;
        let ask = || shop.get(PORTFOLIO).header("x-api-key", &key);
        ask().send().await.expect(200);
        ask().at(&other).send().await.expect(200);
        ana.delete(&format!("{KEYS}/{id}")).send().await.expect(204);
        ask().send().await.refused(401, "api_key.invalid");
        ask().at(&other).send().await.refused(401, "api_key.invalid");
    }
}

on_both! {
    /// Erased, a person leaves no key that works.
    async fn erasure_ends_keys(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let (_, key) = shop.api_key(&ana.tokens, key_for("account:read")).await;
        shop.get(PORTFOLIO).header("x-api-key", &key).send().await.expect(200);
        shop.stepped_up(&ana.tokens, ana.delete("/api/v1/profile")).await.send().await.expect(204);
        shop.get(PORTFOLIO).header("x-api-key", &key).send().await.refused(401, "api_key.invalid");
    }
}

on_both! {
    /// A person has 25 living keys at most, also when the last two are asked for at once.
    async fn keys_are_counted(database: Database) {
        let shop = Shop::start(database).await;
        let mut ana = shop.customer("ana").await;
        let mut last = String::new();
        // One more mail of a kind is allowed in half an hour.
        for _ in 0..24 {
            shop.later(1_900);
            ana.tokens = tokens(&shop.refresh(&ana.tokens.refresh).send().await.expect(200));
            (last, _) = shop.api_key(&ana.tokens, key_for("account:read")).await;
        }
        shop.later(3_600);
        ana.tokens = tokens(&shop.refresh(&ana.tokens.refresh).send().await.expect(200));
        let ask = || ana.post(KEYS).json(key_for("account:read"));
        let one = shop.stepped_up(&ana.tokens, ask()).await;
        let two = shop.stepped_up(&ana.tokens, ask()).await;
        let (one, two) = tokio::join!(one.send(), two.send());
        let mut answers = [one.status.as_u16(), two.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409]);
        let full = shop.stepped_up(&ana.tokens, ask()).await;
        full.send().await.refused(409, "api_key.too_many");
        ana.delete(&format!("{KEYS}/{last}")).send().await.expect(204);
        shop.stepped_up(&ana.tokens, ask()).await.send().await.expect(201);
    }
}
