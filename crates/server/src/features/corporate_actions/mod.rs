//! Corporate actions: splits, reverse splits and cash dividends, announced by an operator and applied to every holder.
//!
//! Invariants: an action is applied to a holder exactly once, in one unit with its record in the ledger, the lots and the
//! log; a job that stops in between goes on where it was. While a split is applied, the security is not traded, and its
//! open orders are canceled, since they count in shares that are no more. A dividend is paid on what was held at the
//! instant it took effect, whatever has been traded since. A security has one action of a kind on a trading day, so that an
//! announcement which is repeated changes nothing.
//!
//! Tables: `corporate_actions`, `corporate_action_effects`.

mod announce;
mod apply;
mod events;
mod halt;
mod list;
mod store;

pub use apply::apply_due;
pub use halt::follow_announcements;

use jiff::{Timestamp, civil::Date};
use stockade_domain::{calendar, corporate_actions::Terms, ids::AccountId, symbol::Symbol};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/admin/corporate-actions`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(announce::announce).may(Permission::RunMarket))
        .routes(routes!(list::list).may(Permission::RunMarket))
}

/// An action as it is stored.
#[derive(Clone, Debug)]
struct Action {
    id: Uuid,
    symbol: Symbol,
    terms: Terms,
    effective_at: Timestamp,
    /// `announced`, `applying` or `applied`
    status: String,
    announced_at: Timestamp,
    applied_at: Option<Timestamp>,
    /// The last holder it was applied to.
    cursor: AccountId,
}

impl Action {
    /// The day on which it takes effect, on the exchange's clock.
    fn ex_date(&self) -> Date {
        calendar::new_york_date(self.effective_at)
    }
}
