//! How many streams are open, in all and of each person.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use stockade_domain::ids::UserId;

use crate::{
    config,
    http::error::{ApiResult, Problem},
};

/// The count of streams.
pub(super) struct Seats {
    settings: config::Stream,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_person: HashMap<UserId, usize>,
}

/// A stream's part in the count. Dropping it makes room.
pub(super) struct Seat {
    seats: Arc<Seats>,
    person: UserId,
}

impl Seats {
    pub(super) fn new(settings: config::Stream) -> Arc<Self> {
        Arc::new(Self {
            settings,
            taken: Mutex::default(),
        })
    }

    /// A seat for one more.
    ///
    /// # Errors
    /// 429 `stream.too_many_connections` when the person has as many as they may; 503 `stream.full` when all are taken.
    pub(super) fn take(self: &Arc<Self>, person: UserId) -> ApiResult<Seat> {
        let mut taken = self.lock();
        if taken.all >= self.settings.connections {
            let detail = "as many streams are open as there may be; try again in a moment";
            return Err(Problem::unavailable("stream.full", detail, 5).into());
        }
        let of_person = taken.by_person.entry(person).or_insert(0);
        if *of_person >= self.settings.connections_per_person {
            let detail = format!("you have {of_person} streams open; close one first");
            return Err(Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "stream.too_many_connections",
                detail,
            )
            .into());
        }
        *of_person += 1;
        taken.all += 1;
        Ok(Seat {
            seats: Arc::clone(self),
            person,
        })
    }

    pub(super) fn taken(&self) -> usize {
        self.lock().all
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        taken.all -= 1;
        if let Some(count) = taken.by_person.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                taken.by_person.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_person_never_takes_all_seats() {
        let seats = Seats::new(config::Stream {
            connections: 3,
            connections_per_person: 2,
            symbols_per_connection: 1,
            heartbeat: Duration::ZERO,
            slow_after: Duration::ZERO,
        });
        let person = |n| UserId::from_uuid(uuid::Uuid::from_u128(n));
        let held: Vec<_> = (0..2).map(|_| seats.take(person(1))).collect();
        assert!(held.iter().all(Result::is_ok));
        assert!(seats.take(person(1)).is_err());
        let other = seats.take(person(2));
        assert!(other.is_ok() && seats.take(person(3)).is_err());
        drop((held, other));
        assert_eq!(seats.taken(), 0);
        assert!(seats.lock().by_person.is_empty());
    }
}
