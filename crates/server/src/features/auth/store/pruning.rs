//! Rows that have outlived their use, a few hundred at once so that nobody waits for a long unit.

use jiff::Timestamp;
use stockade_platform::db::{DbResult, Writable, sql};

use super::signing_keys::era;

/// Rows removed from each table at once.
pub(crate) const CHUNK: u64 = 400;

/// Nonces whose timestamp no request could carry any more.
pub(crate) async fn nonces(on: &mut impl Writable, signed_before: Timestamp) -> DbResult<u64> {
    sql("DELETE FROM nonces WHERE (era, key_id, nonce) IN
         (SELECT era, key_id, nonce FROM nonces WHERE era < $1 ORDER BY era LIMIT 400)")
    .bind(era(signed_before))
    .run(on)
    .await
}

/// Registrations nobody confirmed.
pub(crate) async fn registrations(on: &mut impl Writable, expired_before: Timestamp) -> DbResult<u64> {
    sql("DELETE FROM registrations WHERE id IN
         (SELECT id FROM registrations WHERE expires_at < $1 ORDER BY expires_at LIMIT 400)")
    .bind(expired_before)
    .run(on)
    .await
}

/// Refresh tokens that would be refused for their age, used or not.
pub(crate) async fn refresh_tokens(on: &mut impl Writable, expired_before: Timestamp) -> DbResult<u64> {
    sql("DELETE FROM refresh_tokens WHERE token_hash IN
         (SELECT token_hash FROM refresh_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT 400)")
    .bind(expired_before)
    .run(on)
    .await
}

/// Counts of mails that no longer count.
pub(crate) async fn mail_quotas(on: &mut impl Writable, counted_before: Timestamp) -> DbResult<u64> {
    sql("DELETE FROM mail_quotas WHERE (address_hash, purpose) IN
         (SELECT address_hash, purpose FROM mail_quotas WHERE since < $1 ORDER BY since LIMIT 400)")
    .bind(counted_before)
    .run(on)
    .await
}

/// Ceremonies of passkeys that nobody answered in time.
pub(crate) async fn passkey_ceremonies(on: &mut impl Writable, expired_before: Timestamp) -> DbResult<u64> {
    sql("DELETE FROM passkey_ceremonies WHERE (purpose, token_hash) IN
         (SELECT purpose, token_hash FROM passkey_ceremonies WHERE expires_at < $1 ORDER BY expires_at LIMIT 400)")
    .bind(expired_before)
    .run(on)
    .await
}

/// Ways to a provider that nobody came back from.
pub(crate) async fn oidc_states(on: &mut impl Writable, expired_before: Timestamp) -> DbResult<u64> {
    sql("DELETE FROM oidc_states WHERE state_hash IN
         (SELECT state_hash FROM oidc_states WHERE expires_at < $1 ORDER BY expires_at LIMIT 400)")
    .bind(expired_before)
    .run(on)
    .await
}
