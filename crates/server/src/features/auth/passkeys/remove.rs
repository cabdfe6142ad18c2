//! `DELETE /auth/passkeys/{id}`: under step-up. When no second factor is left after it, the password must be sent, too:
//! it then stands alone and must be long enough for that (NIST SP 800-63B-4 §3.1.1.2).

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use stockade_domain::ids::PasskeyId;
use utoipa::ToSchema;

use super::{list::unknown, register_start::password_missing};
use crate::{
    app::App,
    core::change::Change,
    features::auth::{
        current_password, events,
        password_rules::{stands_alone, too_short_alone},
        second_factors::{self, Method},
        store::{backup_codes, passkeys, users},
    },
    http::error::{ApiResult, Problem},
    security::step_up::SteppedUp,
};

/// What removing the last second factor takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct RemovePasskey {
    password: Option<String>,
}

#[utoipa::path(
    delete, path = "/api/v1/auth/passkeys/{id}", tag = "passkeys", request_body = Option<RemovePasskey>,
    params(("id" = Uuid, Path), ("X-Step-Up" = Option<String>, Header, description = "A proof for this request.")),
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses(
        (status = 204, description = "Removed."), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem),
    )
)]
pub(in crate::features::auth) async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    SteppedUp { user, ask }: SteppedUp<Option<RemovePasskey>>,
) -> ApiResult<StatusCode> {
    let id: PasskeyId = id.parse().map_err(|_| unknown())?;
    let password = ask.and_then(|ask| ask.password);
    let long_enough = password
        .as_deref()
        .is_some_and(|password| stands_alone(&app, password));
    let confirmed = match &password {
        Some(password) => Some(current_password::check(&app, &user, password, "password").await?),
        None => None,
    };
    app.clone()
        .change(&user.clone(), async move |change: &mut Change<'_>| {
            match &confirmed {
                Some(confirmed) if !confirmed.still_holds(change).await? => {
                    let event = events::password_not_confirmed(user.id);
                    return change.refuse(event, current_password::replaced());
                }
                Some(_) => {}
                None => drop(users::lock(change, user.id).await?),
            }
            if !passkeys::delete(change, user.id, id).await? {
                return Err(unknown());
            }
            let now = change.now();
            users::credentials_changed(change, user.id, now)?;
            if !second_factors::is_on(change, user.id).await? {
                if confirmed.is_none() {
                    return Err(password_missing());
                }
                if !long_enough {
                    return Err(too_short_alone(&app).into());
                }
                backup_codes::delete(change, user.id)?;
            }
            if passkeys::count(change, user.id).await? == 0 {
                change.also(events::second_factor_disabled(user.id, Method::Passkey));
            }
            change.commit(events::passkey_removed(user.id, id), ())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
