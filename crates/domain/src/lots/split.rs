//! What a split does to lots: other quantities, the same cost.

use super::{Lot, LotsRefused, one_symbol};
use crate::corporate_actions::Ratio;
use crate::money::{AmountError, Money};
use crate::quantity::Quantity;

/// Lots after a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The lots that still hold shares.
    pub lots: Vec<Lot>,
    /// The shares they hold together: the position's shares times the ratio, rounded down to nine decimals.
    pub quantity: Quantity,
    /// What no share is left to carry, since the position came to less than the smallest quantity; else zero.
    pub stranded: Option<Money>,
}

/// Splits all open lots of a position, oldest first.
///
/// Quantities are cut from the running total, so that they add up to the position's. What it costs stays the same to
/// the last minor unit: a lot that comes to nothing passes its cost on to the next one, the last to the one before.
///
/// # Errors
/// When the lots are of several securities or currencies, or a quantity does not fit.
pub fn split(lots: &[Lot], ratio: Ratio) -> Result<Split, LotsRefused> {
    one_symbol(lots)?;
    let mut after: Vec<Lot> = Vec::with_capacity(lots.len());
    let (mut before, mut given) = (Quantity::ZERO, Quantity::ZERO);
    let mut passed_on: Option<Money> = None;
    for lot in lots.iter().filter(|lot| lot.remaining.is_positive()) {
        before = before.checked_add(lot.remaining)?;
        let total = ratio.of(before)?;
        let remaining = total.checked_sub(given)?;
        given = total;
        let cost = sum(passed_on.take(), lot.cost_remaining)?;
        if remaining.is_zero() {
            passed_on = Some(cost);
            continue;
        }
        after.push(Lot {
            // What was bought in all is only told, never added up, so it may round for itself.
            quantity: ratio.of(lot.quantity)?.max(remaining),
            remaining,
            cost_remaining: cost,
            ..lot.clone()
        });
    }
    if let (Some(cost), Some(last)) = (passed_on, after.last_mut()) {
        last.cost_remaining = last.cost_remaining.checked_add(cost)?;
        passed_on = None;
    }
    Ok(Split {
        lots: after,
        quantity: given,
        stranded: passed_on,
    })
}

fn sum(passed_on: Option<Money>, own: Money) -> Result<Money, AmountError> {
    passed_on.map_or(Ok(own), |cost| own.checked_add(cost))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::currency::Currency;
    use crate::ids::LotId;

    fn lots(held: &[(i64, i64)]) -> Vec<Lot> {
        let lots = (1..).zip(held).map(|(n, (nanos, minor))| {
            let id = LotId::from_uuid(Uuid::from_u128(n));
            let at = Timestamp::from_second(1).unwrap();
            let (shares, cost) = (Quantity::from_nanos(*nanos), Money::new(*minor, Currency::Usd));
            Lot::open(id, "KO".parse().unwrap(), at, shares, cost)
        });
        lots.collect()
    }

    fn held(split: &Split) -> Vec<(i64, i64)> {
        let lots = split.lots.iter();
        lots.map(|lot| (lot.remaining.nanos(), lot.cost_remaining.minor()))
            .collect()
    }

    #[test]
    fn shares_change_and_costs_do_not() {
        let two_for_one = split(&lots(&[(10, 500), (5, 300)]), Ratio::new(2, 1).unwrap()).unwrap();
        assert_eq!(held(&two_for_one), [(20, 500), (10, 300)]);
        let one_for_three = split(&lots(&[(10, 500), (5, 300)]), Ratio::new(1, 3).unwrap()).unwrap();
        assert_eq!(
            (held(&one_for_three), one_for_three.quantity.nanos()),
            (vec![(3, 500), (2, 300)], 5)
        );
    }

    #[test]
    fn a_lot_that_vanishes_leaves_its_cost_behind() {
        let ten = Ratio::new(1, 10).unwrap();
        assert_eq!(
            held(&split(&lots(&[(5, 100), (5, 200), (3, 7)]), ten).unwrap()),
            [(1, 307)]
        );
        let dust = split(&lots(&[(4, 100), (5, 1)]), ten).unwrap();
        assert_eq!(
            (held(&dust), dust.stranded),
            (vec![], Some(Money::new(101, Currency::Usd)))
        );
    }

    proptest! {
        #[test]
        fn cost_and_quantity_are_kept(
            bought in prop::collection::vec((1_i64..5_000_000_000, 0_i64..1_000_000), 1..8),
            new in 1_u32..50, old in 1_u32..50,
        ) {
            prop_assume!(new != old);
            let ratio = Ratio::new(new, old).unwrap();
            let split = split(&lots(&bought), ratio).unwrap();
            let (nanos, cost) = bought.iter().fold((0, 0), |(n, c), (nanos, minor)| (n + nanos, c + minor));
            prop_assert_eq!(split.quantity, ratio.of(Quantity::from_nanos(nanos)).unwrap());
            let (left, left_cost) = held(&split).iter().fold((0, 0), |(n, c), (nanos, minor)| (n + nanos, c + minor));
            prop_assert_eq!(left, split.quantity.nanos());
            prop_assert_eq!(left_cost + split.stranded.map_or(0, Money::minor), cost);
            prop_assert!(split.lots.iter().all(|lot| lot.remaining.is_positive() && lot.quantity >= lot.remaining));
        }
    }
}
