//! Incidents: what somebody of the staff must look into. A follower of the audit log opens them by rule, gathers what
//! belongs together in one, and fills their timeline; people are assigned, note, and resolve.
//!
//! Invariants: each entry of the log counts once, whatever crashes. Events of one rule and one group, no further apart
//! than the rule's window, are one incident, so that a spray over a thousand accounts is one; a rule that would open too
//! many in an hour opens one for all the rest. Nobody works on an incident about themselves. What an event says stays in
//! the log, so that erasing somebody erases it here, too. What was gathered can be thrown away and gathered anew; what
//! people did is kept.
//!
//! Tables: `incidents`, `incident_timeline`, `incident_people`, `incident_signals`, `incident_summaries`.

mod alert;
mod apply;
mod assign;
mod events;
mod facts;
mod follow;
mod list;
mod note;
mod resolve;
mod rules;
mod severity;
mod show;
mod store;
mod summary;
mod timeline;
mod work;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    follow::{follow_log, prune_signals, rebuild},
    summary::send_summary,
};
use crate::{
    app::App,
    security::{access::Permission, authorisation::Guarded as _},
};

/// `/incidents…` of the operations desk.
pub fn desk_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list).may(Permission::ReadDesk))
        .routes(routes!(show::show).may(Permission::ReadDesk))
        .routes(routes!(assign::assign).may(Permission::WorkCases))
        .routes(routes!(note::note).may(Permission::WorkCases))
        .routes(routes!(resolve::resolve).may(Permission::WorkCases))
}
