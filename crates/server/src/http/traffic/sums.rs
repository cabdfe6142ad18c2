//! What was counted, summed up for metrics.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use jiff::Timestamp;

use super::{Spread, Traffic, lock};
use crate::security::rate_limit::{RateClass, Scope};

/// The requests of one class.
pub struct RouteClass {
    /// The class's name.
    pub name: &'static str,
    /// Answered with what was asked for.
    pub served: u64,
    /// Refused.
    pub refused: u64,
    /// Failed.
    pub failed: u64,
    /// How long they took, however they ended.
    pub durations: Spread,
}

impl Traffic {
    /// Since when it is counted.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// Requests by class of route.
    pub fn by_class(&self) -> Vec<RouteClass> {
        let endpoints = self.endpoints.all();
        let of_class = |class: RateClass| {
            let sum = |count: fn(&super::Endpoint) -> &AtomicU64| {
                let mine = endpoints.iter().filter(|endpoint| endpoint.class == class);
                mine.map(|endpoint| count(endpoint).load(Relaxed)).sum()
            };
            RouteClass {
                name: class.name(),
                served: sum(|endpoint| &endpoint.served),
                refused: sum(|endpoint| &endpoint.refused),
                failed: sum(|endpoint| &endpoint.failed),
                durations: self.durations.of(class),
            }
        };
        RateClass::ALL.iter().copied().map(of_class).collect()
    }

    /// Refusals by their code.
    pub fn refusals(&self) -> Vec<(&'static str, u64)> {
        let codes = lock(&self.codes);
        codes
            .iter()
            .map(|(code, refusals)| (*code, refusals.count))
            .collect()
    }

    /// How often quotas were exceeded, by class and by whom they tell apart.
    pub fn quotas_exceeded(&self) -> Vec<(&'static str, &'static str, u64)> {
        let rows = RateClass::ALL.iter().flat_map(|class| {
            [
                (Scope::Address, "address"),
                (Scope::Account, "account"),
                (Scope::Global, "global"),
            ]
            .map(|(scope, name)| {
                let count = self.exceeded[*class as usize][scope as usize].load(Relaxed);
                (class.name(), name, count)
            })
        });
        rows.filter(|(_, _, count)| *count > 0).collect()
    }
}
