//! A bounded queue with two lanes for threads that are not async: the writer and the readers.
//!
//! Bulk work goes through the second lane and only gets a turn when the first is empty, or after
//! [`TURNS_BEFORE_BULK`] groups, so it is neither in the way nor starved.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard},
};

use crate::db::DbError;

/// Waiting jobs a lane holds before it refuses more. The admission queue in front holds far fewer requests.
const CAPACITY: usize = 4096;

/// Full groups of the first lane that may pass before the second lane gets a turn.
const TURNS_BEFORE_BULK: u32 = 8;

pub(super) struct Queue<J> {
    lanes: Mutex<Lanes<J>>,
    filled: Condvar,
}

struct Lanes<J> {
    first: VecDeque<J>,
    bulk: VecDeque<J>,
    turns: u32,
    closed: bool,
}

impl<J> Queue<J> {
    pub(super) fn new() -> Self {
        let lanes = Lanes {
            first: VecDeque::new(),
            bulk: VecDeque::new(),
            turns: 0,
            closed: false,
        };
        Self {
            lanes: Mutex::new(lanes),
            filled: Condvar::new(),
        }
    }

    /// Adds a job, or gives it back when the lane is full or the queue closed.
    pub(super) fn push(&self, job: J, bulk: bool) -> Result<(), J> {
        let mut lanes = self.lock();
        let closed = lanes.closed;
        let lane = if bulk { &mut lanes.bulk } else { &mut lanes.first };
        if closed || lane.len() >= CAPACITY {
            return Err(job);
        }
        lane.push_back(job);
        drop(lanes);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for work and takes up to `most` jobs into `out`. False when the queue is closed and empty.
    pub(super) fn take(&self, most: usize, out: &mut Vec<J>) -> bool {
        let mut lanes = self.lock();
        loop {
            let bulk_turn =
                !lanes.bulk.is_empty() && (lanes.first.is_empty() || lanes.turns >= TURNS_BEFORE_BULK);
            if bulk_turn {
                lanes.turns = 0;
                out.extend(lanes.bulk.pop_front());
                return true;
            }
            if !lanes.first.is_empty() {
                lanes.turns += 1;
                let count = most.min(lanes.first.len());
                out.extend(lanes.first.drain(..count));
                return true;
            }
            if lanes.closed {
                return false;
            }
            lanes = self
                .filled
                .wait(lanes)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// Refuses new jobs; what is queued is still worked off.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    pub(super) fn len(&self) -> usize {
        let lanes = self.lock();
        lanes.first.len() + lanes.bulk.len()
    }

    fn lock(&self) -> MutexGuard<'_, Lanes<J>> {
        // Nothing panics while holding the lock, and the deques stay valid if it did.
        self.lanes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

pub(super) fn full() -> DbError {
    DbError::Unavailable("the database queue is full or closed".into())
}
