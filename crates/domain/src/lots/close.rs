//! Closing lots: which shares a sale takes, what they had cost and what they bring.

use super::cut::{Cut, part};
use super::method::{LotMethod, in_order};
use super::{Lot, LotsRefused, one_symbol};
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

/// A lot of which nothing is sold, but whose cost the average moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Averaged {
    /// The lot.
    pub lot: LotId,
    /// What its shares cost from now on.
    pub cost_remaining: Money,
}

/// What a sale does to lots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The lots that shares are sold from, in the order in which the method takes them.
    pub closings: Vec<Closing>,
    /// The other lots whose cost changes; none but with [`LotMethod::Average`].
    pub averaged: Vec<Averaged>,
}

/// Sells `quantity` shares out of `lots` for `proceeds` (the fill's amount less its fee).
///
/// A part of a lot takes the same part of its cost, rounded half-even; the last of a lot takes all that is left. With
/// [`LotMethod::Average`] all open lots are one pool first: each share takes the same part of the pool's cost, and what
/// is left of the pool is spread over the shares that are left, so `lots` must then be all of the position.
/// Proceeds are spread by quantity.
///
/// # Errors
/// When the lots hold fewer shares, mix securities or currencies, or the quantity is not positive.
pub fn close(
    method: LotMethod,
    lots: &[Lot],
    quantity: Quantity,
    proceeds: Money,
) -> Result<Closed, LotsRefused> {
    if !quantity.is_positive() {
        return Err(LotsRefused::NotPositive);
    }
    one_symbol(lots)?;
    let open = in_order(method, lots);
    let mut costs = match method {
        LotMethod::Average => Costs::Pooled(pool(&open, proceeds)?),
        _ => Costs::OfEachLot,
    };
    // Cut from the running total, so that the shares add up to the proceeds exactly.
    let mut paid = Cut::new(proceeds, quantity);
    let mut closed = Closed {
        closings: Vec::new(),
        averaged: Vec::new(),
    };
    let mut left = quantity;
    for lot in open {
        let take = left.min(lot.remaining);
        left = left.checked_sub(take)?;
        let remaining = lot.remaining.checked_sub(take)?;
        let (basis, cost_remaining) = costs.split(lot, take, remaining)?;
        if take.is_positive() {
            let proceeds = paid.next(take)?;
            closed.closings.push(Closing {
                lot: lot.id,
                quantity: take,
                basis,
                proceeds,
                realized: proceeds.checked_sub(basis)?,
                remaining,
                cost_remaining,
            });
        } else if cost_remaining != lot.cost_remaining {
            closed.averaged.push(Averaged {
                lot: lot.id,
                cost_remaining,
            });
        }
    }
    if left.is_positive() {
        return Err(LotsRefused::NotEnoughShares { missing: left });
    }
    Ok(closed)
}

/// Where the cost of sold shares comes from.
enum Costs {
    OfEachLot,
    Pooled(Cut),
}

impl Costs {
    /// What the shares taken from a lot cost, and the ones that stay.
    fn split(
        &mut self,
        lot: &Lot,
        take: Quantity,
        remaining: Quantity,
    ) -> Result<(Money, Money), AmountError> {
        match self {
            Self::OfEachLot => {
                let basis = part(lot.cost_remaining, take, lot.remaining)?;
                Ok((basis, lot.cost_remaining.checked_sub(basis)?))
            }
            Self::Pooled(pool) => Ok((pool.next(take)?, pool.next(remaining)?)),
        }
    }
}

