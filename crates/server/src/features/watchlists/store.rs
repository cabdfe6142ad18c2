//! The only SQL that names `watchlists` and `watchlist_symbols`. Every query starts from the owner.

use jiff::Timestamp;
use stockade_domain::{ids::UserId, symbol::Symbol};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// A list without what is on it.
pub(super) struct Stored {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) created_at: Timestamp,
}

impl FromRow for Stored {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            name: row.read()?,
            created_at: row.read()?,
        })
    }
}

/// A person's lists, oldest first.
pub(super) async fn of_owner(on: &mut impl Queryable, owner: UserId) -> DbResult<Vec<Stored>> {
    sql("SELECT id, name, created_at FROM watchlists WHERE owner_id = $1 ORDER BY id")
        .bind(owner)
        .all(on)
        .await
}

/// What is on a person's lists, in the order in which it was added.
pub(super) async fn symbols_of(on: &mut impl Queryable, owner: UserId) -> DbResult<Vec<(Uuid, String)>> {
    sql("SELECT s.watchlist_id, s.symbol
         FROM watchlists w JOIN watchlist_symbols s ON s.watchlist_id = w.id
         WHERE w.owner_id = $1 ORDER BY s.watchlist_id, s.added_at, s.symbol")
    .bind(owner)
    .all(on)
    .await
}

/// The person's list, kept as it is until the unit ends; false when they have none such.
pub(super) async fn lock(on: &mut impl Queryable, owner: UserId, id: Uuid) -> DbResult<bool> {
    let found: Option<Uuid> = sql("SELECT id FROM watchlists WHERE owner_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .for_update()
        .optional(on)
        .await?;
    Ok(found.is_some())
}

pub(super) fn insert(
    on: &mut impl Writable,
    owner: UserId,
    id: Uuid,
    name: &str,
    now: Timestamp,
) -> DbResult<()> {
    sql("INSERT INTO watchlists (id, owner_id, name, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(owner)
        .bind(name)
        .bind(now)
        .later(on)
}

/// Puts a symbol on a list that its owner has locked or just made; false when it is there already.
pub(super) async fn add(on: &mut impl Writable, id: Uuid, symbol: Symbol, now: Timestamp) -> DbResult<bool> {
    let added = sql(
        "INSERT INTO watchlist_symbols (watchlist_id, symbol, added_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(symbol.as_str())
    .bind(now)
    .run(on)
    .await?;
    Ok(added == 1)
}

/// Takes a symbol off a list that its owner has locked; false when it is not there.
pub(super) async fn take_off(on: &mut impl Writable, id: Uuid, symbol: Symbol) -> DbResult<bool> {
    let removed = sql("DELETE FROM watchlist_symbols WHERE watchlist_id = $1 AND symbol = $2")
        .bind(id)
        .bind(symbol.as_str())
        .run(on)
        .await?;
    Ok(removed == 1)
}

/// Deletes a person's list; false when they have none such.
pub(super) async fn delete(on: &mut impl Writable, owner: UserId, id: Uuid) -> DbResult<bool> {
    sql("DELETE FROM watchlist_symbols WHERE watchlist_id IN
         (SELECT id FROM watchlists WHERE owner_id = $1 AND id = $2)")
    .bind(owner)
    .bind(id)
    .later(on)?;
    let deleted = sql("DELETE FROM watchlists WHERE owner_id = $1 AND id = $2")
        .bind(owner)
        .bind(id)
        .run(on)
        .await?;
    Ok(deleted == 1)
}

/// Deletes all of a person's lists.
pub(super) fn forget(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    sql(
        "DELETE FROM watchlist_symbols WHERE watchlist_id IN (SELECT id FROM watchlists WHERE owner_id = $1)",
    )
    .bind(owner)
    .later(on)?;
    sql("DELETE FROM watchlists WHERE owner_id = $1")
        .bind(owner)
        .later(on)
}
