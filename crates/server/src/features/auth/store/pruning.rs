//! Rows that have outlived their use, a few hundred at once so that nobody waits for a long unit.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use stockade_platform::db::{Query, sql};

use super::signing_keys::era;

/// Rows removed from each table at once.
pub(crate) const CHUNK: u64 = 400;

/// What could be presented again is kept this long after its end, so that its reuse is still told apart.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Removes what has outlived its use, a statement a table. A signature is accepted within `signing_window` of now.
pub(crate) fn outlived(now: Timestamp, signing_window: Duration) -> Vec<Query> {
    let repeatable = era(now - signing_window - signing_window);
    vec![
        older("FROM nonces_even", "era, nonce, key_id", "era").bind(repeatable),
        older("FROM nonces_odd", "era, nonce, key_id", "era").bind(repeatable),
        older("FROM registrations", "id", "expires_at").bind(now - KEPT),
        older("FROM refresh_tokens", "token_hash", "expires_at").bind(now - KEPT),
        older("FROM mail_quotas", "address_hash, purpose", "since").bind(now - KEPT),
        older("FROM sign_in_challenges", "token_hash", "expires_at").bind(now),
        older("FROM step_ups", "id", "expires_at").bind(now - KEPT),
        older("FROM passkey_ceremonies", "purpose, token_hash", "expires_at").bind(now),
        older("FROM stream_tickets", "token_hash", "expires_at").bind(now),
        older("FROM oidc_states", "state_hash", "expires_at").bind(now),
    ]
}

/// Removes the oldest rows whose `column` is below what is bound.
fn older(from: &str, key: &str, column: &str) -> Query {
    sql(format!(
        "DELETE {from} WHERE ({key}) IN
         (SELECT {key} {from} WHERE {column} < $1 ORDER BY {column} LIMIT {CHUNK})"
    ))
}
