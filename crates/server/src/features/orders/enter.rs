//! A new order enters the market, whichever request brought it: what it must be worth, what it reserves, what fills at
//! once.

use stockade_domain::{
    asset::Asset,
    ids::AccountId,
    ledger::Balance,
    orders::{Fill, Hold, Order, OrderSize, OrderTerms, Side, hold_for},
};

use super::{
    execute::{Offer, Stage, meet_market},
    store,
};
use crate::{
    app::App,
    core::change::Change,
    features::{ledger, market},
    http::error::{ApiResult, Problem},
};

/// What the order finds at the venue, and what it must reserve there.
///
/// # Errors
/// When there is no price, nothing of this kind can be traded, or the order is worth too much or too little.
pub(super) async fn admit(
    app: &App,
    change: &mut Change<'_>,
    account: AccountId,
    terms: &OrderTerms,
) -> ApiResult<(Offer, Hold)> {
    let trading = &app.config.trading;
    let quote = market::tradable_quote(app, terms.symbol())?;
    let hold = hold_for(terms, &quote, trading.collar_bps, &trading.fees())?;
    let offer = Offer::new(trading, quote, change.now());
    check_worth(app, change, account, terms, &offer).await?;
    Ok((offer, hold))
}

/// Accepts the order and lets it meet the market; stores it with what became of it. `is_named` says that its owner
/// chose the name it goes by.
pub(super) async fn enter(
    app: &App,
    change: &mut Change<'_>,
    order: &mut Order,
    offer: &Offer,
    is_named: bool,
) -> ApiResult<Option<Fill>> {
    let now = change.now();
    order.accept(app.config.trading.calendar().session(now).closes, now)?;
    let fill = meet_market(change, order, Stage::New, offer).await?;
    insert(change, order, is_named).await?;
    Ok(fill)
}

/// A name that the customer chose may be taken; the order's own id cannot be, so nobody need wait for that answer.
pub(super) async fn insert(change: &mut Change<'_>, order: &Order, is_named: bool) -> ApiResult<()> {
    let query = store::insert(order);
    if !is_named {
        return Ok(query.later(change)?);
    }
    if query.run(change).await? == 0 {
        let detail = format!(
            "there is already an order named {}",
            order.client_order_id.as_str()
        );
        return Err(Problem::conflict("order.client_order_id_taken", &*detail)
            .field("client_order_id", detail)
            .into());
    }
    Ok(())
}

/// Amounts are rounded to the cent, so very small orders would be paid by the house, cent by cent. Only somebody who
/// sells all they have of something may sell less.
async fn check_worth(
    app: &App,
    change: &mut Change<'_>,
    account: AccountId,
    terms: &OrderTerms,
    offer: &Offer,
) -> ApiResult<()> {
    let least = app.config.trading.smallest_order(terms.currency());
    let price = terms.limit_price().or(terms.stop_price());
    let worth = match terms.size() {
        OrderSize::Cash(cash) => cash,
        OrderSize::Shares(shares) => price
            .unwrap_or(offer.quote.last())
            .times(shares, terms.currency())?,
    };
    if worth.minor() >= least.minor() {
        return Ok(());
    }
    if let (Side::Sell, OrderSize::Shares(shares)) = (terms.side(), terms.size()) {
        let asset = Asset::Security(terms.symbol());
        let balance = ledger::balance(change, account, asset)
            .await?
            .unwrap_or(Balance::ZERO);
        if worth.is_positive() && balance.available() == shares.nanos() && balance.held() == 0 {
            return Ok(());
        }
    }
    let detail = format!("an order must be worth {least} {} or more", least.currency());
    Err(Problem::unprocessable("order.too_small", detail).into())
}
