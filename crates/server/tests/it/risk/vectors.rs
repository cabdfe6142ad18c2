//! Sign-ins from places, by MaxMind's test files, which are read where `STOCKADE_TEST_DATA` says.

mod attack;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::decisions;
use crate::{
    devices::FIREFOX,
    on_both,
    support::{
        authenticator::Authenticator,
        database::Database as Fresh,
        http::Ask,
        people::{PASSWORD, text},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";
/// A device's id as we give them out: 32 bytes.
const HER_DESK: &str = "aGVyIGRlc2sgaGVyIGRlc2sgaGVyIGRlc2sgaGVyIGQ";
const LONDON: &str = "81.2.69.142";
const MILTON: &str = "216.160.83.56";

/// A shop that knows places; none where the files are not at hand.
async fn shop(database: Fresh) -> Option<Shop> {
    shop_with(database, &[]).await
}

/// The same with settings.
async fn shop_with(database: Fresh, settings: &[(&str, &str)]) -> Option<Shop> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment says where the data lies"
    )]
    let folder = PathBuf::from(std::env::var_os("STOCKADE_TEST_DATA")?).join("geoip");
    let file = folder.join("GeoIP2-City-Test.mmdb");
    let places = ("GEO__CITY_DATABASE", file.to_str().expect("a path"));
    let settings: Vec<_> = settings.iter().copied().chain([places]).collect();
    Some(Shop::start_with(database, &settings).await)
}

/// A sign-in from a device at an address.
fn from<'s>(shop: &'s Shop, device: &str, address: &str) -> Ask<'s> {
    shop.later(1);
    shop.login(ANA, PASSWORD)
        .header("x-device-id", device)
        .header("user-agent", FIREFOX)
        .from(address)
}

/// A whole sign-in with a second factor; answers the session.
async fn proven(shop: &Shop, app: &Authenticator, device: &str, address: &str) -> Value {
    let begun = from(shop, device, address).send().await.expect(200);
    let ask = shop.second_factor(&text(&begun["challenge"]), &app.code(shop.now()));
    let ask = ask.header("x-device-id", device).header("user-agent", FIREFOX);
    let answer = ask.from(address).send().await.expect(200);
    shop.later(30);
    answer
}

/// A request of a session on her desk.
fn on_desk<'s>(ask: Ask<'s>, session: &str) -> Ask<'s> {
    ask.bearer(session)
        .header("x-device-id", HER_DESK)
        .header("user-agent", FIREFOX)
}

fn codes(answer: &Value) -> Vec<&str> {
    let reasons = answer["risk"]["reasons"].as_array().expect("reasons");
    reasons
        .iter()
        .map(|reason| reason["code"].as_str().unwrap())
        .collect()
}

