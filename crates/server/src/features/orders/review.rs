//! Orders under review: what they need is reserved, but they have not gone to the market. This is the door for whoever
//! decides about them: each function does its part of the caller's unit of work and puts the order's move on record;
//! the caller ends the unit with its own decision.
//!
//! Invariant: an order leaves review once, because each move starts from `pending_review` on a locked row.

use serde_json::Value;
use stockade_domain::{
    ids::{AccountId, OrderId, UserId},
    ledger::Posting,
    orders::{Order, OrderStatus},
};

use super::{
    enter::insert,
    events,
    execute::{self, Offer, Stage, meet_market},
    show::unknown,
    store,
};
use crate::{
    app::App,
    core::{change::Change, event::AuditEvent},
    features::{ledger, market},
    http::error::{ApiResult, Problem},
};

/// Reserves what the order needs and stores it under review; answers the event to end the unit with, which says why.
///
/// # Errors
/// When there is not enough to reserve, or the order's name is taken.
pub async fn hold_for_review(
    change: &mut Change<'_>,
    order: &Order,
    is_named: bool,
    risk: Option<&Value>,
) -> ApiResult<AuditEvent> {
    let posting = Posting::hold(order.account, order.hold.reserved())?;
    ledger::post(change, order.id.as_uuid(), &[posting], None).await?;
    insert(change, order, is_named).await?;
    Ok(events::entered(order, None, risk))
}

/// An order under review, by its owner.
#[derive(Clone, Copy, Debug)]
pub struct Reviewed {
    /// Whose it is.
    pub owner: UserId,
    /// The owner's account.
    pub account: AccountId,
    /// The order.
    pub order: OrderId,
}

impl Reviewed {
    /// Lets the order through: it meets the market as it is now. Its day, if it is good for one, is the present one.
    ///
    /// # Errors
    /// When it is no longer under review, or there is no price right now.
    pub async fn release(self, app: &App, change: &mut Change<'_>) -> ApiResult<()> {
        let mut order = self.lock(change).await?;
        let (now, trading) = (change.now(), &app.config.trading);
        let quote = market::tradable_quote(app, order.terms.symbol())?;
        order.accept(trading.calendar().session(now).closes, now)?;
        let offer = Offer::new(trading, quote, now);
        let fill = meet_market(change, &mut order, Stage::Resting, &offer).await?;
        store::update(change, &order)?;
        change.also(events::entered(&order, fill.as_ref(), None).about(self.owner));
        Ok(())
    }

    /// Stops the order; what it held is given back.
    ///
    /// # Errors
    /// When it is no longer under review.
    pub async fn reject(self, change: &mut Change<'_>) -> ApiResult<()> {
        let mut order = self.lock(change).await?;
        order.reject(change.now())?;
        self.end(change, &order).await
    }

    /// Nobody decided in time: the order ends unexecuted; what it held is given back.
    ///
    /// # Errors
    /// When it is no longer under review.
    pub async fn expire(self, change: &mut Change<'_>) -> ApiResult<()> {
        let mut order = self.lock(change).await?;
        order.expire(change.now())?;
        self.end(change, &order).await
    }

    async fn lock(self, change: &mut Change<'_>) -> ApiResult<Order> {
        let order = store::lock(change, self.account, self.order)
            .await?
            .ok_or_else(unknown)?;
        if order.status == OrderStatus::PendingReview {
            return Ok(order);
        }
        let detail = format!("the order is {} and no longer under review", order.status);
        Err(Problem::conflict("order.not_under_review", detail).into())
    }

    async fn end(self, change: &mut Change<'_>, order: &Order) -> ApiResult<()> {
        execute::release(change, order).await?;
        store::update(change, order)?;
        change.also(events::moved(order, None).about(self.owner));
        Ok(())
    }
}
