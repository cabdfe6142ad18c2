//! Stockade's rules, without I/O: money, the ledger, lots, orders, and what people may type.
//!
//! Nothing here reads a clock, draws a random number or touches a database, and nothing but [`risk`] and [`performance`] uses a float. Ids and times are
//! arguments. Whatever a rule refuses is a value that implements [`refusal::Refusal`].

pub mod amounts;
mod arithmetic;
pub mod asset;
pub mod calendar;
pub mod corporate_actions;
pub mod currency;
pub mod decimal;
pub mod device;
pub mod email;
pub mod identity;
pub mod ids;
pub mod key_scopes;
pub mod ledger;
pub mod lockout;
pub mod lots;
pub mod money;
mod moves;
pub mod notices;
pub mod orders;
pub mod passwords;
pub mod performance;
pub mod price;
pub mod quantity;
pub mod quote;
pub mod refusal;
pub mod risk;
pub mod roles;
pub mod symbol;
mod text;
pub mod transfers;
