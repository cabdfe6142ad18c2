//! The hashes of the tree, as they are stored: full tiles in a table of their own, what is not yet full in the last
//! entries and in the roots of the tiles below.

use auditlog::{
    Hash, TileId,
    hash::leaf_hash,
    tile::{Tiles, WIDTH, parse_tile},
    tree::ProofPlan,
};
use stockade_platform::db::{DbResult, Queryable};

use super::store;

/// The hashes that a tile holds in the tree of `size` entries. Fewer when the stored log is damaged.
pub(super) async fn tile(on: &mut impl Queryable, id: TileId, size: u64) -> DbResult<Vec<Hash>> {
    let width = id.width(size);
    let first = id.index.saturating_mul(WIDTH as u64);
    if width == WIDTH {
        let stored = store::tile(on, id.level, id.index).await?;
        return Ok(stored.and_then(|bytes| parse_tile(&bytes)).unwrap_or_default());
    }
    match id.level.checked_sub(1) {
        None => {
            let leaves = store::leaves(on, first as i64, width as i64).await?;
            Ok(leaves.iter().map(|stored| leaf_hash(&stored.leaf)).collect())
        }
        Some(below) => {
            let roots = store::tile_roots(on, below, first, width as i64).await?;
            Ok(parse_tile(&roots.concat()).unwrap_or_default())
        }
    }
}

/// The tiles from which the nodes of a proof in the tree of `size` entries are folded: a few for each level.
pub(super) async fn tiles(on: &mut impl Queryable, plan: &ProofPlan, size: u64) -> DbResult<Tiles> {
    let mut wanted: Vec<TileId> = plan.nodes().map(TileId::of).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut tiles = Tiles::new();
    for id in wanted {
        tiles.insert(id, tile(on, id, size).await?);
    }
    Ok(tiles)
}
