//! Who gets what of the market's liquidity: those first in the queue, first.

use stockade_domain::{
    money::AmountError,
    orders::{Order, match_order},
};

use super::{execute::Offer, resting::Step};

/// What each order is given, in the order in which they stand; `offer` keeps what is left. An order that can do nothing
/// with what is there is passed over.
///
/// It is decided on what was read, and decided again in each order's unit, on what is: an order that has moved
/// meanwhile leaves its share unused until the next turn.
pub(super) fn serve(queue: Vec<Order>, offer: &mut Offer) -> Result<Vec<(Order, Step)>, AmountError> {
    let mut steps = Vec::new();
    for order in queue {
        let Some(execution) = match_order(&order, &offer.quote, offer.liquidity)? else {
            continue;
        };
        let share = Offer {
            liquidity: execution.qty,
            ..*offer
        };
        offer.liquidity = offer.liquidity.checked_sub(execution.qty)?;
        steps.push((order, Step::Fill(share)));
        if offer.liquidity.is_zero() {
            break;
        }
    }
    Ok(steps)
}
