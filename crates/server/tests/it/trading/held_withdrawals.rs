//! Withdrawals that look unlike their owner: held, explained, decided by people, and never paid by time.

use futures_util::future::join;
use serde_json::{Value, json};
use stockade::features::{cash::answer_transfers, reviews::expire_reviews};
use stockade_domain::roles::Role;
use stockade_platform::db::{Tx, sql};

use super::withdrawals::WITHDRAWALS;
use crate::{
    on_both,
    support::{
        http::Ask,
        people::{Customer, PASSWORD, Tokens, text},
        shop::Shop,
    },
};

const DESK: &str = "/api/admin/security/transactions";

/// Everybody usually moves a hundred dollars, so 2,500 is 25 times that.
pub const SMALL: (&str, &str) = ("REVIEWS__USUAL_AMOUNT", "100");

impl Shop {
    pub(crate) fn decide<'s>(&'s self, by: &Tokens, transaction: &Value, verb: &str) -> Ask<'s> {
        let path = format!("{DESK}/{}/{verb}", text(&transaction["id"]));
        self.post(&path).bearer(&by.access)
    }

    pub(crate) async fn case(&self, by: &Tokens, transaction: &Value) -> Value {
        let path = format!("{DESK}/{}", text(&transaction["id"]));
        self.get(&path).bearer(&by.access).send().await.expect(200)
    }

    pub(crate) async fn queue(&self, by: &Tokens, filter: &str) -> Vec<Value> {
        let page = self
            .get(&format!("{DESK}?{filter}"))
            .bearer(&by.access)
            .send()
            .await
            .expect(200);
        page["items"].as_array().unwrap().clone()
    }
}

impl Customer<'_> {
    async fn held(&self, amount: &str, to: &str) -> Value {
        let held = self.withdrawing(amount, to).send().await.expect(202);
        assert_eq!(
            (&held["status"], &held["review"]["state"]),
            (&json!("pending_review"), &json!("open"))
        );
        held
    }
}

on_both! {
    /// What is held goes to the bank only once it was let through; what its owner takes back, what is rejected and what
    /// nobody decides gives back its cash.
    async fn a_withdrawal_waits_for_review(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let ana = shop.customer("ana").await.with_cash(20_000).await;
        let to = ana.payee("12345678").await;
        let held = ana.held("2500.00", &to).await;
        let dropped = ana.held("2600.00", &to).await;
        let late = ana.held("2700.00", &to).await;
        let stopped = ana.held("2800.00", &to).await;
        assert_eq!(ana.cash().await, json!(["9400.00", "10600.00"]));
        shop.later(60);
        assert_eq!(answer_transfers(&shop.app).await.unwrap(), 0);
        let path = format!("{WITHDRAWALS}/{}", text(&dropped["id"]));
        let said = ana.post(&format!("{path}/confirm")).signed(&ana.key).send().await.expect(200);
        assert_eq!((&said["status"], said["review"]["answered_at"].is_string()), (&json!("pending_review"), true));
        let canceled = ana.delete(&path).signed(&ana.key).send().await.expect(200);
        assert_eq!((&canceled["status"], &canceled["review"]["state"]), (&json!("canceled"), &json!("canceled")));

        let analyst = shop.staff(Role::Analyst).await;
        shop.decide(&analyst, &dropped, "approve").send().await.refused(409, "review.closed");
        assert_eq!(shop.queue(&analyst, "state=open&min_score=0.7&operation=withdrawal").await.len(), 3);
        let case = shop.case(&analyst, &held).await;
        let terms = case["evidence"]["terms"].as_array().unwrap();
        assert!(terms.iter().any(|term| term["rule"] == "unusual_amount" && term["weight"] == 0.75), "{terms:?}");
        assert_eq!(case["evidence"]["facts"]["amount_ratio"], 25_000);
        assert!(text(&case["evidence"]["would_pass"][0]).starts_with("amount under $"), "{case}");
        let decided = shop.decide(&analyst, &held, "approve").json(json!({ "note": "spoke to her" })).send().await.expect(200);
        assert_eq!((&decided["state"], &decided["withdrawal"]["status"]), (&json!("approved"), &json!("pending")));
        let decided = shop.decide(&analyst, &stopped, "reject").send().await.expect(200);
        assert_eq!(decided["withdrawal"]["status"], "rejected");
        shop.later(30);
        assert_eq!(answer_transfers(&shop.app).await.unwrap(), 1);
        assert_eq!(ana.withdrawal(&held["id"]).await["status"], "settled");
        // Nobody decides about the last: it expires, and no cash leaves, not even by an approval that comes too late.
        shop.later(86_400);
        let analyst = shop.sign_in("analyst@example.com", PASSWORD).await;
        shop.decide(&analyst, &late, "approve").send().await.refused(409, "review.expired");
        assert_eq!(expire_reviews(&shop.app).await.unwrap(), 1);
        assert_eq!(expire_reviews(&shop.app).await.unwrap(), 0);
        shop.decide(&analyst, &late, "approve").send().await.refused(409, "review.closed");
        let ana = ana.again().await;
        assert_eq!(ana.withdrawal(&late["id"]).await["status"], "expired");
        assert_eq!(ana.cash().await, json!(["17500.00", "0.00"]));
        shop.books_agree().await;
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["review.answered", "review.approved", "review.rejected", "review.expired", "withdrawal.released"] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind} in {kinds:?}");
        }
    }
}

