//! What the house charges for orders.
//!
//! A fee belongs to an order, not to a fill: it is reckoned anew on all that was filled so far, and each fill is charged
//! what is then still due. So the least fee is charged once, and parts cost the same as the whole.

use super::execution::Execution;
use super::hold::Hold;
use super::order::Order;
use crate::arithmetic::div_half_even;
use crate::money::{AmountError, Money};

/// A schedule of fees; the default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeSchedule {
    /// Hundredths of a percent of what an order's shares cost or bring.
    pub bps: u32,
    /// The least an order with a fill is charged, in minor units.
    pub least: i64,
}

impl FeeSchedule {
    /// Nothing is charged.
    pub const FREE: Self = Self { bps: 0, least: 0 };

    /// What is due, all in all, for an order of which shares for `amount` were filled, rounded half-even.
    ///
    /// # Errors
    /// On overflow.
    pub fn due(&self, amount: Money) -> Result<Money, AmountError> {
        if !amount.is_positive() {
            return Ok(Money::zero(amount.currency()));
        }
        let share = div_half_even(i128::from(amount.minor()) * i128::from(self.bps), 10_000);
        let minor = i64::try_from(share.max(i128::from(self.least))).map_err(|_| AmountError::OutOfRange)?;
        Ok(Money::new(minor, amount.currency()))
    }
}

impl Order {
    /// The fee of an execution that is about to fill: what is due and was not charged yet. It is never more than a buy
    /// reserved for fees, nor than a sale brings.
    ///
    /// # Errors
    /// On overflow.
    pub fn fee_for(&self, execution: &Execution, schedule: &FeeSchedule) -> Result<Money, AmountError> {
        let filled = self.filled_amount.checked_add(execution.amount)?;
        let most = match self.hold {
            Hold::Cash { fees, .. } => fees,
            Hold::Shares { .. } => filled,
        };
        let left = schedule.due(filled)?.min(most)?.checked_sub(self.filled_fees)?;
        // A schedule that has become cheaper since gives nothing back.
        let fee = Money::new(left.minor().max(0), left.currency());
        match self.hold {
            Hold::Cash { .. } => Ok(fee),
            Hold::Shares { .. } => fee.min(execution.amount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::orders::examples::{accepted_with_fees, at, buy, quote, sell, shares};
    use crate::orders::match_order;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::Usd)
    }

    fn due(bps: u32, least: i64, amount: i64) -> i64 {
        FeeSchedule { bps, least }.due(usd(amount)).unwrap().minor()
    }

    #[test]
    fn a_share_of_the_amount_and_at_least_so_much() {
        assert_eq!(due(0, 0, 123_456), 0);
        assert_eq!(due(10, 0, 123_456), 123);
        assert_eq!(due(10, 200, 123_456), 200);
        assert_eq!(due(50, 0, 100), 0);
        assert_eq!(due(50, 0, 300), 2);
        assert_eq!(due(10_000, 0, i64::MAX), i64::MAX);
        assert_eq!(due(0, 100, 0), 0);
    }

    #[test]
    fn parts_cost_what_the_whole_costs_and_the_least_fee_is_charged_once() {
        let market = quote("10", "10");
        let schedule = FeeSchedule { bps: 33, least: 10 };
        let mut fees = Vec::new();
        let mut order = accepted_with_fees(&buy("5"), &market, schedule);
        while let Some(execution) = match_order(&order, &market, shares("1")).unwrap() {
            let fee = order.fee_for(&execution, &schedule).unwrap();
            order.fill(&execution, fee, at(1)).unwrap();
            fees.push(fee.minor());
        }
        // 3.3 cents a share: 10, 10, 10, 13, 16 in all after each.
        assert_eq!(fees, [10, 0, 0, 3, 3]);
        assert_eq!(order.filled_fees, schedule.due(order.filled_amount).unwrap());
    }

    #[test]
    fn a_fee_is_never_more_than_was_reserved_or_is_brought() {
        let market = quote("10", "10");
        let dear = FeeSchedule {
            bps: 0,
            least: 10_000,
        };
        let bought = accepted_with_fees(&buy("1"), &market, FeeSchedule { bps: 0, least: 7 });
        let execution = match_order(&bought, &market, shares("1")).unwrap().unwrap();
        assert_eq!(bought.fee_for(&execution, &dear), Ok(usd(7)));
        let mut sold = accepted_with_fees(&sell("1"), &market, FeeSchedule::FREE);
        let execution = match_order(&sold, &market, shares("0.5")).unwrap().unwrap();
        let fee = sold.fee_for(&execution, &dear).unwrap();
        assert_eq!(fee, usd(500));
        sold.fill(&execution, fee, at(1)).unwrap();
        let execution = match_order(&sold, &market, shares("0.5")).unwrap().unwrap();
        assert_eq!(sold.fee_for(&execution, &dear), Ok(usd(500)));
        // Cheaper since: nothing more, and nothing back.
        assert_eq!(sold.fee_for(&execution, &FeeSchedule::FREE), Ok(usd(0)));
    }
}
