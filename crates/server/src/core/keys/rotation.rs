//! Rotation of the master key: every data key that an older one wrapped is wrapped by the current one. What the data
//! keys sealed, and the blind indexes, stay as they are.
//!
//! It runs beside everything else, a few hundred keys a transaction. How far it has come is what the rows say, so one
//! that was killed simply runs again.

use std::sync::Arc;

use serde::Serialize;
use stockade_platform::db::{DbResult, Reader, Tx};

use super::{store, unusable};
use crate::core::{bookkeeping::bookkeep, change::Core};

/// Keys rewrapped in one transaction.
const CHUNK: i64 = 200;

/// Which master keys wrap the data keys.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct KeysStatus {
    /// The master key that wraps new data keys.
    pub current: String,
    /// Data keys in all: one a person and two of the platform's own.
    pub data_keys: i64,
    /// Those that an older master key wraps.
    pub to_rotate: i64,
    /// How many each master key wraps.
    pub wrapped_by: Vec<WrappedBy>,
}

/// What one master key wraps.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct WrappedBy {
    /// The master key's id.
    pub master_key: String,
    /// Data keys that it wraps.
    pub data_keys: i64,
    /// Whether it is among the given keys; without it these data keys cannot be used.
    pub at_hand: bool,
}

/// What a rotation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// Data keys that this run rewrapped.
    pub rewrapped: i64,
    /// Data keys that were wrapped by the current master key before.
    pub already_current: i64,
}

/// Counts the data keys by the master key that wraps them.
///
/// # Errors
/// When the database cannot be read.
pub async fn status(core: &Arc<Core>) -> DbResult<KeysStatus> {
    let counts = core
        .db
        .read(async |reader: &mut Reader| store::counts(reader).await)
        .await?;
    let vault = &core.keys.vault;
    let current = vault.current_kek().to_owned();
    let sum = |counts: &mut dyn Iterator<Item = &(String, i64)>| counts.map(|(_, count)| count).sum();
    Ok(KeysStatus {
        data_keys: sum(&mut counts.iter()),
        to_rotate: sum(&mut counts.iter().filter(|(id, _)| *id != current)),
        wrapped_by: counts
            .into_iter()
            .map(|(id, data_keys)| WrappedBy {
                at_hand: vault.has_kek(&id),
                master_key: id,
                data_keys,
            })
            .collect(),
        current,
    })
}

/// Rewraps with the current master key whatever an older one wrapped, and tells `progress` how many keys are done, and
/// of how many. Keys that another process wraps meanwhile with an older master key are found, too.
///
/// # Errors
/// When a data key does not unwrap, which is named, or the database cannot be used. What was rewrapped stays so.
pub async fn rotate(core: &Arc<Core>, mut progress: impl FnMut(i64, i64)) -> DbResult<Rotated> {
    let mut left = status(core).await?;
    let mut done = Rotated {
        rewrapped: 0,
        already_current: left.data_keys - left.to_rotate,
    };
    while left.to_rotate > 0 {
        for older in left.wrapped_by.iter().filter(|by| by.master_key != left.current) {
            loop {
                let rewrapped = rotate_chunk(core, older.master_key.clone()).await?;
                if rewrapped == 0 {
                    break;
                }
                done.rewrapped += rewrapped;
                let finished = done.already_current + done.rewrapped;
                progress(finished, finished.max(left.data_keys));
            }
        }
        left = status(core).await?;
    }
    Ok(done)
}

/// Rewraps the next few and answers how many; they are then no longer among those that the older key wrapped.
async fn rotate_chunk(core: &Arc<Core>, older: String) -> DbResult<i64> {
    let here = Arc::clone(core);
    bookkeep(&core.db, async move |tx: &mut Tx| {
        let mut rewrapped = 0;
        for stored in store::wrapped_by(tx, &older, CHUNK).await? {
            let to = here.keys.vault.rewrap(&stored.wrapped);
            let to = to.map_err(|error| unusable(stored.subject, &error))?;
            rewrapped += i64::from(store::rewrap(tx, stored.subject, &stored.wrapped, to).await?);
        }
        Ok(rewrapped)
    })
    .await
}
