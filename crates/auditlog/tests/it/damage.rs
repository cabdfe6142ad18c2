//! Damage made in a real export, and the name that the program gives it.

use auditlog::entry::{Leaf, entry_hash};
use auditlog::hash::leaf_hash;
use auditlog::tile::{entries_path, push_to_bundle};
use auditlog::{NewEntry, SigningKey};

use crate::log::entry;
use crate::program::{Export, Found, SIZE, checkpoint, key, leaves, payload_line};

fn one(kind: &str, seq: u64) -> Vec<Found> {
    vec![(kind.to_owned(), Some(seq), None)]
}

fn some(kind: &str, first: u64, last: u64) -> Vec<Found> {
    vec![(kind.to_owned(), Some(first), Some(last))]
}

fn whole(kind: &str) -> Vec<Found> {
    vec![(kind.to_owned(), None, None)]
}

/// Flips a bit of the commitment.
fn alter(leaf: &mut [u8]) {
    *leaf.last_mut().unwrap() ^= 1;
}

/// Entries from the first on with other commitments: what the log might have been.
fn other_from(first: u64) -> impl Fn(u64) -> NewEntry {
    move |n| {
        if n < first {
            entry(n)
        } else {
            NewEntry {
                commitment: entry(n + 1).commitment,
                ..entry(n)
            }
        }
    }
}

#[test]
fn nothing_is_wrong_with_a_clean_export() {
    let export = Export::new();
    let report = export.report(&[
        &checkpoint(1),
        &checkpoint(256),
        &checkpoint(300),
        &checkpoint(SIZE),
    ]);
    assert_eq!(report["problems"], serde_json::json!([]));
    assert_eq!(
        (&report["entries"], &report["checked_to"]),
        (&SIZE.into(), &SIZE.into())
    );
    assert_eq!(
        (&report["payloads"], &report["erased"]),
        (&630.into(), &70.into())
    );
    assert_eq!(report["kept_confirmed"], 4);
    assert_eq!(report["root"], report["checkpoint"]["root"]);
    export.remove_tiles();
    assert_eq!(export.report(&[])["valid"], true);
}

#[test]
fn an_altered_entry() {
    for seq in [0, 255, 256, 300, 698, 699] {
        let export = Export::new();
        export.edit_leaves(|leaves| alter(&mut leaves[seq]));
        assert_eq!(
            export.problems(&[&checkpoint(400)]),
            one("altered_entry", seq as u64)
        );
    }
}

#[test]
fn an_altered_entry_without_tiles_shows_in_the_chain() {
    for seq in [0, 255, 256, 300, 698] {
        let export = Export::new();
        export.edit_leaves(|leaves| alter(&mut leaves[seq]));
        export.remove_tiles();
        assert_eq!(export.problems(&[]), one("altered_entry", seq as u64));
    }
    let export = Export::new();
    export.edit_leaves(|leaves| leaves[300][80] ^= 1);
    export.remove_tiles();
    assert_eq!(
        export.problems(&[]),
        one("altered_entry", 300),
        "the hash that it holds of the one before"
    );
}

#[test]
fn an_altered_entry_after_which_the_chain_was_made_anew() {
    let export = Export::new();
    export.edit_leaves(|leaves| {
        alter(&mut leaves[300]);
        for n in 301..leaves.len() {
            let previous = entry_hash(&leaves[n - 1]);
            leaves[n] = Leaf {
                previous,
                ..Leaf::decode(&leaves[n]).unwrap()
            }
            .encode();
        }
    });
    assert_eq!(export.problems(&[]), some("altered_entry", 300, 699));
}

#[test]
fn an_altered_entry_whose_tile_was_altered_to_match() {
    let export = Export::new();
    export.edit_bundle(1, |leaves| {
        alter(&mut leaves[44]);
        let hash = leaf_hash(&leaves[44]);
        export.edit("tile/0/001", |tile| {
            tile[44 * 32..45 * 32].copy_from_slice(hash.as_bytes())
        });
    });
    let found = export.problems(&[&checkpoint(200), &checkpoint(400)]);
    // The tile above does not fit the one below any more, either.
    assert_eq!(found, [whole("altered_tile"), one("altered_entry", 300)].concat());
}

#[test]
fn an_entry_that_is_no_entry_any_more() {
    let export = Export::new();
    export.edit_bundle(1, |leaves| leaves[44].truncate(20));
    assert_eq!(export.problems(&[]), one("altered_entry", 300));
}

#[test]
fn an_entry_that_calls_itself_another() {
    for claim in [5u64, 301, 9_999] {
        let export = Export::new();
        export.edit_bundle(1, |leaves| leaves[44][1..9].copy_from_slice(&claim.to_be_bytes()));
        assert_eq!(export.problems(&[]), one("altered_entry", 300), "{claim}");
    }
}

