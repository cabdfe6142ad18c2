//! Moving an account to another address.

use serde_json::json;

use crate::{
    on_both,
    support::{
        http::Answer,
        people::{Customer, PASSWORD},
        shop::Shop,
    },
};

async fn ask(who: &Customer<'_>, new_email: &str, password: &str) -> Answer {
    who.shop.later(1);
    let ask = json!({ "new_email": new_email, "password": password });
    let request = who.post("/api/v1/auth/email/change").json(ask);
    let proven = who.shop.stepped_up(&who.tokens, request).await;
    who.shop.later(1);
    proven.send().await
}

async fn confirm(shop: &Shop, token: &str) -> Answer {
    let ask = json!({ "token": token });
    shop.post("/api/v1/auth/email/change/confirm")
        .json(ask)
        .send()
        .await
}

on_both! {
    /// The new address gets a link, the old one is told twice; then the person signs in with the new one.
    async fn an_account_moves(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        assert_eq!(ask(&ana, "Ana@Example.org", PASSWORD).await.expect(202), json!({ "status": "check_mail" }));
        assert_eq!(shop.mails_to(&ana.email).await.last().unwrap().subject, "Your address is about to change");
        let token = shop.mailed_token("ana@example.org").await;
        let page = shop.get(&format!("/confirm-email?token={token}")).send().await;
        assert!(page.text().contains("data-post=\"/api/v1/auth/email/change/confirm\""));
        ana.get("/api/v1/auth/me").send().await.expect(200);

        shop.later(1);
        assert_eq!(confirm(&shop, &token).await.expect(200), json!({ "status": "email_changed" }));
        confirm(&shop, &token).await.refused(422, "email.link_invalid");
        assert_eq!(shop.mails_to(&ana.email).await.last().unwrap().subject, "Your address was changed");
        ana.get("/api/v1/auth/me").send().await.refused(401, "token.revoked");
        shop.login(&ana.email, PASSWORD).send().await.refused(401, "sign_in.failed");
        let tokens = shop.sign_in("ana@example.org", PASSWORD).await;
        let me = shop.me(&tokens.access).send().await.expect(200);
        assert_eq!((&me["email"], &me["id"]), (&json!("ana@example.org"), &json!(ana.id)));
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["email.change_requested", "email.changed"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
        }
        shop.log_is_whole().await;
    }
}

on_both! {
    /// Who asks learns nothing about whose the new address is: the same answer, and its owner is told.
    async fn a_taken_address_is_not_given_away(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        shop.join("ben@example.com", PASSWORD).await;
        let taken = ask(&ana, "ben@example.com", PASSWORD).await;
        let free = ask(&ana, "free@example.com", PASSWORD).await;
        assert_eq!((taken.status, &taken.body), (free.status, &free.body));
        let mail = shop.mails_to("ben@example.com").await.pop().unwrap();
        assert_eq!(mail.subject, "Your address stays yours");
        assert!(mail.links.iter().all(|link| !link.contains("token=")));
    }
}

on_both! {
    /// Somebody takes the address while the link waits: the link fails, and both accounts stay as they are.
    async fn an_address_taken_meanwhile_stays_taken(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        ask(&ana, "new@example.com", PASSWORD).await.expect(202);
        let token = shop.mailed_token("new@example.com").await;
        let ben = shop.customer("ben").await;
        ask(&ben, "new@example.com", PASSWORD).await.expect(202);
        let other = shop.mailed_token("new@example.com").await;
        let (one, two) = tokio::join!(confirm(&shop, &token), confirm(&shop, &other));
        let (winner, loser, left) = if one.status == 200 { (one, two, &ben) } else { (two, one, &ana) };
        winner.expect(200);
        loser.refused(409, "email.unavailable");
        left.get("/api/v1/auth/me").send().await.expect(200);
        shop.sign_in(&left.email, PASSWORD).await;
        shop.sign_in("new@example.com", PASSWORD).await;
    }
}

on_both! {
    /// A stolen session moves nothing, even with the password: the address is the way back in, so it takes a step-up, too.
    /// What is no other address is refused.
    async fn a_move_takes_the_password_and_a_step_up(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let bare = json!({ "new_email": "eve@example.com", "password": PASSWORD });
        ana.post("/api/v1/auth/email/change").json(bare.clone()).send().await.refused(403, "step_up.required");
        let other = json!({ "new_email": "ben@example.com", "password": PASSWORD });
        let proven = shop.stepped_up(&ana.tokens, ana.post("/api/v1/auth/email/change").json(other)).await;
        proven.json(bare).send().await.refused(403, "step_up.required");
        ask(&ana, "eve@example.com", "a wrong password").await.refused(403, "password.wrong");
        ask(&ana, "eve", PASSWORD).await.refused(422, "email.malformed");
        ask(&ana, "ANA@example.com", PASSWORD).await.refused(422, "email.unchanged");
        let body = json!({ "new_email": "eve@example.com", "password": PASSWORD, "verified": true });
        ana.post("/api/v1/auth/email/change").json(body).send().await.refused(422, "request.invalid");
        assert!(shop.mails_to("eve@example.com").await.is_empty());
    }
}

on_both! {
    /// A link that somebody else asked for dies with the password; none lives longer than half an hour; five mails an hour.
    async fn links_to_a_new_address_die(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        ask(&ana, "eve@example.com", PASSWORD).await.expect(202);
        let stolen = shop.mailed_token("eve@example.com").await;
        let change = json!({ "current_password": PASSWORD, "new_password": "a quiet harbour at dusk" });
        ana.post("/api/v1/auth/password/change").json(change).send().await.expect(200);
        confirm(&shop, &stolen).await.refused(422, "email.link_invalid");

        let ben = shop.customer("ben").await;
        for _ in 0..5 {
            ask(&ben, "new@example.com", PASSWORD).await.expect(202);
        }
        ask(&ben, "new@example.com", PASSWORD).await.refused(429, "mail_link.too_many");
        let late = shop.mailed_token("new@example.com").await;
        shop.later(30 * 60);
        confirm(&shop, &late).await.refused(422, "email.link_invalid");
    }
}
