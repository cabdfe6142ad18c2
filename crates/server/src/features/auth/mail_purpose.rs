//! What a mailed link is for. A link made for one purpose is good for no other.

use std::str::FromStr;

use serde::Serialize;

/// What a mail with a link was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MailPurpose {
    /// Somebody registered.
    ConfirmAddress,
    /// Somebody registered and asks for the link once more.
    ResendConfirmation,
    /// Somebody forgot their password.
    ResetPassword,
    /// Somebody wants to sign in with another address.
    ChangeEmail,
    /// Sign-ins failed so often that the owner must confirm before the next.
    ConfirmSignIns,
}

impl MailPurpose {
    const ALL: [Self; 5] = [
        Self::ConfirmAddress,
        Self::ResendConfirmation,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::ConfirmSignIns,
    ];

    /// As it is stored.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "confirm_address",
            Self::ResendConfirmation => "resend_confirmation",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
            Self::ConfirmSignIns => "confirm_sign_ins",
        }
    }
}

impl FromStr for MailPurpose {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
            .ok_or(())
    }
}
