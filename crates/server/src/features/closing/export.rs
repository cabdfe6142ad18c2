//! `GET /profile/export`: all of one's data as one JSON object, after step-up (GDPR, articles 15 and 20).

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Reader};

use super::{
    events,
    stream::{self, Members},
};
use crate::{
    app::App,
    core::{
        audit::entries::{self, Entry},
        change::Change,
    },
    features::{
        api_keys, auth,
        cash::{self, TransferView},
        devices,
        ledger::{self, Account},
        notifications,
        orders::{self, OrderView},
        price_alerts,
        profile::{self, ProfileView},
        watchlists,
    },
    http::error::{ApiError, ApiResult, Problem},
    security::step_up::SteppedUp,
};

/// Rows read in one snapshot.
const PAGE: i64 = 200;

const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    (
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"stockade-export.json\""),
    ),
];

/// All of one's data: account, identity data in clear, second factors, passkeys, linked sign-ins, devices, choices of
/// notices, sessions, signing keys, API keys, payees, watchlists, price alerts, transfers, orders, ledger lines, audit
/// entries.
#[utoipa::path(
    get, path = "/api/v1/profile/export", tag = "profile",
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 200, body = Object, content_type = "application/json"), (status = 403, body = Problem))
)]
pub(super) async fn export(
    State(app): State<App>,
    asked: SteppedUp<()>,
) -> ApiResult<([(HeaderName, HeaderValue); 2], Body)> {
    let id = asked.user.id;
    // Staff have no account to trade with, and data all the same.
    let account = match ledger::account_of(&app, id).await {
        Ok(account) => Some(account),
        Err(ApiError::Refused(_)) => None,
        Err(error) => return Err(error),
    };
    let profile = app
        .change(&asked.user, {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                let profile = profile::in_clear(&app, change, id).await?;
                change.commit(events::exported(), profile)
            }
        })
        .await?;
    let (mut members, body) = stream::object();
    tokio::spawn(async move {
        let written = write(&app, id, account, &profile, &mut members).await;
        members.finish(written).await;
    });
    Ok((HEADERS, body))
}

async fn write(
    app: &App,
    user: UserId,
    account: Option<Account>,
    profile: &ProfileView,
    members: &mut Members,
) -> ApiResult<()> {
    members.value("exported_at", &app.clock.now()).await?;
    let this = app.clone();
    let (own, devices, choices) = app
        .read(async move |reader: &mut Reader| -> ApiResult<_> {
            Ok((
                auth::own_data(&this, reader, user).await?,
                devices::own_devices(&this, reader, user, None).await?,
                notifications::own_choices(&this.config, reader, user).await?,
            ))
        })
        .await?;
    members.value("account", &own.account).await?;
    members.value("profile", profile).await?;
    members.value("second_factors", &own.second_factors).await?;
    members.value("passkeys", &own.passkeys).await?;
    members.value("linked_sign_ins", &own.linked_sign_ins).await?;
    members.value("devices", &devices).await?;
    members.value("notifications", &choices).await?;
    members.value("sessions", &own.sessions).await?;
    members.value("signing_keys", &own.signing_keys).await?;
    let keys = app
        .read(async move |reader: &mut Reader| api_keys::own_data(reader, user).await)
        .await?;
    members.value("api_keys", &keys).await?;
    let this = app.clone();
    let payees = app
        .read(async move |reader: &mut Reader| cash::own_payees(&this, reader, user).await)
        .await?;
    members.value("payees", &payees).await?;
    let (lists, alerts) = app
        .read(async move |reader: &mut Reader| -> DbResult<_> {
            let lists = watchlists::own_data(reader, user).await?;
            Ok((lists, price_alerts::own_data(reader, user).await?))
        })
        .await?;
    members.value("watchlists", &lists).await?;
    members.value("price_alerts", &alerts).await?;
    if let Some(account) = account {
        trading(app, user, account, members).await?;
    }
    audit_entries(app, user, members).await
}

async fn trading(app: &App, owner: UserId, account: Account, members: &mut Members) -> ApiResult<()> {
    let id = account.id;
    members.begin_list("transfers").await?;
    let mut before = None;
    loop {
        let look = async move |reader: &mut Reader| cash::transfers(reader, owner, id, before, PAGE).await;
        let found = app.read(look).await?;
        members.rows(&found).await?;
        before = last_of(&found, TransferView::id);
        if before.is_none() {
            break;
        }
    }
    members.end_list().await?;
    members.begin_list("orders").await?;
    loop {
        let look = async move |reader: &mut Reader| orders::of_account(reader, owner, id, before, PAGE).await;
        let found = app.read(look).await?;
        members.rows(&found).await?;
        before = last_of(&found, OrderView::id);
        if before.is_none() {
            break;
        }
    }
    members.end_list().await?;
    members.begin_list("ledger_lines").await?;
    let mut after = None;
    loop {
        let look = async move |reader: &mut Reader| ledger::lines_of(reader, id, after).await;
        let (lines, next) = app.read(look).await?;
        members.rows(&lines).await?;
        after = next;
        if after.is_none() {
            break;
        }
    }
    members.end_list().await
}

async fn audit_entries(app: &App, user: UserId, members: &mut Members) -> ApiResult<()> {
    members.begin_list("audit_entries").await?;
    let (subject, mut before) = (user.as_uuid(), None);
    loop {
        let core = Arc::clone(&app.core);
        let about =
            async move |reader: &mut Reader| entries::about(reader, &core.keys, subject, before, PAGE).await;
        let found = app.read(about).await?;
        let view = |entry: &Entry| Ok(entry.view()?.for_subject(subject));
        let views: DbResult<Vec<_>> = found.iter().map(view).collect();
        members.rows(&views?).await?;
        before = last_of(&found, |entry| entry.seq);
        if before.is_none() {
            break;
        }
    }
    members.end_list().await
}

/// Where the next page begins; `None` when this one was the last.
fn last_of<T, P>(found: &[T], place: impl Fn(&T) -> P) -> Option<P> {
    found.last().filter(|_| found.len() as i64 == PAGE).map(place)
}
