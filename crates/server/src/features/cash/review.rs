//! Withdrawals under review: their cash is held, but they have not gone to the bank. This is the door for whoever decides
//! about them: each function does its part of the caller's unit of work and puts the withdrawal's move on record; the
//! caller ends the unit with its own decision.
//!
//! Invariant: a withdrawal leaves review once, because each move starts from `pending_review` on a locked row.

use stockade_domain::{
    ids::{AccountId, TransferId, UserId},
    transfers::TransferStatus,
};

use super::{events, hold, store::transfers, transfer::Transfer, withdrawal};
use crate::{
    app::App,
    core::change::Change,
    http::error::{ApiResult, Problem},
};

/// A withdrawal under review, by its owner.
#[derive(Clone, Copy, Debug)]
pub struct Reviewed {
    /// Whose it is.
    pub owner: UserId,
    /// The owner's account.
    pub account: AccountId,
    /// The withdrawal.
    pub transfer: TransferId,
}

impl Reviewed {
    /// Lets it through: it goes to the bank in its turn, and waits like any other after a change of credentials.
    ///
    /// # Errors
    /// When it is no longer under review.
    pub async fn release(self, app: &App, change: &mut Change<'_>) -> ApiResult<()> {
        let mut transfer = self.lock(change).await?;
        let now = change.now();
        transfer.go(TransferStatus::Pending, now)?;
        transfer.due_at = Some(now + app.config.cash.withdrawal_takes());
        if let Some(until) = hold::until(app, change, self.owner)
            .await?
            .max(transfer.held_until)
        {
            transfer.hold_back(until);
        }
        transfers::update(change, &transfer)?;
        change.also(events::withdrawal_released(&transfer).about(self.owner));
        Ok(())
    }

    /// Stops it; its cash is given back.
    ///
    /// # Errors
    /// When it is no longer under review.
    pub async fn reject(self, change: &mut Change<'_>) -> ApiResult<()> {
        let mut transfer = self.lock(change).await?;
        withdrawal::end(change, &mut transfer, TransferStatus::Rejected).await?;
        change.also(events::withdrawal_rejected(&transfer).about(self.owner));
        Ok(())
    }

    /// Nobody decided in time: nothing is paid; its cash is given back.
    ///
    /// # Errors
    /// When it is no longer under review.
    pub async fn expire(self, change: &mut Change<'_>) -> ApiResult<()> {
        let mut transfer = self.lock(change).await?;
        withdrawal::end(change, &mut transfer, TransferStatus::Expired).await?;
        change.also(events::withdrawal_expired(&transfer).about(self.owner));
        Ok(())
    }

    async fn lock(self, change: &mut Change<'_>) -> ApiResult<Transfer> {
        let found = transfers::lock(change, self.account, self.transfer).await?;
        if let Some(transfer) = found.filter(|transfer| transfer.status == TransferStatus::PendingReview) {
            return Ok(transfer);
        }
        let detail = "the withdrawal is no longer under review";
        Err(Problem::conflict("withdrawal.not_under_review", detail).into())
    }
}
