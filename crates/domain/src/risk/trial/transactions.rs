//! The figures of transactions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    figures::{Scored, share},
    record::Label,
};
use crate::risk::{Action, Kind, Policy};

/// What analysts can look at in a day.
const A_DAY: usize = 100;

/// Of all transactions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TransactionReport {
    /// How many there were.
    pub transactions: usize,
    /// How many of them were fraud.
    pub fraud: usize,
    /// The mean, over the frauds from the riskiest down, of the precision so far; equal ones count together.
    pub average_precision: Option<f64>,
    /// The mean over the days of the part of fraud among the day's 100 riskiest, or among all where there were fewer.
    pub precision_among_100_a_day: Option<f64>,
    /// The part of all transactions that is held.
    pub held: Option<f64>,
    /// The part of fraud that is held.
    pub fraud_held: Option<f64>,
}

impl TransactionReport {
    pub(super) fn of(policy: &Policy, scored: &[&Scored]) -> Self {
        let is_fraud = |one: &&&Scored| one.label == Label::Fraud;
        let hold = policy
            .threshold(Kind::Transaction, Action::Hold)
            .unwrap_or(i64::MAX);
        let is_held = |one: &&&Scored| one.score > hold;
        let fraud = scored.iter().filter(is_fraud).count();
        Self {
            transactions: scored.len(),
            fraud,
            average_precision: average_precision(scored, fraud),
            precision_among_100_a_day: precision_a_day(scored),
            held: share(scored.iter().filter(is_held).count(), scored.len()),
            fraud_held: share(scored.iter().filter(is_fraud).filter(is_held).count(), fraud),
        }
    }
}

fn average_precision(scored: &[&Scored], fraud: usize) -> Option<f64> {
    let mut groups: BTreeMap<(i64, i64, i64), (usize, usize)> = BTreeMap::new();
    for one in scored {
        let group = groups.entry(one.rank).or_default();
        group.0 += 1;
        group.1 += usize::from(one.label == Label::Fraud);
    }
    let (mut seen, mut found, mut sum) = (0, 0, 0.0);
    for (of_group, fraud_in_group) in groups.values().rev() {
        seen += of_group;
        found += fraud_in_group;
        sum += *fraud_in_group as f64 * (found as f64 / seen as f64);
    }
    (fraud > 0).then(|| sum / fraud as f64)
}

fn precision_a_day(scored: &[&Scored]) -> Option<f64> {
    let mut days: BTreeMap<i64, Vec<&Scored>> = BTreeMap::new();
    for one in scored {
        days.entry(one.day).or_default().push(one);
    }
    let of_day = |mut day: Vec<&Scored>| {
        // The sort is stable: of equal ones the earlier comes first.
        day.sort_by_key(|one| std::cmp::Reverse(one.rank));
        day.truncate(A_DAY);
        day.iter().filter(|one| one.label == Label::Fraud).count() as f64 / day.len() as f64
    };
    let count = days.len();
    let sum: f64 = days.into_values().map(of_day).sum();
    (count > 0).then(|| sum / count as f64)
}
