//! Accounts that are frozen because somebody else may have got in, and how they are their owners' again.

use serde_json::{Value, json};
use stockade_domain::roles::Role;

use super::{ACCOUNTS, copy_the_device, reason, steal_a_session};
use crate::{
    devices::{Browser, CHROME},
    on_both,
    support::{
        people::{PASSWORD, text, tokens},
        shop::Shop,
    },
};

const EMAIL: &str = "ana@example.com";

async fn accounts(shop: &Shop, who: &str, state: &str) -> Vec<Value> {
    let path = format!("{ACCOUNTS}?state={state}");
    let list = shop.get(&path).bearer(who).send().await.expect(200);
    list["items"].as_array().unwrap().clone()
}

on_both! {
    /// The takeover of a session: the session ends at once, a second sign freezes the account, and two of the staff, one of
    /// them an administrator, give it back.
    async fn a_takeover_is_frozen_and_undone_by_two(database: Database) {
        let shop = Shop::start(database).await;
        let analyst = shop.staff(Role::Analyst).await;
        let other = shop.colleague("other@example.com", Role::Analyst).await;
        let admin = shop.staff(Role::Admin).await;
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        let (hers, bystander) = steal_a_session(&shop, EMAIL).await;
        hers.get(&shop, "/api/v1/auth/me", &bystander).send().await.expect(200);
        assert_eq!(accounts(&shop, &analyst.access, "restricted").await.len(), 0, "one sign is not enough");

        shop.later(60);
        let thief = copy_the_device(&shop, &hers, EMAIL).await;
        let buy = json!({ "symbol": "KO", "qty": "1" });
        // Every session from before is over, on the spot.
        hers.get(&shop, "/api/v1/auth/me", &bystander).send().await.refused(401, "token.revoked");
        ana.signed_post("/api/v1/portfolio/buy", buy.clone()).send().await.refused(401, "token.revoked");
        // Whoever is in looks, and moves nothing.
        let copy = Browser { agent: CHROME, ..hers.clone() };
        copy.get(&shop, "/api/v1/auth/me", &thief).send().await;
        let frozen = shop.sign_in(EMAIL, PASSWORD).await;
        shop.get("/api/v1/portfolio").bearer(&frozen.access).send().await.expect(200);
        let change = json!({ "current_password": PASSWORD, "new_password": "another long and quiet one" });
        for (path, ask) in [
            ("/api/v1/portfolio/buy", buy.clone()),
            ("/api/v1/cash/deposits", json!({ "amount": "1.00", "currency": "USD" })),
            ("/api/v1/auth/session-key", json!({})),
            ("/api/v1/auth/password/change", change),
            ("/api/v1/auth/2fa/enable", json!({ "password": PASSWORD })),
            ("/api/v1/auth/step-up", json!({ "operation": "x" })),
        ] {
            let ask = shop.post(path).bearer(&frozen.access).json(ask);
            ask.send().await.refused(403, "account.restricted");
        }
        shop.delete("/api/v1/sessions").bearer(&frozen.access).send().await.expect(204);

        // The owner is told, and the desk has one incident with the whole story.
        assert!(shop.subjects_to(EMAIL).await.contains(&"Your account is restricted".to_owned()));
        let found = shop.incidents(&analyst, "rule=account_takeover").await;
        assert_eq!((found.len(), &found[0]["severity"], &found[0]["events"]), (1, &json!("critical"), &json!(3)));
        let listed = accounts(&shop, &analyst.access, "restricted").await;
        let signs: Vec<_> = listed[0]["indicators"].as_array().unwrap().iter().map(|sign| text(&sign["indicator"])).collect();
        assert_eq!((listed.len(), signs), (1, vec!["stolen_token".to_owned(), "copied_device".to_owned()]));

        let path = format!("{ACCOUNTS}/{}/restore", ana.id);
        let restore = |who: &str| shop.post(&path).bearer(who).json(reason()).send();
        let asked = restore(&analyst.access).await.expect(202);
        assert_eq!(asked["status"], "needs_second_person");
        restore(&analyst.access).await.refused(403, "restoration.needs_second_person");
        restore(&other.access).await.refused(403, "restoration.needs_administrator");
        shop.get("/api/v1/portfolio").bearer(&shop.sign_in(EMAIL, PASSWORD).await.access).send().await.expect(200);
        // A moment passes, so that mails have an order.
        shop.later(1);
        assert_eq!(restore(&admin.access).await.expect(200)["status"], "restored");
        restore(&admin.access).await.refused(409, "account.not_restricted");

        // The stranger's password opens nothing any more; the mailed link does.
        shop.me(&frozen.access).send().await.refused(401, "token.revoked");
        shop.login(EMAIL, PASSWORD).send().await.refused(401, "sign_in.failed");
        let token = shop.mailed_token(EMAIL).await;
        let reset = json!({ "token": token, "password": "a quiet harbour at dusk" });
        shop.post("/api/v1/auth/password/reset").json(reset).send().await.expect(200);
        let back = shop.sign_in(EMAIL, "a quiet harbour at dusk").await;
        let key = shop.session_key(&back).await;
        let bought = shop.post("/api/v1/portfolio/buy").bearer(&back.access).json(buy).signed(&key);
        bought.send().await.expect(201);
        assert_eq!(accounts(&shop, &analyst.access, "restricted").await.len(), 0);
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["account.restricted", "account.restoration_requested", "account.restored"] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind}");
        }
        shop.books_agree().await;
        shop.log_is_whole().await;
    }
}

