//! What an order reserves while it is open.

use super::fees::FeeSchedule;
use super::kinds::Side;
use super::refused::OrderRefused;
use super::terms::{OrderSize, OrderTerms, check_worth};
use crate::asset::AssetAmount;
use crate::money::Money;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::quote::Quote;
use crate::symbol::Symbol;

/// Cash or shares that an open order reserves. A sale's fee is taken from what it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// A buy's cash.
    Cash {
        /// The most the order can spend on shares.
        amount: Money,
        /// The most it can be charged on top.
        fees: Money,
        /// The most it may pay a share: its limit, or the collar; none for a buy by notional, which buys fewer
        /// shares when the price rises.
        price_cap: Option<Price>,
    },
    /// A sale's shares.
    Shares {
        /// The security.
        symbol: Symbol,
        /// The most the order can sell.
        quantity: Quantity,
    },
}

impl Hold {
    /// What is reserved, for the ledger.
    #[must_use]
    pub fn reserved(&self) -> AssetAmount {
        match *self {
            Self::Cash { amount, fees, .. } => AssetAmount {
                // Both are within what an order may be worth, far from overflow; see `hold_for` and `Order::restore`.
                amount: amount.minor().saturating_add(fees.minor()),
                ..amount.into()
            },
            Self::Shares { symbol, quantity } => AssetAmount::shares(symbol, quantity),
        }
    }
}

/// What an order with these terms must reserve at this quote.
///
/// A buy by quantity reserves for each share its limit price; without one, the ask, or its stop where that is higher,
/// and `collar` hundredths of a percent. A buy by notional reserves the notional. Both reserve the fee on top. A sale
/// by quantity reserves its shares; a sale by notional as many as raise it at the bid, rounded down.
///
/// # Errors
/// When the order is worth more than [`crate::amounts::MAX_AMOUNT_UNITS`], or a buy less than one minor unit.
pub fn hold_for(
    terms: &OrderTerms,
    quote: &Quote,
    collar: u32,
    fees: &FeeSchedule,
) -> Result<Hold, OrderRefused> {
    match terms.side() {
        Side::Buy => cash_for(terms, quote, collar, fees),
        Side::Sell => shares_for(terms, quote),
    }
}

fn cash_for(
    terms: &OrderTerms,
    quote: &Quote,
    collar: u32,
    fees: &FeeSchedule,
) -> Result<Hold, OrderRefused> {
    match terms.size() {
        OrderSize::Cash(notional) if quote.ask().shares_for(notional)?.is_zero() => {
            Err(OrderRefused::TooSmall)
        }
        OrderSize::Cash(notional) => Ok(Hold::Cash {
            amount: notional,
            fees: fees.due(notional)?,
            price_cap: None,
        }),
        OrderSize::Shares(shares) => {
            let cap = terms
                .limit_price()
                .map_or_else(|| highest(terms, quote).raised_by(collar), Ok)?;
            let amount = check_worth(cap, shares, terms.currency())?;
            // Shares must not be had for nothing by asking for too few to cost a cent.
            if amount.is_zero() {
                return Err(OrderRefused::TooSmall);
            }
            Ok(Hold::Cash {
                amount,
                fees: fees.due(amount)?,
                price_cap: Some(cap),
            })
        }
    }
}

/// Where a market order, or a stop once reached, is expected to fill at the dearest.
fn highest(terms: &OrderTerms, quote: &Quote) -> Price {
    terms
        .stop_price()
        .map_or(quote.ask(), |stop| stop.max(quote.ask()))
}

