//! Orders that look unlike their owner: held, explained, decided by people, and never executed by time.

use futures_util::future::join;
use serde_json::{Value, json};
use stockade::features::reviews::{expire_reviews, follow_log};
use stockade_domain::roles::Role;
use stockade_platform::db::{Tx, sql};

use super::held_withdrawals::SMALL;
use crate::{
    on_both,
    support::{
        http::Ask,
        people::{Customer, PASSWORD, text},
        shop::Shop,
    },
};

const ORDERS: &str = "/api/v1/orders";
impl Customer<'_> {
    async fn buy(&self, notional: &str) -> Value {
        let ask = json!({ "symbol": "KO", "notional": notional });
        self.signed_post("/api/v1/portfolio/buy", ask)
            .send()
            .await
            .expect(201)
    }

    /// An order that is held.
    async fn held_order(&self, notional: &str) -> Value {
        let ask = json!({ "symbol": "KO", "notional": notional });
        let held = self
            .signed_post("/api/v1/portfolio/buy", ask)
            .send()
            .await
            .expect(202);
        assert_eq!(held["status"], "pending_review");
        held
    }

    async fn order(&self, order: &Value) -> Value {
        self.get(&format!("{ORDERS}/{}", text(&order["id"])))
            .send()
            .await
            .expect(200)
    }

    fn cancel(&self, order: &Value) -> Ask<'_> {
        self.delete(&format!("{ORDERS}/{}", text(&order["id"])))
            .signed(&self.key)
    }
}

on_both! {
    /// The whole story: somebody who usually buys for a hundred dollars buys for 2,500. It waits, its cash reserved; they
    /// say it was them, which changes nothing; an analyst sees why, lets it through, and it is filled, once.
    async fn an_order_of_25_times_the_usual(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        for _ in 0..20 {
            ana.buy("100.00").await;
        }
        shop.later(3_700);
        let ana = ana.again().await;
        let held = ana.held_order("2500.00").await;
        // With half of the risk of a sign-in from a device that is not known.
        assert!(held["risk"]["score"].as_f64().unwrap() >= 0.75, "{held}");
        assert_eq!(held["review"]["reasons"], json!(["an amount more than twice what is usual for this person"]));
        assert_eq!(held["review"]["expires_at"], json!((shop.now() + jiff::SignedDuration::from_hours(24)).to_string()));
        assert_eq!(ana.cash().await, json!(["5500.00", "2500.00"]));
        let confirm = format!("{ORDERS}/{}/confirm", text(&held["id"]));
        let said = ana.post(&confirm).signed(&ana.key).send().await.expect(200);
        assert_eq!(said["status"], "pending_review");
        assert!(said["review"]["answered_at"].is_string());

        let analyst = shop.staff(Role::Analyst).await;
        assert_eq!(shop.queue(&analyst, "state=open&min_score=0.7").await[0]["id"], held["id"]);
        let begun = held["submitted_at"].as_str().unwrap().to_owned();
        for (filter, rows) in [
            (format!("from={begun}"), 1), (format!("to={begun}"), 0), ("min_score=1".to_owned(), 0),
            ("operation=withdrawal".to_owned(), 0), (format!("state=open&user={}&limit=1", ana.id), 1),
        ] {
            assert_eq!(shop.queue(&analyst, &filter).await.len(), rows, "{filter}");
        }
        let case = shop.case(&analyst, &held).await;
        assert_eq!((&case["email"], &case["order"]["id"]), (&json!("ana@example.com"), &held["id"]));
        assert!(case["answered_at"].is_string());
        let terms = case["evidence"]["terms"].as_array().unwrap();
        assert!(terms.iter().any(|term| term["rule"] == "unusual_amount" && term["weight"] == 0.75), "{terms:?}");
        assert_eq!(case["evidence"]["facts"]["amount_ratio"], 25_000);
        assert_eq!(case["evidence"]["would_pass"], json!(["amount under $2,000.01"]));

        let decided = shop.decide(&analyst, &held, "approve").json(json!({ "note": "spoke to her" })).send().await.expect(200);
        assert_eq!((&decided["state"], &decided["order"]["status"]), (&json!("approved"), &json!("filled")));
        let filled = ana.order(&held).await;
        assert_eq!((&filled["status"], &filled["review"]["state"]), (&json!("filled"), &json!("approved")));
        assert_eq!(ana.cash().await[1], "0.00");
        shop.decide(&analyst, &held, "approve").send().await.refused(409, "review.closed");
        shop.books_agree().await;
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["order.held_for_review", "review.answered", "review.approved"] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind} in {kinds:?}");
        }
        shop.log_is_whole().await;

        // The desk's figures come from the log.
        while follow_log(&shop.app).await.unwrap() > 0 {}
        let board = shop.get("/api/admin/security/dashboard/transactions").bearer(&analyst.access).send().await.expect(200);
        assert_eq!((&board["assessed"], &board["held"], &board["approved"]), (&json!(21), &json!(1), &json!(1)));
        let anomalies = board["by_anomaly"].as_array().unwrap();
        assert!(anomalies.contains(&json!({ "rule": "unusual_amount", "transactions": 1 })), "{anomalies:?}");
        assert_eq!(board["recent"][0]["id"], held["id"]);
    }
}

