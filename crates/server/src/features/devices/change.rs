//! `PATCH /devices/{id}`: its owner names a device, or says that they trust it.
//!
//! Trust lets later sign-ins from the device off the second factor. So it takes a session that was opened with one, or a
//! step-up. Otherwise whoever got hold of a password alone could make their own device a trusted one.

use axum::{
    Json as Answer,
    extract::{FromRequest as _, Path, Request, State},
};
use serde::Deserialize;
use stockade_domain::ids::DeviceId;
use utoipa::ToSchema;

use super::{events, sealed::Details, store, view::DeviceView};
use crate::{
    app::App,
    core::{
        actor::{Actor, SignedIn},
        change::Change,
        sealed::key_of,
    },
    http::{
        error::{ApiError, ApiResult, Problem},
        json,
    },
    security::step_up::SteppedUp,
};

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// What is to be different. What is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeDevice {
    /// 1 to 100 characters.
    #[schema(example = "my laptop")]
    name: Option<String>,
    /// Trusting takes a session with a second factor, or a step-up.
    trusted: Option<bool>,
}

#[utoipa::path(
    patch, path = "/api/v1/devices/{id}", tag = "devices", request_body = ChangeDevice, params(("id" = uuid::Uuid, Path), ("X-Step-Up" = Option<String>, Header)),
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 200, body = DeviceView), (status = 403, body = Problem), (status = 404, body = Problem))
)]
pub(super) async fn change(
    State(app): State<App>,
    user: SignedIn,
    Path(id): Path<String>,
    request: Request,
) -> ApiResult<Answer<DeviceView>> {
    let device: DeviceId = id.parse().map_err(|_| unknown())?;
    let (ask, request) =
        json::read_ahead::<ChangeDevice>(request, app.config.server.body_limit_bytes).await?;
    let name = ask.name.as_deref().map(checked_name).transpose()?;
    let trusted = ask.trusted;
    if name.is_none() && trusted.is_none() {
        let detail = "say what is to change: name, trusted, or both";
        return Err(Problem::unprocessable("device.nothing_to_change", detail).into());
    }
    let actor = if trusted == Some(true) && !user.has_second_factor() {
        Actor::from(&SteppedUp::<ChangeDevice>::from_request(request, &app).await?.user)
    } else {
        Actor::from(&user)
    };
    let view = app
        .change(actor, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let Some(mut stored) = store::by_id(change, user.id, device).await? else {
                    return Err(unknown());
                };
                let key = key_of(&app.core.keys, change, user.id).await?;
                let mut details = Details::open(&key, user.id, device, &stored.sealed)?;
                if trusted == Some(true) && details.id_is_foreign {
                    return Err(not_ours());
                }
                let now = change.now();
                details.name = name.clone().or(details.name);
                stored.trusted_at = match trusted {
                    Some(true) => stored.trusted_at.or(Some(now)),
                    Some(false) => None,
                    None => stored.trusted_at,
                };
                store::set_owners_wishes(
                    change,
                    user.id,
                    device,
                    details.seal(&key, device),
                    stored.trusted_at,
                )?;
                let shown = details.shown_name();
                let view = DeviceView::new(&stored, &details, user.device);
                match trusted {
                    None => change.commit(events::renamed(device, &shown), view),
                    Some(trusted) => {
                        if name.is_some() {
                            change.also(events::renamed(device, &shown));
                        }
                        change.commit(events::trusted(device, &shown, trusted), view)
                    }
                }
            }
        })
        .await?;
    Ok(Answer(view))
}

fn checked_name(name: &str) -> ApiResult<String> {
    let name = name.trim();
    let sound = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if sound {
        return Ok(name.to_owned());
    }
    let detail = format!("a name has 1 to {LONGEST_NAME} characters");
    Err(Problem::unprocessable("device.invalid_name", &*detail)
        .field("name", detail)
        .into())
}

fn unknown() -> ApiError {
    Problem::not_found("device.unknown", "you have no device with this id").into()
}

fn not_ours() -> ApiError {
    let detail = "this device named itself, so others could guess its name; leave X-Device-Id out at a sign-in, and keep \
                  the cookie you are given";
    Problem::conflict("device.weak_id", detail).into()
}
