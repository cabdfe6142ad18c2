//! `sessions` and `refresh_tokens`: a sign-in, and the tokens that descend from it.

use jiff::Timestamp;
use stockade_domain::{
    ids::{DeviceId, SessionId, UserId},
    roles::Role,
};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};

use crate::core::actor::Origin;

/// A sign-in to be stored.
pub(crate) struct NewSession<'a> {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) device: DeviceId,
    pub(crate) device_hash: [u8; 32],
    pub(crate) amr: &'a str,
    pub(crate) origin: &'a Origin,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// A session with its person, as access tokens are checked against.
pub(crate) struct Holder {
    pub(crate) user: UserId,
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) role: Role,
    pub(crate) created_at: Timestamp,
    /// The device the session was opened on.
    pub(crate) device: Option<DeviceId>,
    /// Signed out, or the person may no longer sign in.
    pub(crate) ended: bool,
    /// The person's account is frozen.
    pub(crate) restricted: bool,
}

impl FromRow for Holder {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            user: row.read()?,
            email: row.read()?,
            name: row.read()?,
            role: row.parse()?,
            created_at: row.read()?,
            device: row.read()?,
            ended: row.read::<Option<Timestamp>>()?.is_some() | row.read::<Option<Timestamp>>()?.is_some(),
            restricted: row.read::<Option<Timestamp>>()?.is_some(),
        })
    }
}

/// A refresh token and the session it belongs to.
pub(crate) struct Refresh {
    pub(crate) session: SessionId,
    pub(crate) amr: String,
    pub(crate) device_hash: [u8; 32],
    pub(crate) expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
    pub(crate) used_by: Option<[u8; 32]>,
    pub(crate) holder: Holder,
}

impl FromRow for Refresh {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            session: row.read()?,
            amr: row.read()?,
            device_hash: row.read()?,
            expires_at: row.read()?,
            used_at: row.read()?,
            used_by: row.read()?,
            holder: Holder::from_row(row)?,
        })
    }
}

