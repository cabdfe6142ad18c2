//! The words of an order: side, type, time in force.

use crate::text::words;

words! {
    /// Which way shares go.
    Side, "side" {
        /// Cash for shares.
        Buy = "buy",
        /// Shares for cash.
        Sell = "sell",
    }
}

words! {
    /// How the price is decided.
    OrderType, "type" {
        /// At the market's price.
        Market = "market",
        /// At the limit price or better.
        Limit = "limit",
        /// Waits until the market reaches the stop price, and is a market order from then on.
        Stop = "stop",
        /// Waits until the market reaches the stop price, and is a limit order from then on.
        StopLimit = "stop_limit",
    }
}

words! {
    /// How long an order waits for its fill.
    TimeInForce, "time_in_force" {
        /// Until the end of the trading day.
        Day = "day",
        /// Until it is canceled.
        Gtc = "gtc",
        /// Fills what it can at once; the rest is canceled.
        Ioc = "ioc",
        /// Fills whole at once or is canceled.
        Fok = "fok",
    }
}

impl TimeInForce {
    /// Whether what the first match leaves unfilled is canceled rather than left to rest.
    #[must_use]
    pub const fn cancels_rest(self) -> bool {
        matches!(self, Self::Ioc | Self::Fok)
    }
}
