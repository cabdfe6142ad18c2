//! The rolling origin: day by day through the series, every candidate forecasts from what was known then, and is scored
//! when the outcome comes.

use std::collections::VecDeque;

use crate::{
    CALIBRATION, LONGEST_HORIZON, WARM_UP,
    candidates::{Candidate, Model},
    conformal::{Conformal, LEVELS},
    evaluation::{Bounds, Evaluation, Outcome, Record},
    series::Series,
    volatility::volatilities,
};

/// Days that the scale of an error is taken from.
const SCALE_WINDOW: usize = 500;

/// Walks through the series and on to its end, from which the present forecasts are made. `progress` is told after each
/// origin how many are done, of how many.
pub fn evaluate(series: &Series, mut progress: impl FnMut(usize, usize)) -> Evaluation {
    let logs = series.logs();
    let volatilities = volatilities(logs);
    let mut walkers: Vec<Walker> = Model::ALL.into_iter().map(Walker::new).collect();
    let origins = logs.len() - (WARM_UP - 1);
    for origin in WARM_UP - 1..logs.len() {
        let view = View {
            history: &logs[..=origin],
            volatilities: &volatilities[..=origin],
        };
        for walker in &mut walkers {
            walker.learn(&view);
            walker.forecast(&view);
        }
        progress(origin + 2 - WARM_UP, origins);
    }
    Evaluation::new(series.clone(), walkers.into_iter().map(Walker::record).collect())
}

/// What is known at an origin.
struct View<'a> {
    history: &'a [f64],
    volatilities: &'a [f64],
}

impl View<'_> {
    fn origin(&self) -> usize {
        self.history.len() - 1
    }

    /// How far a random walk goes in so many days, by the present volatility.
    fn spread(&self, horizon: usize) -> f64 {
        self.volatilities[self.origin()] * (horizon as f64).sqrt()
    }

    /// The mean absolute change over so many days, which is the error of the last price in the past (Hyndman and Koehler
    /// 2006, "Another look at measures of forecast accuracy"). Zero where prices stood still.
    fn scale(&self, horizon: usize) -> f64 {
        let recent = &self.history[self.history.len().saturating_sub(SCALE_WINDOW + horizon)..];
        let changes = recent.iter().zip(&recent[horizon..]).map(|(a, b)| (b - a).abs());
        changes.sum::<f64>() / (recent.len() - horizon) as f64
    }
}

/// One candidate on its way, with what it has learnt of its errors at each horizon.
struct Walker {
    model: Model,
    candidate: Candidate,
    tracks: Vec<Track>,
}

struct Track {
    horizon: usize,
    conformal: Conformal,
    /// Forecasts whose outcome has not come, oldest first.
    open: VecDeque<Open>,
    outcomes: Vec<Outcome>,
}

/// A forecast that waits for its outcome.
struct Open {
    point: f64,
    spread: f64,
    scale: f64,
    bounds: Option<[Bounds; LEVELS.len()]>,
}

impl Walker {
    fn new(model: Model) -> Self {
        let tracks = (1..=LONGEST_HORIZON).map(|horizon| Track {
            horizon,
            conformal: Conformal::new(),
            open: VecDeque::with_capacity(horizon + 1),
            outcomes: Vec::new(),
        });
        Self {
            model,
            candidate: Candidate::of(model),
            tracks: tracks.collect(),
        }
    }

    /// Learns from the forecasts whose outcome is the last close.
    fn learn(&mut self, view: &View<'_>) {
        let (day, outcome) = (view.origin(), view.history[view.origin()]);
        for track in &mut self.tracks {
            if track.open.len() < track.horizon {
                continue;
            }
            let Some(open) = track.open.pop_front() else {
                continue;
            };
            let inside = open
                .bounds
                .map(|bounds| bounds.map(|bounds| bounds.hold(outcome)));
            if let Some(bounds) = open.bounds {
                track
                    .outcomes
                    .push(Outcome::new(day, outcome, open.point, open.scale, bounds));
            }
            track
                .conformal
                .learn((outcome - open.point) / open.spread, inside);
        }
    }

    fn forecast(&mut self, view: &View<'_>) {
        let path = self.candidate.path(view.history, view.volatilities);
        for (track, point) in self.tracks.iter_mut().zip(path) {
            let spread = view.spread(track.horizon);
            let bounds = track.conformal.intervals().map(|intervals| {
                intervals.map(|(low, high)| Bounds {
                    low: point + low * spread,
                    high: point + high * spread,
                })
            });
            track.open.push_back(Open {
                point,
                spread,
                scale: view.scale(track.horizon),
                bounds,
            });
        }
    }

    /// What came of it all. The newest open forecast of each horizon is the present one.
    fn record(self) -> Record {
        let tracks = self.tracks.into_iter().map(|track| {
            let present = track
                .open
                .back()
                .and_then(|open| Some((open.point, open.bounds?)));
            let present = present.expect("a series is long enough to calibrate every horizon");
            (present, track.outcomes)
        });
        let (present, outcomes) = tracks.unzip();
        Record {
            model: self.model,
            present,
            outcomes,
        }
    }
}

const _: () = assert!(crate::SHORTEST > WARM_UP + CALIBRATION + LONGEST_HORIZON);
