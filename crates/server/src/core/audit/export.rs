//! Exports the log to a directory that `stockade-verify`, mirrors and witnesses read (see `auditlog::export`).
//!
//! Entries and full tiles are written as they are stored, sound or not: judging them is the verifier's work. The
//! checkpoint is written last, so an export without one is an unfinished one.

use std::{path::Path, sync::Arc};

use auditlog::{
    SigningKey, TileId,
    export::{ExportError, ExportWriter, PayloadLine, Secret},
    hash::empty_root,
    tile::{WIDTH, partial_tiles, tile_bytes},
};
use stockade_platform::db::{DbError, Reader};

use super::{
    checkpoint, nodes,
    payload::Content,
    scan::{self, Page},
    store::{self, StoredEntry},
};
use crate::core::change::Core;

/// Tiles read at once.
const TILES: i64 = 64;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Entries, which is also the size that the export's checkpoint signs unless the log is damaged.
    pub entries: u64,
    /// Payloads written in clear.
    pub payloads: u64,
    /// Entries marked as erased.
    pub erased: u64,
    /// Entries without payload, because none was asked for or it is damaged.
    pub without: u64,
}

/// Why there is no export. What was written so far stays, without a checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum ExportFailed {
    /// The log cannot be read or signed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The directory cannot be written.
    #[error(transparent)]
    Files(#[from] ExportError),
}

/// Signs the present head and writes everything under it, with payloads in clear if asked for. Tells `progress` how
/// many entries are done, and of how many.
///
/// # Errors
/// See [`ExportFailed`]; the directory must be empty or not yet exist.
pub async fn export(
    core: &Arc<Core>,
    key: &SigningKey,
    folder: &Path,
    payloads: bool,
    mut progress: impl FnMut(u64, u64) + Send + 'static,
) -> Result<Exported, ExportFailed> {
    let signed = checkpoint::sign(core, key).await?;
    let (size, note) = match signed {
        Some(signed) => (signed.checkpoint.size, signed.note),
        None => (0, key.sign(0, empty_root())),
    };
    let mut writer = ExportWriter::create(folder)?;
    write_upper_tiles(core, &mut writer, size).await?;
    scan::scan(core, move |pages| {
        let mut export = Export {
            writer,
            size,
            payloads,
            done: Exported::default(),
        };
        for page in pages {
            export.page(&page?)?;
            progress(export.done.entries, size);
            if export.done.entries >= size {
                break;
            }
        }
        export.writer.finish(&note)?;
        Ok(export.done)
    })
    .await?
}

/// Writes the tiles above the leaves as they are stored, and those that are not yet full as the roots below make them.
async fn write_upper_tiles(core: &Core, writer: &mut ExportWriter, size: u64) -> Result<(), ExportFailed> {
    for (id, width) in partial_tiles(size).into_iter().filter(|(id, _)| id.level > 0) {
        let hashes = core
            .db
            .read(async move |reader: &mut Reader| nodes::tile(reader, id, size).await)
            .await?;
        writer.stored_tile(id, width, &tile_bytes(&hashes))?;
    }
    let full = |level: u8, index: u64| TileId { level, index }.width(size) == WIDTH;
    for level in (1..).take_while(|level| full(*level, 0)) {
        let mut next = 0;
        while full(level, next) {
            let tiles = core
                .db
                .read(async move |reader: &mut Reader| store::tiles(reader, level, next, TILES).await)
                .await?;
            let Some(last) = tiles.last() else { break };
            next = last.index + 1;
            for tile in tiles.iter().filter(|tile| full(level, tile.index)) {
                let index = tile.index;
                writer.stored_tile(TileId { level, index }, WIDTH, &tile.hashes)?;
            }
        }
    }
    Ok(())
}

/// An export under way.
struct Export {
    writer: ExportWriter,
    size: u64,
    payloads: bool,
    done: Exported,
}

impl Export {
    fn page(&mut self, page: &Page) -> Result<(), ExportError> {
        for (index, entries) in page.groups() {
            let id = TileId { level: 0, index };
            if let Some(tile) = page.tile(index).filter(|_| id.width(self.size) == WIDTH) {
                self.writer.stored_tile(id, WIDTH, &tile.hashes)?;
            }
            let size = self.size;
            for entry in entries.iter().filter(|entry| (entry.seq as u64) < size) {
                self.writer.leaf(&entry.leaf)?;
                self.done.entries += 1;
                self.payload(page, entry);
            }
        }
        Ok(())
    }

    fn payload(&mut self, page: &Page, entry: &StoredEntry) {
        let content = match self.payloads {
            true => page.content(entry),
            false => Content::Missing,
        };
        let content = match content {
            Content::Open(opened) => {
                self.done.payloads += 1;
                Some(Secret {
                    payload: opened.bytes,
                    salt: opened.salt,
                })
            }
            Content::Erased => {
                self.done.erased += 1;
                None
            }
            Content::Closed | Content::Missing => {
                self.done.without += 1;
                return;
            }
        };
        self.writer.payload(&PayloadLine {
            seq: entry.seq as u64,
            id: entry.id.into_bytes(),
            content,
        });
    }
}
