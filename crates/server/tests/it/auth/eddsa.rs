//! Access tokens that other services check: signed by key pairs, whose public halves are published and rotate.

use aws_lc_rs::{
    hmac,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64},
};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{database::Database as Fresh, people::PASSWORD, shop::Shop},
};

const ANA: &str = "ana@example.com";
const EDDSA: (&str, &str) = ("TOKENS__ALGORITHM", "EdDSA");
const DAY: i64 = 86_400;
/// What stands before the 32 bytes of an Ed25519 public key in DER (RFC 8410 §4).
const DER: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

fn part(token: &str, at: usize) -> Value {
    serde_json::from_slice(&BASE64.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

fn kid(token: &str) -> String {
    part(token, 0)["kid"].as_str().unwrap().to_owned()
}

async fn keys(shop: &Shop) -> Vec<Value> {
    let set = shop.get("/.well-known/jwks.json").send().await.expect(200);
    set["keys"].as_array().unwrap().clone()
}

async fn published(shop: &Shop, kid: &str) -> bool {
    keys(shop).await.iter().any(|key| key["kid"] == kid)
}

/// What another service does, with nothing but the token and the published keys.
fn checks_out(token: &str, keys: &[Value]) -> bool {
    let (said, signature) = token.rsplit_once('.').unwrap();
    let header = part(token, 0);
    let key = keys.iter().find(|key| key["kid"] == header["kid"]);
    key.is_some_and(|key| {
        assert_eq!(
            (&key["kty"], &key["crv"], &key["alg"], &key["use"]),
            (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"), &json!("sig"))
        );
        let public = BASE64.decode(key["x"].as_str().unwrap()).unwrap();
        let signature = BASE64.decode(signature).unwrap();
        header["alg"] == "EdDSA"
            && UnparsedPublicKey::new(&ED25519, public)
                .verify(said.as_bytes(), &signature)
                .is_ok()
    })
}

on_both! {
    /// Anybody may fetch the keys, keep them for a while, and check a token with them; none of them is private.
    async fn another_service_checks_a_token(database: Database) {
        let shop = Shop::start_with(database, &[EDDSA]).await;
        let id = shop.join(ANA, PASSWORD).await;
        let token = shop.sign_in(ANA, PASSWORD).await.access;
        let answer = shop.get("/.well-known/jwks.json").send().await;
        assert_eq!(answer.header("cache-control"), "public, max-age=3600");
        assert_eq!(answer.header("content-type"), "application/jwk-set+json");
        let keys = keys(&shop).await;
        assert!(checks_out(&token, &keys));
        assert!(keys.iter().all(|key| key.get("d").is_none()), "{keys:?}");
        let (header, claims) = (part(&token, 0), part(&token, 1));
        assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("JWT")));
        assert_eq!((&claims["iss"], &claims["aud"], &claims["sub"]), (&json!("stockade"), &json!("stockade"), &json!(id)));
        shop.me(&token).send().await.expect(200);
        let refreshed = shop.sign_in(ANA, PASSWORD).await;
        shop.refresh(&refreshed.refresh).send().await.expect(200);
    }
}

on_both! {
    /// By itself nothing is published, and what is signed with a secret key is nobody else's to check.
    async fn without_the_setting_no_key_is_published(database: Database) {
        let shop = Shop::start(database).await;
        assert_eq!(keys(&shop).await, Vec::<Value>::new());
    }
}

on_both! {
    /// A key is published long before it signs, and until the last token it signed has expired; instances agree.
    async fn keys_rotate_without_anybody_noticing(database: Database) {
        let shop = Shop::start_with(database, &[EDDSA, ("TOKENS__KEY_DAYS", "1")]).await;
        shop.join(ANA, PASSWORD).await;
        let second = shop.second().await;
        // A minute before a key takes over: keys take turns at midnight.
        shop.later(DAY - 60 - shop.now().as_second().rem_euclid(DAY));
        let fetched = keys(&shop).await;
        let old = shop.sign_in(ANA, PASSWORD).await;
        shop.later(61);
        let new = shop.refresh(&old.refresh).send().await.expect(200);
        let new = new["access_token"].as_str().unwrap();
        assert_ne!(kid(&old.access), kid(new));
        assert!(checks_out(new, &fetched), "it was published before it signed");
        for instance in [&shop, &second] {
            instance.me(new).at(instance).send().await.expect(200);
            instance.me(&old.access).at(instance).send().await.expect(200);
            assert!(published(instance, &kid(&old.access)).await);
        }
        shop.later(838);
        second.me(&old.access).at(&second).send().await.expect(200);
        shop.later(1);
        shop.me(&old.access).send().await.refused(401, "token.expired");
        shop.later(122);
        assert!(!published(&shop, &kid(&old.access)).await, "nobody needs it any more");
        assert!(published(&second, &kid(new)).await);
    }
}

on_both! {
    /// Key confusion: what everybody knows is no secret to sign with, and a token chooses neither its algorithm nor its key.
    async fn a_public_key_signs_nothing(database: Database) {
        let kind = database.kind;
        let shop = Shop::start_with(database, &[EDDSA]).await;
        shop.join(ANA, PASSWORD).await;
        let token = shop.sign_in(ANA, PASSWORD).await.access;
        let (kid, body) = (kid(&token), part(&token, 1).to_string());
        let key = keys(&shop).await.into_iter().find(|key| key["kid"] == kid.as_str()).unwrap();
        let x = key["x"].as_str().unwrap().to_owned();
        let public = BASE64.decode(&x).unwrap();
        let der = [DER, &public].concat();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&der));
        let known: Vec<Vec<u8>> = vec![public, x.into_bytes(), der, pem.into_bytes(), key.to_string().into_bytes(),
            kid.clone().into_bytes(), Vec::new()];
        for alg in ["HS256", "HS384", "HS512", "none", "EdDSA"] {
            let header = json!({ "alg": alg, "typ": "JWT", "kid": kid });
            let said = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(&body));
            for secret in &known {
                let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), said.as_bytes());
                let forged = format!("{said}.{}", BASE64.encode(tag));
                shop.me(&forged).send().await.refused(401, "token.invalid");
            }
            shop.me(&format!("{said}.")).send().await.refused(401, "token.invalid");
        }

        // A key of the attacker's own, carried along, under our key's name, an unknown one, or none.
        let own = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(own.public_key()), "kid": kid });
        for header in [
            json!({ "alg": "EdDSA", "typ": "JWT", "kid": kid }),
            json!({ "alg": "EdDSA", "typ": "JWT", "kid": kid, "jwk": jwk }),
            json!({ "alg": "EdDSA", "typ": "JWT", "kid": "unknown" }),
            json!({ "alg": "EdDSA", "typ": "JWT", "kid": "unknown", "jwk": jwk, "jku": "https://evil.example/keys.json" }),
            json!({ "alg": "EdDSA", "typ": "JWT" }),
        ] {
            let said = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(&body));
            let forged = format!("{said}.{}", BASE64.encode(own.sign(said.as_bytes())));
            shop.me(&forged).send().await.refused(401, "token.invalid");
        }

        // Our own signature under another header is none.
        let renamed = BASE64.encode(json!({ "alg": "EdDSA", "typ": "JWT", "kid": "unknown" }).to_string());
        let rest = token.split_once('.').unwrap().1;
        shop.me(&format!("{renamed}.{rest}")).send().await.refused(401, "token.invalid");
        // Nor is a token that another installation signed, or that this kind of installation signs the other way.
        for settings in [&[EDDSA][..], &[]] {
            let theirs = Shop::start_with(Fresh::fresh(kind).await, settings).await;
            theirs.join(ANA, PASSWORD).await;
            let foreign = theirs.sign_in(ANA, PASSWORD).await.access;
            theirs.me(&token).send().await.refused(401, "token.invalid");
            shop.me(&foreign).send().await.refused(401, "token.invalid");
        }
        shop.me(&token).send().await.expect(200);
    }
}
