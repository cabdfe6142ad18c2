//! What must not work: answers brought by others, twice, late or from elsewhere; tokens that are not the
//! provider's, not for us or not for this sign-in.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        providers::{Liar, RealProvider, Signed},
        shop::Shop,
        visitor::{Visitor, parameter},
    },
};

const ANA: &str = "ana@example.com";
const STATE_INVALID: &str = "/sign-in?error=oidc.state_invalid";
/// Where somebody believed on a browser that is new to them ends.
const BELIEVED: &str = "/login/second-factor#";
const NOT_VERIFIED: &str = "/sign-in?error=oidc.not_verified";

on_both! {
    /// The answer of a provider is one browser's, once, within ten minutes, at the address of that provider.
    async fn an_answer_is_one_browsers_and_good_once(database: Database) {
        let provider = RealProvider::start(&["acme", "beta"]);
        let both = [("acme", provider.issuer.as_str()), ("beta", &provider.issuer)];
        let shop = Shop::with_providers(database, &both, &[]).await;
        let (mut ana, mut victim) = (Visitor::new(&shop), Visitor::new(&shop));
        let there = ana.leave_for("acme").await;
        let back = ana.sign_in_there(&there, ANA).await;
        // Login CSRF: the attacker's answer, opened by somebody else, who may be on their own way.
        assert_eq!(victim.open(&back).await, STATE_INVALID);
        victim.leave_for("acme").await;
        assert_eq!(victim.open(&back).await, STATE_INVALID);
        assert!(!victim.has("stockade-access"));
        // Mix-up: the answer of one provider brought to another.
        let mixed = back.replace("/acme/", "/beta/");
        let kept = ana.leave_for("beta").await;
        assert_eq!(ana.open(&mixed).await, STATE_INVALID);
        // Another browser's state with one's own code, and a code without any state.
        let stolen = format!("/api/v1/auth/oidc/beta/callback?code=x&state={}", parameter(&kept, "state"));
        assert_eq!(victim.open(&stolen).await, STATE_INVALID);
        assert_eq!(ana.open("/api/v1/auth/oidc/acme/callback?code=x").await, STATE_INVALID);

        let there = ana.leave_for("acme").await;
        let back = ana.sign_in_there(&there, ANA).await;
        assert!(ana.has("stockade-oidc"));
        assert_eq!(ana.open(&back).await, "/");
        assert_eq!(ana.open(&back).await, STATE_INVALID);

        let there = ana.leave_for("acme").await;
        let back = ana.sign_in_there(&there, ANA).await;
        shop.later(600);
        assert_eq!(ana.open(&back).await, STATE_INVALID);
    }
}

on_both! {
    /// A code that another program was given is none of ours, and the name of the answering provider must be right.
    async fn a_code_of_another_program_is_refused(database: Database) {
        let provider = RealProvider::start(&["acme"]);
        let shop = Shop::with_providers(database, &[("acme", &provider.issuer)], &[]).await;
        let mut ana = Visitor::new(&shop);
        let there = ana.leave_for("acme").await;
        let foreign = there.replace("client_id=stockade", "client_id=another");
        let back = ana.sign_in_there(&foreign, ANA).await;
        assert_eq!(ana.open(&back).await, NOT_VERIFIED);
        // The same code, verifier and all, with the challenge of another sign-in.
        let there = ana.leave_for("acme").await;
        let other = Visitor::new(&shop).leave_for("acme").await;
        let challenge = (parameter(&there, "code_challenge"), parameter(&other, "code_challenge"));
        let back = ana.sign_in_there(&there.replace(&challenge.0, &challenge.1), ANA).await;
        assert_eq!(ana.open(&back).await, NOT_VERIFIED);
        for iss in ["https://evil.example", ""] {
            let there = ana.leave_for("acme").await;
            let back = ana.sign_in_there(&there, ANA).await;
            let bare = back.split("&iss=").next().unwrap();
            let end = match iss {
                "" => ana.open(bare).await,
                iss => ana.open(&format!("{bare}&iss={iss}")).await,
            };
            assert_eq!(end, NOT_VERIFIED, "this provider says that it always names itself; {iss:?}");
        }
        let there = ana.leave_for("acme").await;
        let state = parameter(&there, "state");
        let no = format!("/api/v1/auth/oidc/acme/callback?error=access_denied&state={state}&iss={}", provider.issuer);
        assert_eq!(ana.open(&no).await, "/sign-in?error=oidc.cancelled");
        assert!(!ana.has("stockade-access"));
    }
}

