//! `GET /profile`: identity data, masked.

use axum::{Json as Answer, extract::State};
use std::sync::Arc;
use stockade_platform::db::Reader;

use super::view::{self, ProfileView};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::error::{ApiResult, Problem},
};

/// One's identity data, masked.
#[utoipa::path(
    get, path = "/api/v1/profile", tag = "profile",
    responses((status = 200, body = ProfileView), (status = 401, body = Problem))
)]
pub(super) async fn show(user: SignedIn, State(app): State<App>) -> ApiResult<Answer<ProfileView>> {
    let (core, id) = (Arc::clone(&app.core), user.id);
    let look = async move |reader: &mut Reader| view::read(&core.keys, reader, id).await;
    let profile = app.core.read_as(&user, look).await?;
    Ok(Answer(profile.masked()))
}
