//! Reading an order as it was sent.

use super::refused::OrderRefused;
use super::terms::{OrderParts, OrderTerms};
use crate::amounts;
use crate::currency::Currency;

/// An order as it was sent: words and decimals, not yet judged.
#[derive(Clone, Copy, Debug)]
pub struct OrderText<'a> {
    /// The security.
    pub symbol: &'a str,
    /// The currency in which the security trades.
    pub currency: Currency,
    /// `buy` or `sell`.
    pub side: &'a str,
    /// `market`, `limit`, `stop` or `stop_limit`.
    pub order_type: &'a str,
    /// `day`, `gtc`, `ioc` or `fok`.
    pub time_in_force: &'a str,
    /// Shares, with up to nine decimals.
    pub qty: Option<&'a str>,
    /// Cash to spend or to raise, with the currency's decimals.
    pub notional: Option<&'a str>,
    /// Currency units a share, with up to six decimals.
    pub limit_price: Option<&'a str>,
    /// Currency units a share, with up to six decimals.
    pub stop_price: Option<&'a str>,
}

impl OrderTerms {
    /// Reads terms as they were sent.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field; see [`OrderRefused`].
    pub fn read(text: &OrderText<'_>) -> Result<Self, OrderRefused> {
        let notional = |sent| amounts::amount("notional", sent, text.currency);
        Self::new(OrderParts {
            symbol: text.symbol.parse()?,
            currency: text.currency,
            side: text.side.parse()?,
            order_type: text
                .order_type
                .parse()
                .map_err(|_| OrderRefused::TypeNotSupported)?,
            time_in_force: text.time_in_force.parse()?,
            qty: text.qty.map(|sent| amounts::quantity("qty", sent)).transpose()?,
            notional: text.notional.map(notional).transpose()?,
            limit_price: text
                .limit_price
                .map(|sent| amounts::price("limit_price", sent))
                .transpose()?,
            stop_price: text
                .stop_price
                .map(|sent| amounts::price("stop_price", sent))
                .transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;
    use crate::orders::examples::buy;
    use crate::orders::{OrderType, Side};
    use crate::quantity::Quantity;
    use crate::refusal::Refusal;

    const BUY_TWO: OrderText<'static> = buy("2");

    #[test]
    fn sound_terms_are_read() {
        let terms = OrderTerms::read(&BUY_TWO).unwrap();
        assert_eq!(
            (terms.side(), terms.order_type(), terms.limit_price()),
            (Side::Buy, OrderType::Market, None)
        );
        assert_eq!(terms.qty(), Some(Quantity::from_nanos(2_000_000_000)));
        let limit = OrderText {
            order_type: "limit",
            limit_price: Some("61.25"),
            ..BUY_TWO
        };
        assert_eq!(OrderTerms::read(&limit).unwrap().order_type(), OrderType::Limit);
        let stop = OrderText {
            order_type: "stop",
            stop_price: Some("63"),
            ..BUY_TWO
        };
        let stop_limit = OrderText {
            order_type: "stop_limit",
            stop_price: Some("63"),
            ..limit
        };
        for (text, kind) in [(stop, OrderType::Stop), (stop_limit, OrderType::StopLimit)] {
            let terms = OrderTerms::read(&text).unwrap();
            assert_eq!(
                (terms.order_type(), terms.stop_price()),
                (kind, "63".parse().ok())
            );
        }
        let notional = OrderText {
            qty: None,
            notional: Some("100.00"),
            ..BUY_TWO
        };
        assert_eq!(
            OrderTerms::read(&notional).unwrap().notional(),
            Some(Money::new(10_000, Currency::Usd))
        );
    }

    #[test]
    fn each_fault_has_its_code_and_field() {
        let limit = OrderText {
            order_type: "limit",
            ..BUY_TWO
        };
        let stop = OrderText {
            order_type: "stop",
            stop_price: Some("70"),
            ..BUY_TWO
        };
        for (text, code, field) in [
            (
                OrderText {
                    stop_price: None,
                    ..stop
                },
                "order.stop_price_missing",
                Some("stop_price"),
            ),
            (
                OrderText {
                    stop_price: Some("70"),
                    ..BUY_TWO
                },
                "order.stop_price_forbidden",
                Some("stop_price"),
            ),
            (
                OrderText {
                    limit_price: Some("70"),
                    ..stop
                },
                "order.limit_price_forbidden",
                Some("limit_price"),
            ),
            (
                OrderText {
                    order_type: "stop_limit",
                    ..stop
                },
                "order.limit_price_missing",
                Some("limit_price"),
            ),
            (
                OrderText {
                    time_in_force: "ioc",
                    ..stop
                },
                "order.stop_cannot_wait",
                Some("time_in_force"),
            ),
            (
                OrderText {
                    stop_price: Some("0"),
                    ..stop
                },
                "number.not_positive",
                Some("stop_price"),
            ),
            (
                OrderText {
                    qty: None,
                    notional: Some("5"),
                    ..stop
                },
                "order.notional_needs_market",
                Some("notional"),
            ),
            (
                OrderText {
                    qty: Some("1000000"),
                    stop_price: Some("1000001"),
                    ..stop
                },
                "order.too_large",
                None,
            ),
            (
                OrderText {
                    symbol: "ko",
                    ..BUY_TWO
                },
                "symbol.invalid",
                Some("symbol"),
            ),
            (
                OrderText {
                    side: "short",
                    ..BUY_TWO
                },
                "value.unknown",
                Some("side"),
            ),
            (
                OrderText {
                    order_type: "trailing_stop",
                    ..BUY_TWO
                },
                "order.type_not_supported",
                Some("type"),
            ),
            (
                OrderText {
                    time_in_force: "opg",
                    ..BUY_TWO
                },
                "value.unknown",
                Some("time_in_force"),
            ),
            (
                OrderText {
                    notional: Some("1"),
                    ..BUY_TWO
                },
                "order.qty_and_notional",
                Some("notional"),
            ),
            (
                OrderText { qty: None, ..BUY_TWO },
                "order.size_missing",
                Some("qty"),
            ),
            (
                OrderText {
                    qty: None,
                    notional: Some("1"),
                    limit_price: Some("1"),
                    ..limit
                },
                "order.notional_needs_market",
                Some("notional"),
            ),
            (limit, "order.limit_price_missing", Some("limit_price")),
            (
                OrderText {
                    limit_price: Some("1"),
                    ..BUY_TWO
                },
                "order.limit_price_forbidden",
                Some("limit_price"),
            ),
            (
                OrderText {
                    qty: Some("0"),
                    ..BUY_TWO
                },
                "number.not_positive",
                Some("qty"),
            ),
            (
                OrderText {
                    qty: Some("-1"),
                    ..BUY_TWO
                },
                "number.not_positive",
                Some("qty"),
            ),
            (
                OrderText {
                    qty: Some("NaN"),
                    ..BUY_TWO
                },
                "number.not_finite",
                Some("qty"),
            ),
            (
                OrderText {
                    qty: Some("1e3"),
                    ..BUY_TWO
                },
                "number.exponent",
                Some("qty"),
            ),
            (
                OrderText {
                    qty: Some("0.0000000001"),
                    ..BUY_TWO
                },
                "number.too_many_decimals",
                Some("qty"),
            ),
            (
                OrderText {
                    qty: Some("1000000001"),
                    ..BUY_TWO
                },
                "number.too_large",
                Some("qty"),
            ),
            (
                OrderText {
                    qty: None,
                    notional: Some("0.001"),
                    ..BUY_TWO
                },
                "number.too_many_decimals",
                Some("notional"),
            ),
            (
                OrderText {
                    limit_price: Some("0"),
                    ..limit
                },
                "number.not_positive",
                Some("limit_price"),
            ),
            (
                OrderText {
                    qty: Some("1000000"),
                    limit_price: Some("1000001"),
                    ..limit
                },
                "order.too_large",
                None,
            ),
            (
                OrderText {
                    qty: Some("999999999"),
                    limit_price: Some("999999999"),
                    ..limit
                },
                "order.too_large",
                None,
            ),
        ] {
            let refused = OrderTerms::read(&text).unwrap_err();
            assert_eq!((refused.code(), refused.field()), (code, field), "{text:?}");
        }
    }
}
