//! `GET /.well-known/jwks.json`: the public keys of access tokens, for other services that check them (RFC 7517). It is empty
//! while tokens are signed with a key that nobody else may know (`tokens.algorithm = "HS256"`).

use axum::{
    Json,
    extract::State,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::IntoResponse,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::token_keys::TokenKey;
use crate::app::App;

/// Much less than the day that the next key is published ahead.
const CACHE: &str = "public, max-age=3600";

/// A JWK Set (RFC 7517 §5).
#[derive(Serialize, ToSchema)]
pub(super) struct JwkSet {
    keys: Vec<Jwk>,
}

/// An Ed25519 public key (RFC 8037 §2).
#[derive(Serialize, ToSchema)]
struct Jwk {
    #[schema(example = "OKP")]
    kty: &'static str,
    #[schema(example = "Ed25519")]
    crv: &'static str,
    /// The key, base64url.
    x: String,
    /// Stands in the header of the tokens that it signed; its thumbprint (RFC 7638).
    kid: String,
    #[schema(example = "EdDSA")]
    alg: &'static str,
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    purpose: &'static str,
}

#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "accounts",
    responses((status = 200, body = JwkSet, content_type = "application/jwk-set+json"))
)]
pub(super) async fn show(State(app): State<App>) -> impl IntoResponse {
    let keys = app.auth.access.published(app.clock.now());
    let set = JwkSet {
        keys: keys.iter().map(|key| jwk(key)).collect(),
    };
    let headers = [(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, CACHE)];
    (headers, Json(set))
}

fn jwk(key: &TokenKey) -> Jwk {
    Jwk {
        kty: "OKP",
        crv: "Ed25519",
        x: key.x.clone(),
        kid: key.kid.clone(),
        alg: "EdDSA",
        purpose: "sig",
    }
}
