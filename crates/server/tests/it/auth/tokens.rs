//! Access tokens at the door.

use axum::http::header;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

fn claims(token: &str) -> Value {
    serde_json::from_slice(&BASE64.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

on_both! {
    /// A token says what security.md promises, and nothing of the person.
    async fn a_token_says_what_it_must(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let now = shop.now().as_second();
        let token = shop.sign_in("ana@example.com", PASSWORD).await.access;
        let header: Value = serde_json::from_slice(&BASE64.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
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
