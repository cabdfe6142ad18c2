//! `risk_state`: one row that tells every instance whether lists or policies have changed.

use stockade_platform::db::{DbResult, FromRow, Query, Queryable, Row, sql};

/// What stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::features::risk) struct State {
    pub(in crate::features::risk) lists_version: i64,
    /// The policy that decides; without one the program's own does.
    pub(in crate::features::risk) live: Option<String>,
    /// The policy that is tried beside it.
    pub(in crate::features::risk) shadow: Option<String>,
}

impl FromRow for State {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            lists_version: row.read()?,
            live: row.read()?,
            shadow: row.read()?,
        })
    }
}

pub(in crate::features::risk) async fn read(on: &mut impl Queryable) -> DbResult<State> {
    sql("SELECT lists_version, live_hash, shadow_hash FROM risk_state WHERE id = 1")
        .one(on)
        .await
}

/// The lists have changed.
pub(in crate::features::risk) fn lists_changed() -> Query {
    sql("UPDATE risk_state SET lists_version = lists_version + 1 WHERE id = 1")
}

/// This policy decides from now on.
pub(in crate::features::risk) fn set_live(hash: &str) -> Query {
    sql("UPDATE risk_state SET live_hash = $1 WHERE id = 1").bind(hash)
}

/// This policy is tried beside the live one, or none.
pub(in crate::features::risk) fn set_shadow(hash: Option<&str>) -> Query {
    sql("UPDATE risk_state SET shadow_hash = $1 WHERE id = 1").bind(hash)
}
