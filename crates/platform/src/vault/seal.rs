//! The one form all sealed bytes have: a clear head, a random nonce, the ciphertext, the tag.
//!
//! The head is `version, key id`. It is authenticated together with the context, so nothing in it can be exchanged.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::SecretSlice;
use uuid::Uuid;

use super::VaultError;
use crate::random;

/// The only form so far.
const VERSION: u8 = 1;
/// Version and key id.
const HEAD: usize = 1 + 16;
const TAG: usize = 16;

/// An AES-256-GCM key. The library wipes its schedule when it is dropped.
pub(super) struct SealingKey(LessSafeKey);

impl SealingKey {
    pub(super) fn new(bytes: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes are an AES-256 key");
        Self(LessSafeKey::new(key))
    }

    /// Seals `clear` under `id`, bound to `context`.
    pub(super) fn seal(&self, id: Uuid, context: &[&[u8]], clear: &[u8]) -> Vec<u8> {
        let nonce = random::unique::<NONCE_LEN>();
        let mut out = Vec::with_capacity(HEAD + NONCE_LEN + clear.len() + TAG);
        out.push(VERSION);
        out.extend_from_slice(id.as_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(clear);
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated_data(id, context)),
                &mut out[HEAD + NONCE_LEN..],
            )
            .expect("a field is far below the 64 GiB that GCM can seal");
        out.extend_from_slice(tag.as_ref());
        out
    }

    /// Opens what [`SealingKey::seal`] made under the same id and context.
    pub(super) fn open(&self, context: &[&[u8]], sealed: &[u8]) -> Result<SecretSlice<u8>, VaultError> {
        let id = key_id(sealed)?;
        let (nonce, rest) = sealed[HEAD..].split_at(NONCE_LEN);
        let (ciphertext, tag) = rest.split_at(rest.len() - TAG);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Tampered)?;
        // Exactly as long as the clear bytes, so that no copy stays behind when the box is made.
        let mut clear = vec![0; ciphertext.len()];
        self.0
            .open_separate_gather(
                nonce,
                Aad::from(associated_data(id, context)),
                ciphertext,
                tag,
                &mut clear,
            )
            .map_err(|_| VaultError::Tampered)?;
        Ok(clear.into())
    }
}

/// The id in the head of sealed bytes, not yet authenticated.
pub(super) fn key_id(sealed: &[u8]) -> Result<Uuid, VaultError> {
    if sealed.len() < HEAD + NONCE_LEN + TAG || sealed[0] != VERSION {
        return Err(VaultError::Tampered);
    }
    Uuid::from_slice(&sealed[1..HEAD]).map_err(|_| VaultError::Tampered)
}

/// Version, then every part with its length in front, so that no two contexts give the same bytes.
fn associated_data(id: Uuid, context: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![VERSION];
    for part in context.iter().copied().chain([id.as_bytes().as_slice()]) {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}
