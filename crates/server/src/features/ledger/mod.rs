//! The ledger: who has what. Double entry, append-only.
//!
//! Invariants: the lines of a posting sum to zero for each asset; a customer's balance is never negative and always
//! equals the replay of its lines (`stockade ledger verify`); house accounts have no stored balance, because a row
//! that every order updates would make all orders wait for each other.
//!
//! Tables: `accounts`, `balances`, `ledger_lines`.

mod accounts;
mod effects;
mod lines;
mod posting;
mod store;
mod verify;

pub use accounts::{Account, AccountCache, account_of, open_account};
pub use effects::{Effect, Effects, effects, first_posting_at, time_of};
pub use lines::{After, LineView, lines_of};
pub use posting::{check_available, post};
pub use store::{account_by_id, balance, balances, lock_account, owner_of};
pub use verify::{LedgerReport, verify};
