//! `risk_profiles`: what is known of how people act, sealed.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

use super::State;

/// The sealed profile, locked until the unit ends.
pub(in crate::features::risk) async fn profile(
    on: &mut impl Queryable,
    user: UserId,
) -> DbResult<Option<Vec<u8>>> {
    sql("SELECT sealed FROM risk_profiles WHERE user_id = $1")
        .bind(user)
        .for_update()
        .optional(on)
        .await
}

/// What a transaction is assessed on.
pub(in crate::features::risk) struct Standing {
    /// The person's profile, sealed.
    pub(in crate::features::risk) profile: Vec<u8>,
    /// The score of the newest decision on their session.
    pub(in crate::features::risk) session: Option<i64>,
    /// Which lists and policies stand.
    pub(in crate::features::risk) state: State,
}

impl FromRow for Standing {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            profile: row.read()?,
            session: row.read()?,
            state: State::from_row(row)?,
        })
    }
}

/// Everything in one round trip; the profile alone is locked until the unit ends. Ordered by the id alone, SQLite would walk
/// back through all of the person's decisions to those on the session; asked for sign-ins alone, PostgreSQL might walk through
/// everybody's.
pub(in crate::features::risk) async fn standing(
    on: &mut impl Queryable,
    user: UserId,
    session: Option<Uuid>,
) -> DbResult<Option<Standing>> {
    sql("SELECT sealed, (SELECT score FROM risk_decisions
             WHERE user_id = $1 AND subject_id = $2 AND (kind = 'sign_in' OR action <> 'allow')
             ORDER BY decided_at DESC, id DESC LIMIT 1),
             (SELECT lists_version FROM risk_state WHERE id = 1), (SELECT live_hash FROM risk_state WHERE id = 1),
             (SELECT shadow_hash FROM risk_state WHERE id = 1)
         FROM risk_profiles WHERE user_id = $1")
    .bind(user)
    .bind(session)
    .for_update()
    .optional(on)
    .await
}

/// Writes how a person acts, whose row the unit has locked to read it.
pub(in crate::features::risk) fn save_profile(user: UserId, sealed: Vec<u8>, now: Timestamp) -> Query {
    sql(
        "INSERT INTO risk_profiles (user_id, sealed, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at",
    )
    .bind(user)
    .bind(sealed)
    .bind(now)
    .in_any_place()
}

/// Forgets how a person acts.
pub(in crate::features::risk) fn delete_profile(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("DELETE FROM risk_profiles WHERE user_id = $1")
        .bind(user)
        .later(on)
}
