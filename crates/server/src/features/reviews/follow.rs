//! The follower that counts: transactions by hour, those that were risky, what made them so, and what became of those that
//! were held. It adds in the transaction that moves its cursor, so each entry counts once.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::Timestamp;
use serde::{Deserialize, de::IgnoredAny};
use stockade_domain::risk::Action;
use stockade_platform::db::{DbResult, Tx};

use super::store;
use crate::{
    app::App,
    core::{audit::entries::Entry, followers},
    http::error::ApiResult,
};

/// The cursor's name.
const FOLLOWER: &str = "transaction statistics";

/// Counts by hour and name.
type Counts = BTreeMap<(i64, String), i64>;

/// Follows the log to its end; answers how many entries it read.
///
/// # Errors
/// When the database is away; the same entries are then read again.
pub async fn follow_log(app: &App) -> ApiResult<usize> {
    let mut read = 0;
    loop {
        let Some(unread) = followers::unread(&app.core, FOLLOWER, counts_for).await? else {
            return Ok(read);
        };
        read += unread.count();
        let mut counts = Counts::new();
        for entry in &unread.entries {
            count(&mut counts, entry)?;
        }
        followers::settle(&app.core, FOLLOWER, unread.stretch, async move |tx: &mut Tx| {
            add(tx, &counts)
        })
        .await?;
    }
}

fn counts_for(kind: &str) -> bool {
    ["order.", "withdrawal.", "payee.", "review."]
        .iter()
        .any(|family| kind.starts_with(family))
}

/// What is read of an entry: of every transaction there is one, so no more than is counted.
#[derive(Deserialize)]
struct Told<'a> {
    at: Timestamp,
    #[serde(borrow)]
    details: Details<'a>,
}

#[derive(Deserialize)]
struct Details<'a> {
    #[serde(borrow)]
    risk: Option<Judged<'a>>,
}

#[derive(Deserialize)]
struct Judged<'a> {
    #[serde(borrow)]
    action: Option<Cow<'a, str>>,
    #[serde(borrow)]
    terms: Option<BTreeMap<Cow<'a, str>, IgnoredAny>>,
}

/// An entry with a decision is a transaction that somebody asked for; all others of its family are what became of it.
fn count(counts: &mut Counts, entry: &Entry) -> DbResult<()> {
    let told: Option<Told<'_>> = entry.read();
    let at = match &told {
        Some(told) => told.at,
        // Erased, but its header still says what it was.
        None => entry.view()?.at,
    };
    let hour = hour(at);
    let mut add = |name: String| *counts.entry((hour, name)).or_default() += 1;
    let kind = entry.kind().unwrap_or_default();
    if let Some(ended) = kind.strip_prefix("review.") {
        add(format!("review.{ended}"));
        return Ok(());
    }
    let Some(judged) = told.and_then(|told| told.details.risk) else {
        return Ok(());
    };
    let Some(action) = judged.action else {
        return Ok(());
    };
    add("assessed".to_owned());
    if [Action::Flag, Action::Hold]
        .iter()
        .any(|risky| risky.as_str() == action)
    {
        add("high_risk".to_owned());
    }
    if action == Action::Hold.as_str() {
        add("held".to_owned());
    }
    for rule in judged.terms.iter().flat_map(BTreeMap::keys) {
        add(format!("rule.{rule}"));
    }
    Ok(())
}

fn add(tx: &mut Tx, counts: &Counts) -> DbResult<()> {
    for ((hour, name), more) in counts {
        store::count(tx, *hour, name, *more)?;
    }
    Ok(())
}

/// Hours since 1970.
pub(super) fn hour(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3_600)
}
