//! How splits that were announced divide the replayed prices: the closes of the past know nothing of them.

use std::sync::{PoisonError, RwLock};

use stockade_domain::symbol::Symbol;

/// A split of a replayed security.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplaySplit {
    /// The security.
    pub symbol: Symbol,
    /// The first Unix second at which its shares are new ones.
    pub second: i64,
    /// So many new shares …
    pub new_shares: u32,
    /// … for so many old ones.
    pub old_shares: u32,
}

/// All splits, by the time they take effect.
#[derive(Debug, Default)]
pub(super) struct Splits(RwLock<Vec<ReplaySplit>>);

impl Splits {
    /// Puts these in the place of all that were there.
    pub(super) fn set(&self, splits: &[ReplaySplit]) {
        let mut sorted = splits.to_vec();
        sorted.sort_by_key(|split| split.second);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = sorted;
    }

    /// What a price of old shares comes to at a second, after all splits up to it. Never nothing.
    pub(super) fn price_at(&self, symbol: Symbol, second: i64, price: i64) -> i64 {
        let splits = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let before = splits
            .iter()
            .filter(|split| split.symbol == symbol && split.second <= second);
        before.fold(price, |price, split| {
            let exact = i128::from(price) * i128::from(split.old_shares) / i128::from(split.new_shares);
            i64::try_from(exact).unwrap_or(i64::MAX).max(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_divide_from_the_split_on() {
        let split = |second, new_shares, old_shares| ReplaySplit {
            symbol: "KO".parse().unwrap(),
            second,
            new_shares,
            old_shares,
        };
        let splits = Splits::default();
        splits.set(&[split(200, 1, 10), split(100, 2, 1)]);
        let price = |symbol: &str, second| splits.price_at(symbol.parse().unwrap(), second, 60);
        assert_eq!(
            [price("KO", 99), price("KO", 100), price("KO", 200)],
            [60, 30, 300]
        );
        assert_eq!(price("PEP", 200), 60);
    }
}
