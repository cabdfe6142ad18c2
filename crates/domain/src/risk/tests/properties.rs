//! What holds for every event.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::examples::*;
use crate::risk::{
    CredentialChange, Device, Event, Facts, Operation, Place, Policy, Profile, Score, SignIn, Transaction,
    Value, assess, learn, ratio,
};

fn any_sign_in() -> impl Strategy<Value = SignIn> {
    let place = prop::option::of((
        prop::sample::select(vec!["GB", "US", "JP"]),
        -80.0..80.0,
        -179.0..179.0,
    ));
    let device = prop::option::of((any::<bool>(), 0_u32..8, any::<bool>()));
    let flags = (
        any::<Option<bool>>(),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
    );
    (
        0_i64..20_000,
        place,
        device,
        prop::option::of(0_u32..12),
        flags,
        prop::option::of("[a-c]"),
    )
        .prop_map(|(hours, place, device, failures, flags, ip)| {
            let mut event = sign_in(hours_after(noon(), hours));
            event.place = place.map_or_else(Place::default, |(country, north, east)| {
                super::examples::place(country, "X", (north, east))
            });
            event.device = device.map(|(known, changes, impossible)| Device {
                known,
                changes,
                impossible,
            });
            event.failures = failures;
            (event.address_listed, event.network_listed, event.anonymiser) = flags;
            (event.device_listed, event.watched) = (event.network_listed, event.address_listed);
            event.features.ip = ip;
            event
        })
}

fn any_transaction() -> impl Strategy<Value = Transaction> {
    let operation = prop::sample::select(vec![
        Operation::Order,
        Operation::Withdrawal,
        Operation::Payee,
        Operation::Transfer,
    ]);
    let changed = prop::option::of(prop::option::of(0_i64..100));
    (
        operation,
        prop::option::of(0_i64..5_000_000),
        changed,
        prop::option::of(0_i64..1_001),
        prop::option::of("[ab]"),
    )
        .prop_map(|(operation, cents, changed, risk, payee)| Transaction {
            operation: Some(operation),
            cents,
            payee,
            credential_change: changed.map(|hours| {
                hours.map_or(CredentialChange::Never, |hours| {
                    CredentialChange::At(hours_after(noon(), -hours))
                })
            }),
            session_risk: risk.map(Score::clamped),
            payee_listed: None,
            watched: None,
            ..order(noon(), 0)
        })
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        any_sign_in().prop_map(Event::SignIn),
        any_transaction().prop_map(Event::Transaction)
    ]
}

