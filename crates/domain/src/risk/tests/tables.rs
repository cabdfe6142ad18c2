//! The embedded policy against the tables it stands for, line by line.

use super::examples::*;
use crate::risk::{
    Action, CredentialChange, Decision, Device, Event, Kind, Operation, Place, Policy, Profile, Score,
    SignIn, Transaction, assess, learn,
};

fn on_sign_in(change: impl FnOnce(&mut SignIn)) -> Decision {
    let mut event = sign_in(noon());
    change(&mut event);
    assess(&policy(), &londoner(), &Event::SignIn(event))
}

fn on_order(profile: &Profile, change: impl FnOnce(&mut Transaction)) -> Decision {
    let mut event = order(noon(), 10_000);
    change(&mut event);
    assess(&policy(), profile, &Event::Transaction(event))
}

#[track_caller]
fn adds(decision: &Decision, expected: &[(&str, i64)]) {
    let terms: Vec<_> = decision
        .terms
        .iter()
        .map(|term| (&*term.rule, term.points))
        .collect();
    assert_eq!(terms, expected);
}

#[test]
fn an_ordinary_sign_in_and_an_ordinary_order_come_to_nothing() {
    for decision in [on_sign_in(|_| {}), on_order(&buyer(30), |_| {})] {
        adds(&decision, &[]);
        assert_eq!((decision.score, decision.action), (Score::NONE, Action::Allow));
    }
}

#[test]
fn the_hour_is_the_suns_and_a_night_worker_has_shown_it() {
    let night = hours_after(noon(), 15);
    let at_night = |profile: &Profile| assess(&policy(), profile, &Event::SignIn(sign_in(night)));
    adds(&at_night(&londoner()), &[("unusual_hour", 200)]);
    let worker = learn(londoner(), &Event::SignIn(sign_in(hours_after(night, -24))));
    adds(&at_night(&worker), &[]);
}

#[test]
fn a_new_country_or_region_counts_until_it_was_seen_and_again_after_90_days() {
    let leeds = |at| SignIn {
        place: place("GB", "LDS", (53.8, -1.55)),
        ..sign_in(at)
    };
    let assessed = |profile: &Profile, at| assess(&policy(), profile, &Event::SignIn(leeds(at)));
    adds(&assessed(&londoner(), noon()), &[("new_location", 300)]);
    let known = learn(londoner(), &Event::SignIn(leeds(noon())));
    adds(&assessed(&known, hours_after(noon(), 24 * 90)), &[]);
    adds(
        &assessed(&known, hours_after(noon(), 24 * 91)),
        &[("new_location", 300)],
    );
}

#[test]
fn impossible_travel_takes_the_place_of_a_new_location() {
    let profile = learn(londoner(), &Event::SignIn(sign_in(hours_after(noon(), 6))));
    let milton = SignIn {
        place: place("US", "WA", MILTON),
        ..sign_in(hours_after(noon(), 7))
    };
    let decision = assess(&policy(), &profile, &Event::SignIn(milton.clone()));
    adds(&decision, &[("impossible_travel", 800)]);
    assert_eq!(decision.action, Action::ConfirmByMail);
    let also = SignIn {
        failures: Some(1),
        ..milton.clone()
    };
    assert_eq!(
        assess(&policy(), &profile, &Event::SignIn(also)).action,
        Action::Refuse
    );
    let next_day = SignIn {
        at: hours_after(noon(), 31),
        ..milton
    };
    adds(
        &assess(&policy(), &profile, &Event::SignIn(next_day)),
        &[("new_location", 300)],
    );
}

#[test]
fn a_country_alone_gives_a_distance_less_both_radii() {
    let middle = |coordinates, radius_km| Place {
        coordinates: Some(coordinates),
        radius_km,
        ..Place::default()
    };
    let (britain, france) = (middle((54.0, -2.0), 500.0), middle((46.5, 2.5), 550.0));
    assert_eq!(britain.least_distance_km(&france), Some(0.0));
    let japan = middle((36.0, 138.0), 1_400.0);
    let least = britain.least_distance_km(&japan).expect("a distance");
    assert!((7_000.0..7_800.0).contains(&least), "{least}");
    assert_eq!(japan.solar_hour(noon()), None);
    assert_eq!(britain.least_distance_km(&Place::default()), None);
}

#[test]
fn each_failure_adds_until_four() {
    for (failures, points) in [(1, 100), (3, 300), (4, 400), (9, 400)] {
        adds(
            &on_sign_in(|it| it.failures = Some(failures)),
            &[("failures", points)],
        );
    }
}

