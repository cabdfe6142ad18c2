//! Somebody with full rights on the database and no keys changes what is sealed: secrets that sign and what is known of
//! devices. Nothing opens, whoever it concerns is told so clearly, and it is on record as what it is.

use serde_json::{Value, json};

use crate::{
    audit::attacker::Attacker,
    on_both,
    support::{
        http::Answer,
        people::{Customer, PASSWORD},
        shop::Shop,
    },
};

/// The answer says that something was changed from outside, and so does the log.
async fn is_noticed(shop: &Shop, answer: Answer, of: &Customer<'_>, table: &str, column: &str) {
    answer.refused(500, "vault.tampered");
    let kinds = shop.kinds_about(&of.id).await;
    assert!(kinds.iter().any(|kind| kind == "vault.tampered"), "{kinds:?}");
    let mine = of.get("/api/v1/audit/mine?limit=100").send().await.expect(200);
    let entries: &Vec<Value> = mine["items"].as_array().unwrap();
    let entry = entries
        .iter()
        .find(|entry| entry["kind"] == "vault.tampered")
        .unwrap();
    assert_eq!(entry["outcome"], "failure");
    assert_eq!(entry["details"], json!({ "table": table, "column": column }));
}

on_both! {
    /// One's signing secret under another's key id signs nothing for either.
    async fn signing_secrets_do_not_move(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        let attacker = Attacker::at(shop.location()).await;
        let id = |person: &Customer<'_>| attacker.uuid(person.key.id.parse().unwrap());
        let (hers, evil) = (id(&ana), id(&eve));
        attacker.run(&format!(
            "UPDATE signing_keys SET sealed_secret = (SELECT sealed_secret FROM signing_keys WHERE id = {evil}) WHERE id = {hers}"
        )).await.unwrap();
        let deposit = json!({ "amount": "1.00", "currency": "USD" });
        let ask = ana.post("/api/v1/cash/deposits").json(deposit.clone());
        let answer = ask.signed(&ana.key).send().await;
        is_noticed(&shop, answer, &ana, "signing_keys", "sealed_secret").await;
        eve.signed_post("/api/v1/cash/deposits", deposit).send().await.expect(201);
    }
}

on_both! {
    /// A device's details cut short, or another's: neither its list nor a sign-in from it shows anything of them.
    async fn device_details_do_not_move(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        let list = ana.get("/api/v1/devices").send().await.expect(200);
        let device = list["items"][0]["id"].as_str().unwrap().to_owned();
        let attacker = Attacker::at(shop.location()).await;
        let [hers, evil] = [&ana, &eve].map(|person| attacker.uuid(person.id.parse().unwrap()));
        attacker.run(&format!(
            "UPDATE devices SET sealed = (SELECT sealed FROM devices WHERE user_id = {evil}) WHERE user_id = {hers}"
        )).await.unwrap();
        is_noticed(&shop, ana.get("/api/v1/devices").send().await, &ana, "devices", "sealed").await;
        ana.get("/api/v1/sessions").send().await.refused(500, "vault.tampered");
        let rename = ana.patch(&format!("/api/v1/devices/{device}")).json(json!({ "name": "mine" }));
        rename.send().await.refused(500, "vault.tampered");
        attacker.run(&format!("UPDATE devices SET sealed = substr(sealed, 1, 0) WHERE user_id = {hers}")).await.unwrap();
        ana.get("/api/v1/devices").send().await.refused(500, "vault.tampered");
        // Whoever does not come from that device is not concerned.
        shop.sign_in(&ana.email, PASSWORD).await;
        eve.get("/api/v1/devices").send().await.expect(200);
    }
}

on_both! {
    /// An authenticator app's secret swapped for the attacker's own: their codes open nothing.
    async fn an_authenticator_secret_does_not_move(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        ana.enrol().await;
        let evil_app = eve.enrol().await.app;
        let attacker = Attacker::at(shop.location()).await;
        let [hers, evil] = [&ana, &eve].map(|person| attacker.uuid(person.id.parse().unwrap()));
        attacker.run(&format!(
            "UPDATE totp_secrets SET last_step = 0, sealed_secret =
                 (SELECT sealed_secret FROM totp_secrets WHERE user_id = {evil}) WHERE user_id = {hers}"
        )).await.unwrap();
        let challenge = shop.challenge(&ana.email).await;
        let answer = shop.second_factor(&challenge, &evil_app.code(shop.now())).send().await;
        is_noticed(&shop, answer, &ana, "totp_secrets", "sealed_secret").await;
    }
}

on_both! {
    /// The attacker's own passkey in the place of hers, with her as its owner: it signs nobody in.
    async fn a_passkey_does_not_move(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        let hers = ana.add_passkey("my phone").await;
        let mut evil = eve.add_passkey("my phone").await;
        let attacker = Attacker::at(shop.location()).await;
        let [her_id, evil_id] = [&ana, &eve].map(|person| attacker.uuid(person.id.parse().unwrap()));
        attacker.run(&format!(
            "UPDATE passkeys SET sealed = (SELECT sealed FROM passkeys WHERE user_id = {evil_id}) WHERE user_id = {her_id}"
        )).await.unwrap();
        evil.device.handle.clone_from(&hers.device.handle);
        evil.device.credential_id.clone_from(&hers.device.credential_id);
        let begun = shop.passkey_challenge().await;
        let credential = evil.device.sign(&begun["options"]);
        let answer = shop.passkey_login(&begun, &credential).send().await;
        is_noticed(&shop, answer, &ana, "passkeys", "sealed").await;
        ana.get("/api/v1/auth/passkeys").send().await.refused(500, "vault.tampered");
    }
}
