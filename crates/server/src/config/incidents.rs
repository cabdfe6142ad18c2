//! `[incidents]`: when something is an incident, by when it must be resolved, and who is told.

use std::time::Duration;

use serde::Deserialize;
use stockade_domain::roles::Role;

use super::field::{minutes, within};

/// Incidents.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incidents {
    /// By when an incident of each severity must be resolved.
    #[serde(
        rename = "due_minutes_critical",
        deserialize_with = "minutes::<1, 525_600, _>"
    )]
    pub due_critical: Duration,
    /// High.
    #[serde(rename = "due_minutes_high", deserialize_with = "minutes::<1, 525_600, _>")]
    pub due_high: Duration,
    /// Medium.
    #[serde(rename = "due_minutes_medium", deserialize_with = "minutes::<1, 525_600, _>")]
    pub due_medium: Duration,
    /// Low.
    #[serde(rename = "due_minutes_low", deserialize_with = "minutes::<1, 525_600, _>")]
    pub due_low: Duration,
    /// Accounts tried from one network that make a password spray.
    #[serde(deserialize_with = "within::<2, 10_000, _, _>")]
    pub spray_accounts: usize,
    /// Accounts locked that make a burst.
    #[serde(deserialize_with = "within::<2, 10_000, _, _>")]
    pub burst_accounts: usize,
    /// The time within which both are counted.
    #[serde(rename = "window_minutes", deserialize_with = "minutes::<1, 1_440, _>")]
    pub window: Duration,
    /// Incidents that one rule opens in an hour; what goes beyond is one incident together.
    #[serde(deserialize_with = "within::<1, 100_000, _, _>")]
    pub most_per_hour: i64,
    /// Who is told of critical ones by mail.
    pub alert_roles: Vec<Role>,
    /// Who gets the daily summary.
    pub summary_roles: Vec<Role>,
    /// The hour of the day, in UTC, at which that goes out.
    #[serde(deserialize_with = "within::<0, 23, _, _>")]
    pub summary_hour: i8,
}
