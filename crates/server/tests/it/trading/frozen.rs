//! What a frozen account had under way: nothing of it trades, is paid out or is let through until its owner has it back.

use serde_json::{Value, json};
use stockade::features::{cash::answer_transfers, orders::match_resting};
use stockade_domain::roles::Role;

use super::held_withdrawals::SMALL;
use crate::{
    incidents::{ACCOUNTS, reason},
    on_both,
    support::{
        people::{Customer, PASSWORD, Tokens, text},
        shop::Shop,
    },
};

const NEW_PASSWORD: &str = "a quiet harbour at dusk";

impl Shop {
    /// The desk freezes an account.
    async fn freeze(&self, by: &Tokens, id: &str) {
        let ask = json!({ "reason": "Rang us." });
        let path = format!("{ACCOUNTS}/{id}/restrict");
        self.post(&path)
            .bearer(&by.access)
            .json(ask)
            .send()
            .await
            .expect(200);
    }

    /// Two of the staff restore it, and its owner chooses a new password.
    async fn thaw<'s>(&'s self, by: [&Tokens; 2], ana: Customer<'s>) -> Customer<'s> {
        let path = format!("{ACCOUNTS}/{}/restore", ana.id);
        for (who, status) in by.into_iter().zip([202, 200]) {
            self.later(1);
            let ask = self.post(&path).bearer(&who.access).json(reason());
            ask.send().await.expect(status);
        }
        let reset = json!({ "token": self.mailed_token(&ana.email).await, "password": NEW_PASSWORD });
        self.post("/api/v1/auth/password/reset")
            .json(reset)
            .send()
            .await
            .expect(200);
        let tokens = self.sign_in(&ana.email, NEW_PASSWORD).await;
        let key = self.session_key(&tokens).await;
        Customer { tokens, key, ..ana }
    }
}

/// Signed in anew, to look.
async fn looking<'s>(who: Customer<'s>, password: &str) -> Customer<'s> {
    let tokens = who.shop.sign_in(&who.email, password).await;
    Customer { tokens, ..who }
}

async fn resting(who: &Customer<'_>) -> Value {
    let ask = json!({ "symbol": "KO", "side": "buy", "qty": "7", "type": "market", "time_in_force": "gtc" });
    let order = who.signed_post("/api/v1/orders", ask).send().await.expect(201);
    assert_eq!(order["filled_qty"], "3");
    order
}

async fn filled(who: &Customer<'_>, order: &Value) -> Value {
    let path = format!("/api/v1/orders/{}", text(&order["id"]));
    who.get(&path).send().await.expect(200)["filled_qty"].clone()
}

on_both! {
    /// The orders of a frozen account wait, even at the head of the queue, and take nothing from those behind them.
    async fn resting_orders_do_not_fill(database: Database) {
        let shop = Shop::start_with(database, &[("TRADING__LIQUIDITY_SHARES", "3")]).await;
        let (analyst, admin) = (shop.staff(Role::Analyst).await, shop.staff(Role::Admin).await);
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        let ben = shop.customer("ben").await.with_cash(1_000).await;
        let (hers, his) = (resting(&ana).await, resting(&ben).await);
        shop.freeze(&analyst, &ana.id).await;
        for sum in ["6", "7"] {
            assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
            assert_eq!(filled(&ben, &his).await, sum);
        }
        assert_eq!(match_resting(&shop.app).await.unwrap(), 0);
        let frozen = looking(ana, PASSWORD).await;
        assert_eq!(filled(&frozen, &hers).await, "3");
        frozen.delete(&format!("/api/v1/orders/{}", text(&hers["id"]))).send().await.refused(403, "account.restricted");

        let ana = shop.thaw([&analyst, &admin], frozen).await;
        assert_eq!(match_resting(&shop.app).await.unwrap(), 1);
        assert_eq!(filled(&ana, &hers).await, "6");
        shop.books_agree().await;
    }
}

on_both! {
    /// Cash that was on its way out stays, day after day, and leaves a day after the account is its owner's again. What waits
    /// for review is not let through.
    async fn withdrawals_do_not_leave(database: Database) {
        let shop = Shop::start_with(database, &[SMALL]).await;
        let (analyst, admin) = (shop.staff(Role::Analyst).await, shop.staff(Role::Admin).await);
        let ana = shop.customer("ana").await.with_cash(5_000).await;
        let to = ana.payee("12345678").await;
        let asked = ana.withdrawing("100.00", &to).send().await.expect(201);
        let held = ana.withdrawing("2500.00", &to).send().await.expect(202);
        assert_eq!(held["status"], "pending_review");
        shop.freeze(&analyst, &ana.id).await;
        shop.decide(&admin, &held, "approve").send().await.refused(409, "account.restricted");
        shop.decide(&admin, &held, "reject").send().await.expect(200);
        let order = json!({ "symbol": "KO", "notional": "10.00" });
        ana.signed_post("/api/v1/portfolio/buy", order).send().await.refused(401, "token.revoked");
        for _ in 0..3 {
            shop.later(86_400);
            assert_eq!(answer_transfers(&shop.app).await.unwrap(), 1);
        }
        let frozen = looking(ana, PASSWORD).await;
        assert_eq!(frozen.withdrawal(&asked["id"]).await["status"], "pending");
        frozen.post("/api/v1/auth/session-key").send().await.refused(403, "account.restricted");
        let analyst = shop.sign_in("analyst@example.com", PASSWORD).await;
        let admin = shop.sign_in("admin@example.com", PASSWORD).await;
        assert_eq!(frozen.cash().await, json!(["4900.00", "100.00"]));

        let ana = shop.thaw([&analyst, &admin], frozen).await;
        shop.later(86_398);
        answer_transfers(&shop.app).await.unwrap();
        let ana = looking(ana, NEW_PASSWORD).await;
        assert_eq!(ana.withdrawal(&asked["id"]).await["status"], "pending", "new credentials wait a day, too");
        shop.later(86_400);
        let ana = looking(ana, NEW_PASSWORD).await;
        assert_eq!(answer_transfers(&shop.app).await.unwrap(), 1);
        assert_eq!(ana.withdrawal(&asked["id"]).await["status"], "settled");
        assert_eq!(ana.cash().await, json!(["4900.00", "0.00"]));
        shop.books_agree().await;
    }
}
