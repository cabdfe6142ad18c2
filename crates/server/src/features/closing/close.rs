//! `DELETE /profile`: erases a person, after step-up and once nothing is left in their account.

use axum::{extract::State, http::StatusCode};
use stockade_domain::{asset::Asset, ids::UserId, money::Money, quantity::Quantity};

use super::events;
use crate::{
    app::App,
    core::{
        change::{Change, Outcome},
        keys,
    },
    features::{
        api_keys, auth, cash, devices, ledger, mail, notifications, portfolio, price_alerts, profile,
        quarantine, risk, watchlists,
    },
    http::error::{ApiResult, FieldError, Problem},
    security::step_up::SteppedUp,
};

/// Erases everything about oneself. Refused as long as cash, positions or open orders are left.
#[utoipa::path(
    delete, path = "/api/v1/profile", tag = "profile",
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses(
        (status = 204, description = "Erased. The session has ended with everything else."),
        (status = 403, body = Problem),
        (status = 409, body = Problem, description = "`closing.not_empty`: `errors` names what is left"),
    ),
)]
pub(super) async fn close(State(app): State<App>, asked: SteppedUp<()>) -> ApiResult<StatusCode> {
    let id = asked.user.id;
    let account = ledger::account_of(&app, id).await?;
    app.change(&asked.user, {
        let app = app.clone();
        async move |change: &mut Change<'_>| {
            // Keys that sign go first, so that nothing that comes after this unit can fill the account again.
            let email = auth::forget(&app, change, id).await?;
            let balances = ledger::balances(change, account.id).await?;
            let left: Vec<FieldError> = balances
                .iter()
                .flat_map(|(asset, b)| left_of(*asset, b))
                .collect();
            if !left.is_empty() {
                return not_empty(change, left);
            }
            mail::forget(change, email.as_str()).await?;
            portfolio::forget(change, account.id)?;
            erase(&app, change, id).await?;
            change.commit(events::erased(id), ())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The key first: who is storing something sealed at this moment holds it, so that what they stored is found below.
pub(super) async fn erase(app: &App, change: &mut Change<'_>, user: UserId) -> ApiResult<()> {
    let now = change.now();
    app.core.keys.destroy(change, user.as_uuid(), now).await?;
    profile::forget(change, user).await?;
    cash::forget(change, user)?;
    quarantine::forget(change, user)?;
    devices::forget(change, user)?;
    risk::forget(change, user)?;
    notifications::forget(change, user)?;
    watchlists::forget(change, user)?;
    price_alerts::forget(change, user)?;
    api_keys::forget(app, change, user).await?;
    let app = app.clone();
    change.after_commit(async move { keys::announce_erasure(&app, user.as_uuid()).await });
    Ok(())
}

/// What is left of an asset. What is held belongs to an open order or withdrawal.
fn left_of(asset: Asset, balance: &stockade_domain::ledger::Balance) -> Vec<FieldError> {
    let amount = |units| match asset {
        Asset::Cash(currency) => format!("{} {currency}", Money::new(units, currency)),
        Asset::Security(symbol) => format!("{} {symbol}", Quantity::from_nanos(units)),
    };
    let (field, code, remedy) = match asset {
        Asset::Cash(_) => ("cash", "closing.cash_left", "withdraw it first"),
        Asset::Security(_) => ("positions", "closing.positions_left", "sell them first"),
    };
    let entry = |field: &str, code, units, remedy| FieldError {
        field: field.to_owned(),
        detail: format!("{} left; {remedy}", amount(units)),
        code: Some(code),
    };
    let mut left = Vec::new();
    if balance.available() > 0 {
        left.push(entry(field, code, balance.available(), remedy));
    }
    if balance.held() > 0 {
        let remedy = "cancel the open order or withdrawal that holds it first";
        left.push(entry("orders", "closing.open_orders", balance.held(), remedy));
    }
    left
}

fn not_empty(change: &mut Change<'_>, left: Vec<FieldError>) -> ApiResult<Outcome<()>> {
    let mut codes: Vec<&str> = left.iter().filter_map(|field| field.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let event = events::refused(&codes);
    let detail = "your account is not empty; nothing was erased";
    change.refuse(event, Problem::conflict("closing.not_empty", detail).fields(left))
}
