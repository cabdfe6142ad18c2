//! A code of eight digits that goes out by mail. Only a keyed hash of it is stored, bound to what it was mailed for.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use stockade_domain::ids::UserId;
use stockade_platform::random;

use crate::{
    app::App,
    core::change::Change,
    features::auth::{
        events,
        lockout::{self, Attempt, Authenticator},
    },
    http::error::ApiResult,
};

/// Eight digits. Of the numbers below 10^8 none is likelier by more than one in 10^11.
pub(in crate::features::auth) fn new() -> String {
    let number = u64::from_be_bytes(random::bytes()) % 100_000_000;
    format!("{number:08}")
}

/// What is stored of a code; `of` names what it was mailed for.
pub(in crate::features::auth) fn hash(app: &App, of: &[u8], code: &str) -> [u8; 32] {
    app.auth.mailed_code_key.tag_parts(&[of, code.trim().as_bytes()])
}

/// A code that was typed to finish a sign-in.
pub(in crate::features::auth) struct MailedCode {
    pub(in crate::features::auth) code: String,
    /// The hash of the challenge it was mailed for.
    pub(in crate::features::auth) challenge: [u8; 32],
    pub(in crate::features::auth) expected: [u8; 32],
}

impl MailedCode {
    /// Whether it is the one that was mailed and may be tried. The caller has locked the user's row and commits either
    /// way.
    pub(in crate::features::auth) async fn prove(
        &self,
        app: &App,
        change: &mut Change<'_>,
        user: UserId,
        attempt: Attempt,
    ) -> ApiResult<bool> {
        let guard = lockout::guard(app, change, user, Authenticator::MailedCode, attempt).await?;
        if guard.is_open(change) {
            let given = hash(app, &self.challenge, &self.code);
            if verify_slices_are_equal(&given, &self.expected).is_ok() {
                guard.succeed(change)?;
                return Ok(true);
            }
            guard.fail(app, change).await?;
        }
        change.also(events::second_factor_failed(user, Authenticator::MailedCode));
        Ok(false)
    }
}
