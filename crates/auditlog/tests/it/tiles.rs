//! Tiles: their paths, their contents, and proofs folded from nothing else.

use auditlog::hash::leaf_hash;
use auditlog::tile::{
    TileId, TiledTree, Tiles, entries_path, parse_numbered_path, parse_tile, partial_tiles, push_to_bundle,
    split_bundle, tile_path,
};
use auditlog::tree::{Frontier, consistency_plan, inclusion_plan, verify_consistency, verify_inclusion};
use proptest::prelude::*;

fn tile(level: u8, index: u64) -> TileId {
    TileId { level, index }
}

#[test]
fn paths_are_those_of_the_specification() {
    assert_eq!(tile_path(tile(0, 1_234_067), 256), "tile/0/x001/x234/067");
    assert_eq!(tile_path(tile(2, 0), 1), "tile/2/000.p/1");
    assert_eq!(entries_path(1000, 255), "tile/entries/x001/000.p/255");
    assert_eq!(entries_path(273, 256), "tile/entries/273");
}

#[test]
fn only_canonical_paths_are_read() {
    assert_eq!(parse_numbered_path("x001/x234/067"), Some((1_234_067, 256)));
    assert_eq!(parse_numbered_path("000.p/1"), Some((0, 1)));
    for bad in [
        "",
        "0",
        "0000",
        "001/234",
        "x000/001",
        "000.p/0",
        "000.p/256",
        "000.p/01",
        "000.p/",
        "+01",
        "x001",
    ] {
        assert_eq!(parse_numbered_path(bad), None, "{bad}");
    }
    assert_eq!(parse_numbered_path(&["x999"; 9].join("/")), None);
}

#[test]
fn widths_are_those_of_the_specification() {
    let widths = |size| {
        partial_tiles(size)
            .into_iter()
            .map(|(id, width)| (id.level, id.index, width))
            .collect::<Vec<_>>()
    };
    assert_eq!(widths(70_000), [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
    assert_eq!(widths(256), [(1, 0, 1)]);
    assert_eq!(widths(0), []);
    assert_eq!(tile(0, 272).width(70_000), 256);
    assert_eq!(tile(0, 273).width(70_000), 112);
    assert_eq!(tile(0, 274).width(70_000), 0);
    assert_eq!(tile(1, 1).width(70_000), 17);
    assert_eq!(tile(63, 0).width(u64::MAX), 0);
}

#[test]
fn bundles_are_split_where_they_were_joined() {
    let mut bundle = Vec::new();
    for leaf in [&b"one"[..], b"", b"three"] {
        push_to_bundle(&mut bundle, leaf);
    }
    assert_eq!(bundle, b"\x00\x03one\x00\x00\x00\x05three");
    assert_eq!(
        split_bundle(&bundle),
        (vec![&b"one"[..], b"", b"three"], &b""[..])
    );
    assert_eq!(
        split_bundle(&bundle[..bundle.len() - 1]),
        (vec![&b"one"[..], b""], &b"\x00\x05thre"[..])
    );
    assert_eq!(split_bundle(&[0]), (vec![], &[0][..]));
}

/// A tree of this size with every tile that it has, partial ones too.
fn tiled(size: u64) -> (TiledTree, Tiles) {
    let (mut tree, mut tiles) = (TiledTree::new(), Tiles::new());
    for n in 0..size {
        tree.append(leaf_hash(&n.to_be_bytes()), |full| {
            tiles.insert(tile(full.level, full.index), parse_tile(&full.hashes).unwrap());
        });
    }
    for (id, hashes) in tree.partial() {
        tiles.insert(id, hashes.to_vec());
    }
    (tree, tiles)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn tiles_are_enough_for_every_proof(size in 1u64..140_000, a in any::<u64>(), b in any::<u64>()) {
        let (tree, tiles) = tiled(size);
        let (index, old) = (a % size, b % size + 1);
        let mut frontier = Frontier::new();
        let mut old_root = frontier.root();
        for n in 0..size {
            frontier.append(leaf_hash(&n.to_be_bytes()));
            if n + 1 == old {
                old_root = frontier.root();
            }
        }
        prop_assert_eq!(tree.root(), frontier.root());
        let plan = inclusion_plan(index, size).unwrap();
        prop_assert!(plan.nodes().all(|node| TileId::of(node).width(size) > 0));
        let proof = plan.build(&tiles).unwrap();
        prop_assert_eq!(verify_inclusion(leaf_hash(&index.to_be_bytes()), index, size, &proof, tree.root()), Ok(()));
        let proof = consistency_plan(old, size).unwrap().build(&tiles).unwrap();
        prop_assert_eq!(verify_consistency(old, old_root, size, tree.root(), &proof), Ok(()));

        let partial = tree.partial().map(|(_, hashes)| hashes.to_vec()).collect();
        prop_assert_eq!(TiledTree::restore(size, partial).unwrap().root(), tree.root());
    }
}
