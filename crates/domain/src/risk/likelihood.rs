//! How much likelier a sign-in's address and program are of an attacker than of the person: the model of Freeman, Jain,
//! Dürmuth, Biggio and Giacinto, "Who Are You? A Statistical Approach to Measuring User Authenticity" (NDSS 2016),
//! equation 7 with every account equally attacked, as the literature on risk-based authentication uses it.
//!
//! Two features, address and program, each a chain of levels from fine to coarse. For the person, a feature's
//! probability is the weighted sum of how often each level's value occurred. For everybody it is the same, but that
//! the finest level is smoothed: `unseen` places are kept for values nobody has shown yet, one for the level and one
//! for each value of the coarser levels. A person who never showed any of the values counts as four times less
//! probable than everybody.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Values remembered of one person for one level. Beyond that the one seen least often, and of these the one seen
/// longest ago, makes room.
const MOST_VALUES: usize = 64;

/// How much less probable a person is than everybody when none of the values was ever theirs.
const NEVER_SEEN: f64 = 4.0;

/// What a sign-in shows at one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The address.
    Ip,
    /// The autonomous system that announces it.
    Network,
    /// The country.
    Country,
    /// The whole `User-Agent` header.
    Agent,
    /// The browser.
    Browser,
    /// The operating system.
    System,
    /// Desktop, mobile and so on.
    DeviceKind,
}

/// All levels, in the order of everything that is kept by level.
pub const LEVELS: [Level; 7] = [
    Level::Ip,
    Level::Network,
    Level::Country,
    Level::Agent,
    Level::Browser,
    Level::System,
    Level::DeviceKind,
];

/// The chains of levels, from fine to coarse.
const CHAINS: [&[Level]; 2] = [
    &[Level::Ip, Level::Network, Level::Country],
    &[Level::Agent, Level::Browser, Level::System, Level::DeviceKind],
];

/// What a sign-in shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Features {
    /// [`Level::Ip`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// [`Level::Network`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// [`Level::Country`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// [`Level::Agent`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// [`Level::Browser`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// [`Level::System`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// [`Level::DeviceKind`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_kind: Option<String>,
}

impl Features {
    /// The value at a level.
    #[must_use]
    pub fn at(&self, level: Level) -> Option<&str> {
        match level {
            Level::Ip => &self.ip,
            Level::Network => &self.network,
            Level::Country => &self.country,
            Level::Agent => &self.agent,
            Level::Browser => &self.browser,
            Level::System => &self.system,
            Level::DeviceKind => &self.device_kind,
        }
        .as_deref()
    }

    pub(super) fn set(&mut self, level: Level, value: Option<String>) {
        *match level {
            Level::Ip => &mut self.ip,
            Level::Network => &mut self.network,
            Level::Country => &mut self.country,
            Level::Agent => &mut self.agent,
            Level::Browser => &mut self.browser,
            Level::System => &mut self.system,
            Level::DeviceKind => &mut self.device_kind,
        } = value;
    }
}

/// What each level weighs in its chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Address, network, country.
    pub address: [f64; 3],
    /// User agent, browser, operating system, kind of device.
    pub program: [f64; 4],
}

impl Weights {
    fn of_chain(&self, chain: usize) -> &[f64] {
        match chain {
            0 => &self.address,
            _ => &self.program,
        }
    }
}

/// How often a person showed each value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Sign-ins counted.
    pub sign_ins: u64,
    values: [BTreeMap<String, Seen>; LEVELS.len()],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    times: u64,
    last: Timestamp,
}

impl Counts {
    /// One more sign-in that showed these.
    pub fn add(&mut self, features: &Features, at: Timestamp) {
        self.sign_ins += 1;
        for level in LEVELS {
            let Some(value) = features.at(level) else { continue };
            let values = &mut self.values[level as usize];
            if let Some(seen) = values.get_mut(value) {
                seen.times += 1;
                seen.last = seen.last.max(at);
                continue;
            }
            if values.len() >= MOST_VALUES {
                let weakest = values.iter().min_by_key(|(_, seen)| (seen.times, seen.last));
                if let Some(weakest) = weakest.map(|(value, _)| value.clone()) {
                    values.remove(&weakest);
                }
            }
            values.insert(value.to_owned(), Seen { times: 1, last: at });
        }
    }

    /// What the person shows most often.
    pub(super) fn usual(&self, level: Level) -> Option<String> {
        let values = self.values[level as usize].iter();
        values
            .max_by_key(|(_, seen)| (seen.times, seen.last))
            .map(|(value, _)| value.clone())
    }

