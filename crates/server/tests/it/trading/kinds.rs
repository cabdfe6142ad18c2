//! Stops, stop-limits and fees.

use serde_json::{Value, json};
use stockade::features::orders::match_resting;

use crate::{
    on_both,
    support::{
        people::{Customer, text},
        shop::Shop,
    },
};

async fn last(ana: &Customer<'_>) -> f64 {
    let quote = ana.get("/api/v1/assets/XOM/quote").send().await.expect(200);
    text(&quote["last"]).parse().unwrap()
}

async fn order(ana: &Customer<'_>, order: &Value) -> Value {
    ana.get(&format!("/api/v1/orders/{}", text(&order["id"])))
        .send()
        .await
        .expect(200)
}

fn stop(side: &str, price: f64) -> Value {
    json!({
        "symbol": "XOM", "side": side, "qty": "2", "type": "stop", "time_in_force": "gtc",
        "stop_price": format!("{price:.2}"),
    })
}

on_both! {
    /// A stop waits, with its hold, until the market reaches it, and is a market order from then on.
    async fn a_stop_waits_for_its_price_and_then_trades(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let above = last(&ana).await * 1.01;
        let placed = ana.signed_post("/api/v1/orders", stop("buy", above)).send().await.expect(201);
        assert_eq!((placed["status"].as_str(), &placed["triggered_at"]), (Some("accepted"), &Value::Null));
        let held: f64 = text(&ana.get("/api/v1/cash").send().await.expect(200)["held"]).parse().unwrap();
        assert!((held - above * 2.0 * 1.05).abs() < 0.05, "{held}");
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        let mut quarters = 0;
        while match_resting(&shop.app).await.unwrap() == 0 {
            shop.later(86_400 / 4);
            quarters += 1;
            assert!(quarters < 4_000, "the price never came");
        }
        let ana = ana.again().await;
        let filled = order(&ana, &placed).await;
        assert_eq!(filled["status"], "filled");
        assert!(filled["triggered_at"].is_string());
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "0.00");
        let kinds = shop.kinds_about(&ana.id).await;
        let mut moves: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("order.")).collect();
        // What happens at one instant has no order on record.
        moves.sort_unstable();
        assert_eq!(moves, ["order.accepted", "order.filled", "order.triggered"]);
        shop.books_agree().await;
    }
}

on_both! {
    /// A stop that the market is beyond already trades at once; a stop-limit then waits for its limit.
    async fn a_stop_beyond_the_market_goes_to_it_at_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let now = last(&ana).await;
        let bought = ana.signed_post("/api/v1/orders", stop("buy", now * 0.9)).send().await.expect(201);
        assert_eq!(bought["status"], "filled");
        let sold = ana.signed_post("/api/v1/orders", stop("sell", now * 1.1)).send().await.expect(201);
        assert_eq!(sold["status"], "filled");
        let mut limited = stop("buy", now * 0.9);
        limited["type"] = json!("stop_limit");
        limited["limit_price"] = json!("1.00");
        let waits = ana.signed_post("/api/v1/orders", limited).send().await.expect(201);
        assert_eq!((waits["status"].as_str(), waits["triggered_at"].is_string()), (Some("accepted"), true));
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        let path = format!("/api/v1/orders/{}", text(&waits["id"]));
        ana.delete(&path).signed(&ana.key).send().await.expect(200);
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "0.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// What contradicts itself is refused with the field at fault.
    async fn unsound_stops_are_refused(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let mut without = stop("buy", 90.0);
        without.as_object_mut().unwrap().remove("stop_price");
        let mut at_once = stop("buy", 90.0);
        at_once["time_in_force"] = json!("fok");
        let mut market = stop("buy", 90.0);
        market["type"] = json!("market");
        for (ask, code) in [
            (without, "order.stop_price_missing"),
            (at_once, "order.stop_cannot_wait"),
            (market, "order.stop_price_forbidden"),
        ] {
            ana.signed_post("/api/v1/orders", ask).send().await.refused(422, code);
        }
    }
}

on_both! {
    /// The least fee is charged once, however many parts an order fills in; fees are held beforehand, are part of the
    /// basis of what was bought and leave the proceeds of what was sold.
    async fn fees_are_charged_and_part_of_the_basis(database: Database) {
        let settings = [
            ("TRADING__LIQUIDITY_SHARES", "3"),
            ("TRADING__FEE_BPS", "100"),
            ("TRADING__SMALLEST_FEE_CENTS", "250"),
        ];
        let shop = Shop::start_with(database, &settings).await;
        let ana = shop.customer("ana").await.with_cash(2000).await;
        let ask = |side: &str| json!({"symbol": "XOM", "side": side, "qty": "7", "type": "market", "time_in_force": "gtc"});
        let preview = ana.post("/api/v1/orders/preview").json(ask("buy")).send().await.expect(200);
        let placed = ana.signed_post("/api/v1/orders", ask("buy")).send().await.expect(201);
        assert_eq!(placed["fees"], preview["fee"]);
        while match_resting(&shop.app).await.unwrap() > 0 {}
        let bought = order(&ana, &placed).await;
        assert_eq!(bought["status"], "filled");
        let cents = |value: &Value| text(value).replace('.', "").parse::<i64>().unwrap();
        let sum = |name: &str| bought["fills"].as_array().unwrap().iter().map(|fill| cents(&fill[name])).sum::<i64>();
        let (amount, fees) = (sum("amount"), sum("fee"));
        assert_eq!(fees, cents(&bought["fees"]));
        assert!((fees - (amount / 100).max(250)).abs() <= 1, "{fees} of {amount}");
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!(cents(&portfolio["positions"][0]["cost_basis"]), amount + fees);
        let cash = ana.get("/api/v1/cash").send().await.expect(200);
        assert_eq!((cents(&cash["available"]), cents(&cash["held"])), (200_000 - amount - fees, 0));

        let placed = ana.signed_post("/api/v1/orders", ask("sell")).send().await.expect(201);
        while match_resting(&shop.app).await.unwrap() > 0 {}
        let sold = order(&ana, &placed).await;
        let brought: i64 = sold["fills"].as_array().unwrap().iter().map(|fill| cents(&fill["amount"]) - cents(&fill["fee"])).sum();
        let cash = ana.get("/api/v1/cash").send().await.expect(200);
        assert_eq!(cents(&cash["available"]), 200_000 - amount - fees + brought);
        shop.books_agree().await;
    }
}

on_both! {
    /// Whoever can pay the shares but not the fee cannot place the order.
    async fn the_fee_must_be_there_too(database: Database) {
        let shop = Shop::start_with(database, &[("TRADING__SMALLEST_FEE_CENTS", "1")]).await;
        let ana = shop.customer("ana").await.with_cash(10).await;
        let ask = |qty: &str| json!({"symbol": "XOM", "side": "buy", "qty": qty, "type": "limit", "limit_price": "1", "time_in_force": "gtc"});
        ana.signed_post("/api/v1/orders", ask("10")).send().await.refused(409, "order.not_enough_cash");
        ana.signed_post("/api/v1/orders", ask("9.99")).send().await.expect(201);
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["available"], "0.00");
    }
}
