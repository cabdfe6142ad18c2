//! Second factors: an authenticator app, passkeys, and backup codes for when both are lost.

pub(in crate::features::auth) mod backup_code;
pub(in crate::features::auth) mod backup_codes;
pub(in crate::features::auth) mod disable;
pub(in crate::features::auth) mod enrol;
pub(in crate::features::auth) mod mailed_code;
pub(in crate::features::auth) mod prove;
mod qr;
pub(in crate::features::auth) mod totp;

use serde::Serialize;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;

use super::store::{backup_codes as codes, passkeys, totp_secrets};

/// A way to prove more than the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A code of the authenticator app.
    Totp,
    /// A passkey's signature.
    Passkey,
    /// One of the codes on paper.
    BackupCode,
    /// A code that comes by mail: at a sign-in, for those without a second factor, or besides one.
    MailedCode,
    /// The password and a code that comes by mail: for those without a second factor, and in step-up only.
    PasswordAndMail,
}

impl Method {
    /// Its name in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::BackupCode => "backup_code",
            Self::MailedCode => "mailed_code",
            Self::PasswordAndMail => "password_and_mail",
        }
    }
}

/// A person's second factors.
#[derive(Serialize, ToSchema)]
pub struct SecondFactors {
    /// What can be asked for at a sign-in; empty when no second factor is on.
    methods: Vec<Method>,
    /// Backup codes that were not used.
    backup_codes_left: i64,
}

/// A person's second factors.
pub(super) async fn of(on: &mut impl Queryable, user: UserId) -> DbResult<SecondFactors> {
    Ok(SecondFactors {
        methods: methods(on, user).await?,
        backup_codes_left: codes::left(on, user).await?,
    })
}

/// How a person can prove a second factor; empty when none is on.
pub(super) async fn methods(on: &mut impl Queryable, user: UserId) -> DbResult<Vec<Method>> {
    let mut methods = Vec::new();
    if totp_secrets::is_active(on, user).await? {
        methods.push(Method::Totp);
    }
    if passkeys::count(on, user).await? > 0 {
        methods.push(Method::Passkey);
    }
    if !methods.is_empty() && codes::left(on, user).await? > 0 {
        methods.push(Method::BackupCode);
    }
    Ok(methods)
}

/// Whether a second factor is on.
pub async fn is_on(on: &mut impl Queryable, user: UserId) -> DbResult<bool> {
    Ok(!methods(on, user).await?.is_empty())
}
