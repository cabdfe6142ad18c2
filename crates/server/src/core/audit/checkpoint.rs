//! Signed heads. One is signed at most once a second while the log grows, and whenever a proof needs one.

use auditlog::{Hash, SigningKey};
use stockade_platform::{
    clock::Clock,
    db::{Db, DbError, DbResult, Queryable, Reader, Tx},
};

use super::store;
use crate::core::bookkeeping::bookkeep;

/// Signs the present head and keeps the note. The empty log has no checkpoint.
pub async fn sign(db: &Db, key: &SigningKey, clock: &Clock) -> DbResult<Option<String>> {
    let head = db
        .read(async |reader: &mut Reader| store::head(reader).await)
        .await?;
    let Some(root) = head.root else { return Ok(None) };
    let (size, note) = (head.size as u64, key.sign(head.size as u64, Hash(root)));
    if let Some(last) = newest_on(db).await?
        && last == note
    {
        return Ok(Some(note));
    }
    let (kept, now) = (note.clone(), clock.now());
    bookkeep(db, async move |tx: &mut Tx| {
        store::insert_checkpoint(tx, size, &kept, now).await
    })
    .await?;
    Ok(Some(note))
}

/// The newest signed head.
pub async fn newest(on: &mut impl Queryable) -> DbResult<Option<String>> {
    store::last_checkpoint(on).await
}

async fn newest_on(db: &Db) -> DbResult<Option<String>> {
    db.read::<_, DbError, _>(async |reader: &mut Reader| newest(reader).await)
        .await
}
