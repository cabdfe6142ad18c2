//! What a person's transactions usually come to: a mean in which old amounts fade, and from twenty on the median, so
//! that a single large one moves nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::moments;

/// After so many days an amount counts half.
const HALF_LIFE_DAYS: f64 = 90.0;

/// From so many transactions on the median speaks.
const ENOUGH: u64 = 20;

/// Amounts that the median is taken of: the last ones.
const MOST: usize = 64;

/// The median absolute deviation times this is the standard deviation of a normal distribution.
const NORMAL: f64 = 1.482_6;

/// Within so many deviations of the median an amount is nothing unusual.
const ORDINARY_DEVIATIONS: f64 = 3.0;

/// Less than this over a whole number comes from computing with fractions.
const ROUNDING: f64 = 1e-6;

/// The largest ratio that is told, in thousandths.
const LARGEST_RATIO: i64 = 1_000_000_000;

/// The amounts of one person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Amounts {
    /// How many there were.
    pub count: u64,
    #[serde(with = "bits")]
    weight: f64,
    #[serde(with = "bits")]
    sum: f64,
    as_of: Option<Timestamp>,
    #[serde(with = "moments")]
    last: Vec<(Timestamp, i64)>,
}

/// What is usual, in cents, and up to where an amount is nothing unusual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Usual {
    pub(super) cents: f64,
    ordinary_to: f64,
}

impl Amounts {
    /// One more, in cents.
    pub(super) fn add(&mut self, at: Timestamp, cents: i64) {
        let fade = self.as_of.map_or(1.0, |before| fading(before, at));
        self.count += 1;
        self.weight = self.weight * fade + 1.0;
        self.sum = self.sum * fade + cents as f64;
        self.as_of = Some(self.as_of.map_or(at, |before| before.max(at)));
        if self.last.len() >= MOST {
            self.last.remove(0);
        }
        self.last.push((at, cents));
    }

    /// What is usual at a time. With less than twenty transactions it is drawn towards what is usual for everybody, as
    /// if `prior` of those had been this person's.
    pub(super) fn usual(&self, now: Timestamp, everybody: Option<i64>, prior: f64) -> Option<Usual> {
        if self.count >= ENOUGH {
            return self.median(now);
        }
        let own = (self.count > 0).then(|| self.sum / self.weight);
        let count = self.count as f64;
        let cents = match (own, everybody.map(|cents| cents as f64)) {
            (Some(own), Some(everybody)) => (count * own + prior * everybody) / (count + prior),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => return None,
        };
        (cents > 0.0).then_some(Usual {
            cents,
            ordinary_to: 0.0,
        })
    }

    fn median(&self, now: Timestamp) -> Option<Usual> {
        let weighed = |(at, cents): &(Timestamp, i64)| (*cents as f64, fading(*at, now));
        let mut amounts: Vec<_> = self.last.iter().map(weighed).collect();
        let median = weighted_median(&mut amounts)?;
        for (cents, _) in &mut amounts {
            *cents = (*cents - median).abs();
        }
        let deviation = weighted_median(&mut amounts)?;
        (median > 0.0).then_some(Usual {
            cents: median,
            ordinary_to: median + ORDINARY_DEVIATIONS * NORMAL * deviation,
        })
    }
}

impl Usual {
    /// An amount over what is usual, in thousandths, rounded up, so that whatever is over a whole multiple shows it. An
    /// amount within the person's own spread is at most usual.
    pub(super) fn ratio(&self, cents: i64) -> i64 {
        let ratio = libm::ceil(cents as f64 * 1_000.0 / self.cents - ROUNDING);
        let ratio = if ratio >= LARGEST_RATIO as f64 {
            LARGEST_RATIO
        } else {
            ratio as i64
        };
        if (cents as f64) <= self.ordinary_to {
            ratio.min(1_000)
        } else {
            ratio
        }
    }
}

/// What remains of a weight of one after the time between; never more than one.
fn fading(from: Timestamp, to: Timestamp) -> f64 {
    let days = to.duration_since(from).as_secs().max(0) as f64 / 86_400.0;
    libm::exp2(-days / HALF_LIFE_DAYS)
}

fn weighted_median(values: &mut [(f64, f64)]) -> Option<f64> {
    values.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
    let half = values.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut below = 0.0;
    for (value, weight) in values.iter() {
        below += weight;
        if below >= half {
            return Some(*value);
        }
    }
    values.last().map(|(value, _)| *value)
}

/// Written down bit by bit: a number that goes through decimal digits may come back as its neighbour.
mod bits {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(value.to_bits())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        u64::deserialize(deserializer).map(f64::from_bits)
    }
}