#[test]
fn a_missing_entry() {
    for tiles in [true, false] {
        for seq in [0usize, 1, 255, 256, 300] {
            let export = Export::new();
            export.edit_bundle(seq as u64 / 256, |leaves| drop(leaves.remove(seq % 256)));
            if !tiles {
                export.remove_tiles();
            }
            assert_eq!(
                export.problems(&[]),
                one("missing_entry", seq as u64),
                "tiles: {tiles}"
            );
        }
    }
}

#[test]
fn a_missing_bundle() {
    let export = Export::new();
    export.remove(&entries_path(1, 256));
    // The payloads of entries that are gone are no damage of their own.
    assert_eq!(
        export.problems(&[&checkpoint(200)]),
        some("missing_entry", 256, 511)
    );
}

#[test]
fn a_truncated_tail() {
    let export = Export::new();
    export.edit_bundle(2, |leaves| leaves.truncate(100));
    assert_eq!(export.problems(&[]), some("truncated_tail", 612, 699));
    export.remove(&entries_path(2, 188));
    assert_eq!(export.problems(&[]), some("truncated_tail", 512, 699));
}

#[test]
fn a_log_that_was_put_back_to_an_earlier_time() {
    let (appender, leaves) = leaves(500, entry);
    let export = Export::of(&leaves, &key().sign(500, appender.head().root));
    assert_eq!(export.problems(&[]), []);
    assert_eq!(
        export.problems(&[&checkpoint(400), &checkpoint(600)]),
        some("truncated_tail", 500, 599)
    );
}

#[test]
fn reordered_entries() {
    let export = Export::new();
    export.edit_leaves(|leaves| leaves.swap(300, 301));
    assert_eq!(export.problems(&[]), one("reordered_or_doubled", 301));
    for tiles in [true, false] {
        let export = Export::new();
        export.edit_leaves(|leaves| leaves.swap(10, 600));
        if !tiles {
            export.remove_tiles();
        }
        let both = [one("reordered_or_doubled", 10), one("reordered_or_doubled", 600)].concat();
        assert_eq!(export.problems(&[]), both, "tiles: {tiles}");

        let export = Export::new();
        export.edit_bundle(1, |leaves| leaves[40..60].rotate_left(1));
        if !tiles {
            export.remove_tiles();
        }
        assert_eq!(
            export.problems(&[]),
            one("reordered_or_doubled", 296),
            "tiles: {tiles}"
        );
    }
}

#[test]
fn doubled_entries() {
    for tiles in [true, false] {
        let export = Export::new();
        export.edit_bundle(1, |leaves| leaves.insert(45, leaves[44].clone()));
        if !tiles {
            export.remove_tiles();
        }
        assert_eq!(
            export.problems(&[]),
            one("reordered_or_doubled", 300),
            "tiles: {tiles}"
        );

        let export = Export::new();
        export.edit_bundle(1, |leaves| leaves[45] = leaves[44].clone());
        if !tiles {
            export.remove_tiles();
        }
        assert_eq!(
            export.problems(&[]),
            one("reordered_or_doubled", 301),
            "tiles: {tiles}"
        );
    }
}

/// Who has the signing key can make a log anew. Only a checkpoint kept elsewhere tells.
#[test]
fn rewritten_history() {
    let (appender, leaves) = leaves(SIZE, other_from(350));
    let export = Export::of(&leaves, &key().sign(SIZE, appender.head().root));
    std::fs::remove_dir_all(export.path("payloads")).unwrap();
    assert_eq!(export.problems(&[&checkpoint(300)]), []);
    assert_eq!(
        export.problems(&[&checkpoint(300), &checkpoint(400)]),
        some("rewritten_history", 300, 399)
    );
}

#[test]
fn history_rewritten_without_the_key() {
    let export = Export::of(&leaves(SIZE, other_from(350)).1, &checkpoint(SIZE));
    std::fs::remove_dir_all(export.path("payloads")).unwrap();
    assert_eq!(
        export.problems(&[&checkpoint(300)]),
        some("rewritten_history", 300, 699)
    );
}

#[test]
fn a_fork() {
    let export = Export::new();
    let other = leaves(SIZE, other_from(350)).0.head();
    assert_eq!(export.problems(&[&key().sign(SIZE, other.root)]), whole("fork"));
    let other = leaves(400, other_from(350)).0.head();
    let forked = [&checkpoint(400)[..], &key().sign(400, other.root)];
    assert_eq!(export.problems(&forked), whole("fork"));
}

