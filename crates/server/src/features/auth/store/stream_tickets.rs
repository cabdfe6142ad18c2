//! `stream_tickets`: who may open a stream of prices within a minute.

use jiff::Timestamp;
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::db::{DbResult, FromRow, Row, Writable, sql};

/// Whom a ticket stands for.
#[derive(Clone)]
pub(crate) struct Ticket {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    /// What was proven at the sign-in (RFC 8176).
    pub(crate) amr: String,
    pub(crate) auth_time: Timestamp,
}

impl FromRow for Ticket {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            user: row.read()?,
            session: row.read()?,
            amr: row.read()?,
            auth_time: row.read()?,
        })
    }
}

pub(crate) async fn insert(
    on: &mut impl Writable,
    token_hash: [u8; 32],
    ticket: &Ticket,
    expires_at: Timestamp,
) -> DbResult<u64> {
    sql(
        "INSERT INTO stream_tickets (token_hash, user_id, session_id, amr, auth_time, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(token_hash)
    .bind(ticket.user)
    .bind(ticket.session)
    .bind(ticket.amr.as_str())
    .bind(ticket.auth_time)
    .bind(expires_at)
    .run(on)
    .await
}

/// Takes a living ticket out; of two who bring it, one gets it.
pub(crate) async fn take(
    on: &mut impl Writable,
    token_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<Option<Ticket>> {
    sql(
        "DELETE FROM stream_tickets WHERE token_hash = $1 AND expires_at > $2
         RETURNING user_id, session_id, amr, auth_time",
    )
    .bind(token_hash)
    .bind(now)
    .optional(on)
    .await
}
