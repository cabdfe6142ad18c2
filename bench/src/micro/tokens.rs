//! Issuing and verifying an access token, and checking a request's signature. These calls are private to the server, so
//! the same libraries do the same work here: HS256 over claims of the same shape, HMAC-SHA256 over a signed text.

use std::time::Duration;

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::timing::judge;
use crate::{
    failure::{Done, Failure},
    now,
    report::Report,
};

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: uuid::Uuid,
    sid: uuid::Uuid,
    jti: uuid::Uuid,
    amr: Vec<String>,
    auth_time: i64,
    iat: i64,
    exp: i64,
    dev: String,
}

pub(super) fn measure(report: &mut Report) -> Done {
    let secret = [7_u8; 32];
    let (signing, verifying) = (
        EncodingKey::from_secret(&secret),
        DecodingKey::from_secret(&secret),
    );
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("0011223344556677".into());
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&["stockade"]);
    validation.set_audience(&["stockade"]);
    validation.validate_exp = false;
    let issue = || jsonwebtoken::encode(&header, &claims(), &signing);
    let token = issue().map_err(Failure::of("cannot issue a token"))?;
    let verify = || jsonwebtoken::decode::<Claims>(&token, &verifying, &validation);
    verify().map_err(Failure::of("cannot verify a token"))?;
    judge(report, "access token: issue", Duration::from_micros(10), issue);
    judge(report, "access token: verify", Duration::from_micros(10), verify);

    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let body = br#"{"symbol":"KO","qty":"1"}"#;
    let signed = |body: &[u8]| {
        let body = hex::encode(digest(&SHA256, body));
        format!("POST\n/api/v1/portfolio/buy\n1700000000\n0192f0c1-b2d3-4e4f-8a9b-0c1d2e3f4a5b\n{body}")
    };
    let tag = hmac::sign(&key, signed(body).as_bytes());
    let check = || hmac::verify(&key, signed(body).as_bytes(), tag.as_ref());
    check().map_err(|_| Failure::new("cannot check a signature"))?;
    judge(
        report,
        "request signature: check",
        Duration::from_micros(10),
        check,
    );
    Ok(())
}

fn claims() -> Claims {
    let now = now::unix_seconds();
    Claims {
        iss: "stockade".into(),
        aud: "stockade".into(),
        sub: uuid::Uuid::from_u128(1),
        sid: uuid::Uuid::from_u128(2),
        jti: stockade_platform::random::uuid_v7(now::wall()),
        amr: vec!["pwd".into()],
        auth_time: now,
        iat: now,
        exp: now + 900,
        dev: "07".repeat(16),
    }
}
