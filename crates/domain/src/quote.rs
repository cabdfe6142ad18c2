//! Quotes: what a security can be bought and sold for at an instant.

use jiff::Timestamp;

use crate::amounts::{self, MAX_PRICE, NumberRefused};
use crate::price::Price;
use crate::refusal::Refusal;

/// The best prices of an instant. All are positive and sane, and the bid is not above the ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    bid: Price,
    ask: Price,
    last: Price,
    at: Timestamp,
}

impl Quote {
    /// A quote from a feed.
    ///
    /// # Errors
    /// When a price is not positive or above [`MAX_PRICE`], or the bid is above the ask.
    pub fn new(bid: Price, ask: Price, last: Price, at: Timestamp) -> Result<Self, QuoteRefused> {
        for (field, price) in [("bid", bid), ("ask", ask), ("last", last)] {
            amounts::within(field, price.micros(), MAX_PRICE.micros())?;
        }
        if bid > ask {
            Err(QuoteRefused::Crossed { bid, ask })
        } else {
            Ok(Self { bid, ask, last, at })
        }
    }

    /// What a seller gets for one share.
    #[must_use]
    pub const fn bid(&self) -> Price {
        self.bid
    }

    /// What a buyer pays for one share.
    #[must_use]
    pub const fn ask(&self) -> Price {
        self.ask
    }

    /// The price of the last trade, at which positions are valued.
    #[must_use]
    pub const fn last(&self) -> Price {
        self.last
    }

    /// When these prices held.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

/// Why a feed's prices are not a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteRefused {
    /// A price is zero, negative or absurd.
    #[error(transparent)]
    Price(#[from] NumberRefused),
    /// Buyers would offer more than sellers ask.
    #[error("the bid {bid} is above the ask {ask}")]
    Crossed {
        /// The bid.
        bid: Price,
        /// The ask.
        ask: Price,
    },
}

impl Refusal for QuoteRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Price(why) => why.code(),
            Self::Crossed { .. } => "quote.crossed",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Price(why) => why.field(),
            Self::Crossed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quote(bid: i64, ask: i64, last: i64) -> Result<Quote, QuoteRefused> {
        let price = Price::from_micros;
        Quote::new(price(bid), price(ask), price(last), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn only_sane_prices_are_a_quote() {
        assert!(quote(99, 101, 100).is_ok());
        assert!(quote(100, 100, 100).is_ok());
        assert_eq!(quote(102, 101, 100).unwrap_err().code(), "quote.crossed");
        for (bid, ask, last, field) in [(0, 1, 1, "bid"), (1, i64::MAX, 1, "ask"), (1, 1, -1, "last")] {
            assert_eq!(quote(bid, ask, last).unwrap_err().field(), Some(field));
        }
    }
}
