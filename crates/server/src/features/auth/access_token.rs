//! Access tokens: JWT (RFC 7519) signed as the settings say, with HS256 or with EdDSA. The algorithm is pinned and the key is
//! found by `kid` among our own, so that no token chooses how it is verified (RFC 8725 §3.1). Issuer and audience are checked,
//! and the time is the caller's, so that tests move the clock.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::{random, vault::MasterSecret};
use uuid::Uuid;

use super::token_keys::{TokenKey, TokenKeys};
use crate::{
    config::{TokenAlgorithm, Tokens},
    http::error::{ApiError, ApiResult, Problem},
};

/// Longer texts are no tokens of ours; they are refused before any work is spent on them.
const LONGEST: usize = 2_048;

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: UserId,
    /// The session.
    pub(super) sid: SessionId,
    pub(super) jti: Uuid,
    /// How the person proved who they are (RFC 8176).
    pub(super) amr: Vec<String>,
    /// When they did, in Unix seconds (OpenID Connect Core §2).
    pub(super) auth_time: i64,
    pub(super) iat: i64,
    pub(super) exp: i64,
    /// What binds the token to the device it was issued to, base64url.
    pub(super) dev: String,
}

impl Claims {
    /// What binds the token to its device.
    pub(super) fn device(&self) -> ApiResult<[u8; 32]> {
        let bytes = BASE64.decode(&self.dev).map_err(|_| invalid())?;
        bytes.try_into().map_err(|_| invalid())
    }
}

/// Whom a token is issued to.
pub(super) struct Bearer<'a> {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    /// Words with blanks between them.
    pub(super) amr: &'a str,
    pub(super) auth_time: Timestamp,
    pub(super) device_hash: [u8; 32],
}

/// Issues and verifies access tokens.
pub(crate) struct AccessTokens {
    keys: Keys,
    validation: Validation,
    issuer: String,
    audience: String,
    life: SignedDuration,
}

enum Keys {
    Shared(Box<Shared>),
    Pairs(TokenKeys),
}

/// One key signs and verifies.
struct Shared {
    kid: String,
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl AccessTokens {
    pub(super) fn new(settings: &Tokens, secret: &MasterSecret) -> Self {
        let signed = |time| SignedDuration::try_from(time).expect("a year or less");
        let life = signed(settings.access);
        let (algorithm, keys) = match settings.algorithm {
            TokenAlgorithm::Hs256 => (Algorithm::HS256, Keys::Shared(Box::new(Shared::new(secret)))),
            TokenAlgorithm::EdDsa => {
                let keys = TokenKeys::new(secret, signed(settings.key_period), life);
                (Algorithm::EdDSA, Keys::Pairs(keys))
            }
        };
        let mut validation = Validation::new(algorithm);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&[&settings.audience]);
        // The library would read the wall clock.
        validation.validate_exp = false;
        Self {
            keys,
            validation,
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            life,
        }
    }

    /// How long a token lives.
    pub(super) fn life(&self) -> SignedDuration {
        self.life
    }

    pub(super) fn issue(&self, bearer: &Bearer<'_>, now: Timestamp) -> ApiResult<String> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: bearer.user,
            sid: bearer.session,
            jti: random::uuid_v7(now),
            amr: bearer.amr.split_whitespace().map(str::to_owned).collect(),
            auth_time: bearer.auth_time.as_second(),
            iat: now.as_second(),
            exp: (now + self.life).as_second(),
            dev: BASE64.encode(bearer.device_hash),
        };
        let signed = match &self.keys {
            Keys::Shared(key) => {
                jsonwebtoken::encode(&header(Algorithm::HS256, &key.kid), &claims, &key.signing)
            }
            Keys::Pairs(keys) => {
                let key = keys.signing(now);
                jsonwebtoken::encode(&header(Algorithm::EdDSA, &key.kid), &claims, &key.signing)
            }
        };
        signed.map_err(|error| ApiError::Fault(format!("an access token could not be signed: {error}")))
    }

    /// The claims of a token that is ours and has not expired.
    ///
    /// # Errors
    /// 401 `token.invalid`, `token.expired`.
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> ApiResult<Claims> {
        if token.len() > LONGEST {
            return Err(invalid());
        }
        let named = jsonwebtoken::decode_header(token).map_err(|_| invalid())?.kid;
        let named = named.ok_or_else(invalid)?;
        let verified = match &self.keys {
            Keys::Shared(key) if key.kid == named => {
                jsonwebtoken::decode::<Claims>(token, &key.verifying, &self.validation)
            }
            Keys::Shared(_) => return Err(invalid()),
            Keys::Pairs(keys) => {
                let key = keys.verifying(&named, now).ok_or_else(invalid)?;
                jsonwebtoken::decode::<Claims>(token, &key.verifying, &self.validation)
            }
        };
        let verified = verified.map_err(|_| invalid())?;
        if verified.claims.exp <= now.as_second() {
            return Err(expired());
        }
        Ok(verified.claims)
    }

    /// The keys that anybody may have.
    pub(super) fn published(&self, now: Timestamp) -> Vec<Arc<TokenKey>> {
        match &self.keys {
            Keys::Shared(_) => Vec::new(),
            Keys::Pairs(keys) => keys.published(now),
        }
    }
}

