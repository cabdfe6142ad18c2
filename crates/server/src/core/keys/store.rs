//! `data_keys`, `erased_keys` and `master_key_salts`: the only SQL that names them.

use jiff::Timestamp;
use stockade_platform::{
    db::{DbResult, FromRow, Queryable, Row, Writable, sql},
    vault::WrappedKey,
};
use uuid::Uuid;

/// Subjects asked about in one statement at most.
const ASKED: usize = 256;

/// A data key as it lies in the database.
pub(super) struct StoredKey {
    pub(super) subject: Uuid,
    pub(super) wrapped: WrappedKey,
}

impl FromRow for StoredKey {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            subject: row.read()?,
            wrapped: WrappedKey {
                kek_id: row.read()?,
                bytes: row.read()?,
            },
        })
    }
}

pub(super) async fn key(on: &mut impl Queryable, subject: Uuid) -> DbResult<Option<StoredKey>> {
    sql("SELECT subject_id, kek_id, wrapped FROM data_keys WHERE subject_id = $1")
        .bind(subject)
        .optional(on)
        .await
}

/// The same, kept as it is until the unit ends.
pub(super) async fn lock(on: &mut impl Writable, subject: Uuid) -> DbResult<Option<StoredKey>> {
    sql("SELECT subject_id, kek_id, wrapped FROM data_keys WHERE subject_id = $1")
        .bind(subject)
        .for_update()
        .optional(on)
        .await
}

/// The keys of these subjects, in no order; the erased are missing.
pub(super) async fn keys(on: &mut impl Queryable, subjects: &[Uuid]) -> DbResult<Vec<StoredKey>> {
    let mut found = Vec::with_capacity(subjects.len());
    for asked in subjects.chunks(ASKED) {
        // A power of two of places, the last subject repeated, so that there are few different statements.
        let places = asked.len().next_power_of_two();
        let list: Vec<String> = (1..=places).map(|n| format!("${n}")).collect();
        let text = "SELECT subject_id, kek_id, wrapped FROM data_keys WHERE subject_id IN";
        let mut query = sql(format!("{text} ({})", list.join(", ")));
        for at in 0..places {
            query = query.bind(asked[at.min(asked.len() - 1)]);
        }
        found.extend(query.all::<StoredKey>(on).await?);
    }
    Ok(found)
}

/// Up to `most` keys in order, after the given subject.
pub(super) async fn page(on: &mut impl Queryable, after: Uuid, most: i64) -> DbResult<Vec<StoredKey>> {
    sql("SELECT subject_id, kek_id, wrapped FROM data_keys WHERE subject_id > $1 ORDER BY subject_id LIMIT $2")
        .bind(after)
        .bind(most)
        .all(on)
        .await
}

/// Up to `most` keys that this master key wrapped.
pub(super) async fn wrapped_by(on: &mut impl Queryable, kek_id: &str, most: i64) -> DbResult<Vec<StoredKey>> {
    sql("SELECT subject_id, kek_id, wrapped FROM data_keys WHERE kek_id = $1 ORDER BY subject_id LIMIT $2")
        .bind(kek_id)
        .bind(most)
        .all(on)
        .await
}

/// How many data keys each master key wrapped.
pub(super) async fn counts(on: &mut impl Queryable) -> DbResult<Vec<(String, i64)>> {
    sql("SELECT kek_id, COUNT(*) FROM data_keys GROUP BY kek_id ORDER BY kek_id")
        .all(on)
        .await
}

/// Puts a key in, unless its subject has one.
pub(super) async fn insert(on: &mut impl Writable, subject: Uuid, wrapped: WrappedKey) -> DbResult<()> {
    sql("INSERT INTO data_keys (subject_id, kek_id, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(subject)
        .bind(wrapped.kek_id)
        .bind(wrapped.bytes)
        .run(on)
        .await?;
    Ok(())
}

/// Puts the same key in another wrapping; false when it was rewrapped or erased meanwhile.
pub(super) async fn rewrap(
    on: &mut impl Writable,
    subject: Uuid,
    from: &WrappedKey,
    to: WrappedKey,
) -> DbResult<bool> {
    let changed =
        sql("UPDATE data_keys SET kek_id = $2, wrapped = $3 WHERE subject_id = $1 AND wrapped = $4")
            .bind(subject)
            .bind(to.kek_id)
            .bind(to.bytes)
            .bind(from.bytes.as_slice())
            .run(on)
            .await?;
    Ok(changed == 1)
}

/// Destroys a key for good and remembers that it was.
pub(super) async fn erase(on: &mut impl Writable, subject: Uuid, now: Timestamp) -> DbResult<()> {
    sql("DELETE FROM data_keys WHERE subject_id = $1")
        .bind(subject)
        .run(on)
        .await?;
    sql("INSERT INTO erased_keys (subject_id, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(subject)
        .bind(now)
        .later(on)
}

pub(super) async fn erased_count(on: &mut impl Queryable) -> DbResult<i64> {
    sql("SELECT COUNT(*) FROM erased_keys").one(on).await
}

pub(super) async fn erased(on: &mut impl Queryable) -> DbResult<Vec<Uuid>> {
    sql("SELECT subject_id FROM erased_keys").all(on).await
}

/// The salt of a master key's passphrase; the given one if there was none.
pub(super) async fn salt(on: &mut impl Writable, kek_id: &str, new: [u8; 32]) -> DbResult<[u8; 32]> {
    sql("INSERT INTO master_key_salts (kek_id, salt) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(kek_id)
        .bind(new)
        .run(on)
        .await?;
    let (salt,) = sql("SELECT salt FROM master_key_salts WHERE kek_id = $1")
        .bind(kek_id)
        .one(on)
        .await?;
    Ok(salt)
}
