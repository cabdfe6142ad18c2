//! A typed code, of the app or from paper, held against a person's second factors, and counted.

use stockade_domain::ids::UserId;

use super::{
    Method, backup_code,
    totp::{self, Which},
};
use crate::{
    app::App,
    core::change::Change,
    features::auth::{
        events,
        lockout::{self, Attempt, Authenticator},
    },
    http::error::ApiResult,
};

/// Which factor the code proves, if it is right, was not used before, and its authenticator is not locked. The caller
/// has locked the user's row and commits either way.
pub(in crate::features::auth) async fn prove(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    code: &str,
    attempt: Attempt,
) -> ApiResult<Option<Method>> {
    let (authenticator, method) = if backup_code::looks_like_one(code) {
        (Authenticator::BackupCode, Method::BackupCode)
    } else {
        (Authenticator::Totp, Method::Totp)
    };
    let guard = lockout::guard(change, user, authenticator, attempt).await?;
    if guard.is_open(change) {
        let right = match method {
            Method::BackupCode => backup_code::verify(app, change, user, code).await?,
            _ => totp::verify(app, change, user, code, Which::Active).await?,
        };
        if right {
            guard.succeed(change)?;
            return Ok(Some(method));
        }
        guard.fail(app, change).await?;
    }
    change.also(events::second_factor_failed(user, authenticator));
    Ok(None)
}
