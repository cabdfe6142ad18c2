//! Prices that were brought in from outside and lie in the database. This is what one process knows of them: whoever
//! reads the database puts it here, so that a quote costs a look-up in memory.
//!
//! Prices are as they came. A quote is the newest one there is, however old; [`Stored::is_stale`] says when it is too old
//! to trade on. A day's bar takes some 60 bytes of memory; a listing is never freed.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use jiff::{SignedDuration, Timestamp};
use stockade_domain::{price::Price, quote::Quote, symbol::Symbol};

use super::{AssetClass, AssetInfo, Bar, Timeframe};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// See the module.
#[derive(Debug)]
pub struct Stored {
    label: &'static str,
    /// Whether the source itself says that its prices are late.
    delayed: bool,
    stale_after: SignedDuration,
    board: RwLock<Board>,
}

/// What is listed, in words of its own.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The ticker.
    pub symbol: Symbol,
    /// The company's or the index's full name.
    pub name: String,
    /// Where it is listed.
    pub exchange: String,
    /// Share or index.
    pub class: AssetClass,
    /// Whether an order may name it.
    pub tradable: bool,
    /// Whether an order may ask for part of a share.
    pub fractionable: bool,
}

#[derive(Debug, Default)]
struct Board {
    /// Sorted by symbol.
    assets: &'static [AssetInfo],
    /// Oldest first.
    bars: HashMap<Symbol, Vec<Bar>>,
    quotes: HashMap<Symbol, Quote>,
}

impl Stored {
    /// Nothing is known yet.
    pub fn new(label: &'static str, delayed: bool, stale_after: SignedDuration) -> Self {
        Self {
            label,
            delayed,
            stale_after,
            board: RwLock::default(),
        }
    }

    /// The feed's name as clients see it.
    pub fn label(&self) -> &'static str {
        self.label
    }

    /// Replaces listings and bars. A listing that has changed takes memory for as long as the process lives, which is
    /// little: an operator changes them by hand.
    pub fn replace(&self, listings: Vec<Listing>, mut bars: HashMap<Symbol, Vec<Bar>>) {
        for series in bars.values_mut() {
            series.sort_unstable_by_key(|bar| bar.t);
        }
        let mut board = self.write();
        let known = board.assets;
        let mut assets: Vec<AssetInfo> = listings.into_iter().map(|listing| listing.kept(known)).collect();
        assets.sort_unstable_by_key(|asset| asset.symbol);
        if known != assets {
            board.assets = Vec::leak(assets);
        }
        board.bars = bars;
    }

    /// Takes quotes in; an older one never takes a newer one's place.
    pub fn take_in(&self, quotes: impl IntoIterator<Item = (Symbol, Quote)>) {
        let mut board = self.write();
        for (symbol, quote) in quotes {
            let known = board.quotes.get(&symbol);
            if known.is_none_or(|known| known.at() <= quote.at()) {
                board.quotes.insert(symbol, quote);
            }
        }
    }

    /// See [`super::MarketFeed::quote`]: the newest quote, or else the last close.
    pub fn quote(&self, symbol: &Symbol, at: Timestamp) -> Option<Quote> {
        let board = self.read();
        let quote = board.quotes.get(symbol).filter(|quote| quote.at() <= at).copied();
        quote.or_else(|| board.last_close(symbol, at))
    }

    /// Whether a quote is too old to trade on.
    pub fn is_stale(&self, quote: &Quote, at: Timestamp) -> bool {
        at.duration_since(quote.at()) > self.stale_after
    }

    /// Whether a quote is to be shown as late.
    pub fn is_delayed(&self, quote: &Quote, at: Timestamp) -> bool {
        self.delayed || self.is_stale(quote, at)
    }

    /// See [`super::MarketFeed::range`]: days that are over, and the quote.
    pub fn range(&self, symbol: &Symbol, from: Timestamp, to: Timestamp) -> Option<(Price, Price)> {
        let now = self.quote(symbol, to)?.last();
        let board = self.read();
        let days = board.bars.get(symbol).map(Vec::as_slice).unwrap_or_default();
        let inside = days.iter().filter(|bar| bar.t >= from && bar.t + DAY <= to);
        Some(inside.fold((now, now), |(low, high), bar| (low.min(bar.l), high.max(bar.h))))
    }

    /// See [`super::MarketFeed::bars`]. There are days only.
    pub fn bars(
        &self,
        symbol: &Symbol,
        timeframe: Timeframe,
        start: Timestamp,
        end: Timestamp,
        limit: usize,
    ) -> Vec<Bar> {
        if timeframe != Timeframe::Day {
            return Vec::new();
        }
        let board = self.read();
        let days = board.bars.get(symbol).map(Vec::as_slice).unwrap_or_default();
        let first = days.partition_point(|bar| bar.t < start);
        let inside = days[first..].iter().take_while(|bar| bar.t < end);
        inside.take(limit).copied().collect()
    }

    /// Everything that is listed, sorted by symbol.
    pub fn assets(&self) -> &'static [AssetInfo] {
        self.read().assets
    }

    fn read(&self) -> RwLockReadGuard<'_, Board> {
        self.board.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Board> {
        self.board.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listing {
    /// As it is known already, or else in words that stay.
    fn kept(self, known: &[AssetInfo]) -> AssetInfo {
        let same = known.iter().find(|asset| asset.symbol == self.symbol);
        let words = |known: Option<&'static str>, now: String| match known {
            Some(known) if known == now => known,
            _ => &*now.leak(),
        };
        AssetInfo {
            symbol: self.symbol,
            name: words(same.map(|asset| asset.name), self.name),
            exchange: words(same.map(|asset| asset.exchange), self.exchange),
            class: self.class,
            tradable: self.tradable,
            fractionable: self.fractionable,
        }
    }
}

