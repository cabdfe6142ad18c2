//! The verifier as a server uses it: fed with rows, in pages of any size, with and without tiles.

use std::num::NonZeroUsize;

use auditlog::tile::parse_tile;
use auditlog::verify::{Found, Group, Payloads};
use auditlog::{CompletedTile, ProblemKind, Report, TileId, Verifier};
use proptest::prelude::*;

use crate::log::{entry, numbered};
use crate::program::{key, leaves, payload_line};

/// Verifies rows of a table, each under the number it is stored with.
fn verify(rows: &[(u64, Vec<u8>)], size: u64, tiles: &[CompletedTile], page: usize) -> Report {
    let head = leaves(size, entry).0.head();
    let key = key();
    let threads = NonZeroUsize::new(3).unwrap();
    let mut verifier = Verifier::new(key.verifying_key(), &key.sign(size, head.root), &[], threads);
    let groups: Vec<_> = rows
        .chunk_by(|a, b| a.0 / 256 == b.0 / 256)
        .map(|rows| Group {
            index: rows[0].0 / 256,
            found: rows
                .iter()
                .map(|(position, leaf)| Found {
                    position: *position,
                    leaf,
                })
                .collect(),
            tile: tiles
                .iter()
                .find(|tile| (tile.level, tile.index) == (0, rows[0].0 / 256))
                .map(|tile| tile.hashes.as_slice()),
            payloads: Payloads::None,
        })
        .collect();
    groups.chunks(page).for_each(|groups| verifier.feed(groups));
    for tile in tiles.iter().filter(|tile| tile.level > 0) {
        verifier.upper_tile(
            TileId {
                level: tile.level,
                index: tile.index,
            },
            &tile.hashes,
        );
    }
    verifier.finish()
}

fn rows(size: u64) -> Vec<(u64, Vec<u8>)> {
    (0..).zip(leaves(size, entry).1).collect()
}

#[test]
fn a_large_log_with_full_tiles_above_is_valid() {
    let size = 70_000;
    let (_, numbered) = numbered(size);
    assert!(numbered.tiles.iter().any(|tile| tile.level == 1));
    let report = verify(&rows(size), size, &numbered.tiles, 100);
    assert_eq!(
        (report.valid, report.entries, report.problems),
        (true, size, vec![])
    );

    let mut tiles = numbered.tiles;
    let above = tiles.iter_mut().find(|tile| tile.level == 1).unwrap();
    above.hashes[32 * 200] ^= 1;
    let report = verify(&rows(size), size, &tiles, 100);
    assert_eq!(
        report.problems.iter().map(|p| p.kind).collect::<Vec<_>>(),
        [ProblemKind::AlteredTile]
    );
}

#[test]
fn payload_lines_can_be_fed_beside_the_rows() {
    let (appender, leaves) = leaves(2, entry);
    let mut lines = [payload_line(0), payload_line(1)];
    lines[1].content.as_mut().unwrap().payload.clear();
    let key = key();
    let note = key.sign(2, appender.head().root);
    let mut verifier = Verifier::new(key.verifying_key(), &note, &[], NonZeroUsize::MIN);
    let found = (0..)
        .zip(&leaves)
        .map(|(position, leaf)| Found { position, leaf })
        .collect();
    verifier.feed(&[Group {
        index: 0,
        found,
        tile: None,
        payloads: Payloads::Lines(&lines),
    }]);
    let report = verifier.finish();
    assert_eq!(
        (report.payloads, report.problems[0].kind, report.problems[0].seq),
        (2, ProblemKind::AlteredPayload, Some(1))
    );
}

#[test]
fn a_row_copied_over_one_far_away_is_told_from_an_altered_one() {
    let mut rows = rows(3_000);
    rows[2_500].1 = rows[7].1.clone();
    let report = verify(&rows, 3_000, &[], 1);
    let problem = &report.problems[0];
    assert_eq!(
        (report.problem_count, problem.kind, problem.seq),
        (1, ProblemKind::ReorderedOrDoubled, Some(2_500))
    );
}

