//! Request signatures: what is accepted, what each mistake is called, and that a nonce counts once.

use serde_json::{Value, json};
use stockade_platform::random;

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

const DEPOSITS: &str = "/api/v1/cash/deposits";
const BUY: &str = "/api/v1/portfolio/buy";

fn hundred() -> Value {
    json!({ "amount": "100.00", "currency": "USD" })
}

async fn balance(ana: &Customer<'_>) -> Value {
    ana.get("/api/v1/cash").send().await.expect(200)["balance"].clone()
}

on_both! {
    /// A signed request acts; the same request again does not.
    async fn a_replay_never_acts_twice(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let deposit = ana.signed_post(DEPOSITS, hundred());
        deposit.clone().send().await.expect(201);
        deposit.clone().send().await.refused(401, "signature.replayed");
        // The same nonce in other letters is the same nonce.
        assert_eq!(balance(&ana).await, json!("100.00"));
        let nonce = random::uuid_v7(shop.now()).to_string();
        let now = shop.now().as_second();
        ana.post(DEPOSITS).json(hundred()).signed_as(&ana.key, &nonce, now).send().await.expect(201);
        let shouted = ana.post(DEPOSITS).json(hundred()).signed_as(&ana.key, &nonce.to_uppercase(), now);
        shouted.send().await.refused(401, "signature.replayed");
        assert_eq!(balance(&ana).await, json!("200.00"));
    }
}

on_both! {
    /// A refusal consumes the nonce, too: the refused order cannot be replayed once there is cash.
    async fn a_refused_request_cannot_be_replayed(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let buy = ana.signed_post(BUY, json!({ "symbol": "KO", "qty": "1" }));
        buy.clone().send().await.refused(409, "order.not_enough_cash");
        let ana = ana.with_cash(1_000).await;
        buy.send().await.refused(401, "signature.replayed");
        assert_eq!(balance(&ana).await, json!("1000.00"));
    }
}

on_both! {
    /// Of many who send one signed request at once, one is heard.
    async fn a_race_of_replays_has_one_winner(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let deposit = ana.signed_post(DEPOSITS, hundred());
        let answers = futures_util::future::join_all((0..8).map(|_| deposit.clone().send())).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert_eq!(balance(&ana).await, json!("100.00"));
    }
}

