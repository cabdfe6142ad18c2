//! An authenticator app, written from RFC 4226 and RFC 6238 alone, so that it does not share the server's mistakes.

use aws_lc_rs::hmac;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    people::{Customer, PASSWORD, text},
    shop::Shop,
};

/// The app with one secret.
pub struct Authenticator(Vec<u8>);

impl Authenticator {
    /// Reads a secret in base 32 (RFC 4648 §6).
    pub fn new(secret: &str) -> Self {
        let (mut bytes, mut buffer, mut bits) = (Vec::new(), 0_u32, 0);
        for letter in secret.bytes() {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'2'..=b'7' => letter - b'2' + 26,
                _ => panic!("{secret} is not base 32"),
            };
            buffer = (buffer << 5 | u32::from(value)) & 0xfff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((buffer >> bits) as u8);
            }
        }
        Self(bytes)
    }

    /// The code at an instant.
    pub fn code(&self, at: Timestamp) -> String {
        let counter = (at.as_second() / 30).to_be_bytes();
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &counter);
        let offset = usize::from(tag.as_ref()[19] & 0xf);
        let word: [u8; 4] = tag.as_ref()[offset..offset + 4].try_into().unwrap();
        format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
    }
}

/// Somebody whose authenticator app is on.
pub struct Enrolled {
    pub app: Authenticator,
    pub backup_codes: Vec<String>,
}

impl Customer<'_> {
    /// Turns the second factor on.
    pub async fn enrol(&self) -> Enrolled {
        let pending = self
            .post("/api/v1/auth/2fa/enable")
            .json(json!({ "password": PASSWORD }))
            .send()
            .await
            .expect(200);
        let app = Authenticator::new(&text(&pending["secret"]));
        let ask = json!({ "code": app.code(self.shop.now()) });
        let done = self
            .post("/api/v1/auth/2fa/verify")
            .json(ask)
            .send()
            .await
            .expect(200);
        let codes = done["backup_codes"]
            .as_array()
            .unwrap()
            .iter()
            .map(text)
            .collect();
        // The step that turned it on is used up.
        self.shop.later(30);
        Enrolled {
            app,
            backup_codes: codes,
        }
    }
}

impl Shop {
    /// The first half of a sign-in with a second factor: its challenge.
    pub async fn challenge(&self, email: &str) -> String {
        let asked = self.login(email, PASSWORD).send().await.expect(200);
        assert_eq!(asked["status"], "second_factor_required");
        assert!(asked.get("access_token").is_none() && asked.get("user").is_none());
        text(&asked["challenge"])
    }

    /// The second half, not yet sent.
    pub fn second_factor(&self, challenge: &str, code: &str) -> super::http::Ask<'_> {
        self.post("/api/v1/auth/login/2fa")
            .json(json!({ "challenge": challenge, "code": code }))
    }

    /// Both halves; answers the session.
    pub async fn sign_in_with(&self, email: &str, app: &Authenticator) -> Value {
        let challenge = self.challenge(email).await;
        let answer = self
            .second_factor(&challenge, &app.code(self.now()))
            .send()
            .await
            .expect(200);
        self.later(30);
        answer
    }
}
