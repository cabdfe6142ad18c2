//! How much an incident matters, where it stands, and what came of it: words of the API.

use serde::{Deserialize, Serialize};
use stockade_platform::db::{DbError, DbResult};
use utoipa::ToSchema;

use crate::features::security_log;

/// How much it matters, and so how soon somebody must be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncidentSeverity)]
pub(super) enum Severity {
    Low = 1,
    Medium = 2,
    High = 3,
    Critical = 4,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncidentStatus)]
pub(super) enum Status {
    /// Nobody looks into it.
    Open,
    /// Somebody does.
    Investigating,
    /// It is clear what it was.
    Resolved,
}

/// What it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncidentOutcome)]
pub(super) enum Outcome {
    /// Somebody did harm, or tried to.
    Confirmed,
    /// It only looked like it.
    FalsePositive,
}

impl Severity {
    pub(super) const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    pub(super) fn read(number: i64) -> DbResult<Self> {
        let found = Self::ALL.into_iter().find(|severity| *severity as i64 == number);
        found.ok_or_else(|| DbError::Fault(format!("{number} is no severity of an incident")))
    }
}

impl From<security_log::Severity> for Severity {
    fn from(severity: security_log::Severity) -> Self {
        match severity {
            security_log::Severity::Informational | security_log::Severity::Low => Self::Low,
            security_log::Severity::Medium => Self::Medium,
            security_log::Severity::High => Self::High,
            security_log::Severity::Critical => Self::Critical,
        }
    }
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Investigating => "investigating",
            Self::Resolved => "resolved",
        }
    }

    pub(super) fn read(text: &str) -> DbResult<Self> {
        match text {
            "open" => Ok(Self::Open),
            "investigating" => Ok(Self::Investigating),
            "resolved" => Ok(Self::Resolved),
            other => Err(DbError::Fault(format!("{other:?} is no status of an incident"))),
        }
    }
}

impl Outcome {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::FalsePositive => "false_positive",
        }
    }

    pub(super) fn read(text: &str) -> DbResult<Self> {
        match text {
            "confirmed" => Ok(Self::Confirmed),
            "false_positive" => Ok(Self::FalsePositive),
            other => Err(DbError::Fault(format!("{other:?} is no outcome of an incident"))),
        }
    }
}
