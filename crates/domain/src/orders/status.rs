//! The states of an order and the legal moves between them.

use crate::moves::legal_moves;
use crate::text::words;

words! {
    /// Where an order stands.
    OrderStatus, "status" {
        /// Placed, with its cash or shares reserved, and not yet let through by risk.
        PendingReview = "pending_review",
        /// At the venue, nothing filled.
        Accepted = "accepted",
        /// At the venue, filled in part.
        PartiallyFilled = "partially_filled",
        /// Filled.
        Filled = "filled",
        /// Ended by its owner, or by its time in force.
        Canceled = "canceled",
        /// Ended by time.
        Expired = "expired",
        /// Ended by its owner, who put another order into its place.
        Replaced = "replaced",
        /// Stopped by review, or by the venue before any fill.
        Rejected = "rejected",
    }
}

impl OrderStatus {
    /// The states that may follow this one; none when the order is closed.
    #[must_use]
    pub const fn moves(self) -> &'static [Self] {
        use OrderStatus::{
            Accepted, Canceled, Expired, Filled, PartiallyFilled, PendingReview, Rejected, Replaced,
        };
        match self {
            PendingReview => &[Accepted, Canceled, Expired, Rejected],
            Accepted => &[PartiallyFilled, Filled, Canceled, Expired, Replaced, Rejected],
            PartiallyFilled => &[PartiallyFilled, Filled, Canceled, Expired, Replaced],
            Filled | Canceled | Expired | Replaced | Rejected => &[],
        }
    }

    /// Whether the order is at the venue and can fill.
    #[must_use]
    pub const fn can_fill(self) -> bool {
        matches!(self, Self::Accepted | Self::PartiallyFilled)
    }
}

legal_moves!(OrderStatus, IllegalMove, "order");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::{Refusal as _, RefusalClass};

    #[test]
    fn the_graph_is_the_documented_one() {
        use OrderStatus::*;
        let open = [PendingReview, Accepted, PartiallyFilled];
        for from in OrderStatus::ALL {
            assert_eq!(from.is_closed(), !open.contains(from), "{from}");
            assert!(!from.moves().contains(&PendingReview), "{from}");
            assert_eq!(from.moves().contains(&Filled), from.can_fill(), "{from}");
            assert_eq!(from.moves().contains(&Replaced), from.can_fill(), "{from}");
            assert_eq!(from.moves().contains(&Canceled), open.contains(from), "{from}");
        }
        assert_eq!(PendingReview.to(Accepted), Ok(Accepted));
        assert_eq!(
            PartiallyFilled.to(Rejected).unwrap_err().code(),
            "order.illegal_move"
        );
        let refused = Filled.to(Canceled).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the order is filled and cannot become canceled"
        );
        assert_eq!(
            (refused.code(), refused.class()),
            ("order.closed", RefusalClass::Conflict)
        );
    }
}
