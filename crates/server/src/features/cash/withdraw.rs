//! `POST /cash/withdrawals`: cash to a payee. It is held at once, goes to the bank when the bank's turn comes, and comes
//! back when the bank says no.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{
    decimal::DecimalText,
    ids::{PayeeId, TransferId},
    ledger::Posting,
    money::Money,
    risk::Operation,
    transfers::{TransferKind, TransferStatus},
};
use stockade_platform::db::DbError;
use utoipa::ToSchema;

use super::{
    bank,
    deposit::read_amount,
    events, hold,
    payee::read_id,
    store::{payees, transfers},
    transfer::{self, Transfer, TransferView},
};
use crate::{
    app::App,
    core::{actor::Verified, change::Change, event::AuditEvent, once::Claim},
    features::{
        ledger::{self, Account},
        quarantine::{self, Proposal},
        risk::Foreseen,
    },
    http::error::{ApiError, ApiResult, Problem},
    security::signature::Signed,
};

/// How much goes out, and where to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawalAsk {
    /// Up to two decimals, above zero.
    #[schema(value_type = String, example = "250.00")]
    amount: DecimalText,
    /// The account's currency.
    #[schema(example = "USD")]
    currency: String,
    /// The id of one of your payees.
    #[schema(value_type = uuid::Uuid)]
    destination: String,
}

/// Pays cash out to a payee by way of the simulated bank, in development only. Signed; above a limit of the risk policy it
/// takes a step-up. 202 says that it does not go to the bank yet: until `held_until`, since credentials were changed less
/// than a day ago, or not before an analyst has looked at it (`pending_review`).
#[utoipa::path(
    post, path = "/api/v1/cash/withdrawals", tag = "cash", request_body = WithdrawalAsk,
    extensions(("x-rate-limit" = json!("cash"))),
    responses((status = 201, body = TransferView), (status = 202, body = TransferView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem))
)]
pub(super) async fn withdraw(
    State(app): State<App>,
    Signed { user, ask }: Signed<WithdrawalAsk>,
) -> ApiResult<(StatusCode, Json<TransferView>)> {
    bank::is_connected(&app)?;
    let account = ledger::account_of(&app, user.id).await?;
    let asked = Asked {
        amount: read_amount(&ask.amount, &ask.currency, account.currency)?,
        payee: read_id(&ask.destination).ok_or_else(unknown_payee)?,
    };
    let (by, this) = (user.clone(), app.clone());
    let owner = user.id;
    let view = app
        .change(&user, async move |change| {
            let id = match change.claim() {
                Claim::New(id) => TransferId::from_uuid(id),
                Claim::Done(id) => {
                    let made = transfers::one(change, account.id, TransferId::from_uuid(id)).await?;
                    let made = made.ok_or(DbError::NoRow)?;
                    let view = transfer::view(change, owner, made).await?;
                    return change.commit(AuditEvent::replayed(id), view);
                }
            };
            let (event, view) = asked.take(&this, change, &by, account, id).await?;
            change.commit(event, view)
        })
        .await?;
    let status = match view.waits() {
        true => StatusCode::ACCEPTED,
        false => StatusCode::CREATED,
    };
    Ok((status, Json(view)))
}

#[derive(Clone, Copy)]
struct Asked {
    amount: Money,
    payee: PayeeId,
}

impl Asked {
    async fn take(
        self,
        app: &App,
        change: &mut Change<'_>,
        user: &Verified,
        account: Account,
        id: TransferId,
    ) -> ApiResult<(AuditEvent, TransferView)> {
        let payee = payees::one(change, user.id, self.payee).await?;
        let payee = payee.filter(|payee| payee.removed_at.is_none());
        let payee = payee.ok_or_else(unknown_payee)?;
        let proposal = Proposal {
            id: id.as_uuid(),
            account: account.id,
            operation: Operation::Withdrawal,
            needs: Some(self.amount.into()),
            amount: Some(self.amount),
            category: "withdrawal".to_owned(),
            payee: Some(self.payee.to_string()),
        };
        let judged = quarantine::judge(app, change, user, proposal, &Foreseen::default())
            .await
            .map_err(not_enough)?;
        let (is_held, risk) = (judged.is_held(), judged.details());
        let now = change.now();
        let held_until = hold::until(app, change, user.id).await?;
        let hold = Posting::hold(account.id, self.amount.into())?;
        let posted = ledger::post(change, id.as_uuid(), &[hold], None).await;
        posted.map_err(not_enough)?;
        let mut transfer = Transfer {
            id,
            account: account.id,
            kind: TransferKind::Withdrawal,
            status: match is_held {
                true => TransferStatus::PendingReview,
                false => TransferStatus::Pending,
            },
            amount: self.amount,
            payee: Some(self.payee),
            created_at: now,
            updated_at: now,
            due_at: Some(now + app.config.cash.withdrawal_takes()),
            held_until: None,
            failure: None,
        };
        let usable_from = payee.usable_from.filter(|from| *from > now);
        if let Some(until) = held_until.max(usable_from) {
            transfer.hold_back(until);
        }
        transfers::insert(change, &transfer)?;
        let note = match is_held {
            true => judged.hold(app, change)?,
            false => judged.pass(change)?,
        };
        Ok((
            events::withdrawal_requested(&transfer, &risk),
            transfer.view(note),
        ))
    }
}

fn unknown_payee() -> Problem {
    let detail = "destination must be the id of one of your payees";
    Problem::unprocessable("payee.unknown", detail).field("destination", detail)
}

/// The ledger speaks of orders; this is none.
fn not_enough(error: ApiError) -> ApiError {
    match error {
        ApiError::Refused(problem) if problem.code == "order.not_enough_cash" => {
            Problem::conflict("cash.not_enough", problem.detail.clone()).into()
        }
        other => other,
    }
}