impl Shared {
    fn new(secret: &MasterSecret) -> Self {
        let key = secret.derive("access tokens");
        Self {
            kid: hex::encode(&secret.derive("access token key id")[..8]),
            signing: EncodingKey::from_secret(key.as_slice()),
            verifying: DecodingKey::from_secret(key.as_slice()),
        }
    }
}

fn header(algorithm: Algorithm, kid: &str) -> Header {
    let mut header = Header::new(algorithm);
    header.kid = Some(kid.to_owned());
    header
}

pub(super) fn invalid() -> ApiError {
    Problem::unauthorized("token.invalid", "this is no access token of ours; sign in again").into()
}

pub(super) fn expired() -> ApiError {
    Problem::unauthorized(
        "token.expired",
        "the access token has expired; refresh it or sign in again",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn tokens(secret: u8, issuer: &str, audience: &str) -> AccessTokens {
        by(TokenAlgorithm::Hs256, secret, issuer, audience)
    }

    fn by(algorithm: TokenAlgorithm, secret: u8, issuer: &str, audience: &str) -> AccessTokens {
        let settings = Tokens {
            algorithm,
            key_period: Duration::from_secs(86_400),
            access: Duration::from_secs(900),
            refresh: Duration::from_secs(86_400),
            refresh_retry: Duration::from_secs(30),
            issuer: issuer.into(),
            audience: audience.into(),
        };
        AccessTokens::new(&settings, &MasterSecret::new(&[secret; 32]).unwrap())
    }

    fn issue(by: &AccessTokens) -> String {
        let bearer = Bearer {
            user: UserId::from_uuid(Uuid::from_u128(1)),
            session: SessionId::from_uuid(Uuid::from_u128(2)),
            amr: "pwd",
            auth_time: Timestamp::UNIX_EPOCH,
            device_hash: [7; 32],
        };
        by.issue(&bearer, Timestamp::UNIX_EPOCH).unwrap()
    }

    fn code(by: &AccessTokens, token: &str, second: i64) -> &'static str {
        by.verify(token, Timestamp::from_second(second).unwrap())
            .map_or_else(
                |error| match error {
                    ApiError::Refused(problem) => problem.code,
                    other => panic!("{other:?}"),
                },
                |_| "accepted",
            )
    }

    #[test]
    fn a_token_is_accepted_until_it_expires() {
        let ours = tokens(1, "stockade", "stockade");
        let token = issue(&ours);
        assert_eq!(code(&ours, &token, 899), "accepted");
        assert_eq!(code(&ours, &token, 900), "token.expired");
        let claims = ours.verify(&token, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(claims.device().unwrap(), [7; 32]);
        assert_eq!(claims.amr, ["pwd"]);
    }

    #[test]
    fn other_keys_issuers_and_audiences_are_foreign() {
        let ours = tokens(1, "stockade", "stockade");
        for other in [
            tokens(2, "stockade", "stockade"),
            tokens(1, "other", "stockade"),
            tokens(1, "stockade", "other"),
        ] {
            assert_eq!(code(&ours, &issue(&other), 0), "token.invalid");
        }
    }

    #[test]
    fn the_setting_pins_the_algorithm() {
        let [shared, pairs] = [TokenAlgorithm::Hs256, TokenAlgorithm::EdDsa]
            .map(|algorithm| by(algorithm, 1, "stockade", "stockade"));
        assert_eq!(code(&pairs, &issue(&pairs), 899), "accepted");
        assert_eq!(code(&pairs, &issue(&pairs), 900), "token.expired");
        assert_eq!(code(&pairs, &issue(&shared), 0), "token.invalid");
        assert_eq!(code(&shared, &issue(&pairs), 0), "token.invalid");
    }

    #[test]
    fn the_algorithm_is_pinned_and_every_byte_counts() {
        let ours = tokens(1, "stockade", "stockade");
        let token = issue(&ours);
        let (head, rest) = token.split_once('.').unwrap();
        let (body, signature) = rest.split_once('.').unwrap();
        let header = String::from_utf8(BASE64.decode(head).unwrap()).unwrap();
        for alg in ["none", "None", "HS384", "HS512", "RS256", "EdDSA"] {
            let changed = BASE64.encode(header.replace("HS256", alg));
            for signature in [signature, ""] {
                assert_eq!(
                    code(&ours, &format!("{changed}.{body}.{signature}"), 0),
                    "token.invalid",
                    "{alg}"
                );
            }
        }
        for at in [0, head.len() + 3, head.len() + body.len() + 4] {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                code(&ours, &String::from_utf8(bytes).unwrap(), 0),
                "token.invalid",
                "byte {at}"
            );
        }
        for text in ["", ".", "..", "a.b.c", &"x".repeat(100_000)] {
            assert_eq!(code(&ours, text, 0), "token.invalid");
        }
    }
}
