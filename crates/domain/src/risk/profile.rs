//! What is known of how a person usually acts. Its size is bounded, however long they have been with us, and it changes
//! only by what is known to have been theirs.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    amounts::Amounts,
    event::{SignIn, Transaction},
    likelihood::Counts,
    moments,
    place::Place,
};

/// Places, categories and payees remembered. Beyond that the one seen longest ago makes room.
const MOST_PLACES: usize = 64;
const MOST_NAMES: usize = 64;

/// Transactions whose times are remembered; more than any rule about a day counts.
const MOST_RECENT: usize = 64;

/// Sign-ins that wait to be confirmed by a day without complaint.
const MOST_WAITING: usize = 16;

/// How long that is.
const WITHOUT_COMPLAINT: SignedDuration = SignedDuration::from_hours(24);

/// How long times of transactions matter.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// Everything known of one person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Their confirmed sign-ins.
    pub sign_ins: SignInHistory,
    /// Their transactions.
    pub transactions: TransactionHistory,
}

/// A person's confirmed sign-ins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInHistory {
    /// What they showed.
    pub counts: Counts,
    /// How many there were in each hour of the day where they were.
    pub hours: [u32; 24],
    /// The latest from a known place, and when.
    pub last: Option<(Timestamp, Place)>,
    places: Vec<Visit>,
    waiting: Vec<Waiting>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Visit {
    pub(super) country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
    pub(super) last: Timestamp,
}

/// A sign-in that nobody has confirmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Waiting {
    reference: String,
    sign_in: SignIn,
}

impl SignInHistory {
    /// Keeps a sign-in that succeeded and was not confirmed. `reference` names it for [`SignInHistory::disown`].
    pub fn wait(&mut self, reference: String, sign_in: SignIn) {
        if self.waiting.len() >= MOST_WAITING {
            self.waiting.remove(0);
        }
        self.waiting.push(Waiting { reference, sign_in });
    }

    /// Its owner says that it was not them: it will never be learnt from.
    pub fn disown(&mut self, reference: &str) {
        self.waiting.retain(|waiting| waiting.reference != reference);
    }

    /// Learns from what has waited for a day without complaint; answers what that was.
    pub fn settle(&mut self, now: Timestamp) -> Vec<SignIn> {
        let ripe = |waiting: &Waiting| now.duration_since(waiting.sign_in.at) >= WITHOUT_COMPLAINT;
        let (learnt, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(ripe);
        self.waiting = waiting;
        let learnt: Vec<SignIn> = Vec::into_iter(learnt)
            .map(|waiting: Waiting| waiting.sign_in)
            .collect();
        for sign_in in &learnt {
            self.learn(sign_in);
        }
        learnt
    }

    pub(super) fn learn(&mut self, sign_in: &SignIn) {
        self.counts.add(&sign_in.features, sign_in.at);
        if let Some(hour) = sign_in.place.solar_hour(sign_in.at) {
            let seen = &mut self.hours[usize::from(hour)];
            *seen = seen.saturating_add(1);
        }
        let earlier = |last: &(Timestamp, Place)| last.0 <= sign_in.at;
        if sign_in.place.coordinates.is_some() && self.last.as_ref().is_none_or(earlier) {
            self.last = Some((sign_in.at, sign_in.place.clone()));
        }
        if let Some(country) = &sign_in.place.country {
            self.visit(country, sign_in.place.region.as_ref(), sign_in.at);
        }
    }

    fn visit(&mut self, country: &str, region: Option<&String>, at: Timestamp) {
        let here = |visit: &&mut Visit| visit.country == country && visit.region.as_ref() == region;
        if let Some(visit) = self.places.iter_mut().find(here) {
            visit.last = visit.last.max(at);
            return;
        }
        if self.places.len() >= MOST_PLACES {
            let oldest = self.places.iter().enumerate().min_by_key(|(_, visit)| visit.last);
            if let Some(oldest) = oldest.map(|(index, _)| index) {
                self.places.remove(oldest);
            }
        }
        self.places.push(Visit {
            country: country.to_owned(),
            region: region.cloned(),
            last: at,
        });
    }

    pub(super) fn places(&self) -> &[Visit] {
        &self.places
    }
}

/// A person's transactions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransactionHistory {
    /// What they came to.
    pub amounts: Amounts,
    /// How many there were.
    pub count: u64,
    pub(super) categories: Names,
    pub(super) payees: Names,
    /// Times and amounts of the last day, tried or done.
    #[serde(with = "moments")]
    pub(super) recent: Vec<(Timestamp, Option<i64>)>,
}

/// How often each of a few names occurred.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Names {
    pub(super) total: u64,
    pub(super) times: BTreeMap<String, (u64, Timestamp)>,
}

impl TransactionHistory {
    /// Somebody tried it: it counts for how many there were in an hour, and for how often an amount lay just under a
    /// limit, whatever becomes of it.
    pub fn tried(&mut self, transaction: &Transaction) {
        self.recent
            .retain(|(at, _)| transaction.at.duration_since(*at) < RECENT);
        if self.recent.len() >= MOST_RECENT {
            self.recent.remove(0);
        }
        self.recent.push((transaction.at, transaction.cents));
    }

    pub(super) fn learn(&mut self, transaction: &Transaction) {
        self.count += 1;
        if let Some(cents) = transaction.cents.filter(|cents| *cents > 0) {
            self.amounts.add(transaction.at, cents);
        }
        if let Some(category) = &transaction.category {
            self.categories.add(category, transaction.at);
        }
        if let Some(payee) = &transaction.payee {
            self.payees.add(payee, transaction.at);
        }
    }
}

impl Names {
    fn add(&mut self, name: &str, at: Timestamp) {
        self.total += 1;
        if let Some((times, last)) = self.times.get_mut(name) {
            *times += 1;
            *last = at.max(*last);
            return;
        }
        if self.times.len() >= MOST_NAMES {
            let oldest = self.times.iter().min_by_key(|(_, (_, last))| *last);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                self.times.remove(&oldest);
            }
        }
        self.times.insert(name.to_owned(), (1, at));
    }

    /// The probability of a name in thousandths, Dirichlet-smoothed: as if `prior` more had been seen, spread as `base`
    /// thousandths say or, where nobody knows, evenly over the known names and one new one.
    pub(super) fn probability(&self, name: &str, base: Option<i64>, prior: f64) -> i64 {
        let base = match base {
            Some(thousandths) => thousandths.clamp(0, 1_000) as f64 / 1_000.0,
            None => 1.0 / (self.times.len() + 1) as f64,
        };
        let times = self.times.get(name).map_or(0, |(times, _)| *times) as f64;
        libm::round((times + prior * base) * 1_000.0 / (self.total as f64 + prior)) as i64
    }
}
