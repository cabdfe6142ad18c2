//! A person's own list of devices.

use serde_json::json;

use super::{Browser, CHROME, FIREFOX, items};
use crate::{
    on_both,
    support::{
        people::{PASSWORD, text, tokens},
        shop::Shop,
    },
};

on_both! {
    /// The list says which device asks; names are the owner's; a revoked device is out, with its sessions.
    async fn a_device_is_named_and_revoked(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let (mut firefox, mut chrome) = (Browser::new(FIREFOX), Browser::new(CHROME));
        let here = firefox.signs_in(&shop, "ana@example.com").await;
        shop.later(60);
        let there = chrome.signs_in(&shop, "ana@example.com").await;
        let list = firefox.get(&shop, "/api/v1/devices", &here).send().await.expect(200);
        let [mine, other] = items(&list).as_slice() else { panic!("{list}") };
        assert_eq!((&mine["name"], &mine["current"], &mine["trusted"]), (&json!("Firefox on Linux"), &json!(true), &json!(false)));
        assert_eq!((&other["name"], &other["browser"], &other["os"]), (&json!("Chrome on Windows"), &json!("Chrome"), &json!("Windows")));

        let path = format!("/api/v1/devices/{}", text(&other["id"]));
        let patch = |body| firefox.sends(shop.patch(&path).bearer(&here.access)).json(body).send();
        assert_eq!(patch(json!({ "name": " the office " })).await.expect(200)["name"], "the office");
        patch(json!({ "name": "" })).await.refused(422, "device.invalid_name");
        patch(json!({ "name": "x".repeat(101) })).await.refused(422, "device.invalid_name");
        patch(json!({})).await.refused(422, "device.nothing_to_change");
        patch(json!({ "owner": "eve" })).await.refused(422, "request.invalid");

        chrome.get(&shop, "/api/v1/auth/me", &there).send().await.expect(200);
        let revoke = || firefox.sends(shop.delete(&path).bearer(&here.access)).send();
        revoke().await.expect(204);
        revoke().await.refused(404, "device.unknown");
        chrome.get(&shop, "/api/v1/auth/me", &there).send().await.refused(401, "token.revoked");
        firefox.get(&shop, "/api/v1/auth/me", &here).send().await.expect(200);
        // Its cookie is that of an unknown device now.
        chrome.signs_in(&shop, "ana@example.com").await;
        let kinds = shop.kinds_about(&id).await;
        for kind in ["device.renamed", "device.revoked", "session.revoked"] {
            assert!(kinds.contains(&kind.to_owned()), "{kind} in {kinds:?}");
        }
        assert_eq!(kinds.iter().filter(|kind| *kind == "device.added").count(), 3);
    }
}

on_both! {
    /// Somebody who knows the password alone cannot make their device a trusted one; a second factor or a step-up can.
    async fn trust_takes_more_than_a_password(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let mut firefox = Browser::new(FIREFOX);
        let here = firefox.signs_in(&shop, &ana.email).await;
        let list = firefox.get(&shop, "/api/v1/devices", &here).send().await.expect(200);
        let path = format!("/api/v1/devices/{}", text(&list["items"][0]["id"]));
        let patch = |trusted: bool| {
            firefox.sends(shop.patch(&path).bearer(&ana.tokens.access)).without("cookie").without("user-agent")
                .json(json!({ "trusted": trusted }))
        };
        patch(true).send().await.refused(403, "step_up.required");
        assert_eq!(patch(false).send().await.expect(200)["trusted"], false);
        let proven = shop.stepped_up(&ana.tokens, patch(true)).await;
        assert_eq!(proven.clone().send().await.expect(200)["trusted"], true);
        proven.send().await.refused(403, "step_up.required");
        assert!(shop.kinds_about(&ana.id).await.contains(&"device.trusted".to_owned()));

        // With the second factor on, the trusted device is let off it; a copy of its cookie on another system is not.
        let app = ana.enrol().await.app;
        firefox.signs_in(&shop, &ana.email).await;
        shop.challenge(&ana.email).await;
        let thief = Browser { agent: CHROME, cookie: firefox.cookie.clone() };
        let ask = json!({ "email": ana.email, "password": PASSWORD });
        let asked = thief.sends(shop.post("/api/v1/auth/login").json(ask)).send().await.expect(200);
        assert_eq!(asked["status"], "second_factor_required");

        // A session opened with the second factor may trust without further ado.
        let strong = tokens(&shop.sign_in_with(&ana.email, &app).await);
        let list = shop.get("/api/v1/devices").bearer(&strong.access).send().await.expect(200);
        let mine = format!("/api/v1/devices/{}", text(&list["items"][0]["id"]));
        let trust = shop.patch(&mine).bearer(&strong.access).json(json!({ "trusted": true }));
        assert_eq!(trust.send().await.expect(200)["trusted"], true);
    }
}

