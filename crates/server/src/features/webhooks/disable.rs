//! Switching a webhook off, and putting that on record.

use uuid::Uuid;

use super::{events, store};
use crate::{
    app::App,
    core::{actor::Actor, change::Change},
    http::error::{ApiResult, Problem},
};

/// Switches it off unless somebody else did. `why` is `gone` or `failing`.
pub(super) async fn disable(app: &App, id: Uuid, why: &'static str) -> ApiResult<()> {
    let done = app
        .change(
            Actor::program("webhooks"),
            async move |change: &mut Change<'_>| {
                let now = change.now();
                if !store::disable(change, id, why, now).await? {
                    let problem = Problem::conflict("webhook.disabled", "it was switched off before");
                    return change.refuse(events::disabled(id, why), problem);
                }
                change.commit(events::disabled(id, why), ())
            },
        )
        .await;
    tracing::warn!(webhook = %id, why, "a webhook was switched off");
    done
}
