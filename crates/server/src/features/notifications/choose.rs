//! `PUT /notifications`: chooses which kinds of notice go by mail. Kinds that are not named stay as they are.

use axum::{Json as Answer, extract::State};
use serde::Deserialize;
use stockade_domain::notices::Notice;
use utoipa::ToSchema;

use super::{
    choices::{Choices, ChoicesView},
    events, store,
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::{
        error::{ApiError, ApiResult, Problem},
        json::Json,
    },
};

/// What is to go by mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Choose {
    items: Vec<Choice>,
}

/// One kind.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    #[schema(value_type = String, example = "sign_ins")]
    kind: Notice,
    by_mail: bool,
}

#[utoipa::path(
    put, path = "/api/v1/notifications", tag = "notifications", request_body = Choose,
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 200, body = ChoicesView), (status = 422, body = Problem))
)]
pub(super) async fn choose(
    user: SignedIn,
    State(app): State<App>,
    Json(ask): Json<Choose>,
) -> ApiResult<Answer<ChoicesView>> {
    if let Some(locked) = ask
        .items
        .iter()
        .find(|choice| choice.kind.is_critical() && !choice.by_mail)
    {
        return Err(always_sent(locked.kind));
    }
    let (owner, this) = (user.id, app.clone());
    let choices = app
        .change(&user, async move |change: &mut Change<'_>| {
            // An erasure at the same moment waits, and then finds what is stored here; after it nothing is stored.
            if this.core.keys.hold(change, owner.as_uuid()).await?.is_none() {
                return Err(ended());
            }
            for choice in ask.items.iter().filter(|choice| !choice.kind.is_critical()) {
                store::choose(change, owner, choice.kind, choice.by_mail)?;
            }
            let choices = Choices::of(change, owner).await?;
            let chosen = ask.items.iter().map(|choice| (choice.kind, choice.by_mail));
            change.commit(events::chosen(chosen), choices)
        })
        .await?;
    Ok(Answer(choices.view(&app.config)))
}

fn ended() -> ApiError {
    Problem::unauthorized("token.revoked", "this session has ended; sign in again").into()
}

fn always_sent(kind: Notice) -> ApiError {
    let detail =
        format!("{kind} is always sent, so that nobody can keep you in the dark about your own account");
    Problem::unprocessable("notification.always_sent", &*detail)
        .field("items", detail)
        .into()
}
