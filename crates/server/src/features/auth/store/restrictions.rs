//! `compromise_indicators` and `restorations`, and what a restriction does to other tables of accounts.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

use super::failure_counters::Failing;

/// A sign of a stranger in an account.
pub(crate) struct Met {
    pub(crate) indicator: String,
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
}

impl FromRow for Met {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            indicator: row.read()?,
            first_at: row.read()?,
            last_at: row.read()?,
        })
    }
}

/// Notes that an indicator was met now; one last met before `since` is met for the first time again.
pub(crate) fn note(
    on: &mut impl Writable,
    user: UserId,
    indicator: &str,
    since: Timestamp,
    now: Timestamp,
) -> DbResult<()> {
    sql(
        "INSERT INTO compromise_indicators (user_id, indicator, first_at, last_at) VALUES ($1, $2, $4, $4)
         ON CONFLICT (user_id, indicator) DO UPDATE SET
             first_at = CASE WHEN compromise_indicators.last_at < $3 THEN $4 ELSE compromise_indicators.first_at END,
             last_at = $4",
    )
    .bind(user)
    .bind(indicator)
    .bind(since)
    .bind(now)
    .later(on)
}

/// The indicators met since an instant, the first first.
pub(crate) async fn indicators(
    on: &mut impl Queryable,
    user: UserId,
    since: Timestamp,
) -> DbResult<Vec<Met>> {
    sql("SELECT indicator, first_at, last_at FROM compromise_indicators
         WHERE user_id = $1 AND last_at >= $2 ORDER BY first_at, indicator")
    .bind(user)
    .bind(since)
    .all(on)
    .await
}

/// Restricts an account; false when it is restricted already. `since` is when the first sign was met.
pub(crate) async fn restrict(
    on: &mut impl Writable,
    user: UserId,
    why: &str,
    since: Timestamp,
    now: Timestamp,
) -> DbResult<bool> {
    let restricted = sql(
        "UPDATE users SET restricted_at = $2, restricted_why = $3, compromised_since = $4
         WHERE id = $1 AND restricted_at IS NULL AND disabled_at IS NULL",
    )
    .bind(user)
    .bind(now)
    .bind(why)
    .bind(since)
    .run(on)
    .await?;
    Ok(restricted == 1)
}

/// Whether an account is restricted.
pub(crate) async fn is_restricted(on: &mut impl Queryable, user: UserId) -> DbResult<bool> {
    let found: Option<UserId> = sql("SELECT id FROM users WHERE id = $1 AND restricted_at IS NOT NULL")
        .bind(user)
        .optional(on)
        .await?;
    Ok(found.is_some())
}

/// When the first sign was met that led to the restriction; `None` when the account is not restricted.
pub(crate) async fn compromised_since(on: &mut impl Queryable, user: UserId) -> DbResult<Option<Timestamp>> {
    let found: Option<(Timestamp,)> = sql("SELECT COALESCE(compromised_since, restricted_at) FROM users
         WHERE id = $1 AND restricted_at IS NOT NULL")
    .bind(user)
    .optional(on)
    .await?;
    Ok(found.map(|(since,)| since))
}

/// A restoration that somebody asks for.
pub(crate) struct NewRestoration<'a> {
    pub(crate) user: UserId,
    pub(crate) by: UserId,
    pub(crate) by_administrator: bool,
    pub(crate) identity_check: &'a str,
    pub(crate) asked_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// One that was asked for.
pub(crate) struct Asked {
    pub(crate) by: Uuid,
    pub(crate) by_administrator: bool,
    pub(crate) identity_check: String,
    pub(crate) asked_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl FromRow for Asked {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            by: row.read()?,
            by_administrator: row.read()?,
            identity_check: row.read()?,
            asked_at: row.read()?,
            expires_at: row.read()?,
        })
    }
}

/// Stores that a restoration was asked for, in place of one whose time is over.
pub(crate) fn ask_for_restoration(on: &mut impl Writable, asked: &NewRestoration<'_>) -> DbResult<()> {
    sql(
        "INSERT INTO restorations (user_id, asked_by, by_administrator, identity_check, asked_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id) DO UPDATE SET asked_by = excluded.asked_by, by_administrator = excluded.by_administrator,
             identity_check = excluded.identity_check, asked_at = excluded.asked_at, expires_at = excluded.expires_at",
    )
    .bind(asked.user)
    .bind(asked.by)
    .bind(asked.by_administrator)
    .bind(asked.identity_check)
    .bind(asked.asked_at)
    .bind(asked.expires_at)
    .later(on)
}

/// The restoration that waits for a second person.
pub(crate) async fn restoration(
    on: &mut impl Queryable,
    user: UserId,
    now: Timestamp,
) -> DbResult<Option<Asked>> {
    sql(
        "SELECT asked_by, by_administrator, identity_check, asked_at, expires_at FROM restorations
         WHERE user_id = $1 AND expires_at > $2",
    )
    .bind(user)
    .bind(now)
    .optional(on)
    .await
}

