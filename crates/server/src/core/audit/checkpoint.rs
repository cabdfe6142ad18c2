//! Signed heads. One is signed at most once in a while as the log grows, and whenever a proof or an export needs one.
//!
//! A head is signed only once its tree was shown to begin with the last signed one, so that a log rewritten under a
//! running server does not get its signature.

use std::time::Duration;

use auditlog::{
    Checkpoint, Hash, SigningKey, VerifyingKey,
    checkpoint::open,
    tree::{consistency_plan, verify_consistency},
};
use jiff::Timestamp;
use stockade_platform::db::{DbError, DbResult, Queryable, Reader, Tx};

use super::{nodes, store};
use crate::core::{bookkeeping::bookkeep, change::Core};

/// A signed head.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The note, word for word.
    pub note: String,
    /// What it says.
    pub checkpoint: Checkpoint,
}

/// Signs the present head, unless that has been done, and keeps the note. The empty log has no checkpoint.
///
/// # Errors
/// [`DbError::Fault`] when the log does not continue what was signed last: nothing is signed.
pub async fn sign(core: &Core, key: &SigningKey) -> DbResult<Option<Signed>> {
    match see(core, key).await? {
        Seen::Nothing => Ok(None),
        Seen::AlreadySigned(signed) => Ok(Some(signed)),
        Seen::Unsigned { size, root } => keep(core, key, size, root).await.map(Some),
    }
}

/// Signs the present head when it has moved and the last one was signed at least `interval` ago, by whichever
/// instance. Answers what it signed.
///
/// # Errors
/// As [`sign`].
pub async fn sign_if_due(core: &Core, key: &SigningKey, interval: Duration) -> DbResult<Option<Signed>> {
    let last = core
        .db
        .read(async |reader: &mut Reader| store::last_checkpoint(reader).await)
        .await?;
    let is_due = |(_, signed_at): (String, Timestamp)| {
        let since = core.clock.now().duration_since(signed_at);
        since.is_negative() || since.unsigned_abs() >= interval
    };
    if !last.is_none_or(is_due) {
        return Ok(None);
    }
    match see(core, key).await? {
        Seen::Nothing | Seen::AlreadySigned(_) => Ok(None),
        Seen::Unsigned { size, root } => keep(core, key, size, root).await.map(Some),
    }
}

/// The newest signed head; `None` before the first, and when the stored note is not signed by this key.
pub async fn newest(on: &mut impl Queryable, key: &VerifyingKey) -> DbResult<Option<Signed>> {
    let Some((note, _)) = store::last_checkpoint(on).await? else {
        return Ok(None);
    };
    match open(&note, key) {
        Ok(checkpoint) => Ok(Some(Signed { note, checkpoint })),
        Err(error) => {
            tracing::error!(%error, "the newest stored checkpoint is refused");
            Ok(None)
        }
    }
}

/// What there is to sign.
enum Seen {
    Nothing,
    AlreadySigned(Signed),
    Unsigned { size: u64, root: Hash },
}

async fn see(core: &Core, key: &SigningKey) -> DbResult<Seen> {
    let key = key.verifying_key().clone();
    core.db
        .read(async move |reader: &mut Reader| look(reader, &key).await)
        .await
}

/// Looks, in one snapshot, whether the head is signed, and if not, that it continues what is.
async fn look(reader: &mut Reader, key: &VerifyingKey) -> DbResult<Seen> {
    let head = store::head(reader).await?;
    let Some(root) = head.root.map(Hash) else {
        return Ok(Seen::Nothing);
    };
    let size = head.size as u64;
    let Some(last) = newest(reader, key).await? else {
        return Ok(Seen::Unsigned { size, root });
    };
    let Checkpoint {
        size: old,
        root: old_root,
        ..
    } = last.checkpoint;
    if (old, old_root) == (size, root) {
        return Ok(Seen::AlreadySigned(last));
    }
    let plan = consistency_plan(old, size).map_err(|_| refused(old, size))?;
    let tiles = nodes::tiles(reader, &plan, size).await?;
    let proof = plan.build(&tiles).map_err(|_| refused(old, size))?;
    verify_consistency(old, old_root, size, root, &proof).map_err(|_| refused(old, size))?;
    Ok(Seen::Unsigned { size, root })
}

fn refused(old: u64, size: u64) -> DbError {
    DbError::Fault(format!(
        "the audit log of {size} entries does not continue the {old} that were signed, so its head is not signed; \
         run `stockade audit verify`"
    ))
}

async fn keep(core: &Core, key: &SigningKey, size: u64, root: Hash) -> DbResult<Signed> {
    let note = key.sign(size, root);
    let (kept, now) = (note.clone(), core.clock.now());
    bookkeep(&core.db, async move |tx: &mut Tx| {
        store::insert_checkpoint(tx, size, &kept, now).await
    })
    .await?;
    let origin = key.verifying_key().name().to_owned();
    Ok(Signed {
        note,
        checkpoint: Checkpoint { origin, size, root },
    })
}
