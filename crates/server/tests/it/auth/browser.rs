//! A browser's session: tokens in cookies that no script reads, and what a page of another site cannot do with them.

use axum::http::header;
use serde_json::json;

use crate::{
    on_both,
    support::{
        http::{Answer, Ask},
        people::{PASSWORD, text},
        shop::Shop,
    },
};

const ANA: &str = "ana@example.com";
const SECURE: [(&str, &str); 1] = [("SERVER__PUBLIC_URL", "https://stockade.example.com")];

/// The cookies an answer sets: name, value and the rest.
fn cookies(answer: &Answer) -> Vec<(String, String, String)> {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter();
    lines
        .map(|line| {
            let (pair, rest) = line.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), value.to_owned(), rest.to_owned())
        })
        .collect()
}

/// What a browser keeps.
struct Browser<'s> {
    shop: &'s Shop,
    kept: Vec<(String, String, String)>,
}

impl<'s> Browser<'s> {
    async fn sign_in(shop: &'s Shop) -> Self {
        shop.later(1);
        let login = Self::same_origin(shop.login(ANA, PASSWORD).to("/api/v1/auth/login?session=cookie"));
        let asked = login.clone().send().await;
        let device = cookies(&asked);
        let asked = asked.expect(200);
        let mut kept = device.clone();
        let mut body = asked.clone();
        if asked["status"] == "second_factor_required" {
            let code = shop.mailed_code(ANA).await;
            let ask = json!({ "challenge": asked["challenge"], "code": code });
            let browser = Self { shop, kept: device };
            let finish = browser.with_cookies(shop.post("/api/v1/auth/login/2fa?session=cookie"));
            let answer = Self::same_origin(finish.json(ask)).send().await;
            kept.retain(|(name, ..)| !cookies(&answer).iter().any(|(set, ..)| set == name));
            kept.extend(cookies(&answer));
            body = answer.expect(200);
        }
        assert!(body.get("access_token").is_none() && body.get("refresh_token").is_none());
        assert_eq!(body["token_type"], "cookie");
        Self { shop, kept }
    }

    fn same_origin(ask: Ask<'s>) -> Ask<'s> {
        ask.header("sec-fetch-site", "same-origin")
    }

    fn value(&self, name: &str) -> String {
        let found = self
            .kept
            .iter()
            .find(|(known, _, _)| known.trim_start_matches("__Host-") == name);
        found
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.kept))
            .1
            .clone()
    }

    /// With the cookies, as any page can make a browser send it.
    fn with_cookies(&self, ask: Ask<'s>) -> Ask<'s> {
        let pairs: Vec<_> = self
            .kept
            .iter()
            .map(|(name, value, _)| format!("{name}={value}"))
            .collect();
        ask.header("cookie", pairs.join("; "))
    }

    /// As a page of ours sends it.
    fn post(&self, path: &str) -> Ask<'s> {
        Self::same_origin(self.with_cookies(self.shop.post(path)))
            .header("x-csrf-token", self.value("stockade-csrf"))
    }
}

on_both! {
    /// The cookies are out of a script's reach and go to this host only; a request with them is the person's.
    async fn tokens_live_in_cookies(database: Database) {
        let shop = Shop::start_with(database, &SECURE).await;
        shop.join(ANA, PASSWORD).await;
        let browser = Browser::sign_in(&shop).await;
        for (name, _, rest) in &browser.kept {
            assert!(name.starts_with("__Host-"), "{name}");
            assert_eq!(rest.contains("HttpOnly"), name != "__Host-stockade-csrf", "{name}: {rest}");
            // The session lives a week unused; the device is known for as long as a browser keeps anything.
            let life = if name == "__Host-stockade-device" { "Max-Age=34560000" } else { "Max-Age=604800" };
            for part in ["Secure", "SameSite=Lax", "Path=/", life] {
                assert!(rest.contains(part), "{name}: {rest}");
            }
            assert!(!rest.contains("Domain"), "{rest}");
        }
        browser.with_cookies(shop.get("/api/v1/auth/me")).send().await.expect(200);
        browser.post("/api/v1/auth/session-key").send().await.expect(201);
        let answer = browser.post("/api/v1/auth/logout").send().await;
        assert!(cookies(&answer).iter().all(|(_, value, rest)| value.is_empty() && rest.contains("Max-Age=0")));
        answer.expect(204);
        browser.with_cookies(shop.get("/api/v1/auth/me")).send().await.refused(401, "token.revoked");
    }
}

