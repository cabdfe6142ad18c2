//! Finding entries: filters, and cursors that lead through everything once.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use stockade::core::{
    audit::{
        by_person, entries,
        search::{Filter, search},
    },
    change::Core,
};
use stockade_platform::{
    clock::Clock,
    db::{DbResult, Reader},
};

use super::log::{self, ANA};
use crate::on_both;

fn noon() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("a valid time")
}

/// All numbers that a search gives, page by page.
async fn all(core: &Arc<Core>, filter: &Filter, most: usize) -> Vec<u64> {
    let (mut found, mut before) = (Vec::new(), None::<u64>);
    loop {
        let (entries, next) = search(core, filter, before, most).await.unwrap();
        assert!(entries.len() <= most);
        found.extend(entries.iter().map(|entry| entry.seq));
        before = next;
        if before.is_none() {
            return found;
        }
    }
}

on_both! {
    /// Every filter, alone and together, finds what a look at the whole log finds.
    async fn filters_find_what_is_there(database: Database) {
        let clock = Clock::manual(noon());
        let core = database.open_with_clock("", clock.clone()).await;
        log::of_size(&core, 400).await;
        clock.advance(60);
        log::record(&core, 700).await;
        log::number(&core).await;
        // What comes after this is not listed by person.
        assert_eq!(by_person::list_entries(&core).await.unwrap(), 1_100);
        clock.advance(60);
        log::record(&core, 200).await;
        log::number(&core).await;
        let here = Arc::clone(&core);
        let whole = core.db.read(async move |reader: &mut Reader| -> DbResult<Vec<entries::EntryView>> {
            entries::from(reader, &here.keys, 0, 2_000).await?.iter().map(entries::Entry::view).collect()
        }).await.unwrap();
        assert_eq!(whole.len(), 1_300);

        let minute = |n: i64| Some(noon() + SignedDuration::from_secs(60 * n));
        for from in [None, minute(1)] {
            for to in [None, minute(1), minute(2), minute(9)] {
                for kind in [None, Some("test.done".to_owned()), Some("test.never".to_owned())] {
                    for subject in [None, Some(ANA)] {
                        let filter = Filter { from, to, kind: kind.clone(), subject, request: None };
                        let fits = |entry: &&entries::EntryView| {
                            from.is_none_or(|from| entry.at >= from)
                                && to.is_none_or(|to| entry.at < to)
                                && kind.as_ref().is_none_or(|kind| *kind == entry.kind)
                                && subject.is_none_or(|subject| entry.subject == Some(subject))
                        };
                        let mut expected: Vec<u64> = whole.iter().filter(fits).map(|entry| entry.seq).collect();
                        let mut found = all(&core, &filter, 77).await;
                        assert!(found.is_sorted_by(|a, b| a > b));
                        found.sort_unstable();
                        expected.sort_unstable();
                        assert_eq!(found, expected, "{filter:?}");
                    }
                }
            }
        }
    }
}

on_both! {
    /// A search for something rare stops after a bounded stretch, and goes on from its cursor.
    async fn a_search_looks_at_a_bounded_stretch(database: Database) {
        let core = database.open("").await;
        log::of_size(&core, 10_600).await;
        let filter = Filter { kind: Some("account.created".into()), ..Filter::default() };
        let (found, next) = search(&core, &filter, None, 10).await.unwrap();
        assert_eq!((found.len(), next), (0, Some(600)));
        let (found, next) = search(&core, &filter, next, 10).await.unwrap();
        assert_eq!((found.len(), found[0].seq, next), (1, 0, None));
    }
}
