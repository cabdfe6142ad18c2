//! Verifies the log as it lies in the database: entries at the place where they are stored, stored tiles and their
//! roots, payloads against their commitments, the lists of entries by person, the head, and every kept checkpoint.

mod check;
mod report;

use std::{num::NonZeroUsize, sync::Arc};

use auditlog::{SigningKey, TileId, hash::empty_root, tile::WIDTH, verify::Verifier};
use stockade_platform::db::{DbResult, Reader};
use uuid::Uuid;

pub use report::{Finding, SignedHead, Verification};

use super::{by_person, scan, store};
use crate::core::change::Core;
use check::Check;

/// Checkpoints of the database that the log is held against at most: all, or evenly chosen ones when there are more.
const KEPT: i64 = 1_000;

/// Tile levels that a log of fewer than 2^64 entries can have.
const LEVELS: u8 = 8;

/// Data keys read at once.
const KEYS: i64 = 1_000;

/// Verifies the whole log against the newest signed head, those kept in the database, and those that the caller kept
/// elsewhere. Tells `progress` how many entries are done, and of how many. Damage is in the answer, not an error.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(
    core: &Arc<Core>,
    key: &SigningKey,
    kept_elsewhere: Vec<String>,
    mut progress: impl FnMut(u64, u64) + Send + 'static,
) -> DbResult<Verification> {
    let (mut kept, size) = core
        .db
        .read(async |reader: &mut Reader| {
            let stride = 1 + store::checkpoint_count(reader).await? / KEPT;
            let kept = store::checkpoints(reader, stride, KEPT).await?;
            DbResult::Ok((kept, store::head(reader).await?.size as u64))
        })
        .await?;
    // The newest is first. Before anything was signed, the empty log's head vouches for nothing.
    let current = match kept.is_empty() {
        true => key.sign(0, empty_root()),
        false => kept.remove(0),
    };
    kept.extend(kept_elsewhere);
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let mut verifier = Verifier::new(key.verifying_key(), &current, &kept, threads);
    for (id, hashes) in upper_tiles(core).await? {
        verifier.upper_tile(id, &hashes);
    }
    let scanned = scan::scan(core, move |pages| {
        let mut check = Check::new(verifier);
        for page in pages {
            check.page(page?);
            progress(check.entries(), size.max(check.entries()));
        }
        DbResult::Ok(check)
    });
    let mut check = scanned.await??;
    check.hidden(keys_that_exist(core, &check).await?);
    check.unlisted(&by_person::missing(core).await?);
    Ok(check.finish())
}

/// What the tiles above the leaves hold, twice over: as stored, and as the roots stored with the tiles below.
async fn upper_tiles(core: &Arc<Core>) -> DbResult<Vec<(TileId, Vec<u8>)>> {
    let mut tiles = Vec::new();
    for level in 0..LEVELS {
        for index in 0.. {
            let first = index * WIDTH as u64;
            let (stored, roots) = core
                .db
                .read(async move |reader: &mut Reader| {
                    let stored = match level {
                        0 => Vec::new(),
                        _ => store::tiles(reader, level, first, WIDTH as i64).await?,
                    };
                    let roots = store::tile_roots(reader, level, first, WIDTH as i64).await?;
                    DbResult::Ok((stored, roots))
                })
                .await?;
            tiles.extend(stored.into_iter().map(|tile| {
                let index = tile.index;
                (TileId { level, index }, tile.hashes)
            }));
            let full = roots.len() == WIDTH;
            if !roots.is_empty() {
                let above = TileId {
                    level: level + 1,
                    index,
                };
                tiles.push((above, roots.concat()));
            }
            if !full {
                break;
            }
        }
    }
    Ok(tiles)
}

/// Of the keys that sealed what now counts as erased, those that are still there.
async fn keys_that_exist(core: &Arc<Core>, check: &Check) -> DbResult<Vec<Uuid>> {
    let mut found = Vec::new();
    let mut after = (!check.no_erased_keys()).then_some(Uuid::nil());
    while let Some(last) = after {
        let here = Arc::clone(core);
        let keys = core
            .db
            .read(async move |reader: &mut Reader| here.keys.page(reader, last, KEYS).await)
            .await?;
        after = keys.last().map(|(subject, _)| *subject);
        found.extend(
            keys.iter()
                .map(|(_, key)| key.id())
                .filter(|id| check.is_erased_key(id)),
        );
    }
    Ok(found)
}
