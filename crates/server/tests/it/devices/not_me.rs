//! "This wasn't me": the mailed link ends the stranger's session and locks sign-in until the password is reset.

use serde_json::json;
use stockade::features::auth;

use super::{Browser, CHROME, FIREFOX, items};
use crate::{
    on_both,
    support::{
        passkey::Device,
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

on_both! {
    /// What the stranger made goes with them, and what its owner had before stays; the mail says what it was.
    async fn what_a_stranger_made_is_taken_away(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let key = async |tokens: &Tokens| {
            let ask = json!({ "name": "a program", "scopes": ["account:read"] });
            let request = shop.post("/api/v1/api-keys").bearer(&tokens.access).json(ask);
            text(&shop.stepped_up(tokens, request).await.send().await.expect(201)["key"])
        };
        let hers = key(&ana.tokens).await;
        let own = shop.signing_key(&ana.tokens, json!({ "name": "own", "scopes": ["trade"] })).await;
        shop.later(60);
        let eve = shop.sign_in(&ana.email, PASSWORD).await;
        let evil = key(&eve).await;
        shop.signing_key(&eve, json!({ "name": "evil", "scopes": ["trade"] })).await;
        let portfolio = |key: &str| shop.get("/api/v1/portfolio").header("x-api-key", key).send();
        portfolio(&evil).await.expect(200);

        let token = link(&shop, &ana.id, &Browser::new(""), &eve).await;
        shop.post("/api/v1/auth/not-me").json(json!({ "token": token })).send().await.expect(204);
        portfolio(&evil).await.expect(401);
        portfolio(&hers).await.expect(200);
        let notices = shop.notices_to(&ana.email).await;
        let notice = notices.iter().find(|mail| mail.subject == "Your account is locked to recovery").unwrap();
        assert!(notice.text.contains("taken away: 1 API key, 1 signing key."), "{}", notice.text);

        reset_password(&shop, &ana.email).await;
        let back = shop.sign_in(&ana.email, PASSWORD).await;
        portfolio(&evil).await.expect(401);
        let keys = shop.get("/api/v1/signing-keys").bearer(&back.access).send().await.expect(200);
        let names: Vec<_> = items(&keys).iter().map(|key| text(&key["id"])).collect();
        assert_eq!(names, [own.id]);
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["api_key.revoked", "signing_key.revoked"] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind} in {kinds:?}");
        }
        shop.log_is_whole().await;
    }
}

on_both! {
    /// A passkey that was added since opens nothing. But it was the only second factor, and who holds the mailbox may be
    /// the stranger: whoever comes in by resetting the password looks, and changes nothing until staff know who is who.
    async fn a_mailbox_alone_does_not_lead_past_a_second_factor(database: Database) {
        let shop = Shop::start(database).await;
        let mut eve = shop.customer("ana").await;
        shop.later(60);
        eve.tokens = shop.sign_in(&eve.email, PASSWORD).await;
        let mut passkey = eve.add_passkey("not hers").await.device;
        shop.later(1);
        shop.passkey_sign_in(&mut passkey).await;

        let token = link(&shop, &eve.id, &Browser::new(""), &eve.tokens).await;
        shop.post("/api/v1/auth/not-me").json(json!({ "token": token })).send().await.expect(204);
        let sign_in = async |passkey: &mut Device| {
            let begun = shop.passkey_challenge().await;
            let credential = passkey.sign(&begun["options"]);
            shop.passkey_login(&begun, &credential).send().await.expect(401)
        };
        sign_in(&mut passkey).await;
        reset_password(&shop, &eve.email).await;
        sign_in(&mut passkey).await;

        let back = shop.sign_in(&eve.email, PASSWORD).await;
        shop.me(&back.access).send().await.expect(200);
        let enable = shop.post("/api/v1/auth/2fa/enable").bearer(&back.access).json(json!({ "password": PASSWORD }));
        enable.send().await.refused(403, "account.restricted");
        let kinds = shop.kinds_about(&eve.id).await;
        for kind in ["passkey.removed", "account.restricted"] {
            assert!(kinds.contains(&kind.to_owned()), "{kind} in {kinds:?}");
        }
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