/// The way there and back, with an ID token that says this, and what `change` makes of it.
async fn bring(
    shop: &Shop,
    liar: &Liar,
    signed: Signed,
    change: impl FnOnce(&mut Value),
) -> (String, String) {
    let mut browser = Visitor::new(shop);
    let there = browser.leave_for("liar").await;
    let now = shop.now().as_second();
    let mut claims = json!({
        "iss": liar.issuer, "aud": "stockade", "sub": "1", "iat": now, "exp": now + 300,
        "nonce": parameter(&there, "nonce"), "email": ANA, "email_verified": true,
    });
    change(&mut claims);
    liar.says(signed, &claims);
    let state = parameter(&there, "state");
    let end = browser
        .open(&format!("/api/v1/auth/oidc/liar/callback?code=x&state={state}"))
        .await;
    (end, there)
}

on_both! {
    /// A token counts only with the published key, from this issuer, for us, for this sign-in, and fresh.
    async fn a_token_that_is_not_as_it_should_be_signs_nobody_in(database: Database) {
        let liar = Liar::start().await;
        let shop = Shop::with_providers(database, &[("liar", &liar.issuer)], &[]).await;
        for signed in [Signed::ByAnother, Signed::Not, Signed::WithThePublicKey] {
            let (end, _) = bring(&shop, &liar, signed, |_| {}).await;
            assert_eq!(end, NOT_VERIFIED, "{signed:?}");
        }
        let now = shop.now().as_second();
        let lies = [
            ("iss", json!("https://evil.example")), ("iss", Value::Null),
            ("aud", json!("another")), ("aud", json!([])), ("aud", json!(["stockade", "another"])), ("aud", Value::Null),
            ("azp", json!("another")),
            ("nonce", json!("of another sign-in")), ("nonce", Value::Null),
            ("exp", json!(now - 61)), ("exp", Value::Null),
            ("iat", json!(now - 700)), ("iat", json!(now + 7_200)), ("nbf", json!(now + 7_200)),
            ("sub", json!("")), ("sub", json!("x".repeat(256))), ("sub", Value::Null),
        ];
        for (claim, lie) in lies {
            let (end, _) = bring(&shop, &liar, Signed::Well, |claims| claims[claim] = lie.clone()).await;
            assert_eq!(end, NOT_VERIFIED, "{claim}: {lie}");
        }
        for vouched in [json!(false), json!("yes"), json!(1), Value::Null] {
            let (end, _) = bring(&shop, &liar, Signed::Well, |claims| claims["email_verified"] = vouched.clone()).await;
            assert_eq!(end, "/sign-in?error=oidc.not_linked", "{vouched}");
        }
        let (end, there) = bring(&shop, &liar, Signed::Well, |_| {}).await;
        assert_eq!(end, "/");
        let (form, authorization) = liar.was_asked();
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()));
        assert_eq!(challenge, parameter(&there, "code_challenge"));
        assert_eq!(form["redirect_uri"], "http://localhost:8000/api/v1/auth/oidc/liar/callback");
        assert_eq!(authorization, format!("Basic {}", STANDARD.encode("stockade:secret+of+stockade")));
    }
}

on_both! {
    /// Providers change their keys; and userinfo about somebody else is not used.
    async fn a_new_key_is_fetched_and_userinfo_must_match(database: Database) {
        let liar = Liar::start().await;
        let shop = Shop::with_providers(database, &[("liar", &liar.issuer)], &[]).await;
        let (end, _) = bring(&shop, &liar, Signed::Well, |_| {}).await;
        assert_eq!(end, "/");
        liar.changes_its_key();
        let (end, _) = bring(&shop, &liar, Signed::Well, |_| {}).await;
        assert_eq!(end, NOT_VERIFIED, "keys are asked for once a minute at most");
        shop.later(60);
        let (end, _) = bring(&shop, &liar, Signed::Well, |_| {}).await;
        assert!(end.starts_with(BELIEVED), "{end}");
        let without_address = |claims: &mut Value| claims["email"] = Value::Null;
        liar.says_of_the_user(json!({ "sub": "2", "email": ANA, "email_verified": true }));
        let (end, _) = bring(&shop, &liar, Signed::Well, without_address).await;
        assert_eq!(end, NOT_VERIFIED);
        liar.says_of_the_user(json!({ "sub": "1", "email": ANA, "email_verified": true }));
        let (end, _) = bring(&shop, &liar, Signed::Well, without_address).await;
        assert!(end.starts_with(BELIEVED), "{end}");
    }
}

on_both! {
    /// A provider that cannot be reached, or whose address is not public, leaves people on the sign-in page.
    async fn a_provider_that_is_away_is_an_error_on_the_page(database: Database) {
        let liar = Liar::start().await;
        let private = [("OUTGOING__ALLOWED_NETWORKS", "10.0.0.0/8")];
        let shop = Shop::with_providers(database, &[("liar", &liar.issuer)], &private).await;
        let end = Visitor::new(&shop).leave_for("liar").await;
        assert_eq!(end, "/sign-in?error=oidc.provider_unavailable");
    }
}
