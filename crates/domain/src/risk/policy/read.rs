//! Reading a policy's text: everything that is wrong with it, with line and rule.

use std::{collections::HashSet, fmt, ops::Range};

use serde::Deserialize;
use toml::Spanned;

use super::{Baseline, Likelihood, Policy, Rule, Side};
use crate::risk::{
    decision::Action,
    expression::Expression,
    facts::{Kind, Type},
};

/// The version of the format that is understood.
const VERSION: i64 = 1;

/// The longest text of a policy, in bytes, and the most rules for one kind of event: a policy is read by people.
const LONGEST: usize = 200_000;
const MOST_RULES: usize = 200;

/// Something wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyProblem {
    /// The line of the text, from 1.
    pub line: usize,
    /// The rule, if it is about one.
    pub rule: Option<String>,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl fmt::Display for PolicyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(rule) = &self.rule {
            write!(f, ", rule {rule}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A policy that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// Everything found, in the order of the text; never empty.
    pub problems: Vec<PolicyProblem>,
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyText {
    version: Spanned<i64>,
    name: Spanned<String>,
    sign_in: SignInText,
    transaction: TransactionText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInText {
    second_factor_over: Spanned<i64>,
    confirm_by_mail_over: Spanned<i64>,
    refuse_over: Spanned<i64>,
    likelihood: Spanned<LikelihoodText>,
    rules: Vec<RuleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LikelihoodText {
    address: [f64; 3],
    program: [f64; 4],
    from: f64,
    to: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransactionText {
    flag_over: Spanned<i64>,
    hold_over: Spanned<i64>,
    baseline: Spanned<Baseline>,
    rules: Vec<RuleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    name: Spanned<String>,
    when: Option<Spanned<String>>,
    add: Spanned<Add>,
    at_most: Option<Spanned<i64>>,
    #[serde(default)]
    replaces: Vec<Spanned<String>>,
    says: String,
    #[serde(default)]
    shown: bool,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number or an expression in quotes")]
enum Add {
    Points(i64),
    Expression(String),
}

pub(super) fn read(text: &str) -> Result<Policy, PolicyError> {
    let mut found = Problems {
        text,
        problems: Vec::new(),
    };
    if text.len() > LONGEST {
        found.add(0..0, None, format!("the policy is longer than {LONGEST} bytes"));
        return Err(found.into_error());
    }
    let raw: PolicyText = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            found.add(
                error.span().unwrap_or(0..0),
                None,
                error.message().trim().to_owned(),
            );
            return Err(found.into_error());
        }
    };
    if *raw.version.get_ref() != VERSION {
        found.add(
            raw.version.span(),
            None,
            format!("this program understands version {VERSION}"),
        );
    }
    if raw.name.get_ref().trim().is_empty() {
        found.add(raw.name.span(), None, "a policy needs a name".into());
    }
    let sign_in = Side {
        thresholds: found.thresholds([
            (raw.sign_in.second_factor_over, Action::SecondFactor),
            (raw.sign_in.confirm_by_mail_over, Action::ConfirmByMail),
            (raw.sign_in.refuse_over, Action::Refuse),
        ]),
        rules: found.rules(Kind::SignIn, raw.sign_in.rules),
    };
    let transaction = Side {
        thresholds: found.thresholds([
            (raw.transaction.flag_over, Action::Flag),
            (raw.transaction.hold_over, Action::Hold),
        ]),
        rules: found.rules(Kind::Transaction, raw.transaction.rules),
    };
    let likelihood = found.likelihood(raw.sign_in.likelihood);
    let baseline = found.baseline(raw.transaction.baseline);
    if !found.problems.is_empty() {
        return Err(found.into_error());
    }
    Ok(Policy {
        name: raw.name.into_inner(),
        text: text.to_owned(),
        hash: hex::encode(auditlog::hash::sha256(text.as_bytes()).0),
        likelihood,
        baseline,
        sign_in,
        transaction,
    })
}

struct Problems<'t> {
    text: &'t str,
    problems: Vec<PolicyProblem>,
}

impl Problems<'_> {
    fn add(&mut self, at: Range<usize>, rule: Option<&str>, message: String) {
        let before = self.text.as_bytes().get(..at.start).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        self.problems.push(PolicyProblem {
            line,
            rule: rule.map(str::to_owned),
            message,
        });
    }

    fn into_error(mut self) -> PolicyError {
        self.problems.sort_by_key(|problem| problem.line);
        PolicyError {
            problems: self.problems,
        }
    }

    /// Stricter answers need higher scores.
    fn thresholds<const N: usize>(&mut self, given: [(Spanned<i64>, Action); N]) -> Vec<(i64, Action)> {
        let mut least = 0;
        for (threshold, _) in &given {
            let value = *threshold.get_ref();
            if !(0..=1_000).contains(&value) {
                self.add(
                    threshold.span(),
                    None,
                    "a threshold lies between 0 and 1000".into(),
                );
            } else if value < least {
                self.add(
                    threshold.span(),
                    None,
                    "a stricter answer needs a threshold that is not lower".into(),
                );
            }
            least = least.max(value);
        }
        given
            .into_iter()
            .map(|(threshold, action)| (threshold.into_inner(), action))
            .collect()
    }

    fn likelihood(&mut self, given: Spanned<LikelihoodText>) -> Likelihood {
        let (span, raw) = (given.span(), given.into_inner());
        let weights = crate::risk::Weights {
            address: raw.address,
            program: raw.program,
        };
        let sound = |weight: &f64| weight.is_finite() && *weight > 0.0;
        if !raw.address.iter().chain(&raw.program).all(sound) {
            self.add(
                span.clone(),
                None,
                "the weights of the likelihood are greater than 0".into(),
            );
        }
        let bounded = sound(&raw.from) && sound(&raw.to) && raw.from < raw.to;
        if !bounded {
            self.add(
                span,
                None,
                "the likelihood's `from` is greater than 0 and less than `to`".into(),
            );
        }
        Likelihood {
            weights,
            from: raw.from,
            to: raw.to,
        }
    }

    fn baseline(&mut self, given: Spanned<Baseline>) -> Baseline {
        let (span, baseline) = (given.span(), given.into_inner());
        let sound = |prior: f64| prior.is_finite() && prior > 0.0;
        if !sound(baseline.prior_amounts) || !sound(baseline.prior_categories) {
            self.add(span.clone(), None, "priors are greater than 0".into());
        }
        if !(1..=100).contains(&baseline.near_limit_percent) {
            self.add(
                span.clone(),
                None,
                "near_limit_percent lies between 1 and 100".into(),
            );
        }
        if baseline
            .limits_cents
            .iter()
            .chain(&baseline.step_up_over_cents)
            .any(|cents| *cents <= 0)
        {
            self.add(span, None, "limits are greater than 0".into());
        }
        baseline
    }

    fn rules(&mut self, kind: Kind, given: Vec<RuleText>) -> Vec<Rule> {
        let names: HashSet<String> = given.iter().map(|rule| rule.name.get_ref().clone()).collect();
        let mut seen = HashSet::new();
        if given.len() > MOST_RULES {
            self.add(
                given[MOST_RULES].name.span(),
                None,
                format!("more than {MOST_RULES} rules"),
            );
        }
        let mut rules = Vec::new();
        for rule in given {
            let name = rule.name.get_ref().clone();
            let word = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
            if name.is_empty() || !name.chars().all(word) {
                self.add(
                    rule.name.span(),
                    Some(&name),
                    "a name is lower-case letters, digits and _".into(),
                );
            }
            if !seen.insert(name.clone()) {
                self.add(rule.name.span(), Some(&name), "this name is used twice".into());
            }
            for replaced in &rule.replaces {
                if !names.contains(replaced.get_ref()) {
                    let message = format!("it replaces {:?}, which does not exist", replaced.get_ref());
                    self.add(replaced.span(), Some(&name), message);
                }
                if *replaced.get_ref() == name {
                    self.add(
                        replaced.span(),
                        Some(&name),
                        "a rule cannot replace itself".into(),
                    );
                }
            }
            rules.extend(self.rule(kind, name, rule));
        }
        rules
    }

    fn rule(&mut self, kind: Kind, name: String, rule: RuleText) -> Option<Rule> {
        let when = match rule.when {
            Some(when) => Some(self.expression(kind, &name, &when.span(), when.get_ref(), Type::Bool)?),
            None => None,
        };
        let at_most = rule.at_most.map_or(1_000, |at_most| {
            self.points(&name, &at_most.span(), *at_most.get_ref());
            at_most.into_inner()
        });
        let span = rule.add.span();
        let add = match rule.add.into_inner() {
            Add::Points(points) => {
                self.points(&name, &span, points);
                self.expression(kind, &name, &span, &points.to_string(), Type::Int)?
            }
            Add::Expression(text) => self.expression(kind, &name, &span, &text, Type::Int)?,
        };
        let (replaces, says, shown) = (rule.replaces, rule.says, rule.shown);
        let replaces = replaces.into_iter().map(Spanned::into_inner).collect();
        Some(Rule {
            name,
            when,
            add,
            at_most,
            replaces,
            says,
            shown,
        })
    }

    /// A rule that took points away would let somebody hide one oddity behind another.
    fn points(&mut self, rule: &str, span: &Range<usize>, points: i64) {
        if !(0..=1_000).contains(&points) {
            self.add(
                span.clone(),
                Some(rule),
                "what a rule adds lies between 0 and 1000".into(),
            );
        }
    }

    fn expression(
        &mut self,
        kind: Kind,
        rule: &str,
        span: &Range<usize>,
        text: &str,
        wanted: Type,
    ) -> Option<Expression> {
        match Expression::read(text, wanted, kind) {
            Ok(expression) => Some(expression),
            Err(error) => {
                let source = self.text.get(span.clone()).unwrap_or_default();
                let first_line = usize::from(source.starts_with("\"\"\"\n") || source.starts_with("'''\n"));
                self.add(span.clone(), Some(rule), error.message);
                if let (Some(problem), Some(line)) = (self.problems.last_mut(), error.line) {
                    problem.line += line - 1 + first_line;
                }
                None
            }
        }
    }
}
