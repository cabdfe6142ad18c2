//! Recognising devices at a sign-in.

use serde_json::{Value, json};
use stockade::features::devices;

use super::{Browser, CHROME, FIREFOX, FIREFOX_UPDATED, items};
use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

fn desk() -> Value {
    json!({ "screen": "2560x1440x24", "timezone": "Europe/Oslo", "languages": ["nb", "en"], "platform": "Linux x86_64",
        "plugins": ["PDF Viewer"] })
}

/// The details of the newest entry of a kind about a person.
async fn newest(
    shop: &Shop,
    browser: &Browser,
    tokens: &crate::support::people::Tokens,
    kind: &str,
) -> Value {
    shop.number_the_log().await;
    let mine = browser
        .get(shop, "/api/v1/audit/mine?limit=200", tokens)
        .send()
        .await
        .expect(200);
    let found = items(&mine).iter().find(|entry| entry["kind"] == kind).cloned();
    found.unwrap_or_else(|| panic!("no {kind} in {mine}"))["details"].clone()
}

on_both! {
    /// A browser is new once and known from then on, by its cookie, through updates; another browser is another device.
    async fn a_browser_is_known_again(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        let tokens = firefox.signs_in_saying(&shop, "ana@example.com", desk()).await;
        let first = newest(&shop, &firefox, &tokens, "sign_in.succeeded").await["device"].clone();
        assert_eq!((&first["status"], &first["changed"]), (&json!("new"), &json!([])));
        assert_eq!(newest(&shop, &firefox, &tokens, "device.added").await["name"], "Firefox on Linux");

        firefox.agent = FIREFOX_UPDATED;
        let cookie = firefox.cookie.clone();
        let tokens = firefox.signs_in_saying(&shop, "ana@example.com", desk()).await;
        let again = newest(&shop, &firefox, &tokens, "sign_in.succeeded").await["device"].clone();
        assert_eq!(again, json!({ "id": first["id"], "status": "known", "changed": [], "compromised": false }));
        assert_eq!(firefox.cookie, cookie);

        let mut chrome = Browser::new(CHROME);
        let tokens = chrome.signs_in(&shop, "ana@example.com").await;
        let other = newest(&shop, &chrome, &tokens, "sign_in.succeeded").await["device"].clone();
        assert_eq!(other["status"], "new");
        assert_ne!(other["id"], first["id"]);
        let list = chrome.get(&shop, "/api/v1/devices", &tokens).send().await.expect(200);
        assert_eq!(items(&list).len(), 2);
        shop.log_is_whole().await;
    }
}

on_both! {
    /// What changed is named, and what a device does not say is no change.
    async fn changes_are_named(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        firefox.signs_in_saying(&shop, "ana@example.com", desk()).await;
        let tokens = firefox.signs_in(&shop, "ana@example.com").await;
        assert_eq!(newest(&shop, &firefox, &tokens, "sign_in.succeeded").await["device"]["changed"], json!([]));
        let mut moved = desk();
        moved["screen"] = json!("1920x1080x24");
        moved["timezone"] = json!("Asia/Tokyo");
        let tokens = firefox.signs_in_saying(&shop, "ana@example.com", moved).await;
        let changed = json!(["resolution", "timezone"]);
        assert_eq!(newest(&shop, &firefox, &tokens, "sign_in.succeeded").await["device"]["changed"], changed);
        assert_eq!(newest(&shop, &firefox, &tokens, "device.changed").await["changed"], changed);
    }
}

on_both! {
    /// A copied cookie on another operating system is told, and what is known of the true device stays.
    async fn a_copied_cookie_is_told(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        firefox.signs_in_saying(&shop, "ana@example.com", desk()).await;
        let mut thief = Browser { agent: CHROME, cookie: firefox.cookie.clone() };
        let tokens = thief.signs_in(&shop, "ana@example.com").await;
        let met = newest(&shop, &thief, &tokens, "sign_in.succeeded").await["device"].clone();
        assert_eq!((&met["compromised"], &met["changed"]), (&json!(true), &json!(["browser", "os"])));
        assert!(shop.kinds_about(&id).await.contains(&"device.compromised".to_owned()));
        let tokens = firefox.signs_in_saying(&shop, "ana@example.com", desk()).await;
        let met = newest(&shop, &firefox, &tokens, "sign_in.succeeded").await["device"].clone();
        assert_eq!((&met["compromised"], &met["changed"]), (&json!(false), &json!([])));
    }
}

