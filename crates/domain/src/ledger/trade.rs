//! The posting of an execution: shares one way, cash the other, and the fee.

use super::account::{Bucket, House, LedgerAccount};
use super::posting::{Posting, PostingError, PostingKind, moved};
use crate::asset::AssetAmount;
use crate::ids::AccountId;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::symbol::Symbol;

/// Shares and cash that change hands between a customer and the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// The customer's account.
    pub account: AccountId,
    /// The security.
    pub symbol: Symbol,
    /// How many shares; above zero.
    pub quantity: Quantity,
    /// The cash for them, without the fee; zero only for a fraction of a share worth less than a minor unit.
    pub amount: Money,
    /// The fee; often zero. A buyer pays it together with the shares, a seller out of what they bring.
    pub fee: Money,
}

impl Posting {
    /// Shares become available, cash leaves `paid_from`: held for an order that rested, available for one that
    /// was filled as it was placed.
    ///
    /// # Errors
    /// When the quantity is not positive, or the amount or fee is negative.
    pub fn buy(trade: &Trade, paid_from: Bucket) -> Result<Self, PostingError> {
        let payer = LedgerAccount::Customer {
            account: trade.account,
            bucket: paid_from,
        };
        post(
            trade,
            (payer, MARKET),
            (MARKET, LedgerAccount::available(trade.account)),
            payer,
        )
    }

    /// Shares leave `sold_from`, cash becomes available.
    ///
    /// # Errors
    /// As [`Posting::buy`].
    pub fn sell(trade: &Trade, sold_from: Bucket) -> Result<Self, PostingError> {
        let seller = LedgerAccount::Customer {
            account: trade.account,
            bucket: sold_from,
        };
        post(
            trade,
            (MARKET, LedgerAccount::available(trade.account)),
            (seller, MARKET),
            LedgerAccount::available(trade.account),
        )
    }
}

const MARKET: LedgerAccount = LedgerAccount::House(House::Market);

/// The account something leaves and the one it reaches.
type FromTo = (LedgerAccount, LedgerAccount);

fn post(
    trade: &Trade,
    cash: FromTo,
    shares: FromTo,
    fee_from: LedgerAccount,
) -> Result<Posting, PostingError> {
    if !trade.quantity.is_positive() || trade.amount.minor() < 0 || trade.fee.minor() < 0 {
        return Err(PostingError::NotPositive);
    }
    let fee = (fee_from, LedgerAccount::House(House::Fees));
    let parts: [(FromTo, AssetAmount); 3] = [
        (cash, trade.amount.into()),
        (shares, AssetAmount::shares(trade.symbol, trade.quantity)),
        (fee, trade.fee.into()),
    ];
    let lines = parts
        .into_iter()
        .filter(|(_, what)| what.amount > 0)
        .flat_map(|((from, to), what)| moved(from, to, what))
        .collect();
    Posting::new(PostingKind::Trade, lines)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::asset::Asset;
    use crate::currency::Currency;
    use crate::ledger::{Line, Movement};

    fn trade(quantity: &str, amount: i64, fee: i64) -> Trade {
        Trade {
            account: AccountId::from_uuid(Uuid::from_u128(1)),
            symbol: "KO".parse().unwrap(),
            quantity: quantity.parse().unwrap(),
            amount: Money::new(amount, Currency::Usd),
            fee: Money::new(fee, Currency::Usd),
        }
    }

    fn movement(trade: &Trade, asset: Asset, available: i64, held: i64) -> Movement {
        Movement {
            account: trade.account,
            asset,
            available,
            held,
        }
    }

    #[test]
    fn a_buy_pays_with_its_fee_from_its_hold() {
        let trade = trade("2", 12_250, 100);
        let (usd, ko) = (Asset::Cash(Currency::Usd), Asset::Security(trade.symbol));
        let held = Posting::buy(&trade, Bucket::Held).unwrap();
        let expected = [
            movement(&trade, usd, 0, -12_350),
            movement(&trade, ko, 2_000_000_000, 0),
        ];
        assert_eq!(held.movements(), expected);
        let at_once = Posting::buy(&trade, Bucket::Available).unwrap();
        assert_eq!(at_once.movements()[0], movement(&trade, usd, -12_350, 0));
        let fees = Line {
            account: LedgerAccount::House(House::Fees),
            asset: usd,
            amount: 100,
        };
        assert!(held.lines().contains(&fees));
    }

    #[test]
    fn a_sale_gives_cash_for_held_shares() {
        let trade = trade("0.5", 3_000, 0);
        let (usd, ko) = (Asset::Cash(Currency::Usd), Asset::Security(trade.symbol));
        let posting = Posting::sell(&trade, Bucket::Held).unwrap();
        let expected = [
            movement(&trade, usd, 3_000, 0),
            movement(&trade, ko, 0, -500_000_000),
        ];
        assert_eq!((posting.movements(), posting.lines().len()), (&expected[..], 4));
    }

    #[test]
    fn dust_may_be_worth_nothing_but_nothing_is_never_traded() {
        assert_eq!(
            Posting::sell(&trade("0.000000001", 0, 0), Bucket::Held)
                .unwrap()
                .lines()
                .len(),
            2
        );
        for refused in [
            trade("0", 100, 0),
            trade("-1", 100, 0),
            trade("1", -100, 0),
            trade("1", 100, -1),
        ] {
            assert_eq!(
                Posting::buy(&refused, Bucket::Held),
                Err(PostingError::NotPositive)
            );
            assert_eq!(
                Posting::sell(&refused, Bucket::Held),
                Err(PostingError::NotPositive)
            );
        }
    }
}
