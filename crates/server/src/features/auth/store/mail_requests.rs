//! `mail_requests`: mails that strangers asked for, and `mail_quotas`: how many an address got.

use jiff::Timestamp;
use stockade_domain::{email::EmailAddress, ids::RequestId};
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Tx, Writable, sql};
use uuid::Uuid;

use crate::core::actor::Origin;
use crate::features::auth::mail_purpose::MailPurpose;

/// A mail that somebody asked for.
#[derive(Clone)]
pub(crate) struct MailRequest {
    pub(crate) id: Uuid,
    pub(crate) purpose: MailPurpose,
    pub(crate) email: EmailAddress,
    /// The registration that it is about.
    pub(crate) registration: Option<Uuid>,
    /// Where the asking request came from.
    pub(crate) origin: Origin,
}

impl FromRow for MailRequest {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            purpose: row.parse()?,
            email: row.parse()?,
            registration: row.read()?,
            origin: Origin {
                request_id: row.read::<Option<Uuid>>()?.map(RequestId::from_uuid),
                ip: row.read::<Option<String>>()?.and_then(|ip| ip.parse().ok()),
                user_agent: row.read::<Option<String>>()?.map(Into::into),
            },
        })
    }
}

pub(crate) fn insert(on: &mut impl Writable, request: &MailRequest, now: Timestamp) -> DbResult<()> {
    let origin = &request.origin;
    sql(
        "INSERT INTO mail_requests (id, purpose, email, registration_id, request_id, ip, user_agent, turn_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(request.id)
    .bind(request.purpose.as_str())
    .bind(request.email.as_str())
    .bind(request.registration)
    .bind(origin.request_id.map(|id| id.as_uuid()))
    .bind(origin.ip.map(|ip| ip.to_string()))
    .bind(origin.user_agent.as_deref())
    .bind(now)
    .later(on)
}

/// Whether any request's turn has come.
pub(crate) async fn any_due(on: &mut impl Queryable, now: Timestamp) -> DbResult<bool> {
    let due: Option<Uuid> = sql("SELECT id FROM mail_requests WHERE turn_at <= $1 LIMIT 1")
        .bind(now)
        .optional(on)
        .await?;
    Ok(due.is_some())
}

/// Leases requests whose turn it is until `lease`, oldest first. The condition stands twice, since on PostgreSQL two
/// instances may choose the same rows.
pub(crate) async fn claim(tx: &mut Tx, now: Timestamp, lease: Timestamp) -> DbResult<Vec<MailRequest>> {
    let mut claimed: Vec<MailRequest> = sql("UPDATE mail_requests SET turn_at = $2
         WHERE turn_at <= $1 AND id IN
             (SELECT id FROM mail_requests WHERE turn_at <= $1 ORDER BY turn_at, id LIMIT 50)
         RETURNING id, purpose, email, registration_id, request_id, ip, user_agent")
    .bind(now)
    .bind(lease)
    .all(tx)
    .await?;
    claimed.sort_by_key(|request| request.id);
    Ok(claimed)
}

/// Takes a request out, since it is answered.
pub(crate) fn answered(id: Uuid) -> Query {
    sql("DELETE FROM mail_requests WHERE id = $1").bind(id)
}

/// Counts one more mail to an address and answers how many that makes since `since`, or since the first one after it.
pub(crate) async fn count_mail(
    on: &mut impl Writable,
    address_hash: [u8; 32],
    purpose: MailPurpose,
    now: Timestamp,
    since: Timestamp,
) -> DbResult<i64> {
    sql(
        "INSERT INTO mail_quotas (address_hash, purpose, since, mails) VALUES ($1, $2, $3, 1)
         ON CONFLICT (address_hash, purpose) DO UPDATE SET
             mails = CASE WHEN mail_quotas.since <= $4 THEN 1 ELSE mail_quotas.mails + 1 END,
             since = CASE WHEN mail_quotas.since <= $4 THEN excluded.since ELSE mail_quotas.since END
         RETURNING mails",
    )
    .bind(address_hash)
    .bind(purpose.as_str())
    .bind(now)
    .bind(since)
    .one(on)
    .await
}
