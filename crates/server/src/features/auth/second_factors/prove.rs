//! A proof, typed or signed, held against a person's second factors, and counted.

use stockade_domain::ids::UserId;

use super::{
    Method, backup_code,
    mailed_code::MailedCode,
    totp::{self, Which},
};
use crate::{
    app::App,
    core::change::Change,
    features::auth::{
        events,
        lockout::{self, Attempt, Authenticator},
        passkeys::{self, assertion::Asserted},
    },
    http::error::{ApiResult, Problem},
};

/// What somebody shows for a second factor.
pub(in crate::features::auth) enum Proof {
    /// Of the app, or from paper.
    Code(String),
    /// Of a mail.
    Mailed(MailedCode),
    /// A passkey's signature.
    Passkey(Asserted),
}

impl Proof {
    /// Which factor it proves, if any. The caller has locked the user's row and commits either way.
    pub(in crate::features::auth) async fn prove(
        &self,
        app: &App,
        change: &mut Change<'_>,
        user: UserId,
        attempt: Attempt,
    ) -> ApiResult<Option<Method>> {
        match self {
            Self::Code(code) => prove(app, change, user, code, attempt).await,
            Self::Mailed(mailed) => {
                let proven = mailed.prove(app, change, user, attempt).await?;
                Ok(proven.then_some(Method::MailedCode))
            }
            Self::Passkey(asserted) => {
                let proven = asserted.prove(app, change, user, attempt).await?;
                Ok(proven.then_some(Method::Passkey))
            }
        }
    }

    /// The refusal of a proof that was not one; a wrong code has the given.
    pub(in crate::features::auth) fn refusal(&self, wrong_code: fn() -> Problem) -> Problem {
        match self {
            Self::Code(_) | Self::Mailed(_) => wrong_code(),
            Self::Passkey(_) => passkeys::refused(),
        }
    }
}

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
    let guard = lockout::guard(app, change, user, authenticator, attempt).await?;
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
