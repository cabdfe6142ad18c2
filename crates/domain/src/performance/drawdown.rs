//! The deepest fall.

use super::{Figure, Unavailable};

/// A fall from a height to the lowest point before that height is reached again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawdown<D> {
    /// How much was lost, as a part of the height: −0.25 for a quarter.
    pub depth: f64,
    /// When the height was reached.
    pub peak: D,
    /// When it was lowest.
    pub trough: D,
}

/// The largest fall of a positive series, such as an index of growth or prices, from the highest value so far:
/// the smallest value ÷ highest before it − 1. Zero, at its first point, when it never falls.
///
/// # Errors
/// [`Unavailable::TooFewReturns`] with fewer than two points.
pub fn max_drawdown<D: Copy>(series: impl IntoIterator<Item = (D, f64)>) -> Result<Drawdown<D>, Unavailable> {
    let mut series = series.into_iter();
    let too_few = Unavailable::TooFewReturns { have: 0, need: 1 };
    let (first, mut highest) = series.next().ok_or(too_few)?;
    let mut peak = first;
    let mut deepest = Drawdown {
        depth: 0.0,
        peak: first,
        trough: first,
    };
    let mut points = 1;
    for (at, value) in series {
        points += 1;
        if value > highest {
            (peak, highest) = (at, value);
        }
        let depth = value / highest - 1.0;
        if depth < deepest.depth {
            deepest = Drawdown {
                depth,
                peak,
                trough: at,
            };
        }
    }
    if points < 2 { Err(too_few) } else { Ok(deepest) }
}

impl<D> Drawdown<D> {
    /// The depth alone.
    pub fn figure(found: &Result<Self, Unavailable>) -> Figure {
        found.as_ref().map(|drawdown| drawdown.depth).map_err(|why| *why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_fall_counts_not_the_last() {
        let series = [(1, 1.0), (2, 2.0), (3, 1.0), (4, 3.0), (5, 2.4), (6, 3.5)];
        let found = max_drawdown(series).unwrap();
        assert_eq!((found.depth, found.peak, found.trough), (-0.5, 2, 3));
    }

    #[test]
    fn what_only_rises_never_falls() {
        assert_eq!(max_drawdown([(1, 1.0), (2, 1.5)]).unwrap().depth, 0.0);
        let one = max_drawdown([(1, 1.0)]);
        assert_eq!(
            Drawdown::figure(&one),
            Err(Unavailable::TooFewReturns { have: 0, need: 1 })
        );
    }
}