on_both! {
    /// When nobody decides, nothing happens but that the cash is free again; not even an approval that comes too late.
    async fn what_nobody_decides_never_executes(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let held = ana.held_order("2500.00").await;
        shop.later(86_399);
        assert_eq!(expire_reviews(&shop.app).await.unwrap(), 0);
        shop.later(1);
        let analyst = shop.staff(Role::Analyst).await;
        shop.decide(&analyst, &held, "approve").send().await.refused(409, "review.expired");
        assert_eq!(expire_reviews(&shop.app).await.unwrap(), 1);
        assert_eq!(expire_reviews(&shop.app).await.unwrap(), 0);
        shop.decide(&analyst, &held, "approve").send().await.refused(409, "review.closed");
        let ana = ana.again().await;
        let expired = ana.order(&held).await;
        assert_eq!((&expired["status"], &expired["review"]["state"]), (&json!("expired"), &json!("expired")));
        assert_eq!(expired["fills"], json!([]));
        assert_eq!(ana.cash().await, json!(["10000.00", "0.00"]));
        // It has taught nothing: the same again is held again.
        ana.held_order("2500.00").await;
        shop.books_agree().await;
    }
}

on_both! {
    /// Rejected: the cash is free, nothing was bought, and the owner reads why it had waited.
    async fn a_rejected_order_gives_back_its_cash(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let held = ana.held_order("2500.00").await;
        let admin = shop.staff(Role::Admin).await;
        let decided = shop.decide(&admin, &held, "reject").send().await.expect(200);
        assert_eq!((&decided["state"], &decided["order"]["status"]), (&json!("rejected"), &json!("rejected")));
        assert_eq!(ana.cash().await, json!(["10000.00", "0.00"]));
        ana.cancel(&held).send().await.refused(409, "order.closed");
        assert_eq!(shop.queue(&admin, "state=open").await.len(), 0);
        assert_eq!(shop.queue(&admin, "state=rejected&operation=order").await.len(), 1);
        assert_eq!(shop.queue(&admin, &format!("user={}", ana.id)).await.len(), 1);
        shop.books_agree().await;
    }
}