    fn times(&self, level: Level, value: &str) -> u64 {
        self.values[level as usize]
            .get(value)
            .map_or(0, |seen| seen.times)
    }
}

/// How common a sign-in's values are among everybody's sign-ins before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crowd {
    /// Sign-ins counted.
    pub sign_ins: u64,
    /// People who made them.
    pub people: u64,
    /// By level.
    pub levels: [LevelCrowd; LEVELS.len()],
    /// For each chain: among the sign-ins that share the finest value, how many different values the coarser levels
    /// show, added up.
    pub coarser: [u64; 2],
}

/// One level of a [`Crowd`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelCrowd {
    /// Sign-ins that show this value.
    pub times: u64,
    /// Different values seen.
    pub distinct: u64,
}

/// How many times likelier the features are of an attacker than of the person; `None` while the person or everybody
/// has no sign-in to compare with, or nothing of the features is known.
#[must_use]
pub fn ratio(weights: &Weights, person: &Counts, crowd: &Crowd, features: &Features) -> Option<f64> {
    if person.sign_ins == 0 || crowd.sign_ins == 0 || crowd.people == 0 {
        return None;
    }
    let mut known = false;
    let mut ratio = 1.0;
    for (index, chain) in CHAINS.iter().enumerate() {
        let mut of_person = 0.0;
        let mut of_crowd = 0.0;
        let mut present = false;
        for (place, (level, weight)) in chain.iter().zip(weights.of_chain(index)).enumerate() {
            let Some(value) = features.at(*level) else {
                continue;
            };
            present = true;
            of_person += weight * (person.times(*level, value) as f64 / person.sign_ins as f64);
            of_crowd += weight
                * match place {
                    0 => smoothed(crowd, index, chain),
                    _ => crowd.levels[*level as usize].times as f64 / crowd.sign_ins as f64,
                };
        }
        if !present {
            continue;
        }
        known = true;
        ratio *= if of_person == 0.0 {
            NEVER_SEEN
        } else {
            of_crowd / of_person
        };
    }
    // Every account is attacked alike, and a person signs in as often as they do.
    let attacked = 1.0 / crowd.people as f64;
    let signs_in = person.sign_ins as f64 / crowd.sign_ins as f64;
    known.then_some(ratio * (attacked / signs_in))
}

/// Everybody's probability of the finest value of a chain.
fn smoothed(crowd: &Crowd, index: usize, chain: &[Level]) -> f64 {
    let distinct = chain[1..]
        .iter()
        .map(|level| crowd.levels[*level as usize].distinct)
        .sum::<u64>();
    let room = (crowd.sign_ins + distinct + 1) as f64;
    match crowd.levels[chain[0] as usize].times {
        0 => 1.0 / room,
        times => (times as f64 / room) * (times as f64 / (times + crowd.coarser[index] + 1) as f64),
    }
}

/// Everybody's sign-ins, counted in memory.
#[derive(Clone, Debug, Default)]
pub struct Population {
    sign_ins: u64,
    people: u64,
    times: [HashMap<String, u64>; LEVELS.len()],
    coarser: [HashMap<String, HashSet<(usize, String)>>; 2],
}

impl Population {
    /// One more sign-in; `first` when it is its person's first.
    pub fn add(&mut self, features: &Features, first: bool) {
        self.sign_ins += 1;
        self.people += u64::from(first);
        for level in LEVELS {
            if let Some(value) = features.at(level) {
                *self.times[level as usize].entry(value.to_owned()).or_default() += 1;
            }
        }
        for (index, chain) in CHAINS.iter().enumerate() {
            let Some(finest) = features.at(chain[0]) else {
                continue;
            };
            let coarser = self.coarser[index].entry(finest.to_owned()).or_default();
            for level in &chain[1..] {
                if let Some(value) = features.at(*level) {
                    coarser.insert((*level as usize, value.to_owned()));
                }
            }
        }
    }

    /// How common these are.
    #[must_use]
    pub fn crowd(&self, features: &Features) -> Crowd {
        let level = |level: Level| LevelCrowd {
            times: features
                .at(level)
                .and_then(|value| self.times[level as usize].get(value))
                .copied()
                .unwrap_or(0),
            distinct: self.times[level as usize].len() as u64,
        };
        let coarser = |index: usize| {
            let finest = features.at(CHAINS[index][0]);
            finest
                .and_then(|value| self.coarser[index].get(value))
                .map_or(0, |values| values.len() as u64)
        };
        Crowd {
            sign_ins: self.sign_ins,
            people: self.people,
            levels: LEVELS.map(level),
            coarser: [coarser(0), coarser(1)],
        }
    }
}
