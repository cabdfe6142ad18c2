//! Signing in: the first factor, the second where one is on, and the session that both lead to.

pub(super) mod answer;
pub(super) mod challenge;
pub(super) mod enter;
pub(super) mod finish;
pub(super) mod login;
pub(super) mod second_factor;
pub(super) mod session;

use stockade_domain::ids::UserId;

use crate::features::devices::DeviceReport;

/// Somebody whose first factor was right.
#[derive(Clone)]
pub(super) struct Recognised {
    pub(super) user: UserId,
    /// What was proven, words with blanks between them (RFC 8176).
    pub(super) amr: String,
    /// What binds the sign-in to the device that began it.
    pub(super) binding: [u8; 32],
    /// What that device said of itself.
    pub(super) report: Option<DeviceReport>,
    /// Failures on the account in the window that locks, before it began; they count until it ends.
    pub(super) failures: u32,
}
