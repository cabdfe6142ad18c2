//! `GET /api/admin/security/accounts`: accounts that are locked, restricted or closed until their owner recovers them,
//! with the evidence.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_platform::db::{DbResult, Reader};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::App,
    features::auth::{
        staff::{PersonView, person},
        store::restrictions::{self, Closed},
    },
    http::{
        error::{ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
};

/// What somebody may be looking for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountClosure)]
pub(in crate::features::auth) enum Closure {
    /// Failures have locked an authenticator; that ends by itself.
    Locked,
    /// Frozen until the desk restores it.
    Restricted,
    /// Open again once its owner has reset the password.
    Recovery,
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::features::auth) struct Ask {
    /// Only those that are this.
    state: Option<Closure>,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
    /// Accounts at most, up to 200; 50 if absent.
    limit: Option<u32>,
}

/// An account that its owner cannot use as usual.
#[derive(Serialize, ToSchema)]
#[schema(as = ClosedAccount)]
pub(in crate::features::auth) struct AccountView {
    account: PersonView,
    states: Vec<Closure>,
    #[schema(value_type = Option<String>, format = DateTime)]
    restricted_at: Option<Timestamp>,
    /// `indicators`, or what somebody of the desk wrote.
    restricted_why: Option<String>,
    /// Signs of a stranger in the account, the first first.
    indicators: Vec<IndicatorView>,
    /// What is locked.
    locks: Vec<LockView>,
    /// A restoration that waits for a second person.
    restoration: Option<RestorationView>,
}

/// A sign of a stranger in an account.
#[derive(Serialize, ToSchema)]
struct IndicatorView {
    #[schema(example = "stolen_token")]
    indicator: String,
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
}

/// An authenticator that may not be tried now.
#[derive(Serialize, ToSchema)]
struct LockView {
    #[schema(example = "password")]
    authenticator: String,
    /// Whether it is strangers' devices that may not, rather than one that is trusted or a session.
    strangers: bool,
    failures: i64,
    /// Null when its owner must confirm by mail first.
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Timestamp>,
}

/// A restoration that waits.
#[derive(Serialize, ToSchema)]
struct RestorationView {
    asked_by: Option<PersonView>,
    identity_check: String,
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

#[utoipa::path(
    get, path = "/api/admin/security/accounts", tag = "operations desk", params(Ask),
    responses((status = 200, body = Page<AccountView>), (status = 403, body = Problem))
)]
pub(in crate::features::auth) async fn list(
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<Json<Page<AccountView>>> {
    let now = app.clock.now();
    let confirm_after = app.config.lockout.confirm_after;
    let page = PageAsk {
        cursor: ask.cursor,
        limit: ask.limit,
    };
    let (after, rows) = (ask.cursor.unwrap_or(Uuid::nil()), page.rows());
    let found: DbResult<Vec<AccountView>> = app
        .read(async move |reader: &mut Reader| {
            let ids = match ask.state {
                None => restrictions::closed(reader, after, now, confirm_after, rows).await?,
                Some(Closure::Locked) => {
                    restrictions::locked(reader, after, now, confirm_after, rows).await?
                }
                Some(Closure::Restricted) => restrictions::restricted(reader, after, rows).await?,
                Some(Closure::Recovery) => restrictions::in_recovery(reader, after, rows).await?,
            };
            let mut views = Vec::with_capacity(ids.len());
            for id in ids {
                views.push(view(reader, id, now, confirm_after).await?);
            }
            Ok(views)
        })
        .await;
    Ok(Json(page.page(found?, |view| view.account.id)))
}

async fn view(reader: &mut Reader, id: Uuid, now: Timestamp, confirm_after: i64) -> DbResult<AccountView> {
    let user = stockade_domain::ids::UserId::from_uuid(id);
    let Closed {
        restricted_at,
        restricted_why,
        in_recovery,
    } = restrictions::standing(reader, user).await?;
    let locks = restrictions::locks(reader, user, now, confirm_after).await?;
    let met = restrictions::indicators(reader, user, Timestamp::UNIX_EPOCH).await?;
    let restoration = match restrictions::restoration(reader, user, now).await? {
        Some(asked) => Some(RestorationView {
            asked_by: person(reader, Some(asked.by)).await?,
            identity_check: asked.identity_check,
            asked_at: asked.asked_at,
            expires_at: asked.expires_at,
        }),
        None => None,
    };
    let states = [
        (!locks.is_empty(), Closure::Locked),
        (restricted_at.is_some(), Closure::Restricted),
        (in_recovery, Closure::Recovery),
    ];
    Ok(AccountView {
        account: person(reader, Some(id))
            .await?
            .ok_or(stockade_platform::db::DbError::NoRow)?,
        states: states
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, state)| state)
            .collect(),
        restricted_at,
        restricted_why,
        indicators: met
            .into_iter()
            .map(|met| IndicatorView {
                indicator: met.indicator,
                first_at: met.first_at,
                last_at: met.last_at,
            })
            .collect(),
        locks: locks
            .into_iter()
            .map(|lock| LockView {
                authenticator: lock.authenticator,
                strangers: lock.device.is_nil(),
                failures: lock.in_a_row,
                locked_until: lock.locked_until,
            })
            .collect(),
        restoration,
    })
}
