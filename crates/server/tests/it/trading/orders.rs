//! Placing orders.

use serde_json::{Value, json};

use crate::{on_both, support::shop::Shop};

fn market_buy(qty: &str) -> Value {
    json!({"symbol": "KO", "side": "buy", "qty": qty, "type": "market", "time_in_force": "day"})
}

on_both! {
    /// A market order fills at the ask; it shows in the portfolio, the books and the log.
    async fn a_market_order_fills_at_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let quote = ana.get("/api/v1/assets/KO/quote").send().await.expect(200);
        let order = ana.signed_post("/api/v1/orders", market_buy("2")).send().await.expect(201);
        assert_eq!(order["status"], "filled");
        assert_eq!(order["filled_qty"], "2");
        assert_eq!(order["fills"][0]["price"], quote["ask"]);
        let id = order["id"].as_str().unwrap();
        assert_eq!(ana.get(&format!("/api/v1/orders/{id}")).send().await.expect(200), order);

        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!(portfolio["positions"][0]["qty"], "2");
        assert_eq!(portfolio["positions"][0]["cost_basis"], order["fills"][0]["amount"]);
        shop.books_agree().await;
        let kinds = shop.kinds_about(&ana.id).await;
        assert!(kinds.iter().any(|kind| kind == "order.filled"), "{kinds:?}");
    }
}

on_both! {
    /// The same key and body are one order for ever; another body under the key is refused.
    async fn an_idempotency_key_stands_for_one_order(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let ask = |qty| ana.signed_post("/api/v1/orders", market_buy(qty)).header("idempotency-key", "only-once");
        let first = ask("2").send().await.expect(201);
        shop.later(86_400 * 3);
        let ana = ana.again().await;
        let ask = |qty| ana.signed_post("/api/v1/orders", market_buy(qty)).header("idempotency-key", "only-once");
        let again = ask("2").send().await.expect(201);
        assert_eq!(again["id"], first["id"]);
        ask("3").send().await.refused(422, "idempotency.key_reused");
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!(portfolio["positions"][0]["qty"], "2");
        shop.books_agree().await;
    }
}

on_both! {
    /// A refused order binds nothing: its key can be used again, once there is money.
    async fn a_refusal_does_not_bind_the_key(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ask = || ana.signed_post("/api/v1/orders", market_buy("1")).header("idempotency-key", "later");
        let refused = ask().send().await.expect(409);
        assert_eq!(refused["code"], "order.not_enough_cash");
        let ana = ana.with_cash(100).await;
        let order = ana.signed_post("/api/v1/orders", market_buy("1")).header("idempotency-key", "later");
        assert_eq!(order.send().await.expect(201)["status"], "filled");
    }
}

on_both! {
    /// A name of one's own can be used once in the account.
    async fn a_client_order_id_is_unique(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let named = || {
            let mut ask = market_buy("1");
            ask["client_order_id"] = json!("mine");
            ana.signed_post("/api/v1/orders", ask)
        };
        assert_eq!(named().send().await.expect(201)["client_order_id"], "mine");
        let taken = named().send().await.expect(409);
        assert_eq!(taken["code"], "order.client_order_id_taken");
        assert_eq!(ana.get("/api/v1/portfolio").send().await.expect(200)["positions"][0]["qty"], "1");
        let bob = shop.customer("bob").await.with_cash(100).await;
        let mut ask = market_buy("1");
        ask["client_order_id"] = json!("mine");
        bob.signed_post("/api/v1/orders", ask).send().await.expect(201);
        shop.books_agree().await;
    }
}

on_both! {
    /// An order must be able to pay its whole hold, although it would fill for less.
    async fn the_collar_counts(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let quote = ana.get("/api/v1/assets/KO/quote").send().await.expect(200);
        let ask: f64 = quote["ask"].as_str().unwrap().parse().unwrap();
        let dollars = (ask * 10.0).ceil() as u32;
        let ana = ana.with_cash(dollars).await;
        let refused = ana.signed_post("/api/v1/orders", market_buy("10")).send().await.expect(409);
        assert_eq!(refused["code"], "order.not_enough_cash");
        ana.signed_post("/api/v1/orders", market_buy("9")).send().await.expect(201);
    }
}

