//! An open order is replaced by another.

use serde_json::{Value, json};
use stockade::features::orders::match_resting;

use crate::{
    on_both,
    support::{
        http::Ask,
        people::{Customer, text},
        shop::Shop,
    },
};

async fn limit_buy(ana: &Customer<'_>, qty: &str, price: &str) -> Value {
    let ask = json!({
        "symbol": "KO", "side": "buy", "qty": qty, "type": "limit", "limit_price": price, "time_in_force": "gtc",
    });
    ana.signed_post("/api/v1/orders", ask).send().await.expect(201)
}

fn replace<'s>(ana: &Customer<'s>, order: &Value, change: Value) -> Ask<'s> {
    ana.patch(&path(order)).json(change).signed(&ana.key)
}

fn path(order: &Value) -> String {
    format!("/api/v1/orders/{}", text(&order["id"]))
}

async fn held(ana: &Customer<'_>) -> String {
    text(&ana.get("/api/v1/cash").send().await.expect(200)["held"])
}

on_both! {
    /// The new order has its own id and hold; the old one has ended, once, and says by what it was replaced.
    async fn another_order_takes_its_place(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let old = limit_buy(&ana, "10", "1.00").await;
        let change = json!({"qty": "20", "limit_price": "1.50", "time_in_force": "day"});
        let new = replace(&ana, &old, change).send().await.expect(200);
        assert_eq!((&new["replaces"], new["status"].as_str()), (&old["id"], Some("accepted")));
        assert_eq!((new["qty"].as_str(), new["limit_price"].as_str(), new["time_in_force"].as_str()), (Some("20"), Some("1.5"), Some("day")));
        assert_eq!(held(&ana).await, "30.00");
        let ended = ana.get(&path(&old)).send().await.expect(200);
        assert_eq!((ended["status"].as_str(), &ended["replaced_by"]), (Some("replaced"), &new["id"]));
        replace(&ana, &old, json!({"qty": "5"})).send().await.refused(409, "order.closed");
        ana.delete(&path(&old)).signed(&ana.key).send().await.refused(409, "order.closed");
        let newer = replace(&ana, &new, json!({"qty": "2"})).send().await.expect(200);
        assert_eq!(held(&ana).await, "3.00");
        ana.delete(&path(&newer)).signed(&ana.key).send().await.expect(200);
        assert_eq!(held(&ana).await, "0.00");
        let kinds = shop.kinds_about(&ana.id).await;
        let mut moves: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("order.")).collect();
        // What happens at one instant has no order on record.
        moves.sort_unstable();
        let expected = [&["order.accepted"; 3][..], &["order.canceled"], &["order.replaced"; 2]].concat();
        assert_eq!(moves, expected);
        shop.books_agree().await;
    }
}

on_both! {
    /// A replacement that its owner cannot pay is refused, and the order stays as it was.
    async fn a_refused_replacement_changes_nothing(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let order = limit_buy(&ana, "10", "1.00").await;
        replace(&ana, &order, json!({"qty": "101"})).send().await.refused(409, "order.not_enough_cash");
        replace(&ana, &order, json!({})).send().await.refused(422, "order.nothing_to_replace");
        replace(&ana, &order, json!({"stop_price": "2"})).send().await.refused(422, "order.stop_price_forbidden");
        replace(&ana, &order, json!({"symbol": "XOM"})).send().await.expect(422);
        assert_eq!(held(&ana).await, "10.00");
        assert_eq!(ana.get(&path(&order)).send().await.expect(200)["status"], "accepted");
        // All the cash there is will do, since what the old one held is there for the new.
        replace(&ana, &order, json!({"qty": "100"})).send().await.expect(200);
        assert_eq!(held(&ana).await, "100.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// The quantity counts what was filled, so that a fill in between does not make anybody trade more.
    async fn what_was_filled_counts(database: Database) {
        let shop = Shop::start_with(database, &[("TRADING__LIQUIDITY_SHARES", "3")]).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let ask = json!({"symbol": "KO", "side": "buy", "qty": "5", "type": "market", "time_in_force": "gtc"});
        let old = ana.signed_post("/api/v1/orders", ask).send().await.expect(201);
        assert_eq!(old["filled_qty"], "3");
        replace(&ana, &old, json!({"qty": "3"})).send().await.refused(409, "order.filled_already");
        let new = replace(&ana, &old, json!({"qty": "7"})).send().await.expect(200);
        assert_eq!((new["qty"].as_str(), new["filled_qty"].as_str()), (Some("4"), Some("3")));
        assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
        assert_eq!(ana.get("/api/v1/portfolio").send().await.expect(200)["positions"][0]["qty"], "7");
        assert_eq!(held(&ana).await, "0.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// A replacement that brings the price to the market trades at once.
    async fn a_better_price_trades_at_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(1000).await;
        let order = limit_buy(&ana, "2", "1.00").await;
        let new = replace(&ana, &order, json!({"limit_price": "501"})).send().await.expect(409);
        assert_eq!(new["code"], "order.not_enough_cash");
        let new = replace(&ana, &order, json!({"limit_price": "200", "time_in_force": "ioc"})).send().await.expect(200);
        assert_eq!(new["status"], "filled");
        shop.books_agree().await;
    }
}

on_both! {
    /// The same key is one replacement, and nobody replaces another's order, nor without a signature.
    async fn a_replacement_is_signed_and_happens_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let bob = shop.customer("bob").await.with_cash(100).await;
        let order = limit_buy(&ana, "10", "1.00").await;
        let change = || json!({"qty": "20"});
        replace(&bob, &order, change()).send().await.refused(404, "order.unknown");
        ana.patch(&path(&order)).json(change()).send().await.refused(401, "signature.missing");
        let ask = || ana.patch(&path(&order)).json(change()).header("idempotency-key", "once").signed(&ana.key);
        let first = ask().send().await.expect(200);
        assert_eq!(ask().send().await.expect(200)["id"], first["id"]);
        assert_eq!(held(&ana).await, "20.00");
        shop.books_agree().await;
    }
}
