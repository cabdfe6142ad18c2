//! Changing one's password while signed in.

use serde_json::json;

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

const NEW: &str = "a quiet harbour at dusk";

on_both! {
    /// This session stays, all others end with their keys, and only the new password opens the account.
    async fn a_change_signs_everybody_else_out(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let other = shop.sign_in(&ana.email, PASSWORD).await;
        let ask = json!({ "current_password": PASSWORD, "new_password": NEW });
        let answer = ana.post("/api/v1/auth/password/change").json(ask).send().await;
        assert_eq!(answer.expect(200), json!({ "status": "password_changed" }));
        ana.get("/api/v1/auth/me").send().await.expect(200);
        shop.refresh(&ana.tokens.refresh).send().await.expect(200);
        shop.me(&other.access).send().await.refused(401, "token.revoked");
        shop.refresh(&other.refresh).send().await.refused(401, "refresh.ended");
        shop.login(&ana.email, PASSWORD).send().await.refused(401, "sign_in.failed");
        shop.sign_in(&ana.email, NEW).await;
        assert!(shop.kinds_about(&ana.id).await.iter().any(|kind| kind == "password.changed"));
    }
}

on_both! {
    /// A stolen session alone does not change the password, and the new one must keep the rules.
    async fn a_change_takes_the_present_password(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let change = |current: &str, new: &str| {
            let ask = json!({ "current_password": current, "new_password": new });
            ana.post("/api/v1/auth/password/change").json(ask).send()
        };
        change("a wrong password", NEW).await.refused(403, "password.wrong");
        change("", NEW).await.refused(403, "password.wrong");
        change(PASSWORD, PASSWORD).await.refused(422, "password.unchanged");
        change(PASSWORD, "short").await.refused(422, "password.too_short");
        let ask = json!({ "current_password": PASSWORD, "new_password": NEW, "user_id": ana.id });
        ana.post("/api/v1/auth/password/change").json(ask).send().await.refused(422, "request.invalid");
        let ask = json!({ "current_password": PASSWORD, "new_password": NEW });
        shop.post("/api/v1/auth/password/change").json(ask).send().await.refused(401, "token.missing");
        shop.sign_in(&ana.email, PASSWORD).await;
        assert!(shop.kinds_about(&ana.id).await.iter().any(|kind| kind == "password.not_confirmed"));
    }
}

on_both! {
    /// Two changes at the same time: one wins, the other is told, and one password opens the account.
    async fn of_two_changes_one_wins(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let change = |new: &str| {
            let ask = json!({ "current_password": PASSWORD, "new_password": new });
            ana.post("/api/v1/auth/password/change").json(ask).send()
        };
        let (one, two) = tokio::join!(change(NEW), change("another harbour at dawn"));
        let (winner, loser, password) = if one.status == 200 { (one, two, NEW) } else { (two, one, "another harbour at dawn") };
        winner.expect(200);
        loser.refused(403, "password.wrong");
        shop.sign_in(&ana.email, password).await;
    }
}
