//! `POST /profile/reveal`: identity data in clear, for its owner, after step-up. Each read is on record.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json as Answer, extract::State};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{events, field::Field, view};
use crate::{
    app::App,
    core::change::Change,
    http::error::{ApiError, ApiResult, Problem},
    security::step_up::SteppedUp,
};

/// Which fields.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reveal {
    /// At least one; each counts once.
    fields: BTreeSet<Field>,
}

/// Fields in clear; null where nothing was given. Wants a step-up.
#[utoipa::path(
    post, path = "/api/v1/profile/reveal", tag = "profile", request_body = Reveal,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 200, body = BTreeMap<String, Object>), (status = 403, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn reveal(
    State(app): State<App>,
    SteppedUp { user, ask }: SteppedUp<Reveal>,
) -> ApiResult<Answer<BTreeMap<&'static str, Value>>> {
    let fields: Vec<Field> = ask.fields.into_iter().collect();
    if fields.is_empty() {
        let detail = "name at least one field";
        return Err(Problem::unprocessable("profile.no_fields", detail)
            .field("fields", detail)
            .into());
    }
    let id = user.id;
    let revealed = app
        .change(&user, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let profile = view::read(&app.core.keys, change, id).await?.in_clear();
                let mut all = serde_json::to_value(&profile)
                    .map_err(|error| ApiError::Fault(format!("a profile has no JSON form: {error}")))?;
                let revealed = fields
                    .iter()
                    .map(|field| (field.column(), all[field.column()].take()))
                    .collect();
                change.commit(events::revealed(&fields), revealed)
            }
        })
        .await?;
    Ok(Answer(revealed))
}
