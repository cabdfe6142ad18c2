//! Closing prices of past days, each asked for once.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use stockade_domain::{price::Price, symbol::Symbol};
use stockade_platform::market::{AssetClass, AssetInfo, Bar, Timeframe};

use super::{day::start_of, holdings::Holdings};
use crate::app::App;

/// How long the last price before counts where a day has none: weekends and holidays.
const STALE_DAYS: i64 = 10;

/// Prices of the past, remembered while in use.
pub(in crate::features::portfolio) struct Prices<'a> {
    app: &'a App,
    days: HashMap<(Symbol, i64), Option<Bar>>,
}

/// What others' performance is held against: the market's index, where the feed has one.
pub(in crate::features::portfolio) fn benchmark(app: &App) -> Option<&AssetInfo> {
    let mut assets = app.market.assets().iter();
    assets.find(|asset| asset.class == AssetClass::Index)
}

impl<'a> Prices<'a> {
    pub(in crate::features::portfolio) fn new(app: &'a App) -> Self {
        Self {
            app,
            days: HashMap::new(),
        }
    }

    /// The close of a day, or of the last one before that had a market.
    pub(in crate::features::portfolio) fn close(&mut self, symbol: Symbol, day: i64) -> Option<Price> {
        (0..=STALE_DAYS)
            .find_map(|back| self.bar(symbol, day - back))
            .map(|bar| bar.c)
    }

    /// Whether there was a market on a day: the index moved, or something that is held has a price.
    pub(in crate::features::portfolio) fn traded(&mut self, day: i64, holdings: &Holdings) -> bool {
        let index = benchmark(self.app).map(|asset| asset.symbol);
        let symbols: Vec<Symbol> = index.into_iter().chain(holdings.shares.keys().copied()).collect();
        symbols.into_iter().any(|symbol| self.bar(symbol, day).is_some())
    }

    /// The price at an instant, at most two days old.
    pub(in crate::features::portfolio) fn at(&self, symbol: Symbol, at: Timestamp) -> Option<Price> {
        let hour = SignedDuration::from_hours(1);
        let bars = self
            .app
            .market
            .bars(&symbol, Timeframe::Hour, at - hour * 48, at, 48);
        bars.last().map(|bar| bar.c)
    }

    fn bar(&mut self, symbol: Symbol, day: i64) -> Option<Bar> {
        let market = &self.app.market;
        *self.days.entry((symbol, day)).or_insert_with(|| {
            let bars = market.bars(&symbol, Timeframe::Day, start_of(day), start_of(day + 1), 1);
            bars.first().copied()
        })
    }
}
