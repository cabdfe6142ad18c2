//! Withdrawals and the payees they go to.

use jiff::SignedDuration;
use serde_json::{Value, json};
use stockade::features::{cash::answer_transfers, ledger};
use stockade_platform::db::{DbResult, Reader, Tx, sql};

use crate::{
    on_both,
    support::{
        http::Ask,
        people::{Customer, PASSWORD, text},
        shop::Shop,
    },
};

const PAYEES: &str = "/api/v1/cash/payees";
pub(super) const WITHDRAWALS: &str = "/api/v1/cash/withdrawals";

/// A bank account that exists as far as its check digit goes.
pub(super) fn payee(account_number: &str) -> Value {
    let account =
        json!({ "routing_number": "021001208", "account_number": account_number, "kind": "checking" });
    json!({ "name": "My current account", "bank_account": account })
}

impl<'s> Customer<'s> {
    /// Adds a bank account; answers its id.
    pub(crate) async fn payee(&self, account_number: &str) -> String {
        let made = self
            .signed_post(PAYEES, payee(account_number))
            .send()
            .await
            .expect(201);
        text(&made["id"])
    }

    /// A withdrawal not yet sent.
    pub(crate) fn withdrawing(&self, amount: &str, destination: &str) -> Ask<'s> {
        let ask = json!({ "amount": amount, "currency": "USD", "destination": destination });
        self.signed_post(WITHDRAWALS, ask)
    }

    pub(crate) async fn withdrawal(&self, id: &Value) -> Value {
        self.get(&format!("{WITHDRAWALS}/{}", text(id)))
            .send()
            .await
            .expect(200)
    }

    pub(crate) async fn cash(&self) -> Value {
        let cash = self.get("/api/v1/cash").send().await.expect(200);
        json!([cash["available"], cash["held"]])
    }

    pub(crate) async fn change_password(&self) {
        let ask = json!({ "current_password": PASSWORD, "new_password": "a long and winding sentence" });
        self.post("/api/v1/auth/password/change")
            .json(ask)
            .send()
            .await
            .expect(200);
    }
}

/// The bank's turn; answers how many transfers moved.
async fn bank(shop: &Shop) -> usize {
    answer_transfers(&shop.app).await.unwrap()
}

on_both! {
    /// Cash that goes out is held at once and gone when the bank has it. The house's side of the books says the same.
    async fn a_withdrawal_is_held_then_settled(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(250).await;
        let to = ana.payee("12345678").await;
        let asked = ana.withdrawing("100.00", &to).send().await.expect(201);
        assert_eq!((&asked["status"], &asked["simulated"], &asked["destination"]), (&json!("pending"), &json!(true), &json!(to)));
        assert_eq!(ana.cash().await, json!(["150.00", "100.00"]));
        assert_eq!(bank(&shop).await, 0, "the bank takes its time");
        shop.later(30);
        assert_eq!((bank(&shop).await, bank(&shop).await), (1, 0));
        assert_eq!(ana.withdrawal(&asked["id"]).await["status"], "settled");
        assert_eq!(ana.cash().await, json!(["150.00", "0.00"]));
        let late = ana.delete(&format!("{WITHDRAWALS}/{}", text(&asked["id"]))).signed(&ana.key);
        late.send().await.refused(409, "transfer.closed");
        shop.books_agree().await;
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["payee.added", "withdrawal.requested", "withdrawal.settled"] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind} in {kinds:?}");
        }
    }
}

on_both! {
    /// What the bank sends back is in the account again; what was taken back never reaches the bank.
    async fn what_does_not_arrive_comes_back(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(250).await;
        let (closed, open) = (ana.payee("12340000").await, ana.payee("12345678").await);
        let failing = ana.withdrawing("100.00", &closed).send().await.expect(201);
        let canceled = ana.withdrawing("50.00", &open).send().await.expect(201);
        let path = format!("{WITHDRAWALS}/{}", text(&canceled["id"]));
        assert_eq!(ana.delete(&path).signed(&ana.key).send().await.expect(200)["status"], "canceled");
        ana.delete(&path).signed(&ana.key).send().await.refused(409, "transfer.closed");
        shop.later(30);
        assert_eq!(bank(&shop).await, 1);
        let failed = ana.withdrawal(&failing["id"]).await;
        assert_eq!((&failed["status"], &failed["failure"]), (&json!("failed"), &json!("account_closed")));
        assert_eq!(ana.cash().await, json!(["250.00", "0.00"]));
        shop.books_agree().await;
    }
}

