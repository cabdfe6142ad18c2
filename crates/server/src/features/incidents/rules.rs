//! Which events are an incident: the rules, in one place. Pure.
//!
//! A rule whose threshold is one opens an incident at its first event; another one waits until so many different accounts
//! were met within its window. What failures alone can cause is grouped by network or for the whole platform, never by
//! the person that an outsider aims at, so that nobody can have a thousand incidents opened.

use jiff::SignedDuration;
use uuid::Uuid;

use super::{facts::Fact, severity::Severity};
use crate::{
    config,
    features::security_log::{Class, meaning_of},
};

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Somebody else appears to hold a person's session, device, passkey or key.
    AccountTakeover,
    /// Many accounts are tried from one network.
    PasswordSpray,
    /// Many accounts are locked at about the same time.
    LockoutBurst,
    /// A sign-in with the right password was too unlike its owner.
    RefusedSignIn,
    /// An order, a payment or a payee was stopped or held as suspicious.
    BlockedTransaction,
    /// A sealed field was changed behind the program's back.
    TamperedVault,
    /// The audit log does not verify.
    LogIntegrity,
    /// Whatever else is classed as a finding.
    Finding,
}

/// An event under a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    /// Which events of the rule belong together.
    pub(super) key: String,
    /// Whom the incident would be about.
    pub(super) subject: Option<Uuid>,
    /// What thresholds count.
    pub(super) about: String,
    /// It belongs to an incident that is there and knows its person; it opens none.
    pub(super) only_joins: bool,
}

/// The group of what would be too many incidents.
pub(super) const EVERYWHERE: &str = "everywhere";
/// The group of what concerns nobody in particular.
const PLATFORM: &str = "platform";

impl Rule {
    /// Its name in the API.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::AccountTakeover => "account_takeover",
            Self::PasswordSpray => "password_spray",
            Self::LockoutBurst => "lockout_burst",
            Self::RefusedSignIn => "refused_sign_in",
            Self::BlockedTransaction => "blocked_transaction",
            Self::TamperedVault => "tampered_vault",
            Self::LogIntegrity => "log_integrity",
            Self::Finding => "finding",
        }
    }

    /// What it says, for people.
    pub(super) fn title(rule: &str) -> &'static str {
        match rule {
            "account_takeover" => "Somebody else may have got into an account",
            "password_spray" => "Passwords are tried on many accounts from one network",
            "lockout_burst" => "Many accounts were locked at about the same time",
            "refused_sign_in" => "A sign-in with the right password was refused as too unlike its owner",
            "blocked_transaction" => "A transaction was stopped as suspicious",
            "tampered_vault" => "A sealed field was changed behind the program’s back",
            "log_integrity" => "The audit log does not verify",
            _ => "Something suspicious was found",
        }
    }

    /// How far apart its events may lie.
    pub(super) fn window(self, settings: &config::Incidents) -> SignedDuration {
        match self {
            Self::PasswordSpray | Self::LockoutBurst => {
                SignedDuration::try_from(settings.window).unwrap_or(SignedDuration::from_hours(1))
            }
            _ => SignedDuration::from_hours(24),
        }
    }

    /// How many different accounts make it an incident.
    pub(super) fn threshold(self, settings: &config::Incidents) -> usize {
        match self {
            Self::PasswordSpray => settings.spray_accounts,
            Self::LockoutBurst => settings.burst_accounts,
            _ => 1,
        }
    }
}

/// What finds the rules that an event of some kind comes under.
type Finder = fn(&Fact) -> Vec<Match>;

fn finder(kind: &str) -> Option<Finder> {
    Some(match kind {
        // Nothing of our own doing is an incident of its own.
        kind if kind.starts_with("incident.") => return None,
        "session.stolen" | "session.reuse_detected" | "account.not_me_reported" | "account.restricted" => {
            |fact| vec![about_person(Rule::AccountTakeover, Severity::Critical, fact)]
        }
        "device.compromised" | "passkey.cloned" | "api_key.refused" => {
            |fact| vec![about_person(Rule::AccountTakeover, Severity::High, fact)]
        }
        "account.locked" => locked,
        "sign_in.failed" => |fact| by_network(fact, false),
        "sign_in.succeeded" => |fact| by_network(fact, true),
        "sign_in.refused" => |fact| vec![about_person(Rule::RefusedSignIn, Severity::High, fact)],
        "vault.tampered" => |fact| vec![about_person(Rule::TamperedVault, Severity::Critical, fact)],
        "audit.verified" => verified,
        kind if is_finding(kind) => finding,
        _ => return None,
    })
}

/// Whether an event of this kind may come under a rule at all.
pub(super) fn may_match(kind: &str) -> bool {
    finder(kind).is_some()
}

/// The rules that an event comes under.
pub(super) fn matches(fact: &Fact) -> Vec<Match> {
    finder(&fact.kind).map_or_else(Vec::new, |find| find(fact))
}

fn locked(fact: &Fact) -> Vec<Match> {
    // A session in which nobody can prove who they are; no outsider has one.
    vec![match fact.said("devices") {
        Some("session") => about_person(Rule::AccountTakeover, Severity::Medium, fact),
        _ => of_account(Rule::LockoutBurst, Severity::Medium, PLATFORM, fact),
    }]
}

fn verified(fact: &Fact) -> Vec<Match> {
    match fact.failed {
        true => vec![of_account(Rule::LogIntegrity, Severity::Critical, PLATFORM, fact)],
        false => Vec::new(),
    }
}

fn is_finding(kind: &str) -> bool {
    matches!(
        meaning_of(kind).class,
        Class::DetectionFinding | Class::IncidentFinding
    )
}

/// What is classed as something to look into, by whichever feature it comes from.
fn finding(fact: &Fact) -> Vec<Match> {
    let money = ["order.", "transaction.", "withdrawal.", "payee.", "deposit."];
    let rule = match money.iter().any(|family| fact.kind.starts_with(family)) {
        true => Rule::BlockedTransaction,
        false => Rule::Finding,
    };
    let severity = meaning_of(&fact.kind).severity;
    let mut found = about_person(rule, severity.into(), fact);
    if rule == Rule::Finding {
        found.key = format!("{} {}", fact.kind, found.key);
    }
    vec![found]
}

/// Failures of one network; a success belongs to them when it is of somebody who was among those tried.
fn by_network(fact: &Fact, succeeded: bool) -> Vec<Match> {
    let Some(network) = &fact.network else {
        return Vec::new();
    };
    let severity = match succeeded {
        true => Severity::Critical,
        false => Severity::High,
    };
    vec![Match {
        only_joins: succeeded,
        ..of_account(Rule::PasswordSpray, severity, network, fact)
    }]
}

fn of_account(rule: Rule, severity: Severity, key: &str, fact: &Fact) -> Match {
    Match {
        rule,
        severity,
        key: key.to_owned(),
        subject: None,
        about: fact.account().unwrap_or_else(|| PLATFORM.to_owned()),
        only_joins: false,
    }
}

fn about_person(rule: Rule, severity: Severity, fact: &Fact) -> Match {
    let key = fact.user.map(|user| user.to_string());
    let key = key.unwrap_or_else(|| PLATFORM.to_owned());
    Match {
        rule,
        severity,
        subject: fact.user,
        about: key.clone(),
        key,
        only_joins: false,
    }
}
