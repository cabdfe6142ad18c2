//! Where labels meet scores: what the replay would have done to whom.

use serde::Serialize;

use super::{
    record::{Label, Record},
    sign_ins::SignInReport,
    transactions::TransactionReport,
};
use crate::risk::{Decision, Kind, Policy, Value};

/// A record's score and all that the figures need to know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub(super) kind: Kind,
    pub(super) user: String,
    pub(super) day: i64,
    pub(super) completed: bool,
    /// There was nothing to compare it with.
    pub(super) first: bool,
    /// The record tells the device.
    pub(super) has_device: bool,
    pub(super) score: i64,
    /// For an order among equal scores: the sum before it was clamped, then how far the amount is from the usual.
    pub(super) rank: (i64, i64, i64),
    pub(super) label: Label,
}

impl Scored {
    /// Puts a decision beside what the record really was; one without a label counts as legitimate.
    #[must_use]
    pub fn new(record: &Record, decision: &Decision) -> Self {
        let finer = match decision.facts.get("amount_ratio") {
            Value::Int(ratio) => *ratio,
            _ => 0,
        };
        let score = decision.score.thousandths();
        Self {
            kind: decision.kind,
            user: record.user().to_owned(),
            day: record.at().as_second().div_euclid(86_400),
            completed: !matches!(record, Record::SignIn(record) if record.success == Some(false)),
            first: *decision.facts.get("sign_ins") == Value::Int(0),
            has_device: *decision.facts.get("device_known") != Value::Unknown,
            score,
            rank: (score, decision.sum, finer),
            label: record.label().unwrap_or(Label::Legitimate),
        }
    }

    /// In thousandths.
    #[must_use]
    pub fn score(&self) -> i64 {
        self.score
    }
}

/// What a policy is worth on a population.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The policy's hash.
    pub policy: String,
    /// What it calls itself.
    pub policy_name: String,
    /// Records replayed.
    pub records: usize,
    /// People in them.
    pub people: usize,
    /// Of the sign-ins.
    pub sign_ins: SignInReport,
    /// Of the transactions.
    pub transactions: TransactionReport,
}

impl Report {
    /// Counts it all.
    #[must_use]
    pub fn of(policy: &Policy, scored: &[Scored]) -> Self {
        let people: std::collections::HashSet<&str> = scored.iter().map(|one| &*one.user).collect();
        let (sign_ins, transactions): (Vec<_>, Vec<_>) =
            scored.iter().partition(|one| one.kind == Kind::SignIn);
        Self {
            policy: policy.hash().to_owned(),
            policy_name: policy.name().to_owned(),
            records: scored.len(),
            people: people.len(),
            sign_ins: SignInReport::of(policy, &sign_ins),
            transactions: TransactionReport::of(policy, &transactions),
        }
    }
}

/// A part of a whole, from 0 to 1.
pub(super) fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
