//! A timeline as it is shown: events with what the log says of them, and what people did.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use stockade_platform::db::{DbResult, Reader};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::Moment;
use crate::{
    core::{audit::entries, keys::DataKeys},
    features::auth::{self, PersonView},
};

/// A line of a timeline.
#[derive(Serialize, ToSchema)]
pub(super) struct MomentView {
    pub(super) id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `event` of the log; or `opened`, `escalated`, `assigned`, `noted`, `confirmed` or `false_positive`.
    what: String,
    /// Who of the staff did it.
    by: Option<PersonView>,
    /// Whom it concerns, or to whom the incident was assigned.
    user: Option<PersonView>,
    /// A note; of what the rules did, the severity.
    words: Option<String>,
    /// The event.
    event: Option<EventView>,
}

/// An event of the log.
#[derive(Serialize, ToSchema)]
#[schema(as = IncidentEvent)]
struct EventView {
    /// Its number in the log.
    seq: u64,
    kind: String,
    outcome: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    #[schema(value_type = Object)]
    details: Value,
    /// True when the person's key was destroyed.
    erased: bool,
}

/// Completes lines from the log.
pub(super) async fn read(
    reader: &mut Reader,
    keys: &DataKeys,
    moments: Vec<Moment>,
) -> DbResult<Vec<MomentView>> {
    let mut views = Vec::with_capacity(moments.len());
    for moment in moments {
        let event = match moment.what.as_str() {
            "event" => event(reader, keys, moment.id).await?,
            _ => None,
        };
        views.push(MomentView {
            id: moment.id,
            at: moment.at,
            what: moment.what,
            by: auth::person(reader, moment.by).await?,
            user: auth::person(reader, moment.user).await?,
            words: moment.words,
            event,
        });
    }
    Ok(views)
}

async fn event(reader: &mut Reader, keys: &DataKeys, entry: Uuid) -> DbResult<Option<EventView>> {
    let Some(entry) = entries::one(reader, keys, entry).await? else {
        return Ok(None);
    };
    let view = entry.view()?;
    Ok(Some(EventView {
        seq: view.seq,
        kind: view.kind,
        outcome: view.outcome,
        ip: view.ip,
        user_agent: view.user_agent,
        details: view.details,
        erased: view.erased,
    }))
}
