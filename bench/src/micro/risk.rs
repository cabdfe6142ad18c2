//! One assessment of a sign-in and of a transaction, evidence and profile in memory.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use stockade_domain::risk::{
    CredentialChange, Device, Event, Features, Operation, Place, Policy, Population, Profile, SignIn,
    Transaction, assess, learn,
};

use super::timing::judge;
use crate::{
    failure::{Done, Failure},
    report::Report,
};

const MOST: Duration = Duration::from_micros(20);

/// Somebody with a hundred sign-ins from a few places, and a hundred orders.
const HISTORY: i64 = 100;

pub(super) fn measure(report: &mut Report) -> Done<()> {
    let policy = Policy::default_policy();
    let now = Timestamp::from_second(1_773_111_600).map_err(Failure::of("a time"))?;
    let mut everybody = Population::default();
    let mut profile = Profile::default();
    for index in 0..HISTORY {
        let at = now - SignedDuration::from_hours(24 * (HISTORY - index) + index % 9);
        let sign_in = sign_in(at, index % 7, &everybody);
        everybody.add(&sign_in.features, index == 0);
        profile = learn(profile, &Event::SignIn(sign_in));
        let order = order(at, 10_000 + index * 37);
        profile.transactions.tried(&order);
        profile = learn(profile, &Event::Transaction(order));
    }
    let risky_sign_in = Event::SignIn(SignIn {
        device: Some(Device::default()),
        failures: Some(3),
        ..sign_in(now, 99, &everybody)
    });
    judge(report, "risk of a sign-in", MOST, || {
        assess(&policy, &profile, &risky_sign_in)
    });
    let risky_order = Event::Transaction(order(now, 9_900_000));
    judge(report, "risk of an order", MOST, || {
        assess(&policy, &profile, &risky_order)
    });
    Ok(())
}

fn sign_in(at: Timestamp, place: i64, everybody: &Population) -> SignIn {
    let features = Features {
        ip: Some(format!("198.51.100.{place}")),
        network: Some((64_500 + place % 3).to_string()),
        country: Some("NO".into()),
        agent: Some(format!(
            "Mozilla/5.0 (X11; Linux x86_64; rv:{place}.0) Gecko/20100101 Firefox/{place}.0"
        )),
        browser: Some("Firefox".into()),
        system: Some("Linux".into()),
        device_kind: Some("desktop".into()),
    };
    SignIn {
        at,
        place: Place {
            country: Some("NO".into()),
            region: Some(place.to_string()),
            coordinates: Some((59.9 + place as f64, 10.7)),
            radius_km: 20.0,
        },
        crowd: Some(everybody.crowd(&features)),
        features,
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

fn order(at: Timestamp, cents: i64) -> Transaction {
    Transaction {
        at,
        operation: Some(Operation::Order),
        cents: Some(cents),
        category: Some("stock".into()),
        payee: None,
        population_cents: Some(10_000),
        population_category: Some(900),
        credential_change: Some(CredentialChange::Never),
        session_risk: None,
        payee_listed: None,
        watched: None,
    }
}
