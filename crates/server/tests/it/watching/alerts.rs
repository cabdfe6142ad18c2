//! Price alerts.

use serde_json::{Value, json};
use stockade::features::{notifications, price_alerts::fire_alerts};

use crate::{
    on_both,
    support::{
        database::{Database, Kind, run},
        people::{Customer, text},
        shop::Shop,
    },
};

const ALERTS: &str = "/api/v1/price-alerts";

async fn last(ana: &Customer<'_>, symbol: &str) -> f64 {
    let quote = ana
        .get(&format!("/api/v1/assets/{symbol}/quote"))
        .send()
        .await
        .expect(200);
    text(&quote["last"]).parse().unwrap()
}

async fn alert(ana: &Customer<'_>, condition: &str, price: f64) -> Value {
    // A second passes, so that alerts have an order.
    ana.shop.later(1);
    let ask = json!({"symbol": "XOM", "condition": condition, "price": format!("{price:.2}")});
    ana.post(ALERTS).json(ask).send().await.expect(201)
}

async fn fired(shop: &Shop, id: &str) -> usize {
    let kinds = shop.kinds_about(id).await;
    kinds.iter().filter(|kind| *kind == "price_alert.fired").count()
}

on_both! {
    /// An alert waits until the market meets its price, fires once, and its owner gets one mail.
    async fn an_alert_fires_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let now = last(&ana, "XOM").await;
        let waiting = alert(&ana, "below", now * 0.98).await;
        assert_eq!((&waiting["status"], &waiting["fired_at"]), (&json!("waiting"), &Value::Null));
        alert(&ana, "above", now * 1_000.0).await;
        assert_eq!(fire_alerts(&shop.app).await.unwrap(), 0);
        let mut days = 0;
        while fire_alerts(&shop.app).await.unwrap() == 0 {
            shop.later(86_400 / 8);
            days += 1;
            assert!(days < 8_000, "the price never came");
        }
        for _ in 0..3 {
            shop.later(3_600);
            assert_eq!(fire_alerts(&shop.app).await.unwrap(), 0);
        }
        let ana = ana.again().await;
        let alerts = ana.get(ALERTS).send().await.expect(200);
        assert_eq!(alerts["items"][0]["status"], "waiting", "the other one still waits");
        let done = &alerts["items"][1];
        assert_eq!((&done["id"], &done["status"]), (&waiting["id"], &json!("fired")));
        let met: f64 = text(&done["fired_price"]).parse().unwrap();
        assert!(met <= now * 0.98 + 0.005, "{met}");
        assert_eq!(fired(&shop, &ana.id).await, 1);
        shop.number_the_log().await;
        while notifications::follow_log(&shop.app).await.unwrap() > 0 {}
        let mails = shop.mails_to("ana@example.com").await;
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject.starts_with("XOM has fallen to")).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].links.iter().any(|link| link.ends_with("/markets/XOM")));
    }
}

on_both! {
    /// What happened while nobody looked counts, too, but nothing from before the alert was made.
    async fn nothing_is_missed_while_nobody_looks(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let now = last(&ana, "XOM").await;
        alert(&ana, "above", now * 1_000.0).await;
        assert_eq!(fire_alerts(&shop.app).await.unwrap(), 0);
        // Look for a stretch in which the price rises by a percent and comes back.
        let start = shop.now().as_second();
        let symbol = "XOM".parse().unwrap();
        let quote = |second: i64| {
            let at = jiff::Timestamp::from_second(second).unwrap();
            shop.app.market.quote(&symbol, at).unwrap().last().micros()
        };
        let begin = quote(start);
        let level = begin * 1_005 / 1_000;
        let up = (1..200_000).map(|n| start + n * 300).find(|at| quote(*at) >= level).expect("a rise");
        let down = (1..400_000).map(|n| up + n * 300).find(|at| quote(*at) < level && quote(*at + 1) < level).expect("a fall");
        let price = level as f64 / 1e6;
        let waiting = alert(&ana, "above", price).await;
        shop.later(down - shop.now().as_second());
        assert!(quote(down) < level);
        assert_eq!(fire_alerts(&shop.app).await.unwrap(), 1, "it was met in between");
        let ana = ana.again().await;
        assert_eq!(ana.get(ALERTS).send().await.expect(200)["items"][0]["id"], waiting["id"]);
        // The same price again: what it was before is not what it becomes.
        alert(&ana, "above", price).await;
        assert_eq!(fire_alerts(&shop.app).await.unwrap(), 0);
    }
}

on_both! {
    /// An alert is its owner's, its price is a price not yet met, and there are so many.
    async fn what_an_alert_may_be(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        let ask = |symbol: &str, condition: &str, price: &str| json!({"symbol": symbol, "condition": condition, "price": price});
        for price in ["0", "-1.00"] {
            assert_eq!(ana.post(ALERTS).json(ask("KO", "above", price)).send().await.status.as_u16(), 422);
        }
        ana.post(ALERTS).json(ask("NOSUCH", "above", "1.00")).send().await.refused(422, "asset.unknown");
        ana.post(ALERTS).json(ask("KO", "above", "0.01")).send().await.refused(422, "price_alert.already_met");
        ana.post(ALERTS).json(ask("KO", "below", "90000.00")).send().await.refused(422, "price_alert.already_met");
        let made = ana.post(ALERTS).json(ask("SP500", "above", "90000.00")).send().await.expect(201);
        let path = format!("{ALERTS}/{}", text(&made["id"]));
        eve.delete(&path).send().await.refused(404, "price_alert.unknown");
        assert_eq!(eve.get(ALERTS).send().await.expect(200)["items"], json!([]));
        ana.delete(&path).send().await.expect(204);
        ana.delete(&path).send().await.refused(404, "price_alert.unknown");
        for _ in 0..100 {
            ana.post(ALERTS).json(ask("KO", "above", "90000.00")).send().await.expect(201);
        }
        ana.post(ALERTS).json(ask("KO", "above", "90000.00")).send().await.refused(409, "price_alert.too_many");
    }
}

/// Two instances that look at once let an alert fire once.
#[test]
fn two_instances_fire_an_alert_once() {
    run(Kind::Postgres, async |database: Database| {
        let one = Shop::start_with_redis(database).await;
        let other = one.second().await;
        let ana = one.customer("ana").await;
        let now = last(&ana, "XOM").await;
        for _ in 0..10 {
            alert(&ana, "below", now * 0.999).await;
            alert(&ana, "above", now * 1.001).await;
        }
        one.later(86_400 * 30);
        let (here, there) = tokio::join!(fire_alerts(&one.app), fire_alerts(&other.app));
        assert_eq!(here.unwrap() + there.unwrap(), 20);
        assert_eq!(fired(&one, &ana.id).await, 20);
    });
}
