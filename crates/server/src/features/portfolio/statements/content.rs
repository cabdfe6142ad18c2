//! What a statement says.

use stockade_domain::{
    currency::Currency, ids::PostingId, money::Money, price::Price, quantity::Quantity, symbol::Symbol,
};
use stockade_platform::db::Reader;

use super::month::Month;
use crate::{
    app::App,
    features::{
        ledger::{Account, first_posting_at},
        portfolio::{
            history::Wanted,
            store,
            transactions::{self, Origin, TransactionView},
            value::{Prices, latest, start_of},
        },
    },
    http::error::ApiResult,
};

/// Transactions read in one snapshot.
const PAGE: i64 = 500;

/// What was held when the month ended.
pub(super) struct Position {
    pub(super) symbol: Symbol,
    pub(super) qty: Quantity,
    pub(super) price: Option<Price>,
    pub(super) value: Option<Money>,
}

/// A month of an account.
pub(super) struct Content {
    pub(super) month: Month,
    pub(super) currency: Currency,
    /// Where the prices come from.
    pub(super) feed: &'static str,
    /// Value at the end of the month before, and at the end of this one; `None` where a price was missing.
    pub(super) opening: Option<Money>,
    pub(super) closing: Option<Money>,
    pub(super) cash: Money,
    pub(super) deposits: Money,
    pub(super) withdrawals: Money,
    pub(super) dividends: Money,
    pub(super) fees: Money,
    /// Of each security that was sold.
    pub(super) realized: Vec<(Symbol, Money)>,
    pub(super) positions: Vec<Position>,
    /// Oldest first.
    pub(super) transactions: Vec<TransactionView>,
}

impl Content {
    pub(super) async fn of(app: &App, account: Account, month: Month) -> ApiResult<Self> {
        let (id, currency) = (account.id, account.currency);
        let (first, last) = (month.first_day(), month.last_day());
        let (before, at_end, realized) = app
            .read(async move |reader: &mut Reader| {
                let before = latest(reader, id, first - 1).await?;
                let at_end = latest(reader, id, last).await?;
                let realized =
                    store::realized_between(reader, id, start_of(first), start_of(last + 1)).await?;
                ApiResult::Ok((before, at_end, realized))
            })
            .await?;
        let transactions = transactions_of(app, account, month).await?;
        let money = |minor| Money::new(minor, currency);
        let sum = |minor: &dyn Fn(&TransactionView) -> i64| money(transactions.iter().map(minor).sum());
        let of_kind = |kind: &'static str| {
            sum(&move |t: &TransactionView| if t.kind == kind { t.amount.minor() } else { 0 })
        };
        let holdings = at_end
            .as_ref()
            .map(|day| day.holdings.clone())
            .unwrap_or_default();
        let mut prices = Prices::new(app);
        let positions = holdings.shares.iter().map(|(symbol, nanos)| {
            let (qty, price) = (Quantity::from_nanos(*nanos), prices.close(*symbol, last));
            Position {
                symbol: *symbol,
                qty,
                price,
                value: price.and_then(|price| price.times(qty, currency).ok()),
            }
        });
        Ok(Self {
            month,
            currency,
            feed: app.market.label(),
            opening: before.map_or(Some(0), |day| day.value()).map(money),
            closing: at_end.as_ref().map_or(Some(0), |day| day.value()).map(money),
            cash: money(holdings.cash),
            deposits: of_kind("deposit"),
            withdrawals: of_kind("withdrawal"),
            dividends: of_kind("dividend"),
            fees: sum(&|t| t.fee.minor()),
            realized: realized
                .into_iter()
                .map(|(symbol, minor)| (symbol, money(minor)))
                .collect(),
            positions: positions.collect(),
            transactions,
        })
    }
}

async fn transactions_of(app: &App, account: Account, month: Month) -> ApiResult<Vec<TransactionView>> {
    let mut wanted = Wanted {
        from: first_posting_at(start_of(month.first_day())),
        before: first_posting_at(start_of(month.last_day() + 1)),
        kind: None,
        symbol: None,
    };
    let mut found = Vec::new();
    loop {
        let asked = wanted.clone();
        let page = app
            .read(async move |reader: &mut Reader| {
                transactions::page(reader, account, &asked, &Origin::Here, PAGE).await
            })
            .await?;
        let is_last = (page.len() as i64) < PAGE;
        found.extend(page);
        match found.last() {
            Some(last) if !is_last => wanted.before = PostingId::from_uuid(last.id),
            _ => break,
        }
    }
    found.reverse();
    Ok(found)
}