on_both! {
    /// A device that named itself could be named by anybody, so it is not trusted.
    async fn a_guessable_id_is_not_trusted(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        let challenge = shop.login(&ana.email, PASSWORD).header("x-device-id", "phone").send().await.expect(200);
        let answer = shop.second_factor(&text(&challenge["challenge"]), &app.code(shop.now()))
            .header("x-device-id", "phone").send().await.expect(200);
        let access = text(&answer["access_token"]);
        let list = shop.get("/api/v1/devices").bearer(&access).header("x-device-id", "phone").send().await.expect(200);
        let mine = format!("/api/v1/devices/{}", text(&list["items"][0]["id"]));
        let trust = shop.patch(&mine).bearer(&access).header("x-device-id", "phone").json(json!({ "trusted": true }));
        trust.send().await.refused(409, "device.weak_id");
    }
}

on_both! {
    /// Another person's device is nobody's.
    async fn another_persons_device_does_not_exist(database: Database) {
        let shop = Shop::start(database).await;
        for email in ["ana@example.com", "eve@example.com"] {
            shop.join(email, PASSWORD).await;
        }
        let (mut hers, mut evil) = (Browser::new(FIREFOX), Browser::new(CHROME));
        let ana = hers.signs_in(&shop, "ana@example.com").await;
        let eve = evil.signs_in(&shop, "eve@example.com").await;
        let list = hers.get(&shop, "/api/v1/devices", &ana).send().await.expect(200);
        let path = format!("/api/v1/devices/{}", text(&list["items"][0]["id"]));
        evil.sends(shop.delete(&path).bearer(&eve.access)).send().await.refused(404, "device.unknown");
        let rename = evil.sends(shop.patch(&path).bearer(&eve.access)).json(json!({ "name": "mine" }));
        rename.send().await.refused(404, "device.unknown");
        evil.sends(shop.delete("/api/v1/devices/1").bearer(&eve.access)).send().await.refused(404, "device.unknown");
        let list = evil.get(&shop, "/api/v1/devices", &eve).send().await.expect(200);
        assert_eq!(items(&list).len(), 1);
        hers.get(&shop, "/api/v1/auth/me", &ana).send().await.expect(200);
    }
}

on_both! {
    /// One browser, two people: each has a device of their own, and neither sees the other's.
    async fn people_may_share_a_browser(database: Database) {
        let shop = Shop::start(database).await;
        let mut firefox = Browser::new(FIREFOX);
        let mut ids = Vec::new();
        for email in ["ana@example.com", "ben@example.com"] {
            shop.join(email, PASSWORD).await;
            let tokens = firefox.signs_in(&shop, email).await;
            let list = firefox.get(&shop, "/api/v1/devices", &tokens).send().await.expect(200);
            assert_eq!(items(&list).len(), 1);
            ids.push(text(&list["items"][0]["id"]));
        }
        assert_ne!(ids[0], ids[1]);
    }
}
