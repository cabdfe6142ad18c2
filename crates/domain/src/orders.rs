//! Orders: what may be asked for, what it reserves, which states it passes through, and how the paper venue
//! fills it.
//!
//! Invariants: terms that contradict themselves cannot be built; an order's status moves only along
//! [`OrderStatus::moves`]; an order never takes more out of its hold than the hold reserved.

mod client_id;
#[cfg(test)]
mod examples;
mod execution;
mod fees;
mod hold;
mod kinds;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod moves;
mod order;
mod paper;
mod queue;
mod refused;
mod replace;
mod status;
mod terms;
mod text;

pub use client_id::{ClientOrderId, InvalidClientOrderId};
pub use execution::{Execution, Fill};
pub use fees::FeeSchedule;
pub use hold::{Hold, hold_for};
pub use kinds::{OrderType, Side, TimeInForce};
pub use order::{Order, OrderRecord};
pub use paper::match_order;
pub use queue::Queue;
pub use refused::OrderRefused;
pub use replace::OrderChange;
pub use status::{IllegalMove, OrderStatus};
pub use terms::{OrderParts, OrderSize, OrderTerms};
pub use text::OrderText;
