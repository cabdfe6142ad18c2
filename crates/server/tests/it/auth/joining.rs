//! Registering and confirming.

use serde_json::json;

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

on_both! {
    /// The whole path: register, confirm, sign in, be known, sign out.
    async fn somebody_joins(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("Ana@Example.com", PASSWORD).await;
        let answer = shop.login("ana@example.com", PASSWORD).send().await.expect(200);
        assert_eq!(answer["user"], json!({ "id": id, "email": "ana@example.com", "name": "Ana", "role": "customer" }));
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("bearer"), &json!(900)));
        let access = answer["access_token"].as_str().unwrap();
        assert_eq!(shop.me(access).send().await.expect(200), answer["user"]);
        shop.post("/api/v1/auth/logout").bearer(access).send().await.expect(204);
        shop.me(access).send().await.refused(401, "token.revoked");
    }
}

on_both! {
    /// Nobody has an account before the link is confirmed, and the link works once and for half an hour.
    async fn a_link_works_once_and_in_time(database: Database) {
        let shop = Shop::start(database).await;
        shop.register("ana@example.com", PASSWORD).await;
        shop.login("ana@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
        let token = shop.mailed_token("ana@example.com").await;
        let confirm = |token: &str| shop.post("/api/v1/auth/email/verify").json(json!({ "token": token }));
        confirm("another token").send().await.refused(422, "registration.link_invalid");
        confirm(&token).send().await.expect(201);
        confirm(&token).send().await.refused(422, "registration.link_invalid");

        shop.register("ben@example.com", PASSWORD).await;
        let late = shop.mailed_token("ben@example.com").await;
        shop.later(30 * 60);
        confirm(&late).send().await.refused(422, "registration.link_invalid");
        shop.login("ben@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
    }
}

on_both! {
    /// The answer is the same for a known address; its owner is told, and no link could take the account over.
    async fn a_known_address_is_not_given_away(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        shop.later(1);
        let ask = |email: &str| shop.post("/api/v1/auth/register").json(json!({ "email": email, "password": "somebody else's password" }));
        let (known, unknown) = (ask("ana@example.com").send().await, ask("ben@example.com").send().await);
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
        let mails = shop.mails_to("ana@example.com").await;
        assert_eq!(mails.last().unwrap().subject, "You already have an account");
        assert!(mails.last().unwrap().links.iter().all(|link| !link.contains("token=")));
        shop.sign_in("ana@example.com", PASSWORD).await;
        shop.login("ana@example.com", "somebody else's password").send().await.refused(401, "sign_in.failed");
    }
}

on_both! {
    /// Two links for one address are confirmed at the same time: one account, and the other is told.
    async fn of_two_confirmations_one_wins(database: Database) {
        let shop = Shop::start(database).await;
        let passwords = ["the first one's password", "the second one's password"];
        let mut links = Vec::new();
        for password in passwords {
            shop.register("ana@example.com", password).await;
            links.push(shop.mailed_token("ana@example.com").await);
        }
        let confirm = |token: &str| shop.post("/api/v1/auth/email/verify").json(json!({ "token": token })).send();
        let (first, second) = tokio::join!(confirm(&links[0]), confirm(&links[1]));
        let mut answers = [(first, passwords[0]), (second, passwords[1])];
        answers.sort_by_key(|(answer, _)| answer.status.as_u16());
        let [(winner, password), (loser, other)] = answers;
        winner.expect(201);
        // It came either while the other was under way, or after that one had dropped it.
        let status = loser.status.as_u16();
        loser.refused(status, if status == 409 { "email.taken" } else { "registration.link_invalid" });
        shop.sign_in("ana@example.com", password).await;
        shop.login("ana@example.com", other).send().await.refused(401, "sign_in.failed");
    }
}

on_both! {
    /// What cannot be an account is refused before any mail goes out.
    async fn bad_registrations_are_refused(database: Database) {
        let shop = Shop::start(database).await;
        let register = |body| shop.post("/api/v1/auth/register").json(body).send();
        register(json!({ "email": "ana", "password": PASSWORD })).await.refused(422, "email.malformed");
        register(json!({ "email": "ana@example.com", "password": "short" })).await.refused(422, "password.too_short");
        register(json!({ "email": "ana@example.com", "password": "x".repeat(129) })).await.refused(422, "password.too_long");
        register(json!({ "email": "anasmith@example.com", "password": "my name is anasmith" })).await.refused(422, "password.own_data");
        register(json!({ "email": "ana@example.com", "password": PASSWORD, "name": "" })).await.refused(422, "name.invalid");
        register(json!({ "email": "ana@example.com", "password": PASSWORD, "admin": true })).await.refused(422, "request.invalid");
        register(json!({ "email": "ana@example.com" })).await.refused(422, "request.invalid");
        assert!(shop.mails_to("ana@example.com").await.is_empty());
    }
}

on_both! {
    /// The setting closes the door.
    async fn registration_can_be_closed(database: Database) {
        let shop = Shop::start_with(database, &[("REGISTRATION__OPEN", "false")]).await;
        let ask = json!({ "email": "ana@example.com", "password": PASSWORD });
        shop.post("/api/v1/auth/register").json(ask).send().await.refused(403, "registration.closed");
    }
}
