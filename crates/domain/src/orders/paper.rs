//! The paper venue: decides whether, and how far, an order fills against a quote.

use super::execution::Execution;
use super::hold::Hold;
use super::kinds::{Side, TimeInForce};
use super::order::Order;
use super::terms::OrderSize;
use crate::money::{AmountError, Money};
use crate::price::Price;
use crate::quantity::Quantity;
use crate::quote::Quote;

/// What of the order fills against `quote` when the market has `liquidity` shares to give or take; `None` for
/// nothing.
///
/// A market order fills at the ask or bid, a limit order when the quote has reached its limit, at the quote; a stop or
/// stop-limit order does so once [`Order::trigger`] has sent it to the market. A market buy by quantity waits when the
/// ask has outrun its collar. A fok order fills whole or not at all. After
/// the first match, [`Order::must_cancel_rest`] says whether the rest may wait.
///
/// The amount is `price × qty` rounded half-even, with two exceptions of less than a minor unit each: a buy never
/// spends more than it reserved, and never gets shares for nothing.
///
/// # Errors
/// When an amount does not fit.
pub fn match_order(
    order: &Order,
    quote: &Quote,
    liquidity: Quantity,
) -> Result<Option<Execution>, AmountError> {
    let price = match order.terms.side() {
        Side::Buy => quote.ask(),
        Side::Sell => quote.bid(),
    };
    if !order.status.can_fill() || order.unreached_stop().is_some() || !accepts(order, price) {
        return Ok(None);
    }
    let wanted = wanted(order, price)?;
    let qty = wanted.min(liquidity);
    if !qty.is_positive() {
        return Ok(None);
    }
    let value = price.times(qty, order.terms.currency())?;
    let amount = payable(order, value)?;
    let completes = qty == wanted || spends_all(order, value)?;
    // A part that is worth nothing waits for more, so that no shares go for free.
    let whole_or_worth = completes || (order.terms.time_in_force() != TimeInForce::Fok && !value.is_zero());
    Ok(whole_or_worth.then_some(Execution {
        qty,
        price,
        amount,
        completes,
    }))
}

fn accepts(order: &Order, price: Price) -> bool {
    match order.terms.side() {
        Side::Buy => order.price_cap().is_none_or(|most| price <= most),
        Side::Sell => order.terms.limit_price().is_none_or(|least| price >= least),
    }
}

/// The shares still wanted at this price, within what is reserved.
fn wanted(order: &Order, price: Price) -> Result<Quantity, AmountError> {
    let wanted = match order.terms.size() {
        OrderSize::Shares(all) => all.checked_sub(order.filled_qty)?,
        OrderSize::Cash(notional) => price.shares_for(notional.checked_sub(order.filled_amount)?)?,
    };
    match order.hold {
        Hold::Cash { .. } => Ok(wanted),
        Hold::Shares { quantity, .. } => Ok(wanted.min(quantity.checked_sub(order.filled_qty)?)),
    }
}

fn payable(order: &Order, value: Money) -> Result<Money, AmountError> {
    let Hold::Cash { amount: reserved, .. } = order.hold else {
        return Ok(value);
    };
    let least = Money::new(i64::from(order.filled_amount.is_zero()), value.currency());
    let most = reserved.checked_sub(order.filled_amount)?;
    if value.minor() < least.minor() {
        Ok(least)
    } else {
        value.min(most)
    }
}

