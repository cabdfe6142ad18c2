//! A webhook's secret and the signatures made with it (Standard Webhooks, "Signature scheme").

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use stockade_platform::{random, vault::Place};
use uuid::Uuid;
use zeroize::Zeroizing;

/// 32 random bytes, wiped when dropped.
pub(super) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub(super) fn new() -> Self {
        Self::from_bytes(&random::bytes::<32>())
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As the receiver's libraries take it.
    pub(super) fn shown(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("whsec_{}", STANDARD.encode(&*self.0)))
    }

    /// The header `webhook-signature`: HMAC-SHA256 over id, time in seconds, and body.
    pub(super) fn sign(&self, id: &str, second: i64, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let tag = hmac::sign(&key, format!("{id}.{second}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    }
}

/// Where a webhook's secret is sealed for.
pub(super) fn place(id: &Uuid) -> Place<'_> {
    Place {
        table: "webhooks",
        column: "sealed_secret",
        row: id.as_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that Standard Webhooks publishes for authors of libraries.
    #[test]
    fn the_published_example_is_signed_alike() {
        let secret = Secret::from_bytes(&STANDARD.decode("plJ3nmyCDGBKInavdOK15jsl").unwrap());
        let body = r#"{"event_type":"ping","data":{"success":true}}"#;
        assert_eq!(
            secret.sign("msg_loFOjxBNrRLzqYUf", 1_731_705_121, body),
            "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
        );
        assert_eq!(&*secret.shown(), "whsec_plJ3nmyCDGBKInavdOK15jsl");
    }
}
