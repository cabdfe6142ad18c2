//! Where a person is signed in, and ending it.

use serde_json::json;
use stockade::features::auth;

use super::{Browser, CHROME, FIREFOX, items};
use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

on_both! {
    /// This session first; each says device and times; one is ended, then all others.
    async fn sessions_are_listed_and_ended(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let (mut firefox, mut chrome) = (Browser::new(FIREFOX), Browser::new(CHROME));
        let here = firefox.signs_in(&shop, "ana@example.com").await;
        shop.later(60);
        let there = chrome.signs_in(&shop, "ana@example.com").await;
        let elsewhere = chrome.signs_in(&shop, "ana@example.com").await;
        let list = firefox.get(&shop, "/api/v1/sessions", &here).send().await.expect(200);
        let sessions = items(&list);
        assert_eq!(sessions.len(), 3);
        assert_eq!((&sessions[0]["current"], &sessions[0]["device"]), (&json!(true), &json!("Firefox on Linux")));
        assert_eq!((&sessions[1]["current"], &sessions[1]["device"]), (&json!(false), &json!("Chrome on Windows")));
        assert_eq!(sessions[1]["device_id"], sessions[2]["device_id"]);

        let path = format!("/api/v1/sessions/{}", text(&sessions[1]["id"]));
        let end = || firefox.sends(shop.delete(&path).bearer(&here.access)).send();
        end().await.expect(204);
        end().await.refused(404, "session.unknown");
        chrome.get(&shop, "/api/v1/auth/me", &elsewhere).send().await.refused(401, "token.revoked");
        shop.refresh(&elsewhere.refresh).send().await.refused(401, "refresh.ended");
        chrome.get(&shop, "/api/v1/auth/me", &there).send().await.expect(200);

        firefox.sends(shop.delete("/api/v1/sessions").bearer(&here.access)).send().await.expect(204);
        chrome.get(&shop, "/api/v1/auth/me", &there).send().await.refused(401, "token.revoked");
        let list = firefox.get(&shop, "/api/v1/sessions", &here).send().await.expect(200);
        assert_eq!(items(&list).len(), 1);
    }
}

on_both! {
    /// Another person's session is nobody's, and theirs live on.
    async fn another_persons_session_does_not_exist(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let eve = shop.customer("eve").await;
        let list = ana.get("/api/v1/sessions").send().await.expect(200);
        let path = format!("/api/v1/sessions/{}", text(&list["items"][0]["id"]));
        eve.delete(&path).send().await.refused(404, "session.unknown");
        eve.delete("/api/v1/sessions/1").send().await.refused(404, "session.unknown");
        eve.delete("/api/v1/sessions").send().await.expect(204);
        ana.get("/api/v1/auth/me").send().await.expect(200);
    }
}

on_both! {
    /// Requests note when a session was seen, a job writes it down.
    async fn last_sights_are_written_down(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let (mut firefox, mut chrome) = (Browser::new(FIREFOX), Browser::new(CHROME));
        let here = firefox.signs_in(&shop, "ana@example.com").await;
        let there = chrome.signs_in(&shop, "ana@example.com").await;
        shop.later(300);
        let seen = shop.now().to_string();
        chrome.get(&shop, "/api/v1/auth/me", &there).send().await.expect(200);
        assert_eq!(auth::write_last_seen(&shop.app).await.unwrap(), 1);
        assert_eq!(auth::write_last_seen(&shop.app).await.unwrap(), 0);
        shop.later(300);
        for path in ["/api/v1/sessions", "/api/v1/devices"] {
            let list = firefox.get(&shop, path, &here).send().await.expect(200);
            assert_eq!(list["items"][1]["last_seen_at"], json!(seen), "{path}");
        }
    }
}
