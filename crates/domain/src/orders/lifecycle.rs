//! Whole lives of orders, at random: through review, the venue and the ledger, to their end.

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::examples::{at, placed_with_fees};
use super::{FeeSchedule, Order, OrderChange, OrderStatus, OrderText, hold_for, match_order};
use crate::asset::{Asset, AssetAmount};
use crate::currency::Currency;
use crate::ids::OrderId;
use crate::ledger::{Balance, Bucket, Posting, Trade};
use crate::money::Money;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::quote::Quote;

/// What may happen to an order.
#[derive(Clone, Copy, Debug)]
enum Event {
    Accept,
    Reject,
    Cancel,
    Expire,
    Replace(i64),
    Match(Quote, Quantity),
}

#[derive(Clone, Debug)]
struct Ask {
    side: &'static str,
    time_in_force: &'static str,
    by_notional: bool,
    size: i64,
    limit: Option<i64>,
    stop: Option<i64>,
    fees: FeeSchedule,
}

/// Prices from a tenth of a cent to two hundred dollars, so that rounding matters.
fn quotes() -> impl Strategy<Value = Quote> {
    let prices = prop_oneof![1_000_i64..50_000, 90_000_000_i64..200_000_000];
    (prices, 0_i64..20_000).prop_map(|(bid, spread)| {
        let (bid, ask) = (Price::from_micros(bid), Price::from_micros(bid + spread));
        Quote::new(bid, ask, ask, at(0)).unwrap()
    })
}

fn asks() -> impl Strategy<Value = Ask> {
    let price = || prop::option::of(prop_oneof![1_000_i64..50_000, 90_000_000_i64..200_000_000]);
    let fees = prop_oneof![Just((0, 0)), (0_u32..=10_000, 0_i64..500),];
    let words = (
        prop::sample::select(vec!["buy", "sell"]),
        prop::sample::select(vec!["day", "gtc", "ioc", "fok"]),
    );
    (
        words,
        any::<bool>(),
        1_i64..20_000_000_000,
        price(),
        price(),
        fees,
    )
        .prop_map(
            |((side, time_in_force), by_notional, size, limit, stop, (bps, least))| Ask {
                side,
                time_in_force,
                by_notional,
                size,
                limit: limit.filter(|_| !by_notional),
                stop: stop.filter(|_| !by_notional),
                fees: FeeSchedule { bps, least },
            },
        )
}

fn events() -> impl Strategy<Value = Event> {
    let liquidity = prop_oneof![Just(0_i64), 1_i64..1_000_000_000, Just(i64::MAX)];
    prop_oneof![
        3 => Just(Event::Accept),
        1 => Just(Event::Reject),
        1 => Just(Event::Cancel),
        1 => Just(Event::Expire),
        1 => (1_i64..20_000_000_000).prop_map(Event::Replace),
        12 => (quotes(), liquidity).prop_map(|(quote, shares)| Event::Match(quote, Quantity::from_nanos(shares))),
    ]
}

fn place(ask: &Ask, quote: &Quote) -> Option<Order> {
    let qty = Quantity::from_nanos(ask.size).to_string();
    let notional = Money::new(ask.size / 1_000_000, Currency::Usd).to_string();
    let price = |micros: Option<i64>| micros.map(|micros| Price::from_micros(micros).to_string());
    let (limit, stop) = (price(ask.limit), price(ask.stop));
    let text = OrderText {
        symbol: "KO",
        currency: Currency::Usd,
        side: ask.side,
        order_type: match (&stop, &limit) {
            (None, None) => "market",
            (None, Some(_)) => "limit",
            (Some(_), None) => "stop",
            (Some(_), Some(_)) => "stop_limit",
        },
        time_in_force: ask.time_in_force,
        qty: (!ask.by_notional).then_some(&qty),
        notional: ask.by_notional.then_some(&notional),
        limit_price: limit.as_deref(),
        stop_price: stop.as_deref(),
    };
    let terms = super::OrderTerms::read(&text).ok()?;
    hold_for(&terms, quote, 500, &ask.fees)
        .ok()
        .map(|_| placed_with_fees(&text, quote, ask.fees))
}

/// The books of the one customer who places the orders.
struct Books(BTreeMap<Asset, Balance>);

impl Books {
    /// A customer who has exactly what the order reserves.
    fn of(reserved: AssetAmount) -> Self {
        Self(BTreeMap::from([(
            reserved.asset,
            Balance::restore(reserved.amount, 0).unwrap(),
        )]))
    }