on_both! {
    /// Each mistake has a name of its own, and none of them acts.
    async fn every_mistake_is_named(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ben = shop.customer("ben").await;
        let good = || ana.signed_post(DEPOSITS, hundred());
        for header in ["x-signature", "x-timestamp", "x-nonce", "x-algorithm", "x-key-id"] {
            let problem = good().without(header).send().await.refused(401, "signature.missing");
            assert!(problem["detail"].as_str().unwrap().to_lowercase().contains(header), "{problem}");
        }
        for (header, value, code) in [
            ("x-algorithm", "sha512", "signature.unknown_algorithm"),
            ("x-algorithm", "none", "signature.unknown_algorithm"),
            ("x-signature", "zz", "signature.malformed"),
            ("x-timestamp", "now", "signature.malformed"),
            ("x-timestamp", "+1780315200", "signature.malformed"),
            ("x-timestamp", "1780315200.5", "signature.malformed"),
            ("x-timestamp", "99999999999999999999", "signature.malformed"),
            ("x-nonce", "once", "signature.malformed"),
            ("x-key-id", "my key", "signature.malformed"),
            ("x-key-id", "018f4e9a-7c1d-7b3e-9a55-0d5c2f1e4b6a", "signature.unknown_key"),
            ("x-signature", "", "signature.invalid"),
            ("x-signature", &"00".repeat(32), "signature.invalid"),
            ("x-nonce", "018f4e9a-7c1d-7b3e-9a55-0d5c2f1e4b6a", "signature.invalid"),
        ] {
            good().header(header, value).send().await.refused(401, code);
        }
        // A second's difference in the time is another text.
        let second = shop.now().as_second() + 1;
        good().header("x-timestamp", second).send().await.refused(401, "signature.invalid");
        good().body(r#"{"amount":"999.00","currency":"USD"}"#).send().await.refused(401, "signature.invalid");
        // Somebody else's key, with which the text is well signed, not yet remembered and then remembered.
        ana.post(DEPOSITS)
            .json(hundred())
            .signed(&ben.key)
            .send()
            .await
            .refused(401, "signature.unknown_key");
        ben.signed_post("/api/v1/portfolio/buy", json!({ "symbol": "KO", "qty": "1" }))
            .send()
            .await
            .refused(409, "order.not_enough_cash");
        ana.post(DEPOSITS).json(hundred()).signed(&ben.key).send().await.refused(401, "signature.unknown_key");
        good().without("authorization").send().await.refused(401, "token.missing");
        good().header("idempotency-key", "two words").send().await.refused(400, "idempotency.malformed");
        good().header("idempotency-key", "x".repeat(256)).send().await.refused(400, "idempotency.malformed");
        good().header("content-type", "text/plain").send().await.refused(415, "request.not_json");
        assert_eq!((balance(&ana).await, balance(&ben).await), (json!("0.00"), json!("0.00")));
    }
}

on_both! {
    /// The query is part of what is signed, exactly as sent.
    async fn the_query_is_signed(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let path = format!("{DEPOSITS}?note=a%20b&x=");
        ana.post(&path).json(hundred()).signed(&ana.key).send().await.expect(201);
        let signed = ana.post(&path).json(hundred()).signed(&ana.key);
        signed.to(&format!("{DEPOSITS}?note=a+b&x=")).send().await.refused(401, "signature.invalid");
    }
}

on_both! {
    /// Five minutes either way, and not a second more.
    async fn the_clock_may_be_five_minutes_off(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let at = |offset: i64| {
            let nonce = random::uuid_v7(shop.now()).to_string();
            ana.post(DEPOSITS).json(hundred()).signed_as(&ana.key, &nonce, shop.now().as_second() + offset)
        };
        for offset in [-300, 300] {
            at(offset).send().await.expect(201);
        }
        for offset in [-301, 301, -1_000_000] {
            at(offset).send().await.refused(401, "signature.stale");
        }
        assert_eq!(balance(&ana).await, json!("200.00"));
    }
}

on_both! {
    /// A nonce serves one signature, also where the times of two lie as far apart as they may.
    async fn a_nonce_serves_one_signature(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let nonce = random::uuid_v7(shop.now()).to_string();
        let at = |offset: i64| {
            ana.post(DEPOSITS).json(hundred()).signed_as(&ana.key, &nonce, shop.now().as_second() + offset)
        };
        at(-300).send().await.expect(201);
        for offset in [-299, 0, 300] {
            at(offset).send().await.refused(401, "signature.replayed");
        }
        assert_eq!(balance(&ana).await, json!("100.00"));
    }
}

on_both! {
    /// Nonces and idempotency keys are their owner's: whoever uses somebody else's takes nothing from them and learns nothing.
    async fn what_another_used_is_free(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        let nonce = random::uuid_v7(shop.now()).to_string();
        let deposit = async |who: &Customer<'_>| {
            let ask = who.post(DEPOSITS).json(hundred()).header("idempotency-key", &nonce);
            ask.signed_as(&who.key, &nonce, shop.now().as_second()).send().await.expect(201)["id"].clone()
        };
        let (hers, his) = (deposit(&ana).await, deposit(&ben).await);
        assert_ne!(hers, his);
        assert_eq!(balance(&ana).await, json!("100.00"));
        assert_eq!(balance(&ben).await, json!("100.00"));
    }
}

on_both! {
    /// Nonces are pruned only once their timestamp would be refused anyway.
    async fn pruning_opens_no_door(database: Database) {
        use stockade::features::auth;
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let nonce = random::uuid_v7(shop.now()).to_string();
        let ahead = ana.post(DEPOSITS).json(hundred()).signed_as(&ana.key, &nonce, shop.now().as_second() + 300);
        ahead.clone().send().await.expect(201);
        for _ in 0..4 {
            shop.later(200);
            auth::prune(&shop.app).await.unwrap();
            let answer = ahead.clone().send().await;
            assert_eq!(answer.status, 401, "{}", answer.text());
        }
        shop.later(800);
        assert_eq!(auth::prune(&shop.app).await.unwrap(), 1);
        assert_eq!(balance_after_refresh(&shop, &ana).await, json!("100.00"));
    }
}

/// The access token has expired in the story.
async fn balance_after_refresh(shop: &Shop, ana: &Customer<'_>) -> Value {
    let access = shop.refresh(&ana.tokens.refresh).send().await.expect(200)["access_token"].clone();
    shop.get("/api/v1/cash")
        .bearer(access.as_str().unwrap())
        .send()
        .await
        .expect(200)["balance"]
        .clone()
}
