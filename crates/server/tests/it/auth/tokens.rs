//! Access tokens at the door.

use aws_lc_rs::hmac;
use axum::http::header;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

fn claims(token: &str) -> Value {
    part(token, 1)
}

on_both! {
    /// A token says what security.md promises, and nothing of the person.
    async fn a_token_says_what_it_must(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let token = shop.sign_in("ana@example.com", PASSWORD).await.access;
        let now = shop.now().as_second();
        let header = part(&token, 0);
        assert_eq!((&header["alg"], header["kid"].as_str().map(str::len)), (&json!("HS256"), Some(16)));
        let claims = claims(&token);
        let expected = json!({ "iss": "stockade", "aud": "stockade", "sub": id, "amr": ["pwd"], "iat": now,
            "auth_time": now, "exp": now + 900 });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&claims[name], value, "{name}");
        }
        let mut names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["amr", "aud", "auth_time", "dev", "exp", "iat", "iss", "jti", "sid", "sub"]);
    }
}

on_both! {
    /// Missing, expired, foreign, tampered and unsigned tokens each get their answer.
    async fn bad_tokens_are_refused(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let token = shop.sign_in("ana@example.com", PASSWORD).await.access;
        shop.me(&token).send().await.expect(200);

        let bare = shop.get("/api/v1/auth/me").send().await;
        assert_eq!(bare.headers.get(header::WWW_AUTHENTICATE).unwrap(), "Bearer");
        bare.refused(401, "token.missing");
        shop.get("/api/v1/auth/me").header("authorization", "Basic YTpi").send().await.refused(401, "token.missing");

        let parts: Vec<&str> = token.split('.').collect();
        let none = BASE64.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let mut other = claims(&token);
        other["sub"] = json!("00000000-0000-0000-0000-000000000001");
        let other = BASE64.encode(other.to_string());
        for bad in [
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{}.{other}.{}", parts[0], parts[2]),
            format!("{}.{}.{}", parts[0], parts[1], BASE64.encode([0; 32])),
            format!("{}.{}", parts[0], parts[1]),
            "rubbish".to_owned(),
            String::new(),
        ] {
            shop.me(&bad).send().await.refused(401, "token.invalid");
        }
        shop.later(900);
        shop.me(&token).send().await.refused(401, "token.expired");
    }
}

on_both! {
    /// Another installation's token is foreign, even for the same person and session.
    async fn another_installations_token_is_foreign(database: Database) {
        use crate::support::database::Database as Fresh;
        let kind = database.kind;
        let (ours, theirs) = (Shop::start(database).await, Shop::start(Fresh::fresh(kind).await).await);
        theirs.join("ana@example.com", PASSWORD).await;
        let foreign = theirs.sign_in("ana@example.com", PASSWORD).await.access;
        theirs.me(&foreign).send().await.expect(200);
        ours.me(&foreign).send().await.refused(401, "token.invalid");
    }
}

on_both! {
    /// Key confusion: a token that says itself how, and with which key, it is to be verified (RFC 8725 §2.1, §3.1).
    async fn a_token_does_not_choose_its_key(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let token = shop.sign_in("ana@example.com", PASSWORD).await.access;
        let (header, body) = (part(&token, 0), part(&token, 1));
        let kid = header["kid"].as_str().unwrap();
        let public = shop.app.log_key.verifying_key().to_string();
        let own = "a key of the attacker's own choice";
        let jwk = json!({ "kty": "oct", "k": BASE64.encode(own), "alg": "HS256", "kid": kid });
        // Whatever is public, or empty, or carried along, as the key of an HMAC.
        let keys = ["", kid, public.as_str(), own, "stockade"];
        let headers = [
            header.clone(),
            json!({ "alg": "HS256", "typ": "JWT" }),
            json!({ "alg": "HS256", "typ": "JWT", "kid": "../../dev/null" }),
            json!({ "alg": "HS256", "typ": "JWT", "kid": kid, "jwk": jwk }),
            json!({ "alg": "HS256", "typ": "JWT", "kid": kid, "jku": "https://evil.example/keys.json" }),
            json!({ "alg": "HS256", "typ": "JWT", "kid": kid, "crit": ["b64"], "b64": false }),
            json!({ "alg": "HS512", "typ": "JWT", "kid": kid }),
            json!({ "alg": "RS256", "typ": "JWT", "kid": kid }),
            json!({ "alg": "ES256", "typ": "JWT", "kid": kid }),
            json!({ "alg": "EdDSA", "typ": "JWT", "kid": kid }),
            json!({ "alg": "None", "typ": "JWT", "kid": kid }),
            json!({ "alg": "nOnE", "typ": "JWT", "kid": kid }),
        ];
        for header in &headers {
            for key in keys {
                let said = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(body.to_string()));
                let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), said.as_bytes());
                let forged = format!("{said}.{}", BASE64.encode(tag));
                shop.me(&forged).send().await.refused(401, "token.invalid");
            }
        }
        shop.me(&token).send().await.expect(200);
    }
}

fn part(token: &str, at: usize) -> Value {
    serde_json::from_slice(&BASE64.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}
