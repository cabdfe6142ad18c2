//! Every committed entry is numbered once, without gaps, across restarts and at every width of a tile.

use std::sync::Arc;

use auditlog::{Leaf, entry::entry_hash};
use futures_util::future::join_all;
use stockade::core::{
    actor::Actor,
    audit::entries::{self, Entry},
    change::{Change, Core},
    event::AuditEvent,
};
use stockade_platform::db::{DbResult, Reader};

use super::{
    attacker::Attacker,
    log::{self, ANA},
};
use crate::on_both;

on_both! {
    /// Two hundred units at once get the numbers 0 to 199, each entry holding the hash of the one before.
    async fn concurrent_units_are_numbered_contiguously(database: Database) {
        let core = database.open("").await;
        let units = (0..100).map(|_| core.change(Actor::program("test"), async |change: &mut Change| {
            change.also(AuditEvent::done("test.first"));
            change.commit(AuditEvent::done("test.second"), ())
        }));
        for answer in join_all(units).await {
            answer.unwrap();
        }
        log::number(&core).await;
        let rows: Vec<(i64, Vec<u8>)> = log::all(&core, "SELECT seq, leaf FROM audit_log ORDER BY seq").await;
        assert_eq!(rows.len(), 200);
        let mut previous = auditlog::Hash::ZERO;
        for (place, (seq, bytes)) in (0..).zip(&rows) {
            let leaf = Leaf::decode(bytes).unwrap();
            assert_eq!((*seq, leaf.header.seq, leaf.previous), (place, place as u64, previous));
            previous = entry_hash(bytes);
        }
        assert_eq!(log::one::<i64>(&core, "SELECT COUNT(*) FROM audit_inbox").await, 0);
        assert!(log::verify(&core).await.valid);
    }
}

on_both! {
    /// The events of one unit are numbered in the order in which they happened.
    async fn events_of_one_unit_keep_their_order(database: Database) {
        let core = database.open("").await;
        log::record(&core, 300).await;
        log::number(&core).await;
        let rows: Vec<(i64, uuid::Uuid)> = log::all(&core, "SELECT seq, entry_id FROM audit_log ORDER BY seq").await;
        let here = Arc::clone(&core);
        let entries = core.db.read(async move |reader: &mut Reader| -> DbResult<Vec<Entry>> {
            entries::from(reader, &here.keys, 0, 300).await
        }).await.unwrap();
        let order: Vec<i64> = entries.iter().map(|entry| entry.recorded().unwrap().details["n"].as_i64().unwrap()).collect();
        assert_eq!(order, (1..300).chain([0]).collect::<Vec<_>>());
        assert!(rows.is_sorted_by_key(|(_, id)| *id));
    }
}

on_both! {
    /// Whoever connects as the program cannot change or forget a numbered entry or a full tile.
    async fn the_database_refuses_to_change_the_log(database: Database) {
        let core = database.open("").await;
        log::of_size(&core, 300).await;
        let attacker = Attacker::on(&database).await;
        let mut attempts = vec![
            "UPDATE audit_log SET leaf = leaf WHERE seq = 3",
            "DELETE FROM audit_log WHERE seq = 299",
            "UPDATE audit_tiles SET root = root",
            "DELETE FROM audit_tiles",
        ];
        if matches!(attacker, Attacker::Postgres(_)) {
            attempts.extend(["TRUNCATE audit_log", "TRUNCATE audit_tiles", "TRUNCATE audit_tiles, audit_log CASCADE"]);
        }
        for attempt in attempts {
            assert_eq!(attacker.run(attempt).await, Err("the audit log is append-only".into()), "{attempt}");
        }
        assert!(log::verify(&core).await.valid);
    }
}

on_both! {
    /// A process that starts on a log of any width goes on where the last one stopped.
    async fn a_restart_continues_the_chain(database: Database) {
        let mut core = database.open("").await;
        log::register(&core, ANA).await;
        let mut size = 1;
        for next in [2, 255, 256, 257, 511, 512, 513] {
            log::record(&core, next - size).await;
            log::number(&core).await;
            core = restart(&database, core).await;
            size = next;
            assert_eq!(log::size(&core).await, size);
        }
        log::record(&core, 1).await;
        log::number(&core).await;
        let verification = log::verify(&core).await;
        assert!(verification.valid, "{verification:?}");
        assert_eq!((verification.entries, verification.payloads), (514, 514));
    }
}

on_both! {
    /// The same where the second level of tiles fills up.
    async fn a_restart_continues_the_chain_across_levels(database: Database) {
        let mut core = database.open("").await;
        log::of_size(&core, 65_535).await;
        for size in 65_536..=65_538 {
            core = restart(&database, core).await;
            log::record(&core, 1).await;
            log::number(&core).await;
            assert_eq!(log::size(&core).await, size);
        }
        let verification = log::verify(&core).await;
        assert!(verification.valid, "{verification:?}");
        assert_eq!(verification.entries, 65_538);
    }
}

async fn restart(database: &crate::support::database::Database, core: Arc<Core>) -> Arc<Core> {
    drop(core);
    database.open("").await
}
