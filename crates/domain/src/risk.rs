//! Risk: how unlike themselves a person acts, as a score that can be explained and computed again for ever.
//!
//! Two pure functions: [`assess`] and [`learn`]. An event carries its evidence; what is not known is absent and is
//! never read as harmless or as zero. Invariants: a score is a whole number of thousandths, so that no sum depends on
//! its order; the logarithms and sines come from one portable implementation, so that every machine finds the same
//! facts; a decision follows from the policy and the facts alone ([`Policy::decide`]), both of which are stored.

mod amounts;
mod decision;
mod event;
mod everybody;
mod expression;
mod facts;
mod likelihood;
mod moments;
mod path;
mod place;
mod policy;
mod profile;
mod score;
mod sign_in;
mod transaction;
pub mod trial;

#[cfg(test)]
mod tests;

pub use amounts::Amounts;
pub use decision::{Action, Decision, Term, Unheard};
pub use event::{CredentialChange, Device, Event, Operation, SignIn, Transaction};
pub use everybody::Everybody;
pub use expression::{ExpressionError, Value};
pub use facts::{Fact, Facts, Kind, Type, catalogue};
pub use likelihood::{Counts, Crowd, Features, LEVELS, Level, LevelCrowd, Population, Weights, ratio};
pub use path::{Step, would_pass};
pub use place::Place;
pub use policy::{Policy, PolicyError, PolicyProblem};
pub use profile::{Profile, SignInHistory, TransactionHistory};
pub use score::Score;

/// How risky an event is under a policy, for the person with this profile. The profile stands as it was before.
#[must_use]
pub fn assess(policy: &Policy, profile: &Profile, event: &Event) -> Decision {
    policy.decide(&facts(policy, profile, event))
}

/// What a policy's rules may ask about an event.
#[must_use]
pub fn facts(policy: &Policy, profile: &Profile, event: &Event) -> Facts {
    match event {
        Event::SignIn(sign_in) => sign_in::facts(policy, &profile.sign_ins, sign_in),
        Event::Transaction(transaction) => transaction::facts(policy, &profile.transactions, transaction),
    }
}

/// The profile after an event that is known to have been the person's own: a sign-in that succeeded and was
/// confirmed, or a transaction that took effect. Never call it for anything else: whoever can teach the profile can
/// hide in it.
#[must_use]
pub fn learn(mut profile: Profile, event: &Event) -> Profile {
    match event {
        Event::SignIn(sign_in) => profile.sign_ins.learn(sign_in),
        Event::Transaction(transaction) => profile.transactions.learn(transaction),
    }
    profile
}
