//! `GET /news/feeds`: where news come from, and how each feed does.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_platform::db::{DbResult, Reader};
use utoipa::ToSchema;

use super::{
    fetch::sources,
    samples,
    store::{self, Feed},
};
use crate::{app::App, core::actor::SignedIn, http::error::ApiResult};

/// A feed and how it does.
#[derive(Serialize, ToSchema)]
pub(super) struct NewsFeed {
    name: String,
    /// `waiting` for its first turn, `working` or `failing`.
    status: &'static str,
    /// When it last answered with a feed, or that nothing has changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    worked_at: Option<Timestamp>,
    /// When it was last asked.
    #[schema(value_type = Option<String>, format = DateTime)]
    tried_at: Option<Timestamp>,
    /// When it is asked next.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_try_at: Option<Timestamp>,
    /// Why it did not work the last time.
    problem: Option<String>,
    /// Whether its items are made up, for development.
    sample: bool,
}

/// All feeds.
#[derive(Serialize, ToSchema)]
pub(super) struct NewsFeeds {
    /// In the order of the settings.
    items: Vec<NewsFeed>,
    /// Always null: all feeds are in one answer.
    next_cursor: Option<String>,
}

/// Where news come from, when each feed last worked, and what is wrong with it.
#[utoipa::path(get, path = "/api/v1/news/feeds", tag = "market", responses((status = 200, body = NewsFeeds)))]
pub(super) async fn list(_: SignedIn, State(app): State<App>) -> ApiResult<Json<NewsFeeds>> {
    let states: DbResult<Vec<Feed>> = app
        .read(async |reader: &mut Reader| store::feeds(reader).await)
        .await;
    let states = states?;
    let view = |(name, url): (String, String)| {
        let state = states.iter().find(|state| state.name == name && state.url == url);
        let tried_at = state.and_then(|state| state.tried_at);
        let problem = state.and_then(|state| state.problem.clone());
        NewsFeed {
            sample: name == samples::NAME && url.is_empty(),
            status: match (tried_at, &problem) {
                (None, _) => "waiting",
                (Some(_), None) => "working",
                (Some(_), Some(_)) => "failing",
            },
            name,
            worked_at: state.and_then(|state| state.worked_at),
            tried_at,
            next_try_at: state.map(|state| state.next_try_at),
            problem,
        }
    };
    Ok(Json(NewsFeeds {
        items: sources(&app).into_iter().map(view).collect(),
        next_cursor: None,
    }))
}
