//! Linking an account elsewhere to one's own from the security page, and taking the link away.

use serde_json::json;

use crate::{
    on_both,
    support::{people::text, providers::RealProvider, shop::Shop, visitor::Visitor},
};

const LINK: &str = "/api/v1/auth/oidc/links/acme";

on_both! {
    /// Another address at the provider signs in once its owner has linked it, under step-up, and no longer once they
    /// took the link away.
    async fn a_link_is_made_and_taken_away_by_its_owner(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &[]).await;
        let mut browser = Visitor::new(&shop);
        let ana = shop.customer("ana").await;
        let login = "unverified-private@example.com";
        assert_eq!(Visitor::new(&shop).sign_in_at("acme", login).await, "/sign-in?error=oidc.not_linked");

        ana.post(LINK).send().await.refused(403, "step_up.required");
        let ask = shop.stepped_up(&ana.tokens, ana.post(LINK)).await;
        let url = text(&browser.send(ask).await.expect(200)["url"]);
        let back = browser.sign_in_there(&url, login).await;
        assert_eq!(browser.open(&back).await, "/security?linked=acme");
        assert!(!browser.has("stockade-access"), "a link signs nobody in");
        let mut elsewhere = Visitor::new(&shop);
        let end = elsewhere.sign_in_at("acme", login).await;
        elsewhere.give_mailed_code(&end, &ana.email).await;

        // One account of a provider a person, and one person an account.
        let ask = shop.stepped_up(&ana.tokens, ana.post(LINK)).await;
        let url = text(&browser.send(ask).await.expect(200)["url"]);
        let back = Visitor::sign_in_there(&mut Visitor::new(&shop), &url, "unverified-other@example.com").await;
        assert_eq!(browser.open(&back).await, "/security?error=oidc.already_linked");
        let ben = shop.customer("ben").await;
        let mut bens = Visitor::new(&shop);
        let ask = shop.stepped_up(&ben.tokens, ben.post(LINK)).await;
        let url = text(&bens.send(ask).await.expect(200)["url"]);
        let back = bens.sign_in_there(&url, login).await;
        assert_eq!(bens.open(&back).await, "/security?error=oidc.linked_elsewhere");

        ana.delete(LINK).send().await.refused(403, "step_up.required");
        let ask = shop.stepped_up(&ana.tokens, ana.delete(LINK)).await;
        ask.send().await.expect(204);
        assert_eq!(Visitor::new(&shop).sign_in_at("acme", login).await, "/sign-in?error=oidc.not_linked");
        let links = ana.get("/api/v1/auth/oidc/links").send().await.expect(200);
        assert_eq!(links["items"], json!([]));
        let kinds = shop.kinds_about(&ana.id).await;
        for kind in ["oidc.link_requested", "oidc.linked", "oidc.link_refused", "oidc.unlinked"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
        }
        shop.log_is_whole().await;
    }
}

on_both! {
    /// Whoever was signed out on the way links nothing: a session that was taken over cannot leave a door behind.
    async fn a_link_dies_with_the_session_that_asked_for_it(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &[]).await;
        let mut browser = Visitor::new(&shop);
        let ana = shop.customer("ana").await;
        let ask = shop.stepped_up(&ana.tokens, ana.post(LINK)).await;
        let url = text(&browser.send(ask).await.expect(200)["url"]);
        let back = browser.sign_in_there(&url, "thief@example.com").await;
        ana.post("/api/v1/auth/logout").json(json!({})).send().await.expect(204);
        assert_eq!(browser.open(&back).await, "/security?error=session.ended");
    }
}
