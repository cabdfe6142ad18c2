//! Asking somebody who is signed in for their password once more, before what only they may do.

use stockade_domain::{ids::UserId, passwords};
use stockade_platform::db::{DbResult, Reader};

use super::{events, store::users};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::error::{ApiError, ApiResult, Problem},
};

/// What a wrong password is refused with.
pub(super) const WRONG: &str = "password.wrong";

/// A password that was right a moment ago.
pub(super) struct Proven {
    user: UserId,
    stored: String,
}

impl Proven {
    /// Whether it still is. Keeps it so until the unit ends.
    pub(super) async fn still_holds(&self, change: &mut Change<'_>) -> DbResult<bool> {
        let current = users::lock(change, self.user).await?;
        Ok(current.is_some_and(|current| !current.disabled && current.password_hash == self.stored))
    }
}

/// Compares a password with the person's own; `field` is where it stood in the request.
///
/// # Errors
/// 403 `password.wrong`; 503 when the hashing queue is full.
pub(super) async fn check(
    app: &App,
    user: &SignedIn,
    password: &str,
    field: &'static str,
) -> ApiResult<Proven> {
    let id = user.id;
    let stored: DbResult<Option<String>> = app
        .read(async move |reader: &mut Reader| users::password_hash(reader, id).await)
        .await;
    let stored = stored?.ok_or_else(|| ApiError::Fault(format!("{id} has no password")))?;
    let password = passwords::normalize(password).unwrap_or_default();
    if app.auth.passwords.compare(password, Some(&stored)).await?.matches {
        return Ok(Proven { user: id, stored });
    }
    app.change(user, async move |change: &mut Change<'_>| {
        let problem =
            Problem::forbidden(WRONG, "the password is wrong").field(field, "the password is wrong");
        change.refuse(events::password_change_refused(WRONG), problem)
    })
    .await
}

/// The password was replaced while it was being compared.
pub(super) fn replaced() -> Problem {
    Problem::forbidden(WRONG, "the password was changed meanwhile")
}
