//! Assessing an order, a withdrawal, a transfer or a payee before it takes effect, inside its unit.
//!
//! Use it so: [`assess_transaction`]; then, by [`Assessed::action`], let it take effect, hold or refuse it; and say which
//! with [`Assessed::ended`]. What was held and is let through later is told by [`settle_held`].

use jiff::Timestamp;
use stockade_domain::{
    ids::UserId,
    risk::{CredentialChange, Event, Operation, Profile, Score, Transaction, learn},
};
use stockade_platform::db::{DbResult, Queryable};
use uuid::Uuid;

use super::{
    assessed::Assessed,
    foreseen::Foreseen,
    found,
    lists::What,
    sealed,
    standing::{Standing, standing, standing_in},
    store,
};
use crate::{
    app::App,
    core::{actor::Who, change::Change, sealed::key_of},
    http::error::{ApiError, ApiResult},
};

/// What the caller knows of a transaction. What is `None` is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransactionEvidence {
    /// Of which kind.
    pub operation: Operation,
    /// How much it moves, in cents.
    pub cents: Option<i64>,
    /// Asset class and side, or whatever else tells a person's transactions apart.
    pub category: Option<String>,
    /// To whom, by id.
    pub payee: Option<String>,
    /// When a password, factor or address of the account was last changed.
    pub credential_change: Option<CredentialChange>,
    /// What everybody's transactions usually come to, in cents.
    pub population_cents: Option<i64>,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It took effect.
    Done,
    /// It waits for an analyst.
    Held,
    /// It came to nothing.
    Refused,
}

impl Fate {
    fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Held => "held",
            Self::Refused => "refused",
        }
    }
}

/// Assesses a transaction of a person's. Half of the risk of the session that it comes from counts with it. What was
/// foreseen of it is used if it still holds.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn assess_transaction(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    evidence: TransactionEvidence,
    foreseen: &Foreseen,
) -> ApiResult<Assessed> {
    // From memory if it is known: the profile's row, which is read next, goes with the key.
    let key = app.core.keys.at_hand(change, user.as_uuid()).await?;
    let key = key.ok_or_else(|| ApiError::Fault(format!("{user} has no data key")))?;
    let session = match change.actor().who {
        Who::Person { id, session } if id == user => Some(session.as_uuid()),
        _ => None,
    };
    let Some(found) = store::standing(change, user, session).await? else {
        let standing = standing(app, change).await?;
        let event = event(app, &standing, evidence, None, change.now());
        return Ok(Assessed::new(
            app,
            &standing,
            (user, key),
            Profile::default(),
            event,
            change.now(),
        ));
    };
    let session = session.map(|session| (session, found.session));
    if let Some(assessed) = foreseen.take(&found, session, &evidence, change.now()) {
        return Ok(assessed);
    }
    let stored = app.risk.opened.take(user);
    let profile = match stored.filter(|stored| stored.sealed == found.profile) {
        Some(stored) => stored.profile,
        None => sealed::open_profile(&key, user, &found.profile)?,
    };
    let standing = standing_in(app, change, found.state).await?;
    let event = event(app, &standing, evidence, found.session, change.now());
    let mut assessed = Assessed::new(app, &standing, (user, key), profile, event, change.now());
    assessed.session = session;
    Ok(assessed)
}

/// What is assessed.
pub(super) fn event(
    app: &App,
    standing: &Standing,
    evidence: TransactionEvidence,
    session: Option<i64>,
    now: Timestamp,
) -> Event {
    let payee = standing
        .lists
        .of_name(What::Payee, evidence.payee.as_deref(), now);
    let (population_cents, population_category) =
        app.risk.crowds.of_transactions(evidence.category.as_deref());
    Event::Transaction(Transaction {
        at: now,
        operation: Some(evidence.operation),
        cents: evidence.cents,
        category: evidence.category,
        payee: evidence.payee.clone(),
        population_cents: population_cents.or(evidence.population_cents),
        population_category,
        credential_change: evidence.credential_change,
        session_risk: session.map(Score::clamped),
        payee_listed: evidence.payee.is_some().then_some(payee.blocked),
        watched: Some(payee.watched),
    })
}

/// Locks the person's profile until the unit ends, for a unit that takes rows of the ledger before it assesses. All others
/// take the profile first, and two that each hold what the other wants would wait for each other.
///
/// # Errors
/// The database's.
pub async fn take_turn(on: &mut impl Queryable, user: UserId) -> DbResult<()> {
    store::profile(on, user).await.map(drop)
}

impl Assessed {
    /// Stores a transaction that took effect or is held, with the id of what came of it. Only what took effect is
    /// learnt from; that it was tried counts in any case. The unit commits.
    ///
    /// # Errors
    /// The database's.
    pub fn ended(mut self, change: &mut Change<'_>, fate: Fate, subject: Option<Uuid>) -> ApiResult<()> {
        self.store(change, fate.as_str(), subject)?;
        match fate {
            Fate::Done => Ok(self.keep_learnt(change)?),
            Fate::Held | Fate::Refused => self.keep_tried(change),
        }
    }
}

/// What was held under this subject has ended: it took effect, and is learnt from, or came to nothing. Answers the decision
/// that had held it; `None` once the person was erased.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn settle_held(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    subject: Uuid,
    fate: Fate,
) -> ApiResult<Option<Uuid>> {
    let Some(stored) = store::decision_on(change, user, subject).await? else {
        return Ok(None);
    };
    let id = stored.id;
    store::set_fate(user, id, fate.as_str()).later(change)?;
    if fate != Fate::Done {
        return Ok(Some(id));
    }
    let key = key_of(&app.core.keys, change, user).await?;
    let profile = sealed::load_profile(&key, change, user)
        .await?
        .unwrap_or_default();
    let event = found::event(&key, &stored)?;
    let now = change.now();
    app.risk.crowds.lesson(&event, false, now).later(change)?;
    sealed::save_profile(&key, change, user, &learn(profile, &event), now)?;
    Ok(Some(id))
}
