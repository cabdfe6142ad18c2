//! What somebody with a page of their own, a copied key, an overheard answer or an open session tries with passkeys.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        http::{Answer, Ask},
        passkey::{Device, ORIGIN},
        people::{Customer, PASSWORD, text},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";

fn start<'s>(of: &Customer<'s>, ask: Value) -> Ask<'s> {
    of.post("/api/v1/auth/passkeys/register/start").json(ask)
}

/// A device's answer at a sign-in with a challenge of its own.
async fn try_sign_in(shop: &Shop, device: &mut Device) -> Answer {
    let begun = shop.passkey_challenge().await;
    let credential = device.sign(&begun["options"]);
    shop.passkey_login(&begun, &credential).send().await
}

on_both! {
    /// A signature for another site, from within another page, or without looking at its owner opens nothing.
    async fn a_signature_for_something_else_is_refused(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut device = ana.add_passkey("my phone").await.device;
        let twists: [fn(&mut Device); 8] = [
            |device| device.origin = "https://evil.example".into(),
            |device| device.origin = "http://localhost:8001".into(),
            |device| device.origin = "https://localhost:8000".into(),
            |device| device.rp_id = "evil.example".into(),
            |device| device.verifies = false,
            |device| device.cross_origin = true,
            |device| device.handle = None,
            |device| device.handle = Some(vec![7; 16]),
        ];
        let handle = device.handle.clone();
        for twist in twists {
            twist(&mut device);
            try_sign_in(&shop, &mut device).await.refused(401, "passkey.refused");
            device.origin = ORIGIN.into();
            device.rp_id = "localhost".into();
            device.verifies = true;
            device.cross_origin = false;
            device.handle.clone_from(&handle);
            try_sign_in(&shop, &mut device).await.expect(200);
        }
    }
}

on_both! {
    /// An overheard answer is worth nothing: each challenge is answered once, by its own signature, in five minutes.
    async fn an_answer_cannot_be_replayed(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut device = ana.add_passkey("my phone").await.device;
        let (first, second) = (shop.passkey_challenge().await, shop.passkey_challenge().await);
        assert_eq!(first["options"]["allowCredentials"], json!([]), "a sign-in begins alike for everybody");
        let credential = device.sign(&first["options"]);
        let (one, other) = tokio::join!(
            shop.passkey_login(&first, &credential).send(),
            shop.passkey_login(&first, &credential).send(),
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
        shop.passkey_login(&first, &credential).send().await.refused(401, "challenge.invalid");
        shop.passkey_login(&second, &credential).send().await.refused(401, "passkey.refused");
        // A wrong answer uses the challenge up, too.
        let right = device.sign(&second["options"]);
        shop.passkey_login(&second, &right).send().await.refused(401, "challenge.invalid");
        let late = shop.passkey_challenge().await;
        let credential = device.sign(&late["options"]);
        shop.later(300);
        shop.passkey_login(&late, &credential).send().await.refused(401, "challenge.invalid");
        let elsewhere = shop.post("/api/v1/auth/passkeys/login/start").header("x-device-id", "hers").send().await.expect(200);
        let credential = device.sign(&elsewhere["options"]);
        shop.passkey_login(&elsewhere, &credential).header("x-device-id", "another").send().await
            .refused(401, "challenge.invalid");
        shop.passkey_login(&elsewhere, &credential).header("x-device-id", "hers").send().await.expect(200);
    }
}

on_both! {
    /// Two devices with one key cannot both keep count. The one that lags behind is refused, and it is put on record.
    async fn a_copied_key_is_noticed(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut device = ana.add_passkey("my key").await.device;
        device.count = 40;
        shop.passkey_sign_in(&mut device).await;
        for back_to in [40, 7, 0] {
            device.count = back_to;
            try_sign_in(&shop, &mut device).await.refused(401, "passkey.refused");
        }
        device.count = 41;
        shop.passkey_sign_in(&mut device).await;
        let kinds = shop.kinds_about(&ana.id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "passkey.cloned").count(), 3, "{kinds:?}");
        let told = "A passkey of yours appears to have been copied";
        assert!(shop.subjects_to(&ana.email).await.iter().any(|subject| subject == told));
    }
}

on_both! {
    /// A key that claims another's id, and a signature with one bit turned.
    async fn a_forged_signature_is_refused_and_counted(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut device = ana.add_passkey("my phone").await.device;
        let mut forger = Device::new();
        forger.credential_id.clone_from(&device.credential_id);
        forger.handle.clone_from(&device.handle);
        for _ in 0..4 {
            try_sign_in(&shop, &mut forger).await.refused(401, "passkey.refused");
        }
        let begun = shop.passkey_challenge().await;
        let mut credential = device.sign(&begun["options"]);
        let mut signature = BASE64.decode(text(&credential["response"]["signature"])).unwrap();
        *signature.last_mut().unwrap() ^= 1;
        credential["response"]["signature"] = BASE64.encode(signature).into();
        shop.passkey_login(&begun, &credential).send().await.refused(401, "passkey.refused");
        for _ in 0..2 {
            try_sign_in(&shop, &mut forger).await.refused(401, "passkey.refused");
        }
        // Locked: the right key gets the same answer, the password and its backup codes are asked as ever.
        try_sign_in(&shop, &mut device).await.refused(401, "passkey.refused");
        shop.challenge(ANA).await;
        shop.later(900);
        try_sign_in(&shop, &mut device).await.expect(200);
        let kinds = shop.kinds_about(&ana.id).await;
        assert!(kinds.iter().any(|kind| kind == "account.locked"), "{kinds:?}");
    }
}