#[test]
fn devices_are_unknown_changed_or_copied() {
    let device = |known, changes, impossible| {
        Some(Device {
            known,
            changes,
            impossible,
        })
    };
    adds(
        &on_sign_in(|it| it.device = device(false, 0, false)),
        &[("unknown_device", 300)],
    );
    adds(
        &on_sign_in(|it| it.device = device(true, 2, false)),
        &[("changed_device", 200)],
    );
    adds(
        &on_sign_in(|it| it.device = device(true, 3, true)),
        &[("impossible_device_change", 600)],
    );
}

#[test]
fn a_listed_address_counts_once_however_it_is_listed() {
    adds(
        &on_sign_in(|it| it.address_listed = Some(true)),
        &[("listed_address", 500)],
    );
    let all = on_sign_in(|it| {
        (it.address_listed, it.network_listed, it.anonymiser) = (Some(true), Some(true), Some(true));
    });
    adds(&all, &[("listed_address", 500)]);
}

#[test]
fn strange_features_add_up_to_a_half() {
    let strange = on_sign_in(|it| {
        it.features.ip = Some("203.0.113.9".into());
        it.features.network = Some("64500".into());
        it.features.country = Some("ZZ".into());
        it.features.agent = Some("curl/8".into());
        it.features.browser = Some("curl".into());
        it.features.system = None;
        it.features.device_kind = None;
    });
    let points = strange.terms.first().map(|term| (&*term.rule, term.points));
    assert!(
        matches!(points, Some(("improbable_features", 1..=500))),
        "{points:?}"
    );
}

#[test]
fn what_is_not_known_is_named_and_adds_nothing() {
    let nothing = SignIn {
        place: Place::default(),
        crowd: None,
        device: None,
        failures: None,
        address_listed: None,
        network_listed: None,
        device_listed: None,
        watched: None,
        anonymiser: None,
        ..sign_in(noon())
    };
    let decision = assess(&policy(), &londoner(), &Event::SignIn(nothing));
    assert_eq!(decision.score, Score::NONE);
    let unheard: Vec<_> = decision.unheard.iter().map(|rule| &*rule.rule).collect();
    let every_rule = [
        "unusual_hour",
        "new_location",
        "impossible_travel",
        "failures",
        "unknown_device",
        "changed_device",
        "impossible_device_change",
        "listed_address",
        "watched",
        "improbable_features",
    ];
    assert_eq!(unheard, every_rule);
    assert_eq!(decision.unheard[3].unknown, ["failures_15m"]);
}

#[test]
fn amounts_count_over_two_ten_and_twenty_times_the_usual() {
    let profile = buyer(30);
    for (cents, points) in [
        (20_000, 0),
        (20_100, 300),
        (100_100, 500),
        (200_100, 750),
        (250_000, 750),
    ] {
        let decision = on_order(&profile, |it| it.cents = Some(cents));
        assert_eq!(decision.score.thousandths(), points, "{cents}");
    }
    let decision = on_order(&profile, |it| it.cents = Some(250_000));
    assert_eq!(decision.action, Action::Hold);
}

#[test]
fn somebody_whose_amounts_differ_widely_is_not_measured_by_the_median_alone() {
    let mut profile = Profile::default();
    for (index, cents) in (1..=30).zip([1_000, 10_000, 30_000].into_iter().cycle()) {
        profile = learn(
            profile,
            &Event::Transaction(order(hours_after(noon(), -10 * index), cents)),
        );
    }
    adds(&on_order(&profile, |it| it.cents = Some(35_000)), &[]);
    adds(
        &on_order(&profile, |it| it.cents = Some(60_000)),
        &[("unusual_amount", 300)],
    );
}

#[test]
fn one_large_order_moves_nothing() {
    let profile = learn(
        buyer(30),
        &Event::Transaction(order(hours_after(noon(), -1), 100_000_000)),
    );
    adds(
        &on_order(&profile, |it| it.cents = Some(20_100)),
        &[("unusual_amount", 300)],
    );
}

#[test]
fn the_first_orders_are_measured_by_everybodys() {
    let nobody = Profile::default();
    adds(&on_order(&nobody, |it| it.cents = Some(20_000)), &[]);
    adds(
        &on_order(&nobody, |it| it.cents = Some(110_000)),
        &[("unusual_amount", 500)],
    );
    let alone = on_order(&nobody, |it| it.population_cents = None);
    assert!(alone.unheard.iter().any(|rule| rule.rule == "unusual_amount"));
    // A single order of their own does not yet outweigh everybody's.
    let one = learn(nobody, &Event::Transaction(order(hours_after(noon(), -48), 100)));
    adds(&on_order(&one, |it| it.cents = Some(16_000)), &[]);
}

