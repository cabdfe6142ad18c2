//! Rounding between scales, in `i128` so that no intermediate product overflows.

/// `numerator / denominator`, rounded to the nearest integer, ties to the even one. `denominator` is positive.
pub(crate) fn div_half_even(numerator: i128, denominator: i128) -> i128 {
    let floor = numerator.div_euclid(denominator);
    let rest = numerator.rem_euclid(denominator);
    // Compared with the other half rather than doubled, so that it cannot overflow.
    match rest.cmp(&(denominator - rest)) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + floor.rem_euclid(2),
    }
}

/// `numerator / denominator`, rounded up. `denominator` is positive.
pub(crate) fn div_up(numerator: i128, denominator: i128) -> i128 {
    -(-numerator).div_euclid(denominator)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ties_go_to_the_even_neighbour_on_both_sides_of_zero() {
        for (halves, rounded) in [(-5, -2), (-3, -2), (-1, 0), (1, 0), (3, 2), (5, 2), (7, 4)] {
            assert_eq!(div_half_even(halves, 2), rounded, "{halves}/2");
        }
    }

    proptest! {
        #[test]
        fn half_even_is_nearest_symmetric_and_even_on_ties(n in -1_000_000_i128..1_000_000, d in 1_i128..1_000) {
            let rounded = div_half_even(n, d);
            let distance = (n - rounded * d).abs();
            prop_assert!(2 * distance <= d);
            prop_assert!(2 * distance < d || rounded % 2 == 0);
            prop_assert_eq!(div_half_even(-n, d), -rounded);
        }

        #[test]
        fn rounding_up_never_falls_short(n in -1_000_000_i128..1_000_000, d in 1_i128..1_000) {
            let up = div_up(n, d);
            prop_assert!(up * d >= n && (up - 1) * d < n);
        }
    }
}
