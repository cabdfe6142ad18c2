//! The figures of signing in are settings, and what is set is what counts.

use serde_json::json;
use stockade::features::devices;
use stockade_platform::db::{DbResult, Reader, sql};

use crate::{
    on_both,
    support::{
        people::{Customer, PASSWORD, text},
        shop::Shop,
    },
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
    /// Three failures lock for ten minutes and then for twenty; what failed before its window has passed is forgotten.
    async fn an_installation_locks_when_it_says(database: Database) {
        let settings = [
            ("LOCKOUT__FAILURES", "3"),
            ("LOCKOUT__WINDOW_MINUTES", "5"),
            ("LOCKOUT__FIRST_LOCK_MINUTES", "10"),
            ("LOCKOUT__REPEATED_LOCK_MINUTES", "20"),
            ("LOCKOUT__MEMORY_HOURS", "1"),
        ];
        let shop = Shop::start_with(database, &settings).await;
        let id = shop.join(ANA, PASSWORD).await;
        fail(&shop, 2).await;
        shop.later(301);
        fail(&shop, 2).await;
        shop.sign_in(ANA, PASSWORD).await;
        for (wait, lock) in [(0, 600), (0, 1_200), (3_600, 600)] {
            shop.later(wait);
            fail(&shop, 3).await;
            shop.later(lock - 1);
            shop.login(ANA, PASSWORD).send().await.refused(401, "sign_in.failed");
            shop.later(1);
            shop.sign_in(ANA, PASSWORD).await;
        }
        let kinds = shop.kinds_about(&id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "account.locked").count(), 3);
    }
}

on_both! {
    /// After ten failures in a row, however far apart, unknown devices wait for the owner's word by mail.
    async fn an_installation_asks_by_mail_when_it_says(database: Database) {
        let settings = [("LOCKOUT__CONFIRM_AFTER", "10"), ("LOCKOUT__WINDOW_MINUTES", "5")];
        let shop = Shop::start_with(database, &settings).await;
        shop.join(ANA, PASSWORD).await;
        for _ in 0..10 {
            shop.later(301);
            fail(&shop, 1).await;
        }
        shop.later(86_400);
        shop.login(ANA, PASSWORD).send().await.refused(401, "sign_in.failed");
        let token = shop.mailed_token(ANA).await;
        shop.post("/api/v1/auth/sign-ins/confirm").json(json!({ "token": token })).send().await.expect(200);
        shop.sign_in(ANA, PASSWORD).await;
    }
}

on_both! {
    /// Longer passwords are asked for where they are said, alone and beside a second factor; pages and programs are told.
    async fn an_installation_says_how_long_passwords_are(database: Database) {
        let settings = [
            ("PASSWORDS__LEAST_ALONE", "24"),
            ("PASSWORDS__LEAST_WITH_SECOND_FACTOR", "20"),
            ("PASSWORDS__MOST", "64"),
        ];
        let shop = Shop::start_with(database, &settings).await;
        let ask = |password: &str| {
            shop.post("/api/v1/auth/register").json(json!({ "email": "ben@example.com", "password": password })).send()
        };
        let short = ask("a quiet harbour at dusk").await.refused(422, "password.too_short");
        assert!(short.to_string().contains("at least 24 characters"), "{short}");
        ask(&"a quiet harbour at dusk ".repeat(3)).await.refused(422, "password.too_long");
        let told = shop.get("/api/v1/about").send().await.expect(200);
        let lengths = json!({ "least_with_second_factor": 20, "least_alone": 24, "most": 64 });
        assert_eq!(told["passwords"], lengths);

        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        let change = |current: &str, new: &str| {
            let ask = json!({ "current_password": current, "new_password": new });
            ana.post("/api/v1/auth/password/change").json(ask).send()
        };
        change(PASSWORD, "nineteen letters it").await.refused(422, "password.too_short");
        change(PASSWORD, "a quiet harbour at dusk").await.expect(200);
        let disable = json!({ "password": "a quiet harbour at dusk", "code": app.code(shop.now()) });
        ana.post("/api/v1/auth/2fa/disable").json(disable).send().await.refused(409, "password.too_short_alone");
    }
}

on_both! {
    /// Backup codes, the life of a proof, the clock of an app, and how long a device is kept.
    async fn an_installation_says_how_second_factors_and_devices_live(database: Database) {
        let settings = [
            ("SECOND_FACTORS__BACKUP_CODES", "12"),
            ("SECOND_FACTORS__STEP_UP_MINUTES", "2"),
            ("SECOND_FACTORS__TOTP_DRIFT_STEPS", "0"),
            ("DEVICES__UNUSED_DAYS", "10"),
        ];
        let shop = Shop::start_with(database, &settings).await;
        let ana = shop.customer("ana").await;
        let enrolled = ana.enrol().await;
        assert_eq!(enrolled.backup_codes.len(), 12);

        shop.later(60);
        let challenge = shop.challenge(ANA).await;
        let early = enrolled.app.code(shop.now());
        shop.later(30);
        shop.second_factor(&challenge, &early).send().await.refused(401, "second_factor.wrong_code");
        let now = enrolled.app.code(shop.now());
        shop.second_factor(&challenge, &now).send().await.expect(200);

        let proof = prove(&ana, &enrolled.backup_codes[0]).await;
        shop.later(119);
        key(&ana).header("x-step-up", &proof).send().await.expect(201);
        let late = prove(&ana, &enrolled.backup_codes[1]).await;
        shop.later(120);
        key(&ana).header("x-step-up", &late).send().await.refused(403, "step_up.required");

        assert_eq!(devices::expire(&shop.app).await.unwrap(), 0);
        shop.later(10 * 86_400 + 1);
        assert!(devices::expire(&shop.app).await.unwrap() > 0);
    }
}

fn key<'s>(of: &Customer<'s>) -> crate::support::http::Ask<'s> {
    of.post("/api/v1/signing-keys").json(json!({ "name": "bot" }))
}

async fn prove(of: &Customer<'_>, code: &str) -> String {
    let refused = key(of).send().await.refused(403, "step_up.required");
    let begun = of.shop.begin_step_up(&of.tokens, &refused).await;
    let ask = json!({ "challenge": begun["challenge"], "code": code });
    text(&of.shop.prove_step_up(&of.tokens, ask).send().await.expect(200)["proof"])
}

on_both! {
    /// More work for new hashes.
    async fn an_installation_says_how_much_work_a_hash_is(database: Database) {
        let shop = Shop::start_with(database, &[("PASSWORDS__ARGON2_PASSES", "3")]).await;
        shop.join(ANA, PASSWORD).await;
        shop.sign_in(ANA, PASSWORD).await;
        let hash: DbResult<String> = shop
            .app
            .read(async |reader: &mut Reader| sql("SELECT password_hash FROM users").one(reader).await)
            .await;
        let hash = hash.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=3,p=1$"), "{hash}");
    }
}
