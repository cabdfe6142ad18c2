//! Where prices come from. A feed is one variant of [`MarketFeed`]. Prices of providers are stored and then read from
//! there; a second provider is one more file and one more variant of [`Source`].
//!
//! Prices are integers of 10⁻⁶ currency units and always whole ticks. A feed never looks into the future of the
//! caller: everything it is asked for carries its own instant.

mod alpaca;
mod asset;
mod bar;
mod provider;
mod replay;
mod stored;

pub use alpaca::Alpaca;
pub use asset::{AssetClass, AssetInfo, UnknownClass};
pub use bar::{Bar, Timeframe, UnknownTimeframe};
pub use provider::{FeedError, Provider, Source};
pub use replay::{Replay, ReplaySplit};
pub use stored::{Listing, Stored};

use jiff::Timestamp;
use stockade_domain::{price::Price, quote::Quote, symbol::Symbol};

/// The configured source of prices.
#[derive(Debug)]
pub enum MarketFeed {
    /// Real daily closes played back on today's calendar.
    Replay(Replay),
    /// Prices that were brought in from outside, by file or from a provider.
    Stored(Stored),
}

impl MarketFeed {
    /// The feed's name as clients see it: `replay` means that these are not today's market prices.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Replay(_) => "replay",
            Self::Stored(stored) => stored.label(),
        }
    }

    /// Bid, ask and last at `at`. `None` for a symbol the feed does not know, or before its first price.
    pub fn quote(&self, symbol: &Symbol, at: Timestamp) -> Option<Quote> {
        match self {
            Self::Replay(replay) => replay.quote(symbol, at),
            Self::Stored(stored) => stored.quote(symbol, at),
        }
    }

    /// Whether a quote is too old to trade on.
    pub fn is_stale(&self, quote: &Quote, at: Timestamp) -> bool {
        match self {
            Self::Replay(_) => false,
            Self::Stored(stored) => stored.is_stale(quote, at),
        }
    }

    /// Whether a quote is to be shown as late: its source says so, or it is stale.
    pub fn is_delayed(&self, quote: &Quote, at: Timestamp) -> bool {
        match self {
            Self::Replay(_) => false,
            Self::Stored(stored) => stored.is_delayed(quote, at),
        }
    }

    /// The lowest and the highest last price over `from..=to`, at most the last 366 days of it. `None` for a symbol the
    /// feed does not know, or before its first price.
    pub fn range(&self, symbol: &Symbol, from: Timestamp, to: Timestamp) -> Option<(Price, Price)> {
        match self {
            Self::Replay(replay) => replay.range(symbol, from, to),
            Self::Stored(stored) => stored.range(symbol, from, to),
        }
    }

    /// At most `limit` bars, oldest first, whose start lies in `start..end`. A bar still open at `end` is drawn up to
    /// `end`, so a caller that passes the present as `end` learns nothing of the future. Unknown symbols have no bars.
    pub fn bars(
        &self,
        symbol: &Symbol,
        timeframe: Timeframe,
        start: Timestamp,
        end: Timestamp,
        limit: usize,
    ) -> Vec<Bar> {
        match self {
            Self::Replay(replay) => replay.bars(symbol, timeframe, start, end, limit),
            Self::Stored(stored) => stored.bars(symbol, timeframe, start, end, limit),
        }
    }

    /// Has splits divide prices from the second on at which each takes effect, in the place of all told before. A feed of
    /// today's market divides by itself.
    pub fn learn_splits(&self, splits: &[ReplaySplit]) {
        match self {
            Self::Replay(replay) => replay.learn_splits(splits),
            Self::Stored(_) => {}
        }
    }

    /// Every asset of the feed, sorted by symbol.
    pub fn assets(&self) -> &[AssetInfo] {
        match self {
            Self::Replay(replay) => replay.assets(),
            Self::Stored(stored) => stored.assets(),
        }
    }

    /// The asset listed under `symbol`.
    pub fn asset(&self, symbol: &Symbol) -> Option<&AssetInfo> {
        let assets = self.assets();
        let at = assets.binary_search_by_key(symbol, |asset| asset.symbol).ok()?;
        Some(&assets[at])
    }

    /// Assets whose symbol starts with `text` or whose name contains it, in either case; symbols that start with it
    /// come first. An empty text finds nothing.
    pub fn search(&self, text: &str) -> Vec<&AssetInfo> {
        asset::search(self.assets(), text)
    }
}
