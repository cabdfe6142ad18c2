//! The person that an API key stands for.

use std::sync::Arc;

use jiff::Timestamp;
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::db::DbResult;

use super::store::{restrictions, users};
use crate::{
    app::App,
    core::actor::{KeyUse, Origin, SignedIn},
    http::error::ApiResult,
};

/// How a key proves who asks: not at all, beyond having been made by them.
const AMR: &str = "api_key";

/// The owner of a key made at `made_at`, as a key lets them in; `None` when they may no longer do anything.
pub async fn key_owner(
    app: &App,
    owner: UserId,
    key: KeyUse,
    made_at: Timestamp,
) -> ApiResult<Option<SignedIn>> {
    let found: DbResult<_> = app
        .read(async move |reader| {
            let living = users::living(reader, owner).await?;
            Ok((living, restrictions::is_restricted(reader, owner).await?))
        })
        .await;
    let (living, restricted) = found?;
    Ok(living.map(|(email, name, role)| SignedIn {
        id: owner,
        session: SessionId::from_uuid(key.id.as_uuid()),
        api_key: Some(key),
        role,
        restricted,
        email: email.into(),
        name: name.map(Into::into),
        device: None,
        amr: Arc::new([AMR.to_owned()]),
        auth_time: made_at,
        origin: Origin::default(),
    }))
}