on_both! {
    /// Ioc takes what there is and gives the rest back; fok takes all or nothing.
    async fn what_cannot_rest_is_canceled(database: Database) {
        let shop = Shop::start_with(database, &[("TRADING__LIQUIDITY_SHARES", "3")]).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let ask = |tif: &str| json!({"symbol": "KO", "side": "buy", "qty": "5", "type": "market", "time_in_force": tif});
        let ioc = ana.signed_post("/api/v1/orders", ask("ioc")).send().await.expect(201);
        assert_eq!((ioc["status"].as_str(), ioc["filled_qty"].as_str()), (Some("canceled"), Some("3")));
        let fok = ana.signed_post("/api/v1/orders", ask("fok")).send().await.expect(201);
        assert_eq!((fok["status"].as_str(), fok["filled_qty"].as_str()), (Some("canceled"), Some("0")));
        let cash = ana.get("/api/v1/cash").send().await.expect(200);
        assert_eq!(cash["held"], "0.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// Nobody sees, cancels or guesses another's order.
    async fn orders_are_their_owners(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let bob = shop.customer("bob").await;
        let order = ana.signed_post("/api/v1/orders", market_buy("1")).send().await.expect(201);
        let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
        assert_eq!(bob.get(&path).send().await.expect(404)["code"], "order.unknown");
        assert_eq!(bob.delete(&path).signed(&bob.key).send().await.expect(404)["code"], "order.unknown");
        assert_eq!(bob.get("/api/v1/orders/nonsense").send().await.expect(404)["code"], "order.unknown");
        assert_eq!(bob.get("/api/v1/orders").send().await.expect(200)["items"], json!([]));
    }
}

on_both! {
    /// What moves money must be signed; a token alone is not enough.
    async fn an_unsigned_order_is_refused(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        for path in ["/api/v1/orders", "/api/v1/portfolio/buy", "/api/v1/portfolio/sell", "/api/v1/cash/deposits"] {
            let refused = ana.post(path).json(market_buy("1")).send().await.expect(401);
            assert_eq!(refused["code"], "signature.missing", "{path}");
        }
        assert_eq!(ana.get("/api/v1/orders").send().await.expect(200)["items"], json!([]));
    }
}

on_both! {
    /// Orders so small that rounding would pay for them are refused; the last of a position can be sold.
    async fn dust_is_not_traded(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let trade = |path: &str, qty: &str| {
            ana.signed_post(&format!("/api/v1/portfolio/{path}"), json!({"symbol": "KO", "qty": qty})).send()
        };
        assert_eq!(trade("buy", "0.0005").await.expect(422)["code"], "order.too_small");
        trade("buy", "1").await.expect(201);
        assert_eq!(trade("sell", "0.0005").await.expect(422)["code"], "order.too_small");
        trade("sell", "0.99").await.expect(201);
        assert_eq!(trade("sell", "0.005").await.expect(422)["code"], "order.too_small");
        trade("sell", "0.01").await.expect(201);
        assert_eq!(ana.get("/api/v1/portfolio").send().await.expect(200)["positions"], json!([]));
        shop.books_agree().await;
    }
}

on_both! {
    /// A cancel whose answer was lost can be repeated under its key.
    async fn a_repeated_cancel_gets_the_canceled_order(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let ask = json!({"symbol": "KO", "qty": "10", "limit_price": "1.00"});
        let order = ana.signed_post("/api/v1/portfolio/buy", ask).send().await.expect(201);
        let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
        for _ in 0..2 {
            let canceled = ana.delete(&path).header("idempotency-key", "cancel").signed(&ana.key).send().await.expect(200);
            assert_eq!(canceled["status"], "canceled");
        }
        shop.books_agree().await;
    }
}