on_both! {
    /// Two analysts at once execute once, also when they sit at different instances.
    async fn two_approvals_at_once_execute_once(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let other = shop.second().await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let (analyst, admin) = (shop.staff(Role::Analyst).await, shop.staff(Role::Admin).await);
        let held = ana.held_order("2500.00").await;
        let here = shop.decide(&analyst, &held, "approve").send();
        let there = shop.decide(&admin, &held, "approve").at(&other).send();
        let (here, there) = join(here, there).await;
        let mut statuses = [here.status.as_u16(), there.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", here.text(), there.text());
        let filled = ana.order(&held).await;
        assert_eq!((&filled["status"], filled["fills"].as_array().map(Vec::len)), (&json!("filled"), Some(1)));
        shop.books_agree().await;
    }
}

on_both! {
    /// Above the limit two different analysts must approve. One who approves twice is still one.
    async fn a_large_amount_takes_four_eyes(database: Database) {
        let shop = Shop::start_with(database, &[SMALL, ("REVIEWS__TWO_APPROVALS_OVER", "2000")]).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let (analyst, admin) = (shop.staff(Role::Analyst).await, shop.staff(Role::Admin).await);
        let (held, next) = (ana.held_order("2500.00").await, ana.held_order("2600.00").await);
        let first = shop.decide(&analyst, &held, "approve").send().await.expect(200);
        assert_eq!((&first["state"], first["approvals"].as_array().map(Vec::len)), (&json!("open"), Some(1)));
        shop.decide(&analyst, &held, "approve").send().await.refused(409, "review.already_approved");
        assert_eq!(ana.order(&held).await["status"], "pending_review");
        // A restart in between forgets nothing.
        let later = shop.second().await;
        let second = shop.decide(&admin, &held, "approve").at(&later).send().await.expect(200);
        assert_eq!((&second["state"], &second["order"]["status"]), (&json!("approved"), &json!("filled")));
        // Both at once are two, not one each.
        let (one, other) = join(
            shop.decide(&analyst, &next, "approve").send(),
            shop.decide(&admin, &next, "approve").at(&later).send(),
        )
        .await;
        assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
        assert_eq!(ana.order(&next).await["status"], "filled");
        shop.books_agree().await;
    }
}

on_both! {
    /// Taking back and letting through at once: one of them happens.
    async fn cancel_and_approval_race(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let analyst = shop.staff(Role::Analyst).await;
        for turn in 0..6 {
            let held = ana.held_order("2500.00").await;
            let cancel = async {
                if turn % 2 == 0 {
                    tokio::task::yield_now().await;
                }
                ana.cancel(&held).send().await
            };
            let (approved, canceled) = join(shop.decide(&analyst, &held, "approve").send(), cancel).await;
            let order = ana.order(&held).await;
            match order["status"].as_str() {
                Some("filled") => {
                    assert_eq!(approved.status.as_u16(), 200);
                    canceled.refused(409, "order.closed");
                    break;
                }
                Some("canceled") => {
                    assert_eq!(canceled.status.as_u16(), 200);
                    approved.refused(409, "review.closed");
                    assert_eq!(order["review"]["state"], "canceled");
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(ana.cash().await[1], "0.00");
        shop.books_agree().await;
    }
}

on_both! {
    /// Nobody decides on their own case, not even who became an analyst in the meantime; who is no analyst decides nothing.
    async fn nobody_decides_on_their_own_case(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let held = ana.held_order("2500.00").await;
        shop.decide(&ana.tokens, &held, "approve").send().await.refused(403, "role.not_allowed");
        let auditor = shop.staff(Role::Auditor).await;
        shop.decide(&auditor, &held, "approve").send().await.refused(403, "role.not_allowed");
        assert_eq!(shop.case(&auditor, &held).await["state"], "open");
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
    async fn a_large_amount_takes_a_step_up(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await.with_cash(100_000).await;
        let ask = |notional: &str| ana.signed_post("/api/v1/portfolio/buy", json!({ "symbol": "KO", "notional": notional }));
        ask("10000.00").send().await.expect(201);
        let proven = shop.stepped_up(&ana.tokens, ask("10000.01")).await;
        let elsewhere = proven.clone().json(json!({ "symbol": "KO", "notional": "10000.02" }));
        elsewhere.signed(&ana.key).send().await.refused(403, "step_up.required");
        proven.clone().signed(&ana.key).send().await.expect(201);
        proven.signed(&ana.key).send().await.refused(403, "step_up.required");
        shop.books_agree().await;
    }
}
