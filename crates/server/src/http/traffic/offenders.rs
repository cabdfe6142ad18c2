//! Who exceeds rate limits most. Bounded: when full, who did so least makes room.

use std::{collections::HashMap, net::IpAddr};

use jiff::Timestamp;

use crate::security::rate_limit::{RateClass, address_key, key_address};

/// Rows that are kept.
const MOST: usize = 512;

/// Addresses and what they exceeded.
#[derive(Default)]
pub(super) struct Offenders(HashMap<(u8, u128), (u64, Timestamp)>);

/// One address in one class.
pub(super) struct Offender {
    pub(super) class: RateClass,
    pub(super) address: IpAddr,
    pub(super) count: u64,
    pub(super) last_at: Timestamp,
}

impl Offenders {
    pub(super) fn count(&mut self, class: RateClass, ip: Option<IpAddr>, now: Timestamp) {
        let key = (class as u8, address_key(ip));
        if !self.0.contains_key(&key) && self.0.len() >= MOST {
            let least = self.0.iter().min_by_key(|(_, (count, last))| (*count, *last));
            if let Some(least) = least.map(|(key, _)| *key) {
                self.0.remove(&least);
            }
        }
        let entry = self.0.entry(key).or_insert((0, now));
        *entry = (entry.0 + 1, now);
    }

    /// The most frequent first.
    pub(super) fn most(&self, rows: usize) -> Vec<Offender> {
        let offender = |(&(class, address), &(count, last_at)): (&(u8, u128), &(u64, Timestamp))| Offender {
            class: RateClass::ALL[usize::from(class)],
            address: key_address(address),
            count,
            last_at,
        };
        let mut all: Vec<_> = self.0.iter().map(offender).collect();
        all.sort_by_key(|one| (std::cmp::Reverse(one.count), one.address));
        all.truncate(rows);
        all
    }
}