#[test]
fn a_bad_signature() {
    let stranger = SigningKey::from_seed("log.example/audit", &[2; 32]).unwrap();
    let root = leaves(SIZE, entry).0.head().root;
    let forged = checkpoint(SIZE).replace("\n700\n", "\n701\n");
    for note in [stranger.sign(SIZE, root), forged, "no checkpoint\n".to_owned()] {
        let export = Export::new();
        export.edit("checkpoint", |bytes| *bytes = note.clone().into_bytes());
        assert_eq!(export.problems(&[]), whole("bad_signature"));
        assert_eq!(Export::new().problems(&[&note]), whole("bad_signature"), "kept");
    }
}

#[test]
fn a_kept_checkpoint_vouches_when_the_current_one_is_forged() {
    let export = Export::new();
    export.edit("checkpoint", |bytes| *bytes = b"no checkpoint\n".to_vec());
    export.edit("tile/0/001", |tile| tile[44 * 32] ^= 1);
    assert_eq!(
        export.problems(&[&checkpoint(600)]),
        [whole("bad_signature"), one("altered_tile", 300)].concat()
    );
}

#[test]
fn an_altered_payload() {
    let replace = |change: &dyn Fn(&mut auditlog::export::PayloadLine)| {
        let export = Export::new();
        export.edit("payloads/001.jsonl", |bytes| {
            let mut lines: Vec<_> = (256..512).map(payload_line).collect();
            change(&mut lines[44]);
            *bytes = lines
                .iter()
                .flat_map(|line| (line.to_json() + "\n").into_bytes())
                .collect();
        });
        export.problems(&[])
    };
    assert_eq!(replace(&|_| ()), []);
    assert_eq!(
        replace(&|line| line.content.as_mut().unwrap().payload.push(b' ')),
        one("altered_payload", 300)
    );
    assert_eq!(
        replace(&|line| line.content.as_mut().unwrap().salt[0] ^= 1),
        one("altered_payload", 300)
    );
    assert_eq!(replace(&|line| line.id[0] ^= 1), one("altered_payload", 300));
    assert_eq!(replace(&|line| line.content = None), [], "erasing is no damage");
    assert_eq!(replace(&|line| line.seq = 5_000), one("altered_payload", 5_000));

    let export = Export::new();
    export.edit("payloads/001.jsonl", |bytes| bytes[0] = b'x');
    assert_eq!(export.problems(&[]), whole("altered_payload"));
}

#[test]
fn an_altered_tile() {
    let export = Export::new();
    export.edit("tile/0/001", |bytes| bytes[44 * 32] ^= 1);
    assert_eq!(export.problems(&[]), one("altered_tile", 300));

    let export = Export::new();
    export.edit("tile/1/000.p/2", |bytes| bytes[0] ^= 1);
    assert_eq!(export.problems(&[]), whole("altered_tile"));

    let export = Export::new();
    export.edit("tile/0/001", |bytes| bytes.truncate(8_000 - 1));
    assert_eq!(export.problems(&[]), one("altered_tile", 256));
}

#[test]
fn several_damages_at_once_are_each_named() {
    let export = Export::new();
    export.edit_bundle(0, |leaves| alter(&mut leaves[20]));
    export.edit_bundle(1, |leaves| drop(leaves.remove(44)));
    export.edit_bundle(2, |leaves| leaves.truncate(100));
    let expected = [
        some("truncated_tail", 612, 699),
        one("altered_entry", 20),
        one("missing_entry", 300),
    ]
    .concat();
    assert_eq!(export.problems(&[&checkpoint(500)]), expected);
}

#[test]
fn a_long_list_of_problems_is_cut_and_counted() {
    let export = Export::new();
    export.edit_leaves(|leaves| leaves.iter_mut().step_by(2).for_each(|leaf| alter(leaf)));
    let report = export.report(&[]);
    assert_eq!(report["problem_count"], SIZE / 2);
    assert_eq!(
        report["problems"].as_array().unwrap().len(),
        auditlog::verify::MAX_LISTED
    );
    let text = String::from_utf8(export.verify(&[], &[]).stdout).unwrap();
    assert!(
        text.contains("  and 250 more.\nDamaged: 350 problems.\n"),
        "{text}"
    );
}

#[test]
fn entries_after_the_checkpoint_are_counted_not_blamed() {
    let export = Export::of(&leaves(SIZE, entry).1, &checkpoint(690));
    let report = export.report(&[]);
    assert_eq!(
        (&report["valid"], &report["unsigned"]),
        (&true.into(), &10.into())
    );
}

#[test]
fn bytes_after_the_last_entry_of_a_bundle() {
    let export = Export::new();
    export.edit(&entries_path(2, 188), |bytes| push_to_bundle(bytes, b"more"));
    assert_eq!(export.problems(&[]), one("altered_entry", SIZE));
}
