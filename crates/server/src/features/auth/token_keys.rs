//! The keys of access tokens that other services check: Ed25519 (RFC 8037, RFC 8032), a new one each period, their public
//! halves in a JWK Set (RFC 7517).
//!
//! Invariants: a key follows from `secrets.token_key` and the beginning of the period it signs in, so that all instances
//! have the same ones at any time, and nobody has to start a rotation. The key of the next period is published for a whole
//! period before it signs anything; that of the last one stays until its last token has expired.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{DecodingKey, EncodingKey};
use stockade_platform::vault::MasterSecret;

/// For how long a key is kept beyond the life of its last token, since clocks differ.
const DRIFT: SignedDuration = SignedDuration::from_secs(60);

/// All keys there will ever be, of which three are at hand.
pub(super) struct TokenKeys {
    root: MasterSecret,
    /// How long a key signs, in seconds.
    period: i64,
    /// How long a token lives.
    life: SignedDuration,
    ring: Mutex<Option<Arc<Ring>>>,
}

/// The keys of the last period, of this one, and of the next.
struct Ring {
    begins: i64,
    keys: [Arc<TokenKey>; 3],
}

/// One key.
pub(super) struct TokenKey {
    /// The thumbprint of the public half (RFC 7638).
    pub(super) kid: String,
    /// The public half, base64url.
    pub(super) x: String,
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
}

impl TokenKeys {
    pub(super) fn new(secret: &MasterSecret, period: SignedDuration, life: SignedDuration) -> Self {
        let root = secret.derive("access token key pairs");
        Self {
            root: MasterSecret::new(root.as_slice()).expect("a derived key has 32 bytes"),
            period: period.as_secs(),
            life,
            ring: Mutex::default(),
        }
    }

    /// The key that signs at this time.
    pub(super) fn signing(&self, now: Timestamp) -> Arc<TokenKey> {
        let [_, current, _] = &self.ring(now).keys;
        Arc::clone(current)
    }

    /// The key of this name, if it is one of those that are published. The next one is taken, too: another instance's
    /// clock may be ahead.
    pub(super) fn verifying(&self, kid: &str, now: Timestamp) -> Option<Arc<TokenKey>> {
        self.published(now).into_iter().find(|key| key.kid == kid)
    }

    /// The keys that a token may be signed with, now or soon.
    pub(super) fn published(&self, now: Timestamp) -> Vec<Arc<TokenKey>> {
        let ring = self.ring(now);
        let since = SignedDuration::from_secs(now.as_second() - ring.begins);
        let skip = usize::from(since > self.life + DRIFT);
        ring.keys[skip..].to_vec()
    }

    fn ring(&self, now: Timestamp) -> Arc<Ring> {
        let begins = now.as_second().div_euclid(self.period) * self.period;
        let mut kept = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ring) = kept.as_ref()
            && ring.begins == begins
        {
            return Arc::clone(ring);
        }
        let of = |begins: i64| Arc::new(TokenKey::new(&self.root, begins));
        let keys = [begins - self.period, begins, begins + self.period].map(of);
        let ring = Arc::new(Ring { begins, keys });
        *kept = Some(Arc::clone(&ring));
        ring
    }
}

impl TokenKey {
    fn new(root: &MasterSecret, begins: i64) -> Self {
        let seed = root.derive(&format!("from {begins}"));
        let pair =
            Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).expect("every 32 bytes are an Ed25519 seed");
        let sealed = pair.to_pkcs8().expect("a key pair can be written");
        let public = pair.public_key().as_ref();
        let x = BASE64.encode(public);
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        Self {
            kid: BASE64.encode(digest(&SHA256, members.as_bytes())),
            signing: EncodingKey::from_ed_der(sealed.as_ref()),
            verifying: DecodingKey::from_ed_der(public),
            x,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn keys(secret: u8) -> TokenKeys {
        let secret = MasterSecret::new(&[secret; 32]).unwrap();
        TokenKeys::new(
            &secret,
            SignedDuration::from_hours(24),
            SignedDuration::from_mins(15),
        )
    }

    fn names(keys: &TokenKeys, second: i64) -> Vec<String> {
        let at = Timestamp::from_second(second).unwrap();
        keys.published(at).iter().map(|key| key.kid.clone()).collect()
    }

    #[test]
    fn a_key_is_published_before_it_signs_and_until_its_last_token_has_expired() {
        let keys = keys(1);
        let signs = |second: i64| keys.signing(Timestamp::from_second(second).unwrap()).kid.clone();
        let second_day = signs(DAY);
        assert_eq!(names(&keys, 0).last(), Some(&second_day), "a day before");
        assert_ne!(signs(DAY - 1), second_day);
        assert_eq!(signs(2 * DAY - 1), second_day);
        assert_ne!(signs(2 * DAY), second_day);
        assert!(names(&keys, 2 * DAY + 900).contains(&second_day));
        assert!(!names(&keys, 2 * DAY + 961).contains(&second_day));
    }

    #[test]
    fn instances_agree_and_other_installations_do_not() {
        assert_eq!(names(&keys(1), 5 * DAY), names(&keys(1), 5 * DAY + 100));
        assert!(
            names(&keys(1), 5 * DAY)
                .iter()
                .all(|kid| !names(&keys(2), 5 * DAY).contains(kid))
        );
    }

    /// RFC 8037 Appendix A.3: the thumbprint of the key of RFC 8032 §7.1, test 1.
    #[test]
    fn a_key_is_named_by_its_thumbprint() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let thumbprint = BASE64.encode(digest(&SHA256, members.as_bytes()));
        assert_eq!(thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
