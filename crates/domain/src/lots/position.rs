//! Positions: what the open lots of one security amount to.

use super::{Lot, LotsRefused, one_symbol};
use crate::money::{AmountError, Money};
use crate::price::Price;
use crate::quantity::Quantity;
use crate::symbol::Symbol;

/// The open shares of one security and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The security.
    pub symbol: Symbol,
    /// How many shares are open.
    pub quantity: Quantity,
    /// What they cost, with fees.
    pub cost: Money,
}

impl Position {
    /// Sums lots of one security; `None` when no share is open.
    ///
    /// # Errors
    /// When the lots are of several securities or currencies, or the sum does not fit.
    pub fn of(lots: &[Lot]) -> Result<Option<Self>, LotsRefused> {
        let mut open = lots.iter().filter(|lot| lot.remaining.is_positive());
        one_symbol(open.clone())?;
        let Some(first) = open.next() else { return Ok(None) };
        let start = Self {
            symbol: first.symbol,
            quantity: first.remaining,
            cost: first.cost_remaining,
        };
        open.try_fold(start, |sum, lot| {
            let quantity = sum.quantity.checked_add(lot.remaining)?;
            let cost = sum.cost.checked_add(lot.cost_remaining)?;
            Ok(Self {
                quantity,
                cost,
                ..sum
            })
        })
        .map(Some)
    }

    /// What one share cost on average, rounded half-even.
    ///
    /// # Errors
    /// When the average does not fit.
    pub fn average_entry_price(&self) -> Result<Price, AmountError> {
        Price::average(self.cost, self.quantity)
    }

    /// What the shares are worth at `price`.
    ///
    /// # Errors
    /// When the value does not fit.
    pub fn market_value(&self, price: Price) -> Result<Money, AmountError> {
        price.times(self.quantity, self.cost.currency())
    }

    /// Unrealised profit or loss at `price`: market value less cost.
    ///
    /// # Errors
    /// When the value does not fit.
    pub fn unrealized(&self, price: Price) -> Result<Money, AmountError> {
        self.market_value(price)?.checked_sub(self.cost)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::currency::Currency;
    use crate::ids::LotId;
    use crate::lots::{LotMethod, close};

    /// A book of lots that buys and sells at whole prices, in order.
    #[derive(Default)]
    struct Book {
        lots: Vec<Lot>,
        realized: i64,
    }

    impl Book {
        fn buy(mut self, shares: &str, price: &str) -> Self {
            let n = self.lots.len() + 1;
            let id = LotId::from_uuid(Uuid::from_u128(n as u128));
            let at = Timestamp::from_second(i64::try_from(n).unwrap()).unwrap();
            let quantity: Quantity = shares.parse().unwrap();
            let cost = price
                .parse::<Price>()
                .unwrap()
                .times(quantity, Currency::Usd)
                .unwrap();
            self.lots
                .push(Lot::open(id, "KO".parse().unwrap(), at, quantity, cost));
            self
        }

        fn sell(mut self, method: LotMethod, shares: &str, price: &str) -> Self {
            let quantity: Quantity = shares.parse().unwrap();
            let proceeds = price
                .parse::<Price>()
                .unwrap()
                .times(quantity, Currency::Usd)
                .unwrap();
            let closed = close(method, &self.lots, quantity, proceeds).unwrap();
            for closing in closed.closings {
                let lot = self.lots.iter_mut().find(|lot| lot.id == closing.lot).unwrap();
                (lot.remaining, lot.cost_remaining) = (closing.remaining, closing.cost_remaining);
                self.realized += closing.realized.minor();
            }
            for averaged in closed.averaged {
                let lot = self.lots.iter_mut().find(|lot| lot.id == averaged.lot).unwrap();
                lot.cost_remaining = averaged.cost_remaining;
            }
            self
        }
    }

    fn reference(method: LotMethod) -> Book {
        Book::default()
            .buy("100", "95")
            .buy("200", "105")
            .buy("100", "107")
            .sell(method, "150", "110")
            .buy("50", "100")
            .buy("300", "107.5")
            .sell(method, "200", "108")
    }

    #[test]
    fn each_method_gives_its_reference_profit() {
        for (method, realized, unrealized, average) in [
            (LotMethod::Fifo, 225_000, "600.00", "106.5"),
            (LotMethod::Average, 165_000, "1200.00", "105"),
        ] {
            let book = reference(method);
            assert_eq!(book.realized, realized, "{method}");
            let position = Position::of(&book.lots).unwrap().unwrap();
            let price: Price = "108".parse().unwrap();
            assert_eq!(position.quantity.to_string(), "400");
            assert_eq!(position.unrealized(price).unwrap().to_string(), unrealized);
            assert_eq!(position.market_value(price).unwrap().to_string(), "43200.00");
            assert_eq!(position.average_entry_price().unwrap().to_string(), average);
        }
    }

    #[test]
    fn whatever_the_method_the_whole_profit_is_the_same() {
        let price: Price = "108".parse().unwrap();
        for method in LotMethod::ALL {
            let book = reference(*method);
            let open = Position::of(&book.lots)
                .unwrap()
                .unwrap()
                .unrealized(price)
                .unwrap();
            assert_eq!(book.realized + open.minor(), 285_000, "{method}");
        }
    }

    #[test]
    fn a_closed_position_is_none() {
        let book = Book::default().buy("1.5", "10").sell(LotMethod::Fifo, "1.5", "9");
        assert_eq!(Position::of(&book.lots), Ok(None));
        assert_eq!(Position::of(&[]), Ok(None));
        assert_eq!(book.realized, -150);
    }
}
