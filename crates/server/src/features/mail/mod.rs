//! Mail: written in the unit of work that causes it, delivered afterwards, at least once.
//!
//! Invariants: no unit waits for a mail server. A mail has one id for good, so a delivery that is repeated replaces the
//! first instead of doubling it. One that cannot be delivered holds up no other. Nobody gets more mails of a kind than
//! is set; what is held back is counted and said in the next. Without a mail server, mails wait.
//!
//! Tables: `mail_outbox`, `mail_allowances`.

mod deliver;
mod letter;
mod mailbox;
mod prune;
mod render;
mod store;

use axum::Router;
use jiff::Timestamp;
use stockade_platform::db::{DbResult, Queryable, Tx};
use uuid::Uuid;

pub use self::{
    deliver::deliver_mail,
    letter::{Letter, Link},
    prune::prune_mail,
};
use crate::{app::App, core::change::Change};

/// Puts a letter into the outbox; it goes out once the unit has committed.
pub fn post(change: &mut Change<'_>, letter: Letter) -> DbResult<()> {
    let (id, now) = (change.new_id(), change.now());
    store::insert(change, id, &letter, now)
}

/// Puts a follower's letter into the outbox, under the id of what it tells of.
pub fn post_about(tx: &mut Tx, id: Uuid, letter: &Letter, now: Timestamp) -> DbResult<()> {
    store::insert(tx, id, letter, now)
}

/// How many mails wait.
pub async fn waiting(on: &mut impl Queryable) -> DbResult<i64> {
    store::waiting(on).await
}

/// Forgets an address whose owner was erased: what waits for it is not sent.
pub async fn forget(change: &mut Change<'_>, address: &str) -> DbResult<()> {
    change.batch(store::forget(address).into()).await.map(drop)
}

/// `/dev/mailbox`, which exists in development only.
pub fn pages() -> Router<App> {
    Router::new().route("/dev/mailbox", axum::routing::get(mailbox::show))
}
