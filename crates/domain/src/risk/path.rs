//! The smallest change with which an event would have passed: what a person can do about a decision.
//!
//! Each step is tried on the event itself and assessed anew, so that what is said is true.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{
    assess,
    decision::Action,
    event::{CredentialChange, Device, Event, SignIn, Transaction},
    likelihood::Level,
    policy::Policy,
    profile::Profile,
};

/// Something that could have been otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Step {
    /// A smaller amount.
    AmountUnder {
        /// In cents; this amount itself would not have passed.
        cents: i64,
    },
    /// Later.
    AfterCredentialChange {
        /// From then on.
        at: Timestamp,
    },
    /// Later, since too many went before.
    AfterOthers {
        /// From then on.
        at: Timestamp,
    },
    /// From a device that is known.
    KnownDevice,
    /// From where the person usually is, over the network they usually use.
    UsualPlace,
    /// Once the failed attempts lie a quarter of an hour back.
    AfterFailures,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AmountUnder { cents } => {
                write!(f, "amount under ${}.{:02}", grouped(cents / 100), cents % 100)
            }
            Self::AfterCredentialChange { at } => {
                write!(
                    f,
                    "after {at}, when the 24 hours that follow a change of credentials are over"
                )
            }
            Self::AfterOthers { at } => write!(f, "after {at}, when fewer have gone before within an hour"),
            Self::KnownDevice => f.write_str("from a device that is known"),
            Self::UsualPlace => f.write_str("from the usual place and network"),
            Self::AfterFailures => f.write_str("when there are no failed attempts in the last 15 minutes"),
        }
    }
}

fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The fewest steps after which the event would have passed, of these the first in the order of [`Step`]; none when it
/// passed, or when no steps known here would do.
#[must_use]
pub fn would_pass(policy: &Policy, profile: &Profile, event: &Event) -> Vec<Step> {
    let passes = |event: &Event| assess(policy, profile, event).action <= Action::Flag;
    if passes(event) {
        return Vec::new();
    }
    let steps = steps(profile, event);
    for count in 1..=steps.len() + 1 {
        for chosen in choices(steps.len(), count) {
            let mut changed = event.clone();
            let mut taken: Vec<Step> = chosen.iter().map(|index| steps[*index].0.clone()).collect();
            chosen.iter().for_each(|index| (steps[*index].1)(&mut changed));
            if chosen.len() == count && passes(&changed) {
                return taken;
            }
            if chosen.len() + 1 == count
                && let Some(step) = amount_under(&changed, &passes)
            {
                taken.insert(0, step);
                return taken;
            }
        }
    }
    Vec::new()
}

type Make = Box<dyn Fn(&mut Event)>;

fn steps(profile: &Profile, event: &Event) -> Vec<(Step, Make)> {
    match event {
        Event::SignIn(sign_in) => of_sign_in(profile, sign_in),
        Event::Transaction(transaction) => of_transaction(profile, transaction),
    }
}

fn of_sign_in(profile: &Profile, sign_in: &SignIn) -> Vec<(Step, Make)> {
    let mut steps: Vec<(Step, Make)> = Vec::new();
    let counts = profile.sign_ins.counts.clone();
    let usual = move |sign_in: &mut SignIn, levels: &[Level]| {
        for level in levels {
            if let Some(value) = counts.usual(*level) {
                sign_in.features.set(*level, Some(value));
            }
        }
    };
    if sign_in.device.is_some_and(|device| {
        device
            != Device {
                known: true,
                ..Device::default()
            }
    }) {
        let usual = usual.clone();
        let make = move |event: &mut Event| {
            if let Event::SignIn(sign_in) = event {
                sign_in.device = Some(Device {
                    known: true,
                    ..Device::default()
                });
                usual(
                    sign_in,
                    &[Level::Agent, Level::Browser, Level::System, Level::DeviceKind],
                );
            }
        };
        steps.push((Step::KnownDevice, Box::new(make)));
    }
    if let Some((_, place)) = profile.sign_ins.last.clone() {
        let make = move |event: &mut Event| {
            if let Event::SignIn(sign_in) = event {
                sign_in.place = place.clone();
                usual(sign_in, &[Level::Ip, Level::Network, Level::Country]);
                for listed in [
                    &mut sign_in.address_listed,
                    &mut sign_in.network_listed,
                    &mut sign_in.watched,
                    &mut sign_in.anonymiser,
                ] {
                    *listed = listed.map(|_| false);
                }
            }
        };
        steps.push((Step::UsualPlace, Box::new(make)));
    }
    if sign_in.failures.is_some_and(|failures| failures > 0) {
        let make = |event: &mut Event| {
            if let Event::SignIn(sign_in) = event {
                sign_in.failures = Some(0);
            }
        };
        steps.push((Step::AfterFailures, Box::new(make)));
    }
    steps
}

fn of_transaction(profile: &Profile, transaction: &Transaction) -> Vec<(Step, Make)> {
    let mut steps: Vec<(Step, Make)> = Vec::new();
    let later = |at: Timestamp| -> Make {
        Box::new(move |event: &mut Event| {
            if let Event::Transaction(transaction) = event {
                transaction.at = transaction.at.max(at);
            }
        })
    };
    if let Some(CredentialChange::At(then)) = transaction.credential_change {
        let at = hours_after(then, 24);
        if at > transaction.at {
            steps.push((Step::AfterCredentialChange { at }, later(at)));
        }
    }
    if let Some((last, _)) = profile.transactions.recent.last() {
        let at = hours_after(*last, 1);
        if at > transaction.at {
            steps.push((Step::AfterOthers { at }, later(at)));
        }
    }
    steps
}

/// At the end of time, then.
fn hours_after(at: Timestamp, hours: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(at)
}

/// The largest amount that passes, found by halving: what passes and what does not close in on each other.
fn amount_under(event: &Event, passes: &impl Fn(&Event) -> bool) -> Option<Step> {
    let with = |cents: i64| match event {
        Event::Transaction(transaction) => {
            let transaction = Transaction {
                cents: Some(cents),
                ..transaction.clone()
            };
            passes(&Event::Transaction(transaction))
        }
        Event::SignIn(_) => false,
    };
    let Event::Transaction(Transaction {
        cents: Some(asked), ..
    }) = event
    else {
        return None;
    };
    let (mut passing, mut failing) = (1, *asked);
    if failing <= passing || with(failing) || !with(passing) {
        return None;
    }
    while failing - passing > 1 {
        let middle = passing + (failing - passing) / 2;
        match with(middle) {
            true => passing = middle,
            false => failing = middle,
        }
    }
    Some(Step::AmountUnder { cents: failing })
}

/// Every choice of `count` out of `of` steps, and of one fewer, so that an amount can make up the last; in order.
fn choices(of: usize, count: usize) -> Vec<Vec<usize>> {
    let chosen = |set: usize| {
        (0..of)
            .filter(|index| set & (1 << index) != 0)
            .collect::<Vec<_>>()
    };
    let mut choices: Vec<_> = (0..1_usize << of).map(chosen).collect();
    choices.retain(|chosen| chosen.len() == count || chosen.len() + 1 == count);
    choices.sort_by_key(Vec::len);
    choices
}
