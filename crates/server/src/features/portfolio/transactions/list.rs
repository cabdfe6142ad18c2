//! `GET /portfolio/transactions`.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Deserialize;
use stockade_domain::{ids::PostingId, symbol::Symbol};
use stockade_platform::db::Reader;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{HERE, Origin, TransactionView, before, page};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::{
        ledger::{self, first_posting_at},
        portfolio::history::Wanted,
    },
    http::{
        error::{ApiError, ApiResult},
        page::{Page, PageAsk},
        query::Query,
    },
};

/// Which transactions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::features::portfolio) struct Ask {
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
    /// Rows at most, up to 200; 50 if absent.
    limit: Option<u32>,
    /// Such as `buy` or `dividend`.
    #[serde(rename = "type")]
    kind: Option<String>,
    symbol: Option<String>,
    /// At this instant or later.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Before this instant.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// `stockade`, or a source that was imported; everything if absent.
    source: Option<String>,
}

impl Ask {
    pub(super) fn wanted(&self) -> ApiResult<Wanted> {
        let symbol = self.symbol.as_deref().map(str::parse::<Symbol>).transpose();
        let upto = self
            .to
            .map_or(PostingId::from_uuid(Uuid::max()), first_posting_at);
        Ok(Wanted {
            from: self
                .from
                .map_or(PostingId::from_uuid(Uuid::nil()), first_posting_at),
            before: before(self.cursor).min(upto),
            kind: self.kind.clone(),
            symbol: symbol.map_err(|why| ApiError::refusal(&why))?,
        })
    }

    pub(super) fn origin(&self) -> Origin {
        match self.source.as_deref() {
            None => Origin::Everywhere,
            Some(HERE) => Origin::Here,
            Some(source) => Origin::Source(source.to_owned()),
        }
    }
}

/// What moved cash or shares, newest first.
#[utoipa::path(
    get, path = "/api/v1/portfolio/transactions", tag = "portfolio", params(Ask),
    responses((status = 200, body = Page<TransactionView>))
)]
pub(in crate::features::portfolio) async fn list(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<Json<Page<TransactionView>>> {
    let account = ledger::account_of(&app, user.id).await?;
    let (wanted, origin) = (ask.wanted()?, ask.origin());
    let size = PageAsk {
        cursor: ask.cursor,
        limit: ask.limit,
    };
    let rows = size.rows();
    let found = app
        .read(async move |reader: &mut Reader| page(reader, account, &wanted, &origin, rows).await)
        .await?;
    Ok(Json(size.page(found, |transaction| transaction.id)))
}
