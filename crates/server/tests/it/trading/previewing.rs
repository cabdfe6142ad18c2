//! What an order would do, before it is placed; orders by symbol and by whether they are open; the market at a glance.

use serde_json::json;

use crate::{on_both, support::shop::Shop};

on_both! {
    /// The preview says what the order then does, and changes nothing.
    async fn a_preview_tells_what_happens(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let order = json!({"symbol": "KO", "side": "buy", "qty": "2", "type": "market", "time_in_force": "day"});
        let preview = ana.post("/api/v1/orders/preview").json(order.clone()).send().await.expect(200);
        assert_eq!((&preview["qty"], &preview["fills_at_once"], &preview["affordable"]), (&json!("2"), &json!(true), &json!(true)));
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["available"], "1000.00");
        assert!(ana.get("/api/v1/orders").send().await.expect(200)["items"].as_array().unwrap().is_empty());

        let placed = ana.signed_post("/api/v1/orders", order).send().await.expect(201);
        assert_eq!(placed["fills"][0]["amount"], preview["amount"]);
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["available"], preview["buying_power_after"]);

        let dear = json!({"symbol": "KO", "side": "buy", "qty": "1000", "type": "market", "time_in_force": "day"});
        let preview = ana.post("/api/v1/orders/preview").json(dear).send().await.expect(200);
        assert_eq!(preview["affordable"], json!(false));
        assert!(preview["buying_power_after"].as_str().unwrap().starts_with('-'));
    }
}

on_both! {
    /// Orders can be asked for by symbol, and by whether they may still be filled.
    async fn orders_are_sifted(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let place = async |symbol: &str, limit: &str| {
            let order = json!({"symbol": symbol, "side": "buy", "qty": "1", "type": "limit", "limit_price": limit, "time_in_force": "gtc"});
            ana.signed_post("/api/v1/orders", order).send().await.expect(201)
        };
        place("KO", "1.00").await;
        place("KO", "500.00").await;
        place("MSFT", "1.00").await;
        let count = async |query: &str| {
            let page = ana.get(&format!("/api/v1/orders?{query}")).send().await.expect(200);
            page["items"].as_array().unwrap().len()
        };
        assert_eq!(count("").await, 3);
        assert_eq!(count("symbol=KO").await, 2);
        assert_eq!(count("open=true").await, 2);
        assert_eq!(count("open=false").await, 1);
        assert_eq!(count("symbol=KO&open=true").await, 1);
        assert_eq!(count("symbol=KO&open=false&limit=5").await, 1);
        assert_eq!(count("symbol=NONE").await, 0);
    }
}

on_both! {
    /// One call tells of several assets what a list of holdings shows.
    async fn the_market_at_a_glance(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let overview = ana.get("/api/v1/market/overview?symbols=KO,NONE,MSFT").send().await.expect(200);
        let items = overview["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        let (coke, quote) = (&items[0], ana.get("/api/v1/assets/KO/quote").send().await.expect(200));
        assert_eq!((&coke["symbol"], &coke["last"]), (&json!("KO"), &quote["last"]));
        assert_eq!(coke["closes"].as_array().unwrap().len(), 30);
        assert_eq!(coke["previous_close"], coke["closes"][29]);
        let about = shop.get("/api/v1/about").send().await.expect(200);
        assert_eq!((&about["environment"], &about["feed"]), (&json!("development"), &overview["feed"]));
    }
}
