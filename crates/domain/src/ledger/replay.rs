//! The balances that all lines together give, to hold against the ones that were kept along the way.

use std::collections::BTreeMap;

use super::account::{House, LedgerAccount};
use super::balance::Balance;
use super::posting::Line;
use crate::asset::Asset;
use crate::ids::AccountId;

/// Sums of lines, fed in any order and in as many pieces as the reader likes.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    sums: BTreeMap<(LedgerAccount, Asset), i128>,
}

impl Replay {
    /// Counts one line.
    pub fn add(&mut self, line: &Line) {
        *self.sums.entry((line.account, line.asset)).or_default() += i128::from(line.amount);
    }

    /// Each customer's balance of each asset that ever moved; `None` for one that is negative or does not fit,
    /// which a sound ledger never shows.
    #[must_use]
    pub fn balances(&self) -> BTreeMap<(AccountId, Asset), Option<Balance>> {
        let keys = self.sums.keys().filter_map(|(account, asset)| match account {
            LedgerAccount::Customer { account, .. } => Some((*account, *asset)),
            LedgerAccount::House(_) => None,
        });
        keys.map(|key| (key, self.balance(key))).collect()
    }

    fn balance(&self, (account, asset): (AccountId, Asset)) -> Option<Balance> {
        let sum = |of| self.sums.get(&(of, asset)).copied().unwrap_or_default();
        let available = i64::try_from(sum(LedgerAccount::available(account))).ok()?;
        let held = i64::try_from(sum(LedgerAccount::held(account))).ok()?;
        Balance::restore(available, held)
    }

    /// The sum of each house account and asset, in the asset's unit.
    pub fn houses(&self) -> impl Iterator<Item = (House, Asset, i128)> + '_ {
        self.sums
            .iter()
            .filter_map(|((account, asset), sum)| match account {
                LedgerAccount::House(house) => Some((*house, *asset, *sum)),
                LedgerAccount::Customer { .. } => None,
            })
    }

    /// The assets whose lines do not sum to zero over all accounts, with the sum; none in a whole ledger.
    #[must_use]
    pub fn unbalanced(&self) -> BTreeMap<Asset, i128> {
        let mut totals: BTreeMap<Asset, i128> = BTreeMap::new();
        for ((_, asset), sum) in &self.sums {
            *totals.entry(*asset).or_default() += sum;
        }
        totals.retain(|_, total| *total != 0);
        totals
    }
}

impl<'a> FromIterator<&'a Line> for Replay {
    fn from_iter<I: IntoIterator<Item = &'a Line>>(lines: I) -> Self {
        let mut replay = Self::default();
        for line in lines {
            replay.add(line);
        }
        replay
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::asset::AssetAmount;
    use crate::currency::Currency;
    use crate::ledger::{Bucket, Posting, Trade};
    use crate::money::Money;
    use crate::quantity::Quantity;

    /// What a customer tries: which account, which kind of event, how much.
    type Attempt = (u128, u8, i64);

    fn posting((n, kind, amount): Attempt) -> Posting {
        let account = AccountId::from_uuid(Uuid::from_u128(n));
        let cash = Money::new(amount, Currency::Usd);
        let symbol = "KO".parse().unwrap();
        let trade = Trade {
            account,
            symbol,
            quantity: Quantity::from_nanos(amount),
            amount: Money::new(amount / 3, Currency::Usd),
            fee: Money::new(amount % 3, Currency::Usd),
        };
        match kind {
            0 => Posting::deposit(account, cash),
            1 => Posting::hold(account, cash.into()),
            2 => Posting::release(account, cash.into()),
            3 => Posting::buy(&trade, Bucket::Available),
            4 => Posting::buy(&trade, Bucket::Held),
            5 => Posting::hold(account, AssetAmount::shares(symbol, trade.quantity)),
            6 => Posting::sell(&trade, Bucket::Held),
            _ => Posting::sell(&trade, Bucket::Available),
        }
        .unwrap()
    }

    /// Applies a posting to the kept balances, all of it or nothing.
    fn keep(kept: &mut BTreeMap<(AccountId, Asset), Balance>, posting: &Posting) -> bool {
        let changed: Result<Vec<_>, _> = posting
            .movements()
            .iter()
            .map(|m| {
                let before = kept.get(&(m.account, m.asset)).copied().unwrap_or_default();
                before.apply(m).map(|after| ((m.account, m.asset), after))
            })
            .collect();
        changed.map(|changed| kept.extend(changed)).is_ok()
    }

    proptest! {
        #[test]
        fn kept_balances_equal_the_replay_of_what_was_posted(
            attempts in prop::collection::vec((0_u128..3, 0_u8..8, 1_i64..1_000), 1..120),
        ) {
            let mut kept = BTreeMap::new();
            let posted: Vec<Posting> = attempts.into_iter().map(posting).filter(|p| keep(&mut kept, p)).collect();
            let replay: Replay = posted.iter().flat_map(Posting::lines).collect();
            let expected: BTreeMap<_, _> = kept.into_iter().map(|(key, balance)| (key, Some(balance))).collect();
            prop_assert_eq!(replay.balances(), expected);
            prop_assert!(replay.unbalanced().is_empty());
        }
    }

    #[test]
    fn a_lost_line_shows() {
        let deposit = posting((1, 0, 500));
        let hold = posting((1, 1, 200));
        let half: Replay = deposit.lines().iter().chain(&hold.lines()[..1]).collect();
        assert_eq!(half.unbalanced().into_values().collect::<Vec<_>>(), [-200]);
        let hold_alone: Replay = hold.lines().iter().collect();
        assert_eq!(hold_alone.balances().into_values().collect::<Vec<_>>(), [None]);
        assert!(hold_alone.unbalanced().is_empty());
    }

    #[test]
    fn house_accounts_are_summed() {
        let lines: Vec<Line> = [posting((1, 0, 500)), posting((2, 0, 300))]
            .iter()
            .flat_map(|p| p.lines().to_vec())
            .collect();
        let houses: Vec<_> = lines.iter().collect::<Replay>().houses().collect();
        assert_eq!(houses, [(House::External, Asset::Cash(Currency::Usd), -800)]);
    }
}
