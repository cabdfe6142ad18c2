//! `GET /portfolio/transactions/export`: all of them, or those that are wanted, as CSV, sent page by page.

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderName, HeaderValue},
};
use futures_util::stream;
use stockade_domain::ids::PostingId;
use stockade_platform::db::Reader;

use super::{HEADER, Origin, attachment, list::Ask, page, row};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::{
        ledger::{self, Account},
        portfolio::history::Wanted,
    },
    http::{error::ApiResult, query::Query},
};

/// Transactions read in one snapshot.
const PAGE: i64 = 500;

/// Where the export stands.
struct Export {
    app: App,
    account: Account,
    wanted: Wanted,
    origin: Origin,
    /// Whether anything is still to be sent, and whether the first line is.
    left: Option<First>,
}

struct First(bool);

/// The export ended before it was whole; the connection is closed, so that the client notices.
#[derive(Debug, thiserror::Error)]
#[error("the export could not be completed")]
struct Broken;

/// Transactions as CSV, newest first. `cursor` and `limit` do not apply.
#[utoipa::path(
    get, path = "/api/v1/portfolio/transactions/export", tag = "portfolio", params(Ask),
    responses((status = 200, body = String, content_type = "text/csv"))
)]
pub(in crate::features::portfolio) async fn export(
    user: SignedIn,
    State(app): State<App>,
    Query(ask): Query<Ask>,
) -> ApiResult<([(HeaderName, HeaderValue); 2], Body)> {
    let account = ledger::account_of(&app, user.id).await?;
    let export = Export {
        app,
        account,
        wanted: ask.wanted()?,
        origin: ask.origin(),
        left: Some(First(true)),
    };
    let body = Body::from_stream(stream::unfold(export, Export::next));
    Ok((attachment("stockade-transactions.csv"), body))
}

impl Export {
    async fn next(mut self) -> Option<(Result<Bytes, Broken>, Self)> {
        let First(is_first) = self.left.take()?;
        let (account, wanted, origin) = (self.account, self.wanted.clone(), self.origin.clone());
        let look = async move |reader: &mut Reader| page(reader, account, &wanted, &origin, PAGE).await;
        let found = match self.app.read(look).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(?error, "an export of transactions broke off");
                return Some((Err(Broken), self));
            }
        };
        let mut text = String::from(if is_first { HEADER } else { "" });
        text.extend(found.iter().map(row));
        if let Some(last) = found.last().filter(|_| found.len() as i64 == PAGE) {
            self.wanted.before = PostingId::from_uuid(last.id);
            self.left = Some(First(false));
        }
        Some((Ok(text.into()), self))
    }
}
