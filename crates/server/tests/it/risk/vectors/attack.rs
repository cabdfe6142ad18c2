//! An attack from its first guess to its end, over HTTP: what each move of the attacker meets, and how the owner comes through.

use serde_json::{Value, json};
use stockade::features::reviews::expire_reviews;
use stockade_domain::roles::Role;

use super::{ANA, HER_DESK, LONDON, MILTON, decisions, from, on_desk, shop_with};
use crate::{
    devices::FIREFOX,
    incidents::{ACCOUNTS, copy_the_device, reason, steal_a_session},
    on_both,
    support::{
        http::Answer,
        people::{PASSWORD, SigningKey, Tokens, text, tokens},
        shop::Shop,
    },
};

const NEW_PASSWORD: &str = "a quiet harbour at dusk";
const SETTINGS: [(&str, &str); 2] = [
    ("INCIDENTS__SPRAY_ACCOUNTS", "4"),
    ("REVIEWS__TWO_APPROVALS_OVER", "2000"),
];

/// Her session on her desk in London.
struct AtHome<'s> {
    shop: &'s Shop,
    access: String,
    key: SigningKey,
}

impl<'s> AtHome<'s> {
    async fn signs_in(shop: &'s Shop, password: &str) -> Self {
        shop.later(1);
        let login = shop.login(ANA, password).header("x-device-id", HER_DESK);
        let login = login.header("user-agent", FIREFOX).from(LONDON);
        let answer = login.clone().send().await.expect(200);
        let access = tokens(&shop.with_mailed_code(login, answer).await).access;
        let made = on_desk(shop.post("/api/v1/auth/session-key"), &access).from(LONDON);
        let made = made.send().await.expect(201);
        let key = SigningKey {
            id: text(&made["id"]),
            secret: text(&made["secret"]),
        };
        Self { shop, access, key }
    }

    async fn posts(&self, path: &str, ask: Value) -> Answer {
        let ask = on_desk(self.shop.post(path).json(ask), &self.access).from(LONDON);
        ask.signed(&self.key).send().await
    }

    async fn buys(&self, notional: &str) -> Answer {
        let ask = json!({ "symbol": "KO", "notional": notional });
        self.posts("/api/v1/portfolio/buy", ask).await
    }

    async fn reads(&self, path: &str) -> Value {
        let ask = on_desk(self.shop.get(path), &self.access).from(LONDON);
        ask.send().await.expect(200)
    }
}

/// The staff at their desks, signed in anew.
async fn staff(shop: &Shop) -> [Tokens; 2] {
    let analyst = shop.sign_in("analyst@example.com", PASSWORD).await;
    [analyst, shop.sign_in("admin@example.com", PASSWORD).await]
}

