//! `GET /events`: what happens to one's own orders, cash and account, as it happens.

use axum::{extract::State, response::Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    app::App,
    core::audit::entries::EntryView,
    http::{
        error::{ApiResult, Problem},
        query::Query,
        stream::{Listener, Tell, Told, Whose},
    },
};

/// What is told under which name, by the family of its kind. What stands here in no line is not told.
const FAMILIES: &[(&str, &[&str])] = &[
    ("order", &["order"]),
    ("cash", &["cash", "deposit", "payee", "withdrawal"]),
    (
        "security",
        &[
            "account",
            "api_key",
            "backup_code",
            "backup_codes",
            "device",
            "email",
            "oidc",
            "passkey",
            "password",
            "profile",
            "second_factor",
            "session",
            "sign_in",
            "signing_key",
            "step_up",
        ],
    ),
];
/// What people's own programs do all day, and nobody waits to hear.
const NOT_TOLD: &[&str] = &[
    "password.rehashed",
    "second_factor.pending",
    "session.refresh_refused",
    "session.refreshed",
];

/// From where on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// The number of the event seen last, for clients that cannot send `Last-Event-ID`, which counts before it.
    after: Option<u64>,
}

/// Something that happened, as the person it concerns is told.
#[derive(Serialize)]
struct Happened<'a> {
    seq: u64,
    id: Uuid,
    at: Timestamp,
    kind: &'a str,
    outcome: Option<&'a str>,
    /// Whether somebody of the staff did it.
    by_staff: bool,
    details: &'a Value,
}

/// Updates of one's own orders (`order`), of cash (`cash`), and security notices (`security`), as server-sent events. The
/// id of each is its number in the log, so whoever comes back with `Last-Event-ID` misses nothing; the end of the session
/// is told by an event `end`.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "notifications",
    params(Ask, ("Last-Event-ID" = Option<u64>, Header, description = "The number of the event seen last.")),
    responses(
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem),
    ),
)]
pub(super) async fn follow(
    listener: Listener,
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<Response> {
    let (user, person) = (listener.user.id, listener.user.id.as_uuid());
    let tell: Tell = Box::new(move |entry| match name_of(&entry.kind) {
        Some(name) => told(name, &entry.for_subject(person)).map(Some),
        None => Ok(None),
    });
    listener.follow(&app, ask.after, Whose::Of(user), tell).await
}

fn told(name: &'static str, entry: &EntryView) -> ApiResult<Told> {
    let happened = Happened {
        seq: entry.seq,
        id: entry.id,
        at: entry.at,
        kind: &entry.kind,
        outcome: entry.outcome.as_deref(),
        by_staff: entry.actor.as_deref() == Some("staff"),
        details: &entry.details,
    };
    Told::new(name, &happened)
}

/// Under which name a kind is told.
fn name_of(kind: &str) -> Option<&'static str> {
    if NOT_TOLD.contains(&kind) {
        return None;
    }
    let (family, _) = kind.split_once('.')?;
    let told = FAMILIES.iter().find(|(_, families)| families.contains(&family));
    told.map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn orders_cash_and_security_are_told_and_nothing_else() {
        assert_eq!(name_of("order.filled"), Some("order"));
        assert_eq!(name_of("deposit.settled"), Some("cash"));
        assert_eq!(name_of("session.stolen"), Some("security"));
        for kind in ["session.refreshed", "request.refused", "audit.read", "order", ""] {
            assert_eq!(name_of(kind), None, "{kind}");
        }
    }
}
