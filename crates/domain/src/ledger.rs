//! The double-entry ledger: every movement of cash or shares is a posting whose lines sum to zero per asset.
//!
//! Invariants: a [`Posting`] that does not balance cannot be built; a customer's [`Balance`] is never negative,
//! available or held; balances kept along the way equal the [`Replay`] of all lines.

mod account;
mod balance;
mod corporate;
mod posting;
mod replay;
mod trade;

pub use account::{Bucket, House, LedgerAccount};
pub use balance::{Balance, BalanceRefused};
pub use posting::{Line, Movement, Posting, PostingError, PostingKind};
pub use replay::Replay;
pub use trade::Trade;
