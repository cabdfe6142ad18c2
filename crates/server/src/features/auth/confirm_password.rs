//! The password once more, of somebody who is signed in: compared outside any unit, held against the account inside.

use stockade_domain::passwords;
use stockade_platform::db::DbResult;

use super::{
    events,
    lockout::{self, Attempt, Authenticator},
    store::users,
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::error::{ApiError, ApiResult, Problem},
};

/// A password that was right when it was compared.
#[derive(Clone)]
pub(super) struct ConfirmedPassword {
    hash: String,
}

/// Compares the password; a wrong one counts as a failure of this session.
///
/// # Errors
/// 401 `password.wrong`, also while too many were wrong; 503 when hashing is busy.
pub(super) async fn confirm_password(
    app: &App,
    user: &SignedIn,
    password: &str,
) -> ApiResult<ConfirmedPassword> {
    let id = user.id;
    let stored: DbResult<_> = app
        .read(async move |reader| users::password_hash(reader, id).await)
        .await;
    let hash = stored?.ok_or_else(|| ApiError::from(wrong()))?;
    let normal = passwords::normalize(password).unwrap_or_default();
    let right = app.auth.passwords.compare(normal, Some(&hash)).await?.matches;
    let counted = app
        .change(user, {
            let user = user.clone();
            async move |change: &mut Change<'_>| {
                users::lock(change, user.id).await?;
                let attempt = Attempt::Session(user.session);
                let guard = lockout::guard(change, user.id, Authenticator::Password, attempt).await?;
                if right && guard.is_open(change) {
                    guard.succeed(change)?;
                    return change.commit(events::password_confirmed(user.id), Ok(()));
                }
                if guard.is_open(change) {
                    guard.fail(change)?;
                }
                change.commit(
                    events::password_not_confirmed(user.id),
                    Err(ApiError::from(wrong())),
                )
            }
        })
        .await?;
    counted?;
    Ok(ConfirmedPassword { hash })
}

impl ConfirmedPassword {
    /// Locks the user, and tells whether the password is still the one that was compared.
    pub(super) async fn still_holds(
        &self,
        change: &mut Change<'_>,
        user: &SignedIn,
    ) -> DbResult<Result<(), Problem>> {
        let current = users::lock(change, user.id).await?;
        let same = current.is_some_and(|current| !current.disabled && current.password_hash == self.hash);
        Ok(if same { Ok(()) } else { Err(wrong()) })
    }
}

fn wrong() -> Problem {
    let detail = "the password is wrong, or too many were wrong; after five, wait a quarter of an hour";
    Problem::unauthorized("password.wrong", detail)
}
