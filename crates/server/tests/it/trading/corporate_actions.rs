//! Splits and dividends: applied to every holder exactly once, with nothing lost and nothing made.

use serde_json::{Value, json};
use stockade::features::{corporate_actions, orders::match_resting, portfolio};
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{
        people::{Customer, PASSWORD, Tokens},
        shop::Shop,
    },
};

on_both! {
    /// Two for one: twice the shares at half the price for the same cost, orders end, trading stands still in between.
    async fn a_split_changes_shares_and_no_value(database: Database) {
        let shop = Shop::start(database).await;
        let ana = holder(&shop, "ana", "3").await;
        let ben = holder(&shop, "ben", "0.5").await;
        let order = json!({"symbol": "KO", "side": "sell", "qty": "1", "type": "limit", "limit_price": "9999", "time_in_force": "gtc"});
        ana.signed_post("/api/v1/orders", order).send().await.expect(201);
        let operator = shop.staff(Role::Operator).await;
        let before = position(&ana).await;
        announce(&shop, &operator, json!({"type": "split", "new_shares": 2, "old_shares": 1})).await.expect(201);
        assert_eq!(corporate_actions::apply_due(&shop.app).await.unwrap(), 0);
        shop.later(61);
        let ask = json!({"symbol": "KO", "qty": "1"});
        ana.signed_post("/api/v1/portfolio/buy", ask.clone()).send().await.refused(503, "market.halted");
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        shop.later(10);
        assert_eq!(corporate_actions::apply_due(&shop.app).await.unwrap(), 2);
        assert_eq!(corporate_actions::apply_due(&shop.app).await.unwrap(), 0);
        let after = position(&ana).await;
        assert_eq!((&after["qty"], &after["available"]), (&json!("6"), &json!("6")));
        assert_eq!(after["cost_basis"], before["cost_basis"]);
        let value = |position: &Value| position["market_value"].as_str().unwrap().parse::<f64>().unwrap();
        assert!((value(&after) / value(&before) - 1.0).abs() < 0.01, "{before} {after}");
        assert_eq!(position(&ben).await["qty"], "1");
        assert_eq!(ana.get("/api/v1/orders?open=true").send().await.expect(200)["items"], json!([]));
        let last = &ana.get("/api/v1/portfolio/transactions").send().await.expect(200)["items"][0];
        assert_eq!((&last["type"], &last["qty"], &last["amount"]), (&json!("split"), &json!("3"), &json!("0.00")));
        ana.signed_post("/api/v1/portfolio/sell", ask).send().await.expect(201);
        let close = async |query: &str| {
            let path = format!("/api/v1/assets/KO/bars?limit=1&start=2026-05-29T00:00:00Z{query}");
            let bars = ana.get(&path).send().await.expect(200);
            bars["items"][0]["c"].as_str().unwrap().parse::<f64>().unwrap()
        };
        let (raw, in_new_shares) = (close("&adjustment=raw").await, close("").await);
        assert!((raw / in_new_shares - 2.0).abs() < 1e-6, "{raw} {in_new_shares}");
        assert!(shop.kinds_about(&ben.id).await.contains(&"corporate_action.applied".to_owned()));
        let list = shop.get("/api/v1/admin/corporate-actions").bearer(&operator.access).send().await.expect(200);
        assert_eq!((&list["items"][0]["status"], &list["items"][0]["holders"]), (&json!("applied"), &json!(2)));
        shop.books_agree().await;
    }
}

on_both! {
    /// One for ten, fractions paid out: what is left of a share becomes cash, its part of the cost is realised, and two
    /// instances that apply at the same time do it once.
    async fn a_reverse_split_pays_fractions_out_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = holder(&shop, "ana", "25").await;
        let ben = holder(&shop, "ben", "5").await;
        let operator = shop.staff(Role::Operator).await;
        let terms = json!({"type": "split", "new_shares": 1, "old_shares": 10, "cash_in_lieu_price": "600.00"});
        announce(&shop, &operator, terms).await.expect(201);
        let other = shop.second().await;
        shop.later(70);
        let (one, two) = tokio::join!(corporate_actions::apply_due(&shop.app), corporate_actions::apply_due(&other.app));
        assert_eq!(one.unwrap() + two.unwrap(), 2);
        let seen = position(&ana).await;
        assert_eq!(seen["qty"], "2");
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        let transactions = ana.get("/api/v1/portfolio/transactions").send().await.expect(200);
        let paid = &transactions["items"].as_array().unwrap().iter().find(|t| t["type"] == "cash_in_lieu").unwrap().clone();
        assert_eq!((&paid["qty"], &paid["amount"], &paid["price"]), (&json!("-0.5"), &json!("300.00"), &json!("600")));
        // Cost that stays, and cost that was realised with the fraction, are what was paid.
        let bought = transactions["items"].as_array().unwrap().iter().find(|t| t["type"] == "buy").unwrap();
        let cost = cents(&seen["cost_basis"]) + 30_000 - cents(&portfolio["realized_pl"]);
        assert_eq!(cost, -cents(&bought["amount"]));
        // Half a share of Ben's was all he had left.
        assert_eq!(ben.get("/api/v1/portfolio/positions").send().await.expect(200)["items"], json!([]));
        shop.books_agree().await;
    }
}

