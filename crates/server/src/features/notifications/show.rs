//! `GET /notifications`: which kinds of notice go by mail.

use axum::{Json, extract::State};
use stockade_platform::db::DbResult;

use super::choices::{Choices, ChoicesView};
use crate::{app::App, core::actor::SignedIn, http::error::ApiResult};

#[utoipa::path(get, path = "/api/v1/notifications", tag = "notifications", responses((status = 200, body = ChoicesView)))]
pub(super) async fn show(user: SignedIn, State(app): State<App>) -> ApiResult<Json<ChoicesView>> {
    let choices: DbResult<Choices> = app
        .read(async move |reader| Choices::of(reader, user.id).await)
        .await;
    Ok(Json(choices?.view(&app.config)))
}
