//! The only SQL that names `devices`. Every query starts from the owner, but for the job that removes unused ones.

use jiff::Timestamp;
use stockade_domain::ids::{DeviceId, UserId};
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Writable, sql};

/// A device to be stored.
pub(super) struct NewDevice {
    pub(super) id: DeviceId,
    pub(super) user: UserId,
    pub(super) id_hash: [u8; 32],
    pub(super) sealed: Vec<u8>,
    pub(super) now: Timestamp,
}

/// A device as it is stored.
pub(super) struct Stored {
    pub(super) id: DeviceId,
    pub(super) sealed: Vec<u8>,
    pub(super) created_at: Timestamp,
    pub(super) last_seen_at: Timestamp,
    pub(super) trusted_at: Option<Timestamp>,
}

impl FromRow for Stored {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            sealed: row.read()?,
            created_at: row.read()?,
            last_seen_at: row.read()?,
            trusted_at: row.read()?,
        })
    }
}

/// The person's device with this id.
pub(super) async fn by_id_hash(
    on: &mut impl Queryable,
    user: UserId,
    id_hash: &[u8; 32],
) -> DbResult<Option<Stored>> {
    sql("SELECT id, sealed, created_at, last_seen_at, trusted_at FROM devices WHERE user_id = $1 AND id_hash = $2")
        .bind(user)
        .bind(*id_hash)
        .optional(on)
        .await
}

/// The person's device.
pub(super) async fn by_id(on: &mut impl Queryable, user: UserId, id: DeviceId) -> DbResult<Option<Stored>> {
    sql("SELECT id, sealed, created_at, last_seen_at, trusted_at FROM devices WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(id)
        .for_update()
        .optional(on)
        .await
}

/// The person's devices, the one seen last first.
pub(super) async fn of_user(on: &mut impl Queryable, user: UserId) -> DbResult<Vec<Stored>> {
    sql(
        "SELECT id, sealed, created_at, last_seen_at, trusted_at FROM devices WHERE user_id = $1
         ORDER BY last_seen_at DESC, id DESC",
    )
    .bind(user)
    .all(on)
    .await
}

pub(super) fn insert(on: &mut impl Writable, device: NewDevice) -> DbResult<()> {
    sql("INSERT INTO devices (id, user_id, id_hash, sealed, created_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $5)")
        .bind(device.id)
        .bind(device.user)
        .bind(device.id_hash)
        .bind(device.sealed)
        .bind(device.now)
        .later(on)
}

/// Removes a person's untrusted devices beyond the `most` that were seen last; answers which they were.
pub(super) async fn drop_beyond(on: &mut impl Writable, user: UserId, most: i64) -> DbResult<Vec<DeviceId>> {
    sql("DELETE FROM devices WHERE id IN
         (SELECT id FROM devices WHERE user_id = $1 AND trusted_at IS NULL
          ORDER BY last_seen_at DESC, id DESC LIMIT 1000 OFFSET $2)
         RETURNING id")
    .bind(user)
    .bind(most)
    .all(on)
    .await
}

/// The device was met again, and this is what is now known of it.
pub(super) fn set_details(
    on: &mut impl Writable,
    user: UserId,
    id: DeviceId,
    sealed: Vec<u8>,
    now: Timestamp,
) -> DbResult<()> {
    sql("UPDATE devices SET sealed = $3, last_seen_at = $4 WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(id)
        .bind(sealed)
        .bind(now)
        .later(on)
}

/// Takes the owner's trust away.
pub(super) fn distrust(on: &mut impl Writable, user: UserId, id: DeviceId) -> DbResult<()> {
    sql("UPDATE devices SET trusted_at = NULL WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(id)
        .later(on)
}

/// Takes the owner's trust from the devices that got it since an instant.
pub(super) fn distrust_since(on: &mut impl Writable, user: UserId, since: Timestamp) -> DbResult<()> {
    sql("UPDATE devices SET trusted_at = NULL WHERE user_id = $1 AND trusted_at >= $2")
        .bind(user)
        .bind(since)
        .later(on)
}

/// Takes the owner's trust from all of their devices.
pub(super) fn distrust_all(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("UPDATE devices SET trusted_at = NULL WHERE user_id = $1 AND trusted_at IS NOT NULL")
        .bind(user)
        .later(on)
}

/// What the owner decided: its name, among what is sealed, and whether they trust it.
pub(super) fn set_owners_wishes(
    on: &mut impl Writable,
    user: UserId,
    id: DeviceId,
    sealed: Vec<u8>,
    trusted_at: Option<Timestamp>,
) -> DbResult<()> {
    sql("UPDATE devices SET sealed = $3, trusted_at = $4 WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(id)
        .bind(sealed)
        .bind(trusted_at)
        .later(on)
}

/// Moves a device's last sight forward.
pub(super) fn set_last_seen(
    on: &mut impl Writable,
    user: UserId,
    id: DeviceId,
    at: Timestamp,
) -> DbResult<()> {
    sql("UPDATE devices SET last_seen_at = $3 WHERE user_id = $1 AND id = $2 AND last_seen_at < $3")
        .bind(user)
        .bind(id)
        .bind(at)
        .later(on)
}

pub(super) fn remove(on: &mut impl Writable, user: UserId, id: DeviceId) -> DbResult<()> {
    sql("DELETE FROM devices WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(id)
        .later(on)
}

pub(super) fn remove_all(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("DELETE FROM devices WHERE user_id = $1").bind(user).later(on)
}

/// Whether any device was not seen since.
pub(super) async fn any_unseen_since(on: &mut impl Queryable, since: Timestamp) -> DbResult<bool> {
    let any: Option<DeviceId> = sql("SELECT id FROM devices WHERE last_seen_at < $1 LIMIT 1")
        .bind(since)
        .optional(on)
        .await?;
    Ok(any.is_some())
}

/// Removes some devices that were not seen since; answers whose and which. The condition stands twice, since on
/// PostgreSQL one of them may be seen again meanwhile.
pub(super) async fn remove_unseen_since(
    on: &mut impl Writable,
    since: Timestamp,
    most: i64,
) -> DbResult<Vec<(UserId, DeviceId)>> {
    sql("DELETE FROM devices WHERE last_seen_at < $1 AND id IN
             (SELECT id FROM devices WHERE last_seen_at < $1 ORDER BY last_seen_at LIMIT $2)
         RETURNING user_id, id")
    .bind(since)
    .bind(most)
    .all(on)
    .await
}
