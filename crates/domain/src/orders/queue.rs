//! Where an open order waits, so that those a price concerns are found without looking at the others.
//!
//! Each symbol has four queues. Within one, orders stand by rank, then by age, which is price-time priority: the best
//! price first, and of equal prices the one that came first. A quote reaches every rank up to one number.

use jiff::Timestamp;

use super::kinds::Side;
use super::order::Order;
use crate::price::Price;
use crate::quote::Quote;
use crate::text::words;

words! {
    /// What an open order waits for.
    Queue, "queue" {
        /// An ask no higher than it may pay.
        Buy = "buy",
        /// A bid no lower than it may take.
        Sell = "sell",
        /// A last price as high as its stop.
        BuyStop = "buy_stop",
        /// A last price as low as its stop.
        SellStop = "sell_stop",
    }
}

impl Queue {
    /// The highest rank that a quote reaches; orders above it need not be looked at.
    #[must_use]
    pub const fn reached(self, quote: &Quote) -> i64 {
        match self {
            Self::Buy => -quote.ask().micros(),
            Self::Sell => quote.bid().micros(),
            Self::BuyStop => quote.last().micros(),
            Self::SellStop => -quote.last().micros(),
        }
    }
}

impl Order {
    /// Where the order waits; `None` while it is in review, and once it is closed.
    #[must_use]
    pub fn waits(&self) -> Option<(Queue, i64)> {
        if !self.status.can_fill() {
            return None;
        }
        let micros = |price: Option<Price>| price.map(Price::micros);
        Some(match (self.terms.side(), self.unreached_stop()) {
            (Side::Buy, Some(stop)) => (Queue::BuyStop, stop.micros()),
            (Side::Sell, Some(stop)) => (Queue::SellStop, -stop.micros()),
            // Whoever would pay any price, or take any, comes first.
            (Side::Buy, None) => (Queue::Buy, micros(self.price_cap()).map_or(i64::MIN, |cap| -cap)),
            (Side::Sell, None) => (Queue::Sell, micros(self.terms.limit_price()).unwrap_or(0)),
        })
    }

    /// The stop that the market has not reached yet.
    pub(super) fn unreached_stop(&self) -> Option<Price> {
        self.terms.stop_price().filter(|_| self.triggered_at.is_none())
    }

    /// Sends a stop order to the market when the quote's last price has reached its stop; says whether it did.
    pub fn trigger(&mut self, quote: &Quote, at: Timestamp) -> bool {
        let Some(stop) = self.unreached_stop().filter(|_| self.status.can_fill()) else {
            return false;
        };
        let reached = match self.terms.side() {
            Side::Buy => quote.last() >= stop,
            Side::Sell => quote.last() <= stop,
        };
        if reached {
            self.0.triggered_at = Some(at);
            self.0.updated_at = at;
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::orders::examples::{accepted, at, buy, placed, quote, sell, shares};
    use crate::orders::{OrderText, match_order};

    fn stop<'a>(text: OrderText<'a>, price: &'a str) -> OrderText<'a> {
        OrderText {
            order_type: "stop",
            stop_price: Some(price),
            ..text
        }
    }

    fn limit<'a>(text: OrderText<'a>, price: &'a str) -> OrderText<'a> {
        OrderText {
            order_type: "limit",
            limit_price: Some(price),
            ..text
        }
    }

    #[test]
    fn each_order_has_its_queue_and_rank() {
        let market = quote("100", "100");
        let notional = OrderText {
            qty: None,
            notional: Some("50"),
            ..buy("1")
        };
        for (text, place) in [
            (buy("1"), (Queue::Buy, -105_000_000)),
            (notional, (Queue::Buy, i64::MIN)),
            (limit(buy("1"), "90"), (Queue::Buy, -90_000_000)),
            (sell("1"), (Queue::Sell, 0)),
            (limit(sell("1"), "110"), (Queue::Sell, 110_000_000)),
            (stop(buy("1"), "110"), (Queue::BuyStop, 110_000_000)),
            (stop(sell("1"), "90"), (Queue::SellStop, -90_000_000)),
        ] {
            assert_eq!(accepted(&text, &market).waits(), Some(place));
            assert_eq!(placed(&text, &market).waits(), None);
        }
        let mut canceled = accepted(&buy("1"), &market);
        canceled.cancel(at(1)).unwrap();
        assert_eq!(canceled.waits(), None);
    }

    #[test]
    fn a_stop_goes_to_the_market_once_its_price_is_reached() {
        let market = quote("100", "100");
        let mut order = accepted(&stop(sell("1"), "90"), &market);
        assert!(!order.trigger(&quote("90.01", "90.02"), at(1)));
        assert_eq!(match_order(&order, &quote("89", "89"), shares("9")), Ok(None));
        assert!(order.trigger(&quote("90", "91"), at(2)));
        assert!(!order.trigger(&quote("90", "91"), at(3)));
        assert_eq!(
            (order.triggered_at, order.waits()),
            (Some(at(2)), Some((Queue::Sell, 0)))
        );
        // It stays triggered, whatever the price does.
        let execution = match_order(&order, &quote("95", "96"), shares("9"))
            .unwrap()
            .unwrap();
        assert_eq!(execution.price, "95".parse().unwrap());
        let mut in_review = placed(&stop(sell("1"), "90"), &market);
        assert!(!in_review.trigger(&quote("80", "80"), at(1)));
    }

    proptest! {
        #[test]
        fn a_quote_fills_exactly_the_ranks_it_reaches(
            side in prop::sample::select(vec!["buy", "sell"]), kind in 0_usize..4,
            limit_price in 1_000_i64..2_000_000, stop_price in 1_000_i64..2_000_000,
            bid in 1_000_i64..2_000_000, spread in 0_i64..1_000,
        ) {
            let text = |micros| Price::from_micros(micros).to_string();
            let (limit_price, stop_price) = (text(limit_price), text(stop_price));
            let words = ["market", "limit", "stop", "stop_limit"];
            let asked = OrderText {
                side,
                order_type: words[kind],
                limit_price: (kind % 2 == 1).then_some(&limit_price),
                stop_price: (kind > 1).then_some(&stop_price),
                ..buy("1000")
            };
            let now = quote(&text(bid), &text(bid + spread));
            let mut order = accepted(&asked, &quote("1", "1"));
            let (queue, rank) = order.waits().unwrap();
            let concerned = rank <= queue.reached(&now);
            let fills = match_order(&order, &now, shares("1000")).unwrap().is_some();
            prop_assert_eq!(concerned, fills || order.trigger(&now, at(1)));
        }
    }
}