async fn one_incident(shop: &Shop, who: &Tokens, rule: &str) -> Value {
    let mut found = shop.incidents(who, &format!("rule={rule}")).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

on_both! {
    /// Guesses over many accounts are one incident. The right password from the other side of the world is refused. A stolen
    /// session is revoked and the account frozen, until two of the staff give it back. An order far beyond the usual waits,
    /// explained, for two people, and is then executed, on record; one that nobody decides about never is.
    async fn an_attack_is_met_at_every_step(database: Database) {
        let Some(shop) = shop_with(database, &SETTINGS).await else { return };
        shop.staff(Role::Analyst).await;
        shop.staff(Role::Admin).await;
        let id = shop.join(ANA, PASSWORD).await;
        let ana = AtHome::signs_in(&shop, PASSWORD).await;
        ana.posts("/api/v1/cash/deposits", json!({ "amount": "10000.00", "currency": "USD" })).await.expect(201);
        for _ in 0..20 {
            ana.buys("100.00").await.expect(201);
        }

        // A spray: a few guesses at each of many accounts.
        for (host, account) in [ANA, "ben@example.com", "cem@example.com", "dora@example.com"].into_iter().enumerate() {
            shop.guess(account, &format!("203.0.113.{host}")).await;
        }
        let [analyst, _] = staff(&shop).await;
        let spray = one_incident(&shop, &analyst, "password_spray").await;
        assert_eq!((&spray["network"], &spray["events"]), (&json!("203.0.113.0/24"), &json!(4)));

        // The password is known, from a leak, and tried an hour after she was in London.
        shop.later(3_600);
        from(&shop, "a thief's desk", MILTON).send().await.refused(401, "sign_in.failed");
        let (score, action, fate) = decisions(&shop).await.pop().expect("a decision");
        assert!(score > 800, "{score}");
        assert_eq!((action.as_str(), fate.as_str()), ("refuse", "refused"));
        let [analyst, _] = staff(&shop).await;
        assert_eq!(one_incident(&shop, &analyst, "refused_sign_in").await["subject"]["email"], ANA);

        // A session is taken over, and her device copied: each is noticed, both together freeze the account.
        shop.later(3_600);
        let (hers, bystander) = steal_a_session(&shop, ANA).await;
        shop.later(60);
        copy_the_device(&shop, &hers, ANA).await;
        hers.get(&shop, "/api/v1/auth/me", &bystander).send().await.refused(401, "token.revoked");
        ana.buys("100.00").await.expect(401);
        let [analyst, admin] = staff(&shop).await;
        assert_eq!(one_incident(&shop, &analyst, "account_takeover").await["severity"], "critical");
        let path = format!("{ACCOUNTS}/{id}/restore");
        for (who, status) in [(&analyst, 202), (&admin, 200)] {
            shop.later(1);
            shop.post(&path).bearer(&who.access).json(reason()).send().await.expect(status);
        }
        shop.login(ANA, PASSWORD).send().await.refused(401, "sign_in.failed");
        let reset = json!({ "token": shop.mailed_token(ANA).await, "password": NEW_PASSWORD });
        shop.post("/api/v1/auth/password/reset").json(reset).send().await.expect(200);

        // She is home again, and buys for 25 times the usual.
        shop.later(3_600);
        let ana = AtHome::signs_in(&shop, NEW_PASSWORD).await;
        let held = ana.buys("2500.00").await.expect(202);
        assert_eq!((&held["status"], &held["review"]["reasons"][0]), (&json!("pending_review"),
            &json!("an amount more than twice what is usual for this person")));
        let path = format!("/api/v1/orders/{}", text(&held["id"]));
        let [analyst, admin] = staff(&shop).await;
        assert_eq!(one_incident(&shop, &analyst, "blocked_transaction").await["subject"]["email"], ANA);
        let case = shop.case(&analyst, &held).await;
        assert_eq!(case["evidence"]["facts"]["amount_ratio"], 25_000);
        assert!(text(&case["evidence"]["would_pass"][0]).starts_with("amount under $"), "{case:#}");
        shop.decide(&analyst, &held, "approve").send().await.expect(200);
        assert_eq!(ana.reads(&path).await["status"], "pending_review", "one is not enough");
        shop.decide(&admin, &held, "approve").send().await.expect(200);
        assert_eq!(ana.reads(&path).await["status"], "filled");

        // What nobody decides about is never executed.
        let late = ana.buys("9000.00").await;
        late.refused(409, "order.not_enough_cash");
        let late = ana.buys("5000.00").await.expect(202);
        shop.later(86_400);
        assert_eq!(expire_reviews(&shop.app).await.unwrap(), 1);
        let [_, admin] = staff(&shop).await;
        shop.decide(&admin, &late, "approve").send().await.refused(409, "review.closed");
        let ana = AtHome::signs_in(&shop, NEW_PASSWORD).await;
        let expired = ana.reads(&format!("/api/v1/orders/{}", text(&late["id"]))).await;
        assert_eq!((&expired["status"], &expired["fills"]), (&json!("expired"), &json!([])));

        // All of it is on record, and the books agree.
        let kinds = shop.kinds_about(&id).await;
        for (kind, times) in [
            ("sign_in.refused", 1), ("session.stolen", 1), ("account.restricted", 1), ("account.restored", 1),
            ("order.held_for_review", 2), ("review.approval_given", 1), ("review.approved", 1), ("review.expired", 1),
            ("order.filled", 21), ("order.expired", 1),
        ] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), times, "{kind} in {kinds:?}");
        }
        shop.books_agree().await;
        shop.log_is_whole().await;
    }
}
