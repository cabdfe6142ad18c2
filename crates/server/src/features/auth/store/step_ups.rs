//! `step_ups`: proofs of who is asking, each for one operation of one session.

use jiff::Timestamp;
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A step-up that was asked for.
pub(crate) struct NewStepUp<'a> {
    pub(crate) id: Uuid,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) challenge_hash: [u8; 32],
    pub(crate) operation: &'a str,
    pub(crate) mailed_code_hash: Option<[u8; 32]>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// A step-up that is still to be proven.
pub(crate) struct Pending {
    pub(crate) id: Uuid,
    pub(crate) operation: String,
    pub(crate) mailed_code_hash: Option<[u8; 32]>,
}

impl FromRow for Pending {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            operation: row.read()?,
            mailed_code_hash: row.read()?,
        })
    }
}

pub(crate) fn insert(on: &mut impl Writable, step_up: &NewStepUp<'_>) -> DbResult<()> {
    sql("INSERT INTO step_ups
             (id, user_id, session_id, challenge_hash, operation, mailed_code_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(step_up.id)
    .bind(step_up.user)
    .bind(step_up.session)
    .bind(step_up.challenge_hash)
    .bind(step_up.operation)
    .bind(step_up.mailed_code_hash)
    .bind(step_up.created_at)
    .bind(step_up.expires_at)
    .later(on)
}

/// Step-ups a session asked for after an instant.
pub(crate) async fn asked_since(
    on: &mut impl Queryable,
    session: SessionId,
    since: Timestamp,
) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM step_ups WHERE session_id = $1 AND created_at > $2")
        .bind(session)
        .bind(since)
        .one(on)
        .await
}

/// The living step-up of this session that waits for its proof.
pub(crate) async fn pending(
    on: &mut impl Queryable,
    (user, session): (UserId, SessionId),
    challenge_hash: [u8; 32],
    now: Timestamp,
) -> DbResult<Option<Pending>> {
    sql("SELECT id, operation, mailed_code_hash FROM step_ups
         WHERE user_id = $1 AND session_id = $2 AND challenge_hash = $3 AND proof_hash IS NULL AND expires_at > $4")
    .bind(user)
    .bind(session)
    .bind(challenge_hash)
    .bind(now)
    .optional(on)
    .await
}

/// Marks a step-up as proven; false when somebody proved it meanwhile.
pub(crate) async fn prove(
    on: &mut impl Writable,
    id: Uuid,
    proof_hash: [u8; 32],
    expires_at: Timestamp,
) -> DbResult<bool> {
    let proven =
        sql("UPDATE step_ups SET proof_hash = $2, expires_at = $3 WHERE id = $1 AND proof_hash IS NULL")
            .bind(id)
            .bind(proof_hash)
            .bind(expires_at)
            .run(on)
            .await?;
    Ok(proven == 1)
}

/// The statement that uses a proof up: it changes one row when the proof is this session's, for this operation, alive
/// and unused, and none otherwise.
pub(crate) fn consume(
    (user, session): (UserId, SessionId),
    proof_hash: [u8; 32],
    operation: &str,
    now: Timestamp,
) -> Query {
    sql(
        "UPDATE step_ups SET used_at = $5 WHERE proof_hash = $3 AND user_id = $1 AND session_id = $2
         AND operation = $4 AND used_at IS NULL AND expires_at > $5
         AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = $2 AND s.revoked_at IS NULL)",
    )
    .bind(user)
    .bind(session)
    .bind(proof_hash)
    .bind(operation)
    .bind(now)
}
