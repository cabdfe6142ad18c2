//! The password once more, of somebody who is signed in, before what only they may do: compared outside any unit, held
//! against the account inside. A wrong one counts as a failure of the session, so that whoever took a session over
//! cannot guess on.

use stockade_domain::{ids::UserId, passwords};
use stockade_platform::db::{DbResult, Reader};

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

/// What a wrong password is refused with.
pub(super) const WRONG: &str = "password.wrong";

/// A password that was right a moment ago.
#[derive(Clone)]
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
/// 403 `password.wrong`, also while too many were wrong; 503 when the hashing queue is full.
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
    let normal = passwords::normalize(password).unwrap_or_default();
    let right = app.auth.passwords.compare(normal, &stored).await?.matches;
    let (app, attempt) = (app.clone(), Attempt::Session(user.session));
    let counted = app
        .clone()
        .change(user, async move |change: &mut Change<'_>| {
            users::lock(change, id).await?;
            let guard = lockout::guard(&app, change, id, Authenticator::Password, attempt).await?;
            if right && guard.is_open(change) {
                guard.succeed(change)?;
                return change.commit(events::password_confirmed(id), Ok(()));
            }
            if guard.is_open(change) {
                guard.fail(&app, change).await?;
            }
            change.commit(events::password_not_confirmed(id), Err(wrong(field)))
        })
        .await?;
    counted?;
    Ok(Proven { user: id, stored })
}

fn wrong(field: &'static str) -> Problem {
    let detail = "the password is wrong, or too many were; wait a while before you try again";
    Problem::forbidden(WRONG, detail).field(field, detail)
}

/// The password was replaced while it was being compared.
pub(super) fn replaced() -> Problem {
    Problem::forbidden(WRONG, "the password was changed meanwhile")
}
