//! A forgotten password, and what an attacker makes of the way back: nothing.

use serde_json::{Value, json};
use stockade::core::{actor::Actor, change::Change, event::AuditEvent};
use stockade_platform::db::sql;

use crate::{
    on_both,
    support::{
        http::{Answer, Ask},
        people::PASSWORD,
        shop::Shop,
    },
};

const NEW: &str = "a quiet harbour at dusk";

fn forgot<'s>(shop: &'s Shop, email: &str) -> Ask<'s> {
    shop.later(1);
    shop.post("/api/v1/auth/password/forgot")
        .json(json!({ "email": email }))
}

async fn reset(shop: &Shop, token: &str, password: &str) -> Answer {
    let ask = json!({ "token": token, "password": password });
    shop.post("/api/v1/auth/password/reset").json(ask).send().await
}

/// The link for a forgotten password.
async fn link(shop: &Shop, email: &str) -> String {
    forgot(shop, email).send().await.expect(202);
    shop.mailed_token(email).await
}

on_both! {
    /// The way back: every session and its keys end, the old password is gone, and nobody is signed in by the link.
    async fn a_forgotten_password_is_replaced(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let session_key = ana.post("/api/v1/auth/session-key").send().await.expect(201);
        let token = link(&shop, &ana.email).await;
        ana.get("/api/v1/auth/me").send().await.expect(200);

        let answer = reset(&shop, &token, NEW).await;
        assert!(answer.headers.get("set-cookie").is_none());
        assert_eq!(answer.expect(200), json!({ "status": "password_changed" }));
        ana.get("/api/v1/auth/me").send().await.refused(401, "token.revoked");
        shop.refresh(&ana.tokens.refresh).send().await.refused(401, "refresh.ended");
        shop.login(&ana.email, PASSWORD).send().await.refused(401, "sign_in.failed");
        let tokens = shop.sign_in(&ana.email, NEW).await;
        let key = crate::support::people::SigningKey {
            id: session_key["id"].as_str().unwrap().to_owned(),
            secret: session_key["secret"].as_str().unwrap().to_owned(),
        };
        let deposit = json!({ "amount": "1.00", "currency": "USD" });
        let signed = shop.post("/api/v1/cash/deposits").bearer(&tokens.access).json(deposit).signed(&key);
        assert_eq!(signed.send().await.status.as_u16(), 401);

        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["password.reset_requested", "password.changed", "session.revoked"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
        }
        shop.log_is_whole().await;
    }
}

on_both! {
    /// A link works once, also when it is presented twice at the same time.
    async fn a_link_works_once(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let token = link(&shop, "ana@example.com").await;
        let other = "another harbour at dawn";
        let (one, two) = tokio::join!(reset(&shop, &token, NEW), reset(&shop, &token, other));
        let (winner, loser, password) = if one.status == 200 { (one, two, NEW) } else { (two, one, other) };
        winner.expect(200);
        loser.refused(422, "password.link_invalid");
        reset(&shop, &token, "a third harbour at noon").await.refused(422, "password.link_invalid");
        shop.sign_in("ana@example.com", password).await;
    }
}

on_both! {
    /// A link lives for half an hour, until a newer one takes its place or the password is changed.
    async fn old_links_are_dead(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let late = link(&shop, &ana.email).await;
        shop.later(30 * 60);
        reset(&shop, &late, NEW).await.refused(422, "password.link_invalid");
        let replaced = link(&shop, &ana.email).await;
        let living = link(&shop, &ana.email).await;
        reset(&shop, &replaced, NEW).await.refused(422, "password.link_invalid");
        let ana = ana.again().await;
        let ask = json!({ "current_password": PASSWORD, "new_password": NEW });
        ana.post("/api/v1/auth/password/change").json(ask).send().await.expect(200);
        reset(&shop, &living, "another harbour at dawn").await.refused(422, "password.link_invalid");
    }
}

on_both! {
    /// What was mailed for one purpose is good for no other, and what was never mailed for none.
    async fn other_tokens_open_nothing(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        shop.register("ben@example.com", PASSWORD).await;
        let registration = shop.mailed_token("ben@example.com").await;
        let ask = json!({ "new_email": "ana@example.org", "password": PASSWORD });
        let request = ana.post("/api/v1/auth/email/change").json(ask);
        shop.stepped_up(&ana.tokens, request).await.send().await.expect(202);
        let new_address = shop.mailed_token("ana@example.org").await;
        let forgotten = link(&shop, &ana.email).await;

        for wrong in [registration.as_str(), &new_address, &ana.tokens.refresh, &ana.tokens.access, "", "x"] {
            reset(&shop, wrong, NEW).await.refused(422, "password.link_invalid");
        }
        let verify = json!({ "token": forgotten, "password": PASSWORD });
        shop.post("/api/v1/auth/email/verify").json(verify).send().await.refused(422, "registration.link_invalid");
        let confirm = json!({ "token": forgotten });
        shop.post("/api/v1/auth/email/change/confirm").json(confirm).send().await.refused(422, "email.link_invalid");
        reset(&shop, &forgotten, NEW).await.expect(200);
    }
}

on_both! {
    /// The link carries the configured address, whatever the request claims to have been sent to.
    async fn the_host_header_poisons_no_link(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let poisoned = forgot(&shop, "ana@example.com")
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-original-url", "https://evil.example/")
            .header("forwarded", "host=evil.example")
            .header("origin", "https://evil.example");
        poisoned.send().await.expect(202);
        let mail = shop.mails_to("ana@example.com").await.pop().unwrap();
        assert!(mail.links.iter().all(|link| link.starts_with("http://localhost:8000/reset-password?token=")));
        assert!(!mail.text.contains("evil.example"));
    }
}

