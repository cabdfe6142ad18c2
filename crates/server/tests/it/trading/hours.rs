//! The market's hours. Stories begin on Monday the first of June 2026 at noon UTC, before the exchange opens.

use serde_json::{Value, json};
use stockade::features::orders::match_resting;

use crate::{
    on_both,
    support::{
        people::{Customer, text},
        shop::Shop,
    },
};

const XNYS: (&str, &str) = ("TRADING__HOURS", "xnys");
const HOUR: i64 = 3_600;

fn market(tif: &str) -> Value {
    json!({"symbol": "KO", "side": "buy", "qty": "1", "type": "market", "time_in_force": tif})
}

fn limit(tif: &str) -> Value {
    json!({"symbol": "KO", "side": "buy", "qty": "1", "type": "limit", "limit_price": "1.00", "time_in_force": tif})
}

async fn place(ana: &Customer<'_>, ask: Value) -> Value {
    ana.signed_post("/api/v1/orders", ask).send().await.expect(201)
}

async fn status(ana: &Customer<'_>, order: &Value) -> String {
    let path = format!("/api/v1/orders/{}", text(&order["id"]));
    text(&ana.get(&path).send().await.expect(200)["status"])
}

on_both! {
    /// An order that comes before the opening waits for it, with its hold; one that cannot wait is canceled.
    async fn an_order_waits_for_the_opening(database: Database) {
        let shop = Shop::start_with(database, &[XNYS]).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let preview = ana.post("/api/v1/orders/preview").json(market("day")).send().await.expect(200);
        assert_eq!((&preview["fills_at_once"], &preview["opens_at"]), (&json!(false), &json!("2026-06-01T13:30:00Z")));
        let order = place(&ana, market("day")).await;
        assert_eq!((order["status"].as_str(), order["expires_at"].as_str()), (Some("accepted"), Some("2026-06-01T20:00:00Z")));
        assert_ne!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "0.00");
        assert_eq!(place(&ana, market("ioc")).await["status"], "canceled");
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        shop.later(2 * HOUR);
        assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
        let ana = ana.again().await;
        assert_eq!(status(&ana, &order).await, "filled");
        let preview = ana.post("/api/v1/orders/preview").json(market("day")).send().await.expect(200);
        assert_eq!(preview["opens_at"], Value::Null);
        assert_eq!(place(&ana, market("day")).await["status"], "filled");
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "0.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// A day ends with its session; what comes after the close is for the next.
    async fn a_day_ends_with_its_session(database: Database) {
        let shop = Shop::start_with(database, &[XNYS]).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let today = place(&ana, limit("day")).await;
        shop.later(8 * HOUR + HOUR / 2);
        assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
        let ana = ana.again().await;
        assert_eq!(status(&ana, &today).await, "expired");
        let tomorrow = place(&ana, limit("day")).await;
        assert_eq!(tomorrow["expires_at"], "2026-06-02T20:00:00Z");
        let gtc = place(&ana, limit("gtc")).await;
        shop.later(23 * HOUR);
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        shop.later(HOUR);
        assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
        let ana = ana.again().await;
        assert_eq!(status(&ana, &tomorrow).await, "expired");
        assert_eq!(status(&ana, &gtc).await, "accepted");
        assert_eq!(ana.get("/api/v1/cash").send().await.expect(200)["held"], "1.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// A day on which the exchange is closed out of turn can be named.
    async fn a_closure_out_of_turn_is_kept(database: Database) {
        let shop = Shop::start_with(database, &[XNYS, ("TRADING__CLOSED_ON", "2026-06-01")]).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        shop.later(4 * HOUR);
        let ana = ana.again().await;
        let order = place(&ana, market("day")).await;
        assert_eq!((order["status"].as_str(), order["expires_at"].as_str()), (Some("accepted"), Some("2026-06-02T20:00:00Z")));
    }
}

on_both! {
    /// At the opening, orders are served in price-time order and share what the market gives at one quote.
    async fn the_first_are_served_first(database: Database) {
        let shop = Shop::start_with(database, &[XNYS, ("TRADING__LIQUIDITY_SHARES", "3")]).await;
        let mut waiting = Vec::new();
        for (name, price) in [("ana", "400"), ("bob", "500"), ("cyn", "500"), ("dan", "1")] {
            let customer = shop.customer(name).await.with_cash(1100).await;
            let ask = json!({
                "symbol": "KO", "side": "buy", "qty": "2", "type": "limit", "limit_price": price, "time_in_force": "gtc",
            });
            let order = place(&customer, ask).await;
            waiting.push((customer, order));
        }
        shop.later(2 * HOUR);
        let filled = async |expected: [&str; 4]| {
            for ((customer, order), expected) in waiting.iter().zip(expected) {
                let tokens = shop.sign_in(&customer.email, crate::support::people::PASSWORD).await;
                let path = format!("/api/v1/orders/{}", text(&order["id"]));
                let now = shop.get(&path).bearer(&tokens.access).send().await.expect(200);
                assert_eq!(now["filled_qty"], expected, "{}", customer.email);
            }
        };
        assert_eq!(match_resting(&shop.app).await.unwrap(), 2);
        filled(["0", "2", "1", "0"]).await;
        assert_eq!(match_resting(&shop.app).await.unwrap(), 2);
        filled(["2", "2", "2", "0"]).await;
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        shop.books_agree().await;
    }
}

on_both! {
    /// Two instances that look at the same time serve each order once.
    async fn one_instance_at_a_time_serves(database: Database) {
        let shop = Shop::start_with(database, &[XNYS]).await;
        if shop.kind() == crate::support::database::Kind::Sqlite {
            return;
        }
        let other = shop.second().await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        for _ in 0..20 {
            place(&ana, market("gtc")).await;
        }
        shop.later(2 * HOUR);
        let (here, there) = tokio::join!(match_resting(&shop.app), match_resting(&other.app));
        let (here, there) = (here.unwrap(), there.unwrap());
        assert!([(20, 0), (0, 20)].contains(&(here, there)), "{here} and {there}");
        // Whoever holds the lease keeps it until it is not renewed.
        let ana = ana.again().await;
        place(&ana, limit("day")).await;
        shop.later(9 * HOUR);
        assert_eq!(match_resting(&other.app).await.unwrap() + match_resting(&shop.app).await.unwrap(), 1);
        shop.books_agree().await;
    }
}
