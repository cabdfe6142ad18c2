//! Risk: how unlike themselves a person acts, when they sign in and when they move money, scored by a policy and stored
//! with everything that it takes to find the score again. What follows from a score is the caller's.
//!
//! Invariants: an assessment reads one profile row, whatever the person's history. A profile learns only from a sign-in
//! that was confirmed, or that nobody complained of for a day, and from a transaction that took effect. What is known of
//! people and what was decided about them lies sealed under their data key. The profile's row is locked from the
//! assessment to the end of the unit, and before any row of the ledger, so that what one person does takes turns.
//!
//! Tables: `risk_policies`, `risk_profiles`, `risk_decisions`.

mod assessed;
mod events;
mod sealed;
mod sign_in;
mod store;
mod transaction;
mod view;

use stockade_domain::{
    ids::{SessionId, UserId},
    risk::Policy,
};
use stockade_platform::{
    db::{DbResult, Tx, Writable},
    geo::{GeoError, Places},
};

pub use self::{
    assessed::Assessed,
    sign_in::{SignInEvidence, assess_sign_in},
    transaction::{Fate, TransactionEvidence, assess_transaction, settle_held},
    view::{Reason, RiskLevel, RiskView},
};
use crate::{
    app::App,
    config::Geo,
    core::{
        bookkeeping::bookkeep,
        change::{Change, Core},
        sealed::key_of,
    },
    http::error::ApiResult,
};

/// What assessing stands on. One exists; the application holds it.
pub struct Risk {
    policy: Policy,
    places: Places,
}

impl Risk {
    /// Opens the files of places and reads the policy.
    ///
    /// # Errors
    /// When a file cannot be used.
    pub fn start(geo: &Geo) -> Result<Self, GeoError> {
        let path = Option::as_deref;
        Ok(Self {
            policy: Policy::default_policy(),
            places: Places::open(
                path(&geo.city_database),
                path(&geo.network_database),
                path(&geo.anonymiser_database),
            )?,
        })
    }

    /// Keeps the policy's text, so that what it decides can be found again.
    pub async fn keep_policy(&self, core: &Core) -> DbResult<()> {
        let (policy, now) = (self.policy.clone(), core.clock.now());
        bookkeep(&core.db, async move |tx: &mut Tx| {
            store::keep_policy(tx, &policy, now)
        })
        .await
    }
}

/// The person says that a sign-in was not theirs: nothing will be learnt from it.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn disown(app: &App, change: &mut Change<'_>, user: UserId, session: SessionId) -> ApiResult<()> {
    let key = key_of(&app.core.keys, change, user).await?;
    let Some(mut profile) = sealed::load_profile(&key, change, user).await? else {
        return Ok(());
    };
    profile.sign_ins.disown(&session.to_string());
    let now = change.now();
    Ok(sealed::save_profile(&key, change, user, &profile, now)?)
}

/// Removes everything about a person.
pub fn forget(on: &mut impl Writable, user: UserId) -> DbResult<()> {
    store::delete(on, user)
}
