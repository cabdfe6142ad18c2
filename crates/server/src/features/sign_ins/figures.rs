//! `GET /api/admin/security/dashboard/sign-ins`: sign-ins of 24 hours by half hour, what is usual, and why scores were high.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use stockade_platform::db::DbResult;
use utoipa::ToSchema;

use super::{
    follow::{self, ALLOWED, BLOCKED, PASSED, RULE, SLOT, STEPPED_UP},
    store,
};
use crate::{
    app::App,
    features::auth,
    http::error::{ApiResult, Problem},
    security::roles::AuditReader,
};

/// Slots of a day, which the figures are about, the present one included.
const DAY: i64 = 48;

/// Days before it that say what is usual.
const DAYS: i64 = 7;

/// Sign-ins in figures.
#[derive(Serialize, ToSchema)]
pub(super) struct SignInFigures {
    /// The figures count from here on: the beginning of a half hour.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    day: SignInCounts,
    /// An average day of the week before; null while nothing is known of any whole day before.
    usual: Option<SignInCounts>,
    /// Half hours, oldest first, each of them.
    slots: Vec<SignInSlot>,
    /// How often each rule stood in somebody's way, most first.
    reasons: Vec<SignInReason>,
    /// Accounts of which something is locked now, or waits for its owner's confirmation by mail.
    locked: i64,
    /// Accounts that are frozen now.
    restricted: i64,
}

/// How sign-ins ended. Who was asked for more and then came in counts as both.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
struct SignInCounts {
    /// Came in on the first proof.
    allowed: i64,
    /// Were asked for more.
    stepped_up: i64,
    /// Of these, came in.
    passed: i64,
    /// Were kept out.
    blocked: i64,
}

/// One half hour.
#[derive(Serialize, ToSchema)]
struct SignInSlot {
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[serde(flatten)]
    counts: SignInCounts,
}

/// A rule and how often it stood in somebody's way.
#[derive(Serialize, ToSchema)]
struct SignInReason {
    #[schema(example = "unknown_device")]
    rule: String,
    sign_ins: i64,
}

/// Sign-ins of 24 hours: how they ended by half hour, what is usual, and what made them suspicious.
#[utoipa::path(
    get, path = "/api/admin/security/dashboard/sign-ins", tag = "operations desk",
    responses((status = 200, body = SignInFigures), (status = 403, body = Problem))
)]
pub(super) async fn show(State(app): State<App>, _reader: AuditReader) -> ApiResult<Json<SignInFigures>> {
    let now = app.clock.now();
    let confirm_after = app.config.lockout.confirm_after;
    let first = follow::slot(now) - DAY + 1;
    let found: DbResult<_> = app
        .read(async move |reader| {
            Ok((
                store::since(reader, first - DAYS * DAY).await?,
                auth::accounts_standing(reader, now, confirm_after).await?,
            ))
        })
        .await;
    let (counted, standing) = found?;
    let (before, today): (Vec<_>, Vec<_>) = counted.into_iter().partition(|(slot, ..)| *slot < first);
    Ok(Json(SignInFigures {
        since: start_of(first),
        day: SignInCounts::of(&today),
        usual: usual(&before, first),
        slots: slots(&today, first),
        reasons: reasons(&today),
        locked: standing.locked,
        restricted: standing.restricted,
    }))
}

type Counted = (i64, String, i64);

impl SignInCounts {
    fn of(counted: &[Counted]) -> Self {
        let mut counts = Self::default();
        for (_, name, count) in counted {
            counts.add(name, *count);
        }
        counts
    }

    fn add(&mut self, name: &str, count: i64) {
        match name {
            ALLOWED => self.allowed += count,
            STEPPED_UP => self.stepped_up += count,
            PASSED => self.passed += count,
            BLOCKED => self.blocked += count,
            _ => {}
        }
    }

    fn shared_among(self, days: i64) -> Self {
        Self {
            allowed: self.allowed / days,
            stepped_up: self.stepped_up / days,
            passed: self.passed / days,
            blocked: self.blocked / days,
        }
    }
}

/// Days before anything was ever counted are no quiet days.
fn usual(before: &[Counted], first: i64) -> Option<SignInCounts> {
    let (oldest, ..) = before.first()?;
    let days = (first - oldest) / DAY;
    let whole: Vec<Counted> = before
        .iter()
        .filter(|(slot, ..)| *slot >= first - days * DAY)
        .cloned()
        .collect();
    (days > 0).then(|| SignInCounts::of(&whole).shared_among(days))
}

fn slots(today: &[Counted], first: i64) -> Vec<SignInSlot> {
    let mut by_slot: BTreeMap<i64, SignInCounts> = BTreeMap::new();
    for (slot, name, count) in today {
        by_slot.entry(*slot).or_default().add(name, *count);
    }
    (first..first + DAY)
        .map(|slot| SignInSlot {
            from: start_of(slot),
            counts: by_slot.get(&slot).copied().unwrap_or_default(),
        })
        .collect()
}

fn reasons(today: &[Counted]) -> Vec<SignInReason> {
    let mut rules: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, name, count) in today {
        if let Some(rule) = name.strip_prefix(RULE) {
            *rules.entry(rule).or_default() += count;
        }
    }
    let mut reasons: Vec<SignInReason> = rules
        .into_iter()
        .map(|(rule, sign_ins)| SignInReason {
            rule: rule.to_owned(),
            sign_ins,
        })
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.sign_ins));
    reasons
}

fn start_of(slot: i64) -> Timestamp {
    Timestamp::from_second(slot.saturating_mul(SLOT)).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(slot: i64, count: i64) -> Counted {
        (slot, ALLOWED.to_owned(), count)
    }

    /// An average is over whole days on which something was counted; part of a day is none.
    #[test]
    fn usual_is_of_whole_days() {
        let first = 1_000;
        assert!(usual(&[], first).is_none());
        assert!(usual(&[counted(first - DAY + 1, 9)], first).is_none());
        let two_days = [counted(first - 2 * DAY, 6), counted(first - 1, 4)];
        assert_eq!(usual(&two_days, first).unwrap().allowed, 5);
        let more = [counted(first - 2 * DAY - 5, 90), counted(first - 1, 4)];
        assert_eq!(usual(&more, first).unwrap().allowed, 2);
    }

    #[test]
    fn each_half_hour_is_there() {
        let slots = slots(&[counted(1_000, 3), counted(1_047, 4)], 1_000);
        assert_eq!(slots.len(), 48);
        assert_eq!(
            (
                slots[0].counts.allowed,
                slots[1].counts.allowed,
                slots[47].counts.allowed
            ),
            (3, 0, 4)
        );
    }
}
