//! Lockout: five failures lock, the lock ends by itself and survives everything else, each authenticator has its own.

use serde_json::{Value, json};
use stockade::{
    core::{actor::Actor, change::Change, event::AuditEvent},
    features::auth,
};
use stockade_domain::roles::Role;
use stockade_platform::db::sql;

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

const ANA: &str = "ana@example.com";

async fn fail(shop: &Shop, times: usize) {
    for _ in 0..times {
        shop.login(ANA, "a wrong password")
            .send()
            .await
            .refused(401, "sign_in.failed");
    }
}

on_both! {
    /// The right password gets the answer of a wrong one while it is locked: also on another instance, also after a
    /// restart. The lock ends by itself; the next one is longer.
    async fn five_failures_lock_for_a_quarter_and_then_for_an_hour(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join(ANA, PASSWORD).await;
        fail(&shop, 4).await;
        shop.sign_in(ANA, PASSWORD).await;
        fail(&shop, 5).await;
        let wrong = shop.login(ANA, "a wrong password").send().await;
        let right = shop.login(ANA, PASSWORD).at(&shop.second().await).send().await;
        assert_eq!((wrong.status, without_id(wrong.value())), (right.status, without_id(right.value())));
        shop.later(899);
        shop.login(ANA, PASSWORD).send().await.refused(401, "sign_in.failed");
        shop.later(1);
        shop.sign_in(ANA, PASSWORD).await;
        fail(&shop, 5).await;
        shop.later(3_599);
        shop.login(ANA, PASSWORD).send().await.refused(401, "sign_in.failed");
        shop.later(1);
        shop.sign_in(ANA, PASSWORD).await;
        let kinds = shop.kinds_about(&id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "account.locked").count(), 2);
        shop.log_is_whole().await;
    }
}

on_both! {
    /// Guesses at once are all counted: however many are sent, a right one among them after the fifth gets nothing.
    async fn parallel_guesses_are_all_counted(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join(ANA, PASSWORD).await;
        let guesses = (0..12).map(|_| shop.login(ANA, "a wrong password").send());
        futures_util::future::join_all(guesses).await;
        shop.login(ANA, PASSWORD).send().await.refused(401, "sign_in.failed");
        let kinds = shop.kinds_about(&id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "account.locked").count(), 1);
    }
}

on_both! {
    /// Codes are counted apart from passwords: a locked app leaves the backup codes open.
    async fn each_authenticator_counts_for_itself(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let enrolled = ana.enrol().await;
        let challenge = shop.challenge(ANA).await;
        for _ in 0..5 {
            shop.second_factor(&challenge, "000000").send().await.refused(401, "second_factor.wrong_code");
        }
        let code = enrolled.app.code(shop.now());
        shop.second_factor(&challenge, &code).send().await.refused(401, "second_factor.wrong_code");
        shop.second_factor(&challenge, &enrolled.backup_codes[0]).send().await.expect(200);
    }
}

on_both! {
    /// Whoever holds a session cannot use it to guess the password, and guessing there locks nobody out elsewhere.
    async fn a_session_cannot_guess_the_password(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let enable = |password: &str| {
            ana.post("/api/v1/auth/2fa/enable").json(json!({ "password": password })).send()
        };
        for _ in 0..5 {
            enable("a wrong password").await.refused(403, "password.wrong");
        }
        enable(PASSWORD).await.refused(403, "password.wrong");
        shop.sign_in(ANA, PASSWORD).await;
    }
}

fn without_id(mut problem: Value) -> Value {
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}

on_both! {
    /// An analyst unlocks a customer; nobody unlocks themselves, and customers unlock nobody.
    async fn a_case_worker_unlocks(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ben = shop.customer("ben").await;
        auth::create_staff(&shop.app, "una@example.com", PASSWORD, Role::Analyst).await.unwrap();
        let una = shop.sign_in("una@example.com", PASSWORD).await;
        let una_id = shop.me(&una.access).send().await.expect(200)["id"].as_str().unwrap().to_owned();
        fail(&shop, 5).await;
        let unlock = |access: &str, id: &str| {
            shop.post(&format!("/api/admin/security/accounts/{id}/unlock")).bearer(access).send()
        };
        unlock(&ben.tokens.access, &ana.id).await.refused(403, "role.not_allowed");
        unlock(&una.access, &una_id).await.refused(403, "case.own");
        unlock(&una.access, &shop.app.clock.now().as_second().to_string()).await.refused(404, "account.unknown");
        shop.login(ANA, PASSWORD).send().await.refused(401, "sign_in.failed");
        assert_eq!(unlock(&una.access, &ana.id).await.expect(200)["counters"], 1);
        shop.sign_in(ANA, PASSWORD).await;
        fail(&shop, 5).await;
        auth::unlock_from_command_line(&shop.app, ANA).await.unwrap();
        shop.sign_in(ANA, PASSWORD).await;
    }
}

