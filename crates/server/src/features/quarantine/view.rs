//! What was noted of a transaction: as its owner sees it, and as staff do.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use stockade_domain::{
    ids::{AccountId, UserId},
    money::Money,
};
use stockade_platform::db::{DbResult, Queryable};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, HeldState, Stored};

/// What its owner may know of a transaction that looked unusual.
#[derive(Clone, Debug)]
pub struct Note {
    /// How risky it looked, and why.
    pub risk: Value,
    /// Present when it was held.
    pub review: Option<ReviewView>,
}

/// A transaction that waits, or waited, for an analyst.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// Where it stands.
    state: HeldState,
    /// Then it comes to nothing, and what it reserved is free again, unless somebody decided before.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// What looked unusual, in words.
    #[schema(value_type = Vec<String>)]
    reasons: Vec<Value>,
    /// When its owner said that it was them.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
}

/// Notes by the order or transfer they are about.
#[derive(Default)]
pub struct Notes(HashMap<Uuid, Note>);

/// An approval of something that is held.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Approval {
    /// Who approved.
    pub by: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A transaction that looked unusual, for staff.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotableView {
    /// The order, withdrawal or payee.
    id: Uuid,
    /// `order`, `withdrawal` or `payee`
    operation: &'static str,
    /// Whose it is.
    #[schema(value_type = Uuid)]
    user_id: UserId,
    #[schema(value_type = Uuid)]
    account_id: AccountId,
    #[schema(value_type = Option<String>, example = "2500.00")]
    amount: Option<Money>,
    /// From 0 to 1.
    #[schema(example = 0.75)]
    score: f64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Where it stands, if it was held.
    state: Option<HeldState>,
    /// How many analysts must approve it.
    approvals_needed: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When its owner said that it was them.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// Who decided, if somebody did.
    closed_by: Option<Uuid>,
}

impl ReviewView {
    pub(super) fn opened(expires_at: Timestamp, risk: &Value) -> Self {
        Self {
            state: HeldState::Open,
            expires_at,
            reasons: reasons(risk),
            answered_at: None,
        }
    }
}

fn reasons(risk: &Value) -> Vec<Value> {
    let reasons = risk["reasons"].as_array().into_iter().flatten();
    reasons.map(|reason| reason["detail"].clone()).collect()
}

impl Notes {
    /// What was noted of this person's orders or transfers with these ids.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(
        on: &mut impl Queryable,
        owner: UserId,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> DbResult<Self> {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
            return Ok(Self::default());
        };
        let found = store::of_owner(on, owner, (*first, *last)).await?;
        Ok(Self(
            found
                .into_iter()
                .map(|stored| (stored.id, stored.into()))
                .collect(),
        ))
    }

    /// The note about one of them, if anything was unusual.
    pub fn take(&mut self, id: Uuid) -> Option<Note> {
        self.0.remove(&id)
    }
}

impl From<Stored> for Note {
    fn from(stored: Stored) -> Self {
        let review = stored
            .state
            .zip(stored.expires_at)
            .map(|(state, expires_at)| ReviewView {
                state,
                expires_at,
                reasons: reasons(&stored.risk),
                answered_at: stored.answered_at,
            });
        Self {
            risk: stored.risk,
            review,
        }
    }
}

impl From<&Stored> for NotableView {
    fn from(stored: &Stored) -> Self {
        Self {
            id: stored.id,
            operation: stored.operation.as_str(),
            user_id: stored.owner,
            account_id: stored.account,
            amount: stored.amount,
            score: stored.score as f64 / 1_000.0,
            at: stored.noted_at,
            state: stored.state,
            approvals_needed: stored.approvals_needed,
            expires_at: stored.expires_at,
            answered_at: stored.answered_at,
            closed_at: stored.closed_at,
            closed_by: stored.closed_by,
        }
    }
}

impl NotableView {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }
}
