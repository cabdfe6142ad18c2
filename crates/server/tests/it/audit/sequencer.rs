//! PostgreSQL's sequencer: one at a time, nothing lost, nobody stale.

use std::sync::Arc;

use jiff::Timestamp;
use stockade::core::{actor::Actor, audit::sequencer::Turn, change::Change, event::AuditEvent, leases::LIFE};
use stockade_platform::{clock::Clock, db::DbError};
use tokio::sync::Notify;

use super::{
    attacker::Attacker,
    log::{self, drain, sequencer},
};
use crate::support::database::{Database, Kind, run};

/// A story on PostgreSQL alone: on SQLite the writer numbers.
macro_rules! on_postgres {
    ($(#[doc = $about:literal])* async fn $name:ident($database:ident: Database) $body:block) => {
        $(#[doc = $about])*
        #[test]
        fn $name() {
            async fn story($database: Database) $body
            run(Kind::Postgres, story);
        }
    };
}

on_postgres! {
    /// While one holds the lease the other does nothing; a release hands it over at once.
    async fn a_lease_is_handed_over(database: Database) {
        let core = database.open("").await;
        let (first, second) = (sequencer(1, &core.clock), sequencer(2, &core.clock));
        log::record(&core, 3).await;
        assert_eq!(first.turn(&core.db).await.unwrap(), Turn::Numbered(3));
        log::record(&core, 4).await;
        assert_eq!(second.turn(&core.db).await.unwrap(), Turn::NotMine);
        first.release(&core.db).await.unwrap();
        assert_eq!(second.turn(&core.db).await.unwrap(), Turn::Numbered(4));
        assert_eq!(first.turn(&core.db).await.unwrap(), Turn::NotMine);
        log::record(&core, 5).await;
        assert_eq!(second.turn(&core.db).await.unwrap(), Turn::Numbered(5));
        assert!(log::verify(&core).await.valid);
        assert_eq!(log::size(&core).await, 12);
    }
}

on_postgres! {
    /// A holder that died is followed when its lease has run out, and not before.
    async fn a_lease_that_is_not_renewed_passes_on(database: Database) {
        let clock = Clock::manual(Timestamp::from_second(1_800_000_000).unwrap());
        let core = database.open_with_clock("", clock.clone()).await;
        log::record(&core, 2).await;
        let (dead, next) = (sequencer(1, &clock), sequencer(2, &clock));
        assert_eq!(dead.turn(&core.db).await.unwrap(), Turn::Numbered(2));
        log::record(&core, 2).await;
        clock.advance(LIFE.as_secs());
        assert_eq!(next.turn(&core.db).await.unwrap(), Turn::NotMine);
        clock.advance(1);
        assert_eq!(next.turn(&core.db).await.unwrap(), Turn::Numbered(2));
        assert_eq!(dead.turn(&core.db).await.unwrap(), Turn::NotMine);
        assert!(log::verify(&core).await.valid);
    }
}

on_postgres! {
    /// Whoever numbers for an older epoch than the head was moved by moves nothing, and what it took goes back.
    async fn a_stale_epoch_is_fenced_out(database: Database) {
        let core = database.open("").await;
        let stale = sequencer(1, &core.clock);
        log::record(&core, 3).await;
        assert_eq!(stale.turn(&core.db).await.unwrap(), Turn::Numbered(3));
        log::record(&core, 2).await;
        let attacker = Attacker::on(&database).await;
        attacker.run("UPDATE audit_head SET epoch = 7").await.unwrap();
        assert!(matches!(stale.turn(&core.db).await, Err(DbError::Serialization(_))));
        assert_eq!(log::size(&core).await, 3);
        assert_eq!(log::one::<i64>(&core, "SELECT COUNT(*) FROM audit_inbox").await, 2);

        attacker.run("UPDATE leases SET epoch = 7").await.unwrap();
        assert_eq!(stale.turn(&core.db).await.unwrap(), Turn::Numbered(2));
        assert!(log::verify(&core).await.valid);
    }
}

on_postgres! {
    /// Two that take turns at the same moment never number an entry twice or leave one out.
    async fn sequencers_at_the_same_time(database: Database) {
        let core = database.open("").await;
        let both = [sequencer(1, &core.clock), sequencer(2, &core.clock)];
        for round in 0..5 {
            log::record(&core, 700).await;
            let turns = both.iter().map(|one| drain(one, &core));
            let numbered: usize = futures_util::future::join_all(turns).await.into_iter().sum();
            assert_eq!(numbered, 700, "round {round}");
            for one in &both {
                one.release(&core.db).await.unwrap();
            }
        }
        let verification = log::verify(&core).await;
        assert!(verification.valid, "{verification:?}");
        assert_eq!((verification.entries, verification.pending), (3_500, 0));
    }
}

on_postgres! {
    /// A unit that began first and commits last is numbered last: nothing goes by ids.
    async fn entries_that_commit_out_of_order_all_get_in(database: Database) {
        let core = database.open("").await;
        let sequencer = sequencer(1, &core.clock);
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go_on));
        let here = Arc::clone(&core);
        let slow = tokio::spawn(async move {
            here.change(Actor::program("test"), async move |change: &mut Change| {
                tell.notify_one();
                wait.notified().await;
                change.commit(AuditEvent::done("test.slow"), ())
            }).await
        });
        begun.notified().await;
        log::record(&core, 3).await;
        assert_eq!(sequencer.turn(&core.db).await.unwrap(), Turn::Numbered(3));
        go_on.notify_one();
        slow.await.unwrap().unwrap();
        assert_eq!(sequencer.turn(&core.db).await.unwrap(), Turn::Numbered(1));
        let ids: Vec<uuid::Uuid> = log::all(&core, "SELECT entry_id FROM audit_log ORDER BY seq").await;
        assert!(ids[3] < ids[0], "the slow unit's entry was made first");
        assert!(log::verify(&core).await.valid);
    }
}

on_postgres! {
    /// A sequencer that goes away between batches is followed by one that starts from what is stored.
    async fn a_crash_between_batches(database: Database) {
        let core = database.open("").await;
        log::record(&core, 2_500).await;
        let first = sequencer(1, &core.clock);
        let turn = first.turn(&core.db).await.unwrap();
        assert!(turn.is_full(), "{turn:?}");
        let before = log::size(&core).await;
        // The same instance starts again: it holds the lease but remembers nothing.
        drop(first);
        assert_eq!(drain(&sequencer(1, &core.clock), &core).await as u64, 2_500 - before);
        let verification = log::verify(&core).await;
        assert!(verification.valid, "{verification:?}");
        assert_eq!(verification.entries, 2_500);
    }
}
