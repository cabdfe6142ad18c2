//! Ways into an account that were made since an instant, whatever table they lie in.

use jiff::Timestamp;
use stockade_domain::ids::{PasskeyId, SigningKeyId, UserId};
use stockade_platform::db::{DbResult, FromRow, Query, Row, Writable, sql};

/// What waits for somebody's next step: a sign-in for its second factor, a proof, a link to a provider, a stream.
pub(crate) fn forget_begun(user: UserId) -> Vec<Query> {
    let of_user = [
        "DELETE FROM sign_in_challenges WHERE user_id = $1",
        "DELETE FROM step_ups WHERE user_id = $1",
        "DELETE FROM oidc_states WHERE user_id = $1",
        "DELETE FROM stream_tickets WHERE user_id = $1",
    ];
    of_user.into_iter().map(|text| sql(text).bind(user)).collect()
}

/// Revokes the keys that were made to sign, and answers which they were. Those of sessions end with their sessions.
pub(crate) async fn revoke_signing_keys(
    on: &mut impl Writable,
    user: UserId,
    since: Timestamp,
    now: Timestamp,
) -> DbResult<Vec<SigningKeyId>> {
    sql("UPDATE signing_keys SET revoked_at = $3
         WHERE owner_id = $1 AND created_at >= $2 AND session_id IS NULL AND revoked_at IS NULL RETURNING id")
    .bind(user)
    .bind(since)
    .bind(now)
    .all(on)
    .await
}

struct WasActive(bool);

impl FromRow for WasActive {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self(row.read::<Option<Timestamp>>()?.is_some()))
    }
}

/// Takes away the authenticator app; answers whether it was on.
pub(crate) async fn drop_totp(on: &mut impl Writable, user: UserId, since: Timestamp) -> DbResult<bool> {
    let dropped: Option<WasActive> =
        sql("DELETE FROM totp_secrets WHERE user_id = $1 AND created_at >= $2 RETURNING activated_at")
            .bind(user)
            .bind(since)
            .optional(on)
            .await?;
    Ok(dropped.is_some_and(|WasActive(on)| on))
}

/// Takes away the passkeys that were added since an instant, and answers which they were.
pub(crate) async fn drop_passkeys(
    on: &mut impl Writable,
    user: UserId,
    since: Timestamp,
) -> DbResult<Vec<PasskeyId>> {
    sql("DELETE FROM passkeys WHERE user_id = $1 AND created_at >= $2 RETURNING id")
        .bind(user)
        .bind(since)
        .all(on)
        .await
}

/// Takes away the providers that were linked since an instant, and answers which they were.
pub(crate) async fn drop_links(
    on: &mut impl Writable,
    user: UserId,
    since: Timestamp,
) -> DbResult<Vec<String>> {
    let rows: Vec<(String,)> =
        sql("DELETE FROM oidc_links WHERE user_id = $1 AND created_at >= $2 RETURNING provider")
            .bind(user)
            .bind(since)
            .all(on)
            .await?;
    Ok(rows.into_iter().map(|(provider,)| provider).collect())
}
