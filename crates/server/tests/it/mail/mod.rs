//! Mail beyond this machine, and within limits.

mod letters;
mod limits;
pub mod notices;
mod smtp;

use stockade::{
    core::{actor::Actor, change::Change, event::AuditEvent},
    features::mail::{Letter, post},
};

use crate::support::shop::Shop;

/// Posts a letter.
async fn write(shop: &Shop, letter: Letter) {
    shop.app
        .change(Actor::program("story"), async move |change: &mut Change<'_>| {
            post(change, letter.clone())?;
            change.commit(AuditEvent::done("story.told"), ())
        })
        .await
        .unwrap();
}