fn any_profile() -> impl Strategy<Value = Profile> {
    (prop::collection::vec(any_sign_in(), 0..6), 0_i64..30).prop_map(|(sign_ins, orders)| {
        sign_ins.into_iter().fold(buyer(orders), |profile, event| {
            learn(profile, &Event::SignIn(event))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn terms_sum_to_the_score(profile in any_profile(), event in any_event()) {
        let decision = assess(&policy(), &profile, &event);
        let sum: i64 = decision.terms.iter().map(|term| term.points).sum();
        prop_assert_eq!((decision.sum, decision.score), (sum, Score::clamped(sum)));
        prop_assert!(decision.terms.iter().all(|term| (1..=1_000).contains(&term.points)));
    }

    #[test]
    fn a_decision_is_found_again_from_what_is_stored(profile in any_profile(), event in any_event()) {
        let decision = assess(&policy(), &profile, &event);
        let stored = serde_json::to_string(&decision.facts).expect("JSON");
        let pairs: std::collections::BTreeMap<String, Value> = serde_json::from_str(&stored).expect("pairs");
        let facts = Facts::from_pairs(decision.kind, pairs).expect("facts");
        prop_assert_eq!(&policy().decide(&facts), &decision);
        prop_assert_eq!(Facts::read(decision.kind, stored.as_bytes()), Ok(facts.clone()));
        prop_assert_eq!(policy().verdict(&facts), (decision.score, decision.action));
        // The event and the profile, too, survive being stored.
        let event: Event = serde_json::from_str(&serde_json::to_string(&event).expect("JSON")).expect("an event");
        let profile: Profile = serde_json::from_str(&serde_json::to_string(&profile).expect("JSON")).expect("a profile");
        prop_assert_eq!(assess(&policy(), &profile, &event), decision);
    }

    #[test]
    fn the_order_of_rules_changes_no_score(profile in any_profile(), event in any_event(), seed in any::<u64>()) {
        let shuffled = Policy::read(&shuffle_rules(policy().text(), seed)).expect("the same rules");
        let (one, other) = (assess(&policy(), &profile, &event), assess(&shuffled, &profile, &event));
        prop_assert_eq!((one.score, one.action), (other.score, other.action));
    }

    #[test]
    fn more_surprise_never_lowers_the_risk(profile in any_profile(), event in any_sign_in(), more in 0_u32..5) {
        let score = |event: &SignIn| assess(&policy(), &profile, &Event::SignIn(event.clone())).score;
        let before = score(&event);
        let raised = |change: &dyn Fn(&mut SignIn)| { let mut event = event.clone(); change(&mut event); score(&event) };
        prop_assert!(raised(&|it| it.failures = Some(it.failures.unwrap_or(0) + more)) >= before);
        prop_assert!(raised(&|it| it.address_listed = Some(true)) >= before);
        let changed = raised(&|it| it.device = it.device.map(|device| Device { changes: device.changes + more, ..device }));
        prop_assert!(changed >= before);
        let strange = raised(&|it| it.device = it.device.map(|device| Device { known: false, ..device }));
        prop_assert!(strange >= before);
    }

    #[test]
    fn a_larger_amount_is_never_less_risky(times in 0_i64..40, cents in 1_i64..800_000, more in 0_i64..90_000, spread in 1_i64..9_000) {
        let profile = (0..times).fold(Profile::default(), |profile, index| {
            learn(profile, &Event::Transaction(order(hours_after(noon(), -30 * (times - index)), 1_000 + spread * (index % 7))))
        });
        let score = |cents| assess(&policy(), &profile, &Event::Transaction(order(noon(), cents))).score;
        prop_assert!(score(cents + more) >= score(cents));
    }

    #[test]
    fn sooner_after_a_change_is_never_less_risky(hours in 0_i64..60, sooner in 0_i64..60) {
        let score = |hours: i64| {
            let withdrawal = Transaction {
                operation: Some(Operation::Withdrawal),
                credential_change: Some(CredentialChange::At(hours_after(noon(), -hours))),
                ..order(noon(), 10_000)
            };
            assess(&policy(), &buyer(25), &Event::Transaction(withdrawal)).score
        };
        prop_assert!(score(hours.saturating_sub(sooner).max(0)) >= score(hours));
    }

    #[test]
    fn what_one_showed_more_often_is_never_more_suspicious(times in 1_u32..20, more in 0_u32..20) {
        let crowd = sign_in(noon()).crowd.expect("a crowd");
        let weights = policy().likelihood().weights;
        let ratio = |times| ratio(&weights, &counts_of(&features(), times), &crowd, &features()).expect("a ratio");
        prop_assert!(ratio(times + more) <= ratio(times));
    }

    #[test]
    fn assessing_and_failing_teach_nothing(profile in any_profile(), event in any_sign_in()) {
        let mut waited = profile.clone();
        waited.sign_ins.wait("this".into(), event.clone());
        prop_assert_eq!(waited.sign_ins.settle(event.at + SignedDuration::from_hours(23)), vec![]);
        let probe = Event::SignIn(sign_in(event.at));
        prop_assert_eq!(assess(&policy(), &waited, &probe), assess(&policy(), &profile, &probe));
        let mut disowned = waited.clone();
        disowned.sign_ins.disown("this");
        prop_assert_eq!(&disowned, &profile);
        let learnt = waited.sign_ins.settle(event.at + SignedDuration::from_hours(24));
        prop_assert_eq!(learnt, vec![event.clone()]);
        prop_assert_eq!(waited, learn(profile, &Event::SignIn(event)));
    }

    #[test]
    fn a_profile_stays_small(count in 0_usize..400) {
        let mut profile = Profile::default();
        for index in 0..count {
            let mut event = sign_in(hours_after(noon(), index as i64));
            event.features.ip = Some(format!("10.0.0.{index}"));
            event.place.region = Some(index.to_string());
            profile = learn(profile, &Event::SignIn(event.clone()));
            profile.sign_ins.wait(index.to_string(), event);
            let order = Transaction { payee: Some(index.to_string()), category: Some(index.to_string()), ..order(hours_after(noon(), index as i64), 100) };
            profile.transactions.tried(&order);
            profile = learn(profile, &Event::Transaction(order));
        }
        prop_assert!(serde_json::to_string(&profile).expect("JSON").len() < 40_000);
    }
}

/// The same policy with its tables of rules in another order.
fn shuffle_rules(text: &str, seed: u64) -> String {
    let mut parts: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.starts_with('[') || parts.is_empty() {
            true => parts.push(line.to_owned()),
            false => parts.last_mut().expect("a part").push_str(line),
        }
    }
    let rules = |parts: &[String], kind: &str| -> Vec<usize> {
        (0..parts.len())
            .filter(|index| parts[*index].starts_with(&format!("[[{kind}.rules]]")))
            .collect()
    };
    for kind in ["sign_in", "transaction"] {
        let places = rules(&parts, kind);
        let mut state = seed;
        for index in (1..places.len()).rev() {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let other = (state >> 33) as usize % (index + 1);
            parts.swap(places[index], places[other]);
        }
    }
    parts.concat()
}
