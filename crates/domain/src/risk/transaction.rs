//! The signals of a transaction, as facts.

use jiff::SignedDuration;

use super::{
    event::{CredentialChange, Transaction},
    facts::{Facts, Kind, NEVER, TransactionFact as Fact},
    policy::Policy,
    profile::TransactionHistory,
    score::Score,
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn facts(policy: &Policy, history: &TransactionHistory, transaction: &Transaction) -> Facts {
    let settings = policy.baseline();
    let mut facts = Facts::unknown(Kind::Transaction);
    facts.set(
        Fact::Transactions as usize,
        Some(i64::try_from(history.count).unwrap_or(i64::MAX)),
    );
    facts.set(
        Fact::Operation as usize,
        transaction.operation.map(super::Operation::as_str),
    );
    facts.set(Fact::AmountCents as usize, transaction.cents);
    let usual = history.amounts.usual(
        transaction.at,
        transaction.population_cents,
        settings.prior_amounts,
    );
    if let Some(usual) = usual {
        facts.set(Fact::UsualCents as usize, Some(libm::round(usual.cents) as i64));
        facts.set(
            Fact::AmountRatio as usize,
            transaction.cents.map(|cents| usual.ratio(cents)),
        );
    }
    facts.set(
        Fact::InLastHour as usize,
        Some(1 + within(history, transaction, HOUR, |_| true)),
    );
    if let Some(category) = &transaction.category {
        let base = transaction.population_category;
        let probability = history
            .categories
            .probability(category, base, settings.prior_categories);
        facts.set(Fact::Category as usize, Some(category.as_str()));
        facts.set(Fact::CategoryProbability as usize, Some(probability));
    }
    if let Some(payee) = &transaction.payee {
        let probability = history.payees.probability(payee, None, settings.prior_categories);
        facts.set(Fact::PayeeProbability as usize, Some(probability));
    }
    near_limit(&mut facts, policy, history, transaction);
    let hours = transaction.credential_change.map(|changed| match changed {
        CredentialChange::Never => NEVER,
        CredentialChange::At(then) => transaction.at.duration_since(then).as_hours().clamp(0, NEVER),
    });
    facts.set(Fact::CredentialHours as usize, hours);
    facts.set(
        Fact::SessionRisk as usize,
        transaction.session_risk.map(Score::thousandths),
    );
    facts.set(Fact::PayeeListed as usize, transaction.payee_listed);
    facts.set(Fact::PayeeWatched as usize, transaction.watched);
    facts
}

fn near_limit(facts: &mut Facts, policy: &Policy, history: &TransactionHistory, transaction: &Transaction) {
    let settings = policy.baseline();
    let near = |cents: i64| {
        let just_under = |limit: &i64| {
            let margin = limit.saturating_mul(settings.near_limit_percent) / 100;
            cents <= *limit && cents > limit - margin
        };
        settings.limits_cents.iter().any(just_under)
    };
    let Some(cents) = transaction.cents else { return };
    let times = match near(cents) {
        true => 1 + within(history, transaction, DAY, |before| before.is_some_and(near)),
        false => 0,
    };
    facts.set(Fact::NearLimit as usize, Some(times));
}

/// How many earlier ones lie within the time before this one.
fn within(
    history: &TransactionHistory,
    transaction: &Transaction,
    time: SignedDuration,
    which: impl Fn(Option<i64>) -> bool,
) -> i64 {
    let counts = |(at, cents): &&(jiff::Timestamp, Option<i64>)| {
        transaction.at.duration_since(*at) < time && which(*cents)
    };
    i64::try_from(history.recent.iter().filter(counts).count()).unwrap_or(i64::MAX)
}
