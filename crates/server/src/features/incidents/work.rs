//! What every act on an incident has in common: it is there, and it is not about whoever acts.

use stockade_domain::ids::UserId;
use uuid::Uuid;

use super::store::{self, Incident, Line};
use crate::{
    core::change::Change,
    http::error::{ApiResult, Problem},
};

/// Longest note, in characters.
const LONGEST: usize = 4_000;

/// The incident that somebody means to work on.
///
/// # Errors
/// 404 `incident.unknown`; 403 `case.own` when it is about themselves.
pub(super) async fn find(change: &mut Change<'_>, id: Uuid, worker: UserId) -> ApiResult<Incident> {
    let incident = store::one(change, id).await?.ok_or_else(unknown)?;
    if incident.subject == Some(worker.as_uuid()) {
        let detail = "nobody decides on their own case; ask a colleague";
        return Err(Problem::forbidden("case.own", detail).into());
    }
    Ok(incident)
}

/// Writes down in the timeline what was done.
pub(super) async fn write_down(
    change: &mut Change<'_>,
    incident: Uuid,
    what: &'static str,
    by: UserId,
    user: Option<UserId>,
    words: Option<&str>,
) -> ApiResult<()> {
    let line = store::add_line(&Line {
        incident,
        id: change.new_id(),
        at: change.now(),
        what,
        by: Some(by),
        user,
        words,
    });
    change.batch(vec![line]).await?;
    Ok(())
}

pub(super) fn unknown() -> Problem {
    Problem::not_found("incident.unknown", "there is no such incident")
}

/// Somebody was faster.
pub(super) fn resolved() -> Problem {
    Problem::conflict("incident.resolved", "this incident is resolved")
}

/// Words that fit into a note.
///
/// # Errors
/// 422 `incident.words_invalid`.
pub(super) fn checked(field: &'static str, words: &str) -> ApiResult<String> {
    let words = words.trim();
    let is_sound = (1..=LONGEST).contains(&words.chars().count());
    if is_sound {
        return Ok(words.to_owned());
    }
    let detail = format!("write 1 to {LONGEST} characters");
    Err(Problem::unprocessable("incident.words_invalid", &*detail)
        .field(field, detail)
        .into())
}
