//! An order meets the market: what fills, what is held, what is given back, in one set of postings.

use stockade_domain::{
    ids::FillId,
    ledger::{Bucket, Posting, PostingError, Trade},
    money::Money,
    orders::{Fill, Order, Side, match_order},
    quantity::Quantity,
    quote::Quote,
};

use super::store;
use crate::{
    core::change::Change,
    features::{ledger, portfolio},
    http::error::ApiResult,
};

/// Whether the order's hold is already in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It comes in right now. What fills at once is paid straight from what is available.
    New,
    /// It has been waiting, with its hold.
    Resting,
}

/// Fills what the market gives, and writes what follows from it: ledger, fill, lots. The order itself is left to the
/// caller to store.
pub(super) async fn meet_market(
    change: &mut Change<'_>,
    order: &mut Order,
    stage: Stage,
    quote: &Quote,
    liquidity: Quantity,
) -> ApiResult<Option<Fill>> {
    let now = change.now();
    let execution = match_order(order, quote, liquidity)?;
    let fill = match &execution {
        None => None,
        Some(execution) => {
            order.fill(execution, now)?;
            let fee = Money::zero(order.terms.currency());
            Some(execution.fill(FillId::from_uuid(change.new_id()), order.id, fee, now))
        }
    };
    if stage == Stage::New && order.must_cancel_rest() {
        order.cancel(now)?;
    }
    let postings = postings(order, stage, fill.as_ref())?;
    // Even what fills at once must have been able to pay its whole hold.
    let hold = (stage == Stage::New && !postings.is_empty()).then(|| (order.account, order.hold.reserved()));
    if !postings.is_empty() {
        ledger::post(change, order.id.as_uuid(), &postings, hold).await?;
    }
    if let Some(fill) = &fill {
        store::insert_fill(change, fill)?;
        let (account, symbol) = (order.account, order.terms.symbol());
        match order.terms.side() {
            Side::Buy => portfolio::bought(
                change,
                account,
                symbol,
                fill.qty,
                fill.amount.checked_add(fill.fee)?,
            )?,
            Side::Sell => {
                portfolio::sold(
                    change,
                    account,
                    symbol,
                    fill.qty,
                    fill.amount.checked_sub(fill.fee)?,
                )
                .await?;
            }
        }
    }
    Ok(fill)
}

/// Gives back what a closed order still holds.
pub(super) async fn release(change: &mut Change<'_>, order: &Order) -> ApiResult<()> {
    let left = order.hold_left();
    if left.amount > 0 {
        let posting = Posting::release(order.account, left)?;
        ledger::post(change, order.id.as_uuid(), &[posting], None).await?;
    }
    Ok(())
}

fn postings(order: &Order, stage: Stage, fill: Option<&Fill>) -> Result<Vec<Posting>, PostingError> {
    let mut postings = Vec::with_capacity(2);
    let rests = !order.status.is_closed();
    let bucket = match (stage, rests) {
        (Stage::New, false) => Bucket::Available,
        (Stage::New, true) => {
            postings.push(Posting::hold(order.account, order.hold.reserved())?);
            Bucket::Held
        }
        (Stage::Resting, _) => Bucket::Held,
    };
    if let Some(fill) = fill {
        let trade = Trade {
            account: order.account,
            symbol: order.terms.symbol(),
            quantity: fill.qty,
            amount: fill.amount,
            fee: fill.fee,
        };
        postings.push(match order.terms.side() {
            Side::Buy => Posting::buy(&trade, bucket)?,
            Side::Sell => Posting::sell(&trade, bucket)?,
        });
    }
    let left = order.hold_left();
    if stage == Stage::Resting && !rests && left.amount > 0 {
        postings.push(Posting::release(order.account, left)?);
    }
    Ok(postings)
}
