//! `POST /admin/assets`: lists an asset, or changes how it is listed; orders for one that is no longer tradable are
//! refused. Where the feed itself says what is listed, nobody else does.

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;
use stockade_domain::symbol::Symbol;
use stockade_platform::market::{AssetClass, Listing, MarketFeed};
use utoipa::ToSchema;

use super::{assets::AssetView, events, known, refresh, store};
use crate::{
    app::App,
    core::change::Change,
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::roles::MarketOperator,
};

/// Longest name, in characters.
const LONGEST: usize = 120;

/// An asset as it is to be listed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListAsset {
    #[schema(value_type = String, example = "KO")]
    symbol: Symbol,
    /// 1 to 120 characters.
    #[schema(example = "The Coca-Cola Company")]
    name: String,
    /// 1 to 120 characters.
    #[schema(example = "NYSE")]
    exchange: String,
    /// `us_equity` or `index`; nobody can buy an index.
    #[schema(value_type = String, example = "us_equity")]
    class: AssetClass,
    tradable: bool,
    fractionable: bool,
}

#[utoipa::path(
    post, path = "/api/v1/admin/assets", tag = "administration", request_body = ListAsset,
    extensions(("x-rate-limit" = json!("desk"))),
    responses(
        (status = 201, body = AssetView), (status = 403, body = Problem), (status = 422, body = Problem),
        (status = 409, body = Problem, description = "`market.listings_fixed`: the feed says what is listed"),
    )
)]
pub(super) async fn list(
    operator: MarketOperator,
    State(app): State<App>,
    Json(ask): Json<ListAsset>,
) -> ApiResult<(StatusCode, Answer<AssetView>)> {
    if !matches!(app.market, MarketFeed::Stored(_)) {
        let detail = format!("the feed {} says itself what is listed", app.market.label());
        return Err(Problem::conflict("market.listings_fixed", detail).into());
    }
    let listing = Listing {
        symbol: ask.symbol,
        name: words("name", &ask.name)?,
        exchange: words("exchange", &ask.exchange)?,
        class: ask.class,
        tradable: ask.tradable && ask.class != AssetClass::Index,
        fractionable: ask.fractionable,
    };
    let symbol = listing.symbol;
    app.change(&*operator, async move |change: &mut Change<'_>| {
        store::list(change, &listing)?;
        store::raise_version(change)?;
        change.commit(events::listed(&listing), ())
    })
    .await?;
    refresh::refresh(&app).await?;
    Ok((StatusCode::CREATED, Answer(known(&app, symbol)?.into())))
}

fn words(field: &'static str, text: &str) -> ApiResult<String> {
    let text = text.trim();
    if (1..=LONGEST).contains(&text.chars().count()) && !text.contains(char::is_control) {
        return Ok(text.to_owned());
    }
    let detail = format!("write 1 to {LONGEST} characters");
    Err(Problem::unprocessable("market.invalid_listing", &*detail)
        .field(field, detail)
        .into())
}
