//! A token from another device was stolen: its session ends, everywhere, and its owner is on record as the victim.

use stockade::features::auth;

use super::{Browser, CHROME, FIREFOX, FIREFOX_UPDATED};
use crate::{
    on_both,
    support::{
        database::{Database as Fresh, Kind, run},
        people::PASSWORD,
        shop::Shop,
    },
};

on_both! {
    /// Another device's id, or another browser where there is none: the thief is out, and so is whoever holds the rest.
    async fn a_stolen_token_ends_its_session(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        let bystander = firefox.signs_in(&shop, "ana@example.com").await;
        let other_id = Browser { agent: FIREFOX, cookie: Some("stockade-device=another".into()) };
        for thief in [other_id, Browser::new(CHROME), Browser::new("curl/8.5.0")] {
            let hers = firefox.signs_in(&shop, "ana@example.com").await;
            firefox.get(&shop, "/api/v1/auth/me", &hers).send().await.expect(200);
            thief.get(&shop, "/api/v1/auth/me", &hers).send().await.refused(401, "token.stolen");
            for browser in [&thief, &firefox] {
                browser.get(&shop, "/api/v1/auth/me", &hers).send().await.refused(401, "token.revoked");
            }
            shop.refresh(&hers.refresh).send().await.refused(401, "refresh.ended");
        }
        // Another sign-in of the same person is another family.
        firefox.get(&shop, "/api/v1/auth/me", &bystander).send().await.expect(200);
        let kinds = shop.kinds_about(&id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "session.stolen").count(), 3);
        shop.log_is_whole().await;
    }
}

on_both! {
    /// An update of the browser, an address that changes, and a browser that lost its cookies sign nobody out.
    async fn an_update_signs_nobody_out(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        let hers = firefox.signs_in(&shop, "ana@example.com").await;
        let without_cookie = Browser { cookie: None, ..firefox.clone() };
        let updated = Browser { agent: FIREFOX_UPDATED, ..firefox.clone() };
        let updated_without_cookie = Browser { agent: FIREFOX_UPDATED, cookie: None };
        for browser in [&firefox, &updated, &without_cookie, &updated_without_cookie] {
            browser.get(&shop, "/api/v1/auth/me", &hers).send().await.expect(200);
        }
    }
}

on_both! {
    /// Programs name their device in a header, which then counts.
    async fn programs_name_their_device(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let login = shop.login("ana@example.com", PASSWORD).header("x-device-id", "bot 7").send().await;
        assert!(!login.headers.contains_key("set-cookie"));
        let bot = crate::support::people::tokens(&login.expect(200));
        shop.me(&bot.access).header("x-device-id", "bot 7").send().await.expect(200);
        shop.me(&bot.access).header("x-device-id", "bot 8").send().await.refused(401, "token.stolen");
        shop.me(&bot.access).header("x-device-id", "bot 7").send().await.refused(401, "token.revoked");
    }
}

on_both! {
    /// Whoever stole the tokens of a device that names itself gains nothing by leaving its name out.
    async fn leaving_the_device_out_is_no_way_round_it(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let sign_in = async || {
            let login = shop.login("ana@example.com", PASSWORD).header("x-device-id", "bot 7");
            crate::support::people::tokens(&login.send().await.expect(200))
        };
        let bot = sign_in().await;
        shop.me(&bot.access).header("x-device-id", "bot 7").send().await.expect(200);
        shop.me(&bot.access).send().await.refused(401, "token.stolen");
        shop.me(&bot.access).header("x-device-id", "bot 7").send().await.refused(401, "token.revoked");
        let bot = sign_in().await;
        shop.refresh(&bot.refresh).send().await.refused(401, "token.stolen");
        shop.refresh(&bot.refresh).header("x-device-id", "bot 7").send().await.refused(401, "refresh.ended");
    }
}

on_both! {
    /// Signing keys of the session die with it: a thief who also holds one signs nothing.
    async fn the_sessions_keys_die_with_it(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let deposit = serde_json::json!({ "amount": "1.00", "currency": "USD" });
        ana.signed_post("/api/v1/cash/deposits", deposit.clone()).header("x-device-id", "another").send().await
            .refused(401, "token.stolen");
        ana.signed_post("/api/v1/cash/deposits", deposit).send().await.refused(401, "token.revoked");
        shop.books_agree().await;
    }
}

on_both! {
    /// A refresh token that nobody has used yet is worth nothing to a thief either.
    async fn a_stolen_refresh_token_ends_its_session(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        let hers = firefox.signs_in(&shop, "ana@example.com").await;
        let next = firefox.sends(shop.refresh(&hers.refresh)).send().await.expect(200);
        let next = crate::support::people::tokens(&next);
        Browser::new(CHROME).sends(shop.refresh(&next.refresh)).send().await.refused(401, "token.stolen");
        firefox.sends(shop.refresh(&next.refresh)).send().await.refused(401, "refresh.ended");
        firefox.get(&shop, "/api/v1/auth/me", &next).send().await.refused(401, "token.revoked");
        assert!(shop.kinds_about(&id).await.contains(&"session.stolen".to_owned()));
    }
}

async fn a_theft_is_known_everywhere(shop: &Shop, other: &Shop) {
    shop.join("ana@example.com", PASSWORD).await;
    let mut firefox = Browser::new(FIREFOX);
    let hers = firefox.signs_in(shop, "ana@example.com").await;
    for instance in [shop, other] {
        firefox
            .get(instance, "/api/v1/auth/me", &hers)
            .send()
            .await
            .expect(200);
    }
    let thief = Browser::new(CHROME);
    thief
        .get(other, "/api/v1/auth/me", &hers)
        .send()
        .await
        .refused(401, "token.stolen");
    for instance in [shop, other] {
        firefox
            .get(instance, "/api/v1/auth/me", &hers)
            .send()
            .await
            .refused(401, "token.revoked");
    }
}

/// Two instances on PostgreSQL and Redis, and on PostgreSQL alone.
#[test]
fn a_theft_on_one_instance_is_known_on_the_other() {
    run(Kind::Postgres, async |database: Fresh| {
        let shop = Shop::start_with_redis(database).await;
        let other = shop.second().await;
        auth::load_revocations(&shop.app).await.unwrap();
        a_theft_is_known_everywhere(&shop, &other).await;
    });
    run(Kind::Postgres, async |database: Fresh| {
        let shop = Shop::start(database).await;
        let other = shop.second().await;
        a_theft_is_known_everywhere(&shop, &other).await;
    });
}

on_both! {
    /// Two stolen requests at once: both are refused, one theft is on record.
    async fn two_thieves_are_one_theft(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        let hers = firefox.signs_in(&shop, "ana@example.com").await;
        let thief = Browser::new(CHROME);
        let ask = || thief.get(&shop, "/api/v1/auth/me", &hers).send();
        let (one, two) = tokio::join!(ask(), ask());
        assert_eq!((one.status.as_u16(), two.status.as_u16()), (401, 401));
        let kinds = shop.kinds_about(&id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "session.stolen").count(), 1);
    }
}
