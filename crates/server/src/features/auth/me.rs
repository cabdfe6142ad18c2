//! `GET /auth/me`: who is signed in. It reads nothing but what authentication found.

use axum::Json as Answer;

use super::users::UserView;
use crate::{core::actor::SignedIn, http::error::Problem};

#[utoipa::path(
    get, path = "/api/v1/auth/me", tag = "accounts",
    responses((status = 200, body = UserView), (status = 401, body = Problem))
)]
pub(super) async fn me(user: SignedIn) -> Answer<UserView> {
    Answer(UserView {
        id: user.id.as_uuid(),
        email: user.email.as_ref().to_owned(),
        name: user.name.as_deref().map(str::to_owned),
        role: user.role,
    })
}
