//! Switching a webhook off, and putting that on record.

use uuid::Uuid;

use super::{events, store};
use crate::{
    app::App,
    core::{actor::Actor, change::Change},
    http::error::{ApiResult, Problem},
};

/// Why a webhook is called no more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The receiver said so.
    Gone,
    /// It has failed for days.
    Failing,
    /// What is stored of its secret was changed from outside, so nothing can be signed for it.
    SecretTampered,
}

impl Why {
    fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Failing => "failing",
            Self::SecretTampered => "secret_tampered",
        }
    }
}

/// Switches it off unless somebody else did.
pub(super) async fn disable(app: &App, id: Uuid, why: Why) -> ApiResult<()> {
    let text = why.as_str();
    let done = app
        .change(
            Actor::program("webhooks"),
            async move |change: &mut Change<'_>| {
                let now = change.now();
                if !store::disable(change, id, text, now).await? {
                    let problem = Problem::conflict("webhook.disabled", "it was switched off before");
                    return change.refuse(events::disabled(id, text), problem);
                }
                if why == Why::SecretTampered {
                    change.also(events::secret_tampered(id));
                }
                change.commit(events::disabled(id, text), ())
            },
        )
        .await;
    tracing::warn!(webhook = %id, why = text, "a webhook was switched off");
    done
}
