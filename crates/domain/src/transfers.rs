//! Transfers: cash that comes from a bank or goes to one, the states it passes through and the legal moves between them.
//!
//! Invariant: a withdrawal's cash is held from the moment it is asked for until it settles or ends otherwise, and no
//! state follows one in which that hold has ended.

use crate::moves::legal_moves;
use crate::text::words;

words! {
    /// Which way the cash goes.
    TransferKind, "kind" {
        /// From a bank to the account.
        Deposit = "deposit",
        /// From the account to a bank.
        Withdrawal = "withdrawal",
    }
}

words! {
    /// Where a transfer stands.
    TransferStatus, "status" {
        /// Asked for, its cash held, and not yet let through by risk.
        PendingReview = "pending_review",
        /// On its way; the bank has not answered.
        Pending = "pending",
        /// The bank has it.
        Settled = "settled",
        /// The bank sent it back.
        Failed = "failed",
        /// Taken back by its owner.
        Canceled = "canceled",
        /// Stopped by review.
        Rejected = "rejected",
        /// Nobody reviewed it in time.
        Expired = "expired",
    }
}

impl TransferStatus {
    /// The states that may follow this one; none when the transfer is over.
    #[must_use]
    pub const fn moves(self) -> &'static [Self] {
        use TransferStatus::{Canceled, Expired, Failed, Pending, PendingReview, Rejected, Settled};
        match self {
            PendingReview => &[Pending, Canceled, Rejected, Expired],
            Pending => &[Settled, Failed, Canceled],
            Settled | Failed | Canceled | Rejected | Expired => &[],
        }
    }
}

legal_moves!(TransferStatus, IllegalTransferMove, "transfer");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::{Refusal as _, RefusalClass};

    #[test]
    fn the_graph_is_the_documented_one() {
        use TransferStatus::{Canceled, Expired, Pending, PendingReview, Settled};
        for from in TransferStatus::ALL {
            assert_eq!(
                from.is_closed(),
                ![PendingReview, Pending].contains(from),
                "{from}"
            );
            assert!(!from.moves().contains(&PendingReview), "{from}");
            assert_eq!(from.moves().contains(&Settled), *from == Pending, "{from}");
            assert_eq!(from.moves().contains(&Canceled), !from.is_closed(), "{from}");
        }
        assert_eq!(PendingReview.to(Expired), Ok(Expired));
        // What waits for review never goes to the bank past the review.
        assert_eq!(
            PendingReview.to(Settled).unwrap_err().code(),
            "transfer.illegal_move"
        );
        let refused = Settled.to(Canceled).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the transfer is settled and cannot become canceled"
        );
        assert_eq!(
            (refused.code(), refused.class()),
            ("transfer.closed", RefusalClass::Conflict)
        );
    }
}