/// Whether this value is the last of an order by notional, although the market would have had more shares.
fn spends_all(order: &Order, value: Money) -> Result<bool, AmountError> {
    let total = order.filled_amount.checked_add(value)?;
    Ok(order.terms.notional() == Some(total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::OrderStatus;
    use crate::orders::OrderText;
    use crate::orders::examples::{accepted, at, buy, quote, sell, shares};

    const PLENTY: Quantity = Quantity::from_nanos(i64::MAX);

    /// Matches and applies what fills: shares, price, amount.
    fn matched(order: &mut Order, quote: &Quote, liquidity: Quantity) -> Option<(String, String, String)> {
        let execution = match_order(order, quote, liquidity).unwrap()?;
        let fee = Money::zero(order.terms.currency());
        order.fill(&execution, fee, at(1)).unwrap();
        let Execution {
            qty, price, amount, ..
        } = execution;
        Some((qty.to_string(), price.to_string(), amount.to_string()))
    }

    fn filled(qty: &str, price: &str, amount: &str) -> Option<(String, String, String)> {
        Some((qty.to_owned(), price.to_owned(), amount.to_owned()))
    }

    #[test]
    fn market_orders_buy_at_the_ask_and_sell_at_the_bid() {
        let market = quote("99.99", "100.01");
        let mut bought = accepted(&buy("1.5"), &market);
        assert_eq!(
            matched(&mut bought, &market, PLENTY),
            filled("1.5", "100.01", "150.02")
        );
        let mut sold = accepted(&sell("1.5"), &market);
        assert_eq!(
            matched(&mut sold, &market, PLENTY),
            filled("1.5", "99.99", "149.98")
        );
        assert_eq!(
            (bought.status, sold.status),
            (OrderStatus::Filled, OrderStatus::Filled)
        );
        assert_eq!(matched(&mut bought, &market, PLENTY), None);
    }

    #[test]
    fn limit_orders_wait_for_their_price_and_take_a_better_one() {
        let away = quote("99", "101");
        let limit = |text| OrderText {
            order_type: "limit",
            limit_price: Some("100"),
            ..text
        };
        let mut bought = accepted(&limit(buy("1")), &away);
        let mut sold = accepted(&limit(sell("1")), &away);
        assert_eq!(matched(&mut bought, &away, PLENTY), None);
        assert_eq!(matched(&mut sold, &away, PLENTY), None);
        assert_eq!(
            matched(&mut bought, &quote("97", "98"), PLENTY),
            filled("1", "98", "98.00")
        );
        assert_eq!(
            matched(&mut sold, &quote("102", "103"), PLENTY),
            filled("1", "102", "102.00")
        );
        assert_eq!(bought.hold_left().amount, 200);
    }

    #[test]
    fn liquidity_makes_partial_fills() {
        let market = quote("10", "10");
        let mut order = accepted(&buy("5"), &market);
        assert_eq!(
            matched(&mut order, &market, shares("2")),
            filled("2", "10", "20.00")
        );
        assert_eq!(order.status, OrderStatus::PartiallyFilled);
        assert_eq!(matched(&mut order, &market, Quantity::ZERO), None);
        assert_eq!(
            matched(&mut order, &market, shares("7")),
            filled("3", "10", "30.00")
        );
        assert_eq!(order.status, OrderStatus::Filled);
    }

    #[test]
    fn fok_fills_whole_or_not_and_neither_it_nor_ioc_may_rest() {
        let market = quote("10", "10");
        let mut fok = accepted(
            &OrderText {
                time_in_force: "fok",
                ..buy("5")
            },
            &market,
        );
        assert_eq!(matched(&mut fok, &market, shares("4.999999999")), None);
        assert!(fok.must_cancel_rest());
        assert_eq!(
            matched(&mut fok, &market, shares("5")),
            filled("5", "10", "50.00")
        );
        assert!(!fok.must_cancel_rest());
        let mut ioc = accepted(
            &OrderText {
                time_in_force: "ioc",
                ..buy("5")
            },
            &market,
        );
        assert_eq!(
            matched(&mut ioc, &market, shares("4")),
            filled("4", "10", "40.00")
        );
        assert!(ioc.must_cancel_rest());
        assert!(!accepted(&buy("5"), &market).must_cancel_rest());
    }

    #[test]
    fn a_buy_by_notional_never_costs_more() {
        let market = quote("3", "3");
        let all = OrderText {
            qty: None,
            notional: Some("100.00"),
            ..buy("1")
        };
        let mut order = accepted(&all, &market);
        assert_eq!(
            matched(&mut order, &market, PLENTY),
            filled("33.333333333", "3", "100.00")
        );
        assert_eq!((order.status, order.hold_left().amount), (OrderStatus::Filled, 0));
        let mut order = accepted(&all, &market);
        assert_eq!(
            matched(&mut order, &market, shares("33.333")),
            filled("33.333", "3", "100.00")
        );
        assert_eq!(order.status, OrderStatus::Filled);
        let mut order = accepted(&all, &market);
        assert_eq!(
            matched(&mut order, &market, shares("10")),
            filled("10", "3", "30.00")
        );
        assert_eq!(
            matched(&mut order, &quote("7", "7"), PLENTY),
            filled("10", "7", "70.00")
        );
        assert_eq!(order.status, OrderStatus::Filled);
    }

    #[test]
    fn a_sale_by_notional_sells_no_more_than_it_reserved() {
        let all = OrderText {
            qty: None,
            notional: Some("100.00"),
            ..sell("1")
        };
        let mut fallen = accepted(&all, &quote("10", "10"));
        assert_eq!(
            matched(&mut fallen, &quote("8", "8"), PLENTY),
            filled("10", "8", "80.00")
        );
        let mut risen = accepted(&all, &quote("10", "10"));
        assert_eq!(
            matched(&mut risen, &quote("20", "20"), PLENTY),
            filled("5", "20", "100.00")
        );
        assert_eq!(risen.hold_left().amount, shares("5").nanos());
        assert_eq!(
            (fallen.status, risen.status),
            (OrderStatus::Filled, OrderStatus::Filled)
        );
    }

    #[test]
    fn a_market_buy_waits_when_the_ask_outruns_its_collar() {
        let mut order = accepted(&buy("1"), &quote("100", "100"));
        assert_eq!(matched(&mut order, &quote("105.01", "105.01"), PLENTY), None);
        assert_eq!(
            matched(&mut order, &quote("105", "105"), PLENTY),
            filled("1", "105", "105.00")
        );
    }

    #[test]
    fn parts_that_round_up_never_outspend_the_hold() {
        let market = quote("0.006", "0.006");
        let text = OrderText {
            order_type: "limit",
            limit_price: Some("0.006"),
            ..buy("10")
        };
        let mut order = accepted(&text, &market);
        let parts: Vec<_> = std::iter::from_fn(|| matched(&mut order, &market, shares("1"))).collect();
        let amounts: Vec<&str> = parts.iter().map(|(_, _, amount)| amount.as_str()).collect();
        assert_eq!(amounts, [["0.01"; 6].as_slice(), &["0.00"; 4]].concat());
        assert_eq!(
            (order.status, order.filled_amount.minor()),
            (OrderStatus::Filled, 6)
        );
    }

    #[test]
    fn shares_are_never_had_for_nothing() {
        let text = OrderText {
            order_type: "limit",
            limit_price: Some("100"),
            ..buy("0.0001")
        };
        let market = quote("40", "40");
        let mut order = accepted(&text, &market);
        assert_eq!(matched(&mut order, &market, shares("0.00005")), None);
        assert_eq!(
            matched(&mut order, &market, PLENTY),
            filled("0.0001", "40", "0.01")
        );
        let mut dust = accepted(&sell("0.000000001"), &market);
        assert_eq!(
            matched(&mut dust, &market, PLENTY),
            filled("0.000000001", "40", "0.00")
        );
    }
}
