//! A device with a passkey, written from WebAuthn Level 3 and RFC 9052 alone, so that it does not share the server's
//! mistakes. It signs whatever it is told to, also what no sound device would.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};
use stockade_platform::random;

use super::{
    http::Ask,
    people::{Customer, PASSWORD, Tokens, text},
    shop::Shop,
};

/// Where the server says it is, unless the story says otherwise.
pub const ORIGIN: &str = "http://localhost:8000";

/// Flags of authenticator data (§6.1).
const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;

/// A device that holds one key.
pub struct Device {
    key: EcdsaKeyPair,
    pub credential_id: Vec<u8>,
    /// What the server calls the person.
    pub handle: Option<Vec<u8>>,
    /// Whose page the browser says it is on.
    pub origin: String,
    pub rp_id: String,
    /// Whether it has seen that it is its owner.
    pub verifies: bool,
    pub cross_origin: bool,
    /// Whether it counts its signatures; synchronised keys do not.
    pub counts: bool,
    /// Signatures so far; the next carries one more.
    pub count: u32,
}

impl Device {
    pub fn new() -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"),
            credential_id: random::bytes::<32>().to_vec(),
            handle: None,
            origin: ORIGIN.to_owned(),
            rp_id: "localhost".to_owned(),
            verifies: true,
            cross_origin: false,
            counts: true,
            count: 0,
        }
    }

    /// `navigator.credentials.create(…)`, as JSON (§7.1, attestation `none`).
    pub fn create(&mut self, options: &Value) -> Value {
        self.handle = Some(BASE64.decode(text(&options["user"]["id"])).expect("a handle"));
        let length = u16::try_from(self.credential_id.len()).expect("a short id");
        let mut data = self.authenticator_data(HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(length.to_be_bytes());
        data.extend(&self.credential_id);
        data.extend(self.cose_key());
        // {"fmt": "none", "attStmt": {}, "authData": h'…'} in CBOR (RFC 8949 §3).
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        attestation.extend(u16::try_from(data.len()).expect("little data").to_be_bytes());
        attestation.extend(&data);
        let client_data = self.client_data("webauthn.create", options);
        self.answer(json!({
            "clientDataJSON": BASE64.encode(client_data),
            "attestationObject": BASE64.encode(attestation),
            "transports": ["internal"],
        }))
    }

    /// `navigator.credentials.get(…)`, as JSON (§7.2).
    pub fn sign(&mut self, options: &Value) -> Value {
        self.count += u32::from(self.counts);
        let data = self.authenticator_data(0);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [&data[..], digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        self.answer(json!({
            "clientDataJSON": BASE64.encode(client_data),
            "authenticatorData": BASE64.encode(data),
            "signature": BASE64.encode(signature),
            "userHandle": self.handle.as_ref().map(|handle| BASE64.encode(handle)),
        }))
    }

    fn answer(&self, response: Value) -> Value {
        let id = BASE64.encode(&self.credential_id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.cross_origin,
        })
        .to_string()
    }

    fn authenticator_data(&self, more: u8) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(USER_PRESENT | verified | more);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// {1: 2, 3: -7, -1: 1, -2: x, -3: y}: ES256 on P-256 (RFC 9053 §2.1, §7.1).
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend(x);
        key.extend(b"\x22\x58\x20");
        key.extend(y);
        key
    }
}

/// Somebody who just added a passkey.
pub struct WithPasskey {
    pub device: Device,
    pub id: String,
    pub backup_codes: Vec<Value>,
}

impl Customer<'_> {
    /// Adds a passkey as the first second factor.
    pub async fn add_passkey(&self, name: &str) -> WithPasskey {
        let ask = self.post("/api/v1/auth/passkeys/register/start");
        let begun = ask.json(json!({ "password": PASSWORD })).send().await.expect(200);
        self.keep_passkey(&begun["options"], name).await
    }

    /// Lets a new device answer.
    pub async fn keep_passkey(&self, options: &Value, name: &str) -> WithPasskey {
        let mut device = Device::new();
        let credential = device.create(options);
        let added = self.finish_passkey(name, &credential).send().await.expect(201);
        WithPasskey {
            device,
            id: text(&added["passkey"]["id"]),
            backup_codes: added["backup_codes"].as_array().unwrap().clone(),
        }
    }

    /// What a device made, not yet sent.
    pub fn finish_passkey(&self, name: &str, credential: &Value) -> Ask<'_> {
        self.post("/api/v1/auth/passkeys/register/finish")
            .json(json!({ "name": name, "credential": credential }))
    }
}

impl Shop {
    /// Begins a sign-in with a passkey.
    pub async fn passkey_challenge(&self) -> Value {
        self.post("/api/v1/auth/passkeys/login/start")
            .send()
            .await
            .expect(200)
    }

    /// A device's answer, not yet sent.
    pub fn passkey_login(&self, begun: &Value, credential: &Value) -> Ask<'_> {
        self.post("/api/v1/auth/passkeys/login/finish")
            .json(json!({ "challenge": begun["challenge"], "credential": credential }))
    }

    /// Signs in with a passkey alone.
    pub async fn passkey_sign_in(&self, device: &mut Device) -> Value {
        let begun = self.passkey_challenge().await;
        let credential = device.sign(&begun["options"]);
        self.passkey_login(&begun, &credential).send().await.expect(200)
    }

    /// The request with a passkey's proof for it.
    pub async fn stepped_up_by<'a>(
        &'a self,
        device: &mut Device,
        tokens: &Tokens,
        request: Ask<'a>,
    ) -> Ask<'a> {
        let refused = request.clone().send().await.refused(403, "step_up.required");
        let begun = self.begin_step_up(tokens, &refused).await;
        let ask = json!({ "challenge": begun["challenge"], "assertion": device.sign(&begun["passkey"]) });
        let proven = self.prove_step_up(tokens, ask).send().await.expect(200);
        request.header("x-step-up", text(&proven["proof"]))
    }
}