on_both! {
    /// A dividend is paid on what was held when it took effect: who sells afterwards gets it, who buys afterwards does not.
    async fn a_dividend_is_paid_on_what_was_held(database: Database) {
        let shop = Shop::start(database).await;
        let ana = holder(&shop, "ana", "3").await;
        let ben = shop.customer("ben").await.with_cash(1_000).await;
        let operator = shop.staff(Role::Operator).await;
        announce(&shop, &operator, json!({"type": "cash_dividend", "amount_per_share": "0.485"})).await.expect(201);
        shop.later(61);
        let ask = json!({"symbol": "KO", "qty": "3"});
        ana.signed_post("/api/v1/portfolio/sell", ask.clone()).send().await.expect(201);
        ben.signed_post("/api/v1/portfolio/buy", ask).send().await.expect(201);
        shop.later(120);
        assert_eq!(corporate_actions::apply_due(&shop.app).await.unwrap(), 0, "the histories are not whole yet");
        portfolio::follow_ledger(&shop.app).await.unwrap();
        assert_eq!(corporate_actions::apply_due(&shop.app).await.unwrap(), 1);
        assert_eq!(corporate_actions::apply_due(&shop.app).await.unwrap(), 0);
        let last = &ana.get("/api/v1/portfolio/transactions").send().await.expect(200)["items"][0];
        assert_eq!((&last["type"], &last["amount"]), (&json!("dividend"), &json!("1.46")));
        assert_eq!(ben.get("/api/v1/portfolio/transactions?type=dividend").send().await.expect(200)["items"], json!([]));
        let seen = ana.get("/api/v1/portfolio/performance?period=all").send().await.expect(200);
        assert_eq!(seen["inflow"], "100000.00", "a dividend is earned, not paid in");
        shop.books_agree().await;
    }
}

on_both! {
    /// Only an operator announces, with a proof of who they are, and only what makes sense.
    async fn announcing_takes_an_operator(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let split = json!({"symbol": "KO", "type": "split", "new_shares": 2, "old_shares": 1, "effective_at": in_a_minute(&shop)});
        ana.post("/api/v1/admin/corporate-actions").json(split.clone()).send().await.refused(403, "role.not_allowed");
        let operator = shop.staff(Role::Operator).await;
        let ask = shop.post("/api/v1/admin/corporate-actions").bearer(&operator.access).json(split);
        ask.send().await.refused(403, "step_up.required");
        for (terms, code) in [
            (json!({"type": "split", "new_shares": 1, "old_shares": 1}), "corporate_action.invalid_ratio"),
            (json!({"type": "split", "new_shares": 2}), "corporate_action.terms"),
            (json!({"type": "cash_dividend", "amount_per_share": "0"}), "number.not_positive"),
            (json!({"type": "cash_dividend", "amount_per_share": "1", "effective_at": "2020-01-01T00:00:00Z"}), "corporate_action.instant"),
            (json!({"type": "cash_dividend", "amount_per_share": "1", "symbol": "NOPE"}), "asset.unknown"),
        ] {
            announce(&shop, &operator, terms).await.refused(422, code);
        }
    }
}

