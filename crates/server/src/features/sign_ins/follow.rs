//! The follower that counts sign-ins by half hour.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use stockade_platform::db::{DbResult, Tx};

use super::store;
use crate::{
    app::App,
    core::{audit::entries::EntryView, followers},
    http::error::ApiResult,
};

/// The cursor's name.
const FOLLOWER: &str = "sign-in statistics";

/// Seconds of a slot.
pub(super) const SLOT: i64 = 1_800;

/// Came in, on the first proof.
pub(super) const ALLOWED: &str = "allowed";
/// Were asked for more.
pub(super) const STEPPED_UP: &str = "stepped_up";
/// Of these, came in.
pub(super) const PASSED: &str = "passed";
/// Were kept out, for a wrong proof or for the risk.
pub(super) const BLOCKED: &str = "blocked";
/// Begins the names of rules that made one suspicious.
pub(super) const RULE: &str = "rule.";

/// Counts by slot and name.
type Counts = BTreeMap<(i64, String), i64>;

/// Follows the log to its end; answers how many entries it read.
///
/// # Errors
/// When the database is away; the same entries are then read again.
pub async fn follow_log(app: &App) -> ApiResult<usize> {
    let mut read = 0;
    loop {
        let unread = followers::unread(&app.core, FOLLOWER, |kind| kind.starts_with("sign_in.")).await?;
        let Some(unread) = unread else {
            return Ok(read);
        };
        read += unread.count();
        let mut counts = Counts::new();
        for entry in &unread.entries {
            count(&mut counts, &entry.view()?);
        }
        followers::settle(&app.core, FOLLOWER, unread.stretch, async move |tx: &mut Tx| {
            add(tx, &counts)
        })
        .await?;
    }
}

fn count(counts: &mut Counts, entry: &EntryView) {
    let Some(outcome) = outcome(entry) else { return };
    let slot = slot(entry.at);
    let mut add = |name: String| *counts.entry((slot, name)).or_default() += 1;
    add(outcome.to_owned());
    // What was suspicious counts where it stood in somebody's way, not again when they then came in.
    if matches!(outcome, STEPPED_UP | BLOCKED) {
        let terms = entry.details["risk"]["terms"].as_object();
        for rule in terms.into_iter().flat_map(|terms| terms.keys()) {
            add(format!("{RULE}{rule}"));
        }
    }
}

/// How it ended; `None` for what is no end.
fn outcome(entry: &EntryView) -> Option<&'static str> {
    match entry.kind.as_str() {
        "sign_in.challenged" => Some(STEPPED_UP),
        "sign_in.failed" | "sign_in.refused" => Some(BLOCKED),
        "sign_in.succeeded" => match was_asked_for_more(&entry.details["amr"]) {
            true => Some(PASSED),
            false => Some(ALLOWED),
        },
        _ => None,
    }
}

/// Somebody proved a password and something besides; a passkey alone is asked for once.
fn was_asked_for_more(proven: &Value) -> bool {
    let proven = proven.as_array().map(Vec::as_slice).unwrap_or_default();
    proven.len() > 1 && proven.iter().any(|word| word == "pwd")
}

fn add(tx: &mut Tx, counts: &Counts) -> DbResult<()> {
    for ((slot, name), more) in counts {
        store::count(tx, *slot, name, *more)?;
    }
    Ok(())
}

/// Half hours since 1970.
pub(super) fn slot(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SLOT)
}