on_both! {
    /// Nobody withdraws what they do not have, or to a payee of somebody else's, or one that was removed; nobody sees or
    /// cancels another's withdrawal.
    async fn nobody_takes_what_is_not_theirs(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let eve = shop.customer("eve").await.with_cash(100).await;
        let (to, elsewhere) = (ana.payee("12345678").await, eve.payee("87654321").await);
        ana.withdrawing("100.01", &to).send().await.refused(409, "cash.not_enough");
        eve.withdrawing("10.00", &to).send().await.refused(422, "payee.unknown");
        eve.withdrawing("-10.00", &elsewhere).send().await.refused(422, "number.not_positive");
        let hers = ana.withdrawing("10.00", &to).send().await.expect(201);
        let path = format!("{WITHDRAWALS}/{}", text(&hers["id"]));
        eve.get(&path).send().await.refused(404, "withdrawal.unknown");
        eve.delete(&path).signed(&eve.key).send().await.refused(404, "withdrawal.unknown");
        // A deposit is no withdrawal.
        let deposits = ana.get("/api/v1/cash/transactions?kind=deposit").send().await.expect(200);
        let path = format!("{WITHDRAWALS}/{}", text(&deposits["items"][0]["id"]));
        ana.delete(&path).signed(&ana.key).send().await.refused(404, "withdrawal.unknown");
        let remove = format!("{PAYEES}/{to}");
        eve.delete(&remove).signed(&eve.key).send().await.refused(404, "payee.unknown");
        ana.delete(&remove).signed(&ana.key).send().await.expect(200);
        ana.withdrawing("10.00", &to).send().await.refused(422, "payee.unknown");
        assert_eq!(ana.get(PAYEES).send().await.expect(200)["items"], json!([]));
        let all = ana.get(&format!("{PAYEES}?removed=true")).send().await.expect(200);
        assert_eq!(all["items"][0]["bank_account"]["account_number"], "XXXX5678");
        shop.books_agree().await;
    }
}

on_both! {
    /// Who has just changed the password gets nothing out for a day, and is told why and until when. A withdrawal that was
    /// under way waits, too.
    async fn nothing_leaves_for_a_day_after_the_password_was_changed(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(250).await;
        let to = ana.payee("12345678").await;
        let before = ana.withdrawing("100.00", &to).send().await.expect(201);
        shop.later(10);
        ana.change_password().await;
        let a_day_later = shop.now() + SignedDuration::from_hours(24);
        let after = ana.withdrawing("50.00", &to).send().await.expect(202);
        assert_eq!((&after["status"], &after["held_because"]), (&json!("pending"), &json!("credentials_changed")));
        assert_eq!(after["held_until"], a_day_later.to_string());
        let added = ana.signed_post(PAYEES, payee("87654321")).send().await.expect(201);
        assert_eq!(added["usable_from"], after["held_until"]);
        let to_new = ana.withdrawing("10.00", &text(&added["id"])).send().await.expect(202);
        assert_eq!(to_new["held_until"], after["held_until"]);
        shop.later(60);
        assert_eq!(bank(&shop).await, 1);
        let waits = ana.withdrawal(&before["id"]).await;
        assert_eq!((&waits["status"], &waits["held_until"]), (&json!("pending"), &after["held_until"]));
        shop.later(86_400 - 61);
        assert_eq!(bank(&shop).await, 0, "a second too early");
        assert_eq!(shop.kinds_about(&ana.id).await.iter().filter(|kind| *kind == "withdrawal.held").count(), 1);
        shop.later(1);
        assert_eq!(bank(&shop).await, 3);
        shop.books_agree().await;
    }
}

on_both! {
    /// A deposit that takes its time is pending until the bank has answered.
    async fn a_deposit_may_take_its_time(database: Database) {
        let shop = Shop::start_with(database, &[("CASH__DEPOSIT_SECONDS", "60")]).await;
        let ana = shop.customer("ana").await.with_cash(250).await;
        assert_eq!(ana.cash().await, json!(["0.00", "0.00"]));
        let list = ana.get("/api/v1/cash/transactions?status=pending").send().await.expect(200);
        assert_eq!(list["items"][0]["kind"], "deposit");
        shop.later(60);
        assert_eq!(bank(&shop).await, 1);
        assert_eq!(ana.cash().await, json!(["250.00", "0.00"]));
        shop.books_agree().await;
    }
}

