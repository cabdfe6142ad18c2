//! Passkeys: added, listed, renamed, removed; they sign in alone, as a second factor, and step up.

use serde_json::{Value, json};
use stockade_platform::db::{DbResult, Reader, sql};

use crate::{
    on_both,
    support::{
        people::{Customer, PASSWORD, text, tokens},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";

async fn methods(of: &Customer<'_>) -> Value {
    of.get("/api/v1/auth/2fa").send().await.expect(200)["methods"].clone()
}

on_both! {
    /// The first passkey is a second factor with backup codes, and signs in alone. What is stored names nobody.
    async fn a_passkey_signs_in_alone(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        assert_eq!(methods(&ana).await, json!([]));
        let mut added = ana.add_passkey("my phone").await;
        assert_eq!(added.backup_codes.len(), 10);
        assert_eq!(methods(&ana).await, json!(["passkey", "backup_code"]));
        shop.later(60);
        let answer = shop.passkey_sign_in(&mut added.device).await;
        assert_eq!(answer["user"]["id"], json!(ana.id));
        assert_eq!(claims(&text(&answer["access_token"]))["amr"], json!(["pop", "user", "mfa"]));
        shop.me(&text(&answer["access_token"])).send().await.expect(200);

        let list = ana.get("/api/v1/auth/passkeys").send().await.expect(200);
        assert_eq!(list["items"][0]["name"], "my phone");
        assert_eq!(list["items"][0]["last_used_at"], json!(shop.now().to_string()));
        let handle = added.device.handle.clone().unwrap();
        assert_eq!(handle.len(), 16);
        assert_ne!(handle, ana.id.parse::<uuid::Uuid>().unwrap().as_bytes());
        let sealed: Vec<u8> = shop.app.read(async |reader: &mut Reader| -> DbResult<_> {
            sql("SELECT sealed FROM passkeys").one(reader).await
        }).await.unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("my phone"));
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["second_factor.enabled", "backup_codes.created", "passkey.added", "sign_in.succeeded"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind} in {kinds:?}");
        }
        shop.log_is_whole().await;
    }
}

on_both! {
    /// A device that does not count always says zero; a browser gets its session in cookies.
    async fn a_passkey_may_not_count(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut device = ana.add_passkey("synced").await.device;
        device.counts = false;
        for _ in 0..2 {
            let begun = shop.passkey_challenge().await;
            let credential = device.sign(&begun["options"]);
            let login = shop.passkey_login(&begun, &credential).to("/api/v1/auth/passkeys/login/finish?session=cookie");
            login.clone().header("sec-fetch-site", "cross-site").send().await.refused(403, "csrf.cross_site");
            let answer = login.header("sec-fetch-site", "same-origin").send().await.expect(200);
            assert!(answer.get("access_token").is_none());
            assert_eq!(answer["token_type"], "cookie");
        }
    }
}

on_both! {
    /// After the password a passkey is asked for as any second factor is, by its id.
    async fn a_passkey_is_a_second_factor(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut added = ana.add_passkey("my key").await;
        let asked = shop.login(ANA, PASSWORD).send().await.expect(200);
        assert_eq!(asked["methods"], json!(["passkey", "backup_code"]));
        let challenge = json!({ "challenge": asked["challenge"] });
        let begun = shop.post("/api/v1/auth/passkeys/2fa/start").json(challenge).send().await.expect(200);
        let credential = added.device.sign(&begun["options"]);
        assert_eq!(begun["options"]["allowCredentials"][0]["id"], credential["id"]);
        let ask = json!({ "challenge": asked["challenge"], "credential": credential });
        let finish = || shop.post("/api/v1/auth/passkeys/2fa/finish").json(ask.clone()).send();
        let answer = finish().await.expect(200);
        assert_eq!(claims(&text(&answer["access_token"]))["amr"], json!(["pwd", "pop", "user", "mfa"]));
        finish().await.refused(401, "challenge.invalid");
        let code = json!({ "challenge": shop.challenge(ANA).await, "code": added.backup_codes[0] });
        shop.post("/api/v1/auth/2fa/backup-code").json(code).send().await.expect(200);
    }
}

on_both! {
    /// A step-up takes a passkey's signature for the operation, once; exactly one proof.
    async fn a_passkey_steps_up(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut device = ana.add_passkey("my phone").await.device;
        let request = ana.post("/api/v1/signing-keys").json(json!({ "name": "bot" }));
        let refused = request.clone().send().await.refused(403, "step_up.required");
        assert_eq!(refused["methods"], json!(["passkey", "backup_code"]));
        let begun = shop.begin_step_up(&ana.tokens, &refused).await;
        let assertion = device.sign(&begun["passkey"]);
        let prove = |ask: Value| shop.prove_step_up(&ana.tokens, ask).send();
        let challenge = &begun["challenge"];
        prove(json!({ "challenge": challenge })).await.refused(422, "step_up.one_proof");
        prove(json!({ "challenge": challenge, "code": "123456", "assertion": assertion })).await
            .refused(422, "step_up.one_proof");
        let proven = prove(json!({ "challenge": challenge, "assertion": assertion })).await.expect(200);
        prove(json!({ "challenge": challenge, "assertion": assertion })).await.refused(401, "challenge.invalid");
        let proof = text(&proven["proof"]);
        request.clone().header("x-step-up", &proof).send().await.expect(201);
        request.header("x-step-up", &proof).send().await.refused(403, "step_up.required");
    }
}

