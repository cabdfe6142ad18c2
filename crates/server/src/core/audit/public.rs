//! The payload-free log, as mirrors and witnesses follow it: tiles of hashes and bundles of leaves (C2SP tlog-tiles).
//! Nothing here names a person.

use auditlog::{
    TileId,
    tile::{WIDTH, parse_numbered_path, push_to_bundle, tile_bytes},
};
use stockade_platform::db::{Db, DbResult, Queryable, Reader};

use super::{nodes, store};

/// A file of the public log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// The first `width` hashes of a tile.
    Tile {
        /// Which tile.
        id: TileId,
        /// How many hashes, up to 256.
        width: usize,
    },
    /// The first `width` leaves from `256 * index` on.
    Entries {
        /// Which bundle.
        index: u64,
        /// How many leaves, up to 256.
        width: usize,
    },
}

impl File {
    /// What a path below `tile/` names: `0/x001/234`, `entries/000.p/12`.
    pub fn parse(path: &str) -> Option<Self> {
        let (folder, rest) = path.split_once('/')?;
        let (index, width) = parse_numbered_path(rest)?;
        if folder == "entries" {
            return Some(Self::Entries { index, width });
        }
        let level: u8 = folder.parse().ok()?;
        let id = TileId { level, index };
        (level.to_string() == folder).then_some(Self::Tile { id, width })
    }

    /// Whether it can never have another content, nor grow.
    pub fn is_full(self) -> bool {
        match self {
            Self::Tile { width, .. } | Self::Entries { width, .. } => width == WIDTH,
        }
    }

    /// Its bytes, or `None` when the log has not come that far.
    pub async fn read(self, db: &Db) -> DbResult<Option<Vec<u8>>> {
        db.read(async move |reader: &mut Reader| self.read_on(reader).await)
            .await
    }

    async fn read_on(self, on: &mut impl Queryable) -> DbResult<Option<Vec<u8>>> {
        let size = store::head(on).await?.size as u64;
        match self {
            Self::Tile { id, width } if id.width(size) >= width => {
                let hashes = nodes::tile(on, id, size).await?;
                Ok(hashes.get(..width).map(tile_bytes))
            }
            Self::Entries { index, width } if (TileId { level: 0, index }).width(size) >= width => {
                let first = (index * WIDTH as u64) as i64;
                let leaves = store::leaves(on, first, width as i64).await?;
                let mut bundle = Vec::new();
                for stored in &leaves {
                    push_to_bundle(&mut bundle, &stored.leaf);
                }
                let whole = leaves
                    .iter()
                    .map(|stored| stored.seq)
                    .eq(first..first + width as i64);
                Ok(whole.then_some(bundle))
            }
            Self::Tile { .. } | Self::Entries { .. } => Ok(None),
        }
    }
}
