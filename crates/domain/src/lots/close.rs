//! Closing lots, first in first out.

use std::cmp::Ordering;

use super::{Lot, LotsRefused, one_symbol};
use crate::arithmetic::div_half_even;
use crate::ids::LotId;
use crate::money::{AmountError, Money};
use crate::quantity::Quantity;

/// What a sale takes out of one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The lot.
    pub lot: LotId,
    /// How many of its shares are sold.
    pub quantity: Quantity,
    /// What these shares cost.
    pub basis: Money,
    /// Their share of the sale's proceeds.
    pub proceeds: Money,
    /// Realised profit or loss: proceeds less basis.
    pub realized: Money,
    /// What is left in the lot.
    pub remaining: Quantity,
    /// What the shares that are left cost.
    pub cost_remaining: Money,
}

/// Sells `quantity` shares out of `lots`, oldest first, for `proceeds` (the fill's amount less its fee).
///
/// A part of a lot takes the same part of its cost, rounded half-even; the last of a lot takes all that is left.
/// Proceeds are spread by quantity. Lots of the same instant close in the order of their ids.
///
/// # Errors
/// When the lots hold fewer shares, mix securities or currencies, or the quantity is not positive.
pub fn close_fifo(lots: &[Lot], quantity: Quantity, proceeds: Money) -> Result<Vec<Closing>, LotsRefused> {
    if !quantity.is_positive() {
        return Err(LotsRefused::NotPositive);
    }
    one_symbol(lots)?;
    let mut closings = Vec::new();
    let mut sold = Quantity::ZERO;
    let mut paid_out = Money::zero(proceeds.currency());
    for lot in oldest_first(lots) {
        let take = quantity.checked_sub(sold)?.min(lot.remaining);
        if !take.is_positive() {
            continue;
        }
        sold = sold.checked_add(take)?;
        // Cut from the running total, so that the shares add up to the proceeds exactly.
        let paid_by_now = part(proceeds, sold, quantity)?;
        closings.push(close(lot, take, paid_by_now.checked_sub(paid_out)?)?);
        paid_out = paid_by_now;
    }
    match sold.cmp(&quantity) {
        Ordering::Less => Err(LotsRefused::NotEnoughShares {
            missing: quantity.checked_sub(sold)?,
        }),
        _ => Ok(closings),
    }
}

fn oldest_first(lots: &[Lot]) -> Vec<&Lot> {
    let mut sorted: Vec<&Lot> = lots.iter().collect();
    sorted.sort_by_key(|lot| (lot.opened_at, lot.id));
    sorted
}

fn close(lot: &Lot, take: Quantity, proceeds: Money) -> Result<Closing, AmountError> {
    let basis = part(lot.cost_remaining, take, lot.remaining)?;
    Ok(Closing {
        lot: lot.id,
        quantity: take,
        basis,
        proceeds,
        realized: proceeds.checked_sub(basis)?,
        remaining: lot.remaining.checked_sub(take)?,
        cost_remaining: lot.cost_remaining.checked_sub(basis)?,
    })
}

