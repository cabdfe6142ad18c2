//! Whose turn it is: on PostgreSQL, where there may be several instances, the one that holds the lease serves the
//! orders that wait. On SQLite there is no other.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use stockade_platform::{db::Tx, random};
use uuid::Uuid;

use crate::{
    app::App,
    core::{bookkeeping::bookkeep, leases},
    http::error::ApiResult,
};

const LEASE: &str = "matching";

/// A lease is renewed when this much of its life is over.
const RENEW_AFTER: SignedDuration = SignedDuration::from_secs(3);

/// This instance as the others see it. One exists; the application holds it.
pub struct Matching {
    holder: Uuid,
    held_since: Mutex<Option<Timestamp>>,
}

impl Matching {
    /// An instance that has not served yet.
    pub fn new(now: Timestamp) -> Self {
        Self {
            holder: random::uuid_v7(now),
            held_since: Mutex::default(),
        }
    }
}

/// Whether this instance serves now. Should it lose the lease while it works, the worst is that two instances share out
/// one quote's liquidity twice: each order is locked and judged anew before it moves.
pub(super) async fn is_mine(app: &App) -> ApiResult<bool> {
    if app.core.db.numbers_at_group_end() {
        return Ok(true);
    }
    let (now, matching) = (app.clock.now(), &app.matching);
    let held_since = *matching.held_since.lock().unwrap_or_else(PoisonError::into_inner);
    if held_since.is_some_and(|since| now < since + RENEW_AFTER) {
        return Ok(true);
    }
    let holder = matching.holder;
    let held = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        leases::hold(tx, LEASE, holder, now).await
    })
    .await?;
    let held = held.map(|_| now);
    *matching.held_since.lock().unwrap_or_else(PoisonError::into_inner) = held;
    Ok(held.is_some())
}
