//! The contract of the database seam and the unit of work, the same on both databases.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use futures_util::future::{join_all, join3};
use jiff::Timestamp;
use stockade::{
    core::{
        actor::Actor,
        change::{Change, Core, Outcome},
        event::AuditEvent,
    },
    http::error::{ApiError, ApiResult, Problem},
};
use stockade_platform::db::{DbError, DbResult, Reader, sql};
use uuid::Uuid;

use crate::on_both;

const TABLE: &str = "CREATE TABLE things (
    id BIGINT PRIMARY KEY, n BIGINT, b BOOLEAN, t TEXT, y BYTEA, u UUID, at TIMESTAMPTZ, j JSONB);
    INSERT INTO things (id, n) VALUES (1, 0);
    INSERT INTO things (id, n) VALUES (2, 0);";

fn tester() -> Actor {
    Actor::program("test")
}

fn done() -> AuditEvent {
    AuditEvent::done("test.done")
}

async fn number(core: &Core, id: i64) -> Option<i64> {
    core.db
        .read(async move |reader: &mut Reader| -> DbResult<Option<i64>> {
            let found: Option<(Option<i64>,)> = sql("SELECT n FROM things WHERE id = $1")
                .bind(id)
                .optional(reader)
                .await?;
            Ok(found.and_then(|(n,)| n))
        })
        .await
        .unwrap()
}

async fn recorded(core: &Core) -> i64 {
    core.db
        .read(async |reader: &mut Reader| -> DbResult<i64> {
            let numbered: i64 = sql("SELECT COUNT(*) FROM audit_log").one(reader).await?;
            let waiting: i64 = sql("SELECT COUNT(*) FROM audit_inbox").one(reader).await?;
            Ok(numbered + waiting)
        })
        .await
        .unwrap()
}

async fn add(change: &mut Change<'_>, id: i64, n: i64) -> DbResult<i64> {
    sql("UPDATE things SET n = n + $2 WHERE id = $1 RETURNING n")
        .bind(id)
        .bind(n)
        .one(change)
        .await
}

