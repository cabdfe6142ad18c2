//! What histories and daily values are made of: holds do not stop them, and a split counts from when prices count it.

use serde_json::{Value, json};
use stockade::features::{corporate_actions, portfolio};
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{
        people::{Customer, text},
        shop::Shop,
    },
};

const HOUR: i64 = 3_600;

/// Orders whose holds and releases are longer than what is read of the ledger at once.
const ORDERS: usize = 310;

on_both! {
    /// A split takes effect two seconds before midnight and reaches its holders after it: both days, and the hours around
    /// them, are worth what they were. While it is under way no day ends.
    async fn a_split_over_midnight_changes_no_day(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let ask = json!({"symbol": "KO", "notional": "9000.00"});
        ana.signed_post("/api/v1/portfolio/buy", ask).send().await.expect(201);
        let operator = shop.staff(Role::Operator).await;
        let ask = json!({
            "symbol": "KO", "type": "split", "new_shares": 4, "old_shares": 1, "effective_at": "2026-06-01T23:59:58Z",
        });
        let announced = shop.post("/api/v1/admin/corporate-actions").bearer(&operator.access).json(ask);
        shop.stepped_up(&operator, announced).await.send().await.expect(201);
        shop.later(12 * HOUR + 60);
        portfolio::follow_ledger(&shop.app).await.unwrap();
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 0, "the split has reached nobody");
        assert_eq!(corporate_actions::apply_due(&shop.app).await.unwrap(), 1);
        let ana = ana.again().await;
        let read_off = performance(&ana, "all").await;
        as_ever(&read_off);
        as_ever(&performance(&ana, "1d").await);
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 0, "the split is not in the histories");
        shop.later(60);
        assert_eq!(portfolio::follow_ledger(&shop.app).await.unwrap(), 1);
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 1);
        let ana = ana.again().await;
        let written = performance(&ana, "all").await;
        assert_eq!(written["points"][0], read_off["points"][0]);
        as_ever(&written);
        as_ever(&performance(&ana, "1d").await);
        shop.later(24 * HOUR);
        portfolio::follow_ledger(&shop.app).await.unwrap();
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 1);
        let ana = ana.again().await;
        as_ever(&performance(&ana, "all").await);
        let before = performance(&ana, "all").await;
        portfolio::rebuild(&shop.app, |_, _| ()).await.unwrap();
        assert_eq!(performance(&ana, "all").await, before);
    }
}

on_both! {
    /// Many orders that are placed and canceled within a minute move nothing for good; what comes after them is copied.
    async fn holds_do_not_stop_the_histories(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        for _ in 0..ORDERS {
            let ask = json!({
                "symbol": "KO", "side": "buy", "qty": "1", "type": "limit", "limit_price": "1", "time_in_force": "gtc",
            });
            let order = ana.signed_post("/api/v1/orders", ask).send().await.expect(201);
            let path = format!("/api/v1/orders/{}", text(&order["id"]));
            ana.delete(&path).signed(&ana.key).send().await.expect(200);
        }
        ana.with_cash(500).await;
        shop.later(40);
        assert_eq!(portfolio::follow_ledger(&shop.app).await.unwrap(), 2);
        shop.later(24 * HOUR);
        portfolio::follow_ledger(&shop.app).await.unwrap();
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 1);
    }
}

/// Every point is worth what was paid in, but for what shares do in two days.
fn as_ever(seen: &Value) {
    for point in seen["points"].as_array().expect("points") {
        let value: f64 = text(&point["value"]).parse().expect("an amount");
        assert!((9_000.0..11_000.0).contains(&value), "{seen}");
    }
}

async fn performance(customer: &Customer<'_>, period: &str) -> Value {
    let path = format!("/api/v1/portfolio/performance?period={period}");
    customer.get(&path).send().await.expect(200)
}
