//! `POST /api/admin/webhooks`: a new webhook. Its secret is shown in the answer and never again.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_platform::{db::DbError, web_client::WebRequest};
use utoipa::ToSchema;

use super::{
    events,
    message::is_filter,
    secret::{Secret, place},
    store::{self, Webhook},
    view::WebhookView,
};
use crate::{
    app::App,
    core::{change::Change, keys::PLATFORM},
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::roles::Administrator,
};

/// Webhooks at most.
const MOST: usize = 50;
/// Longest address, and most filters.
const LONGEST_URL: usize = 2_000;
const MOST_KINDS: usize = 100;

/// Where, and about what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    /// An https address.
    #[schema(example = "https://receiver.example/stockade")]
    url: String,
    /// Kinds, families such as `order.*`, or `*`, which is usual.
    #[serde(default = "everything")]
    kinds: Vec<String>,
}

fn everything() -> Vec<String> {
    vec!["*".to_owned()]
}

#[utoipa::path(
    post, path = "/api/admin/webhooks", tag = "administration", request_body = Create,
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 201, body = WebhookView), (status = 403, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn create(
    admin: Administrator,
    State(app): State<App>,
    Json(ask): Json<Create>,
) -> ApiResult<(StatusCode, Answer<WebhookView>)> {
    let host = checked(&ask)?;
    let by = admin.id;
    let view = app
        .change(&*admin, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                if store::all(change).await?.len() >= MOST {
                    let detail = format!("there are {MOST} webhooks; delete one first");
                    return Err(Problem::conflict("webhook.too_many", detail).into());
                }
                let secret = Secret::new();
                let webhook = Webhook {
                    id: change.new_id(),
                    url: ask.url.clone(),
                    kinds: ask.kinds.clone(),
                    created_at: change.now(),
                    failing_since: None,
                    disabled_at: None,
                    disabled_why: None,
                };
                let Some(key) = app.core.keys.of(change, PLATFORM).await? else {
                    return Err(DbError::Fault("the platform's own data key is missing".into()).into());
                };
                let sealed = key.seal(&place(&webhook.id), secret.bytes());
                store::insert(change, &webhook, &sealed, by)?;
                let event = events::created(webhook.id, &host, &webhook.kinds);
                change.commit(event, WebhookView::of(webhook, Some(secret.shown().to_string())))
            }
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(view)))
}

/// The host of an address that can be asked, with sound filters. Whether it may be reached is judged at each delivery.
fn checked(ask: &Create) -> ApiResult<String> {
    let refused = |code, field: &str, detail: &str| Problem::unprocessable(code, detail).field(field, detail);
    let request = WebRequest::get(&ask.url)
        .ok()
        .filter(|_| ask.url.len() <= LONGEST_URL);
    let Some(request) = request else {
        return Err(refused(
            "webhook.url_invalid",
            "url",
            "write an https address without a password",
        )
        .into());
    };
    let kinds = &ask.kinds;
    if kinds.is_empty() || kinds.len() > MOST_KINDS || !kinds.iter().all(|kind| is_filter(kind)) {
        let detail = "name 1 to 100 kinds, such as order.filled, order.* or *";
        return Err(refused("webhook.kinds_invalid", "kinds", detail).into());
    }
    Ok(request.host().to_owned())
}
