//! People and events that the tests tell stories about.

use jiff::{SignedDuration, Timestamp};

use crate::risk::{
    Counts, CredentialChange, Device, Event, Features, Operation, Place, Policy, Population, Profile, SignIn,
    Transaction, learn,
};

pub(super) const LONDON: (f64, f64) = (51.51, -0.09);
pub(super) const MILTON: (f64, f64) = (47.25, -122.31);

pub(super) fn policy() -> Policy {
    Policy::default_policy()
}

/// Noon in London on an ordinary day.
pub(super) fn noon() -> Timestamp {
    "2026-03-10T12:00:00Z".parse().expect("a time")
}

pub(super) fn hours_after(at: Timestamp, hours: i64) -> Timestamp {
    at + SignedDuration::from_hours(hours)
}

pub(super) fn place(country: &str, region: &str, coordinates: (f64, f64)) -> Place {
    Place {
        country: Some(country.into()),
        region: Some(region.into()),
        coordinates: Some(coordinates),
        radius_km: 10.0,
    }
}

pub(super) fn features() -> Features {
    Features {
        ip: Some("81.2.69.142".into()),
        network: Some("20712".into()),
        country: Some("GB".into()),
        agent: Some("Firefox/140 Linux".into()),
        browser: Some("Firefox".into()),
        system: Some("Linux".into()),
        device_kind: Some("desktop".into()),
    }
}

/// Somebody in London at their own desk; nothing about it is unusual.
pub(super) fn sign_in(at: Timestamp) -> SignIn {
    let mut everybody = Population::default();
    (0..5).for_each(|other| everybody.add(&features(), other == 0));
    SignIn {
        at,
        place: place("GB", "LND", LONDON),
        features: features(),
        crowd: Some(everybody.crowd(&features())),
        device: Some(Device {
            known: true,
            changes: 0,
            impossible: false,
        }),
        failures: Some(0),
        address_listed: Some(false),
        network_listed: Some(false),
        device_listed: Some(false),
        watched: Some(false),
        anonymiser: Some(false),
    }
}

/// Somebody who signed in at noon on each of thirty days before [`noon`].
pub(super) fn londoner() -> Profile {
    (1..=30).rev().fold(Profile::default(), |profile, days| {
        learn(profile, &Event::SignIn(sign_in(hours_after(noon(), -24 * days))))
    })
}

pub(super) fn order(at: Timestamp, cents: i64) -> Transaction {
    Transaction {
        at,
        operation: Some(Operation::Order),
        cents: Some(cents),
        category: Some("stock".into()),
        payee: None,
        population_cents: Some(10_000),
        population_category: Some(900),
        credential_change: Some(CredentialChange::Never),
        session_risk: Some(crate::risk::Score::NONE),
        payee_listed: None,
        watched: None,
    }
}

/// Somebody who bought for about $100 every other day.
pub(super) fn buyer(times: i64) -> Profile {
    (1..=times).rev().fold(Profile::default(), |mut profile, index| {
        let order = order(hours_after(noon(), -48 * index), 10_000);
        profile.transactions.tried(&order);
        learn(profile, &Event::Transaction(order))
    })
}

pub(super) fn counts_of(features: &Features, times: u32) -> Counts {
    let mut counts = Counts::default();
    (0..times).for_each(|_| counts.add(features, noon()));
    counts
}
