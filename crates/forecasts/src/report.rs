//! How the candidates did at one horizon, which is chosen, and why each of the others is not.

use serde::{Deserialize, Serialize};

use crate::{
    Model,
    diebold_mariano::{Comparison, compare},
    evaluation::Outcome,
};

/// The chance, over all candidates together, to prefer one although none is better.
const SIGNIFICANCE: f64 = 0.05;

/// Candidates that are held against the baseline, each at its part of the chance (Bonferroni).
const CHALLENGERS: f64 = (Model::ALL.len() - 1) as f64;

/// The candidates at one horizon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Days ahead.
    pub horizon: usize,
    /// The model to use.
    pub chosen: Model,
    /// A candidate must be better than the baseline with a p-value below this.
    pub significance: f64,
    /// All of them, the baseline first.
    pub models: Vec<ModelReport>,
}

/// How one candidate did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// Which.
    pub model: Model,
    /// Scored forecasts.
    pub n: usize,
    /// Mean absolute scaled error: 1 is what the last price's error usually was in the 500 days before.
    pub mase: f64,
    /// Mean pinball loss over the bounds of both intervals and the median, in hundredths of the price's logarithm, which is
    /// nearly percent.
    pub pinball_loss: f64,
    /// The share of outcomes inside the 80 % interval.
    pub coverage_80: f64,
    /// The share of outcomes inside the 95 % interval.
    pub coverage_95: f64,
    /// Against the last price; none for the last price itself, and for who never differs from it.
    pub against_last_price: Option<Comparison>,
    /// Whether it is used, or why not.
    pub verdict: Verdict,
}

/// Why a candidate is used, or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Used: significantly better than the last price, and of those the one with the smallest error.
    Chosen,
    /// The last price, used since nothing is significantly better.
    ChosenByDefault,
    /// The last price, given up for something significantly better.
    Beaten,
    /// Its errors are not smaller than the last price's.
    NotBetter,
    /// Its errors are smaller, but no more so than luck would have it.
    NotSignificant,
    /// Significantly better than the last price, but another's errors are smaller still.
    AnotherIsBetter,
}

/// A share of so many.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Of how many.
    pub n: usize,
    /// The share; 0 of none.
    pub share: f64,
}

impl Share {
    pub(crate) fn of(hits: impl Iterator<Item = bool>) -> Self {
        let (mut n, mut inside) = (0, 0_usize);
        for hit in hits {
            n += 1;
            inside += usize::from(hit);
        }
        let share = if n == 0 { 0.0 } else { inside as f64 / n as f64 };
        Self { n, share }
    }
}

/// Scores every candidate's outcomes, the baseline's first, and chooses.
pub(crate) fn report(horizon: usize, outcomes: &[(Model, Vec<Outcome>)]) -> Report {
    let significance = SIGNIFICANCE / CHALLENGERS;
    let errors = |outcomes: &[Outcome]| outcomes.iter().map(|outcome| outcome.error).collect::<Vec<_>>();
    let baseline = errors(&outcomes[0].1);
    let mut models: Vec<ModelReport> = outcomes
        .iter()
        .map(|(model, outcomes)| score(*model, outcomes, compare(&baseline, &errors(outcomes), horizon)))
        .collect();
    let better = |report: &&ModelReport| {
        let compared = report.against_last_price;
        compared.is_some_and(|found| found.p_value < significance)
    };
    let best = models
        .iter()
        .filter(better)
        .min_by(|a, b| a.mase.total_cmp(&b.mase));
    let chosen = best.map_or(Model::BASELINE, |best| best.model);
    for report in &mut models {
        report.verdict = verdict(report, chosen, significance);
    }
    Report {
        horizon,
        chosen,
        significance,
        models,
    }
}

fn score(model: Model, outcomes: &[Outcome], against_last_price: Option<Comparison>) -> ModelReport {
    let n = outcomes.len();
    let mean = |of: fn(&Outcome) -> f64| outcomes.iter().map(of).sum::<f64>() / n.max(1) as f64;
    let inside = |level: usize| Share::of(outcomes.iter().map(|outcome| outcome.inside[level])).share;
    ModelReport {
        model,
        n,
        mase: mean(|outcome| outcome.scaled),
        pinball_loss: mean(|outcome| outcome.pinball) * 100.0,
        coverage_80: inside(0),
        coverage_95: inside(1),
        against_last_price,
        verdict: Verdict::NotBetter,
    }
}

fn verdict(report: &ModelReport, chosen: Model, significance: f64) -> Verdict {
    match (report.model == chosen, report.against_last_price) {
        (true, _) if report.model == Model::BASELINE => Verdict::ChosenByDefault,
        (true, _) => Verdict::Chosen,
        (false, _) if report.model == Model::BASELINE => Verdict::Beaten,
        (false, Some(found)) if found.p_value < significance => Verdict::AnotherIsBetter,
        (false, Some(found)) if found.statistic > 0.0 => Verdict::NotSignificant,
        (false, _) => Verdict::NotBetter,
    }
}
