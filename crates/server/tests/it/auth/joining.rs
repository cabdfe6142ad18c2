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
        let confirm = |token: &str| shop.post("/api/v1/auth/email/verify").json(json!({ "token": token, "password": PASSWORD }));
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
        let confirm = |number: usize| {
            let ask = json!({ "token": links[number], "password": passwords[number] });
            shop.post("/api/v1/auth/email/verify").json(ask).send()
        };
        let (first, second) = tokio::join!(confirm(0), confirm(1));
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
    /// Eve registers with Ana's address and a password of her own, and hopes that Ana confirms it. Ana's password opens
    /// Ana's registration only, so Eve's never becomes an account.
    async fn nobody_confirms_what_somebody_else_prepared(database: Database) {
        let shop = Shop::start(database).await;
        shop.register("ana@example.com", "what only eve knows").await;
        let prepared = shop.mailed_token("ana@example.com").await;
        let confirm = |token: &str, password: &str| {
            shop.post("/api/v1/auth/email/verify").json(json!({ "token": token, "password": password })).send()
        };
        confirm(&prepared, PASSWORD).await.refused(403, "registration.wrong_password");
        shop.register("ana@example.com", PASSWORD).await;
        let own = shop.mailed_token("ana@example.com").await;
        confirm(&own, PASSWORD).await.expect(201);
        confirm(&prepared, "what only eve knows").await.refused(422, "registration.link_invalid");
        shop.login("ana@example.com", "what only eve knows").send().await.refused(401, "sign_in.failed");
        shop.sign_in("ana@example.com", PASSWORD).await;
    }
}

on_both! {
    /// Somebody who reads the mail but does not know the password may try five times, however many at once.
    async fn a_link_dies_of_wrong_passwords(database: Database) {
        let shop = Shop::start(database).await;
        shop.register("ana@example.com", PASSWORD).await;
        let token = shop.mailed_token("ana@example.com").await;
        let confirm = |password: String| {
            shop.post("/api/v1/auth/email/verify").json(json!({ "token": token, "password": password })).send()
        };
        let tries = futures_util::future::join_all((0..12).map(|number| confirm(format!("a guess, number {number}")))).await;
        let compared = tries.into_iter().filter(|answer| answer.status.as_u16() == 403).count();
        assert_eq!(compared, 5);
        confirm(PASSWORD.into()).await.refused(422, "registration.link_invalid");
        // Not even a new link is to be had for it.
        let before = shop.mails_to("ana@example.com").await.len();
        shop.post("/api/v1/auth/email/resend").json(json!({ "email": "ana@example.com" })).send().await.expect(202);
        assert_eq!(shop.mails_to("ana@example.com").await.len(), before);
        shop.register("ana@example.com", PASSWORD).await;
        let again = shop.mailed_token("ana@example.com").await;
        let ask = json!({ "token": again, "password": PASSWORD });
        shop.post("/api/v1/auth/email/verify").json(ask).send().await.expect(201);
    }
}

on_both! {
    /// The mail is sent again on request, a link for each pending registration; the links before are dead. No address gets
    /// more mails in an hour than it may.
    async fn the_mail_is_sent_again(database: Database) {
        let shop = Shop::start(database).await;
        let resend = async |email: &str| {
            shop.later(1);
            let answer = shop.post("/api/v1/auth/email/resend").json(json!({ "email": email })).send().await;
            assert_eq!(answer.expect(202), json!({ "status": "check_mail" }));
            shop.answer_mail_requests().await;
        };
        shop.register("ana@example.com", PASSWORD).await;
        let first = shop.mailed_token("ana@example.com").await;
        shop.register("ana@example.com", "the second one's password").await;
        shop.later(31 * 60);
        resend("ana@example.com").await;
        let mail = shop.mails_to("ana@example.com").await.pop().unwrap();
        assert_eq!(mail.links.len(), 2);
        let confirm = |token: &str, password: &str| {
            shop.post("/api/v1/auth/email/verify").json(json!({ "token": token, "password": password })).send()
        };
        confirm(&first, PASSWORD).await.refused(422, "registration.link_invalid");

        for _ in 0..7 {
            resend("ana@example.com").await;
        }
        let mails = shop.mails_to("ana@example.com").await;
        assert_eq!(mails.len(), 2 + 5);
        // Newest first, so the second link is the first registration's.
        let token = mails.last().unwrap().links[1].split_once("token=").unwrap().1;
        confirm(token, PASSWORD).await.expect(201);
        resend("eve@example.com").await;
        assert!(shop.mails_to("eve@example.com").await.is_empty());
        // An hour later it may get mails again: who has an account is told so.
        shop.later(3_600);
        resend("ana@example.com").await;
        assert_eq!(shop.mails_to("ana@example.com").await.last().unwrap().subject, "You already have an account");
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
