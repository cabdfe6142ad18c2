//! The figures of sign-ins. An attack is blocked when its score is over the threshold; a legitimate sign-in over it is a
//! re-authentication, but for a person's first one, which opens the account and is compared with nothing, as the
//! literature counts. Attacks count whether or not their password was right.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    figures::{Scored, share},
    record::{ATTACKERS, Label},
};
use crate::risk::{Action, Kind, Policy};

/// The score of a legitimate sign-in, if it can ask for anything.
type Asked = Option<i64>;

/// The shares of attacks to be blocked, in thousandths.
const BLOCKED: [usize; 5] = [970, 980, 990, 995, 999];

/// The sign-ins of a person after which re-authentications are counted.
const AFTER: [usize; 2] = [12, 39];

/// What is published of the RBA dataset: at 99 % blocked, the median re-authentications after 12 and after 39 sign-ins. Of
/// real takeovers nothing is.
const PUBLISHED: [(Label, [f64; 2]); 3] = [
    (Label::Naive, [2.0, 1.0]),
    (Label::Vpn, [3.0, 2.0]),
    (Label::Targeted, [4.0, 3.0]),
];

/// The share of attacks blocked there, in thousandths.
const PUBLISHED_BLOCKED: usize = 990;

/// Of all sign-ins.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignInReport {
    /// Completed legitimate sign-ins.
    pub legitimate: usize,
    /// The part of all sign-ins, attackers' included, whose record tells the device.
    pub with_device: Option<f64>,
    /// People with at least 12 of them.
    pub people_with_12: usize,
    /// People with at least 39.
    pub people_with_39: usize,
    /// The part of the legitimate ones over each threshold.
    pub asked: Vec<AtThreshold>,
    /// One for each kind of attacker that occurs.
    pub attackers: Vec<Attackers>,
}

/// The part of some sign-ins over a threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AtThreshold {
    /// In thousandths; scores over it count.
    pub threshold: i64,
    /// From 0 to 1.
    pub share: Option<f64>,
}

/// Of one kind of attacker.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attackers {
    /// Which.
    pub kind: Label,
    /// How often they tried.
    pub attempts: usize,
    /// The part blocked at each threshold.
    pub blocked: Vec<AtThreshold>,
    /// What blocking more costs the people.
    pub operating_points: Vec<OperatingPoint>,
    /// How that compares with what is published, where something is.
    pub against_published: Option<AgainstPublished>,
}

/// An operating point beside the published one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgainstPublished {
    /// The share to be blocked, in per cent.
    pub blocked_at_least: f64,
    /// The published median after 12 sign-ins.
    pub after_12: f64,
    /// The published median after 39.
    pub after_39: f64,
    /// Whether people are asked no more often than published after 12; `None` when nobody has so many sign-ins.
    pub meets_after_12: Option<bool>,
    /// The same after 39.
    pub meets_after_39: Option<bool>,
}

impl AgainstPublished {
    fn of(kind: Label, scores: &[i64], of_person: &HashMap<&str, Vec<Asked>>) -> Option<Self> {
        let (_, [after_12, after_39]) = *PUBLISHED.iter().find(|(published, _)| *published == kind)?;
        let point = operating_point(PUBLISHED_BLOCKED, scores, of_person);
        let meets = |ours: Option<f64>, theirs| ours.map(|ours| ours <= theirs);
        Some(Self {
            blocked_at_least: point.blocked_at_least,
            after_12,
            after_39,
            meets_after_12: meets(point.median_reauthentications_after_12, after_12),
            meets_after_39: meets(point.median_reauthentications_after_39, after_39),
        })
    }
}

/// The highest threshold that blocks a share of the attacks, and what it asks of the people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OperatingPoint {
    /// The share to be blocked, in per cent.
    pub blocked_at_least: f64,
    /// In thousandths; -1 asks everybody always.
    pub threshold: i64,
    /// The share that is blocked there.
    pub blocked: f64,
    /// The median over people with at least 12 sign-ins of the re-authentications in their first 12.
    pub median_reauthentications_after_12: Option<f64>,
    /// The same after 39.
    pub median_reauthentications_after_39: Option<f64>,
}

impl SignInReport {
    pub(super) fn of(policy: &Policy, scored: &[&Scored]) -> Self {
        let mut thresholds: Vec<i64> = (1..10).map(|tenth| tenth * 100).collect();
        let answers = [Action::SecondFactor, Action::ConfirmByMail, Action::Refuse];
        thresholds.extend(
            answers
                .iter()
                .filter_map(|action| policy.threshold(Kind::SignIn, *action)),
        );
        thresholds.sort_unstable();
        thresholds.dedup();
        let at_thresholds = |scores: &[i64]| {
            let at = |threshold: &i64| AtThreshold {
                threshold: *threshold,
                share: share(
                    scores.iter().filter(|score| *score > threshold).count(),
                    scores.len(),
                ),
            };
            thresholds.iter().map(at).collect()
        };
        let legitimate = || {
            scored
                .iter()
                .filter(|one| one.label == Label::Legitimate && one.completed)
        };
        let mut of_person: HashMap<&str, Vec<Asked>> = HashMap::new();
        for one in legitimate() {
            let asked = (!one.first).then_some(one.score);
            of_person.entry(&one.user).or_default().push(asked);
        }
        let with = |count: usize| of_person.values().filter(|scores| scores.len() >= count).count();
        let scores: Vec<i64> = legitimate().map(|one| one.score).collect();
        let of_kind = |kind: &Label| {
            let mut scores: Vec<i64> = scored
                .iter()
                .filter(|one| one.label == *kind)
                .map(|one| one.score)
                .collect();
            scores.sort_unstable();
            (!scores.is_empty()).then(|| Attackers {
                kind: *kind,
                attempts: scores.len(),
                blocked: at_thresholds(&scores),
                operating_points: BLOCKED
                    .iter()
                    .map(|blocked| operating_point(*blocked, &scores, &of_person))
                    .collect(),
                against_published: AgainstPublished::of(*kind, &scores, &of_person),
            })
        };
        Self {
            with_device: share(scored.iter().filter(|one| one.has_device).count(), scored.len()),
            legitimate: scores.len(),
            people_with_12: with(AFTER[0]),
            people_with_39: with(AFTER[1]),
            asked: at_thresholds(&scores),
            attackers: ATTACKERS.iter().filter_map(of_kind).collect(),
        }
    }
}

/// `attacks` are sorted.
fn operating_point(blocked: usize, attacks: &[i64], of_person: &HashMap<&str, Vec<Asked>>) -> OperatingPoint {
    let needed = (attacks.len() * blocked).div_ceil(1_000).max(1);
    let threshold = attacks[attacks.len() - needed] - 1;
    let over = attacks.iter().filter(|score| **score > threshold).count();
    let [after_12, after_39] = AFTER.map(|count| {
        let asked = |scores: &Vec<Asked>| {
            let first = scores.get(..count)?;
            Some(first.iter().flatten().filter(|score| **score > threshold).count())
        };
        median(of_person.values().filter_map(asked).collect())
    });
    OperatingPoint {
        blocked_at_least: blocked as f64 / 10.0,
        threshold,
        blocked: over as f64 / attacks.len() as f64,
        median_reauthentications_after_12: after_12,
        median_reauthentications_after_39: after_39,
    }
}

fn median(mut counts: Vec<usize>) -> Option<f64> {
    counts.sort_unstable();
    let middle = counts.len() / 2;
    match counts.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(counts[middle] as f64),
        _ => Some((counts[middle - 1] + counts[middle]) as f64 / 2.0),
    }
}