impl Board {
    /// The close of the last day that is over.
    fn last_close(&self, symbol: &Symbol, at: Timestamp) -> Option<Quote> {
        let days = self.bars.get(symbol)?;
        let over = days.partition_point(|bar| bar.t + DAY <= at);
        let bar = days[..over].last()?;
        Quote::new(bar.c, bar.c, bar.c, bar.t + DAY).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn cents(cents: i64) -> Price {
        Price::from_micros(cents * 10_000)
    }

    fn bar(day: &str, low: i64, high: i64, close: i64) -> Bar {
        Bar {
            t: at(&format!("{day}T00:00:00Z")),
            o: cents(close),
            h: cents(high),
            l: cents(low),
            c: cents(close),
            v: Some(1),
        }
    }

    fn feed() -> Stored {
        let feed = Stored::new("csv", false, SignedDuration::from_hours(1));
        let ko: Symbol = "KO".parse().unwrap();
        let listing = Listing {
            symbol: ko,
            name: "The Coca-Cola Company".to_owned(),
            exchange: "NYSE".to_owned(),
            class: AssetClass::UsEquity,
            tradable: true,
            fractionable: true,
        };
        let days = vec![bar("2026-05-02", 90, 120, 110), bar("2026-05-01", 95, 105, 100)];
        feed.replace(vec![listing], HashMap::from([(ko, days)]));
        feed
    }

    #[test]
    fn a_close_is_known_when_its_day_is_over() {
        let (feed, ko) = (feed(), "KO".parse().unwrap());
        let last = |when| feed.quote(&ko, at(when)).map(|quote| quote.last());
        assert_eq!(last("2026-05-01T23:59:59Z"), None);
        assert_eq!(last("2026-05-02T00:00:00Z"), Some(cents(100)));
        assert_eq!(last("2026-05-09T00:00:00Z"), Some(cents(110)));
        assert_eq!(
            feed.quote(&"GE".parse().unwrap(), at("2026-05-09T00:00:00Z")),
            None
        );
    }

    #[test]
    fn a_quote_grows_stale_and_an_older_one_changes_nothing() {
        let (feed, ko) = (feed(), "KO".parse().unwrap());
        let quote = |price, when| Quote::new(cents(price), cents(price), cents(price), at(when)).unwrap();
        feed.take_in([(ko, quote(111, "2026-05-04T10:00:00Z"))]);
        feed.take_in([(ko, quote(222, "2026-05-04T09:00:00Z"))]);
        let now = at("2026-05-04T11:00:00Z");
        let found = feed.quote(&ko, now).unwrap();
        assert_eq!((found.last(), feed.is_stale(&found, now)), (cents(111), false));
        assert!(feed.is_stale(&found, at("2026-05-04T11:00:01Z")));
    }

    #[test]
    fn ranges_and_bars_hold_what_lies_inside() {
        let (feed, ko) = (feed(), "KO".parse().unwrap());
        let range = feed.range(&ko, at("2026-05-02T00:00:00Z"), at("2026-05-09T00:00:00Z"));
        assert_eq!(range, Some((cents(90), cents(120))));
        let bars = feed.bars(
            &ko,
            Timeframe::Day,
            at("2026-05-01T00:00:00Z"),
            at("2026-05-02T00:00:00Z"),
            9,
        );
        assert_eq!(bars.iter().map(|bar| bar.c).collect::<Vec<_>>(), [cents(100)]);
        assert!(
            feed.bars(
                &ko,
                Timeframe::Hour,
                at("2026-05-01T00:00:00Z"),
                at("2026-05-09T00:00:00Z"),
                9
            )
            .is_empty()
        );
    }
}
