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

/// The counters of a person in which something has happened since an instant, and those with failures that may be older.
pub(crate) async fn since(
    on: &mut impl Queryable,
    user: UserId,
    since: Timestamp,
) -> DbResult<Vec<FailureCounter>> {
    let stored: Vec<Stored> = sql(
        "SELECT recent, in_a_row, locked_until, locked_at FROM failure_counters
         WHERE user_id = $1 AND (recent <> '' OR locked_at > $2)",
    )
    .bind(user)
    .bind(since)
    .all(on)
    .await?;
    Ok(stored.into_iter().map(|stored| stored.0).collect())
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

/// A counter beside whose it is.
pub(crate) struct Failing {
    pub(crate) user: Uuid,
    pub(crate) email: String,
    pub(crate) authenticator: String,
    pub(crate) device: Uuid,
    pub(crate) in_a_row: i64,
    pub(crate) locked_until: Option<Timestamp>,
}

impl FromRow for Failing {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            user: row.read()?,
            email: row.read()?,
            authenticator: row.read()?,
            device: row.read()?,
            in_a_row: row.read()?,
            locked_until: row.read()?,
        })
    }
}

/// What is locked at an instant, or waits for its owner's confirmation; the longest lock first.
pub(crate) async fn locked(
    on: &mut impl Queryable,
    now: Timestamp,
    confirm_after: i64,
    most: i64,
) -> DbResult<Vec<Failing>> {
    sql(
        "SELECT c.user_id, u.email, c.authenticator, c.device_id, c.in_a_row, c.locked_until
         FROM failure_counters c JOIN users u ON u.id = c.user_id
         WHERE c.locked_until > $1 OR c.in_a_row >= $2
         ORDER BY c.locked_until DESC NULLS LAST, c.user_id, c.authenticator, c.device_id LIMIT $3",
    )
    .bind(now)
    .bind(confirm_after)
    .bind(most)
    .all(on)
    .await
}

/// Where failures have added up, most first.
pub(crate) async fn failing(on: &mut impl Queryable, most: i64) -> DbResult<Vec<Failing>> {
    sql(
        "SELECT c.user_id, u.email, c.authenticator, c.device_id, c.in_a_row, c.locked_until
         FROM failure_counters c JOIN users u ON u.id = c.user_id WHERE c.in_a_row > 0
         ORDER BY c.in_a_row DESC, c.user_id, c.authenticator, c.device_id LIMIT $1",
    )
    .bind(most)
    .all(on)
    .await
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

/// Forgets a person's failures on one device, or with nil on all that nobody trusts.
pub(crate) async fn clear_of_device(on: &mut impl Writable, user: UserId, device: Uuid) -> DbResult<u64> {
    sql("DELETE FROM failure_counters WHERE user_id = $1 AND device_id = $2")
        .bind(user)
        .bind(device)
        .run(on)
        .await
}

/// Lets the counters that wait for their owner's confirmation begin again; answers how many there were. Locks that end
/// by themselves stay.
pub(crate) async fn end_waiting(on: &mut impl Writable, user: UserId, confirm_after: i64) -> DbResult<u64> {
    sql("UPDATE failure_counters SET in_a_row = 0 WHERE user_id = $1 AND in_a_row >= $2 AND in_a_row > 0")
        .bind(user)
        .bind(confirm_after)
        .run(on)
        .await
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
