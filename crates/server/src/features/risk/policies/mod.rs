//! Policies under two-person control: one administrator proposes, another approves, and from that instant every instance
//! decides by it. Any may be tried in the shadow of the live one first, or on the past.

pub(super) mod backtest;
pub(super) mod decide;
pub(super) mod propose;
pub(super) mod shadow;
pub(super) mod show;

use crate::http::error::Problem;

fn unknown() -> Problem {
    Problem::not_found("policy.unknown", "there is no such proposal")
}
