//! ID tokens (OpenID Connect Core §2, §3.1.3.7). Signatures are asymmetric and of a pinned kind: a token that
//! names `none`, or an algorithm whose key everybody knows, is no token. The time is the caller's.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;

/// What we take; a key of each kind is checked by aws-lc.
const PINNED: [Algorithm; 5] = [
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// Longer texts are not looked at.
const LONGEST: usize = 16 * 1024;
/// How far the clocks may be apart, in seconds.
const DRIFT: i64 = 60;
/// How old a token may be that is brought at once, in seconds.
const OLDEST: i64 = 600;
/// Core §2.
const LONGEST_SUBJECT: usize = 255;

/// What must stand in it.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
}

/// What it says of somebody.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    pub(super) email: Option<String>,
    #[serde(default)]
    pub(super) email_verified: Flag,
    pub(super) name: Option<String>,
}

/// One name or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(#[expect(dead_code, reason = "the library compares it")] String),
    Several(Vec<String>),
}

/// Yes or no. Some write it in quotes; whatever else stands there is no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "serde_json::Value")]
pub(super) struct Flag(pub(super) bool);

impl From<serde_json::Value> for Flag {
    fn from(value: serde_json::Value) -> Self {
        Self(value == true || value == "true")
    }
}

/// Why a token is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotVerified {
    /// It may be good: it names a key that we have not seen.
    UnknownKey,
    /// It is not, and the log may say why.
    Refused(&'static str),
}

/// The claims of a token that is the provider's, for us, for this sign-in, and fresh.
pub(super) fn verify(
    token: &str,
    keys: &[Jwk],
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Claims, NotVerified> {
    let refused = NotVerified::Refused;
    if token.len() > LONGEST {
        return Err(refused("the ID token is too long"));
    }
    let header =
        jsonwebtoken::decode_header(token).map_err(|_| refused("the ID token has no header we know"))?;
    if !PINNED.contains(&header.alg) {
        return Err(refused("the ID token is signed with an algorithm we do not take"));
    }
    let mut fitting = keys
        .iter()
        .filter(|key| fits(key, header.kid.as_deref(), header.alg))
        .peekable();
    if fitting.peek().is_none() {
        return Err(NotVerified::UnknownKey);
    }
    let validation = validation(header.alg, expected);
    let claims = fitting
        .filter_map(|key| DecodingKey::from_jwk(key).ok())
        .find_map(|key| jsonwebtoken::decode::<Claims>(token, &key, &validation).ok())
        .ok_or(refused(
            "signature, issuer or audience of the ID token is not as it should be",
        ))?
        .claims;
    check(&claims, expected, now.as_second()).map_err(refused)?;
    Ok(claims)
}

fn fits(key: &Jwk, kid: Option<&str>, algorithm: Algorithm) -> bool {
    let named = kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid));
    let signs = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let same = key
        .common
        .key_algorithm
        .is_none_or(|known| known == KeyAlgorithm::from(algorithm));
    named && signs && same
}

fn validation(algorithm: Algorithm, expected: &Expected<'_>) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    // The library would read the wall clock.
    validation.validate_exp = false;
    validation
}

/// What the library does not look at.
fn check(claims: &Claims, expected: &Expected<'_>, now: i64) -> Result<(), &'static str> {
    let several = matches!(&claims.aud, Audience::Several(names) if names.len() > 1);
    match claims.azp.as_deref() {
        None if several => return Err("the ID token is for several and does not say who asked"),
        Some(azp) if azp != expected.client_id => return Err("somebody else asked for the ID token"),
        _ => {}
    }
    if claims.exp <= now - DRIFT {
        return Err("the ID token has expired");
    }
    if claims.iat > now + DRIFT || claims.nbf.is_some_and(|nbf| nbf > now + DRIFT) {
        return Err("the ID token is from the future");
    }
    if claims.iat < now - OLDEST {
        return Err("the ID token is old");
    }
    let nonce = claims.nonce.as_deref().unwrap_or_default();
    if verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes()).is_err() {
        return Err("the ID token belongs to another sign-in");
    }
    if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUBJECT {
        return Err("the ID token's subject is too long or empty");
    }
    Ok(())
}
