//! Identity data: what the law wants to be known of a customer, sealed field by field under the customer's data key.
//!
//! Invariants: nothing is stored that has not its issuer's form; what is shown without step-up is masked; each read in
//! clear is on record with the fields' names and never their values. A field opens only at its place, and says so when
//! it was tampered with. Who gives a number that another account has learns nothing of that; staff do.
//!
//! Table: `profiles`.

mod duplicates;
mod events;
mod field;
mod put;
mod reveal;
mod show;
mod store;
mod view;

use stockade_domain::ids::UserId;
use stockade_platform::db::DbResult;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::view::{BankAccountView, ProfileView};
use crate::{
    app::App,
    core::change::Change,
    http::error::ApiResult,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/profile…`, but for `/profile/export` and DELETE, which are `closing`'s.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::show, put::put).may(Permission::ManageSelf))
        .routes(routes!(reveal::reveal).may(Permission::ManageSelf))
}

/// Everything in clear, for its owner alone. The caller puts it on record.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn in_clear(app: &App, change: &mut Change<'_>, user: UserId) -> ApiResult<ProfileView> {
    let profile = view::read(&app.core.keys, change, user).await?;
    Ok(profile.in_clear())
}

/// Removes everything about a person, tags of the blind index included.
pub async fn forget(change: &mut Change<'_>, user: UserId) -> DbResult<()> {
    store::delete(change, user).await
}
