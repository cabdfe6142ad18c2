//! `POST /cash/payees`: a bank account to pay out to. Soon after a change of credentials it waits until it may be paid.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::{identity::BankAccount, ids::PayeeId, risk::Operation};
use stockade_platform::db::DbError;
use utoipa::ToSchema;

use super::{
    events, hold,
    payee::{Details, PayeeView},
    store::payees::{self, StoredPayee},
};
use crate::{
    app::App,
    core::{event::AuditEvent, once::Claim, sealed},
    features::{
        ledger,
        profile::BankAccountView,
        quarantine::{self, Proposal},
        risk::Foreseen,
    },
    http::error::{ApiError, ApiResult, FieldError, Problem},
    security::signature::Signed,
};

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// A bank account and what its owner calls it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddPayee {
    /// 1 to 100 characters.
    #[schema(example = "My current account")]
    name: String,
    bank_account: BankAccountView,
}

/// Adds a bank account that cash can be paid out to. Signed. Within 24 hours of a change of credentials nothing is paid to
/// it before `usable_from`.
#[utoipa::path(
    post, path = "/api/v1/cash/payees", tag = "cash", request_body = AddPayee,
    extensions(("x-rate-limit" = json!("cash"))),
    responses((status = 201, body = PayeeView), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn add(
    State(app): State<App>,
    Signed { user, ask }: Signed<AddPayee>,
) -> ApiResult<(StatusCode, Json<PayeeView>)> {
    let (name, account) = check(ask)?;
    let account_id = ledger::account_of(&app, user.id).await?.id;
    let (owner, by, this) = (user.id, user.clone(), app.clone());
    let view = app
        .change(&user, async move |change| {
            let id = match change.claim() {
                Claim::New(id) => PayeeId::from_uuid(id),
                Claim::Done(id) => {
                    let made = payees::one(change, owner, PayeeId::from_uuid(id)).await?;
                    let made = made.ok_or(DbError::NoRow)?;
                    let key = sealed::key_of(&this.core.keys, change, owner).await?;
                    let view = PayeeView::masked(&made, Details::open(&key, owner, &made)?)?;
                    return change.commit(AuditEvent::replayed(id), view);
                }
            };
            if payees::count(change, owner).await? >= this.config.cash.payees {
                return Err(too_many().into());
            }
            let proposal = Proposal {
                id: id.as_uuid(),
                account: account_id,
                operation: Operation::Payee,
                needs: None,
                amount: None,
                category: "payee".to_owned(),
                payee: None,
            };
            let judged = quarantine::judge(&this, change, &by, proposal, &Foreseen::default()).await?;
            let risk = judged.details();
            // One that looks too risky waits as long as it would after a change of credentials.
            let cooling = judged.is_held().then(|| hold::from_now(&this, change));
            judged.pass(change)?;
            let key = this.core.keys.hold(change, owner.as_uuid()).await?;
            let key = key.ok_or_else(|| ApiError::Fault(format!("{owner} has no data key")))?;
            let details = Details::new(name.clone(), &account);
            let payee = StoredPayee {
                id,
                sealed: details.seal(&key, id),
                created_at: change.now(),
                usable_from: hold::until(&this, change, owner).await?.max(cooling),
                removed_at: None,
            };
            payees::insert(change, owner, &payee)?;
            let event = events::payee_added(&payee, &details, &risk)?;
            change.commit(event, PayeeView::masked(&payee, details)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(view)))
}

fn check(ask: AddPayee) -> ApiResult<(String, BankAccount)> {
    let name = ask.name.trim().to_owned();
    let mut wrong = Vec::new();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        wrong.push(FieldError {
            field: "name".into(),
            detail: "write a name of 1 to 100 characters".into(),
            code: Some("payee.name"),
        });
    }
    match BankAccount::new(&ask.bank_account.into()) {
        Ok(account) if wrong.is_empty() => return Ok((name, account)),
        Ok(_) => {}
        Err(refused) => wrong.extend(refused.iter().map(FieldError::of)),
    }
    let detail = "the payee is not as it should be; nothing was stored";
    Err(Problem::unprocessable("payee.invalid", detail)
        .fields(wrong)
        .into())
}

fn too_many() -> Problem {
    Problem::conflict(
        "payee.too_many",
        "you have as many payees as there may be; remove one first",
    )
}
