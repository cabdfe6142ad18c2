//! `POST /api-keys`: a key for a person's program. Shown once; creating one takes a step-up.

use axum::{Json, extract::State, http::StatusCode};
use jiff::SignedDuration;
use serde::Deserialize;
use stockade_domain::{ids::ApiKeyId, key_scopes::KeyScopes};
use utoipa::ToSchema;

use super::{
    events,
    key::NewKey,
    list::{ApiKeyView, is_alive},
    networks,
    store::{self, NewRow},
};
use crate::{
    app::App,
    core::change::Change,
    http::error::{ApiResult, Problem},
    security::step_up::SteppedUp,
};

/// Living keys a person may have.
const MOST: usize = 25;
/// Longest name, in characters.
const LONGEST_NAME: usize = 100;
/// Life of a key that does not say, and the longest, in days.
const USUAL_DAYS: u16 = 90;
const MOST_DAYS: u16 = 366;

/// What the key is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateApiKey {
    /// For its owner's eyes; 1 to 100 characters.
    #[schema(example = "spreadsheet")]
    name: String,
    /// What it may be used for: any of `market:read`, `account:read`, `trade`, `cash`, `security:read`.
    #[schema(value_type = Vec<String>, min_items = 1, example = json!(["account:read"]))]
    scopes: KeyScopes,
    /// Addresses and networks it may be used from, at most 20; from anywhere when left out.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["203.0.113.7", "10.0.0.0/8"]))]
    networks: Vec<String>,
    /// How many days it lives, 1 to 366; 90 when left out.
    #[schema(minimum = 1, maximum = 366)]
    expires_in_days: Option<u16>,
}

#[utoipa::path(
    post, path = "/api/v1/api-keys", tag = "API keys", request_body = CreateApiKey,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 201, body = ApiKeyView), (status = 403, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn create(
    State(app): State<App>,
    SteppedUp { user, ask }: SteppedUp<CreateApiKey>,
) -> ApiResult<(StatusCode, Json<ApiKeyView>)> {
    let name = checked_name(&ask.name)?;
    let networks = networks::checked(&ask.networks)?;
    let life = life(ask.expires_in_days)?;
    let scopes = ask.scopes;
    let created = app
        .change(&user.clone(), async move |change: &mut Change<'_>| {
            let now = change.now();
            store::lock_all(change, user.id).await?;
            let known = store::of_owner(change, user.id).await?;
            if known.iter().filter(|key| is_alive(key, now)).count() >= MOST {
                let detail = format!("you have {MOST} API keys; revoke one first");
                return Err(Problem::conflict("api_key.too_many", detail).into());
            }
            let key = NewKey::new();
            let row = NewRow {
                id: ApiKeyId::from_uuid(change.new_id()),
                owner: user.id,
                secret_hash: key.hash(),
                hint: key.hint(),
                name: &name,
                scopes,
                networks: &networks,
                created_at: now,
                expires_at: now + life,
            };
            store::insert(change, &row)?;
            let view = ApiKeyView {
                id: row.id.as_uuid(),
                name: name.clone(),
                key: Some(key.as_str().to_owned()),
                hint: row.hint.to_owned(),
                scopes,
                networks: networks.split_whitespace().map(Into::into).collect(),
                created_at: now,
                last_used_at: None,
                expires_at: row.expires_at,
            };
            change.commit(events::created(row.id, &name, scopes, !networks.is_empty()), view)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(created)))
}

fn checked_name(name: &str) -> ApiResult<String> {
    let name = name.trim();
    if (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    let detail = format!("the name must have 1 to {LONGEST_NAME} characters on one line");
    Err(Problem::unprocessable("name.invalid", &*detail)
        .field("name", detail)
        .into())
}

fn life(days: Option<u16>) -> ApiResult<SignedDuration> {
    let days = days.unwrap_or(USUAL_DAYS);
    if (1..=MOST_DAYS).contains(&days) {
        return Ok(SignedDuration::from_hours(i64::from(days) * 24));
    }
    let detail = format!("a key lives 1 to {MOST_DAYS} days");
    Err(Problem::unprocessable("api_key.life", &*detail)
        .field("expires_in_days", detail)
        .into())
}
