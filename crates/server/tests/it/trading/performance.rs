//! How an account did: what is told, why something is not, and that it costs the same however long ago it began.

use serde_json::{Value, json};
use stockade::features::portfolio;

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

const DAY: i64 = 86_400;

on_both! {
    /// An account that never held anything has no figures, and says so instead of zero.
    async fn nothing_is_not_zero(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let seen = performance(&ana, "all").await;
        for figure in ["twr", "xirr", "money_weighted"] {
            assert_eq!(seen[figure]["value"], Value::Null, "{figure}");
            assert_eq!(seen[figure]["unavailable"]["code"], "nothing_invested", "{figure}");
        }
        for figure in ["volatility", "sharpe", "var_95", "cvar_95", "max_drawdown"] {
            assert_eq!(seen[figure]["value"], Value::Null, "{figure}");
            assert_eq!(seen[figure]["unavailable"]["code"], "too_few_returns", "{figure}");
        }
        assert_eq!(seen["benchmark"]["return"]["unavailable"]["code"], "nothing_invested");
        ana.get("/api/v1/portfolio/performance?period=2w").send().await.refused(422, "value.unknown");
        let ben = shop.customer("ben").await.with_cash(100).await;
        let seen = performance(&ben, "all").await;
        assert_eq!((&seen["twr"]["value"], &seen["xirr"]["unavailable"]["code"]), (&json!(0.0), &json!("no_time")));
    }
}

on_both! {
    /// One deposit, one purchase, a month: the return is what the market did to the account, and a second deposit on the
    /// way changes the gain's basis but not the return.
    async fn deposits_are_no_return(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        // Prices move by the second, so both invest within one.
        let (ana, ben) = (ana.invested().await, ben.invested().await);
        shop.later(15 * DAY);
        let (ana, ben) = (ana.again().await, ben.again().await.with_cash(5_000).await);
        shop.later(15 * DAY);
        let (ana, ben) = (ana.again().await, ben.again().await);
        let (of_ana, of_ben) = (performance(&ana, "all").await, performance(&ben, "all").await);
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!(of_ana["closing_value"], portfolio["equity"]);
        let grown = cents(&of_ana["closing_value"]) as f64 / 1_000_000.0 - 1.0;
        assert!((number(&of_ana["twr"]) - grown).abs() < 1e-12);
        assert!((number(&of_ana["money_weighted"]) - grown).abs() < 1e-9);
        assert_eq!(cents(&of_ana["gain"]), cents(&of_ana["closing_value"]) - 1_000_000);
        // Cash that lies about dilutes, so the returns differ after the second deposit, and only then.
        let points = |seen: &Value| seen["points"].as_array().unwrap().iter().map(|p| p["twr"].clone()).collect::<Vec<_>>();
        assert_eq!(points(&of_ana)[..15], points(&of_ben)[..15]);
        assert_eq!(of_ben["inflow"], "15000.00");
        assert_eq!(of_ana["trading_days"], 30);
        for figure in ["volatility", "sharpe", "var_95", "cvar_95"] {
            assert!(of_ana[figure]["value"].is_f64(), "{figure}: {}", of_ana[figure]);
        }
        assert!(number(&of_ana["cvar_95"]) <= number(&of_ana["var_95"]));
        assert!(number(&of_ana["max_drawdown"]) <= 0.0);
        assert!(of_ana["benchmark"]["return"]["value"].is_f64());
        let week = performance(&ana, "1w").await;
        assert_eq!((week["points"].as_array().unwrap().len(), &week["trading_days"]), (8, &json!(6)));
        assert_eq!(week["var_95"]["unavailable"]["code"], "too_few_returns");
        let hours = performance(&ana, "1d").await;
        assert_eq!(hours["closing_value"], of_ana["closing_value"]);
        // The beginning, twenty-four whole hours, and now.
        assert_eq!(hours["points"].as_array().unwrap().len(), 26);
    }
}

on_both! {
    /// The jobs write down what was read off the ledger before, to the cent; made anew from the ledger, it is the same
    /// again. What an empty account was worth is told, and it is left alone until something happens to it.
    async fn days_are_written_down_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.invested().await;
        shop.later(5 * DAY);
        let ana = ana.again().await;
        ana.signed_post("/api/v1/portfolio/sell", json!({"symbol": "KO", "qty": "4"})).send().await.expect(201);
        shop.later(5 * DAY);
        let ana = ana.again().await;
        let before = performance(&ana, "all").await;
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 0);
        // A deposit, two orders' trades; holds are not part of the history.
        assert_eq!(portfolio::follow_ledger(&shop.app).await.unwrap(), 3);
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 10);
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 0);
        assert_eq!(performance(&ana, "all").await, before);
        assert_eq!(portfolio::rebuild(&shop.app, |_, _| ()).await.unwrap(), 3);
        assert_eq!(portfolio::close_days(&shop.app).await.unwrap(), 0);
        assert_eq!(performance(&ana, "all").await, before);
        // Two instances do it once.
        let other = shop.second().await;
        shop.later(DAY);
        let (one, two) = tokio::join!(portfolio::follow_ledger(&shop.app), portfolio::follow_ledger(&other.app));
        one.unwrap();
        two.unwrap();
        let (one, two) = tokio::join!(portfolio::close_days(&shop.app), portfolio::close_days(&other.app));
        one.unwrap();
        two.unwrap();
        let ana = ana.again().await;
        assert_eq!(performance(&ana, "all").await["points"].as_array().unwrap().len(), 12);
    }
}

impl Customer<'_> {
    /// Pays in ten thousand dollars and puts most of them in shares.
    async fn invested(self) -> Self {
        let customer = self.with_cash(10_000).await;
        let ask = json!({"symbol": "KO", "notional": "9000.00"});
        customer
            .signed_post("/api/v1/portfolio/buy", ask)
            .send()
            .await
            .expect(201);
        customer
    }
}

async fn performance(customer: &Customer<'_>, period: &str) -> Value {
    let path = format!("/api/v1/portfolio/performance?period={period}");
    customer.get(&path).send().await.expect(200)
}

fn number(figure: &Value) -> f64 {
    figure["value"].as_f64().expect("a figure")
}

fn cents(amount: &Value) -> i64 {
    amount
        .as_str()
        .expect("an amount")
        .replace('.', "")
        .parse()
        .expect("two decimals")
}