pub(crate) fn insert(on: &mut impl Writable, session: &NewSession<'_>) -> DbResult<()> {
    sql("INSERT INTO sessions
             (id, user_id, device_id, device_hash, amr, ip, user_agent, created_at, expires_at, last_seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)")
    .bind(session.id)
    .bind(session.user)
    .bind(session.device)
    .bind(session.device_hash)
    .bind(session.amr)
    .bind(session.origin.ip.map(|ip| ip.to_string()))
    .bind(session.origin.user_agent.as_deref())
    .bind(session.created_at)
    .bind(session.expires_at)
    .later(on)
}

/// The session's holder. Starts from the person the token names.
pub(crate) async fn holder(
    on: &mut impl Queryable,
    user: UserId,
    session: SessionId,
) -> DbResult<Option<Holder>> {
    sql(
        "SELECT u.id, u.email, u.name, u.role, s.created_at, s.device_id, s.revoked_at, u.disabled_at, u.restricted_at
         FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.id = $1 AND s.id = $2",
    )
    .bind(user)
    .bind(session)
    .optional(on)
    .await
}

pub(crate) fn insert_refresh(
    on: &mut impl Writable,
    token_hash: [u8; 32],
    session: SessionId,
    expires_at: Timestamp,
) -> DbResult<()> {
    sql("INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)")
        .bind(token_hash)
        .bind(session)
        .bind(expires_at)
        .later(on)
}

/// Reads a refresh token and its session, and keeps both as they are until the unit ends.
pub(crate) async fn lock_refresh(on: &mut impl Queryable, token_hash: [u8; 32]) -> DbResult<Option<Refresh>> {
    sql(
        "SELECT s.id, s.amr, s.device_hash, r.expires_at, r.used_at, r.used_by,
                u.id, u.email, u.name, u.role, s.created_at, s.device_id, s.revoked_at, u.disabled_at, u.restricted_at
         FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id JOIN users u ON u.id = s.user_id
         WHERE r.token_hash = $1",
    )
    .bind(token_hash)
    .for_update()
    .optional(on)
    .await
}

/// Whose living session a refresh token belongs to. One of a session that has ended says nothing about anybody, so that
/// nobody's quota is spent with it.
pub(crate) async fn refresh_owner(
    on: &mut impl Queryable,
    token_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<Option<UserId>> {
    sql(
        "SELECT s.user_id FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id
         WHERE r.token_hash = $1 AND r.expires_at > $2 AND s.revoked_at IS NULL",
    )
    .bind(token_hash)
    .bind(now)
    .optional(on)
    .await
}

/// Turns a refresh token in; false when somebody did before, or it has expired.
pub(crate) async fn use_refresh(
    on: &mut impl Writable,
    token_hash: [u8; 32],
    device_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<bool> {
    let used = sql("UPDATE refresh_tokens SET used_at = $2, used_by = $3
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2")
    .bind(token_hash)
    .bind(now)
    .bind(device_hash)
    .run(on)
    .await?;
    Ok(used == 1)
}

/// Whether a refresh token exists and nobody has turned it in.
pub(crate) async fn is_unused(on: &mut impl Queryable, token_hash: [u8; 32]) -> DbResult<bool> {
    let found: Option<Vec<u8>> =
        sql("SELECT token_hash FROM refresh_tokens WHERE token_hash = $1 AND used_at IS NULL")
            .bind(token_hash)
            .optional(on)
            .await?;
    Ok(found.is_some())
}

/// The session lives as long as its newest refresh token.
pub(crate) fn extend(on: &mut impl Writable, session: SessionId, expires_at: Timestamp) -> DbResult<()> {
    sql("UPDATE sessions SET expires_at = $2 WHERE id = $1")
        .bind(session)
        .bind(expires_at)
        .later(on)
}

/// Revokes one session of a person; false when it was revoked before.
pub(crate) async fn revoke(
    on: &mut impl Writable,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> DbResult<bool> {
    let revoked =
        sql("UPDATE sessions SET revoked_at = $3 WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL")
            .bind(user)
            .bind(session)
            .bind(now)
            .run(on)
            .await?;
    Ok(revoked == 1)
}

/// Revokes all sessions of a person that still live, and answers which they were.
pub(crate) async fn revoke_all(
    on: &mut impl Writable,
    user: UserId,
    now: Timestamp,
) -> DbResult<Vec<SessionId>> {
    sql("UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 RETURNING id")
        .bind(user)
        .bind(now)
        .all(on)
        .await
}

/// Revokes the sessions of a person that still live but one, and answers which they were.
pub(crate) async fn revoke_others(
    on: &mut impl Writable,
    user: UserId,
    kept: SessionId,
    now: Timestamp,
) -> DbResult<Vec<SessionId>> {
    sql("UPDATE sessions SET revoked_at = $3
         WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > $3 RETURNING id")
    .bind(user)
    .bind(kept)
    .bind(now)
    .all(on)
    .await
}

/// Revokes the sessions of a person's device that still live, and answers which they were.
pub(crate) async fn revoke_of_device(
    on: &mut impl Writable,
    user: UserId,
    device: DeviceId,
    now: Timestamp,
) -> DbResult<Vec<SessionId>> {
    sql("UPDATE sessions SET revoked_at = $3
         WHERE user_id = $1 AND device_id = $2 AND revoked_at IS NULL AND expires_at > $3 RETURNING id")
    .bind(user)
    .bind(device)
    .bind(now)
    .all(on)
    .await
}

/// A living session as its owner sees it.
pub(crate) struct Living {
    pub(crate) id: SessionId,
    pub(crate) device: Option<DeviceId>,
    pub(crate) ip: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Option<Timestamp>,
}

impl FromRow for Living {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            device: row.read()?,
            ip: row.read()?,
            user_agent: row.read()?,
            created_at: row.read()?,
            last_seen_at: row.read()?,
        })
    }
}

/// A person's living sessions, the one seen last first.
pub(crate) async fn living(on: &mut impl Queryable, user: UserId, now: Timestamp) -> DbResult<Vec<Living>> {
    sql(
        "SELECT id, device_id, ip, user_agent, created_at, last_seen_at FROM sessions
         WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC",
    )
    .bind(user)
    .bind(now)
    .all(on)
    .await
}

/// Moves a session's last sight forward.
pub(crate) fn set_last_seen(
    on: &mut impl Writable,
    user: UserId,
    session: SessionId,
    at: Timestamp,
) -> DbResult<()> {
    sql("UPDATE sessions SET last_seen_at = $3 WHERE user_id = $1 AND id = $2 AND last_seen_at < $3")
        .bind(user)
        .bind(session)
        .bind(at)
        .later(on)
}

/// Notes that a session's owner says it was not them, if it was opened after an instant and they had not said so; answers
/// its device, and when it was opened.
pub(crate) async fn disown(
    on: &mut impl Writable,
    user: UserId,
    session: SessionId,
    opened_after: Timestamp,
    now: Timestamp,
) -> DbResult<Option<(Option<DeviceId>, Timestamp)>> {
    sql("UPDATE sessions SET disowned_at = $4
         WHERE user_id = $1 AND id = $2 AND created_at > $3 AND disowned_at IS NULL
         RETURNING device_id, created_at")
    .bind(user)
    .bind(session)
    .bind(opened_after)
    .bind(now)
    .optional(on)
    .await
}

/// Sessions that were revoked in a stretch of time, both ends included.
pub(crate) async fn revoked(
    on: &mut impl Queryable,
    from: Timestamp,
    until: Timestamp,
) -> DbResult<Vec<SessionId>> {
    sql("SELECT id FROM sessions WHERE revoked_at IS NOT NULL AND revoked_at >= $1 AND revoked_at <= $2")
        .bind(from)
        .bind(until)
        .all(on)
        .await
}
