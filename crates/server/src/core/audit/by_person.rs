//! Which entries concern whom, listed by a follower of the log: to be listed as it is written would cost every entry a page
//! of its person's own. What is not listed yet is found in the log itself, so whoever reads here misses nothing.

use std::sync::Arc;

use stockade_platform::db::{DbResult, Queryable, Reader, Tx};
use uuid::Uuid;

use super::store::{self, StoredEntry};
use crate::core::{change::Core, followers};

/// The cursor's name; migration 0041 has set it for what was there.
const FOLLOWER: &str = "entries by person";

/// Entries listed in one transaction: the more of a person's come together, the fewer pages each of them costs.
const BATCH: i64 = 1_000;

/// Entries looked through at once.
const STRETCH: i64 = 10_000;

/// Lists to the end of the log; answers how many entries it has gone past.
///
/// # Errors
/// When the database is away; the same entries are then listed at the next turn.
pub async fn list_entries(core: &Arc<Core>) -> DbResult<usize> {
    let mut passed = 0;
    loop {
        let rows = core
            .db
            .read(async |reader: &mut Reader| {
                let next = followers::cursor(reader, FOLLOWER).await?;
                store::subjects_from(reader, next, BATCH).await
            })
            .await?;
        let (Some((first, _)), Some((last, _))) = (rows.first(), rows.last()) else {
            return Ok(passed);
        };
        passed += rows.len();
        let stretch = *first as u64..*last as u64 + 1;
        followers::settle(core, FOLLOWER, stretch, async move |tx: &mut Tx| {
            store::insert_subjects(tx, &rows)
        })
        .await?;
    }
}

/// The entries that are missing from what is listed: those whom they concern do not see them.
pub(super) async fn missing(core: &Arc<Core>) -> DbResult<Vec<i64>> {
    let mut missing = Vec::new();
    let mut from = 0;
    loop {
        let (listed, stretch) = core
            .db
            .read(async move |reader: &mut Reader| {
                let listed = followers::cursor(reader, FOLLOWER).await?;
                let stretch = store::not_listed(reader, from, listed.min(from + STRETCH)).await?;
                DbResult::Ok((listed, stretch))
            })
            .await?;
        missing.extend(stretch);
        from += STRETCH;
        if from >= listed {
            return Ok(missing);
        }
    }
}

/// One person's entries before a number, newest first.
pub(super) async fn entries_of(
    on: &mut impl Queryable,
    subject: Uuid,
    before: i64,
    most: i64,
) -> DbResult<Vec<StoredEntry>> {
    let listed = followers::cursor(on, FOLLOWER).await?;
    let mut found = store::unlisted_entries_of(on, subject, listed, before, most).await?;
    let rest = most - found.len() as i64;
    if rest > 0 {
        found.extend(store::listed_entries_of(on, subject, before.min(listed), rest).await?);
    }
    Ok(found)
}
