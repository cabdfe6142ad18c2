//! Mail: written in the unit of work that causes it, delivered afterwards, at least once.
//!
//! Invariants: no unit waits for a mail server. A mail has one id for good, so a delivery that is repeated replaces the
//! first instead of doubling it. One that cannot be delivered holds up no other.
//!
//! Table: `mail_outbox`.

mod deliver;
mod letter;
mod mailbox;
mod store;

use axum::Router;
use stockade_platform::db::DbResult;

pub use self::{
    deliver::deliver_mail,
    letter::{Letter, Link},
};
use crate::{app::App, core::change::Change};

/// Puts a letter into the outbox; it goes out once the unit has committed.
pub fn post(change: &mut Change<'_>, letter: Letter) -> DbResult<()> {
    let (id, now) = (change.new_id(), change.now());
    store::insert(change, id, &letter, now)
}

/// `/dev/mailbox`, which exists in development only.
pub fn pages() -> Router<App> {
    Router::new().route("/dev/mailbox", axum::routing::get(mailbox::show))
}
