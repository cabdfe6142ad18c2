//! `GET /watchlists`: one's own lists.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Queryable, Reader};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use crate::{app::App, core::actor::SignedIn, http::error::ApiResult};

/// A list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchlistView {
    pub(super) id: Uuid,
    #[schema(example = "Drinks")]
    pub(super) name: String,
    /// In the order in which they were added.
    #[schema(example = json!(["KO", "PEP"]))]
    pub(super) symbols: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
}

/// All of one's lists, oldest first; there are few, so they come in one page.
#[derive(Serialize, ToSchema)]
pub(super) struct WatchlistList {
    items: Vec<WatchlistView>,
    next_cursor: Option<String>,
}

/// One's own watchlists.
#[utoipa::path(get, path = "/api/v1/watchlists", tag = "market", responses((status = 200, body = WatchlistList)))]
pub(super) async fn list(user: SignedIn, State(app): State<App>) -> ApiResult<Json<WatchlistList>> {
    let items: DbResult<_> = app
        .read(async move |reader: &mut Reader| of(reader, user.id).await)
        .await;
    Ok(Json(WatchlistList {
        items: items?,
        next_cursor: None,
    }))
}

/// A person's lists with what is on them.
pub(super) async fn of(on: &mut impl Queryable, owner: UserId) -> DbResult<Vec<WatchlistView>> {
    let symbols = store::symbols_of(on, owner).await?;
    let lists = store::of_owner(on, owner).await?;
    let view = |list: store::Stored| {
        let of_list = symbols.iter().filter(|(id, _)| *id == list.id);
        WatchlistView {
            id: list.id,
            name: list.name,
            symbols: of_list.map(|(_, symbol)| symbol.clone()).collect(),
            created_at: list.created_at,
        }
    };
    Ok(lists.into_iter().map(view).collect())
}

/// One list of a person.
pub(super) async fn one(on: &mut impl Queryable, owner: UserId, id: Uuid) -> ApiResult<WatchlistView> {
    let lists = of(on, owner).await?;
    let found = lists.into_iter().find(|list| list.id == id);
    Ok(found.ok_or_else(super::unknown)?)
}