    fn post(&mut self, posting: &Posting) {
        for movement in posting.movements() {
            let balance = self.0.entry(movement.asset).or_default();
            *balance = balance.apply(movement).unwrap();
        }
    }

    fn give(&mut self, amount: AssetAmount) {
        let balance = self.0.entry(amount.asset).or_default();
        *balance = Balance::restore(balance.available() + amount.amount, balance.held()).unwrap();
    }

    fn release(&mut self, order: &Order) {
        if order.hold_left().amount > 0 {
            self.post(&Posting::release(order.account, order.hold_left()).unwrap());
        }
    }

    fn held(&self) -> i64 {
        self.0.values().map(|balance| balance.held()).sum()
    }
}

fn happen(order: &mut Order, event: Event, ask: &Ask, first: &Quote, books: &mut Books) {
    // What is not legal is refused and leaves the order alone; the graph is checked by the caller.
    let _ = match event {
        Event::Accept => order.accept(at(1_000), at(1)),
        Event::Reject => order.reject(at(1)),
        Event::Cancel => order.cancel(at(1)),
        Event::Expire => order.expire(at(1)),
        Event::Replace(shares) => {
            replace(order, shares, ask, first, books);
            Ok(())
        }
        Event::Match(quote, liquidity) => {
            order.trigger(&quote, at(1));
            venue(order, &quote, liquidity, ask.fees, books);
            Ok(())
        }
    };
}

fn venue(order: &mut Order, quote: &Quote, liquidity: Quantity, fees: FeeSchedule, books: &mut Books) {
    let Some(execution) = match_order(order, quote, liquidity).unwrap() else {
        return;
    };
    assert!(execution.qty.is_positive() && execution.qty <= liquidity);
    let fee = order.fee_for(&execution, &fees).unwrap();
    order.fill(&execution, fee, at(1)).unwrap();
    let trade = Trade {
        account: order.account,
        symbol: order.terms.symbol(),
        quantity: execution.qty,
        amount: execution.amount,
        fee,
    };
    let posting = match order.terms.side() {
        super::Side::Buy => Posting::buy(&trade, Bucket::Held),
        super::Side::Sell => Posting::sell(&trade, Bucket::Held),
    };
    books.post(&posting.unwrap());
}

/// Another order takes this one's place; its owner gets what it needs more than the first one held.
fn replace(order: &mut Order, shares: i64, ask: &Ask, first: &Quote, books: &mut Books) {
    let all = Quantity::from_nanos(shares).to_string();
    let change = OrderChange {
        qty: Some(&all),
        ..OrderChange::default()
    };
    let Ok(terms) = order.changed_terms(&change) else {
        return;
    };
    let Ok(hold) = hold_for(&terms, first, 500, &ask.fees) else {
        return;
    };
    let id = OrderId::from_uuid(Uuid::from_u128(order.id.as_uuid().as_u128() + 1));
    let mut new = order.replacement(id, terms, hold, at(1)).unwrap();
    order.replace_by(id, at(1)).unwrap();
    assert_eq!(order.waits(), None);
    books.release(order);
    books.give(new.hold.reserved());
    books.post(&Posting::hold(new.account, new.hold.reserved()).unwrap());
    new.accept(at(1_000), at(1)).unwrap();
    *order = new;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_life_leaves_the_graph_or_the_books_unbalanced(
        ask in asks(),
        first in quotes(),
        events in prop::collection::vec(events(), 1..25),
    ) {
        let Some(mut order) = place(&ask, &first) else { return Ok(()) };
        let reserved = order.hold.reserved();
        let mut books = Books::of(reserved);
        books.post(&Posting::hold(order.account, reserved).unwrap());
        for event in events.into_iter().chain([Event::Cancel]) {
            let before = order.clone();
            happen(&mut order, event, &ask, &first, &mut books);
            let is_new = order.id != before.id;
            prop_assert!(is_new || order.status == before.status || before.status.moves().contains(&order.status));
            prop_assert_eq!(order.waits().is_some(), order.status.can_fill());
            prop_assert_eq!(books.held(), order.hold_left().amount);
            prop_assert_eq!(Order::restore(order.clone().into_record()), Ok(order.clone()));
            if order.must_cancel_rest() && matches!(event, Event::Match(..)) {
                order.cancel(at(2)).unwrap();
            }
        }
        prop_assert!(order.status.is_closed());
        prop_assert!(order.status != OrderStatus::Filled || order.filled_qty.is_positive());
        prop_assert!(order.filled_qty.is_zero() || ask.side == "sell" || order.filled_amount.is_positive());
        books.release(&order);
        prop_assert_eq!(books.held(), 0);
    }
}
