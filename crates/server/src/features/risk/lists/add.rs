//! `POST /api/admin/security/lists`: an analyst blocks, watches or allows something, with a reason.

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{List, What, show::LineView};
use crate::{
    app::App,
    config::Network,
    core::change::Change,
    features::risk::{
        events,
        store::{self, lists::Line},
    },
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::roles::CaseWorker,
};

/// Lines in force at most: each assessment looks through the networks among them.
const MOST: i64 = 10_000;

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// A new line.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::risk) struct AddLine {
    list: List,
    what: What,
    /// An address or network, a number of an autonomous system, a country's code, or an id.
    #[schema(example = "198.51.100.0/24")]
    value: String,
    /// Why; colleagues read it.
    #[schema(example = "password spray on 12 May")]
    reason: String,
    /// From then on it counts no more. Without it, it stays until it is removed.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

#[utoipa::path(
    post, path = "/api/admin/security/lists", tag = "operations desk", request_body = AddLine,
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 201, body = LineView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem))
)]
pub(in crate::features::risk) async fn add(
    worker: CaseWorker,
    State(app): State<App>,
    Json(ask): Json<AddLine>,
) -> ApiResult<(StatusCode, Answer<LineView>)> {
    let value = checked(&ask, app.clock.now())?;
    let by = worker.id.as_uuid();
    let view = app
        .change(&*worker, async move |change: &mut Change<'_>| {
            let now = change.now();
            if store::lists::count(change, now).await? >= MOST {
                let detail = format!("there are {MOST} lines in force; remove some first");
                return Err(Problem::conflict("list.too_long", detail).into());
            }
            let line = Line {
                id: change.new_id(),
                list: ask.list.as_str().to_owned(),
                what: ask.what.as_str().to_owned(),
                value: value.clone(),
                reason: ask.reason.trim().to_owned(),
                added_by: by,
                added_at: now,
                expires_at: ask.expires_at,
            };
            store::lists::insert(&line).later(change)?;
            store::lists_changed().later(change)?;
            let event = events::line_added(&line);
            change.commit(event, LineView::of(line))
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(view)))
}

/// The value in the form in which it is compared.
fn checked(ask: &AddLine, now: Timestamp) -> ApiResult<String> {
    let refused =
        |field: &str, detail: &str| Problem::unprocessable("list.invalid", detail).field(field, detail);
    let reason = ask.reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(refused("reason", "say why, in up to 500 characters").into());
    }
    if ask.expires_at.is_some_and(|end| end <= now) {
        return Err(refused("expires_at", "is over already; write a time to come").into());
    }
    let text = ask.value.trim();
    let value = match ask.what {
        What::Address => match text.parse::<Network>() {
            Ok(network) if !network.is_everybody() => Some(text.to_owned()),
            _ => None,
        },
        What::Network => {
            let number = text.trim_start_matches(['A', 'S', 'a', 's']);
            number.parse::<u32>().ok().map(|number| number.to_string())
        }
        What::Country => {
            let code = text.to_uppercase();
            (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(code)
        }
        What::Device | What::Payee => text.parse::<Uuid>().ok().map(|id| id.to_string()),
    };
    value.ok_or_else(|| {
        let detail = match ask.what {
            What::Address => "write an address or a network, as in 203.0.113.7 or 198.51.100.0/24",
            What::Network => "write the number of an autonomous system, as in 64500",
            What::Country => "write a country's code in two letters, as in NO",
            What::Device | What::Payee => "write an id",
        };
        refused("value", detail).into()
    })
}
