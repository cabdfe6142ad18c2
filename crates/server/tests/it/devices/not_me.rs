//! "This wasn't me": the mailed link ends the stranger's session and locks sign-in until the password is reset.

use serde_json::json;
use stockade::features::auth;

use super::{Browser, CHROME, FIREFOX, items};
use crate::{
    on_both,
    support::{
        people::{PASSWORD, Tokens, text},
        shop::Shop,
    },
};

/// The token of the link about this session.
async fn link(shop: &Shop, person: &str, browser: &Browser, tokens: &Tokens) -> String {
    let list = browser
        .get(shop, "/api/v1/sessions", tokens)
        .send()
        .await
        .expect(200);
    let session = text(&items(&list)[0]["id"]).parse().unwrap();
    let link = auth::not_me_link(&shop.app, person.parse().unwrap(), session);
    let token = link.strip_prefix("http://localhost:8000/not-me?token=").unwrap();
    token.to_owned()
}

on_both! {
    /// The link takes effect once: a stranger's session and device are gone, and the password alone lets nobody in.
    async fn the_link_locks_a_stranger_out(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let (mut hers, mut evil) = (Browser::new(FIREFOX), Browser::new(CHROME));
        let ana = hers.signs_in(&shop, "ana@example.com").await;
        let eve = evil.signs_in(&shop, "ana@example.com").await;
        let token = link(&shop, &id, &evil, &eve).await;
        let not_me = |token: &str| shop.post("/api/v1/auth/not-me").json(json!({ "token": token })).send();

        let page = shop.get(&format!("/not-me?token={token}")).send().await;
        assert!(page.text().contains("data-post=\"/api/v1/auth/not-me\""));
        evil.get(&shop, "/api/v1/auth/me", &eve).send().await.expect(200);

        not_me("rubbish").await.refused(422, "not_me.link_invalid");
        not_me(&token).await.expect(204);
        evil.get(&shop, "/api/v1/auth/me", &eve).send().await.refused(401, "token.revoked");
        hers.get(&shop, "/api/v1/auth/me", &ana).send().await.refused(401, "token.revoked");
        shop.refresh(&eve.refresh).send().await.refused(401, "refresh.ended");
        // The right password, and the answer is that of a wrong one.
        let right = shop.login("ana@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
        let wrong = shop.login("ana@example.com", "wrong").send().await.refused(401, "sign_in.failed");
        assert_eq!(right["detail"], wrong["detail"]);
        let kinds = shop.kinds_about(&id).await;
        for kind in ["device.revoked", "account.not_me_reported"] {
            assert!(kinds.contains(&kind.to_owned()), "{kind} in {kinds:?}");
        }

        // Played again after the owner has recovered, it does nothing.
        reset_password(&shop, "ana@example.com").await;
        let recovered = hers.signs_in(&shop, "ana@example.com").await;
        not_me(&token).await.refused(422, "not_me.link_invalid");
        hers.get(&shop, "/api/v1/auth/me", &recovered).send().await.expect(200);
        shop.log_is_whole().await;
    }
}

on_both! {
    /// A stranger with the password signs in; the owner opens the link in the mail about it, and the stranger is out.
    async fn the_mail_about_a_new_device_ends_its_session(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let (mut hers, mut evil) = (Browser::new(FIREFOX), Browser::new(CHROME));
        hers.signs_in(&shop, "ana@example.com").await;
        let eve = evil.signs_in(&shop, "ana@example.com").await;
        let notices = shop.notices_to("ana@example.com").await;
        let notice = notices.last().unwrap();
        assert_eq!(notice.subject, "A new device signed in to your account");
        assert!(notice.text.contains("Chrome on Windows"), "{}", notice.text);
        let token = notice.links[0].strip_prefix("http://localhost:8000/not-me?token=").unwrap();

        // A scanner that follows the links of mails does no harm.
        shop.get(&format!("/not-me?token={token}")).send().await;
        evil.get(&shop, "/api/v1/auth/me", &eve).send().await.expect(200);
        shop.later(1);
        shop.post("/api/v1/auth/not-me").json(json!({ "token": token })).send().await.expect(204);
        evil.get(&shop, "/api/v1/auth/me", &eve).send().await.refused(401, "token.revoked");
        shop.login("ana@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
        let subjects = shop.subjects_to("ana@example.com").await;
        assert_eq!(subjects.last().unwrap(), "Your account is locked to recovery");
        reset_password(&shop, "ana@example.com").await;
        hers.signs_in(&shop, "ana@example.com").await;
    }
}

on_both! {
    /// It works for a week, and a link about one person's session says nothing about another's.
    async fn a_link_speaks_of_one_sign_in_for_a_week(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.join("ana@example.com", PASSWORD).await, shop.join("ben@example.com", PASSWORD).await);
        let mut firefox = Browser::new(FIREFOX);
        let hers = firefox.signs_in(&shop, "ana@example.com").await;
        let token = link(&shop, &ana, &firefox, &hers).await;
        let crossed = link(&shop, &ben, &firefox, &hers).await;
        let not_me = |token: &str| shop.post("/api/v1/auth/not-me").json(json!({ "token": token })).send();
        not_me(&crossed).await.refused(422, "not_me.link_invalid");
        firefox.get(&shop, "/api/v1/auth/me", &hers).send().await.expect(200);
        shop.later(7 * 86_400);
        not_me(&token).await.refused(422, "not_me.link_invalid");
        firefox.signs_in(&shop, "ana@example.com").await;
    }
}

on_both! {
    /// The stranger has asked to move the account to an address of theirs: that link is void, and so is any other.
    async fn links_that_were_mailed_before_are_void(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let mut evil = Browser::new(CHROME);
        let eve = evil.signs_in(&shop, "ana@example.com").await;
        let ask = json!({ "new_email": "eve@example.org", "password": PASSWORD });
        let move_to = evil.sends(shop.post("/api/v1/auth/email/change").bearer(&eve.access).json(ask));
        let refused = move_to.clone().send().await.refused(403, "step_up.required");
        shop.later(1);
        let operation = json!({ "operation": refused["operation"] });
        let begun = evil.sends(shop.post("/api/v1/auth/step-up").bearer(&eve.access).json(operation)).send().await.expect(201);
        // She has read one mail over the owner's shoulder.
        let code = shop.mailed_code("ana@example.com").await;
        let proof = json!({ "challenge": begun["challenge"], "code": code, "password": PASSWORD });
        let proven = evil.sends(shop.post("/api/v1/auth/step-up/verify").bearer(&eve.access).json(proof)).send().await.expect(200);
        move_to.header("x-step-up", text(&proven["proof"])).send().await.expect(202);
        let stolen = shop.mailed_token("eve@example.org").await;

        let token = link(&shop, &id, &evil, &eve).await;
        shop.post("/api/v1/auth/not-me").json(json!({ "token": token })).send().await.expect(204);
        let confirm = shop.post("/api/v1/auth/email/change/confirm").json(json!({ "token": stolen }));
        confirm.send().await.refused(422, "email.link_invalid");
        reset_password(&shop, "ana@example.com").await;
    }
}

on_both! {
    /// Two clicks at once are one.
    async fn two_clicks_are_one(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        let hers = firefox.signs_in(&shop, "ana@example.com").await;
        let token = link(&shop, &id, &firefox, &hers).await;
        let click = || shop.post("/api/v1/auth/not-me").json(json!({ "token": token })).send();
        let (one, two) = tokio::join!(click(), click());
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 422]);
    }
}

/// The way back in: the password is set anew by mail, here to what it was.
async fn reset_password(shop: &Shop, email: &str) {
    shop.later(1);
    let forgot = shop
        .post("/api/v1/auth/password/forgot")
        .json(json!({ "email": email }));
    forgot.send().await.expect(202);
    let token = shop.mailed_token(email).await;
    let reset = shop
        .post("/api/v1/auth/password/reset")
        .json(json!({ "token": token, "password": PASSWORD }));
    reset.send().await.expect(200);
}
