//! `GET /news`.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_platform::db::{DbResult, Reader};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::store::{self, Item};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::market,
    http::{
        error::ApiResult,
        page::{Page, PageAsk},
        query::Query,
    },
};

/// Which news.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct NewsAsk {
    /// Only what is about this instrument.
    symbol: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
    /// Items at most, up to 200; 50 if absent.
    limit: Option<u32>,
}

/// One item of a feed, as plain text.
#[derive(Serialize, ToSchema)]
pub(super) struct NewsItem {
    id: Uuid,
    /// The feed that it came from.
    source: String,
    title: String,
    /// May be empty.
    summary: String,
    /// Where the whole story is; always http or https.
    link: Option<String>,
    /// When it was published by its own account, or else first seen; never in the future.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
    /// Instruments that it names.
    symbols: Vec<String>,
    /// Whether it is made up, for development.
    sample: bool,
}

/// News, newest first.
#[utoipa::path(get, path = "/api/v1/news", tag = "market", params(NewsAsk), responses((status = 200, body = Page<NewsItem>)))]
pub(super) async fn list(
    _: SignedIn,
    State(app): State<App>,
    Query(ask): Query<NewsAsk>,
) -> ApiResult<Json<Page<NewsItem>>> {
    let symbol = match &ask.symbol {
        Some(symbol) => Some(market::in_path(&app, symbol)?.symbol.to_string()),
        None => None,
    };
    let page = PageAsk {
        cursor: ask.cursor,
        limit: ask.limit,
    };
    let (before, rows) = (ask.cursor.unwrap_or(Uuid::max()), page.rows());
    let found: DbResult<Vec<Item>> = app
        .read(async move |reader: &mut Reader| match &symbol {
            Some(symbol) => store::about(reader, symbol, before, rows).await,
            None => store::items(reader, before, rows).await,
        })
        .await;
    let items = found?.into_iter().map(NewsItem::from).collect();
    Ok(Json(page.page(items, |item: &NewsItem| item.id)))
}

impl From<Item> for NewsItem {
    fn from(item: Item) -> Self {
        Self {
            id: item.id,
            source: item.feed,
            title: item.title,
            summary: item.summary,
            link: item.link,
            published_at: item.published_at,
            symbols: item.symbols.split_whitespace().map(str::to_owned).collect(),
            sample: item.sample,
        }
    }
}
