//! Quarantine: transactions are assessed before they take effect; what looks too unlike its owner waits, its cash or shares
//! reserved, until an analyst lets it through, its owner takes it back, or its time is over.
//!
//! Invariants: what is held leaves quarantine once, because every way out moves its row from `open`, and takes that row
//! before any other, so that ways out take turns; its owner's word is evidence and never lets it through; when its time is
//! over it comes to nothing. What was held teaches the owner's profile only once it was let through.
//!
//! Tables: `notable_transactions`, `transaction_approvals`.

mod events;
mod judge;
mod leave;
mod store;
mod view;

pub use self::{
    judge::{Judged, Proposal, foresee_order, judge},
    leave::{Held, LeftAs, answer, approve, due, leave, lock, take_back},
    store::{HeldState, Only, approvals_of, count_open, list, one},
    view::{Approval, NotableView, Note, Notes, ReviewView},
};

use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Writable};

/// Removes what is known of a person's transactions here.
pub fn forget(on: &mut impl Writable, owner: UserId) -> DbResult<()> {
    store::delete_all(on, owner)
}
