//! Scoring a population in time order, with the past as all that is known.
//!
//! What a platform would learn, it learns here: a person's first sign-in opens the account; one that succeeded under a
//! second factor is learnt from at once, where the record says so; any other that was not refused, after a day without
//! complaint; one that failed or was refused, never. A transaction that was not held takes effect.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::record::{Record, RecordedSignIn, RecordedTransaction};
use crate::risk::{
    Action, Decision, Device, Event, Everybody, Policy, Profile, Score, SignIn, Transaction, assess, learn,
};

/// Failures count for so long, and a session for so long carries the risk of its sign-in.
const FAILURES: SignedDuration = SignedDuration::from_mins(15);
const SESSION: SignedDuration = SignedDuration::from_hours(12);

/// When an unconfirmed device becomes known.
const WITHOUT_COMPLAINT: SignedDuration = SignedDuration::from_hours(24);

/// A replay under way.
pub struct Replay<'p> {
    policy: &'p Policy,
    people: HashMap<String, Person>,
    everybody: Everybody,
}

#[derive(Default)]
struct Person {
    profile: Profile,
    failures: Vec<Timestamp>,
    devices: HashMap<String, Looks>,
    waiting: Vec<(Timestamp, String, Looks)>,
    last_sign_in: Option<(Timestamp, Score)>,
}

/// Browser and system by family, so that an update is no change.
#[derive(Clone, Default, PartialEq)]
struct Looks {
    browser: Option<String>,
    system: Option<String>,
}

impl<'p> Replay<'p> {
    /// Nobody is known yet.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Self {
            policy,
            people: HashMap::new(),
            everybody: Everybody::default(),
        }
    }

    /// Assesses the next record, then learns from it what a platform would.
    pub fn next(&mut self, record: &Record) -> Decision {
        let mut person = self.people.remove(record.user()).unwrap_or_default();
        let decision = match record {
            Record::SignIn(record) => self.sign_in(&mut person, record),
            Record::Transaction(record) => self.transaction(&mut person, record),
        };
        self.people.insert(record.user().to_owned(), person);
        decision
    }

    fn sign_in(&mut self, person: &mut Person, record: &RecordedSignIn) -> Decision {
        let at = record.at;
        for learnt in person.profile.sign_ins.settle(at) {
            self.everybody.signed_in(&learnt.features, false);
        }
        person.settle_devices(at);
        person
            .failures
            .retain(|failure| at.duration_since(*failure) < FAILURES);
        let features = record.features();
        let looks = Looks {
            browser: family(&features.browser),
            system: family(&features.system),
        };
        let sign_in = SignIn {
            at,
            place: record.place(),
            crowd: Some(self.everybody.crowd(&features)),
            device: record.device_id.as_ref().map(|id| person.meet(id, &looks)),
            features,
            failures: u32::try_from(person.failures.len()).ok(),
            address_listed: None,
            network_listed: None,
            device_listed: None,
            watched: None,
            anonymiser: None,
        };
        let event = Event::SignIn(sign_in);
        let decision = assess(self.policy, &person.profile, &event);
        let Event::SignIn(sign_in) = event else {
            return decision;
        };
        if record.success == Some(false) {
            person.failures.push(at);
            return decision;
        }
        person.last_sign_in = Some((at, decision.score));
        let first = person.profile.sign_ins.counts.sign_ins == 0;
        match (record.second_factor, decision.action) {
            (Some(true), _) => {}
            _ if first => {}
            (Some(false), _) | (None, Action::Refuse) => return decision,
            (None, _) => {
                person
                    .waiting
                    .extend(record.device_id.clone().map(|id| (at, id, looks)));
                person.profile.sign_ins.wait(String::new(), sign_in);
                return decision;
            }
        }
        self.everybody.signed_in(&sign_in.features, first);
        person
            .devices
            .extend(record.device_id.clone().map(|id| (id, looks)));
        person.profile = learn(std::mem::take(&mut person.profile), &Event::SignIn(sign_in));
        decision
    }

    fn transaction(&mut self, person: &mut Person, record: &RecordedTransaction) -> Decision {
        let carried = person
            .last_sign_in
            .filter(|(then, _)| record.at.duration_since(*then) < SESSION);
        let category = record.category.as_ref();
        let transaction = Transaction {
            at: record.at,
            operation: record.operation(),
            cents: record.cents(),
            category: record.category.clone(),
            payee: record.payee.clone(),
            population_cents: self.everybody.median_cents(),
            population_category: category.and_then(|category| self.everybody.share_of(category)),
            credential_change: None,
            session_risk: carried.map(|(_, score)| score),
            payee_listed: None,
            watched: None,
        };
        let event = Event::Transaction(transaction);
        let decision = assess(self.policy, &person.profile, &event);
        let Event::Transaction(transaction) = &event else {
            return decision;
        };
        person.profile.transactions.tried(transaction);
        if decision.action < Action::Hold {
            person.profile = learn(std::mem::take(&mut person.profile), &event);
            self.everybody
                .transacted(record.cents(), record.category.as_deref());
        }
        decision
    }
}

impl Person {
    fn settle_devices(&mut self, now: Timestamp) {
        let waiting = std::mem::take(&mut self.waiting);
        for (at, id, looks) in waiting {
            match now.duration_since(at) >= WITHOUT_COMPLAINT {
                true => drop(self.devices.insert(id, looks)),
                false => self.waiting.push((at, id, looks)),
            }
        }
    }

    fn meet(&self, id: &str, looks: &Looks) -> Device {
        let Some(before) = self.devices.get(id) else {
            return Device::default();
        };
        let differs = |one: &Option<String>, other: &Option<String>| matches!((one, other), (Some(one), Some(other)) if one != other);
        let system = differs(&before.system, &looks.system);
        let changes = u32::from(system) + u32::from(differs(&before.browser, &looks.browser));
        Device {
            known: true,
            changes,
            impossible: system,
        }
    }
}

/// "Chrome Mobile 81.0" is "Chrome Mobile", and "iOS 7.1" is "iOS".
fn family(name: &Option<String>) -> Option<String> {
    let words = name.as_deref()?.split_whitespace();
    let words: Vec<_> = words
        .take_while(|word| !word.starts_with(|letter: char| letter.is_ascii_digit()))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}
