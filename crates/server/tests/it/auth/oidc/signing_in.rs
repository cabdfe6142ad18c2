//! Signing in at a certified provider, through its own forms.

use serde_json::json;

use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        providers::RealProvider,
        shop::Shop,
        visitor::Visitor,
    },
};

const ANA: &str = "ana@example.com";

on_both! {
    /// Somebody new joins with one click, comes back to the same account, and has no password until they set one.
    async fn a_stranger_joins_through_a_provider(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &[]).await;
        let offered = shop.get("/api/v1/auth/oidc/providers").send().await.expect(200);
        assert_eq!(offered["items"], json!([{ "name": "acme", "start": "/api/v1/auth/oidc/acme/start" }]));
        let mut ana = Visitor::new(&shop);
        assert_eq!(ana.sign_in_at("acme", ANA).await, "/");
        assert!(ana.has("stockade-access") && ana.has("stockade-refresh") && !ana.has("stockade-oidc"));
        let me = ana.send(shop.get("/api/v1/auth/me")).await.expect(200);
        assert_eq!((text(&me["email"]), text(&me["name"]), text(&me["role"])), (ANA.into(), "ana".into(), "customer".into()));
        let mut elsewhere = Visitor::new(&shop);
        let end = elsewhere.sign_in_at("acme", ANA).await;
        assert_eq!(elsewhere.give_mailed_code(&end, ANA).await, "/");
        let links = ana.send(shop.get("/api/v1/auth/oidc/links")).await.expect(200);
        assert_eq!(links["items"][0]["provider"], "acme");
        assert!(links["items"][0]["last_used_at"].is_string());

        for guess in [PASSWORD, "", "!"] {
            shop.login(ANA, guess).send().await.refused(401, "sign_in.failed");
        }
        shop.post("/api/v1/auth/password/forgot").json(json!({ "email": ANA })).send().await.expect(202);
        let token = shop.mailed_token(ANA).await;
        let reset = json!({ "token": token, "password": PASSWORD });
        shop.post("/api/v1/auth/password/reset").json(reset).send().await.expect(200);
        shop.sign_in(ANA, PASSWORD).await;
        let kinds = shop.kinds_about(&text(&me["id"])).await;
        for (kind, times) in [("user.registered", 1), ("oidc.linked", 1), ("oidc.recognised", 2)] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), times, "{kind}: {kinds:?}");
        }
        shop.log_is_whole().await;
        shop.books_agree().await;
    }
}

on_both! {
    /// An address that both sides have confirmed is one person's; one that the provider does not vouch for is nobody's,
    /// and the answer does not tell whether there is an account.
    async fn only_a_verified_address_finds_an_account(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &[]).await;
        let id = shop.join(ANA, PASSWORD).await;
        let mut ana = Visitor::new(&shop);
        assert_eq!(ana.sign_in_at("acme", ANA).await, "/");
        let me = ana.send(shop.get("/api/v1/auth/me")).await.expect(200);
        assert_eq!(me["id"], id.as_str());
        shop.join("unverified-ben@example.com", PASSWORD).await;
        for login in ["unverified-ben@example.com", "unverified-nobody@example.com"] {
            let mut thief = Visitor::new(&shop);
            assert_eq!(thief.sign_in_at("acme", login).await, "/sign-in?error=oidc.not_linked");
            assert!(!thief.has("stockade-access"));
        }
        let kinds = shop.kinds_about(&id).await;
        assert!(kinds.iter().any(|kind| kind == "oidc.linked"), "{kinds:?}");
    }
}

on_both! {
    /// Where nobody may register, a provider makes no account either.
    async fn a_closed_door_stays_closed(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let closed = [("REGISTRATION__OPEN", "false")];
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &closed).await;
        let end = Visitor::new(&shop).sign_in_at("acme", ANA).await;
        assert_eq!(end, "/sign-in?error=registration.closed");
        let end = Visitor::new(&shop).leave_for("elsewhere").await;
        assert_eq!(end, "/sign-in?error=oidc.unknown_provider");
    }
}

on_both! {
    /// The provider's word stands for the password, never for the second factor; not even on a trusted device.
    async fn the_second_factor_is_asked_for(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &[]).await;
        let mut browser = Visitor::new(&shop);
        let ana = shop.customer("ana").await;
        let app = ana.enrol().await.app;
        let end = browser.sign_in_at("acme", ANA).await;
        let fragment = end.strip_prefix("/login/second-factor#").unwrap_or_else(|| panic!("{end}"));
        assert!(fragment.ends_with("&methods=totp,backup_code"), "{fragment}");
        assert!(!browser.has("stockade-access") && browser.has("stockade-device"));
        let challenge = fragment.strip_prefix("challenge=").and_then(|rest| rest.split('&').next()).unwrap();
        let finish = |code: &str| shop.second_factor(challenge, code).to("/api/v1/auth/login/2fa?session=cookie");
        // The challenge is of no use in another browser.
        let code = app.code(shop.now());
        let elsewhere = finish(&code).header("sec-fetch-site", "same-origin").header("x-device-id", "another");
        elsewhere.send().await.refused(401, "challenge.invalid");
        browser.send(finish("000000")).await.refused(401, "second_factor.wrong_code");
        browser.send(finish(&code)).await.expect(200);
        let me = browser.send(shop.get("/api/v1/auth/me")).await.expect(200);
        assert_eq!(me["id"], ana.id.as_str());
    }
}

on_both! {
    /// Whom a provider recognises is counted like whoever types a password: on the person, from wherever they come.
    async fn coming_back_counts_on_the_person(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let limits = ("RATE_LIMIT__SECOND_FACTOR", "address=300/minute account=3/minute");
        let settings = [limits, ("RATE_LIMIT__SCALE", "1")];
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &settings).await;
        shop.join(ANA, PASSWORD).await;
        for _ in 0..3 {
            let end = Visitor::new(&shop).sign_in_at("acme", ANA).await;
            assert!(!end.contains("error"), "{end}");
        }
        let mut fourth = Visitor::new(&shop);
        assert_eq!(fourth.sign_in_at("acme", ANA).await, "/sign-in?error=rate_limit.exceeded");
        assert!(!fourth.has("stockade-access"));
        // Somebody else is not held up, and neither is ana a minute later.
        assert!(!Visitor::new(&shop).sign_in_at("acme", "ben@example.com").await.contains("error"));
        shop.later(60);
        assert!(!Visitor::new(&shop).sign_in_at("acme", ANA).await.contains("error"));
    }
}

on_both! {
    /// An account that a right password would not open is not opened by a provider.
    async fn a_locked_account_stays_locked(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &[]).await;
        shop.join(ANA, PASSWORD).await;
        let mut browser = Visitor::new(&shop);
        for _ in 0..5 {
            shop.login(ANA, "a wrong password").send().await.refused(401, "sign_in.failed");
        }
        assert_eq!(browser.sign_in_at("acme", ANA).await, "/sign-in?error=sign_in.failed");
        assert!(!browser.has("stockade-access"));
    }
}
