//! The only SQL that names `notification_choices`.

use std::collections::HashMap;

use stockade_domain::{ids::UserId, notices::Notice};
use stockade_platform::db::{DbResult, Queryable, Writable, sql};

/// What somebody chose. Kinds that no longer exist are passed over.
pub(super) async fn of(on: &mut impl Queryable, owner: UserId) -> DbResult<HashMap<Notice, bool>> {
    let rows: Vec<(String, bool)> = sql("SELECT kind, by_mail FROM notification_choices WHERE owner_id = $1")
        .bind(owner)
        .all(on)
        .await?;
    let known = |(kind, by_mail): (String, bool)| Some((kind.parse().ok()?, by_mail));
    Ok(rows.into_iter().filter_map(known).collect())
}

pub(super) fn choose(on: &mut impl Writable, owner: UserId, kind: Notice, by_mail: bool) -> DbResult<()> {
    sql(
        "INSERT INTO notification_choices (owner_id, kind, by_mail) VALUES ($1, $2, $3)
         ON CONFLICT (owner_id, kind) DO UPDATE SET by_mail = excluded.by_mail",
    )
    .bind(owner)
    .bind(kind.as_str())
    .bind(by_mail)
    .later(on)
}

/// Forgets what somebody chose who was erased.
pub(super) fn forget(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    sql("DELETE FROM notification_choices WHERE owner_id = $1")
        .bind(owner)
        .later(on)
}
