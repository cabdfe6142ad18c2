//! What the log says of corporate actions.

use serde_json::{Value, json};
use stockade_domain::{corporate_actions::Terms, ids::UserId};

use super::Action;
use crate::{core::event::AuditEvent, features::portfolio::ActionEffect};

/// An operator announced an action.
pub(super) fn announced(action: &Action) -> AuditEvent {
    AuditEvent::done("corporate_action.announced").with(details(action))
}

/// An action changed what somebody holds.
pub(super) fn applied(owner: UserId, action: &Action, effect: &ActionEffect) -> AuditEvent {
    let mut details = details(action);
    details["shares_before"] = json!(effect.before);
    details["shares_after"] = json!(effect.after);
    details["cash"] = json!(effect.cash);
    AuditEvent::done("corporate_action.applied")
        .about(owner)
        .with(details)
}

/// An action was applied to everybody.
pub(super) fn completed(action: &Action) -> AuditEvent {
    AuditEvent::done("corporate_action.completed").with(details(action))
}

fn details(action: &Action) -> Value {
    let mut details = json!({
        "corporate_action": action.id,
        "symbol": action.symbol,
        "effective_at": action.effective_at,
    });
    match action.terms {
        Terms::Split { ratio, cash_in_lieu } => {
            details["split"] = json!(ratio.to_string());
            details["cash_in_lieu_price"] = json!(cash_in_lieu);
        }
        Terms::CashDividend { per_share } => details["dividend_per_share"] = json!(per_share),
    }
    details
}