on_both! {
    /// Another person's passkey finishes no sign-in and no step-up, nor does an answer to another question.
    async fn a_passkey_proves_its_owner_only(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        let mut anas = ana.add_passkey("her phone").await.device;
        let mut bens = ben.add_passkey("his phone").await.device;
        let challenge = shop.challenge(ANA).await;
        let start = || shop.post("/api/v1/auth/passkeys/2fa/start").json(json!({ "challenge": challenge })).send();
        let finish = |credential: Value| {
            let ask = json!({ "challenge": challenge, "credential": credential });
            shop.post("/api/v1/auth/passkeys/2fa/finish").json(ask).send()
        };
        finish(bens.sign(&json!({ "challenge": "AAAA" }))).await.refused(401, "challenge.invalid");
        let begun = start().await.expect(200);
        finish(bens.sign(&begun["options"])).await.refused(401, "passkey.refused");
        start().await.expect(200);
        finish(anas.sign(&begun["options"])).await.refused(401, "passkey.refused");

        let refused = ana.post("/api/v1/signing-keys").json(json!({ "name": "bot" })).send().await
            .refused(403, "step_up.required");
        let alone = shop.passkey_challenge().await;
        let elsewhere = anas.sign(&alone["options"]);
        for wrong in [bens.sign(&alone["options"]), elsewhere] {
            let begun = shop.begin_step_up(&ana.tokens, &refused).await;
            let ask = json!({ "challenge": begun["challenge"], "assertion": wrong });
            shop.prove_step_up(&ana.tokens, ask).send().await.refused(401, "passkey.refused");
        }
        let begun = shop.begin_step_up(&ana.tokens, &refused).await;
        let ask = json!({ "challenge": begun["challenge"], "assertion": anas.sign(&begun["passkey"]) });
        shop.prove_step_up(&ben.tokens, ask.clone()).send().await.refused(401, "challenge.invalid");
        shop.passkey_login(&begun, &anas.sign(&begun["passkey"])).send().await.refused(401, "challenge.invalid");
        shop.prove_step_up(&ana.tokens, ask).send().await.expect(200);
        finish(anas.sign(&start().await.expect(200)["options"])).await.expect(200);
    }
}

on_both! {
    /// Whoever sits at an open session adds no key without the password, and a device adds one for this site only.
    async fn a_passkey_is_not_added_by_others(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, ben) = (shop.customer("ana").await, shop.customer("ben").await);
        start(&ana, json!({})).send().await.refused(422, "password.missing");
        start(&ana, json!({ "password": "a wrong password" })).send().await.refused(403, "password.wrong");
        let right = json!({ "password": PASSWORD });
        let twists: [fn(&mut Device); 5] = [
            |device| device.origin = "https://evil.example".into(),
            |device| device.rp_id = "evil.example".into(),
            |device| device.verifies = false,
            |device| device.cross_origin = true,
            |_| {},
        ];
        let mut earlier = json!(null);
        for (number, twist) in twists.into_iter().enumerate() {
            let begun = start(&ana, right.clone()).send().await.expect(200);
            let mut device = Device::new();
            twist(&mut device);
            // The last one answers the challenge before.
            let options = if number == 4 { &earlier } else { &begun["options"] };
            let credential = device.create(options);
            ana.finish_passkey("key", &credential).send().await.refused(422, "passkey.refused");
            ana.finish_passkey("key", &credential).send().await.refused(401, "challenge.invalid");
            earlier = begun["options"].clone();
        }
        let begun = start(&ana, right.clone()).send().await.expect(200);
        let mut device = Device::new();
        let credential = device.create(&begun["options"]);
        ben.finish_passkey("key", &credential).send().await.refused(401, "challenge.invalid");
        let elsewhere = shop.sign_in(ANA, PASSWORD).await;
        ana.finish_passkey("key", &credential).bearer(&elsewhere.access).send().await.refused(401, "challenge.invalid");
        ana.finish_passkey("", &credential).send().await.refused(422, "name.invalid");
        ana.finish_passkey("key", &credential).send().await.expect(201);
        let begun = start(&ben, right).send().await.expect(200);
        let copied = device.create(&begun["options"]);
        ben.finish_passkey("key", &copied).send().await.refused(409, "passkey.known");
        assert_eq!(ben.get("/api/v1/auth/passkeys").send().await.expect(200)["items"], json!([]));
        let kinds = shop.kinds_about(&ana.id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "passkey.not_added").count(), 5);
    }
}
