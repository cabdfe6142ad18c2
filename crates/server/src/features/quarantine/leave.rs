//! Ways out of quarantine: approved, rejected, expired, taken back. Each locks the row first and moves it from `open` once;
//! what follows for the order or withdrawal is the caller's, in the same unit.

use jiff::Timestamp;
use stockade_domain::{
    ids::{AccountId, UserId},
    money::Money,
    risk::Operation,
};
use stockade_platform::db::{DbResult, Queryable};
use uuid::Uuid;

use super::{
    events,
    store::{self, HeldState, Stored},
};
use crate::{
    app::App,
    core::{change::Change, event::AuditEvent},
    features::{
        labels::{self, Label, Verdict},
        risk::{self, Fate},
    },
    http::error::{ApiResult, Problem},
};

/// Something that is held, its row locked.
#[derive(Clone, Debug)]
pub struct Held(Stored);

/// How it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftAs {
    /// An analyst, or two, let it through.
    Approved,
    /// An analyst stopped it.
    Rejected,
    /// Nobody decided in time.
    Expired,
}

impl Held {
    /// The order or withdrawal.
    pub fn id(&self) -> Uuid {
        self.0.id
    }

    /// Whose it is.
    pub fn owner(&self) -> UserId {
        self.0.owner
    }

    /// The owner's account.
    pub fn account(&self) -> AccountId {
        self.0.account
    }

    /// Which kind.
    pub fn operation(&self) -> Operation {
        self.0.operation
    }

    /// How much it moves.
    pub fn amount(&self) -> Option<Money> {
        self.0.amount
    }

    /// When its time is over.
    pub fn expires_at(&self) -> Timestamp {
        self.0.expires_at.unwrap_or(self.0.noted_at)
    }

    /// How many analysts must approve it.
    pub fn approvals_needed(&self) -> i64 {
        self.0.approvals_needed
    }

    fn label(&self, decision: Option<Uuid>) -> Label {
        Label {
            event: self.id(),
            user: Some(self.owner().as_uuid()),
            decision,
            kind: format!("{}.held_for_review", self.operation().as_str()),
            at: self.0.noted_at,
        }
    }
}

/// What is held under this id, locked until the unit ends.
///
/// # Errors
/// 404 `transaction.unknown`; 409 `review.closed` when it has left already.
pub async fn lock(change: &mut Change<'_>, id: Uuid) -> ApiResult<Held> {
    let stored = store::lock(change, id)
        .await?
        .filter(|stored| stored.state.is_some());
    let stored = stored.ok_or_else(unknown)?;
    if stored.state != Some(HeldState::Open) {
        return Err(closed().into());
    }
    Ok(Held(stored))
}

/// Counts an analyst's approval; answers how many there are.
///
/// # Errors
/// 409 `review.already_approved` when this analyst has approved before.
pub async fn approve(change: &mut Change<'_>, held: &Held, analyst: UserId) -> ApiResult<i64> {
    let now = change.now();
    if !store::insert_approval(change, held.id(), analyst, now).await? {
        let detail = "you have approved this already; another analyst must, too";
        return Err(Problem::conflict("review.already_approved", detail).into());
    }
    let approvals = store::approvals_of(change, held.id()).await?;
    Ok(i64::try_from(approvals.len()).unwrap_or(i64::MAX))
}

/// Lets something leave. What analysts decide is a label, by which policies are tried on the past: let through, it was
/// legitimate; stopped, it was fraud. Call it before what follows for the order or withdrawal, since it takes the owner's profile,
/// which comes before their books.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn leave(app: &App, change: &mut Change<'_>, held: &Held, left: LeftAs) -> ApiResult<()> {
    let (state, fate) = match left {
        LeftAs::Approved => (HeldState::Approved, Fate::Done),
        LeftAs::Rejected => (HeldState::Rejected, Fate::Refused),
        LeftAs::Expired => (HeldState::Expired, Fate::Refused),
    };
    let (by, now) = (change.actor().person(), change.now());
    let decision = risk::settle_held(app, change, held.owner(), held.id(), fate).await?;
    let verdict = match left {
        LeftAs::Approved => Some(Verdict::Legitimate),
        LeftAs::Rejected => Some(Verdict::Fraud),
        LeftAs::Expired => None,
    };
    if let (Some(by), Some(verdict)) = (by, verdict) {
        labels::write(change, &[held.label(decision)], verdict, held.id(), by, now).await?;
    }
    Ok(store::close(change, held.id(), state, by, now)?)
}

/// Its owner takes an order or withdrawal back: if it is held, it leaves. Call it before anything else is locked.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn take_back(app: &App, change: &mut Change<'_>, owner: UserId, id: Uuid) -> ApiResult<()> {
    let stored = store::lock_own(change, owner, id).await?;
    if stored.is_none_or(|stored| stored.state != Some(HeldState::Open)) {
        return Ok(());
    }
    let now = change.now();
    risk::settle_held(app, change, owner, id, Fate::Refused).await?;
    Ok(store::close(change, id, HeldState::Canceled, Some(owner), now)?)
}

/// Its owner says that it was them. That is evidence for the analyst and lets nothing through. Answers the event to end the
/// unit with.
///
/// # Errors
/// 409 `review.closed` when it is not held, or no longer.
pub async fn answer(change: &mut Change<'_>, owner: UserId, id: Uuid) -> ApiResult<AuditEvent> {
    let stored = store::lock_own(change, owner, id).await?;
    let open = stored.filter(|stored| stored.state == Some(HeldState::Open));
    if open.is_none() {
        return Err(closed().into());
    }
    let now = change.now();
    store::set_answered(change, owner, id, now)?;
    Ok(events::answered(id))
}

/// What is held although its time is over.
///
/// # Errors
/// The database's.
pub async fn due(on: &mut impl Queryable, now: Timestamp, most: i64) -> DbResult<Vec<Uuid>> {
    store::due(on, now, most).await
}

fn unknown() -> Problem {
    Problem::not_found("transaction.unknown", "no such transaction was held")
}

fn closed() -> Problem {
    Problem::conflict("review.closed", "this is not under review, or no longer")
}
