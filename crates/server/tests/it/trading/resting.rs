//! Orders that wait for the market.

use serde_json::{Value, json};
use stockade::features::orders::match_resting;

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

async fn limit_buy(ana: &Customer<'_>, qty: &str, price: &str, tif: &str) -> Value {
    let ask = json!({
        "symbol": "XOM", "side": "buy", "qty": qty, "type": "limit", "limit_price": price, "time_in_force": tif,
    });
    ana.signed_post("/api/v1/orders", ask).send().await.expect(201)
}

async fn status(ana: &Customer<'_>, order: &Value) -> Value {
    ana.get(&format!("/api/v1/orders/{}", order["id"].as_str().unwrap()))
        .send()
        .await
        .expect(200)
}

on_both! {
    /// A resting buy holds its cash, fills when the price comes, and gives back what it did not need.
    async fn a_limit_order_waits_for_its_price(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let bid: f64 = ana.get("/api/v1/assets/XOM/quote").send().await.expect(200)["bid"].as_str().unwrap().parse().unwrap();
        let below = format!("{:.2}", bid * 0.985);
        let order = limit_buy(&ana, "10", &below, "gtc").await;
        assert_eq!(order["status"], "accepted");
        let held = ana.get("/api/v1/cash").send().await.expect(200)["held"].clone();
        assert_ne!(held, "0.00");
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        // Days pass until the replayed market comes down to the price.
        let mut days = 0;
        while match_resting(&shop.app).await.unwrap() == 0 {
            shop.later(86_400 / 4);
            days += 1;
            assert!(days < 4_000, "the price never came");
        }
        let ana = ana.again().await;
        let filled = status(&ana, &order).await;
        assert_eq!(filled["status"], "filled");
        let paid: f64 = filled["fills"][0]["price"].as_str().unwrap().parse().unwrap();
        assert!(paid <= bid * 0.985 + 0.005, "{paid}");
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "0.00");
        shop.books_agree().await;
        assert_eq!(shop.kinds_about(&ana.id).await.iter().filter(|kind| *kind == "order.filled").count(), 1);
    }
}

on_both! {
    /// A large order fills in parts, each against a quote's liquidity.
    async fn a_large_order_fills_in_parts(database: Database) {
        let shop = Shop::start_with(database, &[("TRADING__LIQUIDITY_SHARES", "3")]).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let ask = json!({"symbol": "KO", "side": "buy", "qty": "7", "type": "market", "time_in_force": "gtc"});
        let order = ana.signed_post("/api/v1/orders", ask).send().await.expect(201);
        assert_eq!((order["status"].as_str(), order["filled_qty"].as_str()), (Some("partially_filled"), Some("3")));
        assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
        assert_eq!(status(&ana, &order).await["filled_qty"], "6");
        assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
        let filled = status(&ana, &order).await;
        assert_eq!((filled["status"].as_str(), filled["fills"].as_array().map(Vec::len)), (Some("filled"), Some(3)));
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "0.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// A canceled order gives back its hold, once; what is over cannot be canceled again.
    async fn a_canceled_order_gives_back_its_hold(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let order = limit_buy(&ana, "10", "1.00", "gtc").await;
        let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "10.00");
        let canceled = ana.delete(&path).signed(&ana.key).send().await.expect(200);
        assert_eq!(canceled["status"], "canceled");
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["available"], "100.00");
        ana.delete(&path).signed(&ana.key).send().await.expect(409);
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        shop.books_agree().await;
    }
}

on_both! {
    /// A day order is over when its day is; gtc goes on.
    async fn a_day_order_expires(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let day = limit_buy(&ana, "10", "1.00", "day").await;
        let gtc = limit_buy(&ana, "10", "1.00", "gtc").await;
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        shop.later(86_400);
        assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
        let ana = ana.again().await;
        assert_eq!(status(&ana, &day).await["status"], "expired");
        assert_eq!(status(&ana, &gtc).await["status"], "accepted");
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "10.00");
        shop.books_agree().await;
    }
}
