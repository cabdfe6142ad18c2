//! What passed through since the process started, counted in memory: requests by endpoint, refusals by code, rate limits by
//! class and address, and the last day by the hour. Metrics and the operations desk read it.
//!
//! An hour in which the process did not run has no numbers, which is not the same as zeros.

mod durations;
mod endpoints;
mod offenders;
mod sums;
mod view;

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use axum::http::{Method, StatusCode};
use jiff::Timestamp;

use self::{durations::Durations, offenders::Offenders};
pub use self::{
    durations::{BOUNDS_MICROS, Spread},
    endpoints::{Endpoint, Endpoints},
    sums::RouteClass,
    view::routes,
};
use crate::security::rate_limit::{RateClass, Scope};

/// Hours that are remembered.
const HOURS: usize = 24;

/// The counters. One exists; the application holds it.
pub struct Traffic {
    since: Timestamp,
    endpoints: Endpoints,
    durations: Durations,
    /// Refusals by their code.
    codes: Mutex<BTreeMap<&'static str, Refusals>>,
    /// Exceeded quotas by class, then by scope.
    exceeded: Vec<[AtomicU64; 3]>,
    offenders: Mutex<Offenders>,
    hours: Mutex<[Hour; HOURS]>,
}

/// How often requests were refused with one code.
#[derive(Clone, Copy)]
struct Refusals {
    status: u16,
    count: u64,
}

/// One hour. Its number counts from the Unix epoch.
#[derive(Clone, Copy, Default)]
struct Hour {
    number: i64,
    rate_limited: u64,
    failed_authentications: u64,
    invalid_tokens: u64,
}

impl Traffic {
    /// Counters at zero for these endpoints.
    pub fn new(endpoints: Endpoints, now: Timestamp) -> Self {
        Self {
            since: now,
            endpoints,
            durations: Durations::new(),
            codes: Mutex::default(),
            exceeded: RateClass::ALL.iter().map(|_| Default::default()).collect(),
            offenders: Mutex::default(),
            hours: Mutex::default(),
        }
    }

    /// The endpoint that a request goes to, by its method and the route it matched.
    pub fn endpoint(&self, method: &Method, route: Option<&str>) -> &Endpoint {
        self.endpoints.find(method, route)
    }

    /// Counts an answer, how many microseconds it took, and the code of the refusal if it is one.
    pub fn answered(
        &self,
        endpoint: &Endpoint,
        status: StatusCode,
        code: Option<&'static str>,
        micros: u64,
        now: Timestamp,
    ) {
        endpoint.count(status);
        self.durations.count(endpoint.class, micros);
        let Some(code) = code else {
            return;
        };
        lock(&self.codes)
            .entry(code)
            .or_insert(Refusals {
                status: status.as_u16(),
                count: 0,
            })
            .count += 1;
        if status == StatusCode::UNAUTHORIZED {
            self.count_hour(now, |hour| {
                if code.starts_with("token.") {
                    &mut hour.invalid_tokens
                } else {
                    &mut hour.failed_authentications
                }
            });
        }
    }

    /// Counts a quota that was exceeded.
    pub fn limited(&self, class: RateClass, scope: Scope, ip: Option<IpAddr>, now: Timestamp) {
        self.exceeded[class as usize][scope as usize].fetch_add(1, Relaxed);
        lock(&self.offenders).count(class, ip, now);
        self.count_hour(now, |hour| &mut hour.rate_limited);
    }

    fn count_hour(&self, now: Timestamp, which: impl FnOnce(&mut Hour) -> &mut u64) {
        let number = hour_of(now);
        let mut hours = lock(&self.hours);
        let hour = &mut hours[number.rem_euclid(HOURS as i64) as usize];
        if hour.number != number {
            *hour = Hour {
                number,
                ..Hour::default()
            };
        }
        *which(hour) += 1;
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3_600)
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
