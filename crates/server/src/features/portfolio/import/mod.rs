//! `POST /portfolio/import`: transactions from elsewhere, as CSV, with a preview.
//!
//! Invariants: what is imported is a record of what happened elsewhere; it moves no cash and no shares here, and counts
//! in no balance, position or return. A row is known by its source, its own id or else its content, and by how many
//! rows like it came before it in the file: two purchases that look alike are both kept, and a file that is imported
//! again, or overlaps with one that was, adds nothing twice. A file with a faulty row is refused whole.
//!
//! Tables: `imported_transactions`.

mod file;
mod rows;
mod store;

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::{
    currency::Currency, ids::AccountId, money::Money, price::Price, quantity::Quantity, symbol::Symbol,
};
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use store::page;

use self::rows::{RowProblem, read};
use super::events;
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    features::ledger,
    http::{
        error::{ApiResult, FieldError, Problem},
        json::Json as Body,
    },
};

/// Rows of one file at most.
const MOST: usize = 2_000;
/// Faulty rows that are named at most.
const NAMED: usize = 50;

/// A transaction elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Imported {
    /// Begins with its time, so that it stands among the others.
    pub(super) id: Uuid,
    /// What it is known by.
    identity: [u8; 32],
    pub(super) source: String,
    pub(super) at: Timestamp,
    pub(super) kind: String,
    pub(super) symbol: Option<Symbol>,
    pub(super) shares: Quantity,
    pub(super) price: Option<Price>,
    /// In minor units, fees included.
    pub(super) cash: i64,
    pub(super) fee: i64,
}

/// A file of transactions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportAsk {
    /// Where the file is from, such as `Old Broker 12-34`: letters, digits, spaces, points, hyphens, underscores. Use the
    /// same name whenever you import from there.
    source: String,
    /// The file. Its first line names the columns, in any order: `date` (or `at`) and `type`; `symbol`, `quantity`,
    /// `price`, `amount`, `fee`, `currency`, `id` where there are any. Others are passed over. Types are `buy`, `sell`,
    /// `deposit`, `withdrawal`, `dividend`, `interest`, `fee`, `split` and `cash_in_lieu`.
    csv: String,
    /// Only look: nothing is kept.
    #[serde(default)]
    preview: bool,
}

/// What becomes of a row.
#[derive(Debug, Serialize, ToSchema)]
struct ImportRow {
    line: u64,
    /// `new`, or `known` from an import before.
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[serde(rename = "type")]
    kind: String,
    #[schema(value_type = Option<String>)]
    symbol: Option<Symbol>,
    #[schema(value_type = Option<String>)]
    qty: Option<Quantity>,
    #[schema(value_type = Option<String>)]
    price: Option<Price>,
    #[schema(value_type = String)]
    amount: Money,
    #[schema(value_type = String)]
    fee: Money,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
struct ImportError {
    line: u64,
    detail: String,
}

/// What an import does, or in a preview would do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportView {
    preview: bool,
    source: String,
    /// Rows that were not known.
    new: usize,
    /// Rows that were, and change nothing.
    known: usize,
    rows: Vec<ImportRow>,
    /// Only in a preview: with any of these, nothing would be imported.
    errors: Vec<ImportError>,
}

/// Imports transactions from a file, or with `preview` says what it would do.
#[utoipa::path(
    post, path = "/api/v1/portfolio/import", tag = "portfolio", request_body = ImportAsk,
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 200, body = ImportView), (status = 422, body = Problem))
)]
pub(super) async fn import(
    user: SignedIn,
    State(app): State<App>,
    Body(ask): Body<ImportAsk>,
) -> ApiResult<Json<ImportView>> {
    let account = ledger::account_of(&app, user.id).await?;
    let source = rows::source(&ask.source)?;
    let (read, faults) = read(&ask.csv, &source, account.currency, app.clock.now())?;
    if !ask.preview && !faults.is_empty() {
        return Err(faulty(&faults).into());
    }
    let (id, preview, source_name) = (account.id, ask.preview, source.clone());
    let found = read.clone();
    let is_new = if preview {
        app.read(async move |reader: &mut stockade_platform::db::Reader| {
            store::unknown(reader, id, &identities(&found)).await
        })
        .await?
    } else {
        app.change(&user, async move |change: &mut Change<'_>| {
            // One file at a time: what comes second sees what the first has made known.
            ledger::lock_account(change, id).await?;
            let is_new = store::unknown(change, id, &identities(&found)).await?;
            let rows = found.iter().zip(&is_new).filter(|(_, is_new)| **is_new);
            let rows: Vec<&Imported> = rows.map(|((_, row), _)| row).collect();
            let now = change.now();
            store::insert(change, id, &rows, now)?;
            let event = events::imported(&source_name, rows.len(), found.len() - rows.len());
            change.commit(event, is_new)
        })
        .await?
    };
    Ok(Json(view(
        &read,
        &is_new,
        &faults,
        account.currency,
        source,
        preview,
    )))
}

fn identities(read: &[(u64, Imported)]) -> Vec<[u8; 32]> {
    read.iter().map(|(_, row)| row.identity).collect()
}

fn faulty(faults: &[RowProblem]) -> Problem {
    let fields = faults.iter().take(NAMED).map(|fault| FieldError {
        field: format!("csv line {}", fault.line),
        detail: fault.detail.clone(),
        code: None,
    });
    let detail = format!(
        "{} rows of the file cannot be read; nothing was imported",
        faults.len()
    );
    Problem::unprocessable("import.faulty_rows", detail).fields(fields)
}

fn view(
    read: &[(u64, Imported)],
    is_new: &[bool],
    faults: &[RowProblem],
    currency: Currency,
    source: String,
    preview: bool,
) -> ImportView {
    let new = is_new.iter().filter(|is_new| **is_new).count();
    let rows = read.iter().zip(is_new).map(|((line, row), is_new)| ImportRow {
        line: *line,
        status: if *is_new { "new" } else { "known" },
        at: row.at,
        kind: row.kind.clone(),
        symbol: row.symbol,
        qty: row.symbol.map(|_| row.shares),
        price: row.price,
        amount: Money::new(row.cash, currency),
        fee: Money::new(row.fee, currency),
    });
    let errors = faults.iter().take(NAMED).map(|fault| ImportError {
        line: fault.line,
        detail: fault.detail.clone(),
    });
    ImportView {
        preview,
        source,
        new,
        known: read.len() - new,
        rows: rows.collect(),
        errors: errors.collect(),
    }
}

/// Deletes all that was imported, at the end of an account.
pub(super) fn forget(change: &mut Change<'_>, account: AccountId) -> ApiResult<()> {
    Ok(store::forget(change, account)?)
}
