//! Idempotency, held against every request that moves money: the same again is the same effect, for ever; another request
//! under the same key is refused; many at once are one; what was refused binds nothing.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use stockade::http::router;

use super::withdrawals::{WITHDRAWALS, payee};
use crate::{
    on_both,
    support::{
        http::Ask,
        people::{Customer, text},
        shop::Shop,
    },
};

const ORDERS: &str = "/api/v1/orders";

/// A request that moves money.
struct Case {
    /// As OpenAPI names it.
    operation: &'static str,
    ask: Request,
    /// Another request under the same key.
    other: Request,
    /// What must be there before it succeeds. Without it the request is refused; `None` when it never is.
    needs: Option<Needs>,
}

enum Request {
    Post(&'static str, Value),
    /// Takes back the order that was prepared, or another one.
    Cancel {
        other: bool,
    },
    /// Puts another order into the place of the one that was prepared.
    Replace(&'static str),
    /// Pays out to the payee that was prepared.
    Withdraw(&'static str),
    /// Takes a withdrawal that was prepared back, or another one.
    CancelWithdrawal {
        other: bool,
    },
    /// Says of the order that was held that it was one's own doing, or of another one.
    Confirm {
        other: bool,
    },
    /// Says of the withdrawal that was held that it was one's own doing, or of another one.
    ConfirmWithdrawal {
        other: bool,
    },
    /// Removes the payee that was prepared, or another one.
    RemovePayee {
        other: bool,
    },
}

#[derive(Clone, Copy, PartialEq)]
enum Needs {
    Cash,
    Shares,
    RestingOrders,
    Payees,
    Withdrawals,
    HeldOrders,
    HeldWithdrawals,
}

fn cases() -> Vec<Case> {
    use Request::{
        Cancel, CancelWithdrawal, Confirm, ConfirmWithdrawal, Post, RemovePayee, Replace, Withdraw,
    };
    let deposit = |amount: &str| {
        Post(
            "/api/v1/cash/deposits",
            json!({ "amount": amount, "currency": "USD" }),
        )
    };
    let order = |qty: &str| {
        let ask =
            json!({ "symbol": "KO", "side": "buy", "qty": qty, "type": "market", "time_in_force": "day" });
        Post(ORDERS, ask)
    };
    let trade = |path, qty: &str| Post(path, json!({ "symbol": "KO", "qty": qty }));
    vec![
        Case {
            operation: "POST /api/v1/cash/deposits",
            ask: deposit("100.00"),
            other: deposit("100.01"),
            needs: None,
        },
        Case {
            operation: "POST /api/v1/orders",
            ask: order("1"),
            other: order("2"),
            needs: Some(Needs::Cash),
        },
        Case {
            operation: "POST /api/v1/portfolio/buy",
            ask: trade("/api/v1/portfolio/buy", "1"),
            other: trade("/api/v1/portfolio/buy", "2"),
            needs: Some(Needs::Cash),
        },
        Case {
            operation: "POST /api/v1/portfolio/sell",
            ask: trade("/api/v1/portfolio/sell", "1"),
            other: trade("/api/v1/portfolio/buy", "1"),
            needs: Some(Needs::Shares),
        },
        Case {
            operation: "DELETE /api/v1/orders/{id}",
            ask: Cancel { other: false },
            other: Cancel { other: true },
            needs: Some(Needs::RestingOrders),
        },
        Case {
            operation: "PATCH /api/v1/orders/{id}",
            ask: Replace("2"),
            other: Replace("3"),
            needs: Some(Needs::RestingOrders),
        },
        Case {
            operation: "POST /api/v1/cash/payees",
            ask: Post("/api/v1/cash/payees", payee("12345678")),
            other: Post("/api/v1/cash/payees", payee("12345679")),
            needs: None,
        },
        Case {
            operation: "DELETE /api/v1/cash/payees/{id}",
            ask: RemovePayee { other: false },
            other: RemovePayee { other: true },
            needs: Some(Needs::Payees),
        },
        Case {
            operation: "POST /api/v1/cash/withdrawals",
            ask: Withdraw("10.00"),
            other: Withdraw("10.01"),
            needs: Some(Needs::Payees),
        },
        Case {
            operation: "DELETE /api/v1/cash/withdrawals/{id}",
            ask: CancelWithdrawal { other: false },
            other: CancelWithdrawal { other: true },
            needs: Some(Needs::Withdrawals),
        },
        Case {
            operation: "POST /api/v1/orders/{id}/confirm",
            ask: Confirm { other: false },
            other: Confirm { other: true },
            needs: Some(Needs::HeldOrders),
        },
        Case {
            operation: "POST /api/v1/cash/withdrawals/{id}/confirm",
            ask: ConfirmWithdrawal { other: false },
            other: ConfirmWithdrawal { other: true },
            needs: Some(Needs::HeldWithdrawals),
        },
    ]
}

/// Somebody, and the orders that were prepared for taking back.
struct Story<'s> {
    ana: Customer<'s>,
    resting: [String; 2],
    payees: [String; 2],
    withdrawals: [String; 2],
}

on_both! {
    /// Every request that moves money keeps to the rules.
    async fn the_same_again_is_the_same_effect(database: Database) {
        let shop = Shop::start_with(database, &[("REVIEWS__USUAL_AMOUNT", "100")]).await;
        for (number, case) in cases().into_iter().enumerate() {
            let ana = shop.customer(&format!("ana{number}")).await;
            let mut story = Story::of(ana);
            // What was refused binds no key.
            if let Some(needs) = case.needs {
                if [Needs::Cash, Needs::Shares].contains(&needs) {
                    let refused = story.send(&case.ask, "once").await;
                    assert_eq!(refused.status.as_u16() / 100, 4, "{}: {}", case.operation, refused.text());
                }
                story.prepare(needs).await;
            }
            // Eight at once are one effect, and every one of them gets it.
            let before = story.state().await;
            let answers = join_all((0..8).map(|_| story.send(&case.ask, "once"))).await;
            let ids: BTreeSet<String> = answers
                .into_iter()
                .map(|answer| {
                    assert!(answer.status.is_success(), "{}: {}", case.operation, answer.text());
                    text(&answer.value()["id"])
                })
                .collect();
            assert_eq!(ids.len(), 1, "{}", case.operation);
            let after = story.state().await;
            assert_ne!(before, after, "{} had no effect", case.operation);
            // Another request under the key is refused, and is none of the person's doing.
            let refused = story.send(&case.other, "once").await;
            refused.refused(422, "idempotency.key_reused");
            assert_eq!(story.state().await, after, "{}", case.operation);
            // The key is hers alone: somebody else's is another.
            shop.books_agree().await;

            // Long after, it still is the same.
            shop.later(400 * 86_400);
            story.ana = story.ana.again().await;
            let after = story.state().await;
            let again = story.send(&case.ask, "once").await;
            assert!(again.status.is_success(), "{}: {}", case.operation, again.text());
            assert_eq!(BTreeSet::from([text(&again.value()["id"])]), ids);
            assert_eq!(story.state().await, after, "{}", case.operation);
        }
        shop.log_is_whole().await;
    }
}

/// A request that moves money and is not in the table above fails here.
#[test]
fn every_request_that_moves_money_is_tried() {
    let document = serde_json::to_value(router::openapi()).unwrap();
    let mut unsafe_ones = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let moves_money =
                ["trade", "move_cash"].contains(&operation["x-stockade-access"].as_str().unwrap());
            if moves_money && method != "get" {
                unsafe_ones.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    let tried: BTreeSet<String> = cases().iter().map(|case| case.operation.to_owned()).collect();
    assert_eq!(tried, unsafe_ones);
}

impl<'s> Story<'s> {
    fn of(ana: Customer<'s>) -> Self {
        Self {
            ana,
            resting: Default::default(),
            payees: Default::default(),
            withdrawals: Default::default(),
        }
    }

    async fn send(&self, request: &Request, key: &str) -> crate::support::http::Answer {
        self.ask(request)
            .header("idempotency-key", key)
            .signed(&self.ana.key)
            .send()
            .await
    }

    fn ask(&self, request: &Request) -> Ask<'s> {
        match request {
            Request::Post(path, body) => self.ana.post(path).json(body.clone()),
            Request::Cancel { other } => {
                let id = &self.resting[usize::from(*other)];
                self.ana.delete(&format!("{ORDERS}/{id}"))
            }
            Request::Replace(qty) => {
                let path = format!("{ORDERS}/{}", self.resting[0]);
                self.ana.patch(&path).json(json!({ "qty": qty }))
            }
            Request::Withdraw(amount) => {
                let ask = json!({ "amount": amount, "currency": "USD", "destination": self.payees[0] });
                self.ana.post(WITHDRAWALS).json(ask)
            }
            Request::CancelWithdrawal { other } => {
                let id = &self.withdrawals[usize::from(*other)];
                self.ana.delete(&format!("{WITHDRAWALS}/{id}"))
            }
            Request::Confirm { other } => {
                let id = &self.resting[usize::from(*other)];
                self.ana.post(&format!("{ORDERS}/{id}/confirm"))
            }
            Request::ConfirmWithdrawal { other } => {
                let id = &self.withdrawals[usize::from(*other)];
                self.ana.post(&format!("{WITHDRAWALS}/{id}/confirm"))
            }
            Request::RemovePayee { other } => {
                let id = &self.payees[usize::from(*other)];
                self.ana.delete(&format!("/api/v1/cash/payees/{id}"))
            }
        }
    }

    async fn prepare(&mut self, needs: Needs) {
        let deposit = json!({ "amount": "10000.00", "currency": "USD" });
        self.ana
            .signed_post("/api/v1/cash/deposits", deposit)
            .send()
            .await
            .expect(201);
        match needs {
            Needs::Cash => {}
            Needs::Shares => {
                let buy = json!({ "symbol": "KO", "qty": "5" });
                self.ana
                    .signed_post("/api/v1/portfolio/buy", buy)
                    .send()
                    .await
                    .expect(201);
            }
            Needs::Payees => {
                self.payees = [self.ana.payee("12345678").await, self.ana.payee("12345679").await]
            }
            Needs::Withdrawals => {
                let to = self.ana.payee("12345678").await;
                for withdrawal in &mut self.withdrawals {
                    let made = self.ana.withdrawing("10.00", &to).send().await.expect(201);
                    *withdrawal = text(&made["id"]);
                }
            }
            Needs::HeldOrders => {
                for held in &mut self.resting {
                    let buy = json!({ "symbol": "KO", "notional": "2500.00" });
                    let made = self
                        .ana
                        .signed_post("/api/v1/portfolio/buy", buy)
                        .send()
                        .await
                        .expect(202);
                    *held = text(&made["id"]);
                }
            }
            Needs::HeldWithdrawals => {
                let to = self.ana.payee("12345678").await;
                for held in &mut self.withdrawals {
                    let made = self.ana.withdrawing("2500.00", &to).send().await.expect(202);
                    *held = text(&made["id"]);
                }
            }
            Needs::RestingOrders => {
                for resting in &mut self.resting {
                    let buy = json!({ "symbol": "KO", "qty": "1", "limit_price": "1.00" });
                    let made = self
                        .ana
                        .signed_post("/api/v1/portfolio/buy", buy)
                        .send()
                        .await
                        .expect(201);
                    *resting = text(&made["id"]);
                }
            }
        }
    }

    /// All that a request that moves money may move.
    async fn state(&self) -> Value {
        let get = async |path: &str| self.ana.get(path).send().await.expect(200);
        let cash = get("/api/v1/cash").await;
        let orders = get(ORDERS).await;
        let statuses: Vec<Value> = orders["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|order| json!([order["id"], order["status"], order["review"]]))
            .collect();
        json!([
            cash,
            statuses,
            get("/api/v1/cash/transactions").await["items"],
            get("/api/v1/cash/payees").await
        ])
    }
}
