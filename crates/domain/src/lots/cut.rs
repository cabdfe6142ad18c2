//! Sharing an amount out by quantity, so that the parts add up to the whole to the last minor unit.

use crate::arithmetic::div_half_even;
use crate::money::{AmountError, Money};
use crate::quantity::Quantity;

/// An amount that is shared out over a quantity, part after part.
///
/// Each part is the difference of two running totals, each rounded half-even, so no minor unit is lost or made.
pub(super) struct Cut {
    whole: Money,
    over: Quantity,
    done: Quantity,
    given: Money,
}

impl Cut {
    /// Shares `whole` out over `over`, which is positive.
    pub(super) fn new(whole: Money, over: Quantity) -> Self {
        Self {
            whole,
            over,
            done: Quantity::ZERO,
            given: Money::zero(whole.currency()),
        }
    }

    /// The part of the next so many shares.
    ///
    /// # Errors
    /// On overflow, which parts of an amount that fits do not meet.
    pub(super) fn next(&mut self, shares: Quantity) -> Result<Money, AmountError> {
        let done = self.done.checked_add(shares)?;
        let total = part(self.whole, done, self.over)?;
        let next = total.checked_sub(self.given)?;
        (self.done, self.given) = (done, total);
        Ok(next)
    }
}

/// `whole × some / all`, rounded half-even; exactly `whole` when `some` is all. `all` is positive.
pub(super) fn part(whole: Money, some: Quantity, all: Quantity) -> Result<Money, AmountError> {
    let exact = i128::from(whole.minor()) * i128::from(some.nanos());
    let minor = div_half_even(exact, i128::from(all.nanos()));
    i64::try_from(minor)
        .map(|minor| Money::new(minor, whole.currency()))
        .map_err(|_| AmountError::OutOfRange)
}
