//! Gradient-boosted trees, by `forust-ml`, on what the last days did: their returns, the mean return of a week, a month and
//! a quarter, and how restless the week was, all in units of the present volatility. They learn the next day's return; a
//! path follows by taking each answer for what happened.

use forust_ml::{GradientBooster, Matrix, objective::ObjectiveType};

use super::{Path, last_price};

/// Origins between two fits.
const REFIT: usize = 63;

/// Days that a fit learns from at most.
const LEARNT: usize = 1_000;

/// Single days' returns among the features, and the spans whose mean return is one.
const SINGLE: usize = 5;
const SPANS: [usize; 3] = [5, 20, 60];
const FEATURES: usize = SINGLE + SPANS.len() + 1;

/// Closes that the features of one day need.
const REACH: usize = 61;

/// Few, shallow, slow trees: returns are nearly all noise.
const TREES: usize = 60;
const DEPTH: usize = 3;
const RATE: f32 = 0.05;
const LEAST_LEAF: f32 = 20.0;

/// The booster and how many origins ago it was fitted.
#[derive(Default)]
pub(crate) struct BoostedTrees {
    fitted: Option<GradientBooster>,
    age: usize,
}

impl BoostedTrees {
    pub(super) fn path(&mut self, history: &[f64], volatilities: &[f64]) -> Path {
        if self.fitted.is_none() || self.age >= REFIT {
            self.fitted = fit(history, volatilities);
            self.age = 0;
        }
        self.age += 1;
        let mut path = last_price(history);
        let Some(booster) = &self.fitted else {
            return path;
        };
        let scale = volatilities[history.len() - 1];
        let mut recent = history[history.len() - REACH..].to_vec();
        for point in &mut path {
            let features = features(&recent, scale);
            let answer = booster.predict(&Matrix::new(&features, 1, FEATURES), false);
            let next = recent[REACH - 1] + answer[0] * scale;
            recent.rotate_left(1);
            recent[REACH - 1] = next;
            *point = next;
        }
        path
    }
}

/// Learns each day's return from the days before it.
fn fit(history: &[f64], volatilities: &[f64]) -> Option<GradientBooster> {
    let first = REACH.max(history.len().saturating_sub(LEARNT));
    let days = first..history.len();
    let rows = days.len();
    let mut columns = vec![0.0; rows * FEATURES];
    let mut steps = Vec::with_capacity(rows);
    for (row, day) in days.enumerate() {
        let scale = volatilities[day - 1];
        for (column, feature) in features(&history[day - REACH..day], scale)
            .into_iter()
            .enumerate()
        {
            columns[column * rows + row] = feature;
        }
        steps.push((history[day] - history[day - 1]) / scale);
    }
    let mut booster = GradientBooster::default()
        .set_objective_type(ObjectiveType::SquaredLoss)
        .set_iterations(TREES)
        .set_max_depth(DEPTH)
        .set_learning_rate(RATE)
        .set_min_leaf_weight(LEAST_LEAF)
        .set_parallel(false);
    booster
        .fit_unweighted(&Matrix::new(&columns, rows, FEATURES), &steps, None)
        .ok()?;
    Some(booster)
}

/// What the last [`REACH`] closes say, in units of `scale`.
fn features(closes: &[f64], scale: f64) -> [f64; FEATURES] {
    let end = closes.len() - 1;
    let back = |from: usize, days: usize| (closes[from] - closes[from - days]) / scale;
    let mut all = [0.0; FEATURES];
    for (lag, step) in all.iter_mut().take(SINGLE).enumerate() {
        *step = back(end - lag, 1);
    }
    for (at, span) in SPANS.into_iter().enumerate() {
        all[SINGLE + at] = back(end, span) / span as f64;
    }
    let week = all[..SINGLE].iter().map(|step| step * step).sum::<f64>() / SINGLE as f64;
    all[FEATURES - 1] = week.sqrt();
    all
}
