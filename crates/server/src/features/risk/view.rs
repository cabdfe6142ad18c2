//! What a person may know of how risky something of theirs looked.

use serde::Serialize;
use stockade_domain::risk::Decision;
use utoipa::ToSchema;

/// How risky it looked.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RiskView {
    /// From 0, like always, to 1.
    #[schema(example = 0.3)]
    pub score: f64,
    /// The same in a word.
    pub level: RiskLevel,
    /// What looked unusual; not everything that counted.
    pub reasons: Vec<Reason>,
}

/// One thing that looked unusual.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Reason {
    /// A stable name.
    #[schema(example = "unknown_device")]
    pub code: String,
    /// What it adds to the score.
    #[schema(example = 0.3)]
    pub weight: f64,
    /// The same in words.
    #[schema(example = "from a device that is not known")]
    pub detail: String,
}

/// A score in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskLevel {
    /// Up to 0.5.
    Low,
    /// Up to 0.7.
    Medium,
    /// Up to 0.8.
    High,
    /// Above.
    Critical,
}

impl RiskView {
    pub(super) fn of(decision: &Decision) -> Self {
        let shown = decision.terms.iter().filter(|term| term.shown);
        Self {
            score: fraction(decision.score.thousandths()),
            level: RiskLevel::of(decision.score.thousandths()),
            reasons: shown
                .map(|term| Reason {
                    code: term.rule.clone(),
                    weight: fraction(term.points),
                    detail: term.says.clone(),
                })
                .collect(),
        }
    }
}

impl RiskLevel {
    /// The word for a score in thousandths.
    pub(super) fn of(score: i64) -> Self {
        match score {
            ..=500 => Self::Low,
            501..=700 => Self::Medium,
            701..=800 => Self::High,
            _ => Self::Critical,
        }
    }
}

/// Thousandths as people write them.
pub(super) fn fraction(thousandths: i64) -> f64 {
    thousandths as f64 / 1_000.0
}
