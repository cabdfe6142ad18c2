//! The only SQL that names `sign_in_slots`.

use stockade_platform::db::{DbResult, Queryable, Writable, sql};

/// Adds to what was counted in a slot.
pub(super) fn count(on: &mut impl Writable, slot: i64, name: &str, more: i64) -> DbResult<()> {
    sql("INSERT INTO sign_in_slots (slot, name, count) VALUES ($1, $2, $3)
         ON CONFLICT (slot, name) DO UPDATE SET count = sign_in_slots.count + excluded.count")
    .bind(slot)
    .bind(name)
    .bind(more)
    .later(on)
}

/// What was counted from a slot on.
pub(super) async fn since(on: &mut impl Queryable, slot: i64) -> DbResult<Vec<(i64, String, i64)>> {
    sql("SELECT slot, name, count FROM sign_in_slots WHERE slot >= $1 ORDER BY slot, name")
        .bind(slot)
        .all(on)
        .await
}
