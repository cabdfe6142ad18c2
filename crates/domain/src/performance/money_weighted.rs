//! The money-weighted return: the yearly rate at which what was paid in would have become what was taken out and is left.

use super::{Figure, Unavailable};

/// Days of a year, whatever year it is (act/365).
const YEAR: f64 = 365.0;

/// The bracket grows to a growth of e to this power over the whole period, far beyond anything real.
const WIDEST: f64 = 200.0;

/// Money that moved between the investor and the investment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// On which day, counted from any fixed day.
    pub day: i64,
    /// As the investor sees it, in minor units: negative what was paid in, positive what came back or is left.
    pub amount: i64,
}

/// The internal rate of return of dated flows, as XIRR has it: the yearly rate `r` for which
/// Σ amount ÷ (1 + r)^(days since the first ÷ 365) is zero.
///
/// Money paid in at first and returned later has one such rate. Where flows change sign several times there may be
/// more; then it is the one nearest to zero on the scale of continuous growth.
///
/// # Errors
/// [`Unavailable::NothingInvested`] without flows, [`Unavailable::NoTime`] when all are on one day, and
/// [`Unavailable::NoRate`] when they go only one way or no rate can be written as a number.
pub fn money_weighted(flows: &[Flow]) -> Figure {
    let days = || flows.iter().map(|flow| flow.day);
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return Err(Unavailable::NothingInvested);
    };
    if flows.iter().all(|flow| flow.amount == 0) {
        return Err(Unavailable::NothingInvested);
    }
    if first == last {
        return Err(Unavailable::NoTime);
    }
    let period = (last - first) as f64;
    // Time runs from 0 to 1 over the period, so that one scale of rates serves a day and a century.
    let dated: Vec<(f64, f64)> = flows
        .iter()
        .map(|flow| ((flow.day - first) as f64 / period, flow.amount as f64))
        .collect();
    let present_value = |growth: f64| -> f64 {
        dated
            .iter()
            .map(|(time, amount)| amount * libm::exp(-growth * time))
            .sum()
    };
    let growth = root_nearest_zero(present_value).ok_or(Unavailable::NoRate)?;
    let rate = libm::expm1(growth * YEAR / period);
    rate.is_finite().then_some(rate).ok_or(Unavailable::NoRate)
}

/// Where a continuous function is zero, nearest to zero itself: looked for outwards in ever wider steps.
fn root_nearest_zero(f: impl Fn(f64) -> f64) -> Option<f64> {
    let at_zero = f(0.0);
    if at_zero == 0.0 {
        return Some(0.0);
    }
    let (mut near, mut far) = (0.0, 1e-3);
    let (mut below, mut above) = (at_zero, at_zero);
    while near < WIDEST {
        let (next_below, next_above) = (f(-far), f(far));
        let up = changes_sign(above, next_above).then(|| bisect(&f, near, far));
        let down = changes_sign(below, next_below).then(|| bisect(&f, -near, -far));
        match (up, down) {
            (Some(up), Some(down)) => return Some(if up <= -down { up } else { down }),
            (Some(root), None) | (None, Some(root)) => return Some(root),
            (None, None) => (below, above) = (next_below, next_above),
        }
        (near, far) = (far, far * 1.5);
    }
    None
}

fn changes_sign(one: f64, other: f64) -> bool {
    one.is_finite() && other.is_finite() && (one < 0.0) != (other < 0.0)
}

