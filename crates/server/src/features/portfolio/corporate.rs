//! What corporate actions do to an account: shares, lots, cash and the record of it, in the caller's unit.

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::{
    asset::Asset,
    corporate_actions::{Ratio, dividend, fraction},
    ids::{AccountId, LotId},
    ledger::{Balance, Posting, Trade},
    lots::{self, Lot},
    money::Money,
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::db::{DbResult, Queryable, Reader};
use uuid::Uuid;

use super::{history, store, trade::sold};
use crate::{
    app::App,
    core::change::Change,
    features::ledger::{self, Account, first_posting_at, time_of},
    http::error::{ApiError, ApiResult},
};

/// Lots read at once.
const PAGE: i64 = 500;

/// What an action did to an account.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ActionEffect {
    /// Shares before, or that the dividend is on.
    pub before: Quantity,
    /// Shares after.
    pub after: Quantity,
    /// Cash received.
    pub cash: Money,
}

/// Accounts after one that hold a security, or once did.
pub async fn holders(
    on: &mut impl Queryable,
    symbol: Symbol,
    after: AccountId,
    most: i64,
) -> DbResult<Vec<AccountId>> {
    store::holders(on, symbol, after, most).await
}

/// Whether the histories are whole up to an instant.
pub async fn is_recorded(app: &App, at: Timestamp) -> ApiResult<bool> {
    let covered = app
        .read(async move |reader: &mut Reader| history::covered(reader).await)
        .await?;
    Ok(time_of(covered) >= at)
}

/// The shares an account held at an instant up to which the histories are whole.
pub async fn held_at(
    on: &mut impl Queryable,
    account: AccountId,
    symbol: Symbol,
    at: Timestamp,
) -> DbResult<Quantity> {
    let nanos = history::shares_before(on, account, symbol, first_posting_at(at)).await?;
    Ok(Quantity::from_nanos(nanos))
}

/// Gives other quantities for the same cost; what is left of a share is paid out if there is a price for it.
///
/// The security must not be traded meanwhile, and nothing of it may be held for an order.
pub async fn split(
    change: &mut Change<'_>,
    cause: Uuid,
    account: Account,
    symbol: Symbol,
    ratio: Ratio,
    cash_in_lieu: Option<Price>,
) -> ApiResult<ActionEffect> {
    let none = Money::zero(account.currency);
    let balance = ledger::balance(change, account.id, Asset::Security(symbol))
        .await?
        .unwrap_or(Balance::ZERO);
    let before = Quantity::from_nanos(balance.available() + balance.held());
    let after = ratio.of(before)?;
    if after != before {
        let posting = Posting::split(account.id, symbol, before, after)?;
        ledger::post(change, cause, &[posting], None).await?;
    }
    let lots = all_lots(change, account, symbol).await?;
    let fault = |error: &dyn std::fmt::Display| ApiError::Fault(format!("the split of {symbol}: {error}"));
    let split = lots::split(&lots, ratio).map_err(|error| fault(&error))?;
    if split.quantity != after {
        return Err(fault(&"the lots do not hold what the ledger does"));
    }
    for lot in &lots {
        match split.lots.iter().find(|kept| kept.id == lot.id) {
            Some(kept) => store::resize_lot(change, account.id, kept)?,
            None => store::delete_lot(change, account.id, lot)?,
        }
    }
    // What no share is left to carry is lost.
    let lost = split.stranded.map_or(0, Money::minor);
    let difference = after.checked_sub(before)?.nanos();
    store::move_position(change, account.id, symbol, difference, -lost, -lost)?;
    let rest = fraction(after);
    let Some(price) = cash_in_lieu.filter(|_| rest.is_positive()) else {
        return Ok(ActionEffect {
            before,
            after,
            cash: none,
        });
    };
    let trade = Trade {
        account: account.id,
        symbol,
        quantity: rest,
        amount: price.times(rest, account.currency)?,
        fee: none,
    };
    ledger::post(change, cause, &[Posting::cash_in_lieu(&trade)?], None).await?;
    sold(change, account.id, symbol, rest, trade.amount).await?;
    Ok(ActionEffect {
        before,
        after: after.checked_sub(rest)?,
        cash: trade.amount,
    })
}

/// Pays a dividend on `entitled` shares; less than half a minor unit is nothing.
pub async fn pay_dividend(
    change: &mut Change<'_>,
    cause: Uuid,
    account: Account,
    entitled: Quantity,
    per_share: Price,
) -> ApiResult<ActionEffect> {
    let cash = dividend(per_share, entitled, account.currency)?;
    if cash.is_positive() {
        ledger::post(change, cause, &[Posting::dividend(account.id, cash)?], None).await?;
    }
    Ok(ActionEffect {
        before: entitled,
        after: entitled,
        cash,
    })
}

async fn all_lots(change: &mut Change<'_>, account: Account, symbol: Symbol) -> ApiResult<Vec<Lot>> {
    let mut lots: Vec<Lot> = Vec::new();
    loop {
        let last = lots.last().map_or(LotId::from_uuid(Uuid::nil()), |lot| lot.id);
        let page = store::open_lots(change, account.id, account.currency, symbol, last, PAGE).await?;
        let is_last = (page.lots.len() as i64) < PAGE;
        lots.extend(page.lots);
        if is_last {
            return Ok(lots);
        }
    }
}