on_both! {
    /// Values and typed NULLs come back as they went in.
    async fn every_type_crosses_the_seam(database: Database) {
        let core = database.open(TABLE).await;
        type All = (Option<i64>, Option<bool>, Option<String>, Option<Vec<u8>>, Option<Uuid>, Option<Timestamp>,
            Option<serde_json::Value>);
        let full: All = (
            Some(i64::MIN), Some(true), Some("1e3 ÅΩ".into()), Some(vec![0, 255]), Some(Uuid::from_u128(7)),
            Some(Timestamp::from_microsecond(-1).unwrap()), Some(serde_json::json!({"a": [1, "1e3"]})),
        );
        let empty: All = (None, None, None, None, None, None, None);
        for (id, row) in [(10, full), (11, empty)] {
            let sent = row.clone();
            core.change(tester(), async move |change: &mut Change| {
                let (n, b, t, y, u, at, j) = sent.clone();
                sql("INSERT INTO things (id, n, b, t, y, u, at, j) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
                    .bind(id).bind(n).bind(b).bind(t).bind(y).bind(u).bind(at).bind(j)
                    .run(change).await?;
                change.commit(done(), ())
            }).await.unwrap();
            let back: All = core.db.read(async move |reader: &mut Reader| -> DbResult<All> {
                sql("SELECT n, b, t, y, u, at, j FROM things WHERE id = $1").bind(id).one(reader).await
            }).await.unwrap();
            assert_eq!(back, row);
        }
    }
}

on_both! {
    /// A parameter may be used twice and out of order: it is bound by its number.
    async fn parameters_are_bound_by_number(database: Database) {
        let core = database.open(TABLE).await;
        let row: (i64, i64, i64) = core.db.read(async |reader: &mut Reader| -> DbResult<_> {
            sql("SELECT CAST($2 AS BIGINT), CAST($1 AS BIGINT), CAST($2 AS BIGINT)").bind(1i64).bind(2i64).one(reader).await
        }).await.unwrap();
        assert_eq!(row, (2, 1, 2));
    }
}

on_both! {
    /// A refused unit leaves only its record and what it asked to survive.
    async fn a_refusal_undoes_the_effects_and_keeps_the_record(database: Database) {
        let core = database.open(TABLE).await;
        let refused: ApiResult<()> = core.change(tester(), async |change: &mut Change| {
            add(change, 1, 100).await?;
            sql("UPDATE things SET n = n + 1 WHERE id = 2").later(change)?;
            change.on_refusal(sql("UPDATE things SET n = n + 7 WHERE id = 2"));
            change.refuse(AuditEvent::refused("test.refused"), Problem::conflict("test.no", "no"))
        }).await;
        assert!(matches!(refused, Err(ApiError::Refused(problem)) if problem.code == "test.no"));
        assert_eq!((number(&core, 1).await, number(&core, 2).await), (Some(0), Some(7)));
        assert_eq!(recorded(&core).await, 1);
    }
}

on_both! {
    /// `?` on a refusal is a refusal on record; `?` on a failed statement leaves nothing at all.
    async fn errors_inside_a_unit(database: Database) {
        let core = database.open(TABLE).await;
        let refused: ApiResult<()> = core.change(tester(), async |change: &mut Change| {
            add(change, 1, 1).await?;
            let refusal: ApiResult<()> = Err(Problem::conflict("test.no", "no").into());
            refusal?;
            change.commit(done(), ())
        }).await;
        assert!(refused.is_err());
        assert_eq!((number(&core, 1).await, recorded(&core).await), (Some(0), 1));

        let broken: ApiResult<()> = core.change(tester(), async |change: &mut Change| {
            add(change, 1, 1).await?;
            sql("INSERT INTO things (id) VALUES (1)").run(change).await?;
            change.commit(done(), ())
        }).await;
        assert!(matches!(broken, Err(ApiError::Database(DbError::Constraint(_)))));
        assert_eq!((number(&core, 1).await, recorded(&core).await), (Some(0), 1));
    }
}

on_both! {
    /// A unit that swallows a failed statement cannot commit: on both databases the transaction is lost.
    async fn a_failed_statement_cannot_be_ignored(database: Database) {
        let core = database.open(TABLE).await;
        let ignored: ApiResult<()> = core.change(tester(), async |change: &mut Change| {
            add(change, 1, 1).await?;
            let failed = sql("INSERT INTO things (id) VALUES (1)").run(change).await;
            assert!(matches!(failed, Err(DbError::Constraint(_))));
            assert!(matches!(add(change, 1, 1).await, Err(DbError::Aborted)));
            change.commit(done(), ())
        }).await;
        assert!(ignored.is_err());
        assert_eq!((number(&core, 1).await, recorded(&core).await), (Some(0), 0));
    }
}

on_both! {
    /// A panic undoes its own unit, and neither its neighbours nor the writer.
    async fn a_panic_rolls_back_that_unit_alone(database: Database) {
        let core = database.open(TABLE).await;
        let units = (0..30i64).map(|n| core.change(tester(), async move |change: &mut Change| {
            add(change, 1, 1).await?;
            assert!(n % 3 != 0, "this unit is meant to panic");
            change.commit(done(), ())
        }));
        let answers = join_all(units).await;
        let failed = answers.iter().filter(|answer| matches!(answer, Err(ApiError::Database(DbError::Panicked)))).count();
        assert_eq!(failed, 10);
        assert_eq!((number(&core, 1).await, recorded(&core).await), (Some(20), 20));
    }
}

on_both! {
    /// After calm times the units of a group go without savepoints on SQLite; those that must be undone still are, alone.
    async fn units_end_each_in_its_own_way_after_calm_times(database: Database) {
        let core = database.open(TABLE).await;
        for _ in 0..80 {
            core.change(tester(), async |change: &mut Change| change.commit(done(), ())).await.unwrap();
        }
        let runs = Arc::new(AtomicU32::new(0));
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let busy = core.change(tester(), async move |change: &mut Change| {
            // The writer stands here until the others are queued.
            let _ = gate.lock().unwrap().recv();
            change.commit(done(), ())
        });
        let units = (0..40i64).map(|n| {
            let runs = Arc::clone(&runs);
            core.change(tester(), async move |change: &mut Change| {
                runs.fetch_add(1, Ordering::SeqCst);
                add(change, 1, 1).await?;
                match n % 4 {
                    0 => return change.refuse(AuditEvent::refused("test.refused"), Problem::conflict("test.no", "no")),
                    1 => panic!("this unit is meant to panic"),
                    2 => sql("INSERT INTO things (id) VALUES (1)").later(change)?,
                    _ => {}
                }
                change.commit(done(), ())
            })
        });
        let (busy, answers, ()) = join3(busy, join_all(units), async move { drop(open) }).await;
        busy.unwrap();
        for (n, answer) in answers.into_iter().enumerate() {
            assert!(match n % 4 {
                0 => matches!(answer, Err(ApiError::Refused(problem)) if problem.code == "test.no"),
                1 => matches!(answer, Err(ApiError::Database(DbError::Panicked))),
                2 => matches!(answer, Err(ApiError::Database(DbError::Constraint(_)))),
                _ => answer.is_ok(),
            });
        }
        assert_eq!(number(&core, 1).await, Some(10), "what the ten that committed added");
        assert_eq!(recorded(&core).await, 80 + 1 + 10 + 10, "ten refusals are on record");
        if database.kind == Kind::Sqlite {
            assert!(runs.load(Ordering::SeqCst) > 40, "no group ran without savepoints");
        }
    }
}

on_both! {
    /// Two hundred writers on one row lose no update.
    async fn writers_on_one_row_take_turns(database: Database) {
        let core = database.open(TABLE).await;
        let units = (0..200).map(|_| core.change(tester(), async |change: &mut Change| {
            let seen: i64 = sql("SELECT n FROM things WHERE id = 1").for_update().one(change).await?;
            sql("UPDATE things SET n = $1 WHERE id = 1").bind(seen + 1).later(change)?;
            change.commit(done(), ())
        }));
        for answer in join_all(units).await {
            answer.unwrap();
        }
        assert_eq!((number(&core, 1).await, recorded(&core).await), (Some(200), 200));
    }
}

on_both! {
    /// Units that lock rows in opposite orders deadlock on PostgreSQL; the seam runs the loser again.
    async fn a_deadlock_is_run_again(database: Database) {
        let core = database.open(TABLE).await;
        let units = (0..6i64).map(|n| core.change(tester(), async move |change: &mut Change| {
            let (first, second) = if n % 2 == 0 { (1, 2) } else { (2, 1) };
            add(change, first, 1).await?;
            add(change, second, 1).await?;
            change.commit(done(), ())
        }));
        for answer in join_all(units).await {
            answer.unwrap();
        }
        assert_eq!((number(&core, 1).await, number(&core, 2).await), (Some(6), Some(6)));
    }
}

on_both! {
    /// A unit that asks for a retry runs again from the start and is recorded once.
    async fn a_serialisation_failure_is_run_again(database: Database) {
        let core = database.open(TABLE).await;
        let runs = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&runs);
        let answer: ApiResult<()> = core.change(tester(), async move |change: &mut Change| {
            add(change, 1, 1).await?;
            if counter.fetch_add(1, Ordering::SeqCst) < 2 {
                return Err(DbError::Serialization("made by the test".into()).into());
            }
            change.commit(done(), ())
        }).await;
        answer.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        assert_eq!((number(&core, 1).await, recorded(&core).await), (Some(1), 1));
    }
}

