//! Splits as the market sees them: while one is applied, its security stands still; and prices of before one say little
//! beside those of after it, so series can be told in the shares of today. What is stored or replayed stays raw.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use jiff::Timestamp;
use stockade_domain::{corporate_actions::Ratio, price::Price, symbol::Symbol};
use stockade_platform::market::{Bar, Timeframe};
use uuid::Uuid;

use crate::app::App;

/// A split that was announced.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// The action, which is the cause of what it does to holders.
    pub id: Uuid,
    /// Whose shares.
    pub symbol: Symbol,
    /// From when on they are new ones.
    pub effective_at: Timestamp,
    /// New shares for old ones.
    pub ratio: Ratio,
    /// When the last holder got theirs.
    pub applied_at: Option<Timestamp>,
}

/// All of them, by symbol, the earliest first. Set anew as a whole.
#[derive(Default)]
pub struct Splits(RwLock<HashMap<Symbol, Vec<Split>>>);

impl Splits {
    /// Puts these, the earliest first, in the place of all that were there.
    pub fn set(&self, splits: &[Split]) {
        let mut set: HashMap<Symbol, Vec<Split>> = HashMap::new();
        for split in splits {
            set.entry(split.symbol).or_default().push(*split);
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = set;
    }

    /// Whether a security stands still.
    pub fn stands_still(&self, symbol: Symbol, now: Timestamp) -> bool {
        self.until(symbol, now)
            .iter()
            .any(|split| split.applied_at.is_none())
    }

    /// When what a cause did to a security took effect, if it is one of these.
    pub fn took_effect(&self, symbol: Symbol, cause: Uuid) -> Option<Timestamp> {
        let splits = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let split = splits.get(&symbol)?.iter().find(|split| split.id == cause)?;
        Some(split.effective_at)
    }

    /// When the first of those took effect that, at this instant, have not reached every holder.
    pub fn first_under_way(&self, at: Timestamp) -> Option<Timestamp> {
        let splits = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let is_under_way =
            |split: &&Split| split.effective_at <= at && split.applied_at.is_none_or(|applied| applied >= at);
        splits
            .values()
            .flatten()
            .filter(is_under_way)
            .map(|split| split.effective_at)
            .min()
    }

    /// Those of a security that have taken effect.
    fn until(&self, symbol: Symbol, now: Timestamp) -> Vec<Split> {
        let splits = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let of_symbol = splits.get(&symbol).map(Vec::as_slice).unwrap_or_default();
        let is_past = |split: &&Split| split.effective_at <= now;
        of_symbol.iter().filter(is_past).copied().collect()
    }
}

/// Bars in the shares of today. A bar during which a split took effect opened in old shares and closed in new ones.
pub fn adjusted_bars(
    app: &App,
    symbol: Symbol,
    timeframe: Timeframe,
    start: Timestamp,
    end: Timestamp,
    limit: usize,
) -> Vec<Bar> {
    let mut bars = app.market.bars(&symbol, timeframe, start, end, limit);
    for split in app.splits.until(symbol, app.clock.now()) {
        adjust(&mut bars, timeframe, &split);
    }
    bars
}

fn adjust(bars: &mut [Bar], timeframe: Timeframe, split: &Split) {
    let at = split.effective_at.as_second();
    for bar in bars.iter_mut().take_while(|bar| bar.t.as_second() < at) {
        let (old_open, new_open) = (bar.o, divided(bar.o, split.ratio));
        bar.o = new_open;
        if bar.t.as_second() + timeframe.seconds() <= at {
            for price in [&mut bar.h, &mut bar.l, &mut bar.c] {
                *price = divided(*price, split.ratio);
            }
            bar.v = bar.v.map(|shares| multiplied(shares, split.ratio));
        } else {
            // Where the open was the highest or the lowest, that was for want of a price to compare it with.
            if bar.h == old_open {
                bar.h = new_open.max(bar.c);
            }
            if bar.l == old_open {
                bar.l = new_open.min(bar.c);
            }
        }
    }
}

/// What a price of an old share is for a new one; never nothing.
fn divided(price: Price, ratio: Ratio) -> Price {
    let (new, old) = (i128::from(ratio.new_shares()), i128::from(ratio.old_shares()));
    let exact = (i128::from(price.micros()) * old + new / 2) / new;
    Price::from_micros(i64::try_from(exact).unwrap_or(i64::MAX).max(1))
}

fn multiplied(shares: u64, ratio: Ratio) -> u64 {
    let exact = u128::from(shares) * u128::from(ratio.new_shares()) / u128::from(ratio.old_shares());
    u64::try_from(exact).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(second: i64, [o, h, l, c]: [i64; 4]) -> Bar {
        let [o, h, l, c] = [o, h, l, c].map(|dollars| Price::from_micros(dollars * 1_000_000));
        let t = Timestamp::from_second(second).unwrap();
        let v = Some(10);
        Bar { t, o, h, l, c, v }
    }

    #[test]
    fn what_was_before_a_split_is_told_in_new_shares() {
        let hour = Timeframe::Hour.seconds();
        let split = |second| Split {
            id: Uuid::nil(),
            symbol: "KO".parse().unwrap(),
            effective_at: Timestamp::from_second(second).unwrap(),
            ratio: Ratio::new(2, 1).unwrap(),
            applied_at: Timestamp::from_second(second + 5).ok(),
        };
        let mut bars = [
            bar(0, [60, 64, 58, 62]),
            bar(hour, [62, 62, 30, 32]),
            bar(2 * hour, [32, 33, 31, 31]),
        ];
        adjust(&mut bars, Timeframe::Hour, &split(hour + 60));
        let mut first = bar(0, [30, 32, 29, 31]);
        first.v = Some(20);
        assert_eq!(bars[0], first);
        assert_eq!(bars[1], bar(hour, [31, 32, 30, 32]));
        assert_eq!(bars[2], bar(2 * hour, [32, 33, 31, 31]));
    }

    #[test]
    fn a_security_stands_still_until_its_split_is_applied() {
        let splits = Splits::default();
        let mut split = Split {
            id: Uuid::nil(),
            symbol: "KO".parse().unwrap(),
            effective_at: Timestamp::from_second(100).unwrap(),
            ratio: Ratio::new(1, 10).unwrap(),
            applied_at: None,
        };
        let still = |splits: &Splits, symbol: &str, second| {
            splits.stands_still(symbol.parse().unwrap(), Timestamp::from_second(second).unwrap())
        };
        splits.set(&[split]);
        assert!(!still(&splits, "KO", 99) && still(&splits, "KO", 100) && !still(&splits, "PEP", 100));
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(splits.first_under_way(at(99)), None);
        assert_eq!(splits.first_under_way(at(200)), Some(at(100)));
        split.applied_at = Some(at(107));
        splits.set(&[split]);
        assert!(!still(&splits, "KO", 100));
        // What was done to the last holder may bear the instant itself.
        assert_eq!(splits.first_under_way(at(107)), Some(at(100)));
        assert_eq!(splits.first_under_way(at(108)), None);
        assert_eq!(splits.took_effect(split.symbol, Uuid::nil()), Some(at(100)));
        assert_eq!(splits.took_effect(split.symbol, Uuid::max()), None);
    }
}
