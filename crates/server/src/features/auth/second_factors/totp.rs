//! One code of an authenticator app (RFC 6238: SHA-1, six digits, steps of 30 seconds, as it comes one step of clock
//! drift either way). Each step is accepted once, by a conditional update.

use secrecy::ExposeSecret as _;
use stockade_domain::ids::UserId;
use stockade_platform::vault::Place;
use totp_rs::{Algorithm, Builder, Totp};

use crate::{
    app::App,
    core::{change::Change, sealed},
    features::auth::store::totp_secrets,
    http::error::ApiResult,
};

/// What an authenticator app calls us.
const ISSUER: &str = "Stockade";

/// Whether this is a code of the person's app that was not used before. It cannot be used again if the unit commits.
pub(in crate::features::auth) async fn verify(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    code: &str,
    which: Which,
) -> ApiResult<bool> {
    let Some(stored) = totp_secrets::of(change, user).await? else {
        return Ok(false);
    };
    if stored.active != (which == Which::Active) {
        return Ok(false);
    }
    let key = sealed::key_of(&app.core.keys, change, user).await?;
    let row = user.as_uuid().into_bytes();
    let secret = sealed::open(&key, user, &place(&row), &stored.sealed_secret)?;
    let app_of_user = authenticator(app, secret.expose_secret(), "");
    let time = u64::try_from(change.now().as_second()).unwrap_or_default();
    let Some(step) = app_of_user.check(&digits(code), time) else {
        return Ok(false);
    };
    Ok(totp_secrets::use_step(change, user, i64::try_from(step).unwrap_or(i64::MAX)).await?)
}

/// Which secret a code is held against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::features::auth) enum Which {
    /// The one that signs in.
    Active,
    /// The one that is yet to be verified.
    Pending,
}

/// The authenticator app with this secret.
pub(super) fn authenticator(app: &App, secret: &[u8], account: &str) -> Totp {
    built(app.config.second_factors.totp_drift_steps, secret, account)
}

fn built(drift_steps: u16, secret: &[u8], account: &str) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(drift_steps)
        .with_step_duration(30)
        .with_secret(secret.to_vec())
        .with_issuer(Some(ISSUER))
        .with_account_name(account.replace(':', " "))
        .build_noncompliant()
}

pub(super) fn place(user: &[u8]) -> Place<'_> {
    Place {
        table: "totp_secrets",
        column: "sealed_secret",
        row: user,
    }
}

/// People type codes in groups.
fn digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 Appendix B, SHA-1; the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let app = built(1, b"12345678901234567890", "ana@example.com");
        let strict = built(0, b"12345678901234567890", "ana@example.com");
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(app.check(code, time), Some(time / 30), "{time}");
            assert_eq!(app.check(code, time + 30), Some(time / 30), "one step late");
            assert_eq!(app.check(code, time - 30), Some(time / 30), "one step early");
            assert_eq!(app.check(code, time + 60), None, "two steps late");
            assert_eq!(strict.check(code, time), Some(time / 30));
            assert_eq!(strict.check(code, time + 30), None, "one step late");
        }
    }

    #[test]
    fn codes_may_be_typed_in_groups() {
        assert_eq!(digits(" 123 456"), "123456");
        assert_eq!(digits("123-456"), "123456");
    }
}