/// `whole × some / all`, rounded half-even; exactly `whole` when `some` is all. `all` is positive.
fn part(whole: Money, some: Quantity, all: Quantity) -> Result<Money, AmountError> {
    let exact = i128::from(whole.minor()) * i128::from(some.nanos());
    let minor = div_half_even(exact, i128::from(all.nanos()));
    i64::try_from(minor)
        .map(|minor| Money::new(minor, whole.currency()))
        .map_err(|_| AmountError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::currency::Currency;

    fn lot(n: u32, nanos: i64, minor: i64) -> Lot {
        let id = LotId::from_uuid(Uuid::from_u128(u128::from(n)));
        let at = Timestamp::from_second(i64::from(n)).unwrap();
        let cost = Money::new(minor, Currency::Usd);
        Lot::open(id, "KO".parse().unwrap(), at, Quantity::from_nanos(nanos), cost)
    }

    fn after(lot: &Lot, closings: &[Closing]) -> Lot {
        match closings.iter().find(|closing| closing.lot == lot.id) {
            Some(c) => Lot {
                remaining: c.remaining,
                cost_remaining: c.cost_remaining,
                ..lot.clone()
            },
            None => lot.clone(),
        }
    }

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::Usd)
    }

    #[test]
    fn the_oldest_shares_go_first_whatever_the_order_given() {
        let lots = [lot(2, 10, 200), lot(1, 10, 100)];
        let closings = close_fifo(&lots, Quantity::from_nanos(15), usd(600)).unwrap();
        let seen: Vec<_> = closings
            .iter()
            .map(|c| (c.quantity.nanos(), c.basis.minor(), c.realized.minor()))
            .collect();
        assert_eq!(seen, [(10, 100, 300), (5, 100, 100)]);
        assert_eq!(
            (closings[1].remaining.nanos(), closings[1].cost_remaining),
            (5, usd(100))
        );
    }

    #[test]
    fn a_cent_that_does_not_divide_stays_somewhere() {
        let mut left = lot(1, 3, 100);
        let mut bases = Vec::new();
        for _ in 0..3 {
            let closings = close_fifo(std::slice::from_ref(&left), Quantity::from_nanos(1), usd(50)).unwrap();
            bases.push(closings[0].basis.minor());
            left = after(&left, &closings);
        }
        assert_eq!(bases, [33, 34, 33]);
        assert_eq!((left.remaining, left.cost_remaining), (Quantity::ZERO, usd(0)));
    }

    #[test]
    fn what_is_not_there_cannot_be_sold() {
        let lots = [lot(1, 10, 100)];
        let missing = Quantity::from_nanos(1);
        let refused = close_fifo(&lots, Quantity::from_nanos(11), usd(100));
        assert_eq!(refused, Err(LotsRefused::NotEnoughShares { missing }));
        assert_eq!(
            close_fifo(&lots, Quantity::ZERO, usd(100)),
            Err(LotsRefused::NotPositive)
        );
        let other = Lot {
            symbol: "PEP".parse().unwrap(),
            ..lot(2, 10, 100)
        };
        let mixed = close_fifo(&[lot(1, 10, 100), other], Quantity::from_nanos(1), usd(1));
        assert!(matches!(mixed, Err(LotsRefused::MixedSymbols { .. })));
        let euros = close_fifo(&lots, Quantity::from_nanos(1), Money::new(1, Currency::Eur));
        assert!(matches!(
            euros,
            Err(LotsRefused::Amount(AmountError::MixedCurrencies { .. }))
        ));
    }

    proptest! {
        #[test]
        fn nothing_leaks_over_any_series_of_sales(
            bought in prop::collection::vec((1_i64..5_000_000_000, 0_i64..1_000_000), 1..8),
            sales in prop::collection::vec((1_i64..6_000_000_000, 0_i64..1_000_000), 1..12),
        ) {
            let mut lots: Vec<Lot> = (1..).zip(&bought).map(|(n, (nanos, minor))| lot(n, *nanos, *minor)).collect();
            let cost: i64 = bought.iter().map(|(_, minor)| minor).sum();
            let held: i64 = bought.iter().map(|(nanos, _)| nanos).sum();
            let (mut basis, mut sold) = (0, 0);
            for (nanos, minor) in sales {
                let Ok(closings) = close_fifo(&lots, Quantity::from_nanos(nanos), usd(minor)) else {
                    prop_assert!(nanos > held - sold);
                    continue;
                };
                prop_assert_eq!(closings.iter().map(|c| c.quantity.nanos()).sum::<i64>(), nanos);
                prop_assert_eq!(closings.iter().map(|c| c.proceeds.minor()).sum::<i64>(), minor);
                prop_assert!(closings.iter().all(|c| c.basis.minor() >= 0 && c.proceeds.minor() >= 0));
                basis += closings.iter().map(|c| c.basis.minor()).sum::<i64>();
                sold += nanos;
                lots = lots.iter().map(|lot| after(lot, &closings)).collect();
            }
            prop_assert_eq!(lots.iter().map(|lot| lot.remaining.nanos()).sum::<i64>(), held - sold);
            prop_assert_eq!(lots.iter().map(|lot| lot.cost_remaining.minor()).sum::<i64>(), cost - basis);
            prop_assert!(lots.iter().all(|lot| !lot.remaining.is_zero() || lot.cost_remaining.is_zero()));
        }
    }
}
