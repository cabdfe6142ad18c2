//! Risk: how unlike themselves a person acts, when they sign in and when they move money, scored by a policy and stored
//! with everything that it takes to find the score again. What follows from a score is the caller's.
//!
//! Invariants: an assessment reads one profile row, whatever the person's history. A profile learns only from a sign-in
//! that was confirmed, or that nobody complained of for a day, and from a transaction that took effect. What is known of
//! people and what was decided about them lies sealed under their data key. The profile's row is locked from the
//! assessment to the end of the unit, and before any row of the ledger, so that what one person does takes turns.
//!
//! Tables: `risk_policies`, `risk_profiles`, `risk_decisions`, `risk_state`, `risk_lists`,
//! `risk_proposals`, `risk_shadow_decisions`, `risk_lessons`.

mod assessed;
mod backtest;
mod events;
mod everybody;
mod evidence;
mod explain;
mod foreseen;
mod found;
mod found_out;
mod list;
mod lists;
mod opened;
mod policies;
mod replay;
mod sealed;
mod sign_in;
mod standing;
mod store;
mod transaction;
mod view;

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use stockade_domain::{
    ids::{SessionId, UserId},
    risk::Policy,
};
use stockade_platform::{
    db::{DbResult, Tx, Writable},
    geo::{GeoError, Places},
    vault::MasterSecret,
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    assessed::Assessed,
    backtest::{ActionChange, Backtested, Example, backtest},
    everybody::{count_lessons, prune_lessons},
    evidence::{Evidence, evidence},
    foreseen::{Foreseen, foresee},
    found_out::{FoundOut, Stopped},
    list::{DecisionFilter, DecisionKind, DecisionRow, SignInFrom, page as decisions},
    replay::{Replayed, replay},
    sign_in::{SignInEvidence, assess_sign_in},
    store::first_id_at,
    transaction::{Fate, TransactionEvidence, assess_transaction, settle_held, take_turn},
    view::{Reason, RiskLevel, RiskView},
};
use crate::{
    app::App,
    config::{Geo, Key},
    core::{
        bookkeeping::bookkeep,
        change::{Change, Core},
        sealed::key_of,
    },
    http::error::ApiResult,
    security::{access::Permission, authorisation::Guarded as _},
};

/// What assessing stands on. One exists; the application holds it.
pub struct Risk {
    /// The policy that the program brings along.
    own: Arc<Policy>,
    remembered: standing::Remembered,
    crowds: everybody::Crowds,
    opened: Arc<opened::Opened>,
    places: Places,
}

impl Risk {
    /// Opens the files of places and reads the policy.
    ///
    /// # Errors
    /// When a file cannot be used.
    pub fn start(geo: &Geo, token_key: &Key) -> Result<Self, GeoError> {
        let secret = MasterSecret::new(token_key.expose_secret()).expect("a key is 32 bytes");
        let path = Option::as_deref;
        let own = Arc::new(Policy::default_policy());
        Ok(Self {
            remembered: standing::Remembered::new(Arc::clone(&own)),
            own,
            crowds: everybody::Crowds::new(&secret),
            opened: Arc::default(),
            places: Places::open(
                path(&geo.city_database),
                path(&geo.network_database),
                path(&geo.anonymiser_database),
            )?,
        })
    }

    /// Drops what is kept open of a person who was erased.
    pub fn forgets(&self) -> impl Fn(uuid::Uuid) + Send + Sync + 'static {
        let opened = Arc::clone(&self.opened);
        move |subject| opened.forget(UserId::from_uuid(subject))
    }

    /// Keeps the policy's text, so that what it decides can be found again.
    pub async fn keep_policy(&self, core: &Core) -> DbResult<()> {
        let (policy, now) = (Arc::clone(&self.own), core.clock.now());
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
    store::delete_decisions(on, user)?;
    store::shadow::delete(on, user)?;
    store::delete_profile(on, user)
}

/// Of the operations desk: `/decisions…`, `/lists…`, `/policies…`.
pub fn desk_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list).may(Permission::ReadDesk))
        .routes(routes!(explain::explain).may(Permission::ReadDesk))
        .routes(routes!(lists::show::show).may(Permission::ReadDesk))
        .routes(routes!(lists::add::add).may(Permission::WorkCases))
        .routes(routes!(lists::remove::remove).may(Permission::WorkCases))
        .routes(routes!(policies::show::list).may(Permission::ReadDesk))
        .routes(routes!(policies::propose::propose).may(Permission::Administer))
        .routes(routes!(policies::shadow::set).may(Permission::Administer))
        .routes(routes!(policies::show::live).may(Permission::ReadDesk))
        .routes(routes!(policies::show::one).may(Permission::ReadDesk))
        .routes(routes!(policies::decide::approve).may(Permission::Administer))
        .routes(routes!(policies::decide::reject).may(Permission::Administer))
        .routes(routes!(policies::backtest::backtest).may(Permission::Administer))
}
