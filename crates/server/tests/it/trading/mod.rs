//! Stories of cash, orders and positions.

mod bad_input;
mod cash;
mod concurrency;
mod lot_methods;
mod orders;
mod performance;
mod portfolio;
mod previewing;
mod records;
mod repeating;
mod resting;
mod withdrawals;