on_both! {
    /// London, and an hour later a town on the other side of the world, from a device that nobody knows. The answer is
    /// that of a wrong password, the owner is told by mail, and nothing was learnt.
    async fn impossible_travel_is_refused_like_a_wrong_password(database: Database) {
        let Some(shop) = shop(database).await else { return };
        shop.join(ANA, PASSWORD).await;
        let first = from(&shop, HER_DESK, LONDON).send().await.expect(200);
        assert_eq!(first["risk"], json!({ "score": 0.0, "level": "low", "reasons": [] }));

        shop.later(3_600);
        let refused = from(&shop, "a thief's desk", MILTON).send().await.refused(401, "sign_in.failed");
        let wrong = shop.login("bob@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
        assert_eq!(refused["detail"], wrong["detail"]);
        let decided = decisions(&shop).await;
        assert_eq!(decided.last(), Some(&(1_000, "refuse".to_owned(), "refused".to_owned())));

        // What was refused taught nothing: she is at home in London as before, and he no better off.
        let home = from(&shop, HER_DESK, LONDON).send().await.expect(200);
        assert_eq!(home["risk"]["score"], 0.0);
        from(&shop, "a thief's desk", MILTON).send().await.refused(401, "sign_in.failed");
        shop.number_the_log().await;
        let mine = shop.get("/api/v1/audit/mine?limit=100").bearer(&text(&home["access_token"]))
            .header("x-device-id", HER_DESK).header("user-agent", FIREFOX).send().await.expect(200);
        let entry = mine["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "sign_in.refused");
        let risk = &entry.expect("the refusal on record")["details"]["risk"];
        assert_eq!(risk["terms"]["impossible_travel"], 800);
        assert_eq!(risk["terms"]["unknown_device"], 300);
        assert_eq!((&risk["score"], &risk["action"]), (&json!(1_000), &json!("refuse")));
        while stockade::features::notifications::follow_log(&shop.app).await.unwrap() > 0 {}
        let told = shop.mails_to(ANA).await;
        assert!(told.iter().any(|mail| mail.subject.contains("refused a sign-in")));
    }
}

on_both! {
    /// From a trusted device nothing more is asked, until the sign-in looks risky: then the second factor, and a code by
    /// mail besides.
    async fn a_risky_sign_in_asks_for_more_even_on_a_trusted_device(database: Database) {
        let Some(shop) = shop(database).await else { return };
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        // In the afternoon of both places.
        shop.later(8 * 3_600);
        let there = proven(&shop, &app, HER_DESK, LONDON).await;
        let session = text(&there["access_token"]);
        let list = on_desk(shop.get("/api/v1/devices"), &session).send().await.expect(200);
        let desk = list["items"].as_array().unwrap().iter().find(|device| device["current"] == true);
        let path = format!("/api/v1/devices/{}", text(&desk.expect(HER_DESK)["id"]));
        on_desk(shop.patch(&path), &session).json(json!({ "trusted": true })).send().await.expect(200);

        let trusted = from(&shop, HER_DESK, LONDON).send().await.expect(200);
        assert_eq!((trusted["token_type"].as_str(), &trusted["risk"]["score"]), (Some("bearer"), &json!(0.0)));
        let asked = from(&shop, HER_DESK, MILTON).send().await.expect(200);
        assert_eq!((&asked["status"], &asked["risk"]["level"]), (&json!("second_factor_required"), &json!("high")));
        assert!(asked["methods"].as_array().unwrap().contains(&json!("totp")));
        assert_eq!(codes(&asked), ["impossible_travel"]);
        let prove = |challenge: &Value, code: &str| {
            shop.second_factor(&text(challenge), code).header("x-device-id", HER_DESK).header("user-agent", FIREFOX)
                .from(MILTON)
        };
        shop.later(30);
        let then = prove(&asked["challenge"], &app.code(shop.now())).send().await.expect(200);
        assert_eq!((&then["status"], &then["methods"]), (&json!("second_factor_required"), &json!(["mailed_code"])));
        prove(&then["challenge"], "00000000").send().await.refused(401, "second_factor.wrong_code");
        let code = shop.mailed_code(ANA).await;
        let inside = prove(&then["challenge"], &code).send().await.expect(200);
        assert_eq!((&inside["token_type"], &inside["risk"]["score"]), (&json!("bearer"), &json!(0.8)));
        assert_eq!(shop.risk_of_newest_session().await, 800);
    }
}

on_both! {
    /// A stranger from afar who knows the password gets no further than the mailed code, and teaches nothing by trying.
    async fn what_was_not_confirmed_teaches_nothing(database: Database) {
        let Some(shop) = shop(database).await else { return };
        shop.join(ANA, PASSWORD).await;
        from(&shop, HER_DESK, LONDON).send().await.expect(200);
        shop.later(30 * 86_400 + 8 * 3_600);
        let profile = shop.profiles().await;
        for device in ["a thief's desk", "another one"] {
            let stranger = from(&shop, device, MILTON).send().await.expect(200);
            assert_eq!(stranger["methods"], json!(["mailed_code"]));
            assert_eq!(codes(&stranger), ["new_location", "unknown_device"]);
            let ask = shop.second_factor(&text(&stranger["challenge"]), "12345678");
            ask.header("x-device-id", device).header("user-agent", FIREFOX).send().await
                .refused(401, "second_factor.wrong_code");
            shop.later(900);
        }
        from(&shop, "a third", MILTON).json(json!({ "email": ANA, "password": "a wrong password" })).send().await
            .refused(401, "sign_in.failed");
        assert_eq!(shop.profiles().await, profile);
        shop.later(900);
        // Her own sign-in from there, with the code of the mail, is learnt from at once.
        let login = from(&shop, "her laptop", MILTON);
        let asked = login.clone().send().await.expect(200);
        shop.with_mailed_code(login, asked).await;
        let again = from(&shop, "her laptop", MILTON).send().await.expect(200);
        assert_eq!(again["risk"]["score"], 0.0);
    }
}
