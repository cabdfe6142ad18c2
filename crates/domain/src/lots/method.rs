//! Which of a customer's shares a sale takes.

use std::cmp::{Ordering, Reverse};

use super::Lot;
use crate::text::words;

words! {
    /// How it is decided which lots a sale closes.
    LotMethod, "method" {
        /// First in, first out: the oldest shares go first.
        Fifo = "fifo",
        /// Last in, first out: the newest shares go first.
        Lifo = "lifo",
        /// Highest in, first out: the shares that cost most go first.
        Hifo = "hifo",
        /// Every share costs the average of all; the oldest go first.
        Average = "average",
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the words of an enum come from a macro that derives no default"
)]
impl Default for LotMethod {
    fn default() -> Self {
        Self::Fifo
    }
}

/// The lots that still hold shares, in the order in which a sale takes them. Lots of the same instant, or of the same
/// unit cost, go in the order of their ids, so that the order never depends on how they were read.
pub(super) fn in_order(method: LotMethod, lots: &[Lot]) -> Vec<&Lot> {
    let mut open: Vec<&Lot> = lots.iter().filter(|lot| lot.remaining.is_positive()).collect();
    match method {
        LotMethod::Fifo | LotMethod::Average => open.sort_by_key(|lot| (lot.opened_at, lot.id)),
        LotMethod::Lifo => open.sort_by_key(|lot| Reverse((lot.opened_at, lot.id))),
        LotMethod::Hifo => open.sort_by(|one, other| {
            dearest_first(one, other).then((one.opened_at, one.id).cmp(&(other.opened_at, other.id)))
        }),
    }
    open
}

/// Compares costs by share as fractions, so that nothing is rounded.
fn dearest_first(one: &Lot, other: &Lot) -> Ordering {
    let cross = |cost: &Lot, shares: &Lot| {
        i128::from(cost.cost_remaining.minor()) * i128::from(shares.remaining.nanos())
    };
    cross(other, one).cmp(&cross(one, other))
}
