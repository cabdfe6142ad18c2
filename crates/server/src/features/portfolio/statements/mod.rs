//! `GET /portfolio/statements`: a statement for each month that is over, from the first in which anything happened; each
//! as a page to read and print, or as CSV.
//!
//! A statement is drawn up when it is asked for, from the history and the values of days that no longer change, so it is
//! the same whenever that is. Until the month's last day is valued there is none.

mod content;
mod month;
mod page;
mod table;

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use stockade_platform::db::Reader;
use utoipa::{IntoParams, ToSchema};

use self::{content::Content, month::Month};
use super::{
    history,
    transactions::attachment,
    value::{self, day_of},
};
use crate::{
    app::App,
    core::actor::SignedIn,
    features::ledger::{self, Account},
    http::{
        error::{ApiResult, Problem},
        query::Query,
        web_page,
    },
};

/// A statement that can be read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatementItem {
    /// Asks for it at `/portfolio/statements/{month}`.
    #[schema(example = "2026-05")]
    month: String,
    #[schema(example = "2026-05-01")]
    from: String,
    #[schema(example = "2026-05-31")]
    to: String,
}

/// All statements, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatementList {
    items: Vec<StatementItem>,
    next_cursor: Option<String>,
}

/// How a statement is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    /// `html`, to read and print, or `csv`; `html` if absent.
    format: Option<String>,
}

/// Months that a statement can be had for, newest first.
#[utoipa::path(get, path = "/api/v1/portfolio/statements", tag = "portfolio", responses((status = 200, body = StatementList)))]
pub(super) async fn list(user: SignedIn, State(app): State<App>) -> ApiResult<Json<StatementList>> {
    let account = ledger::account_of(&app, user.id).await?;
    let mut items: Vec<StatementItem> = months(&app, account).await?.into_iter().map(item).collect();
    items.reverse();
    Ok(Json(StatementList {
        items,
        next_cursor: None,
    }))
}

/// The statement of a month.
#[utoipa::path(
    get, path = "/api/v1/portfolio/statements/{month}", tag = "portfolio", params(Form),
    responses(
        (status = 200, body = String, content_type = "text/html"),
        (status = 404, body = Problem, description = "`statement.none`: the month is not over, or nothing had happened yet"),
    )
)]
pub(super) async fn show(
    user: SignedIn,
    State(app): State<App>,
    Path(month): Path<String>,
    Query(form): Query<Form>,
) -> ApiResult<Response> {
    let account = ledger::account_of(&app, user.id).await?;
    let none = || Problem::not_found("statement.none", format!("there is no statement for {month}"));
    let wanted: Month = month.parse().map_err(|()| none())?;
    if !months(&app, account).await?.contains(&wanted) {
        return Err(none().into());
    }
    let content = Content::of(&app, account, wanted).await?;
    let format = form.format.as_deref().unwrap_or("html");
    match format {
        "html" => Ok(web_page::respond(
            &page::title(&content),
            &page::draw(&content, &user),
        )),
        "csv" => {
            let name = format!("stockade-statement-{wanted}.csv");
            Ok((attachment(&name), table::draw(&content)).into_response())
        }
        _ => {
            let detail = "a statement comes as html or csv";
            Err(Problem::unprocessable("statement.format", detail)
                .field("format", detail)
                .into())
        }
    }
}

fn item(month: Month) -> StatementItem {
    StatementItem {
        month: month.to_string(),
        from: value::date_of(month.first_day()).to_string(),
        to: value::date_of(month.last_day()).to_string(),
    }
}

/// The months whose every day is valued, oldest first.
async fn months(app: &App, account: Account) -> ApiResult<Vec<Month>> {
    let (first, valued) = app
        .read(async move |reader: &mut Reader| {
            let first = history::first(reader, account.id).await?;
            ApiResult::Ok((first, value::valued_until(reader, account.id).await?))
        })
        .await?;
    let (Some(first), Some(valued)) = (first, valued) else {
        return Ok(Vec::new());
    };
    let today = day_of(app.clock.now());
    let months = Month::of(day_of(first)).onwards();
    Ok(months
        .take_while(|month| month.last_day() < valued.min(today))
        .collect())
}
