//! What erasing a person does to the tables of accounts: their row and the rows of their sessions stay without anything
//! personal, because the ledger and the log refer to them; the rest goes.

use jiff::Timestamp;
use stockade_domain::{email::EmailAddress, ids::UserId};
use stockade_platform::db::{DbResult, Query, Queryable, Writable, sql};

/// The person's address, locked until the unit ends; `None` when they are erased already.
pub(crate) async fn lock(on: &mut impl Queryable, user: UserId) -> DbResult<Option<EmailAddress>> {
    let found: Option<(String,)> = sql("SELECT email FROM users WHERE id = $1 AND disabled_at IS NULL")
        .bind(user)
        .for_update()
        .optional(on)
        .await?;
    Ok(found.and_then(|(email,)| email.parse().ok()))
}

/// Everything that lets somebody in, or that names them. None of the statements depends on another's answer.
pub(crate) fn forget(user: UserId, email: &EmailAddress, now: Timestamp) -> Vec<Query> {
    let of_user = [
        "DELETE FROM totp_secrets WHERE user_id = $1",
        "DELETE FROM backup_codes WHERE user_id = $1",
        "DELETE FROM passkeys WHERE user_id = $1",
        "DELETE FROM passkey_handles WHERE user_id = $1",
        "DELETE FROM oidc_links WHERE user_id = $1",
        "DELETE FROM oidc_states WHERE user_id = $1",
        "DELETE FROM failure_counters WHERE user_id = $1",
        "DELETE FROM sign_in_challenges WHERE user_id = $1",
        "DELETE FROM step_ups WHERE user_id = $1",
        "DELETE FROM stream_tickets WHERE user_id = $1",
        "DELETE FROM mail_links WHERE user_id = $1",
        "DELETE FROM compromise_indicators WHERE user_id = $1",
        "DELETE FROM restorations WHERE user_id = $1",
        "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
    ];
    let of_address = [
        "DELETE FROM registrations WHERE email = $1",
        "DELETE FROM mail_requests WHERE email = $1",
    ];
    // No one can type this address into a mail program, and no password has this hash.
    let nobody = format!("erased-{user}@erased.invalid");
    let mut queries: Vec<Query> = of_user.into_iter().map(|text| sql(text).bind(user)).collect();
    queries.extend(of_address.into_iter().map(|text| sql(text).bind(email.as_str())));
    queries.push(
        sql("UPDATE sessions SET ip = NULL, user_agent = NULL, device_hash = $2 WHERE user_id = $1")
            .bind(user)
            .bind([0; 32]),
    );
    queries.push(
        sql(
            "UPDATE users SET email = $2, name = NULL, password_hash = '', disabled_at = $3,
             restricted_at = NULL, restricted_why = NULL, compromised_since = NULL WHERE id = $1",
        )
        .bind(user)
        .bind(nobody)
        .bind(now),
    );
    queries
}

/// The keys that sign for the person, with their names and sealed secrets.
pub(crate) async fn drop_signing_keys(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("DELETE FROM signing_keys WHERE owner_id = $1")
        .bind(user)
        .run(on)
        .await?;
    Ok(())
}