on_both! {
    /// After a hundred failures in a row waiting helps nobody: the owner opens the account by mail, once.
    async fn a_hundred_failures_take_the_owners_word(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join(ANA, PASSWORD).await;
        for _ in 0..20 {
            fail(&shop, 5).await;
            shop.later(3_600);
        }
        shop.later(86_400);
        shop.login(ANA, PASSWORD).send().await.refused(401, "sign_in.failed");
        let token = shop.mailed_token(ANA).await;
        let confirm = |token: &str| {
            shop.post("/api/v1/auth/sign-ins/confirm").json(json!({ "token": token })).send()
        };
        confirm("guessed").await.refused(422, "sign_ins.link_invalid");
        confirm(&token).await.expect(200);
        shop.sign_in(ANA, PASSWORD).await;
        confirm(&token).await.refused(422, "sign_ins.link_invalid");
        let kinds = shop.kinds_about(&id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "account.confirmation_required").count(), 1);
    }
}

on_both! {
    /// The desk sees what is locked and who fails.
    async fn the_desk_sees_locks_and_failures(database: Database) {
        let shop = Shop::start(database).await;
        shop.join(ANA, PASSWORD).await;
        auth::create_staff(&shop.app, "una@example.com", PASSWORD, Role::Auditor).await.unwrap();
        let una = shop.sign_in("una@example.com", PASSWORD).await;
        let dashboard = async || {
            shop.get("/api/admin/security/dashboard/auth").bearer(&una.access).send().await.expect(200)
        };
        let quiet = dashboard().await;
        assert_eq!((&quiet["locked"], &quiet["failing"]), (&json!([]), &json!([])));
        fail(&shop, 5).await;
        let busy = dashboard().await;
        assert_eq!(busy["locked"][0]["email"], ANA);
        assert_eq!((&busy["failing"][0]["failures"], &busy["failing"][0]["strangers"]), (&json!(5), &json!(true)));
        assert_eq!(busy["policy"]["failures"], 5);
    }
}

/// One wrong code more than ninety-nine in a row on unknown devices, whose locks are over.
async fn hundredth_wrong_code(shop: &Shop) {
    let wrong = async || {
        let challenge = shop.challenge(ANA).await;
        let guess = shop.second_factor(&challenge, "000000").send().await;
        guess.refused(401, "second_factor.wrong_code");
    };
    wrong().await;
    let ninety_nine = async |change: &mut Change<'_>| {
        sql("UPDATE failure_counters SET in_a_row = 99, recent = '' WHERE authenticator = 'totp'")
            .run(change)
            .await?;
        change.commit(AuditEvent::done("story.told"), ())
    };
    shop.app
        .change(Actor::program("story"), ninety_nine)
        .await
        .unwrap();
    wrong().await;
}

on_both! {
    /// A hundred wrong codes close a second factor to new devices. Changing the password does not void the mailed link
    /// that opens it.
    async fn a_closed_second_factor_is_opened_by_mail(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        hundredth_wrong_code(&shop).await;
        let link = shop.mailed_token(ANA).await;
        let right = async || {
            shop.later(30);
            let challenge = shop.challenge(ANA).await;
            shop.second_factor(&challenge, &app.code(shop.now())).send().await
        };
        right().await.refused(401, "second_factor.wrong_code");
        let ask = |old: &str, new: &str| json!({ "current_password": old, "new_password": new });
        let change = |ask: Value| ana.post("/api/v1/auth/password/change").json(ask).send();
        change(ask(PASSWORD, "a quiet harbour at dusk")).await.expect(200);
        change(ask("a quiet harbour at dusk", PASSWORD)).await.expect(200);
        right().await.refused(401, "second_factor.wrong_code");
        shop.post("/api/v1/auth/sign-ins/confirm").json(json!({ "token": link })).send().await.expect(200);
        right().await.expect(200);
    }
}

on_both! {
    /// A completed reset has proven the mailbox as that link would have, so its owner has a way in; but it ends no lock
    /// that ends by itself, so whoever reads the mail guesses codes no faster by resetting again and again.
    async fn a_reset_opens_what_waits_and_no_lock(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        let right = async || {
            shop.later(30);
            let challenge = shop.challenge(ANA).await;
            shop.second_factor(&challenge, &app.code(shop.now())).send().await
        };
        hundredth_wrong_code(&shop).await;
        right().await.refused(401, "second_factor.wrong_code");
        reset_password(&shop).await;
        right().await.expect(200);
        let kinds = shop.kinds_about(&ana.id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "account.unlocked").count(), 1);

        let challenge = shop.challenge(ANA).await;
        for _ in 0..5 {
            shop.second_factor(&challenge, "000000").send().await.refused(401, "second_factor.wrong_code");
        }
        reset_password(&shop).await;
        right().await.refused(401, "second_factor.wrong_code");
        shop.later(900);
        right().await.expect(200);
    }
}

/// By mail, to what it was.
async fn reset_password(shop: &Shop) {
    shop.later(1);
    let forgot = shop.post("/api/v1/auth/password/forgot");
    forgot.json(json!({ "email": ANA })).send().await.expect(202);
    let token = shop.mailed_token(ANA).await;
    let reset = shop.post("/api/v1/auth/password/reset");
    let ask = json!({ "token": token, "password": PASSWORD });
    reset.json(ask).send().await.expect(200);
}