/// Opens an account again, for whoever resets its password: the restriction ends, and with it the second factor with its
/// codes, and what was noted. None of the statements depends on another's answer.
pub(crate) fn reset(user: UserId, now: Timestamp) -> Vec<Query> {
    let of_user = [
        "DELETE FROM restorations WHERE user_id = $1",
        "DELETE FROM compromise_indicators WHERE user_id = $1",
        "DELETE FROM totp_secrets WHERE user_id = $1",
        "DELETE FROM backup_codes WHERE user_id = $1",
        "DELETE FROM failure_counters WHERE user_id = $1",
        "DELETE FROM sign_in_challenges WHERE user_id = $1",
        "DELETE FROM step_ups WHERE user_id = $1",
        "DELETE FROM mail_links WHERE user_id = $1",
    ];
    let mut queries: Vec<Query> = of_user.into_iter().map(|text| sql(text).bind(user)).collect();
    queries.push(
        sql(
            "UPDATE users SET restricted_at = NULL, restricted_why = NULL, compromised_since = NULL,
                 locked_to_recovery_at = $2, credentials_changed_at = $2 WHERE id = $1",
        )
        .bind(user)
        .bind(now),
    );
    queries
}

/// How an account stands.
pub(crate) struct Closed {
    pub(crate) restricted_at: Option<Timestamp>,
    pub(crate) restricted_why: Option<String>,
    pub(crate) in_recovery: bool,
}

impl FromRow for Closed {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            restricted_at: row.read()?,
            restricted_why: row.read()?,
            in_recovery: row.read::<Option<Timestamp>>()?.is_some(),
        })
    }
}

pub(crate) async fn standing(on: &mut impl Queryable, user: UserId) -> DbResult<Closed> {
    sql("SELECT restricted_at, restricted_why, locked_to_recovery_at FROM users WHERE id = $1")
        .bind(user)
        .one(on)
        .await
}

/// What of an account is locked.
pub(crate) async fn locks(
    on: &mut impl Queryable,
    user: UserId,
    now: Timestamp,
    confirm_after: i64,
) -> DbResult<Vec<Failing>> {
    sql(
        "SELECT c.user_id, u.email, c.authenticator, c.device_id, c.in_a_row, c.locked_until
         FROM failure_counters c JOIN users u ON u.id = c.user_id
         WHERE c.user_id = $1 AND (c.locked_until > $2 OR (c.in_a_row >= $3 AND c.in_a_row > 0))
         ORDER BY c.authenticator, c.device_id",
    )
    .bind(user)
    .bind(now)
    .bind(confirm_after)
    .all(on)
    .await
}

const RESTRICTED: &str = "SELECT id FROM users WHERE restricted_at IS NOT NULL AND id > $1";
const IN_RECOVERY: &str = "SELECT id FROM users
    WHERE locked_to_recovery_at IS NOT NULL AND disabled_at IS NULL AND id > $1";
/// The second condition says what the index says, so that it serves.
const LOCKED: &str = "SELECT user_id AS id FROM failure_counters
    WHERE user_id > $1 AND (locked_until > $2 OR (in_a_row >= $3 AND in_a_row > 0))";

/// Accounts that are restricted, by id.
pub(crate) async fn restricted(on: &mut impl Queryable, after: Uuid, most: i64) -> DbResult<Vec<Uuid>> {
    let query = sql(format!("{RESTRICTED} ORDER BY id LIMIT $2"))
        .bind(after)
        .bind(most);
    ids(query, on).await
}

/// Accounts whose owner must reset the password, by id.
pub(crate) async fn in_recovery(on: &mut impl Queryable, after: Uuid, most: i64) -> DbResult<Vec<Uuid>> {
    let query = sql(format!("{IN_RECOVERY} ORDER BY id LIMIT $2"))
        .bind(after)
        .bind(most);
    ids(query, on).await
}

/// Accounts of which something is locked, by id.
pub(crate) async fn locked(
    on: &mut impl Queryable,
    after: Uuid,
    now: Timestamp,
    confirm_after: i64,
    most: i64,
) -> DbResult<Vec<Uuid>> {
    let query = sql(format!(
        "SELECT DISTINCT id FROM ({LOCKED}) AS locked ORDER BY id LIMIT $4"
    ))
    .bind(after)
    .bind(now)
    .bind(confirm_after)
    .bind(most);
    ids(query, on).await
}

/// All of these, by id.
pub(crate) async fn closed(
    on: &mut impl Queryable,
    after: Uuid,
    now: Timestamp,
    confirm_after: i64,
    most: i64,
) -> DbResult<Vec<Uuid>> {
    let text = format!(
        "SELECT id FROM ({RESTRICTED} UNION {IN_RECOVERY} UNION {LOCKED}) AS closed ORDER BY id LIMIT $4"
    );
    let query = sql(text).bind(after).bind(now).bind(confirm_after).bind(most);
    ids(query, on).await
}

async fn ids(query: Query, on: &mut impl Queryable) -> DbResult<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = query.all(on).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many accounts have something locked now, and how many are restricted.
pub(crate) async fn counts(
    on: &mut impl Queryable,
    now: Timestamp,
    confirm_after: i64,
) -> DbResult<(i64, i64)> {
    let locked: i64 = sql(format!("SELECT COUNT(DISTINCT id) FROM ({LOCKED}) AS locked"))
        .bind(Uuid::nil())
        .bind(now)
        .bind(confirm_after)
        .one(on)
        .await?;
    let restricted: i64 = sql("SELECT COUNT(*) FROM users WHERE restricted_at IS NOT NULL")
        .one(on)
        .await?;
    Ok((locked, restricted))
}
