//! Assessing a transaction inside its unit: it passes, or it is held. Either way the decision is stored with its terms in
//! the transaction that it is about.

use jiff::Timestamp;
use serde_json::Value;
use stockade_domain::{
    asset::AssetAmount,
    ids::AccountId,
    money::Money,
    risk::{Action, CredentialChange, Operation},
};
use uuid::Uuid;

use super::{
    store::{self, Notable},
    view::Note,
};
use crate::{
    app::App,
    core::{actor::Verified, change::Change},
    features::{
        auth, ledger,
        risk::{self, Assessed, Fate, Foreseen, TransactionEvidence},
    },
    http::error::ApiResult,
    security::step_up,
};

/// What somebody wants to do.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The order, withdrawal or payee to be.
    pub id: Uuid,
    /// Whose account.
    pub account: AccountId,
    /// Which kind.
    pub operation: Operation,
    /// What must be available for it.
    pub needs: Option<AssetAmount>,
    /// How much it moves; nothing for a payee.
    pub amount: Option<Money>,
    /// What tells this person's transactions apart.
    pub category: String,
    /// To whom, by id.
    pub payee: Option<String>,
}

/// A transaction that was assessed and has not yet ended.
#[must_use]
pub struct Judged {
    proposal: Proposal,
    assessed: Assessed,
}

/// Foresees what [`judge`] will say of an order, whose unit has not begun.
pub fn foresee_order(app: &App, user: &Verified, worth: Money, category: String) -> Foreseen {
    let evidence = TransactionEvidence {
        operation: Operation::Order,
        cents: Some(worth.minor()),
        category: Some(category),
        payee: None,
        credential_change: None,
        population_cents: Some(app.config.reviews.usual_cents()),
    };
    risk::foresee(app, user, evidence)
}

/// Assesses what `user` signed. Above the policy's amount they must have proven themselves for this very request.
///
/// # Errors
/// 403 `step_up.required`; 500 `vault.tampered`.
pub async fn judge(
    app: &App,
    change: &mut Change<'_>,
    user: &Verified,
    proposal: Proposal,
    foreseen: &Foreseen,
) -> ApiResult<Judged> {
    let evidence = TransactionEvidence {
        operation: proposal.operation,
        cents: proposal.amount.map(Money::minor),
        category: Some(proposal.category.clone()),
        payee: proposal.payee.clone(),
        credential_change: credential_change(change, user, proposal.operation).await?,
        population_cents: Some(app.config.reviews.usual_cents()),
    };
    let assessed = risk::assess_transaction(app, change, user.id, evidence, foreseen).await?;
    if assessed.decision().step_up {
        // Who asks for more than there is learns that before proving themselves.
        if let Some(needs) = proposal.needs {
            ledger::check_available(change, proposal.account, needs).await?;
        }
        step_up::demand(change, user).await?;
    }
    Ok(Judged { proposal, assessed })
}

/// Orders leave nothing to whoever took an account over, so nobody asks for theirs, which saves a query.
async fn credential_change(
    change: &mut Change<'_>,
    user: &Verified,
    operation: Operation,
) -> ApiResult<Option<CredentialChange>> {
    if operation == Operation::Order {
        return Ok(None);
    }
    let changed = auth::credentials_changed_at(change, user.id).await?;
    Ok(Some(
        changed.map_or(CredentialChange::Never, CredentialChange::At),
    ))
}

impl Judged {
    /// Whether it must wait for an analyst.
    pub fn is_held(&self) -> bool {
        self.assessed.action() >= Action::Hold
    }

    /// What the log says of it.
    pub fn details(&self) -> Value {
        self.assessed.details()
    }

    /// It takes effect: the person's profile learns from it. Answers what its owner may know, if anything was unusual.
    ///
    /// # Errors
    /// The database's.
    pub fn pass(self, change: &mut Change<'_>) -> ApiResult<Option<Note>> {
        self.end(change, Fate::Done, None)
    }

    /// It waits until the given time. Above the limit of one pair of eyes two analysts must approve.
    ///
    /// # Errors
    /// The database's.
    pub fn hold(self, app: &App, change: &mut Change<'_>) -> ApiResult<Option<Note>> {
        let until = app.config.reviews.until(change.now());
        let needed = app.config.reviews.approvals_for(self.proposal.amount);
        self.end(change, Fate::Held, Some((until, needed)))
    }

    fn end(
        self,
        change: &mut Change<'_>,
        fate: Fate,
        review: Option<(Timestamp, i64)>,
    ) -> ApiResult<Option<Note>> {
        let Self { proposal, assessed } = self;
        let decision = assessed.decision();
        let score = decision.score.thousandths();
        let (now, owner) = (change.now(), assessed.user());
        if decision.action < Action::Flag {
            assessed.ended(change, fate, Some(proposal.id))?;
            return Ok(None);
        }
        let risk = serde_json::to_value(assessed.view()).expect("a view is plain data with string keys");
        assessed.ended(change, fate, Some(proposal.id))?;
        let notable = Notable {
            id: proposal.id,
            owner,
            account: proposal.account,
            operation: proposal.operation,
            amount: proposal.amount,
            score,
            risk,
            noted_at: now,
            review,
        };
        store::insert(change, &notable)?;
        Ok(Some(notable.note()))
    }
}
