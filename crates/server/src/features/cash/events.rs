//! What the log says of cash. Of a payee's account only the end of its number is told.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use stockade_domain::{
    ids::{PayeeId, TransferId},
    money::Money,
    transfers::TransferStatus,
};

use super::{payee::Details as PayeeDetails, store::payees::StoredPayee, transfer::Transfer};
use crate::{core::event::AuditEvent, http::error::ApiResult};

#[derive(Serialize)]
struct Details<'t> {
    transfer: TransferId,
    amount: Money,
    currency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payee: Option<PayeeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'t Value>,
}

#[derive(Serialize)]
struct Payee<'p> {
    payee: PayeeId,
    name: &'p str,
    account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    usable_from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'p Value>,
}

macro_rules! moves {
    ($($(#[$about:meta])* $name:ident = $kind:literal,)+) => {$(
        $(#[$about])*
        pub(super) fn $name(transfer: &Transfer) -> AuditEvent {
            AuditEvent::done($kind).with(details(transfer))
        }
    )+};
}

moves! {
    /// A deposit is on its way.
    deposit_requested = "deposit.requested",
    /// A deposit has arrived.
    deposit_settled = "deposit.settled",
    /// A withdrawal that was under way waits, because credentials were changed.
    withdrawal_held = "withdrawal.held",
    /// The bank has it.
    withdrawal_settled = "withdrawal.settled",
    /// The bank sent it back, and the cash is available again.
    withdrawal_failed = "withdrawal.failed",
    /// Its owner took it back.
    withdrawal_canceled = "withdrawal.canceled",
    /// Review let it through to the bank.
    withdrawal_released = "withdrawal.released",
    /// Review stopped it, and the cash is available again.
    withdrawal_rejected = "withdrawal.rejected",
    /// Nobody reviewed it in time, and the cash is available again.
    withdrawal_expired = "withdrawal.expired",
}

/// A withdrawal was asked for, and its cash is held; it goes to the bank, or first to review.
pub(super) fn withdrawal_requested(transfer: &Transfer, risk: &Value) -> AuditEvent {
    let kind = match transfer.status {
        TransferStatus::PendingReview => "withdrawal.held_for_review",
        _ => "withdrawal.requested",
    };
    AuditEvent::done(kind).with(Details {
        risk: Some(risk),
        ..details(transfer)
    })
}

/// A bank account was added.
pub(super) fn payee_added(
    payee: &StoredPayee,
    details: &PayeeDetails,
    risk: &Value,
) -> ApiResult<AuditEvent> {
    let added = Payee {
        risk: Some(risk),
        ..of_payee(payee, details)?
    };
    Ok(AuditEvent::done("payee.added").with(added))
}

/// A bank account was removed.
pub(super) fn payee_removed(payee: &StoredPayee, details: &PayeeDetails) -> ApiResult<AuditEvent> {
    Ok(AuditEvent::done("payee.removed").with(of_payee(payee, details)?))
}

fn details(transfer: &Transfer) -> Details<'_> {
    Details {
        transfer: transfer.id,
        amount: transfer.amount,
        currency: transfer.amount.currency().as_str(),
        payee: transfer.payee,
        held_until: transfer.held_until,
        failure: transfer.failure.as_deref(),
        risk: None,
    }
}

fn of_payee<'p>(payee: &StoredPayee, details: &'p PayeeDetails) -> ApiResult<Payee<'p>> {
    Ok(Payee {
        payee: payee.id,
        name: &details.name,
        account: details.masked_number()?,
        usable_from: payee.usable_from,
        risk: None,
    })
}