on_both! {
    /// Transfers are found by kind, state and time.
    async fn transfers_are_found_by_what_they_are(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(250).await;
        let to = ana.payee("12345678").await;
        shop.later(60);
        ana.withdrawing("100.00", &to).send().await.expect(201);
        shop.later(60);
        let ana = ana.with_cash(50).await;
        let amounts = async |filter: &str| {
            let page = ana.get(&format!("/api/v1/cash/transactions?{filter}")).send().await.expect(200);
            page["items"].as_array().unwrap().iter().map(|item| text(&item["amount"])).collect::<Vec<_>>()
        };
        assert_eq!(amounts("").await, ["50.00", "100.00", "250.00"]);
        assert_eq!(amounts("kind=withdrawal").await, ["100.00"]);
        assert_eq!(amounts("kind=deposit&status=settled").await, ["50.00", "250.00"]);
        assert_eq!(amounts("status=pending").await, ["100.00"]);
        assert_eq!(amounts("from=2026-06-01T12:01:00Z&to=2026-06-01T12:02:00Z").await, ["100.00"]);
        assert_eq!(amounts("kind=deposit&from=2026-06-01T12:01:00Z&limit=1").await, ["50.00"]);
        ana.get("/api/v1/cash/transactions?kind=gift").send().await.refused(422, "request.invalid_query");
    }
}

on_both! {
    /// Names and numbers of payees lie sealed; who changes them from behind is noticed, and no cash follows.
    async fn a_payee_that_was_tampered_with_gets_nothing(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(250).await;
        let (to, other) = (ana.payee("12345678").await, ana.payee("99998888").await);
        let asked = ana.withdrawing("100.00", &to).send().await.expect(201);
        let raw: Vec<u8> = read_one(&shop, "SELECT sealed FROM payees ORDER BY id LIMIT 1").await;
        assert!(!raw.windows(8).any(|part| part == b"12345678"));
        // The other payee's numbers in this one's place.
        let swap = "UPDATE payees SET sealed = (SELECT sealed FROM payees other WHERE other.id <> payees.id)";
        write(&shop, swap).await;
        ana.get(PAYEES).send().await.refused(500, "vault.tampered");
        shop.later(30);
        assert_eq!(bank(&shop).await, 0);
        assert_eq!(ana.withdrawal(&asked["id"]).await["status"], "pending");
        assert!(shop.kinds_about(&ana.id).await.iter().any(|kind| kind == "vault.tampered"));
        assert_ne!(to, other);
        shop.books_agree().await;
    }
}

on_both! {
    /// Who leaves takes their payees along; an account with cash on its way out is not empty.
    async fn who_leaves_leaves_no_payee(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100).await;
        let to = ana.payee("12345678").await;
        ana.withdrawing("100.00", &to).send().await.expect(201);
        let close = shop.stepped_up(&ana.tokens, ana.delete("/api/v1/profile")).await;
        let refused = close.clone().send().await.refused(409, "closing.not_empty");
        assert_eq!(refused["errors"][0]["code"], "closing.open_orders");
        shop.later(30);
        assert_eq!(bank(&shop).await, 1);
        close.send().await.expect(204);
        let left: i64 = read_one(&shop, "SELECT COUNT(*) FROM payees").await;
        assert_eq!(left, 0);
        assert!(ledger::verify(&shop.app, |_| {}).await.unwrap().valid);
    }
}

async fn read_one<T: stockade_platform::db::FromRow + Send + 'static>(shop: &Shop, query: &'static str) -> T {
    let found: DbResult<T> = shop
        .app
        .read(async move |reader: &mut Reader| sql(query).one(reader).await)
        .await;
    found.unwrap()
}

async fn write(shop: &Shop, statement: &'static str) {
    let run = async move |tx: &mut Tx| sql(statement).run(tx).await;
    stockade::core::bookkeeping::bookkeep(&shop.app.core.db, run)
        .await
        .unwrap();
}
