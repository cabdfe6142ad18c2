//! A log to tell stories about: entries of one person and of the program, written through units of work.

use std::sync::Arc;

use auditlog::SigningKey;
use stockade::core::{
    actor::{Actor, Origin, Who},
    audit::{
        sequencer::{Sequencer, Turn},
        verify::{self, Verification},
    },
    change::{Change, Core},
    event::AuditEvent,
};
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::{
    clock::Clock,
    db::{DbResult, FromRow, Reader, sql},
    random,
};
use uuid::Uuid;

/// The person whom every fourth entry concerns.
pub const ANA: Uuid = Uuid::from_u128(0xA);

/// Events recorded by one unit at most.
const UNIT: u64 = 500;

pub fn key() -> SigningKey {
    SigningKey::from_seed("log.example/audit", &[1; 32]).expect("a valid name")
}

/// Somebody signed in.
pub fn person(id: Uuid) -> Actor {
    let origin = Origin {
        ip: Some([192, 0, 2, 7].into()),
        user_agent: Some("tests".into()),
        ..Origin::default()
    };
    let who = Who::Person {
        id: UserId::from_uuid(id),
        session: SessionId::from_uuid(Uuid::from_u128(1)),
    };
    Actor {
        who,
        origin,
        proof: None,
        step_up: None,
    }
}

/// Gives a person a data key; this is an entry of its own.
pub async fn register(core: &Arc<Core>, person: Uuid) {
    let keys = Arc::clone(core);
    core.change(Actor::program("test"), async move |change: &mut Change| {
        keys.keys.create(change, person).await?;
        change.commit(AuditEvent::done("account.created"), ())
    })
    .await
    .unwrap();
}

/// Records so many events in few units; every fourth is about Ana.
pub async fn record(core: &Arc<Core>, count: u64) {
    let mut left = count;
    while left > 0 {
        let unit = left.min(UNIT);
        core.change(Actor::program("test"), async move |change: &mut Change| {
            for n in 1..unit {
                change.also(event(n));
            }
            change.commit(event(0), ())
        })
        .await
        .unwrap();
        left -= unit;
    }
}

fn event(n: u64) -> AuditEvent {
    let event = match n % 3 {
        0 => AuditEvent::done("test.done"),
        _ => AuditEvent::failed("test.failed"),
    };
    let event = event.with(serde_json::json!({ "n": n }));
    match n % 4 {
        1 => event.about(UserId::from_uuid(ANA)),
        _ => event,
    }
}

/// Numbers what waits; on SQLite the writer has done so already.
pub async fn number(core: &Arc<Core>) {
    if core.db.numbers_at_group_end() {
        return;
    }
    let sequencer = Sequencer::new(random::uuid_v7(core.clock.now()), core.clock.clone());
    while sequencer.turn(&core.db).await.unwrap().is_full() {}
    sequencer.release(&core.db).await.unwrap();
}

/// A log of exactly so many entries, Ana's key among them.
pub async fn of_size(core: &Arc<Core>, size: u64) {
    register(core, ANA).await;
    record(core, size - 1).await;
    number(core).await;
    assert_eq!(self::size(core).await, size);
}

pub async fn size(core: &Arc<Core>) -> u64 {
    one::<i64>(core, "SELECT size FROM audit_head").await as u64
}

/// One value from the database.
pub async fn one<T: FromRow + Send + 'static>(core: &Arc<Core>, query: &'static str) -> T {
    core.db
        .read(async move |reader: &mut Reader| -> DbResult<T> { sql(query).one(reader).await })
        .await
        .unwrap()
}

/// All rows of a query.
pub async fn all<T: FromRow + Send + 'static>(core: &Arc<Core>, query: &'static str) -> Vec<T> {
    core.db
        .read(async move |reader: &mut Reader| -> DbResult<Vec<T>> { sql(query).all(reader).await })
        .await
        .unwrap()
}

pub async fn verify(core: &Arc<Core>) -> Verification {
    verify::verify(core, &key(), Vec::new(), |_, _| ()).await.unwrap()
}

/// Holds the lease and takes turns until nothing waits.
pub async fn drain(sequencer: &Sequencer, core: &Arc<Core>) -> usize {
    let mut numbered = 0;
    loop {
        match sequencer.turn(&core.db).await.unwrap() {
            Turn::Numbered(0) | Turn::NotMine => return numbered,
            Turn::Numbered(count) => numbered += count,
        }
    }
}

pub fn sequencer(name: u128, clock: &Clock) -> Sequencer {
    Sequencer::new(Uuid::from_u128(name), clock.clone())
}
