//! What the layers at the edge cost each request: its place in a rate limit, in this process's memory.

use std::{cell::Cell, time::Duration};

use stockade_platform::{
    clock::Clock,
    shared::{Memory, Quota, Spend},
};

use super::timing::judge;
use crate::{now, report::Report};

/// Somebodies that ask in turn.
const PEOPLE: u128 = 1_000;

pub(super) fn measure(report: &mut Report) {
    let memory = Memory::new(Clock::System);
    let now = now::wall();
    let asked = Cell::new(0);
    let spend = |who: u128| Spend {
        name: "read-account",
        who,
        quota: Quota::new(1_000_000_000, Duration::from_secs(60)),
    };
    let next = || {
        asked.set(asked.get() + 1);
        asked.get() % PEOPLE
    };
    let half = Duration::from_nanos(500);
    judge(report, "rate limit: one of a thousand people", half, || {
        memory.spend([spend(next())], now)
    });
    judge(report, "rate limit: a person and everybody", half, || {
        memory.spend([spend(next()), spend(0)], now)
    });
}