on_both! {
    /// The second passkey takes a step-up, and no password will do; an authenticator app beside them keeps its codes.
    async fn further_passkeys_take_a_step_up(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut first = ana.add_passkey("my phone").await.device;
        let start = ana.post("/api/v1/auth/passkeys/register/start");
        start.clone().json(json!({ "password": PASSWORD })).send().await.refused(403, "step_up.required");
        let begun = shop.stepped_up_by(&mut first, &ana.tokens, start.clone()).await.send().await.expect(200);
        assert_eq!(begun["options"]["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(begun["options"]["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(begun["options"]["excludeCredentials"].as_array().unwrap().len(), 1);
        let mut second = ana.keep_passkey(&begun["options"], "my key").await;
        assert!(second.backup_codes.is_empty(), "the codes of the first stay");
        assert_eq!(first.handle, second.device.handle);
        shop.passkey_sign_in(&mut second.device).await;
        shop.passkey_sign_in(&mut first).await;
        let app = ana.enrol().await;
        assert!(app.backup_codes.is_empty());
        assert_eq!(methods(&ana).await, json!(["totp", "passkey", "backup_code"]));
    }
}

on_both! {
    /// Twenty are enough for anybody.
    async fn twenty_passkeys_at_most(database: Database) {
        let shop = Shop::start(database).await;
        let mut ana = shop.customer("ana").await;
        let mut first = ana.add_passkey("1").await.device;
        for number in 2..=21 {
            if number % 8 == 0 {
                shop.later(900);
                ana.tokens = tokens(&shop.passkey_sign_in(&mut first).await);
            }
            let start = ana.post("/api/v1/auth/passkeys/register/start");
            let start = shop.stepped_up_by(&mut first, &ana.tokens, start).await.send().await;
            if number == 21 {
                start.refused(409, "passkey.too_many");
                break;
            }
            ana.keep_passkey(&start.expect(200)["options"], &number.to_string()).await;
        }
    }
}

on_both! {
    /// A passkey has the name its owner gives it, and is nobody else's.
    async fn passkeys_are_renamed_by_their_owner(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        let added = ana.add_passkey("my phone").await;
        let path = format!("/api/v1/auth/passkeys/{}", added.id);
        let rename = async |of: &Customer<'_>, name: &str| of.patch(&path).json(json!({ "name": name })).send().await;
        rename(&ana, " ").await.refused(422, "name.invalid");
        rename(&ben, "mine").await.refused(404, "passkey.unknown");
        assert_eq!(rename(&ana, " old phone ").await.expect(200)["name"], "old phone");
        let list = ana.get("/api/v1/auth/passkeys").send().await.expect(200);
        assert_eq!(list["items"][0]["name"], "old phone");
        assert_eq!(ben.get("/api/v1/auth/passkeys").send().await.expect(200)["items"], json!([]));
        ana.patch("/api/v1/auth/passkeys/nonsense").json(json!({ "name": "x" })).send().await
            .refused(404, "passkey.unknown");
        let kinds = shop.kinds_about(&ana.id).await;
        assert!(kinds.iter().any(|kind| kind == "passkey.renamed"));
    }
}

on_both! {
    /// Removing takes a step-up, and the last second factor the password, too. A removed key opens nothing.
    async fn passkeys_are_removed_by_their_owner(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        let mut added = ana.add_passkey("my phone").await;
        let mut bens = ben.add_passkey("his phone").await;
        let path = format!("/api/v1/auth/passkeys/{}", added.id);
        let theirs = shop.stepped_up_by(&mut bens.device, &ben.tokens, ben.delete(&path)).await;
        theirs.send().await.refused(404, "passkey.unknown");
        let bare = shop.stepped_up_by(&mut added.device, &ana.tokens, ana.delete(&path)).await;
        bare.send().await.refused(422, "password.missing");
        let wrong = ana.delete(&path).json(json!({ "password": "a wrong password" }));
        let wrong = shop.stepped_up_by(&mut added.device, &ana.tokens, wrong).await;
        wrong.send().await.refused(403, "password.wrong");
        let remove = ana.delete(&path).json(json!({ "password": PASSWORD }));
        remove.clone().send().await.refused(403, "step_up.required");
        shop.stepped_up_by(&mut added.device, &ana.tokens, remove).await.send().await.expect(204);

        let factors = ana.get("/api/v1/auth/2fa").send().await.expect(200);
        assert_eq!(factors, json!({ "methods": [], "backup_codes_left": 0 }));
        let begun = shop.passkey_challenge().await;
        let credential = added.device.sign(&begun["options"]);
        shop.passkey_login(&begun, &credential).send().await.refused(401, "passkey.refused");
        shop.sign_in(ANA, PASSWORD).await;
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["passkey.removed", "second_factor.disabled"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind} in {kinds:?}");
        }
    }
}

on_both! {
    /// A server whose address is a number has no passkeys, and says so.
    async fn passkeys_need_a_named_host(database: Database) {
        let shop = Shop::start_with(database, &[("SERVER__PUBLIC_URL", "http://192.0.2.7:8000")]).await;
        shop.post("/api/v1/auth/passkeys/login/start").send().await.refused(409, "passkey.unavailable");
    }
}

fn claims(token: &str) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}
