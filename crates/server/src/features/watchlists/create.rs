//! `POST /watchlists`: a new list.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::symbol::Symbol;
use utoipa::ToSchema;

use super::{events, list, list::WatchlistView, store, symbols};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::market,
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
};

/// Lists that somebody may have.
const MOST: usize = 20;
/// Longest name, in characters.
const LONGEST_NAME: usize = 60;

/// A name, and what is on the list from the start.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateWatchlist {
    /// 1 to 60 characters.
    #[schema(example = "Drinks")]
    name: String,
    /// Up to 100 symbols.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["KO"]))]
    symbols: Vec<Symbol>,
}

#[utoipa::path(
    post, path = "/api/v1/watchlists", tag = "market", request_body = CreateWatchlist,
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 201, body = WatchlistView), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn create(
    user: SignedIn,
    State(app): State<App>,
    Json(ask): Json<CreateWatchlist>,
) -> ApiResult<(StatusCode, Answer<WatchlistView>)> {
    let name = checked_name(&ask.name)?;
    for symbol in &ask.symbols {
        market::listed(&app, *symbol)?;
    }
    if ask.symbols.len() > symbols::MOST {
        return Err(symbols::too_many().into());
    }
    let owner = user.id;
    let view = app
        .change(&user, async move |change: &mut Change<'_>| {
            if store::of_owner(change, owner).await?.len() >= MOST {
                let detail = format!("you have {MOST} watchlists; delete one first");
                return Err(Problem::conflict("watchlist.too_many", detail).into());
            }
            let (id, now) = (change.new_id(), change.now());
            store::insert(change, owner, id, &name, now)?;
            for symbol in &ask.symbols {
                store::add(change, id, *symbol, now).await?;
            }
            let view = list::one(change, owner, id).await?;
            change.commit(events::created(id, &ask.symbols), view)
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(view)))
}

fn checked_name(name: &str) -> ApiResult<String> {
    let name = name.trim();
    if (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.contains(char::is_control) {
        return Ok(name.to_owned());
    }
    let detail = format!("a name has 1 to {LONGEST_NAME} characters");
    Err(Problem::unprocessable("watchlist.invalid_name", &*detail)
        .field("name", detail)
        .into())
}