/// Halves the bracket until no number lies between its ends: always ends, whatever the function looks like.
fn bisect(f: &impl Fn(f64) -> f64, mut from: f64, mut to: f64) -> f64 {
    let negative_from = f(from) < 0.0;
    loop {
        let middle = from + (to - from) / 2.0;
        if middle == from || middle == to {
            return middle;
        }
        if (f(middle) < 0.0) == negative_from {
            from = middle;
        } else {
            to = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn on(year: i16, month: i8, day: i8, amount: i64) -> Flow {
        let day = date(1970, 1, 1).until(date(year, month, day)).unwrap().get_days();
        Flow {
            day: i64::from(day),
            amount,
        }
    }

    #[test]
    fn the_documented_example_of_xirr_is_met() {
        let flows = [
            on(2008, 1, 1, -1_000_000),
            on(2008, 3, 1, 275_000),
            on(2008, 10, 30, 425_000),
            on(2009, 2, 15, 325_000),
            on(2009, 4, 1, 275_000),
        ];
        let rate = money_weighted(&flows).unwrap();
        assert_eq!(format!("{rate:.10}"), "0.3733625335");
        // In any order.
        let mut shuffled = flows;
        shuffled.reverse();
        assert_eq!(
            format!("{:.10}", money_weighted(&shuffled).unwrap()),
            "0.3733625335"
        );
    }

    #[test]
    fn one_payment_grows_at_its_yearly_rate() {
        let flows = [
            Flow {
                day: 0,
                amount: -15_500,
            },
            Flow {
                day: 878,
                amount: 19_006,
            },
        ];
        let percent = money_weighted(&flows).unwrap() * 100.0;
        assert_eq!(format!("{percent:.5}"), "8.84677");
        let lost = [
            Flow {
                day: 0,
                amount: -10_000,
            },
            Flow { day: 365, amount: 1 },
        ];
        assert!((money_weighted(&lost).unwrap() + 0.9999).abs() < 1e-12);
        let nothing_gained = [
            Flow {
                day: 0,
                amount: -10_000,
            },
            Flow {
                day: 40,
                amount: 10_000,
            },
        ];
        assert_eq!(money_weighted(&nothing_gained), Ok(0.0));
    }

    #[test]
    fn without_a_rate_there_is_a_reason() {
        let flows = |flows: &[(i64, i64)]| {
            let flows: Vec<Flow> = flows
                .iter()
                .map(|(day, amount)| Flow {
                    day: *day,
                    amount: *amount,
                })
                .collect();
            money_weighted(&flows)
        };
        assert_eq!(flows(&[]), Err(Unavailable::NothingInvested));
        assert_eq!(flows(&[(0, 0), (9, 0)]), Err(Unavailable::NothingInvested));
        assert_eq!(flows(&[(3, -5), (3, 7)]), Err(Unavailable::NoTime));
        assert_eq!(flows(&[(0, -5), (9, -7)]), Err(Unavailable::NoRate));
        // All is lost: no rate above −100 % leads to nothing.
        assert_eq!(flows(&[(0, -5), (9, 0), (10, 0)]), Err(Unavailable::NoRate));
        // A hundredfold within a day is a yearly rate that no number holds.
        assert_eq!(flows(&[(0, -1), (1, 100)]), Err(Unavailable::NoRate));
    }

    #[test]
    fn nearly_all_lost_in_weeks_is_a_rate_of_minus_one_hundred_percent_a_year() {
        let flows = [(748, -100), (955, -7_095_446), (1_001, 70_955)];
        let flows = flows.map(|(day, amount)| Flow { day, amount });
        let rate = money_weighted(&flows).unwrap();
        assert!((-1.0..-1.0 + 1e-15).contains(&rate), "{rate}");
    }

    proptest! {
        // The last payment is left most of a year: what is lost within days is a rate so near to −1 that a double has no
        // digits left for how near, and the flows can't be weighed with it.
        #[test]
        fn the_rate_makes_up_for_every_flow(
            paid in prop::collection::vec((0_i64..700, 100_i64..10_000_000), 1..12),
            part in 0.01_f64..30.0,
        ) {
            let mut flows: Vec<Flow> = paid.iter().map(|(day, amount)| Flow { day: *day, amount: -amount }).collect();
            let invested: i64 = paid.iter().map(|(_, amount)| amount).sum();
            flows.push(Flow { day: 1_001, amount: (invested as f64 * part) as i64 });
            let rate = money_weighted(&flows).unwrap();
            let first = flows.iter().map(|flow| flow.day).min().unwrap();
            let worth = |flow: &Flow| flow.amount as f64 * (1.0 + rate).powf(-((flow.day - first) as f64) / 365.0);
            let (sum, size) = flows.iter().map(worth).fold((0.0, 0.0), |(s, a), w| (s + w, a + w.abs()));
            prop_assert!(sum.abs() <= 1e-9 * size, "{} of {}", sum, size);
        }
    }
}
