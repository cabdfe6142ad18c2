//! Second factors: turned on with a code, asked for at each sign-in, each code good once, backup codes for a lost phone.

use serde_json::json;
use stockade_platform::db::{DbResult, Reader, sql};

use crate::{
    on_both,
    support::{
        people::{PASSWORD, text, tokens},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";

on_both! {
    /// Nothing changes until a code of the app was right; from then on each sign-in asks for one.
    async fn a_second_factor_is_asked_once_it_is_verified(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let wrong = json!({ "password": "a wrong password" });
        ana.post("/api/v1/auth/2fa/enable").json(wrong).send().await.refused(403, "password.wrong");
        ana.post("/api/v1/auth/2fa/verify").json(json!({ "code": "123456" })).send().await
            .refused(409, "second_factor.not_pending");
        let ask = json!({ "password": PASSWORD });
        let pending = ana.post("/api/v1/auth/2fa/enable").json(ask.clone()).send().await.expect(200);
        assert!(text(&pending["qr_svg"]).contains("<svg"));
        assert!(text(&pending["otpauth_uri"]).starts_with("otpauth://totp/Stockade:"));
        shop.sign_in(ANA, PASSWORD).await;

        let enrolled = ana.enrol().await;
        assert_eq!(enrolled.backup_codes.len(), 10);
        ana.post("/api/v1/auth/2fa/enable").json(ask).send().await.refused(409, "second_factor.already_on");
        let answer = shop.sign_in_with(ANA, &enrolled.app).await;
        shop.me(&text(&answer["access_token"])).send().await.expect(200);
        let factors = ana.get("/api/v1/auth/2fa").send().await.expect(200);
        assert_eq!(factors, json!({ "methods": ["totp", "backup_code"], "backup_codes_left": 10 }));

        let sealed: Vec<u8> = shop.app.read(async |reader: &mut Reader| -> DbResult<_> {
            sql("SELECT sealed_secret FROM totp_secrets").one(reader).await
        }).await.unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains(&text(&pending["secret"])));
    }
}

on_both! {
    /// A code that was seen over somebody's shoulder is worth nothing, nor is one of two used at once; RFC 6238 §5.2.
    async fn a_code_is_good_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        let (first, second) = (shop.challenge(ANA).await, shop.challenge(ANA).await);
        let code = app.code(shop.now());
        let (one, other) = tokio::join!(
            shop.second_factor(&first, &code).send(),
            shop.second_factor(&second, &code).send(),
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
        let third = shop.challenge(ANA).await;
        shop.second_factor(&third, &code).send().await.refused(401, "second_factor.wrong_code");
        shop.later(30);
        shop.second_factor(&third, &app.code(shop.now())).send().await.expect(200);
        shop.second_factor(&third, &app.code(shop.now())).send().await.refused(401, "challenge.invalid");
    }
}

on_both! {
    /// A challenge is of one device and ten minutes.
    async fn a_challenge_belongs_to_its_device(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        let challenge = shop.challenge(ANA).await;
        let finish = || shop.second_factor(&challenge, &app.code(shop.now()));
        finish().header("x-device-id", "another").send().await.refused(401, "challenge.invalid");
        shop.second_factor("nonsense", "123456").send().await.refused(401, "challenge.invalid");
        shop.later(600);
        finish().send().await.refused(401, "challenge.invalid");
    }
}

on_both! {
    /// A lost phone: a backup code signs in, once; of two at once one does; new ones replace the old.
    async fn a_backup_code_is_good_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let enrolled = ana.enrol().await;
        let code = enrolled.backup_codes[0].clone();
        let (first, second) = (shop.challenge(ANA).await, shop.challenge(ANA).await);
        let use_code = |challenge: &str, code: &str| {
            shop.post("/api/v1/auth/2fa/backup-code").json(json!({ "challenge": challenge, "code": code })).send()
        };
        let (one, other) = tokio::join!(use_code(&first, &code), use_code(&second, &code));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
        let third = shop.challenge(ANA).await;
        use_code(&third, &code).await.refused(401, "second_factor.wrong_code");
        let answer = use_code(&third, &enrolled.backup_codes[1].to_lowercase()).await.expect(200);

        let access = text(&answer["access_token"]);
        let renew = |code: &str| {
            shop.post("/api/v1/auth/2fa/backup-codes").bearer(&access).json(json!({ "code": code })).send()
        };
        renew("000000").await.refused(401, "second_factor.wrong_code");
        let renewed = renew(&enrolled.app.code(shop.now())).await.expect(200);
        assert_eq!(renewed["backup_codes"].as_array().unwrap().len(), 10);
        let fourth = shop.challenge(ANA).await;
        use_code(&fourth, &enrolled.backup_codes[2]).await.refused(401, "second_factor.wrong_code");
        use_code(&fourth, &text(&renewed["backup_codes"][2])).await.expect(200);
        let kinds = shop.kinds_about(&ana.id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "backup_code.used").count(), 3);
    }
}

on_both! {
    /// Turning it off takes both proofs.
    async fn turning_off_takes_the_code_and_the_password(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        let disable = |password: &str, code: &str| {
            let ask = json!({ "password": password, "code": code });
            ana.post("/api/v1/auth/2fa/disable").json(ask).send()
        };
        disable(PASSWORD, "000000").await.refused(401, "second_factor.wrong_code");
        disable("a wrong password", &app.code(shop.now())).await.refused(403, "password.wrong");
        shop.challenge(ANA).await;
        disable(PASSWORD, &app.code(shop.now())).await.expect(204);
        shop.sign_in(ANA, PASSWORD).await;
        let factors = ana.get("/api/v1/auth/2fa").send().await.expect(200);
        assert_eq!(factors, json!({ "methods": [], "backup_codes_left": 0 }));
    }
}

on_both! {
    /// The token says how somebody signed in (RFC 8176), also after a refresh.
    async fn the_token_says_what_was_proven(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let enrolled = ana.enrol().await;
        let answer = tokens(&shop.sign_in_with(ANA, &enrolled.app).await);
        let refreshed = tokens(&shop.refresh(&answer.refresh).send().await.expect(200));
        for token in [answer.access, refreshed.access] {
            assert_eq!(claims(&token)["amr"], json!(["pwd", "otp", "mfa"]));
        }
    }
}

fn claims(token: &str) -> serde_json::Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}
