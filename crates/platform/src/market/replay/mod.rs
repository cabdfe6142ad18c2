//! The replayed market: real daily closes of 1990–2022, one historical trading day per UTC day of today's calendar.
//!
//! 2010-01-01 plays the first row of the files. When the last row has been played the series runs backwards, then
//! forwards again, so no price ever jumps. Between two closes the price follows a path that depends on nothing but
//! symbol, day and second; two instances therefore show the same market without talking to each other.
//!
//! Prices keep to the tick of Regulation NMS, Rule 612: 0.01 from one dollar up, 0.0001 below.
//! A quote allocates nothing, and waits for nobody but whoever tells of a split.

mod closes;
mod listing;
mod path;
mod splits;
#[cfg(test)]
mod tests;
mod tick;

use jiff::Timestamp;
use stockade_domain::{price::Price, quote::Quote, symbol::Symbol};

pub use splits::ReplaySplit;

use self::{
    closes::Closes,
    path::{DAY, Path},
    splits::Splits,
};
use super::{AssetInfo, Bar, Timeframe};

/// 2010-01-01T00:00:00Z, when the first historical day starts, in Unix seconds.
const ANCHOR: i64 = 1_262_304_000;

/// The longest stretch of time that a range covers, in seconds.
const RANGE: i64 = 366 * DAY;

/// The embedded closes, decoded.
#[derive(Debug)]
pub struct Replay {
    assets: Vec<AssetInfo>,
    /// In the order of `assets`.
    closes: Vec<Closes>,
    splits: Splits,
}

impl Replay {
    /// Decodes the embedded files: some 175,000 closes, a few milliseconds in an optimised build. Do it once.
    pub fn embedded() -> Self {
        let (assets, closes) = closes::embedded()
            .into_iter()
            .map(|c| (listing::asset(c.symbol), c))
            .unzip();
        Self {
            assets,
            closes,
            splits: Splits::default(),
        }
    }

    /// See [`super::MarketFeed::quote`]. `at` of the answer is the start of the second that `at` falls into.
    pub fn quote(&self, symbol: &Symbol, at: Timestamp) -> Option<Quote> {
        let second = at.as_second();
        let last = self.closes_of(symbol)?.last_at(second)?;
        let last = tick::nearest(self.splits.price_at(*symbol, second, last));
        let (bid, ask) = tick::around(last);
        let at = Timestamp::from_second(second).ok()?;
        Quote::new(price(bid), price(ask), price(last), at).ok()
    }

    /// See [`super::MarketFeed::range`]. Costs some microseconds a day.
    pub fn range(&self, symbol: &Symbol, from: Timestamp, to: Timestamp) -> Option<(Price, Price)> {
        let closes = self.closes_of(symbol)?;
        let to = to.as_second();
        let mut from = from.as_second().clamp((to - RANGE).max(ANCHOR), to.max(ANCHOR));
        let mut found: Option<(Price, Price)> = None;
        while from <= to {
            let end = to.min(from - from.rem_euclid(DAY) + DAY);
            let bar = self.divided(*symbol, closes.bar(from, end)?, end);
            found = Some(found.map_or((bar.l, bar.h), |(low, high)| (low.min(bar.l), high.max(bar.h))));
            if end == to {
                break;
            }
            from = end;
        }
        found
    }

    /// See [`super::MarketFeed::bars`]. The volume is unknown. A day's bar costs some microseconds.
    pub fn bars(
        &self,
        symbol: &Symbol,
        timeframe: Timeframe,
        start: Timestamp,
        end: Timestamp,
        limit: usize,
    ) -> Vec<Bar> {
        let Some(closes) = self.closes_of(symbol) else {
            return Vec::new();
        };
        let length = timeframe.seconds();
        let end = end.as_second();
        let first = ceil_to(whole_second_from(start).max(ANCHOR), length);
        let starts = (0..).map(|n| first + n * length).take_while(|t| *t < end);
        starts
            .take(limit)
            .filter_map(|t| {
                let until = end.min(t + length);
                Some(self.divided(*symbol, closes.bar(t, until)?, until))
            })
            .collect()
    }

    /// See [`super::MarketFeed::learn_splits`].
    pub fn learn_splits(&self, splits: &[ReplaySplit]) {
        self.splits.set(splits);
    }

    /// A bar that ends at `until`, its prices those of the shares there were at each end.
    fn divided(&self, symbol: Symbol, bar: Bar, until: i64) -> Bar {
        let at = |second, of: Price| price(tick::nearest(self.splits.price_at(symbol, second, of.micros())));
        let last = (until - 1).max(bar.t.as_second());
        let (o, c) = (at(bar.t.as_second(), bar.o), at(last, bar.c));
        Bar {
            o,
            h: at(last, bar.h).max(o).max(c),
            l: at(last, bar.l).min(o).min(c),
            c,
            ..bar
        }
    }

    /// The 20 stocks and the index, sorted by symbol.
    pub fn assets(&self) -> &[AssetInfo] {
        &self.assets
    }

    fn closes_of(&self, symbol: &Symbol) -> Option<&Closes> {
        let at = self
            .closes
            .binary_search_by_key(symbol, |closes| closes.symbol)
            .ok()?;
        Some(&self.closes[at])
    }
}

impl Closes {
    /// The price in 10⁻⁶ currency units at a Unix second, rounded to its tick. `None` before the first day.
    fn last_at(&self, second: i64) -> Option<i64> {
        let (path, offset) = self.path_at(second)?;
        Some(tick::nearest(path.at(offset)))
    }

    /// The bar over `from..=to`, Unix seconds, within one UTC day.
    fn bar(&self, from: i64, to: i64) -> Option<Bar> {
        let (path, offset) = self.path_at(from)?;
        let end = offset + (to - from);
        // Rounding to the tick keeps the order, so the extremes of the exact path are those of the quotes.
        let (low, high) = path.extremes(offset, end);
        Some(Bar {
            t: Timestamp::from_second(from).ok()?,
            o: rounded(path.at(offset)),
            h: rounded(high),
            l: rounded(low),
            c: rounded(path.at(end)),
            v: None,
        })
    }

    /// The path of the day that `second` falls into, and the second within that day.
    fn path_at(&self, second: i64) -> Option<(Path, i64)> {
        let since = second.checked_sub(ANCHOR).filter(|since| *since >= 0)?;
        let day = since / DAY;
        Some((
            Path::new(self.close_before(day), self.close_of(day), self.seed, day),
            since % DAY,
        ))
    }
}

fn rounded(exact: i64) -> Price {
    price(tick::nearest(exact))
}

fn price(micros: i64) -> Price {
    Price::from_micros(micros)
}

/// The first whole second at or after `at`.
fn whole_second_from(at: Timestamp) -> i64 {
    at.as_second() + i64::from(at.subsec_nanosecond() > 0)
}

fn ceil_to(second: i64, length: i64) -> i64 {
    second + (length - second.rem_euclid(length)) % length
}
