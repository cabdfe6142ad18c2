//! The only SQL that names `labels`.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;
use stockade_domain::ids::UserId;
use stockade_platform::db::{Bind as _, DbResult, Queryable, Writable, insert_many, sql};
use uuid::Uuid;

/// What an event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Somebody did harm, or tried to.
    Fraud,
    /// It only looked like it.
    Legitimate,
}

/// An event that somebody has looked into.
#[derive(Clone, Debug)]
pub struct Label {
    /// The entry of the log, or the transaction that was held.
    pub event: Uuid,
    /// Whom it concerned.
    pub user: Option<Uuid>,
    /// The risk decision that it told of.
    pub decision: Option<Uuid>,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: Timestamp,
}

/// Rows of one statement.
const ROWS: usize = 64;

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Fraud => "fraud",
            Self::Legitimate => "legitimate",
        }
    }

    fn read(text: &str) -> Self {
        match text {
            "fraud" => Self::Fraud,
            _ => Self::Legitimate,
        }
    }
}

/// Labels events with the verdict of an incident or a review, in place of what they were labelled before.
pub async fn write(
    on: &mut impl Writable,
    labels: &[Label],
    verdict: Verdict,
    case: Uuid,
    by: UserId,
    now: Timestamp,
) -> DbResult<()> {
    for some in labels.chunks(ROWS) {
        // The condition holds a list, and lists are no values of the seam.
        for label in some {
            sql("DELETE FROM labels WHERE event_id = $1")
                .bind(label.event)
                .later(on)?;
        }
        let rows = some.iter().map(|label| {
            vec![
                label.event.value(),
                verdict.as_str().value(),
                label.user.value(),
                label.decision.value(),
                label.kind.as_str().value(),
                label.at.value(),
                case.value(),
                by.value(),
                now.value(),
            ]
        });
        let insert = "INSERT INTO labels
            (event_id, verdict, user_id, decision_id, kind, happened_at, case_id, labelled_by, labelled_at) VALUES";
        insert_many(insert, 9, rows).later(on)?;
    }
    Ok(())
}

/// Risk decisions since an instant that somebody has looked into, with what they were about in truth. Of one that was
/// labelled more than once, as a review and in an incident, the newest label counts.
pub async fn of_decisions(on: &mut impl Queryable, since: Timestamp) -> DbResult<HashMap<Uuid, Verdict>> {
    let rows: Vec<(Uuid, String)> = sql("SELECT decision_id, verdict FROM labels
         WHERE decision_id IS NOT NULL AND happened_at >= $1 ORDER BY labelled_at, event_id")
    .bind(since)
    .all(on)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(decision, verdict)| (decision, Verdict::read(&verdict)))
        .collect())
}
