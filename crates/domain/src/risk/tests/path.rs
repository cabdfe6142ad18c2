//! The smallest change that would have passed is one, and passes.

use super::examples::*;
use crate::risk::{
    CredentialChange, Device, Event, Operation, Policy, Profile, SignIn, Step, Transaction, learn, would_pass,
};

fn words(profile: &Profile, event: &Event) -> Vec<String> {
    would_pass(&policy(), profile, event)
        .iter()
        .map(Step::to_string)
        .collect()
}

#[test]
fn of_an_amount_it_is_the_last_cent() {
    let large = Event::Transaction(order(noon(), 250_000));
    assert_eq!(words(&buyer(30), &large), ["amount under $2,000.01"]);
    assert_eq!(
        words(&buyer(30), &Event::Transaction(order(noon(), 10_000))),
        [""; 0]
    );
}

#[test]
fn of_a_withdrawal_it_is_the_day_that_must_pass() {
    let withdrawal = Transaction {
        operation: Some(Operation::Withdrawal),
        credential_change: Some(CredentialChange::At(hours_after(noon(), -1))),
        ..order(noon(), 25_000)
    };
    let steps = would_pass(&policy(), &buyer(30), &Event::Transaction(withdrawal));
    assert_eq!(steps, [Step::AmountUnder { cents: 20_001 }]);
}

#[test]
fn of_a_strange_sign_in_it_is_the_device_or_the_place() {
    let listed = SignIn {
        device: Some(Device {
            known: false,
            changes: 0,
            impossible: false,
        }),
        address_listed: Some(true),
        ..sign_in(noon())
    };
    let steps = would_pass(&policy(), &londoner(), &Event::SignIn(listed));
    assert_eq!(steps, [Step::KnownDevice]);
    let far = SignIn {
        place: place("US", "WA", MILTON),
        ..sign_in(hours_after(noon(), 1))
    };
    let profile = learn(londoner(), &Event::SignIn(sign_in(noon())));
    assert_eq!(
        would_pass(&policy(), &profile, &Event::SignIn(far.clone())),
        [Step::UsualPlace]
    );
    let both = SignIn {
        device: Some(Device {
            impossible: true,
            ..Device::default()
        }),
        ..far
    };
    assert_eq!(
        would_pass(&policy(), &profile, &Event::SignIn(both)),
        [Step::KnownDevice, Step::UsualPlace]
    );
}

#[test]
fn where_nothing_helps_nothing_is_promised() {
    let text = policy()
        .text()
        .replace("when = \"!device_known\"\nadd = 300", "add = 900");
    let policy = Policy::read(&text).expect("a policy");
    assert!(would_pass(&policy, &londoner(), &Event::SignIn(sign_in(noon()))).is_empty());
}
