//! Failures and locks of authenticators, in the database, so that they survive a restart and hold on every instance.
//!
//! Invariant: whoever counts holds the lock on the user's row, so of many guesses at once none goes uncounted. Being
//! locked is no news to the client: the answer is that of a wrong password (ASVS 6.3.8).

use jiff::Timestamp;
use stockade_domain::{
    ids::{SessionId, UserId},
    lockout::{FailureCounter, LockoutPolicy, Standing},
};
use stockade_platform::db::{DbResult, Queryable};
use uuid::Uuid;

use super::{
    confirm_sign_ins, events,
    restriction::{self, Indicator},
    store::failure_counters::{self, CounterKey},
};
use crate::{
    app::App,
    core::change::Change,
    features::devices::{self, Seen},
    http::error::ApiResult,
};

/// What can be got wrong, each with a counter of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authenticator {
    Password,
    Totp,
    BackupCode,
    MailedCode,
    Passkey,
}

/// Who tries, as far as counting goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attempt {
    /// Somebody on a device that the owner has not trusted: all of them share one counter.
    UnknownDevice,
    /// Somebody on a device that the owner trusts.
    TrustedDevice(Uuid),
    /// Somebody signed in who is asked to prove it again.
    Session(SessionId),
}

impl Authenticator {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::BackupCode => "backup_code",
            Self::MailedCode => "mailed_code",
            Self::Passkey => "passkey",
        }
    }
}

impl Attempt {
    /// A sign-in from this device.
    pub(super) async fn on(
        app: &App,
        on: &mut impl Queryable,
        user: UserId,
        device: &Seen,
    ) -> ApiResult<Self> {
        let trusted = devices::trusted(app, on, user, device).await?;
        Ok(trusted.map_or(Self::UnknownDevice, |device| {
            Self::TrustedDevice(device.as_uuid())
        }))
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::UnknownDevice => "unknown",
            Self::TrustedDevice(_) => "trusted",
            Self::Session(_) => "session",
        }
    }
}

/// One authenticator's counter, read while its user is locked.
pub(super) struct Guard {
    key: CounterKey,
    attempt: Attempt,
    authenticator: Authenticator,
    counter: FailureCounter,
    policy: LockoutPolicy,
}

/// Reads the counter of an authenticator. The caller has locked the user's row.
pub(super) async fn guard(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    authenticator: Authenticator,
    attempt: Attempt,
) -> DbResult<Guard> {
    let device = match attempt {
        Attempt::UnknownDevice => Uuid::nil(),
        Attempt::TrustedDevice(device) => device,
        Attempt::Session(session) => session.as_uuid(),
    };
    let key = CounterKey {
        user,
        authenticator: authenticator.as_str(),
        device,
    };
    Ok(Guard {
        counter: failure_counters::load(change, key).await?,
        policy: app.config.lockout.policy(),
        key,
        attempt,
        authenticator,
    })
}

/// The owner has just chosen a password by a mailed link. It opens the password to unknown devices again; and since
/// whoever has the mailbox could have confirmed there as well, nothing waits for that any more (NIST SP 800-63B-4
/// §3.2.2). Locks that end by themselves stay on every other authenticator, so that resetting the password again and
/// again buys no guesses at a second factor.
pub(super) async fn open_after_reset(app: &App, change: &mut Change<'_>, user: UserId) -> DbResult<()> {
    let key = CounterKey {
        user,
        authenticator: Authenticator::Password.as_str(),
        device: Uuid::nil(),
    };
    failure_counters::clear_one(change, key)?;
    let confirm_after = app.config.lockout.confirm_after;
    let opened = failure_counters::end_waiting(change, user, confirm_after).await?;
    if opened > 0 {
        change.also(events::account_unlocked(user, "password_reset", opened));
    }
    Ok(())
}

/// How often authenticators of an account were got wrong within the window that locks, whoever tried. A lock stands for
/// the failures that led to it.
pub(super) async fn recent_failures(app: &App, change: &mut Change<'_>, user: UserId) -> DbResult<u32> {
    let (now, policy) = (change.now(), app.config.lockout.policy());
    let recent = |at: &Timestamp| now.duration_since(*at) < policy.window;
    let counters = failure_counters::since(change, user, now - policy.window).await?;
    let of = |counter: &FailureCounter| {
        let led_to_a_lock = counter.locked_at.filter(recent).map_or(0, |_| policy.failures);
        counter.recent.iter().filter(|at| recent(at)).count() + led_to_a_lock
    };
    Ok(u32::try_from(counters.iter().map(of).sum::<usize>()).unwrap_or(u32::MAX))
}

impl Guard {
    /// Whether the authenticator may be tried now.
    pub(super) fn is_open(&self, change: &Change<'_>) -> bool {
        self.counter.standing(change.now(), &self.policy) == Standing::Open
    }

    /// Counts a failure, and locks when it was one too many. The unit must commit.
    pub(super) async fn fail(mut self, app: &App, change: &mut Change<'_>) -> ApiResult<()> {
        let now = change.now();
        if let Some(until) = self.counter.fail(now, &self.policy) {
            change.also(events::account_locked(
                self.key.user,
                self.authenticator,
                self.attempt,
                until,
            ));
            if matches!(self.attempt, Attempt::Session(_)) {
                restriction::note(app, change, self.key.user, Indicator::UnprovenSession).await?;
            }
        }
        let strangers = matches!(self.attempt, Attempt::UnknownDevice);
        if strangers && self.counter.in_a_row == self.policy.confirm_after {
            confirm_sign_ins::ask(app, change, self.key.user).await?;
        }
        Ok(failure_counters::save(change, self.key, &self.counter)?)
    }

    /// Forgets the failures.
    pub(super) fn succeed(mut self, change: &mut Change<'_>) -> DbResult<()> {
        if self.counter == FailureCounter::default() {
            return Ok(());
        }
        self.counter.succeed();
        failure_counters::save(change, self.key, &self.counter)
    }
}

/// Lets unknown devices try again, and whatever else waited for it, because the owner said so by mail.
pub(super) async fn open_to_strangers(app: &App, change: &mut Change<'_>, user: UserId) -> DbResult<u64> {
    let strangers = failure_counters::clear_of_device(change, user, Uuid::nil()).await?;
    let confirm_after = app.config.lockout.confirm_after;
    let others = failure_counters::end_waiting(change, user, confirm_after).await?;
    Ok(strangers + others)
}
