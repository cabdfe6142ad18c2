//! How good a policy is: a population of labelled events is replayed through the engine, in time order, and what the
//! scores would have done is told by kind of attacker.
//!
//! Invariant: [`Replay`] never sees a label. Labels meet scores only in [`Report::of`].

mod figures;
mod generate;
mod record;
mod replay;
mod sign_ins;
mod transactions;

pub use figures::{Report, Scored};
pub use generate::generate;
pub use record::{Label, Record, RecordError};
pub use replay::Replay;
pub use sign_ins::{AgainstPublished, Attackers, OperatingPoint, SignInReport};
pub use transactions::TransactionReport;
