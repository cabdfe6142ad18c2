//! `risk_proposals`: policies that people proposed.

use jiff::Timestamp;
use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A proposal.
#[derive(Clone, Debug)]
pub(in crate::features::risk) struct Proposal {
    pub(in crate::features::risk) id: Uuid,
    pub(in crate::features::risk) hash: String,
    pub(in crate::features::risk) name: String,
    pub(in crate::features::risk) note: String,
    /// `proposed`, `live`, `replaced` or `rejected`.
    pub(in crate::features::risk) status: String,
    pub(in crate::features::risk) proposed_by: Uuid,
    pub(in crate::features::risk) proposed_at: Timestamp,
    pub(in crate::features::risk) decided_by: Option<Uuid>,
    pub(in crate::features::risk) decided_at: Option<Timestamp>,
}

impl FromRow for Proposal {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            hash: row.read()?,
            name: row.read()?,
            note: row.read()?,
            status: row.read()?,
            proposed_by: row.read()?,
            proposed_at: row.read()?,
            decided_by: row.read()?,
            decided_at: row.read()?,
        })
    }
}

const COLUMNS: &str =
    "q.id, q.policy_hash, p.name, q.note, q.status, q.proposed_by, q.proposed_at, q.decided_by, q.decided_at
    FROM risk_proposals q JOIN risk_policies p ON p.hash = q.policy_hash";

pub(in crate::features::risk) fn insert(proposal: &Proposal) -> Query {
    sql(
        "INSERT INTO risk_proposals (id, policy_hash, note, status, proposed_by, proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(proposal.id)
    .bind(proposal.hash.as_str())
    .bind(proposal.note.as_str())
    .bind(proposal.status.as_str())
    .bind(proposal.proposed_by)
    .bind(proposal.proposed_at)
}

pub(in crate::features::risk) async fn find(on: &mut impl Queryable, id: Uuid) -> DbResult<Option<Proposal>> {
    sql(format!("SELECT {COLUMNS} WHERE q.id = $1"))
        .bind(id)
        .optional(on)
        .await
}

/// Proposals, newest first, older than one.
pub(in crate::features::risk) async fn page(
    on: &mut impl Queryable,
    before: Option<Uuid>,
    rows: i64,
) -> DbResult<Vec<Proposal>> {
    sql(format!(
        "SELECT {COLUMNS} WHERE q.id < $1 ORDER BY q.id DESC LIMIT {rows}"
    ))
    .bind(before.unwrap_or(Uuid::max()))
    .all(on)
    .await
}

/// Decides on what is still proposed; false when somebody did before.
pub(in crate::features::risk) async fn decide(
    on: &mut impl Writable,
    id: Uuid,
    status: &'static str,
    by: Uuid,
    now: Timestamp,
) -> DbResult<bool> {
    let decided = sql(
        "UPDATE risk_proposals SET status = $2, decided_by = $3, decided_at = $4
         WHERE id = $1 AND status = 'proposed'",
    )
    .bind(id)
    .bind(status)
    .bind(by)
    .bind(now)
    .run(on)
    .await?;
    Ok(decided == 1)
}

/// The one that was live is so no longer.
pub(in crate::features::risk) fn replace_live() -> Query {
    sql("UPDATE risk_proposals SET status = 'replaced' WHERE status = 'live'")
}
