//! Numbering: contiguous, chained, monotonic, and the same whatever the batches and restarts.

use auditlog::appender::RestoreError;
use auditlog::entry::entry_hash;
use auditlog::hash::{empty_root, leaf_hash};
use auditlog::tile::{parse_tile, partial_tiles};
use auditlog::tree::perfect_root;
use auditlog::{Appender, Hash, Leaf, Numbered};
use proptest::prelude::*;

use crate::log::{entry, id, numbered};

#[test]
fn entries_are_numbered_from_zero_and_hold_the_hash_of_the_one_before() {
    let (appender, Numbered { entries, tiles }) = numbered(300);
    let mut previous = Hash::ZERO;
    for (n, stored) in (0..).zip(&entries) {
        let leaf = Leaf::decode(&stored.leaf).unwrap();
        assert_eq!((stored.seq, leaf.header.seq), (n, n));
        assert_eq!((stored.id, leaf.header.id), (id(n), id(n)));
        assert_eq!(leaf.commitment, entry(n).commitment);
        assert_eq!(leaf.previous, previous);
        assert_eq!(stored.leaf_hash, leaf_hash(&stored.leaf));
        previous = entry_hash(&stored.leaf);
    }
    assert_eq!((appender.head().size, appender.head().last_hash), (300, previous));

    assert_eq!(tiles.len(), 1);
    let hashes = parse_tile(&tiles[0].hashes).unwrap();
    assert!(
        entries
            .iter()
            .take(256)
            .map(|stored| stored.leaf_hash)
            .eq(hashes.iter().copied())
    );
    assert_eq!(tiles[0].root, perfect_root(&hashes));
}

#[test]
fn a_clock_that_goes_back_does_not_take_the_log_with_it() {
    let mut appender = Appender::new();
    let mut recorded = Vec::new();
    for now in [-7, 50, 20, 51] {
        recorded.extend(
            appender
                .number(now, [entry(0)])
                .entries
                .iter()
                .map(|stored| stored.recorded_at),
        );
    }
    assert_eq!(recorded, [-7, 50, 50, 51]);
}

#[test]
fn an_empty_batch_changes_nothing() {
    let (mut appender, _) = numbered(3);
    let before = appender.clone();
    assert_eq!(appender.number(i64::MAX, []), Numbered::default());
    assert_eq!(appender, before);
    assert_eq!(Appender::new().head().root, empty_root());
}

#[test]
fn state_that_does_not_fit_together_is_refused() {
    let (appender, numbered) = numbered(5);
    let last = numbered.entries[4].leaf.as_slice();
    let partial: Vec<_> = appender
        .tree()
        .partial()
        .map(|(_, hashes)| hashes.to_vec())
        .collect();
    let refused =
        |size, last, partial: &[Vec<Hash>]| Appender::restore(size, last, partial.to_vec()).unwrap_err();
    assert_eq!(refused(4, Some(last), &partial), RestoreError::LastEntry);
    assert_eq!(refused(5, None, &partial), RestoreError::LastEntry);
    assert_eq!(
        refused(5, Some(&numbered.entries[3].leaf), &partial),
        RestoreError::LastEntry
    );
    assert_eq!(
        refused(5, Some(last), &[partial[0][..4].to_vec()]),
        RestoreError::Tiles
    );
    let mut swapped = partial.clone();
    swapped[0].swap(3, 4);
    assert_eq!(refused(5, Some(last), &swapped), RestoreError::LastEntry);
    assert!(matches!(
        refused(5, Some(&last[1..]), &partial),
        RestoreError::Leaf(_)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// What a restarted program reads back: the last leaf, the hashes of the last leaves, the roots of full tiles.
    #[test]
    fn batches_and_restarts_do_not_show(sizes in proptest::collection::vec(0u64..700, 1..8)) {
        let total = sizes.iter().sum();
        let (whole, expected) = numbered(total);
        let (mut appender, mut stored) = (Appender::new(), Numbered::default());
        for size in sizes {
            let from = appender.head().size;
            let batch = appender.number(1_700_000_000_000_000, (from..from + size).map(entry));
            stored.entries.extend(batch.entries);
            stored.tiles.extend(batch.tiles);
            let partial = partial_tiles(appender.head().size).into_iter().map(|(id, width)| {
                let start = id.index as usize * 256;
                if id.level == 0 {
                    stored.entries[start..start + width].iter().map(|stored| stored.leaf_hash).collect()
                } else {
                    let below = stored.tiles.iter().filter(|tile| tile.level == id.level - 1);
                    below.skip(start).take(width).map(|tile| tile.root).collect()
                }
            });
            let last = stored.entries.last().map(|stored| stored.leaf.as_slice());
            let restored = Appender::restore(appender.head().size, last, partial.collect()).unwrap();
            prop_assert_eq!(restored.head(), appender.head());
            appender = restored;
        }
        prop_assert_eq!(appender.head(), whole.head());
        prop_assert_eq!(stored, expected);
    }
}
