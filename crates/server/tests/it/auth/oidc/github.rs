//! Signing in with GitHub, whose dialect has no ID tokens.

use crate::{
    on_both,
    support::{
        people::text,
        providers::GitHub,
        shop::Shop,
        visitor::{Visitor, parameter},
    },
};

const BACK: &str = "/api/v1/auth/oidc/github/callback";

async fn come_back(browser: &mut Visitor<'_>, code: &str) -> String {
    let there = browser.leave_for("github").await;
    assert!(there.contains("/login/oauth/authorize?"), "{there}");
    assert_eq!(parameter(&there, "scope"), "read:user user:email");
    assert_eq!(parameter(&there, "code_challenge_method"), "S256");
    let state = parameter(&there, "state");
    browser.open(&format!("{BACK}?code={code}&state={state}")).await
}

on_both! {
    /// The primary address counts if it is verified; the account stays the same when the address changes.
    async fn the_primary_verified_address_counts(database: Database) {
        let github = GitHub::start().await;
        let shop = Shop::with_providers(database, &[("github", &github.issuer)], &[]).await;
        let mut browser = Visitor::new(&shop);
        github.has(&[("other@example.com", false, true), ("ana@example.com", true, false)]);
        assert_eq!(come_back(&mut browser, "good").await, "/sign-in?error=oidc.not_linked");
        assert_eq!(come_back(&mut browser, "bad").await, "/sign-in?error=oidc.not_verified");
        github.has(&[("other@example.com", false, false), ("Ana@example.com", true, true)]);
        assert_eq!(come_back(&mut browser, "good").await, "/");
        let me = browser.send(shop.get("/api/v1/auth/me")).await.expect(200);
        assert_eq!(text(&me["email"]), "ana@example.com");
        github.has(&[("new@example.com", true, true)]);
        let mut again = Visitor::new(&shop);
        let end = come_back(&mut again, "good").await;
        again.give_mailed_code(&end, "ana@example.com").await;
        assert_eq!(again.send(shop.get("/api/v1/auth/me")).await.expect(200)["id"], me["id"]);
    }
}