fn shares_for(terms: &OrderTerms, quote: &Quote) -> Result<Hold, OrderRefused> {
    let quantity = match terms.size() {
        OrderSize::Shares(shares) => shares,
        OrderSize::Cash(notional) => quote.bid().shares_for(notional)?,
    };
    if quantity.is_zero() {
        return Err(OrderRefused::TooSmall);
    }
    check_worth(quote.bid(), quantity, terms.currency())?;
    Ok(Hold::Shares {
        symbol: terms.symbol(),
        quantity,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::orders::OrderText;
    use crate::orders::examples::{buy, quote, sell};

    fn hold(text: &OrderText<'_>) -> Result<Hold, OrderRefused> {
        let terms = OrderTerms::read(text).unwrap();
        hold_for(&terms, &quote("99.99", "100.01"), 500, &FeeSchedule::FREE)
    }

    fn limit<'a>(text: OrderText<'a>, price: &'a str) -> OrderText<'a> {
        OrderText {
            order_type: "limit",
            limit_price: Some(price),
            ..text
        }
    }

    fn notional<'a>(text: OrderText<'a>, cash: &'a str) -> OrderText<'a> {
        OrderText {
            qty: None,
            notional: Some(cash),
            ..text
        }
    }

    fn cash(amount: i64, cap: Option<&str>) -> Result<Hold, OrderRefused> {
        let price_cap = cap.map(|text| text.parse().unwrap());
        Ok(Hold::Cash {
            amount: Money::new(amount, Currency::Usd),
            fees: Money::zero(Currency::Usd),
            price_cap,
        })
    }

    fn shares(quantity: &str) -> Result<Hold, OrderRefused> {
        Ok(Hold::Shares {
            symbol: "KO".parse().unwrap(),
            quantity: quantity.parse().unwrap(),
        })
    }

    #[test]
    fn a_buy_holds_cash() {
        assert_eq!(hold(&buy("2")), cash(21_002, Some("105.0105")));
        assert_eq!(hold(&limit(buy("2"), "90")), cash(18_000, Some("90")));
        assert_eq!(hold(&notional(buy("1"), "50.00")), cash(5_000, None));
    }

    #[test]
    fn a_stop_holds_cash_for_its_stop_or_the_ask() {
        let stop = |price| OrderText {
            order_type: "stop",
            stop_price: Some(price),
            ..buy("2")
        };
        assert_eq!(hold(&stop("110")), cash(23_100, Some("115.5")));
        assert_eq!(hold(&stop("90")), cash(21_002, Some("105.0105")));
        let both = OrderText {
            order_type: "stop_limit",
            limit_price: Some("111"),
            ..stop("110")
        };
        assert_eq!(hold(&both), cash(22_200, Some("111")));
    }

    #[test]
    fn a_buy_holds_its_fee_too() {
        let terms = OrderTerms::read(&limit(buy("2"), "90")).unwrap();
        let fees = FeeSchedule { bps: 10, least: 0 };
        let held = hold_for(&terms, &quote("99.99", "100.01"), 500, &fees).unwrap();
        assert_eq!(held.reserved().amount, 18_018);
    }

    #[test]
    fn a_sale_holds_shares() {
        assert_eq!(hold(&sell("2")), shares("2"));
        assert_eq!(hold(&limit(sell("0.000000001"), "500")), shares("0.000000001"));
        assert_eq!(hold(&notional(sell("1"), "50.00")), shares("0.500050005"));
    }

    #[test]
    fn shares_for_less_than_a_cent_cannot_be_bought() {
        assert_eq!(hold(&buy("0.00001")), Err(OrderRefused::TooSmall));
        assert_eq!(hold(&limit(buy("0.001"), "0.01")), Err(OrderRefused::TooSmall));
    }

    #[test]
    fn a_market_order_worth_too_much_is_refused() {
        for text in [buy("1000000000"), sell("1000000000")] {
            let terms = OrderTerms::read(&text).unwrap();
            assert_eq!(
                hold_for(&terms, &quote("1000.01", "1000.01"), 500, &FeeSchedule::FREE),
                Err(OrderRefused::TooLarge)
            );
            assert!(hold_for(&terms, &quote("900", "900"), 500, &FeeSchedule::FREE).is_ok());
        }
    }
}