on_both! {
    /// The same sign again and again is one sign; signs more than a day apart do not add up.
    async fn one_kind_of_sign_is_not_enough(database: Database) {
        let shop = Shop::start(database).await;
        let analyst = shop.staff(Role::Analyst).await;
        shop.join(EMAIL, PASSWORD).await;
        let (hers, _) = steal_a_session(&shop, EMAIL).await;
        steal_a_session(&shop, EMAIL).await;
        shop.later(86_401);
        copy_the_device(&shop, &hers, EMAIL).await;
        let analyst = shop.refresh(&analyst.refresh).send().await.expect(200);
        assert_eq!(accounts(&shop, &tokens(&analyst).access, "restricted").await.len(), 0);
    }
}

on_both! {
    /// The desk freezes an account itself; nobody their own, and nobody gives their own back. A colleague who is frozen
    /// reads nothing of anybody.
    async fn the_desk_freezes_too(database: Database) {
        let shop = Shop::start(database).await;
        let admin = shop.staff(Role::Admin).await;
        let other = shop.colleague("other@example.com", Role::Admin).await;
        let id = |who: &Value| text(&who["id"]);
        let (own, others) = (id(&shop.me(&admin.access).send().await.expect(200)), id(&shop.me(&other.access).send().await.expect(200)));
        let restrict = |who: &str, whom: &str| {
            shop.post(&format!("{ACCOUNTS}/{whom}/restrict")).bearer(who).json(json!({ "reason": "Rang us." }))
        };
        restrict(&admin.access, &own).send().await.refused(403, "case.own");
        restrict(&admin.access, "nobody").send().await.refused(404, "account.unknown");
        restrict(&admin.access, &others).send().await.expect(200);
        restrict(&admin.access, &others).send().await.refused(409, "account.restricted_already");
        let frozen = shop.sign_in("other@example.com", PASSWORD).await;
        shop.me(&frozen.access).send().await.expect(200);
        shop.get(ACCOUNTS).bearer(&frozen.access).send().await.refused(403, "account.restricted");
        let ask = shop.post(&format!("{ACCOUNTS}/{others}/restore")).bearer(&frozen.access).json(reason());
        ask.send().await.refused(403, "account.restricted");
        let listed = accounts(&shop, &admin.access, "restricted").await;
        assert_eq!((&listed[0]["restricted_why"], &listed[0]["account"]["email"]), (&json!("Rang us."), &json!("other@example.com")));

        let ana = shop.customer("ana").await;
        for _ in 0..6 {
            shop.guess(EMAIL, "203.0.113.9").await;
        }
        let all = shop.get(ACCOUNTS).bearer(&admin.access).send().await.expect(200);
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        let locked = accounts(&shop, &admin.access, "locked").await;
        assert_eq!((&locked[0]["account"]["id"], &locked[0]["states"]), (&json!(ana.id), &json!(["locked"])));
        assert_eq!(locked[0]["locks"][0]["authenticator"], "password");
    }
}