on_both! {
    /// Unknown and disabled accounts get no mail and the very same answer.
    async fn asking_gives_nothing_away(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        for path in ["/api/v1/auth/password/forgot", "/api/v1/auth/email/resend"] {
            let ask = async |email: &str| same(shop.post(path).json(json!({ "email": email })).send().await);
            let (known, unknown) = (ask("ana@example.com").await, ask("eve@example.com").await);
            assert_eq!(known, unknown);
        }
        assert!(shop.mails_to("eve@example.com").await.is_empty());
    }
}

/// Status, headers and body.
type Parts = (u16, Vec<(String, Vec<u8>)>, Vec<u8>);

/// An answer without what differs from request to request.
fn same(answer: Answer) -> Parts {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "ratelimit"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    headers.sort();
    (answer.status.as_u16(), headers, answer.body)
}

on_both! {
    /// Five mails an hour to one address, however often somebody asks. The newest link works.
    async fn nobody_is_flooded(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let before = shop.mails_to("ana@example.com").await.len();
        for _ in 0..8 {
            forgot(&shop, "Ana@Example.com").send().await.expect(202);
            shop.mails_to("ana@example.com").await;
        }
        assert_eq!(shop.mails_to("ana@example.com").await.len(), before + 5);
        let token = shop.mailed_token("ana@example.com").await;
        reset(&shop, &token, NEW).await.expect(200);
        shop.later(3_600);
        forgot(&shop, "ana@example.com").send().await.expect(202);
        assert_eq!(shop.mails_to("ana@example.com").await.len(), before + 6);
    }
}

on_both! {
    /// A password that breaks a rule does not use the link up; fields nobody knows are refused.
    async fn a_refused_password_leaves_the_link_alive(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("anasmith@example.com", PASSWORD).await;
        let token = link(&shop, "anasmith@example.com").await;
        reset(&shop, &token, "short").await.refused(422, "password.too_short");
        reset(&shop, &token, "my name is anasmith").await.refused(422, "password.own_data");
        for extra in [json!({ "role": "admin" }), json!({ "user_id": "0" }), json!({ "second_factor": false }), json!({ "email": "eve@example.com" })] {
            let mut ask = json!({ "token": token, "password": NEW });
            ask.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            shop.post("/api/v1/auth/password/reset").json(ask).send().await.refused(422, "request.invalid");
        }
        let ask: Value = json!({ "email": "anasmith@example.com", "public_url": "https://evil.example" });
        shop.post("/api/v1/auth/password/forgot").json(ask).send().await.refused(422, "request.invalid");
        reset(&shop, &token, NEW).await.expect(200);
    }
}

on_both! {
    /// Mail scanners open links. That changes nothing, and the page asks for what is needed.
    async fn opening_the_link_changes_nothing(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let token = link(&shop, "ana@example.com").await;
        let page = shop.get(&format!("/reset-password?token={token}")).send().await;
        assert!(page.text().contains("data-post=\"/api/v1/auth/password/reset\""));
        assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        shop.get("/api/v1/auth/password/reset").send().await.refused(405, "route.method_not_allowed");
        shop.sign_in("ana@example.com", PASSWORD).await;
        reset(&shop, &token, NEW).await.expect(200);
    }
}

on_both! {
    /// A reset neither signs in nor turns the second factor off: who has the mailbox has not the account. The password may
    /// be shorter beside it.
    async fn the_second_factor_stays(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let enrolled = ana.enrol().await;
        let token = link(&shop, &ana.email).await;
        let answer = reset(&shop, &token, "kX9#q2Lm").await.expect(200);
        assert_eq!(answer, json!({ "status": "password_changed" }));
        let answer = shop.login(&ana.email, "kX9#q2Lm").send().await.expect(200);
        assert_eq!((&answer["status"], answer.get("access_token")), (&json!("second_factor_required"), None));
        let challenge = &answer["challenge"];
        let guess = json!({ "challenge": challenge, "code": "000000" });
        assert_eq!(shop.post("/api/v1/auth/login/2fa").json(guess).send().await.status.as_u16(), 401);
        let code = json!({ "challenge": challenge, "code": enrolled.backup_codes[0] });
        shop.post("/api/v1/auth/2fa/backup-code").json(code).send().await.expect(200);
    }
}

on_both! {
    /// Somebody who locked the password for everybody, or an owner who locked it to recovery, is answered by a reset.
    async fn a_reset_ends_locks(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        for _ in 0..5 {
            shop.login("ana@example.com", "a wrong password").send().await.refused(401, "sign_in.failed");
        }
        lock_to_recovery(&shop).await;
        shop.login("ana@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
        let token = link(&shop, "ana@example.com").await;
        reset(&shop, &token, NEW).await.expect(200);
        shop.sign_in("ana@example.com", NEW).await;
    }
}

async fn lock_to_recovery(shop: &Shop) {
    shop.app
        .change(Actor::program("story"), async move |change: &mut Change<'_>| {
            let now = change.now();
            sql("UPDATE users SET locked_to_recovery_at = $1")
                .bind(now)
                .run(change)
                .await?;
            change.commit(AuditEvent::done("story.told"), ())
        })
        .await
        .unwrap();
}

on_both! {
    /// Two instances answer one request for a mail: one mail goes out.
    async fn two_instances_mail_once(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let before = shop.mails_to("ana@example.com").await.len();
        let other = shop.second().await;
        forgot(&shop, "ana@example.com").send().await.expect(202);
        let answer = stockade::features::auth::answer_mail_requests;
        let (one, two) = tokio::join!(answer(&shop.app), answer(&other.app));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        assert_eq!(shop.mails_to("ana@example.com").await.len(), before + 1);
    }
}
