//! The only SQL that names `profiles`.

use jiff::Timestamp;
use stockade_domain::ids::UserId;
use stockade_platform::{
    db::{DbResult, FromRow, Queryable, Row, Writable, sql},
    vault::BlindIndex,
};
use uuid::Uuid;

use super::field::Field;

/// Who has one tag at most, of whom we look at each.
const CANDIDATES: i64 = 100;

/// A person's sealed fields.
pub(super) struct Stored {
    /// In the order of [`Field::ALL`].
    pub(super) sealed: [Option<Vec<u8>>; Field::ALL.len()],
    pub(super) updated_at: Timestamp,
}

impl FromRow for Stored {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let mut sealed = [const { None }; Field::ALL.len()];
        for field in &mut sealed {
            *field = row.read()?;
        }
        Ok(Self {
            sealed,
            updated_at: row.read()?,
        })
    }
}

pub(super) async fn find(on: &mut impl Queryable, user: UserId) -> DbResult<Option<Stored>> {
    let columns = Field::ALL.map(Field::column).join(", ");
    sql(format!(
        "SELECT {columns}, updated_at FROM profiles WHERE user_id = $1"
    ))
    .bind(user)
    .optional(on)
    .await
}

/// Makes the row, or says that it changes.
pub(super) fn touch(on: &mut impl Writable, user: UserId, now: Timestamp) -> DbResult<()> {
    sql("INSERT INTO profiles (user_id, updated_at) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET updated_at = excluded.updated_at")
    .bind(user)
    .bind(now)
    .later(on)
}

/// Stores a field of a row that exists, or takes it away.
pub(super) fn set(
    on: &mut impl Writable,
    user: UserId,
    field: Field,
    sealed: Option<Vec<u8>>,
    tag: Option<[u8; BlindIndex::LENGTH]>,
) -> DbResult<()> {
    let column = field.column();
    let text = match field.index() {
        None => {
            return sql(format!("UPDATE profiles SET {column} = $2 WHERE user_id = $1"))
                .bind(user)
                .bind(sealed)
                .later(on);
        }
        Some((tag, _)) => format!("UPDATE profiles SET {column} = $2, {tag} = $3 WHERE user_id = $1"),
    };
    sql(text).bind(user).bind(sealed).bind(tag).later(on)
}

/// Others whose field has this tag, with the sealed field.
pub(super) async fn with_tag(
    on: &mut impl Queryable,
    field: Field,
    tag: [u8; BlindIndex::LENGTH],
    except: UserId,
) -> DbResult<Vec<(Uuid, Vec<u8>)>> {
    let Some((tag_column, _)) = field.index() else {
        return Ok(Vec::new());
    };
    let column = field.column();
    sql(format!(
        "SELECT user_id, {column} FROM profiles WHERE {tag_column} = $1 AND user_id <> $2
         ORDER BY user_id LIMIT {CANDIDATES}"
    ))
    .bind(tag)
    .bind(except)
    .all(on)
    .await
}

pub(super) async fn delete(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    sql("DELETE FROM profiles WHERE user_id = $1")
        .bind(user)
        .run(on)
        .await?;
    Ok(())
}
