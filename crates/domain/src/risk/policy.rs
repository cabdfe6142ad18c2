//! A policy: weights, thresholds and actions as data, in a TOML file that says what each fact is worth.
//!
//! It is checked whole when it is read: every expression's types, every name, every number. An error names its line and
//! rule. A policy is known by the SHA-256 of its text, to the byte.

mod read;

use serde::Deserialize;

pub use read::{PolicyError, PolicyProblem};

use super::{decision::Action, expression::Expression, facts::Kind, likelihood::Weights};

/// The policy that the program brings along.
const DEFAULT: &str = include_str!("policy/default.toml");

/// A policy, checked.
#[derive(Clone, Debug)]
pub struct Policy {
    name: String,
    text: String,
    hash: String,
    likelihood: Likelihood,
    baseline: Baseline,
    sign_in: Side,
    transaction: Side,
}

/// How the likelihood ratio becomes a fact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Likelihood {
    pub(super) weights: Weights,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// What transactions are compared with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    pub(super) prior_amounts: f64,
    pub(super) prior_categories: f64,
    pub(super) limits_cents: Vec<i64>,
    pub(super) near_limit_percent: i64,
    #[serde(default)]
    pub(super) step_up_over_cents: Option<i64>,
}

/// The rules and thresholds for one kind of event.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) rules: Vec<Rule>,
    pub(super) thresholds: Vec<(i64, Action)>,
}

/// One line of the tables.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) when: Option<Expression>,
    pub(super) add: Expression,
    pub(super) at_most: i64,
    pub(super) replaces: Vec<String>,
    pub(super) says: String,
    pub(super) shown: bool,
}

impl Rule {
    /// The facts it asks for, each once.
    pub(super) fn asks(&self) -> impl Iterator<Item = usize> {
        let when = self.when.as_ref().map_or(&[][..], |when| &when.asks);
        let more = self.add.asks.iter().filter(|slot| !when.contains(slot));
        when.iter().chain(more).copied()
    }
}

impl Policy {
    /// The policy that the program brings along: the tables of the documentation.
    #[must_use]
    pub fn default_policy() -> Self {
        Self::read(DEFAULT).expect("the tests read this policy")
    }

    /// Reads and checks a policy.
    ///
    /// # Errors
    /// Everything that is wrong with it, with lines and rules.
    pub fn read(text: &str) -> Result<Self, PolicyError> {
        read::read(text)
    }

    /// What it calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text, as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The SHA-256 of its text, as hex.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The score over which this follows, if the policy has it.
    #[must_use]
    pub fn threshold(&self, kind: Kind, action: Action) -> Option<i64> {
        let thresholds = &self.side(kind).thresholds;
        thresholds
            .iter()
            .find(|(_, known)| *known == action)
            .map(|(threshold, _)| *threshold)
    }

    pub(super) fn likelihood(&self) -> &Likelihood {
        &self.likelihood
    }

    pub(super) fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    pub(super) fn side(&self, kind: Kind) -> &Side {
        match kind {
            Kind::SignIn => &self.sign_in,
            Kind::Transaction => &self.transaction,
        }
    }
}
