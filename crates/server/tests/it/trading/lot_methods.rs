//! Which shares a sale takes.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

on_both! {
    /// Each method takes other shares of the same three purchases, and whatever it takes, nothing is lost.
    async fn the_method_decides_what_a_sale_earns(database: Database) {
        let shop = Shop::start(database).await;
        for method in ["fifo", "lifo", "hifo", "average"] {
            let ana = shop.customer(method).await.with_cash(100_000).await;
            let mut costs = Vec::new();
            let mut ana = if method == "fifo" { ana } else { choose(ana, method).await };
            for _ in 0..3 {
                costs.push(trade(&ana, "buy", "10").await);
                shop.later(86_400 * 3);
                ana = ana.again().await;
            }
            let proceeds = trade(&ana, "sell", "10").await;
            let expected = match method {
                "fifo" => costs[0],
                "lifo" => costs[2],
                "hifo" => *costs.iter().max().unwrap(),
                _ => third_half_even(costs.iter().sum()),
            };
            let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
            assert_eq!(cents(&portfolio["realized_pl"]), proceeds - expected, "{method}");
            assert_eq!(cents(&portfolio["positions"][0]["cost_basis"]), costs.iter().sum::<i64>() - expected, "{method}");
            // The rest goes whatever the method: realised is then all that was gained or lost.
            let rest = trade(&ana, "sell", "20").await;
            let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
            assert_eq!(cents(&portfolio["realized_pl"]), proceeds + rest - costs.iter().sum::<i64>(), "{method}");
            assert_eq!(portfolio["positions"], json!([]));
        }
        shop.books_agree().await;
    }
}

on_both! {
    /// The choice is its owner's, is on record, and counts from the next sale on.
    async fn a_method_is_chosen_on_record(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let shown = async || ana.get("/api/v1/portfolio/lot-method").send().await.expect(200);
        assert_eq!(shown().await, json!({"method": "fifo"}));
        let ask = |method: &str| ana.put("/api/v1/portfolio/lot-method").json(json!({"method": method}));
        let refused = ask("cheapest").send().await.refused(422, "value.unknown");
        assert_eq!(refused["errors"][0]["field"], "method");
        assert_eq!(ask("hifo").send().await.expect(200), json!({"method": "hifo"}));
        assert_eq!(shown().await, json!({"method": "hifo"}));
        assert!(shop.kinds_about(&ana.id).await.contains(&"portfolio.lot_method_chosen".to_owned()));
        let ben = shop.customer("ben").await;
        assert_eq!(ben.get("/api/v1/portfolio/lot-method").send().await.expect(200), json!({"method": "fifo"}));
    }
}

async fn choose<'s>(customer: Customer<'s>, method: &str) -> Customer<'s> {
    let ask = json!({ "method": method });
    customer
        .put("/api/v1/portfolio/lot-method")
        .json(ask)
        .send()
        .await
        .expect(200);
    customer
}

/// The cash of a market order that fills at once, in cents.
async fn trade(customer: &Customer<'_>, side: &str, qty: &str) -> i64 {
    let path = format!("/api/v1/portfolio/{side}");
    let order = customer
        .signed_post(&path, json!({"symbol": "KO", "qty": qty}))
        .send()
        .await
        .expect(201);
    assert_eq!(order["status"], "filled");
    let fills = order["fills"].as_array().unwrap();
    fills.iter().map(|fill| cents(&fill["amount"])).sum()
}

fn cents(amount: &Value) -> i64 {
    amount
        .as_str()
        .expect("an amount")
        .replace('.', "")
        .parse()
        .expect("two decimals")
}

fn third_half_even(total: i64) -> i64 {
    // A third is never halfway between two cents.
    (total + 1).div_euclid(3)
}
