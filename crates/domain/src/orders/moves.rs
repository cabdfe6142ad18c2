//! An order's moves, and what is refused of a record that contradicts itself.

use super::{Execution, Hold, Order, OrderRecord, OrderRefused, OrderStatus, OrderText};
use crate::currency::Currency;
use crate::money::Money;
use crate::orders::examples::{accepted, at, buy, placed, quote, sell, shares};
use crate::orders::match_order;

const FREE: Money = Money::zero(Currency::Usd);

fn part(qty: &str, minor: i64, completes: bool) -> Execution {
    let amount = Money::new(minor, Currency::Usd);
    Execution {
        qty: shares(qty),
        price: "10".parse().unwrap(),
        amount,
        completes,
    }
}

#[test]
fn an_order_is_born_in_review_under_its_own_name() {
    let order = placed(&buy("2"), &quote("10", "10"));
    assert_eq!(order.status, OrderStatus::PendingReview);
    assert_eq!(order.client_order_id.as_str(), order.id.to_string());
    assert_eq!(
        (order.filled_avg_price(), order.hold_left().amount),
        (None, 2_100)
    );
    assert_eq!(match_order(&order, &quote("10", "10"), shares("5")), Ok(None));
}

#[test]
fn each_end_has_its_time() {
    let market = quote("10", "10");
    let mut canceled = accepted(&buy("2"), &market);
    canceled.fill(&part("1", 1_000, false), FREE, at(1)).unwrap();
    canceled.cancel(at(2)).unwrap();
    assert_eq!(
        (canceled.canceled_at, canceled.filled_at, canceled.updated_at),
        (Some(at(2)), None, at(2))
    );
    assert_eq!(
        (canceled.hold_left().amount, canceled.filled_avg_price()),
        (1_100, "10".parse().ok())
    );
    let mut expired = placed(&buy("2"), &market);
    expired.expire(at(3)).unwrap();
    assert_eq!(expired.expired_at, Some(at(3)));
    let mut filled = accepted(&sell("2"), &market);
    filled.fill(&part("2", 2_000, true), FREE, at(4)).unwrap();
    assert_eq!((filled.filled_at, filled.hold_left().amount), (Some(at(4)), 0));
}

#[test]
fn an_execution_that_contradicts_the_order_changes_nothing() {
    let mut order = accepted(&buy("2"), &quote("10", "10"));
    let before = order.clone();
    for wrong in [
        part("2.000000001", 2_000, true),
        part("2", 2_000, false),
        part("1", 1_000, true),
        part("2", 2_101, true),
        part("0", 0, false),
        part("1", -1, false),
    ] {
        assert!(
            matches!(
                order.fill(&wrong, FREE, at(1)),
                Err(OrderRefused::Contradiction(_))
            ),
            "{wrong:?}"
        );
        assert_eq!(order, before);
    }
    let one_cent = Money::new(1, Currency::Usd);
    assert!(order.fill(&part("1", 1_000, false), one_cent, at(1)).is_err());
    let mut in_review = placed(&buy("2"), &quote("10", "10"));
    assert!(matches!(
        in_review.fill(&part("2", 2_000, true), FREE, at(1)),
        Err(OrderRefused::Move(_))
    ));
}

#[test]
fn a_record_that_contradicts_itself_is_not_restored() {
    let mut order = accepted(&buy("2"), &quote("10", "10"));
    order.fill(&part("1", 1_000, false), FREE, at(1)).unwrap();
    let record = order.clone().into_record();
    assert_eq!(Order::restore(record.clone()), Ok(order));
    let sold = Hold::Shares {
        symbol: "KO".parse().unwrap(),
        quantity: shares("2"),
    };
    for wrong in [
        OrderRecord {
            status: OrderStatus::Accepted,
            ..record.clone()
        },
        OrderRecord {
            status: OrderStatus::Filled,
            ..record.clone()
        },
        OrderRecord {
            filled_qty: shares("2"),
            ..record.clone()
        },
        OrderRecord {
            filled_qty: shares("-1"),
            ..record.clone()
        },
        OrderRecord {
            filled_amount: Money::new(2_101, Currency::Usd),
            ..record.clone()
        },
        OrderRecord {
            filled_amount: Money::new(1_000, Currency::Eur),
            ..record.clone()
        },
        OrderRecord {
            hold: sold,
            ..record.clone()
        },
        OrderRecord {
            filled_fees: Money::new(1, Currency::Usd),
            ..record.clone()
        },
    ] {
        assert!(matches!(
            Order::restore(wrong),
            Err(OrderRefused::Contradiction(_))
        ));
    }
}

#[test]
fn only_an_order_for_the_day_is_over_with_it() {
    let market = quote("10", "10");
    let mut day = placed(&buy("2"), &market);
    assert!(!day.is_over(at(9)));
    day.accept(at(5), at(1)).unwrap();
    assert!(!day.is_over(at(4)) && day.is_over(at(5)));
    let gtc = OrderText {
        time_in_force: "gtc",
        ..buy("2")
    };
    let mut gtc = placed(&gtc, &market);
    gtc.accept(at(5), at(1)).unwrap();
    assert_eq!((gtc.good_until, gtc.is_over(at(9))), (None, false));
}
