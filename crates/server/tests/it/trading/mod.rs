//! Stories of cash, orders and positions.

mod bad_input;
mod cash;
mod concurrency;
mod corporate_actions;
mod frozen;
mod held_orders;
mod held_withdrawals;
mod histories;
mod hours;
mod kinds;
mod lot_methods;
mod orders;
mod performance;
mod portfolio;
mod previewing;
mod records;
mod repeating;
mod replacing;
mod resting;
mod reviewing;
pub mod simulation;
mod withdrawals;

pub use self::held_withdrawals::SMALL;
