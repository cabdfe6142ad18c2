//! A deposit or withdrawal as it is stored, and as it is shown.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use stockade_domain::{
    ids::{AccountId, PayeeId, TransferId, UserId},
    money::Money,
    transfers::{IllegalTransferMove, TransferKind, TransferStatus},
};
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;

use crate::features::{
    quarantine::{Note, Notes, ReviewView},
    risk::RiskView,
};

/// A deposit or withdrawal.
#[derive(Clone, Debug)]
pub(super) struct Transfer {
    pub(super) id: TransferId,
    pub(super) account: AccountId,
    pub(super) kind: TransferKind,
    pub(super) status: TransferStatus,
    pub(super) amount: Money,
    /// Where a withdrawal goes.
    pub(super) payee: Option<PayeeId>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    /// When the bank's turn comes.
    pub(super) due_at: Option<Timestamp>,
    /// Until then it does not go to the bank, because credentials were changed.
    pub(super) held_until: Option<Timestamp>,
    /// Why the bank sent it back.
    pub(super) failure: Option<String>,
}

impl Transfer {
    /// Moves on. What is over has no turn any more.
    ///
    /// # Errors
    /// When the move is not legal.
    pub(super) fn go(&mut self, next: TransferStatus, now: Timestamp) -> Result<(), IllegalTransferMove> {
        self.status = self.status.to(next)?;
        self.updated_at = now;
        if self.status.is_closed() {
            self.due_at = None;
            self.held_until = None;
        }
        Ok(())
    }

    /// Keeps it from the bank until then.
    pub(super) fn hold_back(&mut self, until: Timestamp) {
        self.held_until = Some(until);
        self.due_at = self.due_at.map(|due| due.max(until));
    }
}

/// A deposit or withdrawal.
#[derive(Serialize, ToSchema)]
pub struct TransferView {
    #[schema(value_type = uuid::Uuid)]
    id: TransferId,
    /// `deposit` or `withdrawal`
    #[schema(value_type = String)]
    kind: TransferKind,
    /// `pending_review`, `pending`, `settled`, `failed`, `canceled`, `rejected` or `expired`
    #[schema(value_type = String)]
    status: TransferStatus,
    #[schema(value_type = String, example = "1000.00")]
    amount: Money,
    currency: &'static str,
    /// The payee of a withdrawal.
    #[schema(value_type = Option<uuid::Uuid>)]
    destination: Option<PayeeId>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when it stands as it does.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Until then a withdrawal is held back from the bank; it can still be canceled.
    #[schema(value_type = Option<String>, format = DateTime)]
    held_until: Option<Timestamp>,
    /// Why: `credentials_changed`, for a password, address or second factor was changed less than `cash.hold_hours` before.
    held_because: Option<&'static str>,
    /// Why the bank sent it back, such as `account_closed`.
    failure: Option<String>,
    /// How risky it looked, and why; null when it looked no riskier than others.
    #[schema(value_type = Option<RiskView>)]
    risk: Option<Value>,
    /// Present when it waits, or waited, for review.
    review: Option<ReviewView>,
    /// True: the bank side is simulated, and no real money moved.
    simulated: bool,
}

impl TransferView {
    /// Whether it does not go to the bank yet.
    pub(super) fn waits(&self) -> bool {
        self.held_until.is_some() || self.status == TransferStatus::PendingReview
    }

    /// Its id.
    pub fn id(&self) -> uuid::Uuid {
        self.id.as_uuid()
    }
}

impl Transfer {
    /// With what was noted of it.
    pub(super) fn view(self, note: Option<Note>) -> TransferView {
        let (risk, review) = note.map_or((None, None), |note| (Some(note.risk), note.review));
        let transfer = self;
        TransferView {
            id: transfer.id,
            kind: transfer.kind,
            status: transfer.status,
            amount: transfer.amount,
            currency: transfer.amount.currency().as_str(),
            destination: transfer.payee,
            created_at: transfer.created_at,
            updated_at: transfer.updated_at,
            held_until: transfer.held_until,
            held_because: transfer.held_until.map(|_| "credentials_changed"),
            failure: transfer.failure,
            risk,
            review,
            simulated: true,
        }
    }
}

/// Transfers of one person with what was noted of them, in their order.
pub(super) async fn views(
    on: &mut impl Queryable,
    owner: UserId,
    transfers: Vec<Transfer>,
) -> DbResult<Vec<TransferView>> {
    let withdrawals = transfers
        .iter()
        .filter(|transfer| transfer.kind == TransferKind::Withdrawal);
    let mut notes = Notes::of(on, owner, withdrawals.map(|transfer| transfer.id.as_uuid())).await?;
    let view = |transfer: Transfer| {
        let note = notes.take(transfer.id.as_uuid());
        transfer.view(note)
    };
    Ok(transfers.into_iter().map(view).collect())
}

/// One transfer with what was noted of it.
pub(super) async fn view(
    on: &mut impl Queryable,
    owner: UserId,
    transfer: Transfer,
) -> DbResult<TransferView> {
    let mut notes = Notes::of(on, owner, [transfer.id.as_uuid()]).await?;
    let note = notes.take(transfer.id.as_uuid());
    Ok(transfer.view(note))
}