on_both! {
    /// Whoever copies the session's cookies without the one that names the browser is a thief, however alike they look.
    async fn a_session_without_its_browser_is_stolen(database: Database) {
        let shop = Shop::start_with(database, &SECURE).await;
        shop.join(ANA, PASSWORD).await;
        let browser = Browser::sign_in(&shop).await;
        browser.with_cookies(shop.get("/api/v1/auth/me")).send().await.expect(200);
        let kept = browser.kept.iter().filter(|(name, ..)| !name.ends_with("stockade-device")).cloned().collect();
        let thief = Browser { shop: &shop, kept };
        thief.with_cookies(shop.get("/api/v1/auth/me")).send().await.refused(401, "token.stolen");
        browser.with_cookies(shop.get("/api/v1/auth/me")).send().await.refused(401, "token.revoked");
    }
}

on_both! {
    /// Whatever another site makes a browser send, it cannot add the token, nor say that it is us.
    async fn a_forged_request_is_refused(database: Database) {
        let shop = Shop::start_with(database, &SECURE).await;
        shop.join(ANA, PASSWORD).await;
        let (browser, other) = (Browser::sign_in(&shop).await, Browser::sign_in(&shop).await);
        let path = "/api/v1/auth/session-key";
        let bare = || browser.with_cookies(shop.post(path));
        bare().send().await.refused(403, "csrf.cross_site");
        bare().header("origin", "https://evil.example").send().await.refused(403, "csrf.cross_site");
        for site in ["cross-site", "same-site", "none"] {
            let forged = browser.post(path).header("sec-fetch-site", site);
            forged.send().await.refused(403, "csrf.cross_site");
        }
        Browser::same_origin(bare()).send().await.refused(403, "csrf.missing");
        browser.post(path).header("x-csrf-token", "guessed").send().await.refused(403, "csrf.invalid");
        // A token of another session, even planted as a cookie beside this one's.
        let foreign = other.value("stockade-csrf");
        browser.post(path).header("x-csrf-token", &foreign).send().await.refused(403, "csrf.invalid");
        let [access, device] = ["stockade-access", "stockade-device"]
            .map(|name| format!("__Host-{name}={}", browser.value(name)));
        let planted = format!("{access}; {device}; __Host-stockade-csrf={foreign}");
        browser.post(path).header("cookie", planted).header("x-csrf-token", &foreign).send().await
            .refused(403, "csrf.invalid");
        let by_origin = bare().header("origin", "https://stockade.example.com")
            .header("x-csrf-token", browser.value("stockade-csrf"));
        by_origin.send().await.expect(201);
        let login = shop.login(ANA, PASSWORD).to("/api/v1/auth/login?session=cookie");
        login.header("sec-fetch-site", "cross-site").send().await.refused(403, "csrf.cross_site");
    }
}

on_both! {
    /// A browser refreshes with its cookie and nothing in its hands; a bearer token beside cookies needs no CSRF token.
    async fn a_browser_refreshes_by_cookie(database: Database) {
        let shop = Shop::start(database).await;
        shop.join(ANA, PASSWORD).await;
        let browser = Browser::sign_in(&shop).await;
        assert!(browser.kept.iter().all(|(name, _, rest)| !name.starts_with("__Host-") && !rest.contains("Secure")));
        shop.later(900);
        browser.with_cookies(shop.get("/api/v1/auth/me")).send().await.refused(401, "token.expired");
        let forged = browser.with_cookies(shop.post("/api/v1/auth/refresh"));
        forged.send().await.refused(403, "csrf.cross_site");
        let answer = browser.post("/api/v1/auth/refresh").send().await;
        let mut kept = cookies(&answer);
        assert!(answer.expect(200).get("access_token").is_none());
        let of_device = |(name, ..): &&(String, String, String)| name == "stockade-device";
        kept.extend(browser.kept.iter().find(of_device).cloned());
        let browser = Browser { shop: &shop, kept };
        browser.with_cookies(shop.get("/api/v1/auth/me")).send().await.expect(200);
        let csrf = browser.with_cookies(shop.get("/api/v1/auth/csrf")).send().await.expect(200);
        let again = browser.kept.iter().map(|(name, value, rest)| match name.as_str() {
            "stockade-csrf" => (name.clone(), text(&csrf["token"]), rest.clone()),
            _ => (name.clone(), value.clone(), rest.clone()),
        });
        let browser = Browser { shop: &shop, kept: again.collect() };
        browser.post("/api/v1/auth/session-key").send().await.expect(201);

        let tokens = shop.sign_in(ANA, PASSWORD).await;
        // The program beside it is another device.
        let kept = browser.kept.iter().filter(|cookie| !of_device(cookie)).cloned().collect();
        let browser = Browser { shop: &shop, kept };
        let both = browser.with_cookies(shop.post("/api/v1/auth/logout")).bearer(&tokens.access);
        both.json(json!({})).send().await.expect(204);
    }
}
