//! Splits as the market sees them: while one is applied, its security stands still; and prices of before one say little
//! beside those of after it, so series can be told in the shares of today. What is stored or replayed stays raw.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use jiff::Timestamp;
use stockade_domain::{corporate_actions::Ratio, price::Price, symbol::Symbol};
use stockade_platform::market::{Bar, Timeframe};

use crate::app::App;

/// A split that was announced.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// Whose shares.
    pub symbol: Symbol,
    /// From when on they are new ones.
    pub effective_at: Timestamp,
    /// New shares for old ones.
    pub ratio: Ratio,
    /// Whether every holder has theirs.
    pub is_applied: bool,
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
        self.until(symbol, now).iter().any(|split| !split.is_applied)
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
        let split = |second, is_applied| Split {
            symbol: "KO".parse().unwrap(),
            effective_at: Timestamp::from_second(second).unwrap(),
            ratio: Ratio::new(2, 1).unwrap(),
            is_applied,
        };
        let mut bars = [
            bar(0, [60, 64, 58, 62]),
            bar(hour, [62, 62, 30, 32]),
            bar(2 * hour, [32, 33, 31, 31]),
        ];
        adjust(&mut bars, Timeframe::Hour, &split(hour + 60, true));
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
            symbol: "KO".parse().unwrap(),
            effective_at: Timestamp::from_second(100).unwrap(),
            ratio: Ratio::new(1, 10).unwrap(),
            is_applied: false,
        };
        let still = |splits: &Splits, symbol: &str, second| {
            splits.stands_still(symbol.parse().unwrap(), Timestamp::from_second(second).unwrap())
        };
        splits.set(&[split]);
        assert!(!still(&splits, "KO", 99) && still(&splits, "KO", 100) && !still(&splits, "PEP", 100));
        split.is_applied = true;
        splits.set(&[split]);
        assert!(!still(&splits, "KO", 100));
    }
}
