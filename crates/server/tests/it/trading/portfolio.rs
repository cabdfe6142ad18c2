//! Lots, positions and their value.

use serde_json::json;

use crate::{on_both, support::shop::Shop};

on_both! {
    /// Sales close the oldest lots first, and realised profit is what they earned.
    async fn sales_close_lots_first_in_first_out(database: Database) {
        let shop = Shop::start(database).await;
        let mut ana = shop.customer("ana").await.with_cash(10_000).await;
        let mut costs = Vec::new();
        for qty in ["3", "5"] {
            let bought = ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "KO", "qty": qty})).send().await.expect(201);
            costs.push(cents(&bought["fills"][0]["amount"]));
            shop.later(86_400);
            ana = ana.again().await;
        }
        let sold = ana.signed_post("/api/v1/portfolio/sell", json!({"symbol": "KO", "qty": "4"})).send().await.expect(201);
        let proceeds = cents(&sold["fills"][0]["amount"]);
        // The first lot whole, and one of the five shares of the second, half-even.
        let basis = costs[0] + half_even(costs[1], 5);
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!(cents(&portfolio["realized_pl"]), proceeds - basis);
        let position = &portfolio["positions"][0];
        assert_eq!(position["qty"], "4");
        assert_eq!(cents(&position["cost_basis"]), costs[0] + costs[1] - basis);
        let value = cents(&position["market_value"]);
        assert_eq!(cents(&position["unrealized_pl"]), value - cents(&position["cost_basis"]));
        assert_eq!(cents(&portfolio["equity"]), cents(&portfolio["cash"]) + value);
        shop.books_agree().await;
    }
}

on_both! {
    /// Nobody sells what they do not have, and a position sold off is gone.
    async fn only_what_is_there_can_be_sold(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let sell = |qty: &str| ana.signed_post("/api/v1/portfolio/sell", json!({"symbol": "KO", "qty": qty}));
        assert_eq!(sell("1").send().await.expect(409)["code"], "order.not_enough_shares");
        ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "KO", "qty": "1.5"})).send().await.expect(201);
        assert_eq!(sell("1.500000001").send().await.expect(409)["code"], "order.not_enough_shares");
        sell("1.5").send().await.expect(201);
        assert_eq!(ana.get("/api/v1/portfolio/positions").send().await.expect(200)["items"], json!([]));
        shop.books_agree().await;
    }
}

on_both! {
    /// A buy by notional spends at most what was said.
    async fn a_notional_buy_spends_no_more(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let order = ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "KO", "notional": "100.00"})).send().await.expect(201);
        assert_eq!(order["status"], "filled");
        let spent = cents(&order["fills"][0]["amount"]);
        assert!((9_990..=10_000).contains(&spent), "{spent}");
        assert_eq!(cents(&ana.get("/api/v1/cash").send().await.expect(200)["balance"]), 10_000 - spent);
        shop.books_agree().await;
    }
}

fn cents(amount: &serde_json::Value) -> i64 {
    amount
        .as_str()
        .expect("an amount")
        .replace('.', "")
        .parse()
        .expect("two decimals")
}

fn half_even(total: i64, parts: i64) -> i64 {
    let (whole, rest) = (total / parts, total % parts);
    whole + i64::from(2 * rest > parts || (2 * rest == parts && whole % 2 == 1))
}
