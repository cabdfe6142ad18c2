//! `GET /portfolio/transactions`: everything that moved cash or shares, newest first; and what was imported from
//! elsewhere, named by its source. The same as CSV.

mod csv;
pub(super) mod export;
pub(super) mod list;

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{
    currency::Currency, ids::PostingId, money::Money, price::Price, quantity::Quantity, symbol::Symbol,
};
use stockade_platform::db::Queryable;
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use self::csv::{HEADER, attachment, row};

use super::{
    history::{self, Entry, Wanted},
    import::{self, Imported},
};
use crate::{features::ledger::Account, http::error::ApiResult};

/// Where transactions of this platform come from, as others are named by the source they were imported from.
pub(super) const HERE: &str = "stockade";

/// Something that moved cash or shares.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct TransactionView {
    pub(super) id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub(super) at: Timestamp,
    /// Such as `deposit`, `withdrawal`, `buy`, `sell`, `dividend`, `split` or `cash_in_lieu`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[schema(value_type = Option<String>)]
    pub(super) symbol: Option<Symbol>,
    /// Shares that came in, or, negative, went.
    #[schema(value_type = Option<String>)]
    pub(super) qty: Option<Quantity>,
    /// What a share changed hands for, on average.
    #[schema(value_type = Option<String>)]
    pub(super) price: Option<Price>,
    /// Cash that came in, or, negative, went; fees included.
    #[schema(value_type = String)]
    pub(super) amount: Money,
    #[schema(value_type = String)]
    pub(super) fee: Money,
    pub(super) currency: &'static str,
    /// `stockade`, or where it was imported from. What was imported is told here and counts nowhere else.
    pub(super) source: String,
    /// The order, transfer or corporate action that caused it.
    pub(super) cause: Option<Uuid>,
}

impl TransactionView {
    pub(super) fn of(entry: Entry, currency: Currency) -> Self {
        let money = |minor| Money::new(minor, currency);
        Self {
            id: entry.posting.as_uuid(),
            at: entry.at(),
            price: entry.price(currency),
            symbol: entry.shares.map(|(symbol, _)| symbol),
            qty: entry.shares.map(|(_, shares)| Quantity::from_nanos(shares)),
            amount: money(entry.cash),
            fee: money(entry.fee),
            currency: currency.as_str(),
            source: HERE.to_owned(),
            cause: Some(entry.cause),
            kind: entry.kind,
        }
    }

    fn imported(row: Imported, currency: Currency) -> Self {
        let money = |minor| Money::new(minor, currency);
        Self {
            id: row.id,
            at: row.at,
            kind: row.kind,
            symbol: row.symbol,
            qty: row.symbol.map(|_| row.shares),
            price: row.price,
            amount: money(row.cash),
            fee: money(row.fee),
            currency: currency.as_str(),
            source: row.source,
            cause: None,
        }
    }
}

/// Whose transactions are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Everywhere,
    Here,
    /// Imported from there.
    Source(String),
}

/// At most so many transactions that are wanted, newest first.
pub(super) async fn page(
    on: &mut impl Queryable,
    account: Account,
    wanted: &Wanted,
    origin: &Origin,
    most: i64,
) -> ApiResult<Vec<TransactionView>> {
    let (id, currency) = (account.id, account.currency);
    let mut found = Vec::new();
    if !matches!(origin, Origin::Source(_)) {
        let own = history::page(on, id, wanted, most).await?;
        found.extend(own.into_iter().map(|entry| TransactionView::of(entry, currency)));
    }
    if *origin != Origin::Here {
        let source = match origin {
            Origin::Source(source) => Some(source.as_str()),
            _ => None,
        };
        let others = import::page(on, id, wanted, source, most).await?;
        found.extend(
            others
                .into_iter()
                .map(|row| TransactionView::imported(row, currency)),
        );
    }
    // Ids of both begin with the time, so that one order serves the list and its cursor.
    found.sort_by_key(|transaction| std::cmp::Reverse(transaction.id));
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

/// Everything before a transaction.
pub(super) fn before(cursor: Option<Uuid>) -> PostingId {
    PostingId::from_uuid(cursor.unwrap_or(Uuid::max()))
}
