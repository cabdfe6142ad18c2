//! `failure_counters`: how often each authenticator was got wrong.

use jiff::Timestamp;
use stockade_domain::{ids::UserId, lockout::FailureCounter};
use stockade_platform::db::{DbError, DbResult, FromRow, Queryable, Row, Writable, sql};
use uuid::Uuid;

/// Names one counter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CounterKey {
    pub(crate) user: UserId,
    pub(crate) authenticator: &'static str,
    pub(crate) device: Uuid,
}

struct Stored(FailureCounter);

impl FromRow for Stored {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self(FailureCounter {
            recent: read_times(&row.read::<String>()?)?,
            in_a_row: row.read()?,
            locked_until: row.read()?,
            locked_at: row.read()?,
        }))
    }
}

/// The counter as it stands; whoever means to change it holds the lock on its user.
pub(crate) async fn load(on: &mut impl Queryable, key: CounterKey) -> DbResult<FailureCounter> {
    let stored: Option<Stored> = sql(
        "SELECT recent, in_a_row, locked_until, locked_at FROM failure_counters
         WHERE user_id = $1 AND authenticator = $2 AND device_id = $3",
    )
    .bind(key.user)
    .bind(key.authenticator)
    .bind(key.device)
    .optional(on)
    .await?;
    Ok(stored.map(|stored| stored.0).unwrap_or_default())
}

pub(crate) fn save(on: &mut impl Writable, key: CounterKey, counter: &FailureCounter) -> DbResult<()> {
    sql("INSERT INTO failure_counters (user_id, authenticator, device_id, recent, in_a_row, locked_until, locked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (user_id, authenticator, device_id) DO UPDATE SET
             recent = excluded.recent, in_a_row = excluded.in_a_row,
             locked_until = excluded.locked_until, locked_at = excluded.locked_at")
    .bind(key.user)
    .bind(key.authenticator)
    .bind(key.device)
    .bind(write_times(&counter.recent))
    .bind(counter.in_a_row)
    .bind(counter.locked_until)
    .bind(counter.locked_at)
    .later(on)
}

/// Forgets every failure of a person; answers how many counters there were.
pub(crate) async fn clear(on: &mut impl Writable, user: UserId) -> DbResult<u64> {
    sql("DELETE FROM failure_counters WHERE user_id = $1")
        .bind(user)
        .run(on)
        .await
}

/// Forgets the failures of one counter.
pub(crate) fn clear_one(on: &mut impl Writable, key: CounterKey) -> DbResult<()> {
    sql("DELETE FROM failure_counters WHERE user_id = $1 AND authenticator = $2 AND device_id = $3")
        .bind(key.user)
        .bind(key.authenticator)
        .bind(key.device)
        .later(on)
}

/// Microseconds since the Unix epoch, with blanks between them.
fn write_times(times: &[Timestamp]) -> String {
    let times: Vec<String> = times.iter().map(|at| at.as_microsecond().to_string()).collect();
    times.join(" ")
}

fn read_times(text: &str) -> DbResult<Vec<Timestamp>> {
    let read = |word: &str| {
        let micros = word.parse().ok()?;
        Timestamp::from_microsecond(micros).ok()
    };
    text.split_whitespace()
        .map(|word| read(word).ok_or_else(|| DbError::Fault(format!("{word:?} is no time"))))
        .collect()
}