on_both! {
    /// The cookie is out of scripts' reach, lives 400 days, and on https belongs to this host alone.
    async fn the_cookie_is_a_safe_one(database: Database) {
        use crate::support::database::Database as Fresh;
        let kind = database.kind;
        let plain = Shop::start(database).await;
        let https = Shop::start_with(Fresh::fresh(kind).await, &[("SERVER__PUBLIC_URL", "https://stockade.example.com")]).await;
        for (shop, name, end) in [(&plain, "stockade-device", "SameSite=Lax"), (&https, "__Host-stockade-device", "SameSite=Lax; Secure")] {
            shop.join("ana@example.com", PASSWORD).await;
            let answer = shop.login("ana@example.com", PASSWORD).send().await;
            let set = answer.headers["set-cookie"].to_str().unwrap();
            let (pair, rest) = set.split_once("; ").unwrap();
            assert_eq!(rest, format!("Path=/; Max-Age=34560000; HttpOnly; {end}"));
            assert_eq!(pair.strip_prefix(&format!("{name}=")).unwrap().len(), 43);
        }
        // A neighbour's page could plant the name without the prefix; on https it is not read.
        let planted = https.login("ana@example.com", PASSWORD).header("cookie", "stockade-device=planted");
        assert!(!planted.send().await.headers["set-cookie"].to_str().unwrap().contains("planted"));
    }
}

on_both! {
    /// After 90 days without a sight a device is gone, on record, and what is left of it is nobody else's.
    async fn unused_devices_expire(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let (mut firefox, mut chrome) = (Browser::new(FIREFOX), Browser::new(CHROME));
        firefox.signs_in(&shop, "ana@example.com").await;
        shop.later(60 * 86_400);
        chrome.signs_in(&shop, "ana@example.com").await;
        assert_eq!(devices::expire(&shop.app).await.unwrap(), 0);
        shop.later(30 * 86_400 + 1);
        assert_eq!(devices::expire(&shop.app).await.unwrap(), 1);
        assert_eq!(devices::expire(&shop.app).await.unwrap(), 0);
        let tokens = chrome.signs_in(&shop, "ana@example.com").await;
        let list = chrome.get(&shop, "/api/v1/devices", &tokens).send().await.expect(200);
        assert_eq!((items(&list).len(), &list["items"][0]["name"]), (1, &json!("Chrome on Windows")));
        assert_eq!(shop.kinds_about(&id).await.iter().filter(|kind| *kind == "device.expired").count(), 1);
    }
}

on_both! {
    /// What is personal about a device lies sealed, and goes with its owner.
    async fn devices_lie_sealed(database: Database) {
        use stockade::core::{actor::Actor, change::Change, event::AuditEvent};
        use stockade_platform::db::{DbResult, Reader, sql};
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let mut firefox = Browser::new(FIREFOX);
        firefox.signs_in_saying(&shop, "ana@example.com", desk()).await;
        let sealed = async || -> Vec<Vec<u8>> {
            shop.app.read(async |reader: &mut Reader| -> DbResult<_> {
                sql("SELECT sealed FROM devices").all(reader).await
            }).await.unwrap()
        };
        let stored = sealed().await;
        assert_eq!(stored.len(), 1);
        for word in ["Firefox", "Oslo", "2560"] {
            assert!(!String::from_utf8_lossy(&stored[0]).contains(word));
        }
        let user = id.parse().unwrap();
        shop.app.change(Actor::program("story"), async move |change: &mut Change<'_>| {
            devices::forget(change, user)?;
            change.commit(AuditEvent::done("story.told"), ())
        }).await.unwrap();
        assert!(sealed().await.is_empty());
    }
}

on_both! {
    /// A program that keeps no cookies is a new device each time; the table does not grow without end.
    async fn devices_are_few(database: Database) {
        use stockade_platform::db::{DbResult, Reader, sql};
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        for _ in 0..103 {
            // Half an hour apart, so that the code of each gets through the limit on mails.
            shop.later(1_800);
            shop.sign_in("ana@example.com", PASSWORD).await;
        }
        let count: i64 = shop.app.read(async |reader: &mut Reader| -> DbResult<_> {
            sql("SELECT COUNT(*) FROM devices").one(reader).await
        }).await.unwrap();
        assert_eq!(count, 100);
    }
}