on_both! {
    /// Two analysts at once let it through once; above the limit both are needed, and both at once are two.
    async fn approvals_at_once(database: Database) {
        let shop = Shop::start_with(database, &[SMALL, ("REVIEWS__TWO_APPROVALS_OVER", "2600")]).await;
        let other = shop.second().await;
        let ana = shop.customer("ana").await.with_cash(20_000).await;
        let to = ana.payee("12345678").await;
        let (analyst, admin) = (shop.staff(Role::Analyst).await, shop.staff(Role::Admin).await);
        let (small, large) = (ana.held("2500.00", &to).await, ana.held("2700.00", &to).await);
        let third = ana.held("9900.00", &to).await;
        let both = async |held: &Value| {
            let here = shop.decide(&analyst, held, "approve").send();
            let there = shop.decide(&admin, held, "approve").at(&other).send();
            let (here, there) = join(here, there).await;
            let mut statuses = [here.status.as_u16(), there.status.as_u16()];
            statuses.sort_unstable();
            statuses
        };
        assert_eq!(both(&small).await, [200, 409]);
        assert_eq!(both(&large).await, [200, 200]);
        assert_eq!(ana.withdrawal(&large["id"]).await["status"], "pending");
        let first = shop.decide(&analyst, &third, "approve").send().await.expect(200);
        assert_eq!((&first["state"], first["approvals"].as_array().map(Vec::len)), (&json!("open"), Some(1)));
        shop.decide(&analyst, &third, "approve").send().await.refused(409, "review.already_approved");
        shop.later(60);
        assert_eq!(answer_transfers(&shop.app).await.unwrap(), 2);
        shop.books_agree().await;
    }
}

on_both! {
    /// Nobody decides on their own case, not even who became an analyst in the meantime; who is no analyst decides nothing.
    async fn nobody_decides_on_their_own_withdrawal(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let to = ana.payee("12345678").await;
        let held = ana.held("2500.00", &to).await;
        shop.decide(&ana.tokens, &held, "approve").send().await.refused(403, "role.not_allowed");
        let auditor = shop.staff(Role::Auditor).await;
        shop.decide(&auditor, &held, "approve").send().await.refused(403, "role.not_allowed");
        let promote = async move |tx: &mut Tx| {
            sql("UPDATE users SET role = 'analyst' WHERE email = 'ana@example.com'").run(tx).await
        };
        stockade::core::bookkeeping::bookkeep(&shop.app.core.db, promote).await.unwrap();
        let promoted = shop.sign_in("ana@example.com", PASSWORD).await;
        for verb in ["approve", "reject"] {
            shop.decide(&promoted, &held, verb).send().await.refused(403, "case.own");
        }
        assert_eq!(shop.case(&auditor, &held).await["state"], "open");
        let kinds = shop.kinds_about(&ana.id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "review.own_refused").count(), 2);
    }
}

on_both! {
    /// Above $10,000 whoever signed must prove who they are, for this very request; the proof is good once.
    async fn a_large_withdrawal_takes_a_step_up(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(50_000).await;
        let to = ana.payee("12345678").await;
        ana.withdrawing("10000.00", &to).send().await.expect(201);
        ana.withdrawing("90000.00", &to).send().await.refused(409, "cash.not_enough");
        let proven = shop.stepped_up(&ana.tokens, ana.withdrawing("10000.01", &to)).await;
        let elsewhere = proven.clone().json(json!({ "amount": "10000.02", "currency": "USD", "destination": to }));
        elsewhere.signed(&ana.key).send().await.refused(403, "step_up.required");
        proven.clone().signed(&ana.key).send().await.expect(201);
        proven.signed(&ana.key).send().await.refused(403, "step_up.required");
        shop.books_agree().await;
    }
}