/// All that the open lots cost, over all their shares.
fn pool(open: &[&Lot], proceeds: Money) -> Result<Cut, AmountError> {
    let mut cost = Money::zero(proceeds.currency());
    let mut shares = Quantity::ZERO;
    for lot in open {
        cost = cost.checked_add(lot.cost_remaining)?;
        shares = shares.checked_add(lot.remaining)?;
    }
    Ok(Cut::new(cost, shares))
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

    fn after(lot: &Lot, closed: &Closed) -> Lot {
        let mut after = lot.clone();
        if let Some(c) = closed.closings.iter().find(|closing| closing.lot == lot.id) {
            (after.remaining, after.cost_remaining) = (c.remaining, c.cost_remaining);
        }
        if let Some(a) = closed.averaged.iter().find(|averaged| averaged.lot == lot.id) {
            after.cost_remaining = a.cost_remaining;
        }
        after
    }

    fn close_fifo(lots: &[Lot], quantity: Quantity, proceeds: Money) -> Result<Vec<Closing>, LotsRefused> {
        let closed = close(LotMethod::Fifo, lots, quantity, proceeds)?;
        assert_eq!(closed.averaged, []);
        Ok(closed.closings)
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
            let one = Quantity::from_nanos(1);
            let closed = close(LotMethod::Fifo, std::slice::from_ref(&left), one, usd(50)).unwrap();
            bases.push(closed.closings[0].basis.minor());
            left = after(&left, &closed);
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

    #[test]
    fn each_method_takes_other_shares() {
        // Bought at 1.00, 3.00 and 2.00 a share; two and a half lots are left after one and a half are sold.
        let lots = [lot(1, 100, 100), lot(2, 100, 300), lot(3, 100, 200)];
        let sold = |method| {
            let closed = close(method, &lots, Quantity::from_nanos(150), usd(600)).unwrap();
            let taken: Vec<_> = closed
                .closings
                .iter()
                .map(|c| (c.lot.as_uuid().as_u128(), c.quantity.nanos(), c.basis.minor()))
                .collect();
            let moved: Vec<_> = closed.averaged.iter().map(|a| a.cost_remaining.minor()).collect();
            (taken, moved)
        };
        assert_eq!(sold(LotMethod::Fifo), (vec![(1, 100, 100), (2, 50, 150)], vec![]));
        assert_eq!(sold(LotMethod::Lifo), (vec![(3, 100, 200), (2, 50, 150)], vec![]));
        assert_eq!(sold(LotMethod::Hifo), (vec![(2, 100, 300), (3, 50, 100)], vec![]));
        // A lot that already costs the average stays as it is.
        assert_eq!(
            sold(LotMethod::Average),
            (vec![(1, 100, 200), (2, 50, 100)], vec![])
        );
        let dearer = [lot(1, 100, 100), lot(2, 100, 300)];
        let closed = close(LotMethod::Average, &dearer, Quantity::from_nanos(50), usd(0)).unwrap();
        assert_eq!(
            (
                closed.closings[0].cost_remaining,
                closed.averaged[0].cost_remaining
            ),
            (usd(100), usd(200))
        );
    }

    fn any_method() -> impl Strategy<Value = LotMethod> {
        prop::sample::select(LotMethod::ALL)
    }

    proptest! {
        #[test]
        fn nothing_leaks_over_any_series_of_sales(
            method in any_method(),
            bought in prop::collection::vec((1_i64..5_000_000_000, 0_i64..1_000_000), 1..8),
            sales in prop::collection::vec((1_i64..6_000_000_000, 0_i64..1_000_000), 1..12),
        ) {
            let mut lots: Vec<Lot> = (1..).zip(&bought).map(|(n, (nanos, minor))| lot(n, *nanos, *minor)).collect();
            let cost: i64 = bought.iter().map(|(_, minor)| minor).sum();
            let held: i64 = bought.iter().map(|(nanos, _)| nanos).sum();
            let (mut basis, mut sold) = (0, 0);
            for (nanos, minor) in sales {
                let Ok(closed) = close(method, &lots, Quantity::from_nanos(nanos), usd(minor)) else {
                    prop_assert!(nanos > held - sold);
                    continue;
                };
                let closings = &closed.closings;
                prop_assert_eq!(closings.iter().map(|c| c.quantity.nanos()).sum::<i64>(), nanos);
                prop_assert_eq!(closings.iter().map(|c| c.proceeds.minor()).sum::<i64>(), minor);
                prop_assert!(closings.iter().all(|c| c.basis.minor() >= 0 && c.proceeds.minor() >= 0));
                basis += closings.iter().map(|c| c.basis.minor()).sum::<i64>();
                sold += nanos;
                lots = lots.iter().map(|lot| after(lot, &closed)).collect();
            }
            prop_assert_eq!(lots.iter().map(|lot| lot.remaining.nanos()).sum::<i64>(), held - sold);
            prop_assert_eq!(lots.iter().map(|lot| lot.cost_remaining.minor()).sum::<i64>(), cost - basis);
            prop_assert!(lots.iter().all(|lot| lot.cost_remaining.minor() >= 0));
            prop_assert!(lots.iter().all(|lot| !lot.remaining.is_zero() || lot.cost_remaining.is_zero()));
        }

        #[test]
        fn the_average_is_the_same_whatever_was_sold_before(
            bought in prop::collection::vec((1_i64..5_000_000_000, 0_i64..1_000_000), 1..8),
            nanos in 1_i64..1_000_000_000,
        ) {
            let lots: Vec<Lot> = (1..).zip(&bought).map(|(n, (nanos, minor))| lot(n, *nanos, *minor)).collect();
            let (cost, held) = bought.iter().fold((0, 0), |(c, q), (nanos, minor)| (c + minor, q + nanos));
            if let Ok(closed) = close(LotMethod::Average, &lots, Quantity::from_nanos(nanos), usd(0)) {
                let basis: i64 = closed.closings.iter().map(|c| c.basis.minor()).sum();
                let off = i128::from(basis) * i128::from(held) - i128::from(cost) * i128::from(nanos);
                prop_assert!(2 * off.abs() <= i128::from(held));
            }
        }
    }
}
