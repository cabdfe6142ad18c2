//! What is usual among everybody, so that little-known people are compared with something: each lesson is a row without a
//! name, and every process counts the newest of them in memory.
//!
//! Invariants: a lesson is written in the unit of what it tells of, and only of what is learnt from. Addresses, programs
//! and countries stand there as keyed hashes. As long as few people have signed in, nothing is said of them.

use std::sync::{PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use stockade_domain::risk::{Crowd, Event, Everybody, Features, LEVELS, Level};
use stockade_platform::{
    db::{DbResult, Query, Reader, Tx},
    random,
    vault::{MacKey, MasterSecret},
};
use uuid::Uuid;

use super::store::{self, lessons::Lesson};
use crate::{app::App, core::bookkeeping::bookkeep, http::error::ApiResult};

/// Lessons that are counted; older ones are removed.
const KEPT: i64 = 200_000;

/// Lessons read, or removed, at once.
const PAGE: i64 = 5_000;

/// Units take turns, so that an earlier id may be committed later; by then it is.
const SETTLED: SignedDuration = SignedDuration::from_secs(30);

/// Fewer people than this are no crowd, and fewer transactions no custom.
const ENOUGH_PEOPLE: u64 = 100;
const ENOUGH_TRANSACTIONS: u64 = 100;

/// Everybody, as far as this process has counted.
pub(super) struct Crowds {
    key: MacKey,
    counted: RwLock<(Option<Uuid>, Everybody)>,
}

impl Crowds {
    pub(super) fn new(secret: &MasterSecret) -> Self {
        Self {
            key: secret.mac_key("risk lessons"),
            counted: RwLock::default(),
        }
    }

    /// How common a sign-in's features are.
    pub(super) fn of(&self, features: &Features) -> Option<Crowd> {
        let counted = self.counted.read().unwrap_or_else(PoisonError::into_inner);
        let crowd = counted.1.crowd(&self.hidden(features));
        (crowd.people >= ENOUGH_PEOPLE).then_some(crowd)
    }

    /// What transactions usually come to, in cents, and how many thousandths are of a category.
    pub(super) fn of_transactions(&self, category: Option<&str>) -> (Option<i64>, Option<i64>) {
        let counted = self.counted.read().unwrap_or_else(PoisonError::into_inner);
        if counted.1.transactions() < ENOUGH_TRANSACTIONS {
            return (None, None);
        }
        let share = category.and_then(|category| counted.1.share_of(&self.hide(category)));
        (counted.1.median_cents(), share)
    }

    /// The statement that writes down what was learnt from.
    pub(super) fn lesson(&self, event: &Event, is_first: bool, now: Timestamp) -> Query {
        let id = random::uuid_v7(now);
        store::lessons::insert(&match event {
            Event::SignIn(sign_in) => {
                let hidden = self.hidden(&sign_in.features);
                let word = |level: Level| hidden.at(level).unwrap_or("-").to_owned();
                Lesson {
                    id,
                    tags: LEVELS.map(word).join(" "),
                    is_sign_in: true,
                    is_first,
                    cents: None,
                }
            }
            Event::Transaction(transaction) => Lesson {
                id,
                tags: transaction
                    .category
                    .as_deref()
                    .map_or_else(|| "-".to_owned(), |category| self.hide(category)),
                is_sign_in: false,
                is_first: false,
                cents: transaction.cents,
            },
        })
    }

    fn hidden(&self, features: &Features) -> Features {
        let hide = |value: &Option<String>| value.as_deref().map(|value| self.hide(value));
        Features {
            ip: hide(&features.ip),
            network: hide(&features.network),
            country: hide(&features.country),
            agent: hide(&features.agent),
            browser: hide(&features.browser),
            system: hide(&features.system),
            device_kind: hide(&features.device_kind),
        }
    }

    fn hide(&self, value: &str) -> String {
        hex::encode(&self.key.tag(value.as_bytes())[..8])
    }

    fn count(&self, lessons: &[Lesson]) {
        let mut counted = self.counted.write().unwrap_or_else(PoisonError::into_inner);
        for lesson in lessons {
            counted.0 = Some(lesson.id);
            if lesson.is_sign_in {
                counted.1.signed_in(&features(&lesson.tags), lesson.is_first);
            } else {
                let category = Some(lesson.tags.as_str()).filter(|tag| *tag != "-");
                counted.1.transacted(lesson.cents, category);
            }
        }
    }
}

fn features(tags: &str) -> Features {
    let mut words = tags
        .split(' ')
        .map(|word| Some(word.to_owned()).filter(|word| word != "-"));
    let mut next = || words.next().flatten();
    Features {
        ip: next(),
        network: next(),
        country: next(),
        agent: next(),
        browser: next(),
        system: next(),
        device_kind: next(),
    }
}

/// Counts what was learnt since the last time; answers how many lessons that were.
///
/// # Errors
/// The database's.
pub async fn count_lessons(app: &App) -> ApiResult<usize> {
    let until = store::first_id_at(app.clock.now() - SETTLED);
    let mut done = 0;
    loop {
        let crowds = &app.risk.crowds;
        let known = crowds.counted.read().unwrap_or_else(PoisonError::into_inner).0;
        let page: DbResult<_> = app
            .read(async move |reader: &mut Reader| {
                let after = match known {
                    Some(after) => after,
                    None => store::lessons::oldest_beyond(reader, KEPT)
                        .await?
                        .unwrap_or_default(),
                };
                store::lessons::between(reader, after, until, PAGE).await
            })
            .await;
        let page = page?;
        if page.is_empty() {
            return Ok(done);
        }
        done += page.len();
        crowds.count(&page);
    }
}

/// Removes lessons that are no longer counted; answers how many.
///
/// # Errors
/// The database's.
pub async fn prune_lessons(app: &App) -> ApiResult<usize> {
    let removed = bookkeep(
        &app.core.db,
        async |tx: &mut Tx| match store::lessons::oldest_beyond(tx, KEPT).await? {
            None => Ok(0),
            Some(until) => store::lessons::prune(until, PAGE).run(tx).await,
        },
    )
    .await?;
    Ok(usize::try_from(removed).unwrap_or(usize::MAX))
}
