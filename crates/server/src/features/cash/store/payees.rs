//! `payees`: bank accounts that somebody pays out to.

use jiff::Timestamp;
use stockade_domain::ids::{PayeeId, UserId};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};

/// A payee whose name and numbers are sealed.
pub(crate) struct StoredPayee {
    pub(crate) id: PayeeId,
    pub(crate) sealed: Vec<u8>,
    pub(crate) created_at: Timestamp,
    /// Until then nothing is paid to it.
    pub(crate) usable_from: Option<Timestamp>,
    pub(crate) removed_at: Option<Timestamp>,
}

impl FromRow for StoredPayee {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            sealed: row.read()?,
            created_at: row.read()?,
            usable_from: row.read()?,
            removed_at: row.read()?,
        })
    }
}

pub(crate) fn insert(on: &mut impl Writable, owner: UserId, payee: &StoredPayee) -> DbResult<()> {
    sql("INSERT INTO payees (id, owner_id, sealed, created_at, usable_from) VALUES ($1, $2, $3, $4, $5)")
        .bind(payee.id)
        .bind(owner)
        .bind(payee.sealed.as_slice())
        .bind(payee.created_at)
        .bind(payee.usable_from)
        .later(on)
}

/// One of this person's payees, removed or not.
pub(crate) async fn one(
    on: &mut impl Queryable,
    owner: UserId,
    id: PayeeId,
) -> DbResult<Option<StoredPayee>> {
    sql("SELECT id, sealed, created_at, usable_from, removed_at FROM payees WHERE owner_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .optional(on)
        .await
}

/// The same, kept as it is until the unit ends.
pub(crate) async fn lock(
    on: &mut impl Writable,
    owner: UserId,
    id: PayeeId,
) -> DbResult<Option<StoredPayee>> {
    sql("SELECT id, sealed, created_at, usable_from, removed_at FROM payees WHERE owner_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .for_update()
        .optional(on)
        .await
}

/// This person's payees, oldest first; on request with those that were removed.
pub(crate) async fn of_owner(
    on: &mut impl Queryable,
    owner: UserId,
    with_removed: bool,
) -> DbResult<Vec<StoredPayee>> {
    let living = if with_removed {
        ""
    } else {
        "AND removed_at IS NULL"
    };
    sql(format!(
        "SELECT id, sealed, created_at, usable_from, removed_at FROM payees
         WHERE owner_id = $1 {living} ORDER BY id"
    ))
    .bind(owner)
    .all(on)
    .await
}

/// How many this person has.
pub(crate) async fn count(on: &mut impl Queryable, owner: UserId) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM payees WHERE owner_id = $1 AND removed_at IS NULL")
        .bind(owner)
        .one(on)
        .await
}

pub(crate) fn remove(on: &mut impl Writable, owner: UserId, id: PayeeId, now: Timestamp) -> DbResult<()> {
    sql("UPDATE payees SET removed_at = $3 WHERE owner_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .bind(now)
        .later(on)
}

pub(crate) fn delete_all(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    sql("DELETE FROM payees WHERE owner_id = $1")
        .bind(owner)
        .later(on)
}
