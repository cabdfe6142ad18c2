//! Damage made in a real database by somebody with full rights on it, and the name that verification gives it.

use std::sync::Arc;

use auditlog::{Hash, SigningKey};
use stockade::core::{
    audit::{
        by_person, checkpoint,
        search::{Filter, search},
        verify,
    },
    change::Core,
};

use super::{
    attacker::Attacker,
    log::{self, ANA, key},
};
use crate::{on_both, support::database::Database};

/// Two full tiles and a partial one.
const SIZE: u64 = 600;

/// Kind, first and last entry.
type Found = Vec<(&'static str, Option<u64>, Option<u64>)>;

/// A sound log, signed at 400 and 600 entries, and somebody with the rights to change it.
async fn signed_log(database: &Database) -> (Arc<Core>, Attacker) {
    let core = database.open("").await;
    log::of_size(&core, 400).await;
    checkpoint::sign(&core, &key()).await.unwrap();
    log::record(&core, SIZE - 400).await;
    log::number(&core).await;
    checkpoint::sign(&core, &key()).await.unwrap();
    let verification = log::verify(&core).await;
    assert_eq!(verification.problems, []);
    assert_eq!(
        (
            verification.entries,
            verification.payloads,
            verification.kept_confirmed
        ),
        (SIZE, SIZE, 1)
    );
    (core, Attacker::unhindered(database).await)
}

/// What verification finds in the database alone.
async fn problems(core: &Arc<Core>) -> Found {
    problems_with(core, Vec::new()).await
}

/// What it finds with checkpoints that an auditor kept elsewhere.
async fn problems_with(core: &Arc<Core>, kept: Vec<String>) -> Found {
    let verification = verify::verify(core, &key(), kept, |_, _| ()).await.unwrap();
    assert_eq!(verification.valid, verification.problems.is_empty());
    assert_eq!(
        verification.problem_count.min(100),
        verification.problems.len() as u64
    );
    verification
        .problems
        .iter()
        .map(|found| (found.kind, found.seq, found.through))
        .collect()
}

fn one(kind: &'static str, seq: u64) -> Found {
    vec![(kind, Some(seq), None)]
}

fn some(kind: &'static str, first: u64, last: u64) -> Found {
    vec![(kind, Some(first), Some(last))]
}

fn whole(kind: &'static str) -> Found {
    vec![(kind, None, None)]
}

on_both! {
    async fn an_altered_entry(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        for seq in [0, 255, 256, 598] {
            attacker.alter(seq).await;
            assert_eq!(problems(&core).await, one("altered_entry", seq as u64));
            attacker.alter(seq).await;
        }
        // Neither a tile nor an entry after it holds the last one's hash: the signed head and its payload tell.
        attacker.alter(599).await;
        let expected = [some("rewritten_history", 400, 599), one("altered_payload", 599)].concat();
        assert_eq!(problems(&core).await, expected);
        attacker.alter(599).await;
        assert_eq!(problems(&core).await, []);
    }
}

on_both! {
    async fn an_altered_entry_after_which_the_chain_was_made_anew(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        attacker.alter_and_rechain(300).await;
        // To the end of the last full tile; those behind it agree with what they follow.
        assert_eq!(problems(&core).await, some("altered_entry", 300, 511));
    }
}

on_both! {
    async fn a_missing_entry(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        attacker.run("DELETE FROM audit_log WHERE seq = 300").await.unwrap();
        assert_eq!(problems(&core).await, one("missing_entry", 300));
        attacker.run("DELETE FROM audit_log WHERE seq >= 256 AND seq < 512").await.unwrap();
        assert_eq!(problems(&core).await, some("missing_entry", 256, 511));
    }
}

on_both! {
    async fn a_truncated_tail(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        attacker.run("DELETE FROM audit_log WHERE seq >= 590").await.unwrap();
        assert_eq!(problems(&core).await, some("truncated_tail", 590, 599));
        // The head set back as well: the signed checkpoint still tells.
        attacker.run("UPDATE audit_head SET size = 590").await.unwrap();
        assert_eq!(problems(&core).await, some("truncated_tail", 590, 599));
    }
}

on_both! {
    /// What no checkpoint covers yet is missed by the head.
    async fn a_truncated_tail_that_nobody_signed(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        log::record(&core, 5).await;
        log::number(&core).await;
        attacker.run("DELETE FROM audit_log WHERE seq >= 602").await.unwrap();
        assert_eq!(problems(&core).await, some("truncated_tail", 602, 604));
    }
}

on_both! {
    /// A copy of yesterday's database is sound in itself; only a checkpoint kept elsewhere tells.
    async fn a_log_put_back_to_an_earlier_time(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        let kept = checkpoint::sign(&core, &key()).await.unwrap().unwrap();
        let rows = attacker.rows().await;
        let mut earlier = auditlog::tile::TiledTree::new();
        rows[..400].iter().for_each(|row| earlier.append(auditlog::hash::leaf_hash(&row.leaf), |_| ()));
        let root = hex::encode(earlier.root().as_bytes());
        let root = match &attacker {
            Attacker::Sqlite(_) => format!("X'{root}'"),
            Attacker::Postgres(_) => format!("'\\x{root}'"),
        };
        attacker.run(&format!(
            "DELETE FROM audit_log WHERE seq >= 400; DELETE FROM audit_tiles WHERE idx = 1;
             DELETE FROM audit_checkpoints WHERE size > 400; UPDATE audit_head SET size = 400, root = {root};"
        )).await.unwrap();
        assert_eq!(problems(&core).await, []);
        assert_eq!(problems_with(&core, vec![kept.note]).await, some("truncated_tail", 400, 599));
    }
}

on_both! {
    async fn reordered_and_doubled_entries(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        let rows = attacker.rows().await;
        attacker.set_leaf(300, &rows[301].leaf).await;
        assert_eq!(problems(&core).await, one("reordered_or_doubled", 300));
        attacker.set_leaf(301, &rows[300].leaf).await;
        assert_eq!(problems(&core).await, one("reordered_or_doubled", 301));
    }
}

on_both! {
    /// Without the signing key the newest checkpoint itself contradicts the new log.
    async fn history_rewritten_without_the_key(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        attacker.rewrite_from(450).await;
        let found = problems(&core).await;
        assert_eq!(found[0], ("rewritten_history", Some(400), Some(599)));
        assert!(found[1..].iter().all(|(kind, ..)| *kind == "altered_payload"), "{found:?}");
        assert!(matches!(checkpoint::sign(&core, &key()).await, Err(error) if error.to_string().contains("does not continue")));
    }
}

on_both! {
    /// With the key, and with the database's own checkpoints made anew, only the one kept elsewhere tells.
    async fn history_rewritten_with_the_key(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        let kept: String = log::one(&core, "SELECT note FROM audit_checkpoints WHERE size = 400").await;
        attacker.rewrite_from(350).await;
        let root: [u8; 32] = log::one::<([u8; 32],)>(&core, "SELECT root FROM audit_head").await.0;
        attacker.run("DELETE FROM audit_checkpoints").await.unwrap();
        attacker.plant_checkpoint(600, &key().sign(600, Hash(root))).await;
        let without = problems(&core).await;
        assert!(without.iter().all(|(kind, ..)| *kind == "altered_payload"), "{without:?}");
        let found = problems_with(&core, vec![kept]).await;
        assert_eq!(found[0], ("rewritten_history", Some(0), Some(399)));
    }
}

on_both! {
    /// Two validly signed heads of one size.
    async fn a_fork(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        let forked = key().sign(400, Hash([4; 32]));
        assert_eq!(problems_with(&core, vec![forked.clone()]).await, whole("fork"));
        attacker.plant_checkpoint(399, &forked).await;
        assert_eq!(problems(&core).await, whole("fork"));
    }
}

on_both! {
    async fn a_bad_signature(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        let root: [u8; 32] = log::one::<([u8; 32],)>(&core, "SELECT root FROM audit_head").await.0;
        let stranger = SigningKey::from_seed("log.example/audit", &[2; 32]).unwrap();
        attacker.plant_checkpoint(600, &stranger.sign(600, Hash(root))).await;
        assert_eq!(problems(&core).await, whole("bad_signature"));
        attacker.plant_checkpoint(600, "nothing of the kind").await;
        assert_eq!(problems(&core).await, whole("bad_signature"));
    }
}

on_both! {
    async fn an_altered_head(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        attacker.run("UPDATE audit_head SET size = 598").await.unwrap();
        assert_eq!(problems(&core).await, one("altered_head", 598));
        attacker.run("UPDATE audit_head SET size = 600, root = NULL").await.unwrap();
        assert_eq!(problems(&core).await, whole("altered_head"));
    }
}

on_both! {
    async fn altered_and_missing_tiles(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        attacker.run("UPDATE audit_tiles SET root = (SELECT root FROM audit_head) WHERE idx = 0").await.unwrap();
        assert_eq!(problems(&core).await, whole("altered_tile"));
        attacker.run("DELETE FROM audit_tiles WHERE idx = 0").await.unwrap();
        assert!(problems(&core).await.contains(&whole("missing_tile")[0]));
    }
}

on_both! {
    /// Payloads that were taken away, exchanged, or made to look erased.
    async fn altered_payloads(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        let rows = attacker.rows().await;
        let id = |seq: usize| attacker.uuid(rows[seq].id);
        attacker.run(&format!("DELETE FROM audit_payloads WHERE entry_id = {}", id(300))).await.unwrap();
        let mut expected = one("missing_payload", 300);
        assert_eq!(problems(&core).await, expected);

        attacker.run(&format!(
            "UPDATE audit_payloads SET sealed = (SELECT sealed FROM audit_payloads WHERE entry_id = {}) WHERE entry_id = {}",
            id(302), id(303),
        )).await.unwrap();
        expected.extend(one("altered_payload", 303));
        assert_eq!(problems(&core).await, expected);
    }
}

on_both! {
    /// Taking an entry off its person's list hides it from them, but not from verification; putting one on somebody else's
    /// shows it to nobody.
    async fn altered_lists(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        by_person::list_entries(&core).await.unwrap();
        assert_eq!(problems(&core).await, []);
        let mine: Vec<i64> = log::all(&core, "SELECT seq FROM audit_subjects ORDER BY seq").await;
        let stranger = uuid::Uuid::from_u128(99);
        attacker.run(&format!(
            "INSERT INTO audit_subjects (subject_id, seq) VALUES ({}, {})", attacker.uuid(stranger), mine[0],
        )).await.unwrap();
        let theirs = Filter { subject: Some(stranger), ..Filter::default() };
        assert!(search(&core, &theirs, None, 9).await.unwrap().0.is_empty());
        assert_eq!(problems(&core).await, []);

        attacker.run(&format!("DELETE FROM audit_subjects WHERE seq = {}", mine[1])).await.unwrap();
        assert_eq!(problems(&core).await, one("unlisted_entry", mine[1] as u64));
    }
}

on_both! {
    /// Filing an entry under somebody who does not exist hides it from its owner, but not from verification.
    async fn a_payload_that_only_passes_for_erased(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        let mine: uuid::Uuid = log::all::<uuid::Uuid>(&core,
            "SELECT l.entry_id FROM audit_log l JOIN audit_payloads p ON p.entry_id = l.entry_id
             WHERE p.subject_id IS NOT NULL ORDER BY l.seq").await[0];
        let seq = attacker.rows().await.iter().position(|row| row.id == mine).unwrap() as u64;
        for nobody in [uuid::Uuid::from_u128(99), uuid::Uuid::nil()] {
            attacker.run(&format!(
                "UPDATE audit_payloads SET subject_id = {} WHERE entry_id = {}",
                attacker.uuid(nobody), attacker.uuid(mine),
            )).await.unwrap();
            assert_eq!(problems(&core).await, one("altered_payload", seq));
        }
        // The key destroyed, it is what it says.
        attacker.run(&format!("DELETE FROM data_keys WHERE subject_id = {}", attacker.uuid(ANA))).await.unwrap();
        attacker.run(&format!(
            "UPDATE audit_payloads SET subject_id = {} WHERE entry_id = {}", attacker.uuid(ANA), attacker.uuid(mine),
        )).await.unwrap();
        drop(core);
        let core = database.open("").await;
        assert_eq!(problems(&core).await, []);
    }
}

on_both! {
    /// Several damages at once are each named.
    async fn several_damages_at_once(database: Database) {
        let (core, attacker) = signed_log(&database).await;
        attacker.alter(20).await;
        attacker.run("DELETE FROM audit_log WHERE seq = 300 OR seq >= 590").await.unwrap();
        let expected = [some("truncated_tail", 590, 599), one("altered_entry", 20), one("missing_entry", 300)].concat();
        assert_eq!(problems(&core).await, expected);
    }
}
