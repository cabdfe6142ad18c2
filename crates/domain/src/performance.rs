//! How an investment did: returns, and what they were bought with.
//!
//! Ratios and statistics are floating-point numbers, since they are estimates; money never is, and none comes back out
//! of here. What cannot be computed is [`Unavailable`], which says why, and never zero.

mod drawdown;
mod growth;
mod money_weighted;
mod spread;
mod tail;
#[cfg(test)]
mod vectors;

pub use drawdown::{Drawdown, max_drawdown};
pub use growth::{Stretch, time_weighted};
pub use money_weighted::{Flow, money_weighted};
pub use spread::{TRADING_DAYS, sharpe, volatility};
pub use tail::{LEAST_RETURNS, conditional_value_at_risk, value_at_risk};

/// A ratio, or why there is none.
pub type Figure = Result<f64, Unavailable>;

/// Why a figure cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Nothing was invested at any time.
    #[error("nothing was invested in this period")]
    NothingInvested,
    /// There are too few returns to estimate from.
    #[error("there are {have} daily returns in this period, and {need} are needed")]
    TooFewReturns {
        /// How many there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// All returns are the same, so that there is no risk to divide by.
    #[error("the value did not move in this period")]
    NoSpread,
    /// All money was moved on one day, so that no time passed.
    #[error("a yearly rate needs at least one whole day")]
    NoTime,
    /// Money went only in, or only out, so that no rate makes up for it.
    #[error("no rate of return leads from what was paid in to what is there")]
    NoRate,
    /// A price is missing.
    #[error("a price is missing in this period")]
    NoPrice,
}

impl Unavailable {
    /// The stable name of the reason.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NothingInvested => "nothing_invested",
            Self::TooFewReturns { .. } => "too_few_returns",
            Self::NoSpread => "no_spread",
            Self::NoTime => "no_time",
            Self::NoRate => "no_rate",
            Self::NoPrice => "no_price",
        }
    }
}
