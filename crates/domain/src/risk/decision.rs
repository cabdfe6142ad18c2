//! A decision: the score, what it is made of, what follows from it, and everything needed to find it again.

use serde::Serialize;

use super::{
    expression::Value,
    facts::{Facts, Kind},
    policy::{Policy, Rule, Side},
    score::Score,
};

/// What follows from a score, from mild to strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    Allow,
    /// It takes effect and is shown to analysts as high risk.
    Flag,
    /// A second factor, even on a trusted device.
    SecondFactor,
    /// A second factor, and the owner says yes by mail.
    ConfirmByMail,
    /// It waits for an analyst.
    Hold,
    /// No.
    Refuse,
}

impl Action {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Flag => "flag",
            Self::SecondFactor => "second_factor",
            Self::ConfirmByMail => "confirm_by_mail",
            Self::Hold => "hold",
            Self::Refuse => "refuse",
        }
    }

    const ALL: [Self; 6] = [
        Self::Allow,
        Self::Flag,
        Self::SecondFactor,
        Self::ConfirmByMail,
        Self::Hold,
        Self::Refuse,
    ];

    /// How strict an action is that is stored under this name; `None` for a name that is none.
    #[must_use]
    pub fn strictness(name: &str) -> Option<usize> {
        Self::ALL.iter().position(|action| action.as_str() == name)
    }
}

/// One rule's part of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The rule.
    pub rule: String,
    /// What it adds, in thousandths.
    pub points: i64,
    /// The same in words.
    pub says: String,
    /// Whether the customer may see it. Analysts see every term.
    pub shown: bool,
    /// The facts it was found from.
    pub evidence: Vec<(&'static str, Value)>,
}

/// A rule that could not be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unheard {
    /// The rule.
    pub rule: String,
    /// What was not known.
    pub unknown: Vec<&'static str>,
}

/// What a policy says of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// The policy's hash.
    pub policy: String,
    /// What was assessed.
    #[serde(serialize_with = "kind_as_text")]
    pub kind: Kind,
    /// The sum of the terms, from 0 to 1,000.
    pub score: Score,
    /// The sum as it was, for putting the riskiest first.
    pub sum: i64,
    /// What follows.
    pub action: Action,
    /// Whether the amount alone asks for a step-up before anything happens.
    pub step_up: bool,
    /// What the score is made of, in the order of the policy.
    pub terms: Vec<Term>,
    /// What could not be decided: neither for nor against the person.
    pub unheard: Vec<Unheard>,
    /// All facts. They are written down apart.
    #[serde(skip)]
    pub facts: Facts,
}

fn kind_as_text<S: serde::Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}

impl Policy {
    /// What this policy says of these facts: the same for ever.
    #[must_use]
    pub fn decide(&self, facts: &Facts) -> Decision {
        let side = self.side(facts.kind());
        let mut fired: Vec<(&Rule, i64)> = Vec::with_capacity(side.rules.len());
        let mut unheard = Vec::new();
        for rule in &side.rules {
            match points(rule, facts) {
                Some(0) => {}
                Some(points) => fired.push((rule, points)),
                None => unheard.push(Unheard {
                    rule: rule.name.clone(),
                    unknown: unknown(rule, facts),
                }),
            }
        }
        let stands = |rule: &Rule| !fired.iter().any(|(other, _)| other.replaces.contains(&rule.name));
        let term = |(rule, points): &(&Rule, i64)| Term {
            rule: rule.name.clone(),
            points: *points,
            says: rule.says.clone(),
            shown: rule.shown,
            evidence: rule
                .asks()
                .map(|slot| (name_of(facts, slot), facts.at(slot).clone()))
                .collect(),
        };
        let terms: Vec<Term> = fired.iter().filter(|(rule, _)| stands(rule)).map(term).collect();
        let sum = terms
            .iter()
            .map(|term| term.points)
            .fold(0_i64, i64::saturating_add);
        let score = Score::clamped(sum);
        let amount = facts.number(super::facts::TransactionFact::AmountCents as usize);
        let step_up = facts.kind() == Kind::Transaction
            && amount
                .zip(self.baseline().step_up_over_cents)
                .is_some_and(|(amount, over)| amount > over);
        Decision {
            policy: self.hash().to_owned(),
            kind: facts.kind(),
            score,
            sum,
            action: action(side, score),
            step_up,
            terms,
            unheard,
            facts: facts.clone(),
        }
    }
}

impl Policy {
    /// Score and action alone, as [`Policy::decide`] finds them.
    #[must_use]
    pub fn verdict(&self, facts: &Facts) -> (Score, Action) {
        let side = self.side(facts.kind());
        let found = |rule| points(rule, facts).filter(|points| *points != 0);
        let fired: Vec<(&Rule, i64)> = side
            .rules
            .iter()
            .filter_map(|rule| Some((rule, found(rule)?)))
            .collect();
        let stands = |rule: &Rule| !fired.iter().any(|(other, _)| other.replaces.contains(&rule.name));
        let standing = fired.iter().filter(|(rule, _)| stands(rule));
        let sum = standing
            .map(|(_, points)| *points)
            .fold(0_i64, i64::saturating_add);
        let score = Score::clamped(sum);
        (score, action(side, score))
    }
}

/// What a rule adds; `None` when that is unknown.
fn points(rule: &Rule, facts: &Facts) -> Option<i64> {
    if let Some(when) = &rule.when
        && !when.holds(facts)?
    {
        return Some(0);
    }
    Some(rule.add.number(facts)?.clamp(0, rule.at_most))
}

fn unknown(rule: &Rule, facts: &Facts) -> Vec<&'static str> {
    let unknown = rule.asks().filter(|slot| *facts.at(*slot) == Value::Unknown);
    unknown.map(|slot| name_of(facts, slot)).collect()
}

fn name_of(facts: &Facts, slot: usize) -> &'static str {
    super::facts::catalogue(facts.kind())[slot].name
}

fn action(side: &Side, score: Score) -> Action {
    let over = |(threshold, _): &&(i64, Action)| score.thousandths() > *threshold;
    let strictest = side
        .thresholds
        .iter()
        .filter(over)
        .map(|(_, action)| *action)
        .max();
    strictest.unwrap_or(Action::Allow)
}