on_both! {
    /// A caller who goes away does not stop the unit half-way.
    async fn a_client_that_hangs_up_leaves_the_unit_whole(database: Database) {
        let core = database.open(TABLE).await;
        let (started, starts) = std::sync::mpsc::channel();
        let unit = core.change(tester(), async move |change: &mut Change| {
            add(change, 1, 1).await?;
            let _ = started.send(());
            add(change, 2, 1).await?;
            change.commit(done(), ())
        });
        let mut unit = Box::pin(unit);
        assert!(futures_util::poll!(&mut unit).is_pending());
        drop(unit);
        tokio::task::block_in_place(|| starts.recv()).unwrap();
        // On both databases a later unit on the same row waits for the first to end.
        core.change(tester(), async |change: &mut Change| {
            add(change, 1, 10).await?;
            change.commit(done(), ())
        }).await.unwrap();
        assert_eq!((number(&core, 1).await, number(&core, 2).await), (Some(11), Some(1)));
        assert_eq!(recorded(&core).await, 2);
    }
}

on_both! {
    /// What is told after a commit is told before the answer, and not when the unit was refused.
    async fn notices_follow_the_commit(database: Database) {
        let core = database.open(TABLE).await;
        let told = Arc::new(AtomicU32::new(0));
        for refuse in [false, true] {
            let told = Arc::clone(&told);
            let _: ApiResult<()> = core.change(tester(), async move |change: &mut Change| -> ApiResult<Outcome<()>> {
                let told = Arc::clone(&told);
                change.after_commit(async move { told.fetch_add(1, Ordering::SeqCst); });
                match refuse {
                    true => change.refuse(AuditEvent::refused("test.refused"), Problem::conflict("test.no", "no")),
                    false => change.commit(done(), ()),
                }
            }).await;
        }
        assert_eq!(told.load(Ordering::SeqCst), 1);
    }
}

