//! An order meets the market: what fills, what is held, what is given back, in one set of postings.

use stockade_domain::{
    ids::FillId,
    ledger::{Bucket, Posting, PostingError, Trade},
    orders::{FeeSchedule, Fill, Order, Side, match_order},
    quantity::Quantity,
    quote::Quote,
};

use super::store;
use crate::{
    config::Trading,
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

/// What an order finds at the venue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) quote: Quote,
    /// The most shares that change hands.
    pub(super) liquidity: Quantity,
    pub(super) fees: FeeSchedule,
    /// Outside the market's hours nothing fills; what may wait does.
    pub(super) is_open: bool,
}

impl Offer {
    /// What the settings give at this quote to somebody who comes at `now`.
    pub(super) fn new(trading: &Trading, quote: Quote, now: jiff::Timestamp) -> Self {
        Self {
            quote,
            liquidity: trading.liquidity(),
            fees: trading.fees(),
            is_open: trading.calendar().is_open(now),
        }
    }
}

/// Fills what the market gives, and writes what follows from it: ledger, fill, lots. The order itself is left to the
/// caller to store.
pub(super) async fn meet_market(
    change: &mut Change<'_>,
    order: &mut Order,
    stage: Stage,
    offer: &Offer,
) -> ApiResult<Option<Fill>> {
    let fill = match offer.is_open {
        true => fill(change, order, offer)?,
        false => None,
    };
    if order.must_cancel_rest() {
        order.cancel(change.now())?;
    }
    let postings = postings(order, stage, fill.as_ref())?;
    if !postings.is_empty() {
        // Even what fills at once must have been able to pay its whole hold.
        let hold = (stage == Stage::New).then(|| (order.account, order.hold.reserved()));
        ledger::post(change, order.id.as_uuid(), &postings, hold).await?;
    }
    if let Some(fill) = &fill {
        store::insert_fill(change, fill)?;
        move_position(change, order, fill).await?;
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

fn fill(change: &mut Change<'_>, order: &mut Order, offer: &Offer) -> ApiResult<Option<Fill>> {
    let now = change.now();
    order.trigger(&offer.quote, now);
    let Some(execution) = match_order(order, &offer.quote, offer.liquidity)? else {
        return Ok(None);
    };
    let fee = order.fee_for(&execution, &offer.fees)?;
    order.fill(&execution, fee, now)?;
    let id = FillId::from_uuid(change.new_id());
    Ok(Some(execution.fill(id, order.id, fee, now)))
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

async fn move_position(change: &mut Change<'_>, order: &Order, fill: &Fill) -> ApiResult<()> {
    let (account, symbol) = (order.account, order.terms.symbol());
    match order.terms.side() {
        Side::Buy => {
            let cost = fill.amount.checked_add(fill.fee)?;
            portfolio::bought(change, account, symbol, fill.qty, cost)
        }
        Side::Sell => {
            let proceeds = fill.amount.checked_sub(fill.fee)?;
            portfolio::sold(change, account, symbol, fill.qty, proceeds).await
        }
    }
}
