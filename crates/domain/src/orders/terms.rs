//! What an order asks for. Terms that contradict themselves cannot be built.

use super::kinds::{OrderType, Side, TimeInForce};
use super::refused::OrderRefused;
use crate::amounts::{self, MAX_PRICE, MAX_QUANTITY, max_amount};
use crate::currency::Currency;
use crate::money::{AmountError, Money};
use crate::price::Price;
use crate::quantity::Quantity;
use crate::symbol::Symbol;

/// An order's terms as they are stored: each part sound, their combination not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderParts {
    /// The security.
    pub symbol: Symbol,
    /// The currency in which the security trades.
    pub currency: Currency,
    /// Which way shares go.
    pub side: Side,
    /// How the price is decided.
    pub order_type: OrderType,
    /// How long the order waits.
    pub time_in_force: TimeInForce,
    /// How many shares.
    pub qty: Option<Quantity>,
    /// How much cash.
    pub notional: Option<Money>,
    /// The worst price to take.
    pub limit_price: Option<Price>,
    /// The price that the market must reach before the order goes to it.
    pub stop_price: Option<Price>,
}

/// How much is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderSize {
    /// So many shares.
    Shares(Quantity),
    /// As many shares as this cash buys, or as must be sold to raise it.
    Cash(Money),
}

/// Terms that hold together: one size; a limit and a stop price exactly where the type has one; nothing that must fill
/// at once and also wait for a stop; everything positive and small enough that no fill can overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderTerms {
    symbol: Symbol,
    currency: Currency,
    side: Side,
    size: OrderSize,
    limit_price: Option<Price>,
    stop_price: Option<Price>,
    time_in_force: TimeInForce,
}

impl OrderTerms {
    /// Puts parts together.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field; see [`OrderRefused`].
    pub fn new(parts: OrderParts) -> Result<Self, OrderRefused> {
        check_ranges(&parts)?;
        check_prices(&parts)?;
        let size = match (parts.qty, parts.notional) {
            (Some(_), Some(_)) => return Err(OrderRefused::QtyAndNotional),
            (None, None) => return Err(OrderRefused::SizeMissing),
            (None, Some(_)) if parts.order_type != OrderType::Market => {
                return Err(OrderRefused::NotionalNeedsMarket);
            }
            (Some(shares), None) => OrderSize::Shares(shares),
            (None, Some(cash)) => OrderSize::Cash(cash),
        };
        if let (OrderSize::Shares(shares), Some(price)) = (size, parts.limit_price.or(parts.stop_price)) {
            check_worth(price, shares, parts.currency)?;
        }
        let OrderParts {
            symbol,
            currency,
            side,
            time_in_force,
            limit_price,
            stop_price,
            ..
        } = parts;
        Ok(Self {
            symbol,
            currency,
            side,
            size,
            limit_price,
            stop_price,
            time_in_force,
        })
    }

    /// The security.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// The currency in which the security trades.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Which way shares go.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.side
    }

    /// How much is wanted.
    #[must_use]
    pub const fn size(&self) -> OrderSize {
        self.size
    }

    /// How many shares are wanted, when the order is by quantity.
    #[must_use]
    pub const fn qty(&self) -> Option<Quantity> {
        match self.size {
            OrderSize::Shares(shares) => Some(shares),
            OrderSize::Cash(_) => None,
        }
    }

    /// How much cash is to be spent or raised, when the order is by notional.
    #[must_use]
    pub const fn notional(&self) -> Option<Money> {
        match self.size {
            OrderSize::Shares(_) => None,
            OrderSize::Cash(cash) => Some(cash),
        }
    }

    /// How the price is decided.
    #[must_use]
    pub const fn order_type(&self) -> OrderType {
        match (self.stop_price.is_some(), self.limit_price.is_some()) {
            (false, false) => OrderType::Market,
            (false, true) => OrderType::Limit,
            (true, false) => OrderType::Stop,
            (true, true) => OrderType::StopLimit,
        }
    }

    /// The worst price to take, for a limit or stop-limit order.
    #[must_use]
    pub const fn limit_price(&self) -> Option<Price> {
        self.limit_price
    }

    /// The price that the market must reach first, for a stop or stop-limit order.
    #[must_use]
    pub const fn stop_price(&self) -> Option<Price> {
        self.stop_price
    }

    /// How long the order waits.
    #[must_use]
    pub const fn time_in_force(&self) -> TimeInForce {
        self.time_in_force
    }
}

fn check_prices(parts: &OrderParts) -> Result<(), OrderRefused> {
    use OrderType::{Limit, Market, Stop, StopLimit};
    match (parts.order_type, parts.limit_price) {
        (Limit | StopLimit, None) => return Err(OrderRefused::LimitPriceMissing),
        (Market | Stop, Some(_)) => return Err(OrderRefused::LimitPriceForbidden),
        _ => {}
    }
    match (parts.order_type, parts.stop_price) {
        (Stop | StopLimit, None) => Err(OrderRefused::StopPriceMissing),
        (Market | Limit, Some(_)) => Err(OrderRefused::StopPriceForbidden),
        (Stop | StopLimit, Some(_)) if parts.time_in_force.cancels_rest() => {
            Err(OrderRefused::StopCannotWait)
        }
        _ => Ok(()),
    }
}

fn check_ranges(parts: &OrderParts) -> Result<(), OrderRefused> {
    if let Some(qty) = parts.qty {
        amounts::within("qty", qty.nanos(), MAX_QUANTITY.nanos())?;
    }
    if let Some(notional) = parts.notional {
        if notional.currency() != parts.currency {
            let (left, right) = (notional.currency(), parts.currency);
            return Err(AmountError::MixedCurrencies { left, right }.into());
        }
        amounts::within("notional", notional.minor(), max_amount(parts.currency).minor())?;
    }
    if let Some(price) = parts.limit_price {
        amounts::within("limit_price", price.micros(), MAX_PRICE.micros())?;
    }
    if let Some(price) = parts.stop_price {
        amounts::within("stop_price", price.micros(), MAX_PRICE.micros())?;
    }
    Ok(())
}

/// What the shares are worth at a price, if an order may be worth that much.
pub(super) fn check_worth(price: Price, shares: Quantity, currency: Currency) -> Result<Money, OrderRefused> {
    match price.times(shares, currency) {
        Ok(worth) if worth.minor() <= max_amount(currency).minor() => Ok(worth),
        _ => Err(OrderRefused::TooLarge),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::examples::buy;

    #[test]
    fn stored_parts_are_checked_as_well() {
        let terms = OrderTerms::read(&buy("2")).unwrap();
        let parts = OrderParts {
            symbol: terms.symbol(),
            currency: terms.currency(),
            side: terms.side(),
            order_type: terms.order_type(),
            time_in_force: terms.time_in_force(),
            qty: terms.qty(),
            notional: None,
            limit_price: None,
            stop_price: None,
        };
        assert_eq!(OrderTerms::new(parts), Ok(terms));
        let euros = Some(Money::new(1, Currency::Eur));
        let mixed = OrderTerms::new(OrderParts {
            qty: None,
            notional: euros,
            ..parts
        });
        assert!(matches!(
            mixed,
            Err(OrderRefused::Amount(AmountError::MixedCurrencies { .. }))
        ));
        let negative = OrderParts {
            qty: Some(Quantity::from_nanos(-1)),
            ..parts
        };
        assert!(matches!(OrderTerms::new(negative), Err(OrderRefused::Number(_))));
    }
}