on_both! {
    /// A snapshot does not see what commits while it is read.
    async fn a_read_is_of_one_moment(database: Database) {
        let core = database.open(TABLE).await;
        let (first_read, was_read) = tokio::sync::oneshot::channel();
        let (written, go_on) = std::sync::mpsc::channel::<()>();
        let db = core.db.clone();
        let reading = tokio::spawn(async move {
            db.read(async move |reader: &mut Reader| -> DbResult<(i64, i64)> {
                let before: i64 = sql("SELECT n FROM things WHERE id = 1").one(reader).await?;
                let _ = first_read.send(());
                let _ = go_on.recv();
                let after: i64 = sql("SELECT n FROM things WHERE id = 1").one(reader).await?;
                Ok((before, after))
            }).await
        });
        was_read.await.unwrap();
        // On PostgreSQL the other executor runs this one: reads and writes take turns over both.
        core.change(tester(), async |change: &mut Change| {
            add(change, 1, 1).await?;
            change.commit(done(), ())
        }).await.unwrap();
        drop(written);
        assert_eq!(reading.await.unwrap().unwrap(), (0, 0));
        assert_eq!(number(&core, 1).await, Some(1));
    }
}

on_both! {
    /// A unit whose very first statement fails leaves no connection behind in a broken transaction, and a refusal
    /// after such a failure still leaves its record.
    async fn a_failing_first_statement_spoils_no_connection(database: Database) {
        let core = database.open(TABLE).await;
        let broken = (0..40).map(|_| core.change(tester(), async |change: &mut Change| {
            sql("INSERT INTO things (id) VALUES (1)").run(change).await?;
            change.commit(done(), ())
        }));
        for answer in join_all(broken).await {
            assert!(matches!(answer, Err(ApiError::Database(DbError::Constraint(_)))), "{answer:?}");
        }
        let refused = (0..40).map(|_| core.change(tester(), async |change: &mut Change| -> ApiResult<Outcome<()>> {
            let _ = sql("INSERT INTO things (id) VALUES (1)").run(change).await;
            change.refuse(AuditEvent::refused("test.refused"), Problem::conflict("test.no", "no"))
        }));
        for answer in join_all(refused).await {
            assert!(matches!(answer, Err(ApiError::Refused(_))), "{answer:?}");
        }
        let sound = (0..40).map(|_| core.change(tester(), async |change: &mut Change| {
            add(change, 1, 1).await?;
            change.commit(done(), ())
        }));
        for answer in join_all(sound).await {
            answer.unwrap();
        }
        assert_eq!((number(&core, 1).await, recorded(&core).await), (Some(40), 80));
    }
}
