//! The whole log, page by page: one thread of its own works on a page while the next is read.
//!
//! Each page is a snapshot of its own, so that a long scan holds up neither writers nor checkpoints of the database.
//! What is numbered meanwhile is read, too; the page that comes to the end says how things stood at that moment.

use std::{collections::HashMap, sync::Arc};

use stockade_platform::{
    db::{DbError, DbResult, Reader},
    vault::DataKey,
};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{
    entries,
    payload::{self, Content},
    store::{self, StoredEntry, StoredHead, StoredTile},
};
use crate::core::{change::Core, keys::PLATFORM};

/// Entries read at once: ten full tiles.
const PAGE: i64 = 2_560;

/// Entries of one tile.
const WIDTH: i64 = auditlog::tile::WIDTH as i64;

/// Entries as they are stored, whole tiles of them, with what is needed to open their payloads.
pub(super) struct Page {
    pub(super) entries: Vec<StoredEntry>,
    pub(super) tiles: Vec<StoredTile>,
    keys: HashMap<Uuid, Arc<DataKey>>,
    /// How things stood when the last page was read.
    pub(super) end: Option<End>,
}

/// How things stood at the end of the log.
pub(super) struct End {
    pub(super) head: StoredHead,
    pub(super) tile_counts: Vec<(i64, i64)>,
    pub(super) pending: i64,
}

/// Pages in order; an error ends them.
pub(super) struct Pages(mpsc::Receiver<DbResult<Page>>);

impl Iterator for Pages {
    type Item = DbResult<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.blocking_recv()
    }
}

/// Reads the log from its first entry on and hands it to `work`, which runs on a thread of its own.
pub(super) async fn scan<T: Send + 'static>(
    core: &Arc<Core>,
    work: impl FnOnce(Pages) -> T + Send + 'static,
) -> DbResult<T> {
    let (sender, pages) = mpsc::channel(1);
    let (answer, answered) = oneshot::channel();
    std::thread::Builder::new()
        .name("audit-scan".into())
        .spawn(move || drop(answer.send(work(Pages(pages)))))
        .map_err(|error| DbError::Unavailable(error.to_string()))?;
    let mut next = Some(0);
    while let Some(from) = next {
        let read = read_page(core, from).await;
        next = read.as_ref().ok().and_then(|(_, next)| *next);
        // Who no longer listens has met an error of its own and answers with it.
        if sender.send(read.map(|(page, _)| page)).await.is_err() {
            break;
        }
    }
    drop(sender);
    answered.await.map_err(|_| DbError::Panicked)
}

/// One page and where the next one begins.
async fn read_page(core: &Arc<Core>, from: i64) -> DbResult<(Page, Option<i64>)> {
    let here = Arc::clone(core);
    core.db
        .read(async move |reader: &mut Reader| {
            let mut entries = store::entries_from(reader, from, PAGE).await?;
            let next = cut(&mut entries);
            let end = match next {
                Some(_) => None,
                None => Some(End {
                    head: store::head(reader).await?,
                    tile_counts: store::tile_counts(reader).await?,
                    pending: store::inbox_length(reader).await?,
                }),
            };
            let tiles = match (entries.first(), entries.last()) {
                (Some(first), Some(last)) => {
                    let (first, last) = (first.seq / WIDTH, last.seq / WIDTH);
                    let tiles = store::tiles(reader, 0, first as u64, PAGE / WIDTH + 1).await?;
                    tiles
                        .into_iter()
                        .filter(|tile| tile.index <= last as u64)
                        .collect()
                }
                _ => Vec::new(),
            };
            let keys = entries::keys_of(reader, &here.keys, &entries).await?;
            let page = Page {
                entries,
                tiles,
                keys,
                end,
            };
            Ok((page, next))
        })
        .await
}

/// Cuts a full page back to whole tiles and answers where the next one begins; `None` when this is the last.
fn cut(entries: &mut Vec<StoredEntry>) -> Option<i64> {
    if entries.len() < PAGE as usize {
        return None;
    }
    let last = entries.last()?.seq;
    if (last + 1) % WIDTH == 0 {
        return Some(last + 1);
    }
    let last_tile = last / WIDTH;
    let whole = entries.partition_point(|entry| entry.seq / WIDTH < last_tile);
    let next = entries[whole].seq;
    entries.truncate(whole);
    Some(next)
}

impl Page {
    /// What has become of an entry's payload.
    pub(super) fn content(&self, entry: &StoredEntry) -> Content {
        payload::content(&self.keys, entry.id, entry.subject, entry.sealed.as_deref())
    }

    /// The data key that sealed the entry's payload, if it is not the platform's.
    pub(super) fn sealed_with(&self, entry: &StoredEntry) -> Option<Uuid> {
        payload::sealed_with(self.keys.get(&PLATFORM)?, entry.id, entry.sealed.as_deref()?)
    }

    /// The stored tile of the entries `256 * index ..`.
    pub(super) fn tile(&self, index: u64) -> Option<&StoredTile> {
        self.tiles.iter().find(|tile| tile.index == index)
    }

    /// The entries, tile by tile.
    pub(super) fn groups(&self) -> impl Iterator<Item = (u64, &[StoredEntry])> {
        let same_tile = |a: &StoredEntry, b: &StoredEntry| a.seq / WIDTH == b.seq / WIDTH;
        self.entries
            .chunk_by(same_tile)
            .map(|group| ((group[0].seq / WIDTH) as u64, group))
    }
}
