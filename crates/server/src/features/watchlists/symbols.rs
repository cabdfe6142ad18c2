//! `PUT` and `DELETE /watchlists/{id}/symbols/{symbol}`: puts an asset on a list, or takes it off. Both may be repeated.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use stockade_domain::symbol::Symbol;
use uuid::Uuid;

use super::{events, list, list::WatchlistView, store, unknown};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::market,
    http::error::{ApiResult, Problem},
};

/// Symbols on one list at most.
pub(super) const MOST: usize = 100;

/// Puts an asset on a list.
#[utoipa::path(
    put, path = "/api/v1/watchlists/{id}/symbols/{symbol}", tag = "market",
    params(("id" = Uuid, Path), ("symbol" = String, Path)),
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 200, body = WatchlistView), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn add(
    user: SignedIn,
    State(app): State<App>,
    Path((id, symbol)): Path<(String, String)>,
) -> ApiResult<Answer<WatchlistView>> {
    let symbol = market::listed_in_path(&app, &symbol)?;
    change(app, user, id, symbol, true).await
}

/// Takes an asset off a list.
#[utoipa::path(
    delete, path = "/api/v1/watchlists/{id}/symbols/{symbol}", tag = "market",
    params(("id" = Uuid, Path), ("symbol" = String, Path)),
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 200, body = WatchlistView), (status = 404, body = Problem))
)]
pub(super) async fn take_off(
    user: SignedIn,
    State(app): State<App>,
    Path((id, symbol)): Path<(String, String)>,
) -> ApiResult<Answer<WatchlistView>> {
    let symbol = market::listed_in_path(&app, &symbol)?;
    change(app, user, id, symbol, false).await
}

async fn change(
    app: App,
    user: SignedIn,
    id: String,
    symbol: Symbol,
    adding: bool,
) -> ApiResult<Answer<WatchlistView>> {
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    let owner = user.id;
    let view = app
        .change(&user, async move |change: &mut Change<'_>| {
            if !store::lock(change, owner, id).await? {
                return Err(unknown().into());
            }
            let now = change.now();
            if adding {
                store::add(change, id, symbol, now).await?;
            } else {
                store::take_off(change, id, symbol).await?;
            }
            let view = list::one(change, owner, id).await?;
            if view.symbols.len() > MOST {
                return Err(too_many().into());
            }
            change.commit(events::changed(id, symbol, adding), view)
        })
        .await?;
    Ok(Answer(view))
}

pub(super) fn too_many() -> Problem {
    let detail = format!("a watchlist holds up to {MOST} symbols");
    Problem::conflict("watchlist.full", detail)
}
