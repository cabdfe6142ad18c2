//! Sign-ins and their risk, without any file of places.

use serde_json::json;

use super::decisions;
use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";

on_both! {
    /// The first device is the one on which the address was confirmed. Any other takes a code by mail, which is good
    /// once, on that device, for ten minutes, and five times tried.
    async fn a_new_device_takes_a_mailed_code(database: Database) {
        let shop = Shop::start(database).await;
        shop.join(ANA, PASSWORD).await;
        let on = |device: &str| {
            shop.later(1);
            shop.login(ANA, PASSWORD).header("x-device-id", device)
        };
        let first = on("desk").send().await.expect(200);
        assert_eq!((&first["token_type"], &first["risk"]["level"]), (&json!("bearer"), &json!("low")));
        on("desk").send().await.expect(200)["access_token"].as_str().expect("no more is asked on it");

        let asked = on("phone").send().await.expect(200);
        assert_eq!((&asked["status"], &asked["methods"]), (&json!("second_factor_required"), &json!(["mailed_code"])));
        let reason = json!({ "code": "unknown_device", "weight": 0.3, "detail": "from a device that is not known" });
        assert_eq!(asked["risk"], json!({ "score": 0.3, "level": "low", "reasons": [reason] }));
        let code = shop.mailed_code(ANA).await;
        let challenge = text(&asked["challenge"]);
        let finish = |device: &str, code: &str| {
            shop.second_factor(&challenge, code).header("x-device-id", device).send()
        };
        finish("another phone", &code).await.refused(401, "challenge.invalid");
        let other = text(&on("tablet").send().await.expect(200)["challenge"]);
        shop.second_factor(&other, &code).header("x-device-id", "tablet").send().await
            .refused(401, "second_factor.wrong_code");
        let inside = finish("phone", &code).await.expect(200);
        let me = shop.me(&text(&inside["access_token"])).header("x-device-id", "phone");
        me.send().await.expect(200);
        finish("phone", &code).await.refused(401, "challenge.invalid");
        on("phone").send().await.expect(200)["access_token"].as_str().expect("it is known now");

        let late = text(&on("watch").send().await.expect(200)["challenge"]);
        let code = shop.mailed_code(ANA).await;
        shop.later(600);
        shop.second_factor(&late, &code).header("x-device-id", "watch").send().await.refused(401, "challenge.invalid");
        let guessed = text(&on("watch").send().await.expect(200)["challenge"]);
        let code = shop.mailed_code(ANA).await;
        for _ in 0..5 {
            shop.second_factor(&guessed, "00000000").header("x-device-id", "watch").send().await
                .refused(401, "second_factor.wrong_code");
        }
        shop.second_factor(&guessed, &code).header("x-device-id", "watch").send().await
            .refused(401, "second_factor.wrong_code");
        shop.log_is_whole().await;
    }
}

on_both! {
    /// Failures of whoever count for a quarter of an hour, until a sign-in has come through; they never keep its owner
    /// off a device that they know.
    async fn failures_of_strangers_count_and_keep_nobody_out(database: Database) {
        let shop = Shop::start(database).await;
        shop.join(ANA, PASSWORD).await;
        let on = |device: &str, password: &str| {
            shop.later(1);
            shop.login(ANA, password).header("x-device-id", device)
        };
        on("desk", PASSWORD).send().await.expect(200);
        for _ in 0..4 {
            on("a thief's", "a wrong password").send().await.refused(401, "sign_in.failed");
        }
        let right = on("a thief's", PASSWORD).send().await.expect(200);
        assert_eq!((&right["methods"], &right["risk"]["score"]), (&json!(["mailed_code"]), &json!(0.7)));
        let again = on("a thief's", PASSWORD).send().await.expect(200);
        assert_eq!(again["risk"]["score"], 0.7, "the right password does not make up for the wrong ones");
        let home = on("desk", PASSWORD).send().await.expect(200);
        assert_eq!((&home["token_type"], &home["risk"]["score"]), (&json!("bearer"), &json!(0.4)));
        assert_eq!(decisions(&shop).await.last().unwrap().0, 400);
        shop.later(900);
        assert_eq!(on("desk", PASSWORD).send().await.expect(200)["risk"]["score"], 0.0);
    }
}

on_both! {
    /// Nobody fills a mailbox with codes.
    async fn codes_are_few(database: Database) {
        let shop = Shop::start(database).await;
        shop.join(ANA, PASSWORD).await;
        shop.login(ANA, PASSWORD).send().await.expect(200);
        for _ in 0..10 {
            shop.login(ANA, PASSWORD).send().await.expect(200);
        }
        shop.login(ANA, PASSWORD).send().await.refused(429, "sign_in.too_many_codes");
        shop.later(600);
        shop.login(ANA, PASSWORD).send().await.expect(200);
    }
}
