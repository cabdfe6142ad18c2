//! What people are told by mail when something happens to their account. The names are part of the API.

use crate::text::words;

words! {
    /// A kind of notice.
    Notice, "kind" {
        /// Failed attempts locked an authenticator.
        SignInLocked = "sign_in_locked",
        /// The right password was given, and the sign-in looked too unlike its owner.
        SignInRefused = "sign_in_refused",
        /// An old or copied token was used; the session was ended.
        SessionTheft = "session_theft",
        /// Somebody signed in from a device that is not known yet.
        NewDevice = "new_device",
        /// A device's id was copied to another device.
        DeviceCompromised = "device_compromised",
        /// A second factor was turned on or off.
        SecondFactor = "second_factor",
        /// Backup codes were made, or one was used.
        BackupCodes = "backup_codes",
        /// A passkey was added or removed, or appears to have been copied.
        Passkeys = "passkeys",
        /// An account elsewhere became a way to sign in, or ceased to be one.
        LinkedSignIns = "linked_sign_ins",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// The owner reported a sign-in that was not theirs.
        NotMeReported = "not_me_reported",
        /// The account was frozen, or is its owner's again.
        AccountRestricted = "account_restricted",
        /// An administrator unlocked the account.
        SignInUnlocked = "sign_in_unlocked",
        /// A device was trusted.
        TrustedDevices = "trusted_devices",
        /// A key that signs requests, or lets a program in, was made.
        SigningKeys = "signing_keys",
        /// Identity data was shown in clear, exported or changed.
        PersonalData = "personal_data",
        /// A confirmation of who one is failed.
        StepUpFailed = "step_up_failed",
        /// A withdrawal was asked for, is held back, or came back.
        Withdrawals = "withdrawals",
        /// A bank account to pay out to was added.
        Payees = "payees",
        /// A price was met that its owner waited for.
        PriceAlerts = "price_alerts",
        /// An order or withdrawal waits for review, or was decided about.
        Reviews = "reviews",
        /// Every sign-in.
        SignIns = "sign_ins",
    }
}

impl Notice {
    /// Whether it always goes out: whoever took an account over must not be able to keep its owner in the dark.
    #[must_use]
    pub fn is_critical(self) -> bool {
        match self {
            Self::SignInLocked
            | Self::SignInRefused
            | Self::SessionTheft
            | Self::NewDevice
            | Self::DeviceCompromised
            | Self::SecondFactor
            | Self::BackupCodes
            | Self::Passkeys
            | Self::LinkedSignIns
            | Self::PasswordChanged
            | Self::NotMeReported
            | Self::AccountRestricted
            | Self::Withdrawals
            | Self::Payees
            | Self::Reviews => true,
            Self::SignInUnlocked
            | Self::TrustedDevices
            | Self::SigningKeys
            | Self::PersonalData
            | Self::StepUpFailed
            | Self::PriceAlerts
            | Self::SignIns => false,
        }
    }

    /// When it is sent, in a customer's words.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::SignInLocked => "Sign-in was locked after failed attempts",
            Self::SignInRefused => "A sign-in with your password looked too unusual and was refused",
            Self::SessionTheft => "Somebody used a copied sign-in of yours",
            Self::NewDevice => "A new device signed in",
            Self::DeviceCompromised => "A device of yours appears to have been copied",
            Self::SecondFactor => "Two-factor sign-in was turned on or off",
            Self::BackupCodes => "Backup codes were made, or one was used",
            Self::Passkeys => "A passkey was added or removed, or appears to have been copied",
            Self::LinkedSignIns => "An account elsewhere was linked for signing in, or unlinked",
            Self::PasswordChanged => "Your password was changed",
            Self::NotMeReported => "You reported a sign-in that was not yours",
            Self::AccountRestricted => {
                "Your account was restricted because somebody else may have got into it"
            }
            Self::SignInUnlocked => "An administrator unlocked your sign-in",
            Self::TrustedDevices => "A device was marked as trusted",
            Self::SigningKeys => "A signing key or an API key was made",
            Self::PersonalData => "Your personal data was shown, exported or changed",
            Self::StepUpFailed => "Somebody failed to confirm that they are you",
            Self::Withdrawals => "A withdrawal was asked for, is held back, or came back",
            Self::Payees => "A bank account to pay out to was added",
            Self::PriceAlerts => "A price you wait for was met",
            Self::Reviews => "An order or withdrawal of yours waits for review, or was decided about",
            Self::SignIns => "Every sign-in",
        }
    }
}
