//! The postings of corporate actions: dividends, splits, and cash instead of fractions.

use super::account::{House, LedgerAccount};
use super::posting::{Posting, PostingError, PostingKind, moved};
use super::trade::Trade;
use crate::asset::AssetAmount;
use crate::ids::AccountId;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::symbol::Symbol;

const MARKET: LedgerAccount = LedgerAccount::House(House::Market);

impl Posting {
    /// Cash that a company pays becomes available.
    ///
    /// # Errors
    /// When the amount is not positive.
    pub fn dividend(account: AccountId, amount: Money) -> Result<Self, PostingError> {
        let to = LedgerAccount::available(account);
        Self::transfer(PostingKind::Dividend, MARKET, to, amount.into())
    }

    /// Available shares become more or fewer; `before` and `after` are all the customer's.
    ///
    /// # Errors
    /// When nothing changes, or the difference does not fit.
    pub fn split(
        account: AccountId,
        symbol: Symbol,
        before: Quantity,
        after: Quantity,
    ) -> Result<Self, PostingError> {
        let own = LedgerAccount::available(account);
        let difference = after.checked_sub(before).map_err(|_| PostingError::OutOfRange)?;
        let (from, to, change) = match difference.is_positive() {
            true => (MARKET, own, difference),
            false => (own, MARKET, Quantity::from_nanos(-difference.nanos())),
        };
        let what = AssetAmount::shares(symbol, change);
        Self::transfer(PostingKind::Split, from, to, what)
    }

    /// An available fraction of a share becomes available cash.
    ///
    /// # Errors
    /// As [`Posting::sell`].
    pub fn cash_in_lieu(trade: &Trade) -> Result<Self, PostingError> {
        let own = LedgerAccount::available(trade.account);
        if !trade.quantity.is_positive() || trade.amount.minor() < 0 {
            return Err(PostingError::NotPositive);
        }
        let mut lines = moved(own, MARKET, AssetAmount::shares(trade.symbol, trade.quantity)).to_vec();
        if trade.amount.is_positive() {
            lines.extend(moved(MARKET, own, trade.amount.into()));
        }
        Self::new(PostingKind::CashInLieu, lines)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::asset::Asset;
    use crate::currency::Currency;

    fn account() -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(1))
    }

    fn shares(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn splits_move_the_difference_either_way() {
        let ko: Symbol = "KO".parse().unwrap();
        for (before, after, change) in [("10", "20", 10_000_000_000), ("15", "1.5", -13_500_000_000)] {
            let posting = Posting::split(account(), ko, shares(before), shares(after)).unwrap();
            let movement = posting.movements()[0];
            assert_eq!(
                (movement.asset, movement.available, movement.held),
                (Asset::Security(ko), change, 0)
            );
        }
        let nothing = Posting::split(account(), ko, shares("1"), shares("1"));
        assert_eq!(nothing, Err(PostingError::NotPositive));
    }

    #[test]
    fn fractions_and_dividends_become_cash() {
        let trade = Trade {
            account: account(),
            symbol: "KO".parse().unwrap(),
            quantity: shares("0.5"),
            amount: Money::new(3_000, Currency::Usd),
            fee: Money::zero(Currency::Usd),
        };
        let posting = Posting::cash_in_lieu(&trade).unwrap();
        assert_eq!(
            (posting.kind(), posting.lines().len()),
            (PostingKind::CashInLieu, 4)
        );
        let worthless = Trade {
            amount: Money::zero(Currency::Usd),
            ..trade
        };
        assert_eq!(Posting::cash_in_lieu(&worthless).unwrap().lines().len(), 2);
        let paid = Posting::dividend(account(), Money::new(97, Currency::Usd)).unwrap();
        assert_eq!(paid.movements()[0].available, 97);
    }
}
