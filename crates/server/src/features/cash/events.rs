//! What the log says of cash.

use serde::Serialize;
use stockade_domain::money::Money;
use uuid::Uuid;

use crate::core::event::AuditEvent;

#[derive(Serialize)]
struct Details {
    transfer: Uuid,
    amount: Money,
    currency: &'static str,
}

pub(super) fn deposit_settled(transfer: Uuid, amount: Money) -> AuditEvent {
    let currency = amount.currency().as_str();
    AuditEvent::done("deposit.settled").with(Details {
        transfer,
        amount,
        currency,
    })
}
