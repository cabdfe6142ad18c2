//! Erasure's part in accounts: a person can no longer sign in or sign, nothing here names them, and their address is
//! free to be registered again.

use stockade_domain::{email::EmailAddress, ids::UserId};

use super::{
    events::{self, SignedOutOf},
    revocations,
    store::{forgetting, sessions},
};
use crate::{
    app::App,
    core::change::Change,
    http::error::{ApiResult, Problem},
};

/// Ends every session, drops every credential and anonymises the account; answers the address it had. It belongs into
/// the unit that erases the person, and comes first there: what signs is gone before anything else is looked at.
///
/// # Errors
/// 409 `closing.erased` when the account is erased already.
pub async fn forget(app: &App, change: &mut Change<'_>, user: UserId) -> ApiResult<EmailAddress> {
    let erased = || Problem::conflict("closing.erased", "this account is erased already");
    let email = forgetting::lock(change, user).await?.ok_or_else(erased)?;
    forgetting::drop_signing_keys(change, user).await?;
    let now = change.now();
    let ended = sessions::revoke_all(change, user, now).await?;
    change.batch(forgetting::forget(user, &email, now)).await?;
    let event = events::sessions_revoked(SignedOutOf::Erasure, &ended);
    change.also(event.about_erased(user));
    let app = app.clone();
    change.after_commit(async move { revocations::mark(&app, &ended).await });
    Ok(email)
}
