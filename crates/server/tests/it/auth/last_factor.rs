//! What the last second factor leaves behind when it goes, how a passkey renews backup codes, and that each change of
//! what somebody signs in with is dated.

use jiff::Timestamp;
use serde_json::{Value, json};
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Reader, sql};

use crate::{
    on_both,
    support::{
        people::{Customer, PASSWORD, text},
        shop::Shop,
    },
};

/// Long enough beside a second factor, too short alone.
const SHORT: &str = "vT9#qLm2xw";
const LONG: &str = "a quiet harbour at dusk";

async fn change_password(of: &Customer<'_>, current: &str, new: &str) {
    let ask = json!({ "current_password": current, "new_password": new });
    of.post("/api/v1/auth/password/change")
        .json(ask)
        .send()
        .await
        .expect(200);
}

on_both! {
    /// The app goes only when the password can stand alone; until then it is asked for as before.
    async fn a_short_password_keeps_the_app(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        change_password(&ana, PASSWORD, SHORT).await;
        let disable = |password: &str| {
            let ask = json!({ "password": password, "code": app.code(shop.now()) });
            ana.post("/api/v1/auth/2fa/disable").json(ask).send()
        };
        disable(SHORT).await.refused(409, "password.too_short_alone");
        let asked = shop.login(&ana.email, SHORT).send().await.expect(200);
        assert_eq!(asked["status"], "second_factor_required");
        change_password(&ana, SHORT, LONG).await;
        disable(LONG).await.expect(204);
        shop.sign_in(&ana.email, LONG).await;
    }
}

on_both! {
    /// A passkey beside the app lets the app go; the passkey then is the last, and stays.
    async fn a_short_password_keeps_the_last_passkey(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut added = ana.add_passkey("my phone").await;
        let app = ana.enrol().await.app;
        change_password(&ana, PASSWORD, SHORT).await;
        let ask = json!({ "password": SHORT, "code": app.code(shop.now()) });
        ana.post("/api/v1/auth/2fa/disable").json(ask).send().await.expect(204);
        let mut remove = async |password: &str| {
            let path = format!("/api/v1/auth/passkeys/{}", added.id);
            let request = ana.delete(&path).json(json!({ "password": password }));
            shop.stepped_up_by(&mut added.device, &ana.tokens, request).await.send().await
        };
        remove(SHORT).await.refused(409, "password.too_short_alone");
        let listed = ana.get("/api/v1/auth/passkeys").send().await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        change_password(&ana, SHORT, LONG).await;
        remove(LONG).await.expect(204);
        shop.sign_in(&ana.email, LONG).await;
    }
}

on_both! {
    /// Whoever has a passkey and no app proves with it that they may have new codes, once for each ten.
    async fn a_passkey_renews_backup_codes(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        let mut added = ana.add_passkey("my phone").await;
        let mut evil = eve.add_passkey("her phone").await;
        let path = "/api/v1/auth/2fa/backup-codes";
        let renew = ana.post(path).json(json!({}));
        let hers = shop.stepped_up_by(&mut evil.device, &eve.tokens, eve.post(path).json(json!({}))).await;
        hers.clone().bearer(&ana.tokens.access).send().await.refused(403, "step_up.required");
        let proven = shop.stepped_up_by(&mut added.device, &ana.tokens, renew).await;
        let renewed = proven.clone().send().await.expect(200);
        assert_eq!(renewed["backup_codes"].as_array().unwrap().len(), 10);
        proven.send().await.refused(403, "step_up.required");
        let use_code = async |code: &Value| {
            let ask = json!({ "challenge": shop.challenge(&ana.email).await, "code": code });
            shop.post("/api/v1/auth/2fa/backup-code").json(ask).send().await
        };
        use_code(&added.backup_codes[0]).await.refused(401, "second_factor.wrong_code");
        use_code(&renewed["backup_codes"][0]).await.expect(200);

        let ben = shop.customer("ben").await;
        let none = shop.stepped_up(&ben.tokens, ben.post(path).json(json!({}))).await;
        none.send().await.refused(409, "second_factor.off");
    }
}

on_both! {
    /// Password, app, passkey, codes, address: who looks later sees when any of them last changed.
    async fn each_change_of_credentials_is_dated(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        assert_eq!(changed_at(&shop, &ana).await, None);
        let is_dated = async |what: &str| {
            assert_eq!(changed_at(&shop, &ana).await, Some(shop.now()), "{what}");
            shop.later(60);
        };
        change_password(&ana, PASSWORD, LONG).await;
        is_dated("the password").await;
        change_password(&ana, LONG, PASSWORD).await;
        is_dated("the password, back").await;
        shop.later(60);
        let mut added = ana.add_passkey("my phone").await;
        is_dated("a passkey").await;
        let renew = ana.post("/api/v1/auth/2fa/backup-codes").json(json!({}));
        shop.stepped_up_by(&mut added.device, &ana.tokens, renew).await.send().await.expect(200);
        is_dated("backup codes").await;
        let move_to = ana.post("/api/v1/auth/email/change").json(json!({ "new_email": "ana@example.org", "password": PASSWORD }));
        shop.stepped_up_by(&mut added.device, &ana.tokens, move_to).await.send().await.expect(202);
        let remove = ana.delete(&format!("/api/v1/auth/passkeys/{}", added.id)).json(json!({ "password": PASSWORD }));
        shop.stepped_up_by(&mut added.device, &ana.tokens, remove).await.send().await.expect(204);
        is_dated("a passkey removed").await;
        let token = shop.mailed_token("ana@example.org").await;
        let confirm = json!({ "token": token });
        shop.post("/api/v1/auth/email/change/confirm").json(confirm).send().await.expect(200);
        is_dated("the address").await;
        let tokens = shop.sign_in("ana@example.org", PASSWORD).await;
        let moved = Customer { tokens, ..ana };
        let before = changed_at(&shop, &moved).await;
        let pending = moved.post("/api/v1/auth/2fa/enable").json(json!({ "password": PASSWORD })).send().await.expect(200);
        assert!(!text(&pending["secret"]).is_empty());
        assert_eq!(changed_at(&shop, &moved).await, before, "nothing has changed until a code was right");
        moved.enrol().await;
        assert!(changed_at(&shop, &moved).await > before);
    }
}

async fn changed_at(shop: &Shop, of: &Customer<'_>) -> Option<Timestamp> {
    let id: UserId = of.id.parse().unwrap();
    let found: DbResult<(Option<Timestamp>,)> = shop
        .app
        .read(async move |reader: &mut Reader| {
            sql("SELECT credentials_changed_at FROM users WHERE id = $1")
                .bind(id)
                .one(reader)
                .await
        })
        .await;
    found.unwrap().0
}