on_both! {
    /// A dividend announced again, by whatever way, is not paid again: not by the same request, not by another operator at
    /// another minute of the day, not by both at the same instant. Another day's or another security's is.
    async fn a_dividend_is_not_announced_twice(database: Database) {
        let shop = Shop::start(database).await;
        let ana = holder(&shop, "ana", "3").await;
        let operator = shop.staff(Role::Operator).await;
        let dividend = json!({"type": "cash_dividend", "amount_per_share": "0.485"});
        let ask = |minutes: i64, more: Value| {
            let at = shop.now() + jiff::SignedDuration::from_mins(minutes);
            let mut ask = json!({"symbol": "KO", "effective_at": at.to_string()});
            ask.as_object_mut().unwrap().extend(dividend.as_object().unwrap().clone());
            ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            shop.post(ACTIONS).bearer(&operator.access).json(ask)
        };
        // The answer was lost: the same request with the same key is answered with what it made, proof or no proof.
        let once = shop.stepped_up(&operator, ask(5, json!({})).header("idempotency-key", "ko-june")).await;
        let made = once.clone().send().await.expect(201);
        assert_eq!(once.clone().send().await.expect(201)["id"], made["id"]);
        shop.later(600);
        assert_eq!(once.clone().send().await.expect(201)["id"], made["id"], "also after it took effect");
        once.clone().without("x-step-up").send().await.refused(403, "step_up.required");
        let other = shop.stepped_up(&operator, ask(20, json!({"symbol": "XOM"})).header("idempotency-key", "ko-june")).await;
        other.clone().send().await.refused(422, "idempotency.key_reused");
        // Without the key its proof is used up, and a new proof does not help.
        once.clone().without("idempotency-key").send().await.refused(403, "step_up.required");
        for (minutes, amount) in [(20, "0.485"), (30, "0.5")] {
            let again = shop.stepped_up(&operator, ask(minutes, json!({"amount_per_share": amount}))).await;
            again.send().await.refused(409, "corporate_action.announced");
        }
        let second = shop.second().await;
        let (one, two) = (
            shop.stepped_up(&operator, ask(60 * 24, json!({}))).await,
            shop.stepped_up(&operator, ask(60 * 24 + 1, json!({}))).await.at(&second),
        );
        let (one, two) = tokio::join!(one.send(), two.send());
        let mut both = [one.status.as_u16(), two.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [201, 409]);
        shop.stepped_up(&operator, ask(20, json!({"symbol": "XOM"}))).await.send().await.expect(201);

        portfolio::follow_ledger(&shop.app).await.unwrap();
        assert_eq!(corporate_actions::apply_due(&shop.app).await.unwrap(), 1);
        shop.later(3_600);
        portfolio::follow_ledger(&shop.app).await.unwrap();
        corporate_actions::apply_due(&shop.app).await.unwrap();
        let back = shop.sign_in(&ana.email, PASSWORD).await;
        let paid = shop.get("/api/v1/portfolio/transactions?type=dividend").bearer(&back.access);
        let paid = paid.send().await.expect(200);
        assert_eq!(paid["items"].as_array().unwrap().len(), 1, "{paid}");
        shop.books_agree().await;
    }
}

/// Where they are announced.
const ACTIONS: &str = "/api/v1/admin/corporate-actions";

/// Somebody with a hundred thousand dollars and some shares.
async fn holder<'s>(shop: &'s Shop, name: &str, qty: &str) -> Customer<'s> {
    let customer = shop.customer(name).await.with_cash(100_000).await;
    customer
        .signed_post("/api/v1/portfolio/buy", json!({"symbol": "KO", "qty": qty}))
        .send()
        .await
        .expect(201);
    customer
}

async fn announce(shop: &Shop, operator: &Tokens, terms: Value) -> crate::support::http::Answer {
    shop.later(1);
    // Proving oneself takes a moment.
    let mut ask = json!({"symbol": "KO", "effective_at": in_a_minute(shop)});
    ask.as_object_mut()
        .unwrap()
        .extend(terms.as_object().unwrap().clone());
    let request = shop
        .post("/api/v1/admin/corporate-actions")
        .bearer(&operator.access)
        .json(ask);
    shop.stepped_up(operator, request).await.send().await
}

fn in_a_minute(shop: &Shop) -> String {
    (shop.now() + jiff::SignedDuration::from_secs(62)).to_string()
}

async fn position(customer: &Customer<'_>) -> Value {
    customer
        .get("/api/v1/portfolio/positions")
        .send()
        .await
        .expect(200)["items"][0]
        .clone()
}

fn cents(amount: &Value) -> i64 {
    amount
        .as_str()
        .expect("an amount")
        .replace('.', "")
        .parse()
        .expect("two decimals")
}
