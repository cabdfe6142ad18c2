//! Proofs: for every kind of position, offline, and only of one's own entries.

use std::sync::Arc;

use auditlog::{Hash, Leaf, Proof, VerifyingKey, commitment};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use stockade::{
    core::{
        audit::{
            checkpoint,
            proof::{EntryProof, prove},
        },
        change::{Change, Core},
        event::AuditEvent,
    },
    http::error::{ApiError, ApiResult},
};
use stockade_domain::ids::UserId;
use uuid::Uuid;

use super::{
    attacker::Attacker,
    log::{self, ANA, key},
};
use crate::on_both;

/// Records one entry as Ana and answers its id.
async fn own_entry(core: &Arc<Core>) -> Uuid {
    core.change(log::person(ANA), async |change: &mut Change| {
        change.commit(AuditEvent::done("test.mine"), ())
    })
    .await
    .unwrap();
    log::number(core).await;
    newest_id(core).await
}

async fn newest_id(core: &Arc<Core>) -> Uuid {
    log::one(core, "SELECT entry_id FROM audit_log ORDER BY seq DESC LIMIT 1").await
}

/// Does what an auditor does who has the answer and the key, and nothing else.
fn check_offline(proof: &EntryProof) {
    let known: VerifyingKey = proof.key.parse().unwrap();
    assert_eq!(known, *key().verifying_key());
    let leaf = STANDARD.decode(&proof.leaf).unwrap();
    let checkpoint = proof
        .proof
        .parse::<Proof>()
        .unwrap()
        .verify(&leaf, &known)
        .unwrap();
    assert!(checkpoint.size > proof.entry.seq);
    assert_eq!(Leaf::decode(&leaf).unwrap().header.seq, proof.entry.seq);
}

/// What the leaf commits to, shown by payload and salt.
fn shown(proof: &EntryProof) -> Option<(Hash, Hash)> {
    let payload = STANDARD.decode(proof.payload.as_ref()?).unwrap();
    let salt: [u8; 32] = STANDARD.decode(proof.salt.as_ref()?).unwrap().try_into().unwrap();
    let leaf = Leaf::decode(&STANDARD.decode(&proof.leaf).unwrap()).unwrap();
    Some((commitment(&salt, &payload), leaf.commitment))
}

fn code<T>(answer: ApiResult<T>) -> &'static str {
    match answer {
        Err(ApiError::Refused(problem)) => problem.code,
        Err(other) => panic!("{other:?}"),
        Ok(_) => "proved",
    }
}

on_both! {
    /// First, last, at the edges of tiles, in full and partial ones: each verifies, and shows what it commits to.
    async fn every_kind_of_position_is_proved(database: Database) {
        let core = database.open("").await;
        log::register(&core, ANA).await;
        log::number(&core).await;
        let mut ids = Vec::new();
        for size in [3, 255, 256, 257, 258, 512, 700] {
            log::record(&core, size - 1 - log::size(&core).await).await;
            log::number(&core).await;
            ids.push((size - 1, own_entry(&core).await));
        }
        for (seq, id) in ids {
            let proof = prove(&core, &key(), ANA, id).await.unwrap();
            assert_eq!((proof.entry.seq, proof.entry.id), (seq, id));
            check_offline(&proof);
            let (shown, committed) = shown(&proof).unwrap();
            assert_eq!(shown, committed);
        }
    }
}

on_both! {
    /// A proof uses the checkpoint that there is, and has a new one signed only for an entry it does not cover.
    async fn a_head_is_signed_when_the_last_one_is_too_old(database: Database) {
        let core = database.open("").await;
        log::of_size(&core, 5).await;
        assert_eq!(checkpoint::sign(&core, &key()).await.unwrap().unwrap().checkpoint.size, 5);
        let id = own_entry(&core).await;
        log::record(&core, 3).await;
        log::number(&core).await;
        for _ in 0..2 {
            check_offline(&prove(&core, &key(), ANA, id).await.unwrap());
            let sizes: Vec<i64> = log::all(&core, "SELECT size FROM audit_checkpoints ORDER BY size").await;
            assert_eq!(sizes, [5, 9]);
        }
    }
}

on_both! {
    /// Other people's entries, the program's, and ids that do not exist are all the same: not found.
    async fn only_own_entries_are_proved(database: Database) {
        let core = database.open("").await;
        log::register(&core, ANA).await;
        let id = own_entry(&core).await;
        log::record(&core, 1).await;
        log::number(&core).await;
        let programs = newest_id(&core).await;
        let other = Uuid::from_u128(0xB);
        for (asks, about) in [(other, id), (ANA, programs), (ANA, Uuid::from_u128(5)), (Uuid::nil(), programs)] {
            assert_eq!(code(prove(&core, &key(), asks, about).await), "audit.unknown_entry");
        }
        assert_eq!(code(prove(&core, &key(), ANA, id).await), "proved");
    }
}

on_both! {
    /// An entry that has no number yet is not unknown.
    async fn an_entry_that_waits_for_its_number(database: Database) {
        let core = database.open("").await;
        log::register(&core, ANA).await;
        core.change(log::person(ANA), async |change: &mut Change| change.commit(AuditEvent::done("test.mine"), ()))
            .await
            .unwrap();
        let ids: Vec<Uuid> =
            log::all(&core, "SELECT entry_id FROM audit_payloads WHERE subject_id IS NOT NULL").await;
        let answer = code(prove(&core, &key(), ANA, ids[0]).await);
        assert_eq!(answer, if core.db.numbers_at_group_end() { "proved" } else { "audit.not_yet_numbered" });
        log::number(&core).await;
        check_offline(&prove(&core, &key(), ANA, ids[0]).await.unwrap());
    }
}

on_both! {
    /// Who of the staff did something about Ana, and from where, is in the log but not in her proof.
    async fn staff_are_not_named(database: Database) {
        let core = database.open("").await;
        log::register(&core, ANA).await;
        core.change(log::person(Uuid::from_u128(0xC)), async |change: &mut Change| {
            change.commit(AuditEvent::done("audit.read").about(UserId::from_uuid(ANA)), ())
        }).await.unwrap();
        log::number(&core).await;
        let id = newest_id(&core).await;
        let proof = prove(&core, &key(), ANA, id).await.unwrap();
        check_offline(&proof);
        assert_eq!((proof.entry.actor.as_deref(), &proof.entry.ip, shown(&proof)), (Some("staff"), &None, None));
    }
}

on_both! {
    /// Erasing a person leaves every proof valid; the entry says that it was erased.
    async fn an_erased_entry_is_still_proved(database: Database) {
        let core = database.open("").await;
        log::register(&core, ANA).await;
        let id = own_entry(&core).await;
        let eraser = Attacker::on(&database).await;
        let ana = eraser.uuid(ANA);
        eraser.run(&format!("DELETE FROM data_keys WHERE subject_id = {ana}")).await.unwrap();
        drop(core);
        let core = database.open("").await;
        let proof = prove(&core, &key(), ANA, id).await.unwrap();
        check_offline(&proof);
        assert!(proof.entry.erased);
        assert_eq!((proof.entry.actor, proof.payload, proof.salt), (None, None, None));
        let verification = log::verify(&core).await;
        assert!(verification.valid, "{verification:?}");
        assert_eq!(verification.erased, 1);
    }
}
