//! The signals of a sign-in, as facts.

use jiff::{SignedDuration, Timestamp};

use super::{
    event::SignIn,
    facts::{Facts, Kind, NEVER, SignInFact as Fact},
    likelihood,
    policy::Policy,
    profile::{SignInHistory, Visit},
};

/// Nothing travels this fast; larger speeds are told as this one.
const FASTEST_KMH: f64 = 1_000_000.0;

/// The largest ratio that is told, in thousandths.
const LARGEST_RATIO: f64 = 1e15;

pub(super) fn facts(policy: &Policy, history: &SignInHistory, sign_in: &SignIn) -> Facts {
    let mut facts = Facts::unknown(Kind::SignIn);
    facts.set(Fact::SignIns as usize, Some(count(history.counts.sign_ins)));
    hour(&mut facts, history, sign_in);
    place(&mut facts, history, sign_in);
    travel(&mut facts, history, sign_in);
    facts.set(Fact::Failures as usize, sign_in.failures.map(i64::from));
    if let Some(device) = &sign_in.device {
        facts.set(Fact::DeviceKnown as usize, Some(device.known));
        facts.set(Fact::DeviceChanges as usize, Some(i64::from(device.changes)));
        facts.set(Fact::DeviceImpossible as usize, Some(device.impossible));
    }
    facts.set(Fact::AddressListed as usize, sign_in.address_listed);
    facts.set(Fact::NetworkListed as usize, sign_in.network_listed);
    facts.set(Fact::DeviceListed as usize, sign_in.device_listed);
    facts.set(Fact::Watched as usize, sign_in.watched);
    facts.set(Fact::Anonymiser as usize, sign_in.anonymiser);
    improbability(&mut facts, policy, history, sign_in);
    facts
}

fn hour(facts: &mut Facts, history: &SignInHistory, sign_in: &SignIn) {
    let Some(hour) = sign_in.place.solar_hour(sign_in.at) else {
        return;
    };
    facts.set(Fact::LocalHour as usize, Some(i64::from(hour)));
    facts.set(
        Fact::HourSeen as usize,
        Some(history.hours[usize::from(hour)] > 0),
    );
}

/// Without any history of places there is nothing to compare with, so that nothing is known.
fn place(facts: &mut Facts, history: &SignInHistory, sign_in: &SignIn) {
    let Some(country) = &sign_in.place.country else {
        return;
    };
    facts.set(Fact::Country as usize, Some(country.as_str()));
    if history.places().is_empty() {
        return;
    }
    let days = |here: &dyn Fn(&Visit) -> bool| {
        let last = history
            .places()
            .iter()
            .filter(|visit| here(visit))
            .map(|visit| visit.last)
            .max();
        last.map_or(NEVER, |last| days_between(last, sign_in.at))
    };
    let in_country = |visit: &Visit| visit.country == *country;
    facts.set(Fact::DaysSinceCountry as usize, Some(days(&in_country)));
    let Some(region) = &sign_in.place.region else {
        return;
    };
    // Where only the country was ever told, every region would look new.
    let tells_regions = |visit: &Visit| in_country(visit) && visit.region.is_some();
    if history.places().iter().any(tells_regions) || !history.places().iter().any(in_country) {
        let in_region = |visit: &Visit| in_country(visit) && visit.region.as_ref() == Some(region);
        facts.set(Fact::DaysSinceRegion as usize, Some(days(&in_region)));
    }
}

fn travel(facts: &mut Facts, history: &SignInHistory, sign_in: &SignIn) {
    let Some((then, there)) = &history.last else {
        return;
    };
    let Some(distance) = sign_in.place.least_distance_km(there) else {
        return;
    };
    let hours = sign_in.at.duration_since(*then).as_secs().max(1) as f64 / 3_600.0;
    facts.set(Fact::DistanceKm as usize, Some(libm::floor(distance) as i64));
    facts.set(
        Fact::SpeedKmh as usize,
        Some(libm::floor((distance / hours).min(FASTEST_KMH)) as i64),
    );
}

fn improbability(facts: &mut Facts, policy: &Policy, history: &SignInHistory, sign_in: &SignIn) {
    let Some(crowd) = &sign_in.crowd else { return };
    let model = policy.likelihood();
    let Some(ratio) = likelihood::ratio(&model.weights, &history.counts, crowd, &sign_in.features) else {
        return;
    };
    facts.set(
        Fact::LikelihoodRatio as usize,
        Some(libm::round((ratio * 1_000.0).min(LARGEST_RATIO)) as i64),
    );
    let (from, to) = (libm::log(model.from), libm::log(model.to));
    let share = (libm::log(ratio) - from) / (to - from);
    facts.set(
        Fact::Improbability as usize,
        Some(libm::round(share.clamp(0.0, 1.0) * 1_000.0) as i64),
    );
}

fn days_between(then: Timestamp, now: Timestamp) -> i64 {
    (now.duration_since(then).max(SignedDuration::ZERO)).as_hours() / 24
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
