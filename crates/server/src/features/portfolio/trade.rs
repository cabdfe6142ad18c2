//! What a fill does to lots and positions. The caller has already moved the shares in the ledger, whose row lock keeps
//! two sales of the same shares apart.

use stockade_domain::{
    ids::{AccountId, LotId},
    lots::{Lot, LotMethod, close},
    money::Money,
    quantity::Quantity,
    symbol::Symbol,
};
use stockade_platform::db::DbError;
use uuid::Uuid;

use super::store;
use crate::{
    core::change::Change,
    http::error::{ApiError, ApiResult},
};

/// Lots read at once while looking for enough shares to sell.
const PAGE: i64 = 100;

/// Opens a lot for shares bought. `cost` includes the fee.
pub fn bought(
    change: &mut Change<'_>,
    account: AccountId,
    symbol: Symbol,
    quantity: Quantity,
    cost: Money,
) -> ApiResult<()> {
    let lot = Lot::open(
        LotId::from_uuid(change.new_id()),
        symbol,
        change.now(),
        quantity,
        cost,
    );
    store::insert_lot(change, account, &lot)?;
    store::move_position(change, account, symbol, quantity.nanos(), cost.minor(), 0)?;
    Ok(())
}

/// Closes lots, by the account's method, for shares sold. `proceeds` are less the fee.
pub async fn sold(
    change: &mut Change<'_>,
    account: AccountId,
    symbol: Symbol,
    quantity: Quantity,
    proceeds: Money,
) -> ApiResult<()> {
    let (method, lots) = enough_lots(change, account, symbol, quantity, proceeds).await?;
    // The ledger had the shares, so lots that fall short of them are a fault, not a refusal.
    let closed = close(method, &lots, quantity, proceeds)
        .map_err(|error| ApiError::Fault(format!("lots of {symbol}: {error}")))?;
    let (mut basis, mut realized) = (0, 0);
    let now = change.now();
    for closing in &closed.closings {
        let lot = lots
            .iter()
            .find(|lot| lot.id == closing.lot)
            .ok_or(DbError::NoRow)?;
        let id = change.new_id();
        store::close_lot(change, account, lot, closing, id, now)?;
        basis += closing.basis.minor();
        realized += closing.realized.minor();
    }
    for averaged in &closed.averaged {
        store::recost_lot(change, account, symbol, averaged)?;
    }
    store::move_position(change, account, symbol, -quantity.nanos(), -basis, realized)?;
    Ok(())
}

/// The account's method, and all lots that it can take shares from. Only first in, first out knows which these are
/// without looking at all of them: ids begin with the time (RFC 9562 §5.7), so the oldest are read first.
async fn enough_lots(
    change: &mut Change<'_>,
    account: AccountId,
    symbol: Symbol,
    quantity: Quantity,
    proceeds: Money,
) -> ApiResult<(LotMethod, Vec<Lot>)> {
    let (mut method, mut lots, mut found) = (LotMethod::default(), Vec::new(), 0i128);
    let mut last = LotId::from_uuid(Uuid::nil());
    loop {
        let page = store::open_lots(change, account, proceeds.currency(), symbol, last, PAGE).await?;
        let is_last = (page.lots.len() as i64) < PAGE;
        method = page.method.unwrap_or(method);
        found += page
            .lots
            .iter()
            .map(|lot| i128::from(lot.remaining.nanos()))
            .sum::<i128>();
        last = page.lots.last().map_or(last, |lot| lot.id);
        lots.extend(page.lots);
        let enough = method == LotMethod::Fifo && found >= i128::from(quantity.nanos());
        if is_last || enough {
            return Ok((method, lots));
        }
    }
}
