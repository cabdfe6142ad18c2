//! Finding entries, newest first.
//!
//! One person's entries are [listed](super::by_person). Otherwise the log itself is searched backwards, a bounded stretch for
//! each request: an answer may hold fewer entries than asked for, or none, and still have a cursor from which the
//! search goes on.

use std::sync::Arc;

use auditlog::Leaf;
use jiff::Timestamp;
use stockade_platform::db::{DbResult, Queryable, Reader};
use uuid::Uuid;

use super::{
    by_person,
    entries::{self, EntryView},
    store::{self, StoredEntry},
};
use crate::core::{change::Core, keys::DataKeys};

/// Entries read in one snapshot.
const PAGE: i64 = 500;

/// Snapshots for one request: 10,000 entries are looked at and no more.
const PAGES: usize = 20;

/// Which entries.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Put on record at this time or later.
    pub from: Option<Timestamp>,
    /// Put on record before this time.
    pub to: Option<Timestamp>,
    /// What happened, such as `order.filled`, or a family such as `order.*`.
    pub kind: Option<String>,
    /// Whom it concerns.
    pub subject: Option<Uuid>,
    /// The request it was done in.
    pub request: Option<Uuid>,
}

/// Up to `most` entries, and the number before which the search goes on unless it has come to the beginning.
pub async fn search(
    core: &Arc<Core>,
    filter: &Filter,
    start: Option<u64>,
    most: usize,
) -> DbResult<(Vec<EntryView>, Option<u64>)> {
    let mut found = Vec::new();
    let mut before = start;
    for _ in 0..PAGES {
        let (here, filter, wanted) = (Arc::clone(core), filter.clone(), most - found.len());
        let step = core
            .db
            .read(async move |reader: &mut Reader| filter.step(reader, &here.keys, before, wanted).await)
            .await?;
        found.extend(step.found);
        before = step.next;
        if before.is_none() || found.len() >= most {
            break;
        }
    }
    Ok((found, before))
}

/// What one snapshot gave.
struct Step {
    found: Vec<EntryView>,
    next: Option<u64>,
}

impl Filter {
    async fn step(
        &self,
        reader: &mut Reader,
        keys: &DataKeys,
        before: Option<u64>,
        wanted: usize,
    ) -> DbResult<Step> {
        let rows = self.rows(reader, before).await?;
        let mut next = rows
            .last()
            .filter(|_| rows.len() == PAGE as usize)
            .map(|row| row.seq as u64);
        let mut found = Vec::new();
        for row in rows {
            let here = row.seq as u64;
            let Some(recorded) = self.recorded_in_time(&row) else {
                // Numbers rise with time, so nothing before this one can be meant.
                next = None;
                break;
            };
            if !recorded {
                continue;
            }
            for entry in entries::open(reader, keys, vec![row]).await? {
                let view = entry.view()?;
                if self
                    .request
                    .is_none_or(|request| view.request_id == Some(request))
                {
                    found.push(view);
                }
            }
            if found.len() == wanted {
                next = Some(here);
                break;
            }
        }
        Ok(Step { found, next })
    }

    async fn rows(&self, reader: &mut Reader, before: Option<u64>) -> DbResult<Vec<StoredEntry>> {
        let before = match before {
            Some(seq) => store::place(seq),
            None => first_not_before(reader, self.to).await?,
        };
        match self.subject {
            Some(subject) => by_person::entries_of(reader, subject, before, PAGE).await,
            None => store::entries_before(reader, before, PAGE).await,
        }
    }

    /// Whether the header fits; `None` when it is from before the time asked for.
    fn recorded_in_time(&self, row: &StoredEntry) -> Option<bool> {
        // What is not a leaf any more is for verification to report.
        let Ok(Leaf { header, .. }) = Leaf::decode(&row.leaf) else {
            return Some(false);
        };
        let micros = |time: Option<Timestamp>| time.map(Timestamp::as_microsecond);
        if micros(self.from).is_some_and(|from| header.recorded_at < from) {
            return None;
        }
        let in_time = micros(self.to).is_none_or(|to| header.recorded_at < to);
        let same_kind = self
            .kind
            .as_deref()
            .is_none_or(|kind| match kind.strip_suffix('*') {
                Some(family) => header.kind.as_str().starts_with(family),
                None => kind == header.kind.as_str(),
            });
        Some(in_time && same_kind)
    }
}

/// The number of the first entry put on record at this time or later: numbers rise with time, so halving finds it.
async fn first_not_before(on: &mut impl Queryable, time: Option<Timestamp>) -> DbResult<i64> {
    let Some(time) = time else { return Ok(i64::MAX) };
    let (mut low, mut high) = (0, store::head(on).await?.size);
    while low < high {
        let middle = low + (high - low) / 2;
        let leaf = store::leaves(on, middle, 1).await?.pop();
        let recorded = leaf
            .and_then(|stored| Leaf::decode(&stored.leaf).ok())
            .map(|leaf| leaf.header.recorded_at);
        if recorded.is_some_and(|at| at < time.as_microsecond()) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
