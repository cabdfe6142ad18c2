//! The only SQL of risk, a file a table.

mod decisions;
pub(super) mod lessons;
pub(super) mod lists;
mod policies;
mod profiles;
pub(super) mod proposals;
pub(super) mod shadow;
mod state;

pub use self::decisions::first_id_at;
pub(super) use self::{
    decisions::{
        NewDecision, StoredDecision, StoredFacts, Wanted, decision, decision_on, decisions, decisions_after,
        delete_decisions, facts_after, insert, set_fate,
    },
    policies::{keep_policy, policy_text},
    profiles::{Standing, delete_profile, profile, save_profile, standing},
    state::{State, lists_changed, read as state, set_live, set_shadow},
};