#[test]
fn old_amounts_fade() {
    let mut profile = Profile::default();
    for index in 1..=10 {
        profile = learn(
            profile,
            &Event::Transaction(order(hours_after(noon(), -24 * (900 + index)), 100)),
        );
        profile = learn(
            profile,
            &Event::Transaction(order(hours_after(noon(), -24 * index), 10_000)),
        );
    }
    adds(&on_order(&profile, |it| it.cents = Some(15_000)), &[]);
}

#[test]
fn the_sixth_within_an_hour_counts() {
    let mut profile = buyer(30);
    for _ in 0..4 {
        profile.transactions.tried(&order(noon(), 10_000));
    }
    adds(&on_order(&profile, |_| {}), &[]);
    profile.transactions.tried(&order(noon(), 10_000));
    adds(&on_order(&profile, |_| {}), &[("velocity", 400)]);
    adds(&on_order(&profile, |it| it.at = hours_after(noon(), 1)), &[]);
}

#[test]
fn a_category_or_payee_that_is_unlike_the_person_counts() {
    let rare = |it: &mut Transaction| {
        (it.category, it.population_category) = (Some("crypto".into()), Some(20));
    };
    adds(&on_order(&buyer(30), rare), &[("unusual_category", 200)]);
    adds(&on_order(&Profile::default(), rare), &[]);
    let common = |it: &mut Transaction| {
        (it.category, it.population_category) = (Some("fund".into()), Some(600));
    };
    adds(&on_order(&buyer(30), common), &[]);
}

#[test]
fn the_third_just_under_a_limit_counts() {
    let mut profile = buyer(30);
    let just_under = |it: &mut Transaction| (it.cents, it.population_cents) = (Some(950_000), None);
    for expected in [false, false, true] {
        let decision = on_order(&profile, just_under);
        assert_eq!(
            decision.terms.iter().any(|term| term.rule == "structuring"),
            expected
        );
        profile.transactions.tried(&Transaction {
            cents: Some(950_000),
            ..order(noon(), 0)
        });
    }
    let ordinary = on_order(&profile, |it| it.cents = Some(10_000));
    adds(&ordinary, &[]);
}

#[test]
fn money_out_after_a_change_of_credentials_counts_for_a_day() {
    let profile = buyer(30);
    let changed = |hours: i64| CredentialChange::At(hours_after(noon(), -hours));
    for (operation, hours, expected) in [
        (Operation::Withdrawal, 23, true),
        (Operation::Payee, 0, true),
        (Operation::Withdrawal, 24, false),
        (Operation::Order, 1, false),
    ] {
        let decision = on_order(&profile, |it| {
            (it.operation, it.credential_change) = (Some(operation), Some(changed(hours)));
        });
        let expected: &[(&str, i64)] = if expected {
            &[("after_credential_change", 500)]
        } else {
            &[]
        };
        adds(&decision, expected);
    }
}

#[test]
fn half_of_the_sessions_risk_is_carried_over() {
    let decision = on_order(&buyer(30), |it| it.session_risk = Some(Score::clamped(450)));
    adds(&decision, &[("session_risk", 225)]);
}

#[test]
fn an_amount_over_ten_thousand_dollars_wants_a_step_up_whatever_the_score() {
    let step_up = |cents| on_order(&buyer(30), |it| it.cents = Some(cents)).step_up;
    assert_eq!([step_up(1_000_000), step_up(1_000_001)], [false, true]);
}

#[test]
fn thresholds_are_passed_not_met() {
    let policy = policy();
    let threshold = |kind, action| policy.threshold(kind, action);
    assert_eq!(threshold(Kind::SignIn, Action::SecondFactor), Some(500));
    assert_eq!(threshold(Kind::SignIn, Action::ConfirmByMail), Some(700));
    assert_eq!(threshold(Kind::SignIn, Action::Refuse), Some(800));
    assert_eq!(threshold(Kind::Transaction, Action::Flag), Some(600));
    assert_eq!(threshold(Kind::Transaction, Action::Hold), Some(700));
    let at = |failures, listed| {
        on_sign_in(|it| (it.failures, it.address_listed) = (Some(failures), Some(listed))).action
    };
    assert_eq!(
        [at(0, true), at(1, true), at(3, true)],
        [Action::Allow, Action::SecondFactor, Action::ConfirmByMail]
    );
    assert_eq!(at(4, true), Action::Refuse);
}

#[test]
fn the_default_policy_keeps_its_hash_until_somebody_means_to_change_it() {
    let policy = Policy::default_policy();
    assert_eq!((policy.name(), policy.hash().len()), ("default", 64));
    assert_eq!(
        Policy::read(policy.text()).expect("the same").hash(),
        policy.hash()
    );
    let other = policy.text().replace("hold_over = 700", "hold_over = 701");
    assert_ne!(Policy::read(&other).expect("another").hash(), policy.hash());
}