#[test]
fn tiles_hold_the_hashes_of_the_leaves() {
    let (_, numbered) = numbered(256);
    let hashes = parse_tile(&numbered.tiles[0].hashes).unwrap();
    assert_eq!(hashes.len(), 256);
    assert_eq!(parse_tile(&numbered.tiles[0].hashes[1..]), None);
    assert_eq!(parse_tile(&[0; 257 * 32]), None);
}

#[derive(Debug, Clone)]
enum Change {
    Flip(usize),
    Delete(usize),
    Swap(usize, usize),
    Copy(usize, usize),
    Renumber(usize, u64),
    Truncate(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let row = || 0..900usize;
    prop_oneof![
        (0..90_000usize).prop_map(Change::Flip),
        row().prop_map(Change::Delete),
        (row(), row()).prop_map(|(a, b)| Change::Swap(a, b)),
        (row(), row()).prop_map(|(a, b)| Change::Copy(a, b)),
        (row(), prop_oneof![0u64..1_000, any::<u64>()]).prop_map(|(a, seq)| Change::Renumber(a, seq)),
        row().prop_map(Change::Truncate),
    ]
}

fn apply(rows: &mut Vec<(u64, Vec<u8>)>, change: Change) {
    let count = rows.len();
    if count == 0 {
        return;
    }
    match change {
        Change::Flip(at) => rows[at % count].1[at % 90] ^= 1 << (at % 8),
        Change::Delete(at) => drop(rows.remove(at % count)),
        Change::Swap(a, b) => {
            let (a, b) = (a % count, b % count);
            let kept = rows[a].1.clone();
            rows[a].1 = std::mem::replace(&mut rows[b].1, kept);
        }
        Change::Copy(a, b) => rows[a % count].1 = rows[b % count].1.clone(),
        Change::Renumber(at, seq) => rows[at % count].1[1..9].copy_from_slice(&seq.to_be_bytes()),
        Change::Truncate(to) => rows.truncate(to),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever single bit of whatever row is flipped, that row is named, with and without tiles.
    #[test]
    fn any_flipped_bit_is_found(at in 0usize..1_499, bit in 0usize..8 * 100, tiles: bool, page in 1usize..8) {
        let (size, mut rows) = (1_500, rows(1_500));
        let bytes = &mut rows[at].1;
        let bit = bit % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let stored = if tiles { numbered(size).1.tiles } else { Vec::new() };
        let report = verify(&rows, size, &stored, page);
        prop_assert_eq!(report.problem_count, 1, "{:?}", report.problems);
        prop_assert_eq!(report.problems[0].seq, Some(at as u64));
    }

    /// Whatever rows are deleted from the middle, these and no others are missing.
    #[test]
    fn any_deleted_rows_are_found(first in 0u64..1_400, count in 1u64..99, tiles: bool, page in 1usize..8) {
        let size = 1_500;
        let rows: Vec<_> = rows(size).into_iter().filter(|row| !(first..first + count).contains(&row.0)).collect();
        let stored = if tiles { numbered(size).1.tiles } else { Vec::new() };
        let report = verify(&rows, size, &stored, page);
        prop_assert_eq!(report.problem_count, 1, "{:?}", report.problems);
        let problem = &report.problems[0];
        prop_assert_eq!((problem.kind, problem.seq), (ProblemKind::MissingEntry, Some(first)));
        prop_assert_eq!(problem.through.unwrap_or(first), first + count - 1);
    }

    /// However many things are done to the rows, the log is never called valid unless they cancel out.
    #[test]
    fn no_mix_of_changes_passes(
        changes in proptest::collection::vec(change(), 1..6), tiles: bool, page in 1usize..5,
    ) {
        let (size, before) = (900, rows(900));
        let mut after = before.clone();
        changes.into_iter().for_each(|change| apply(&mut after, change));
        let stored = if tiles { numbered(size).1.tiles } else { Vec::new() };
        let report = verify(&after, size, &stored, page);
        prop_assert_eq!(report.valid, after == before, "{:?}", report.problems);
        let beyond = report.problems.iter().filter(|problem| problem.seq.is_some_and(|seq| seq >= size));
        prop_assert_eq!(beyond.count(), 0, "{:?}", report.problems);
    }
}
